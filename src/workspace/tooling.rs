//! Tools: pytest and its plugins, type checkers, lock files, settings that stand in two places.

use super::dependencies::declared;
use super::modules::Module;
use super::pytest::section;
use super::{Project, ProjectFinding};
use crate::analysis::pytest::{Suite, classes_of_test, mark_name, suite, unrun_coroutine_test};
use crate::analysis::syntax::Node;

/// From so many annotated functions on, somebody should check the annotations.
const ANNOTATED: usize = 10;

/// Plugins that run coroutine tests.
const ASYNC_PLUGINS: [&str; 9] = [
    "anyio",
    "pytest-aiohttp",
    "pytest-anyio",
    "pytest-asyncio",
    "pytest-asyncio-cooperative",
    "pytest-tornado",
    "pytest-tornasync",
    "pytest-trio",
    "pytest-twisted",
];

/// Type checkers, as they are named in configuration.
const TYPE_CHECKERS: [&str; 6] = ["basedpyright", "mypy", "pyre", "pyrefly", "pyright", "ty"];

pub fn check(project: &Project<'_>) -> Vec<ProjectFinding> {
    let mut findings = duplicates(project);
    findings.extend(coroutine_tests(project));
    findings.extend(no_type_checker(project));
    findings.extend(no_lock(project));
    findings
}

/// Settings of one tool in two files, of which one is not read.
fn duplicates(project: &Project<'_>) -> Vec<ProjectFinding> {
    let own_file =
        |names: &[&'static str]| names.iter().copied().find(|name| project.files.has(name));
    let pytest_table = || {
        let table = project.setting(&["tool", "pytest"])?.as_table()?;
        Some(if table.contains_key("ini_options") {
            "tool.pytest.ini_options"
        } else {
            "tool.pytest"
        })
    };
    let tool = |name: &str, header: &'static str| {
        project
            .setting(&["tool", name])
            .filter(|v| v.is_table())
            .map(|_| header)
    };
    let winners = [
        (
            own_file(&["pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"]),
            pytest_table(),
        ),
        (
            own_file(&["mypy.ini", ".mypy.ini"]),
            tool("mypy", "tool.mypy"),
        ),
        (
            own_file(&[".ruff.toml", "ruff.toml"]),
            tool("ruff", "tool.ruff"),
        ),
    ];
    let mut findings = Vec::new();
    for (file, header) in winners {
        if let (Some(file), Some(header)) = (file, header) {
            let evidence = format!(
                "`{file}` wins: everything under `[{header}]` in `pyproject.toml` is ignored, not merged. Keep one of them."
            );
            findings.extend(at_header(project, header, &evidence));
        }
    }
    let tox = project
        .files
        .text("tox.ini")
        .and_then(|text| section(text, "pytest"));
    if let (Some(header), true, None) = (pytest_table(), tox.is_some(), winners_file(project)) {
        let evidence = format!(
            "`[{header}]` in `pyproject.toml` wins: the section `[pytest]` in `tox.ini` is ignored, not merged. Keep one of them."
        );
        findings.extend(at_header(project, header, &evidence));
    }
    findings
}

/// The file that pytest prefers to `pyproject.toml`, if there is one.
fn winners_file(project: &Project<'_>) -> Option<&'static str> {
    ["pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"]
        .into_iter()
        .find(|file| project.files.has(file))
}

/// The finding about two files, on a section of `pyproject.toml` (or the first below it).
fn at_header(project: &Project<'_>, header: &str, evidence: &str) -> Option<ProjectFinding> {
    let finding = ProjectFinding::of("ws-duplicate-tool-config", "pyproject.toml", evidence)?;
    let text = project.files.text("pyproject.toml").unwrap_or_default();
    let exact = format!("[{header}]");
    let below = format!("[{header}.");
    let start = text.find(&exact).or_else(|| text.find(&below));
    let range = start.map(|start| {
        let length = text[start..].find(']').map_or(exact.len(), |end| end + 1);
        start..start + length
    });
    Some(ProjectFinding { range, ..finding })
}

/// The coroutine tests of a module, those that `unittest` awaits left out.
fn coroutine_tests(project: &Project<'_>) -> Option<ProjectFinding> {
    let tests = |module: &Module<'_>| {
        if !module.is_test || !module.mentions(&["async"]) {
            return false;
        }
        let file = &module.parse();
        let is_test = |node: &Node<'_>| {
            node.is("function_definition")
                && node.is_async()
                && classes_of_test(file, *node).is_some_and(|classes| {
                    classes
                        .iter()
                        .all(|class| suite(file, *class) == Suite::Plain)
                })
        };
        let marked = |node: &Node<'_>| {
            node.is("attribute") && mark_name(file, *node).as_deref() == Some("asyncio")
        };
        file.nodes().any(|n| is_test(&n) || marked(&n))
    };
    let first = project.modules.iter().find(|m| tests(m))?;
    let declared = declared(project)?;
    if !ASYNC_PLUGINS
        .iter()
        .any(|plugin| declared.contains(*plugin))
    {
        return ProjectFinding::of("ws-async-plugin-missing", &project.main_file(), first.path);
    }
    let unset = declared.contains("pytest-asyncio")
        && project.pytest.asyncio_mode.is_none()
        && !project.pytest.runs_coroutines;
    let with_coroutines = project.modules.iter().filter(|m| m.mentions(&["async"]));
    let unmarked = with_coroutines.filter(|_| unset).find_map(|module| {
        let file = module.parse();
        let unrun = |n: &Node<'_>| {
            n.is("function_definition")
                && unrun_coroutine_test(&file, &module.settings, *n).is_some()
        };
        let test = file.nodes().find(unrun)?;
        Some(test.field("name").map_or("", Node::text).to_owned())
    });
    let file = project
        .pytest
        .file
        .clone()
        .unwrap_or_else(|| project.main_file());
    unmarked.and_then(|name| ProjectFinding::of("ws-asyncio-mode-unset", &file, &name))
}

fn no_type_checker(project: &Project<'_>) -> Option<ProjectFinding> {
    let annotated = |node: &Node<'_>| {
        let typed = |p: &Node<'_>| p.is_any(&["typed_parameter", "typed_default_parameter"]);
        node.is("function_definition")
            && (node.field("return_type").is_some()
                || node
                    .field("parameters")
                    .is_some_and(|list| list.children().iter().any(typed)))
    };
    let own_file = [
        "mypy.ini",
        ".mypy.ini",
        "pyrightconfig.json",
        ".pyre_configuration",
        "ty.toml",
        "pyrefly.toml",
    ];
    let configured = own_file.into_iter().any(|file| project.files.has(file))
        || TYPE_CHECKERS
            .into_iter()
            .any(|tool| project.setting(&["tool", tool]).is_some())
        || project
            .files
            .text("setup.cfg")
            .is_some_and(|text| section(text, "mypy").is_some());
    let is_run = |text: &str| {
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        words.any(|word| ["mypy", "pyright", "basedpyright", "pyrefly"].contains(&word))
    };
    let run = [
        ".pre-commit-config.yaml",
        "tox.ini",
        "tox.toml",
        "noxfile.py",
        "Makefile",
        "justfile",
    ]
    .into_iter()
    .filter_map(|file| project.files.text(file))
    .any(is_run);
    if configured || run {
        return None;
    }
    let in_module = |module: &Module<'_>| module.parse().nodes().filter(|n| annotated(n)).count();
    let count: usize = project.modules.iter().map(in_module).sum();
    if count < ANNOTATED {
        return None;
    }
    ProjectFinding::of(
        "ws-no-type-checker",
        &project.main_file(),
        &count.to_string(),
    )
}

fn no_lock(project: &Project<'_>) -> Option<ProjectFinding> {
    let has_table = |path: &[&str]| {
        let table = project.setting(path).and_then(toml::Value::as_table);
        table.is_some_and(|table| !table.is_empty())
    };
    let entry_point = [
        &["project", "scripts"][..],
        &["project", "gui-scripts"],
        &["tool", "poetry", "scripts"],
    ]
    .into_iter()
    .any(has_table);
    let evidence = if project.files.has("Dockerfile") {
        "it has a `Dockerfile`"
    } else if project.files.has("Procfile") {
        "it has a `Procfile`"
    } else if entry_point {
        "it has an entry point"
    } else {
        return None;
    };
    let is_lock = |path: &str| {
        [
            "uv.lock",
            "poetry.lock",
            "pdm.lock",
            "Pipfile.lock",
            "conda-lock.yml",
            "requirements.lock",
            "pixi.lock",
        ]
        .contains(&path)
            || path.starts_with("pylock.") && path.ends_with("toml")
    };
    let pinned = project
        .files
        .text("requirements.txt")
        .is_some_and(is_fully_pinned);
    let classifiers = [
        &["project", "classifiers"][..],
        &["tool", "poetry", "classifiers"],
    ]
    .into_iter()
    .any(|path| {
        let list = project.setting(path).and_then(toml::Value::as_array);
        list.is_some_and(|list| !list.is_empty())
    });
    let library = classifiers && project.setting(&["build-system"]).is_some();
    if project.files.paths().any(is_lock) || pinned || library {
        return None;
    }
    ProjectFinding::of("ws-no-lock", &project.main_file(), evidence)
}

/// Whether every requirement names one version.
fn is_fully_pinned(text: &str) -> bool {
    let mut requirements = text
        .lines()
        .map(|line| line.split(" #").next().unwrap_or(line).trim())
        .filter(|line| !line.is_empty() && !line.starts_with(['#', '-']))
        .peekable();
    requirements.peek().is_some()
        && requirements.all(|line| line.contains("==") || line.contains(" @ "))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{found_in, places, reports};
    use super::super::{ProjectFiles, check};
    use super::*;

    const EMPTY: (&str, &str) = ("pyproject.toml", "");

    #[test]
    fn a_tool_is_configured_in_one_place() {
        let id = "ws-duplicate-tool-config";
        let all = "[project]\n[tool.pytest.ini_options]\n[tool.mypy]\n[tool.ruff.lint]\n";
        let message = |file: &str, text: &str| {
            found_in(
                id,
                &ProjectFiles::from_texts(&[("pyproject.toml", all), (file, text)]),
            )
        };
        for (file, text, header) in [
            ("pytest.ini", "", "tool.pytest.ini_options"),
            ("pytest.toml", "", "tool.pytest.ini_options"),
            ("mypy.ini", "[mypy]", "tool.mypy"),
            (".mypy.ini", "", "tool.mypy"),
            ("ruff.toml", "", "tool.ruff"),
        ] {
            let [found] = &message(file, text)[..] else {
                panic!("{file}")
            };
            assert!(
                found.contains(&format!("`{file}` wins")) && found.contains(header),
                "{found}"
            );
        }
        assert!(message("tox.ini", "[pytest]\n")[0].contains("`pyproject.toml` wins"));
        for (file, text) in [
            ("tox.ini", "[tox]\n"),
            ("setup.cfg", "[mypy]\n"),
            ("pyrightconfig.json", "{}"),
        ] {
            assert!(message(file, text).is_empty(), "{file}");
        }
        for file in ["pytest.ini", "mypy.ini", "ruff.toml", "tox.ini"] {
            assert!(
                !reports(
                    id,
                    &[("pyproject.toml", "[tool.black]\n"), (file, "[pytest]\n")]
                ),
                "{file}"
            );
        }
        assert!(!reports(id, &[("pyproject.toml", all)]));
        assert!(reports(
            id,
            &[
                ("pyproject.toml", "[tool.pytest]\nminversion = \"9\"\n"),
                ("pytest.ini", "")
            ]
        ));
    }

    #[test]
    fn two_settings_are_shown_at_the_section_that_loses() {
        let text = "[project]\n\n[tool.ruff.lint]\nselect = []\n";
        let files = ProjectFiles::from_texts(&[("pyproject.toml", text), ("ruff.toml", "")]);
        let finding = check(&files)
            .into_iter()
            .find(|f| f.id == "ws-duplicate-tool-config");
        let range = finding.and_then(|f| f.range).expect("a range");
        assert_eq!(&text[range], "[tool.ruff.lint]");
    }

    const ASYNC: (&str, &str) = ("tests/test_a.py", "async def test_a():\n    assert True\n");
    const WITH_PLUGIN: &str = "[dependency-groups]\ndev = [\"pytest\", \"pytest_asyncio>=1\"]\n";

    #[test]
    fn coroutine_tests_need_a_plugin() {
        let id = "ws-async-plugin-missing";
        let without = (
            "pyproject.toml",
            "[project]\ndependencies = [\"httpx>=0.27\"]\n",
        );
        assert_eq!(places(id, &[without, ASYNC]), ["pyproject.toml"]);
        let marked = (
            "tests/test_a.py",
            "import pytest\npytestmark = pytest.mark.asyncio\ndef test_a(): ...\n",
        );
        assert!(reports(id, &[without, marked]));
        assert!(reports(id, &[("requirements.txt", "pytest==9.2\n"), ASYNC]));
        for declared in [
            WITH_PLUGIN,
            "[project]\ndependencies = []\n[project.optional-dependencies]\ntest = [\"anyio[trio]\"]\n",
            "[tool.poetry.group.dev.dependencies]\npytest-asyncio = \"*\"\n",
            "[tool.uv]\ndev-dependencies = [\"pytest-asyncio\"]\n",
        ] {
            assert!(
                !reports(id, &[("pyproject.toml", declared), ASYNC]),
                "{declared}"
            );
        }
        for (file, text) in [
            (
                "requirements-dev.txt",
                "-r requirements.txt\npytest-asyncio\n",
            ),
            ("requirements/test.txt", "pytest-asyncio==1.5\n"),
            (
                "setup.cfg",
                "[options.extras_require]\ntest =\n    pytest-asyncio\n",
            ),
            ("tox.ini", "[testenv]\ndeps = pytest-asyncio\n"),
        ] {
            assert!(!reports(id, &[without, ASYNC, (file, text)]), "{file}");
        }
        // Nothing tells what is installed.
        assert!(!reports(id, &[EMPTY, ASYNC]));
        assert!(!reports(
            id,
            &[
                (
                    "pyproject.toml",
                    "[project]\ndynamic = [\"dependencies\"]\n"
                ),
                ASYNC
            ]
        ));
        let unittest = (
            "tests/test_a.py",
            "import unittest\nclass TestA(unittest.IsolatedAsyncioTestCase):\n    async def test_a(self): ...\n",
        );
        assert!(!reports(id, &[without, unittest]));
        assert!(!reports(
            id,
            &[without, ("tests/test_a.py", "def test_a(): ...\n")]
        ));
        assert!(!reports(id, &[without, ("app/a.py", ASYNC.1)]));
    }

    #[test]
    fn unmarked_tests_want_a_mode() {
        let id = "ws-asyncio-mode-unset";
        let plugin = ("pyproject.toml", WITH_PLUGIN);
        assert_eq!(places(id, &[plugin, ASYNC]), ["pyproject.toml"]);
        let marked = (
            "tests/test_a.py",
            "import pytest\n@pytest.mark.asyncio\nasync def test_a(): ...\n",
        );
        assert!(!reports(id, &[plugin, marked]));
        assert!(reports(id, &[plugin, marked, ("tests/test_b.py", ASYNC.1)]));
        for text in [
            "[pytest]\nasyncio_mode = auto\n",
            "[pytest]\nasyncio_mode = strict\n",
            "[pytest]\naddopts = --asyncio-mode=auto\n",
        ] {
            assert!(
                !reports(id, &[plugin, ASYNC, ("pytest.ini", text)]),
                "{text}"
            );
        }
        assert!(reports(id, &[plugin, ASYNC, ("pytest.ini", "[pytest]\n")]));
        assert!(!reports(id, &[("requirements.txt", "anyio\n"), ASYNC]));
    }

    #[test]
    fn ten_annotated_functions_want_a_type_checker() {
        let id = "ws-no-type-checker";
        let functions =
            |count: usize| "def f(a: int, *, b=1): ...\ndef g() -> int: ...\n".repeat(count / 2);
        let (ten, eight) = (functions(10), functions(8));
        assert_eq!(places(id, &[EMPTY, ("a.py", &ten)]), ["pyproject.toml"]);
        assert!(reports(
            id,
            &[
                EMPTY,
                ("a.py", &eight),
                (
                    "b.py",
                    "async def f(x: str = ''): ...\nclass A:\n    def f(self) -> None: ...\n"
                )
            ]
        ));
        assert!(!reports(
            id,
            &[EMPTY, ("a.py", &eight), ("b.py", "def f(a, b=1): ...\n")]
        ));
        for (file, text) in [
            ("mypy.ini", ""),
            ("pyrightconfig.json", "{}"),
            (".pyre_configuration", "{}"),
            ("ty.toml", ""),
            ("setup.cfg", "[mypy]\nstrict = true\n"),
            (".pre-commit-config.yaml", "- id: mypy\n"),
            ("tox.ini", "[testenv]\ncommands = pyright src\n"),
        ] {
            assert!(
                !reports(id, &[EMPTY, ("a.py", &ten), (file, text)]),
                "{file}"
            );
        }
        for section in [
            "[tool.mypy]\n",
            "[tool.pyright]\n",
            "[tool.basedpyright]\n",
            "[tool.ty.rules]\n",
        ] {
            assert!(
                !reports(id, &[("pyproject.toml", section), ("a.py", &ten)]),
                "{section}"
            );
        }
    }

    #[test]
    fn an_application_wants_a_lock_file() {
        let id = "ws-no-lock";
        let app = (
            "pyproject.toml",
            "[project]\nname = \"app\"\n[project.scripts]\napp = \"app:main\"\n",
        );
        assert_eq!(places(id, &[app]), ["pyproject.toml"]);
        assert!(reports(id, &[EMPTY, ("Dockerfile", "")]));
        assert!(reports(
            id,
            &[
                EMPTY,
                ("Procfile", ""),
                ("requirements.txt", "httpx\nanyio==4\n")
            ]
        ));
        assert!(!reports(id, &[EMPTY, ("a.py", "")]));
        for file in [
            "uv.lock",
            "poetry.lock",
            "pdm.lock",
            "pylock.toml",
            "pylock.dev.toml",
            "Pipfile.lock",
        ] {
            assert!(!reports(id, &[app, (file, "")]), "{file}");
        }
        let pinned = "# made by pip-compile\n--index-url https://host\nhttpx==0.28 --hash=sha256:1\nanyio==4.1 # via httpx\n";
        assert!(!reports(id, &[app, ("requirements.txt", pinned)]));
        let library = format!(
            "{}\n[build-system]\n",
            app.1.replace("name", "classifiers = [\"Topic\"]\nname")
        );
        assert!(!reports(id, &[("pyproject.toml", &library)]));
        assert!(
            is_fully_pinned("a==1\nb @ https://host/b.whl\n")
                && !is_fully_pinned("a==1\nb\n")
                && !is_fully_pinned("")
        );
    }
}
