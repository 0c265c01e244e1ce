//! Environment variables: who reads them, and where they are kept and documented.

use std::collections::BTreeSet;

use super::files::{EnvFile, file_name, is_env_example};
use super::modules::Module;
use super::{Project, ProjectFinding, listed};
use crate::analysis::environment::{is_read, is_read_at_import, is_settings_file, key};

/// From so many variables on, a list of them is needed.
const VARIABLES: usize = 3;

/// What code has to name to read the environment.
const READING: [&str; 2] = ["environ", "getenv"];

/// So many modules that read at import are a habit.
const MODULES: usize = 3;

/// Variables that the system sets.
const OF_SYSTEM: [&str; 20] = [
    "APPDATA",
    "CI",
    "COLUMNS",
    "EDITOR",
    "HOME",
    "HOSTNAME",
    "LANG",
    "LOCALAPPDATA",
    "LOGNAME",
    "NO_COLOR",
    "PATH",
    "PWD",
    "PYTEST_CURRENT_TEST",
    "PYTHONPATH",
    "SHELL",
    "TEMP",
    "TERM",
    "TMPDIR",
    "USER",
    "VIRTUAL_ENV",
];

pub fn check(project: &Project<'_>) -> Vec<ProjectFinding> {
    let mut findings = env_files(project);
    findings.extend(documentation(project));
    findings.extend(at_import(project));
    findings
}

fn env_files(project: &Project<'_>) -> Vec<ProjectFinding> {
    let git = project.files.git();
    let judged = |(path, file): (&str, &EnvFile)| {
        let tracked = git.tracked.contains(path);
        if tracked && file.has_values {
            ProjectFinding::of("ws-env-committed", path, path)
        } else if git.repository
            && !tracked
            && !git.ignored.contains(path)
            && file_name(path) == ".env"
        {
            ProjectFinding::of("ws-env-not-ignored", path, path)
        } else {
            None
        }
    };
    project.files.env_files().filter_map(judged).collect()
}

/// The variables that the code reads, tests left out.
fn variables(project: &Project<'_>) -> BTreeSet<String> {
    let read_in = |module: &Module<'_>| {
        let file = module.parse();
        let reads = file.nodes().filter(|node| is_read(&file, *node));
        reads
            .filter_map(key)
            .filter(|k| k.is("string") && !k.children().iter().any(|c| c.is("interpolation")))
            .map(|k| k.text().trim_matches(['"', '\'']).to_owned())
            .filter(|name| !OF_SYSTEM.contains(&name.as_str()))
            .collect::<Vec<_>>()
    };
    let code = project.modules.iter();
    let code = code.filter(|m| !m.is_for_tests() && m.mentions(&READING));
    code.flat_map(read_in).collect()
}

fn documentation(project: &Project<'_>) -> Option<ProjectFinding> {
    let variables = variables(project);
    let example = project
        .files
        .texts()
        .find(|(path, _)| is_env_example(path) && !path.contains('/'));
    let Some((path, text)) = example else {
        let elsewhere = project.files.paths().any(is_env_example);
        let readme =
            |path: &str| !path.contains('/') && path.to_ascii_lowercase().starts_with("readme");
        let mentioned = project
            .files
            .texts()
            .filter(|(path, _)| readme(path))
            .any(|(_, text)| text.contains(".env") || variables.iter().any(|v| text.contains(v)));
        let missing = variables.len() >= VARIABLES && !elsewhere && !mentioned;
        let names = listed(variables.iter().map(String::as_str));
        return missing
            .then(|| ProjectFinding::of("ws-env-example-missing", &project.main_file(), &names))
            .flatten();
    };
    // A name in a comment (`# OPTIONAL=`) documents a variable as well.
    let words: BTreeSet<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .collect();
    let absent = variables
        .iter()
        .map(String::as_str)
        .filter(|v| !words.contains(v));
    let absent: Vec<&str> = absent.collect();
    if absent.is_empty() {
        return None;
    }
    ProjectFinding::of("ws-env-example-stale", path, &listed(absent))
}

fn at_import(project: &Project<'_>) -> Option<ProjectFinding> {
    let reads = |module: &&Module<'_>| {
        if module.is_for_tests() || !module.mentions(&READING) {
            return false;
        }
        let file = module.parse();
        !is_settings_file(&file, &module.settings)
            && file
                .nodes()
                .any(|node| is_read_at_import(&file, &module.settings, node))
    };
    let modules: Vec<&Module<'_>> = project.modules.iter().filter(reads).collect();
    if modules.len() < MODULES {
        return None;
    }
    let names = listed(modules.iter().map(|m| m.path));
    ProjectFinding::of("ws-config-at-import", &project.main_file(), &names)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{found_in, places, reports};
    use super::super::{ProjectFiles, check};

    const PYPROJECT: (&str, &str) = ("pyproject.toml", "");
    const READS: &str = "import os\ndef f():\n    return os.environ[\"LLM_KEY\"], os.getenv('LLM_URL'), os.environ.get(\"LLM_MODEL\", 1)\n";

    #[test]
    fn a_tracked_env_file_with_values_is_committed() {
        let id = "ws-env-committed";
        let with = |path: &str, text: &str| {
            let files = ProjectFiles::from_texts(&[PYPROJECT, (path, text)]);
            found_in(id, &files.in_repository(&[path], &[])).len()
        };
        assert_eq!(with(".env", "KEY=a8F3kQ9z\n"), 1);
        assert_eq!(with(".env.local", "export KEY='a8F3kQ9z'\n"), 1);
        assert_eq!(with("app/.env.production", "A=\nKEY=a8F3kQ9z\n"), 1);
        for text in [
            "",
            "# KEY=a8F3kQ9z\n",
            "KEY=\n",
            "KEY=your-key\n",
            "KEY=<key>\nURL=changeme\n",
        ] {
            assert_eq!(with(".env", text), 0, "{text}");
        }
        for path in [".env.example", ".env.sample", ".env.template"] {
            assert_eq!(with(path, "KEY=a8F3kQ9z\n"), 0, "{path}");
        }
        let untracked = ProjectFiles::from_texts(&[PYPROJECT, (".env", "KEY=a8F3kQ9z")]);
        assert_eq!(
            found_in(id, &untracked.clone().in_repository(&[], &[".env"])).len(),
            0
        );
        assert_eq!(found_in(id, &untracked).len(), 0);
    }

    #[test]
    fn no_message_repeats_a_value() {
        let secret = "a8F3kQ9zL2mX7pR4";
        let files = ProjectFiles::from_texts(&[PYPROJECT, (".env", &format!("KEY={secret}"))]);
        for finding in check(&files.in_repository(&[".env"], &[])) {
            assert!(!finding.message.contains(secret), "{finding:?}");
        }
    }

    #[test]
    fn an_env_file_in_a_repository_must_be_ignored() {
        let id = "ws-env-not-ignored";
        let files = ProjectFiles::from_texts(&[PYPROJECT, (".env", "KEY=1")]);
        let among = |tracked: &[&str], ignored: &[&str]| {
            found_in(id, &files.clone().in_repository(tracked, ignored)).len()
        };
        assert_eq!(among(&[], &[]), 1);
        assert_eq!(among(&[], &[".env"]), 0);
        assert_eq!(among(&[".env"], &[]), 0);
        assert_eq!(found_in(id, &files).len(), 0);
        let example = ProjectFiles::from_texts(&[PYPROJECT, (".env.example", "KEY=")]);
        assert_eq!(found_in(id, &example.in_repository(&[], &[])).len(), 0);
    }

    #[test]
    fn three_variables_want_an_example() {
        let id = "ws-env-example-missing";
        assert_eq!(
            places(id, &[PYPROJECT, ("a.py", READS)]),
            ["pyproject.toml"]
        );
        let other = [
            ("a.py", "import os\ndef f(): return os.getenv('A')\n"),
            (
                "b.py",
                "from os import environ as e\ndef f(): return e['B'], e.get('C')\n",
            ),
        ];
        assert!(reports(id, &[PYPROJECT, other[0], other[1]]));
        assert!(!reports(id, &[PYPROJECT, other[1]]));
        for documentation in [
            (".env.example", "LLM_KEY=\n"),
            ("deploy/.env.template", ""),
            ("README.md", "Set `LLM_KEY` first."),
            ("README.rst", "Copy your .env file"),
        ] {
            assert!(
                !reports(id, &[PYPROJECT, ("a.py", READS), documentation]),
                "{documentation:?}"
            );
        }
        assert!(reports(
            id,
            &[PYPROJECT, ("a.py", READS), ("README.md", "# App")]
        ));
        assert!(!reports(id, &[PYPROJECT, ("tests/test_a.py", READS)]));
        let system = "import os\ndef f(): return os.environ['HOME'], os.getenv('PATH'), os.getenv('CI'), os.getenv('A')\n";
        assert!(!reports(id, &[PYPROJECT, ("a.py", system)]));
        let written = "import os\ndef f(n):\n    os.environ['A'] = os.environ['B'] = os.environ['C'] = '1'\n    return os.getenv(n)\n";
        assert!(!reports(id, &[PYPROJECT, ("a.py", written)]));
    }

    #[test]
    fn an_example_names_all_variables() {
        let id = "ws-env-example-stale";
        let example = |text: &str| {
            let files =
                ProjectFiles::from_texts(&[PYPROJECT, ("a.py", READS), (".env.example", text)]);
            found_in(id, &files)
        };
        assert_eq!(
            example("LLM_KEY=\n"),
            [".env.example: The code reads `LLM_MODEL`, `LLM_URL`, which this file does not name."]
        );
        assert!(example("LLM_KEY=\nLLM_URL=http://x\n# LLM_MODEL=small\n").is_empty());
        assert_eq!(example("LLM_KEY_2=\nLLM_URL=\nLLM_MODEL=\n").len(), 1);
        let test = (
            "tests/test_a.py",
            "import os\ndef f(): return os.getenv('ONLY_TESTS')\n",
        );
        assert!(!reports(id, &[PYPROJECT, test, (".env.example", "A=\n")]));
    }

    #[test]
    fn three_modules_that_read_at_import_are_a_habit() {
        let id = "ws-config-at-import";
        let read = "import os\nKEY = os.environ['KEY']\n";
        assert!(reports(
            id,
            &[PYPROJECT, ("a.py", read), ("b.py", read), ("c/d.py", read)]
        ));
        assert!(!reports(id, &[PYPROJECT, ("a.py", read), ("b.py", read)]));
        assert!(!reports(
            id,
            &[
                PYPROJECT,
                ("a.py", read),
                ("config.py", read),
                ("x/settings.py", read),
                ("tests/test_a.py", read)
            ]
        ));
        let later = "import os\ndef key():\n    return os.environ['KEY']\n";
        assert!(!reports(
            id,
            &[PYPROJECT, ("a.py", read), ("b.py", later), ("c.py", later)]
        ));
    }
}
