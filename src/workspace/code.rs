//! What stands in modules and notebooks: calls of providers, prompts, keys.

use std::ops::Range;

use serde_json::Value;

use super::files::is_notebook;
use super::modules::{Module, imported_modules, imported_provider, provider_of};
use super::{Project, ProjectFinding};
use crate::analysis::SourceFile;
use crate::analysis::checks::hardcoded_secret::holds_known_key;
use crate::analysis::pytest::mark_name;
use crate::analysis::syntax::Node;

/// From so many characters on, a text is a prompt and no message.
const LONG: usize = 400;

/// So many of them are too many.
const PROMPTS: usize = 5;

/// What separates tests that leave the process: folders, marks, parts of file names.
const SEPARATED: [&str; 7] = [
    "contract",
    "e2e",
    "eval",
    "evals",
    "external",
    "integration",
    "live",
];

/// Packages, fixtures and helpers that take the place of a provider.
const MOCKS: [&str; 12] = [
    "unittest.mock",
    "mock",
    "respx",
    "responses",
    "pytest_httpx",
    "httpx_mock",
    "vcr",
    "pytest_recording",
    "betamax",
    "requests_mock",
    "aioresponses",
    "pytest_mock",
];
const MOCK_FIXTURES: [&str; 7] = [
    "mocker",
    "monkeypatch",
    "httpx_mock",
    "respx_mock",
    "vcr",
    "requests_mock",
    "aioresponses",
];

pub fn check(project: &Project<'_>) -> Vec<ProjectFinding> {
    let mut findings = provider_calls_in_tests(project);
    findings.extend(notebooks(project));
    findings.extend(inline_prompts(project));
    findings
}

fn provider_calls_in_tests(project: &Project<'_>) -> Vec<ProjectFinding> {
    let is_separator = |name: &str| SEPARATED.contains(&name.to_ascii_lowercase().as_str());
    let separated = project.pytest.markers.iter().any(|m| is_separator(m))
        || project.files.paths().any(|path| {
            let mut folders = path.split('/').rev().skip(1);
            folders.any(is_separator)
        });
    if separated {
        return Vec::new();
    }
    let judged = |module: &Module<'_>| {
        let file = module.parse();
        let provider = called_provider(&file)?;
        let named = module.path.split(['/', '_', '.']).any(is_separator);
        let marked = file.nodes().any(|n| {
            n.is("attribute") && mark_name(&file, n).is_some_and(|mark| is_separator(&mark))
        });
        let finding = || {
            ProjectFinding::of(
                "ws-integration-not-separated",
                module.path,
                &format!("`{provider}`"),
            )
        };
        (!named && !marked && !is_mocked(&file))
            .then(finding)
            .flatten()
    };
    project
        .modules
        .iter()
        .filter(|m| m.is_test && m.may_use_provider())
        .filter_map(judged)
        .collect()
}

/// The provider package whose client a test makes and calls.
fn called_provider(file: &SourceFile) -> Option<&'static str> {
    let name = |call: Node<'_>| file.callee_name(call);
    let calls: Vec<Node<'_>> = file.nodes().filter(|n| n.is("call")).collect();
    let direct = |call: &Node<'_>| {
        // `litellm.completion(…)`: the module itself is the client.
        let name = name(*call)?;
        let provider = provider_of(&name)?;
        let function = name.rsplit('.').next()?.starts_with(char::is_lowercase);
        function.then_some(provider)
    };
    let by_client = |call: &Node<'_>| {
        let mut object = call.callee()?.field("object")?;
        loop {
            object = match object.kind() {
                "attribute" => object.field("object")?,
                "identifier" => file.local_value(object)?,
                "call" => return provider_of(&name(object)?),
                "await" | "parenthesized_expression" => *object.children().first()?,
                _ => return None,
            };
        }
    };
    calls
        .iter()
        .find_map(|call| by_client(call).or_else(|| direct(call)))
}

/// Whether a test file uses something that stands in for the provider.
fn is_mocked(file: &SourceFile) -> bool {
    let of = |target: &str| {
        MOCKS.iter().any(|mock| {
            target
                .strip_prefix(mock)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    let fixture = |name: &&str| {
        let in_parameters = |n: &Node<'_>| {
            n.parent()
                .is_some_and(|p| p.is_any(&["parameters", "typed_parameter"]))
        };
        file.spelled(name).iter().any(in_parameters)
    };
    imported_modules(file).iter().any(|name| of(name)) || MOCK_FIXTURES.iter().any(fixture)
}

fn notebooks(project: &Project<'_>) -> Vec<ProjectFinding> {
    let notebooks = project.files.texts().filter(|(path, _)| is_notebook(path));
    let judged = |(path, text): (&str, &str)| {
        let notebook: Value = serde_json::from_str(text).ok()?;
        let cells = notebook.get("cells")?.as_array()?;
        let at = cells.iter().position(holds_key)?;
        ProjectFinding::of(
            "ws-notebook-outputs-secrets",
            path,
            &format!("Cell {}", at + 1),
        )
    };
    notebooks.filter_map(judged).collect()
}

/// Whether a text of a cell, or of its outputs, holds a key.
fn holds_key(value: &Value) -> bool {
    match value {
        Value::String(text) => holds_known_key(text),
        // The lines of a source are a list of strings.
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let text: String = items.iter().filter_map(Value::as_str).collect();
            holds_known_key(&text)
        }
        Value::Array(items) => items.iter().any(holds_key),
        Value::Object(fields) => {
            let kept = fields
                .iter()
                .filter(|(name, _)| !name.starts_with("image/"));
            kept.into_iter().any(|(_, value)| holds_key(value))
        }
        _ => false,
    }
}

fn inline_prompts(project: &Project<'_>) -> Option<ProjectFinding> {
    let calling = project
        .modules
        .iter()
        .filter(|m| !m.is_for_tests() && m.may_use_provider());
    let long = calling.flat_map(|module| {
        let file = module.parse();
        let calls = imported_provider(&file).is_some();
        let texts = if calls { long_texts(&file) } else { Vec::new() };
        let ranges: Vec<_> = texts.into_iter().map(Node::range).collect();
        ranges.into_iter().map(move |range| (module.path, range))
    });
    let long: Vec<(&str, Range<usize>)> = long.collect();
    let (path, first) = long.first()?;
    if long.len() < PROMPTS {
        return None;
    }
    let finding = ProjectFinding::of("ws-prompts-inline", path, &long.len().to_string())?;
    Some(ProjectFinding {
        range: Some(first.clone()),
        ..finding
    })
}

/// The strings that are longer than a message, docstrings left out.
fn long_texts(file: &SourceFile) -> Vec<Node<'_>> {
    let is_text = |n: &Node<'_>| {
        n.is("concatenated_string")
            || n.is("string") && !n.parent().is_some_and(|p| p.is("concatenated_string"))
    };
    let is_value = |n: &Node<'_>| !n.parent().is_some_and(|p| p.is("expression_statement"));
    let is_long = |n: &Node<'_>| {
        let contents = n
            .descendants()
            .into_iter()
            .filter(|part| part.is("string_content"));
        contents
            .map(|part| part.text().chars().count())
            .sum::<usize>()
            > LONG
    };
    let nodes = file.nodes();
    nodes
        .filter(|n| is_text(n) && is_value(n) && is_long(n))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{found_in, places, reports};
    use super::super::{ProjectFiles, check};

    const PYPROJECT: (&str, &str) = ("pyproject.toml", "");

    #[test]
    fn tests_that_call_a_provider_are_separated() {
        let id = "ws-integration-not-separated";
        let path = "tests/test_llm.py";
        let live = "from openai import OpenAI\nclient = OpenAI()\ndef test_a():\n    assert client.chat.completions.create(model='m')\n";
        assert_eq!(places(id, &[PYPROJECT, (path, live)]), [path]);
        for text in [
            "import anthropic\ndef test_a():\n    assert anthropic.Anthropic().messages.create(model='m')\n",
            "import litellm\ndef test_a():\n    assert litellm.completion(model='m')\n",
            "from openai import AsyncOpenAI as A\nasync def test_a():\n    c = A()\n    assert (await c.responses.create()).text\n",
        ] {
            assert!(reports(id, &[PYPROJECT, (path, text)]), "{text}");
        }
        for text in [
            // Only made, or only named.
            "from openai import OpenAI\ndef test_a():\n    assert app.make(OpenAI())\n",
            "import openai\ndef test_a():\n    assert issubclass(openai.RateLimitError, Exception)\n",
            "def test_a(client):\n    assert client.chat.completions.create()\n",
            &format!("from unittest.mock import patch\n{live}"),
            &format!("import respx\n{live}"),
            &live.replace("test_a()", "test_a(monkeypatch)"),
            &format!("import pytest\npytestmark = pytest.mark.integration\n{live}"),
        ] {
            assert!(!reports(id, &[PYPROJECT, (path, text)]), "{text}");
        }
        for path in [
            "tests/integration/test_llm.py",
            "tests/test_llm_live.py",
            "e2e/test_llm.py",
            "app/llm.py",
        ] {
            assert!(!reports(id, &[PYPROJECT, (path, live)]), "{path}");
        }
        let marker = (
            "pytest.ini",
            "[pytest]\nmarkers =\n    integration: calls a provider\n",
        );
        assert!(!reports(id, &[PYPROJECT, (path, live), marker]));
        assert!(!reports(
            id,
            &[PYPROJECT, (path, live), ("tests/integration/test_b.py", "")]
        ));
    }

    #[test]
    fn notebooks_hold_no_keys() {
        let id = "ws-notebook-outputs-secrets";
        // Made up at run time, so that nobody's scanner takes this file for a leak.
        let key = ["sk-", "proj-", "abcDEF1234567890abcDEF12"].concat();
        let notebook = |cell: serde_json::Value| {
            let cells =
                serde_json::json!({"cells": [{"source": ["x = 1\n"]}, cell], "nbformat": 4});
            let files = ProjectFiles::from_texts(&[PYPROJECT, ("nb/a.ipynb", &cells.to_string())]);
            for finding in check(&files) {
                assert!(!finding.message.contains("abcDEF"), "{finding:?}");
            }
            found_in(id, &files)
        };
        let found = notebook(
            serde_json::json!({"source": [format!("client = OpenAI(api_key=\"{key}\")")]}),
        );
        assert!(
            found[0].starts_with("nb/a.ipynb: Cell 2 of this notebook"),
            "{found:?}"
        );
        assert_eq!(
            notebook(serde_json::json!({"outputs": [{"text": ["key\n", format!("KEY={key}\n")]}]}))
                .len(),
            1
        );
        assert_eq!(
            notebook(serde_json::json!({"outputs": [{"data": {"text/plain": key}}]})).len(),
            1
        );
        assert_eq!(
            notebook(serde_json::json!({"outputs": [{"data": {"image/png": key}}]})).len(),
            0
        );
        assert_eq!(
            notebook(serde_json::json!({"source": "key = \"sk-your-key-goes-here-1234\""})).len(),
            0
        );
        assert_eq!(
            notebook(serde_json::json!({"source": "import os\nkey = os.environ[\"KEY\"]"})).len(),
            0
        );
        assert!(!reports(id, &[PYPROJECT, ("a.ipynb", "no json")]));
    }

    #[test]
    fn five_long_texts_are_data() {
        let id = "ws-prompts-inline";
        let long = "word ".repeat(81);
        let module = |count: usize| {
            let texts: String = (0..count).map(|n| format!("P{n} = \"{long}\"\n")).collect();
            format!("\"\"\"{long}\"\"\"\nimport openai\n{texts}def f():\n    \"\"\"{long}\"\"\"\n")
        };
        let five = module(5);
        assert_eq!(
            places(id, &[PYPROJECT, ("app/llm.py", &five)]),
            ["app/llm.py"]
        );
        assert!(!reports(id, &[PYPROJECT, ("app/llm.py", &module(4))]));
        assert!(reports(
            id,
            &[
                PYPROJECT,
                ("app/a.py", &module(2)),
                ("app/b.py", &module(3))
            ]
        ));
        assert!(!reports(
            id,
            &[
                PYPROJECT,
                (
                    "app/llm.py",
                    &five.replace("import openai", "import prompts")
                )
            ]
        ));
        assert!(!reports(id, &[PYPROJECT, ("tests/test_llm.py", &five)]));
        assert!(!reports(
            id,
            &[
                PYPROJECT,
                ("app/llm.py", &five.replace(&long, "a short one"))
            ]
        ));
        let parts = format!(
            "import openai\n{}",
            format!(
                "ask(f\"{{x}}{}\"\n    \"{}\")\n",
                "a".repeat(300),
                "b".repeat(200)
            )
            .repeat(5)
        );
        assert!(reports(id, &[PYPROJECT, ("app/llm.py", &parts)]));
        let range = check(&ProjectFiles::from_texts(&[
            PYPROJECT,
            ("app/llm.py", &five),
        ]))
        .into_iter()
        .find(|f| f.id == id)
        .and_then(|f| f.range)
        .expect("a range");
        assert!(five[range].starts_with("\"word"));
    }
}
