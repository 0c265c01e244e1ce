//! The checks of a project: what each is called and what it says.

use crate::catalog::Severity::{self, Hint, Info, Warning};

/// A check of a project.
#[derive(Debug, Clone, Copy)]
pub struct ProjectCheck {
    /// Its id, which never changes.
    pub id: &'static str,
    /// What it looks for, in a few words.
    pub title: &'static str,
    /// How serious its findings are.
    pub severity: Severity,
    /// What a finding says; `{}` stands for the evidence.
    pub message: &'static str,
}

const fn check(
    id: &'static str,
    severity: Severity,
    title: &'static str,
    message: &'static str,
) -> ProjectCheck {
    ProjectCheck {
        id,
        title,
        severity,
        message,
    }
}

/// All checks. They belong to the question `llm-project-structure`.
pub const CHECKS: [ProjectCheck; 18] = [
    check(
        "ws-no-pyproject",
        Info,
        "The project has no `pyproject.toml`",
        "The project has no `pyproject.toml`: metadata, dependencies and the settings of tools belong there.",
    ),
    check(
        "ws-no-tests",
        Info,
        "The project has no tests",
        "There are {} modules and no test: start with `tests/test_smoke.py`.",
    ),
    check(
        "ws-env-committed",
        Warning,
        "A `.env` file is tracked by git",
        "`{}` is tracked by git and holds values: untrack it, ignore it, and replace its keys by new ones.",
    ),
    check(
        "ws-env-not-ignored",
        Warning,
        "A `.env` file is not ignored by git",
        "`{}` is not ignored by git: the next `git add .` publishes it. Add it to `.gitignore`.",
    ),
    check(
        "ws-env-example-missing",
        Hint,
        "Nothing documents the environment variables",
        "The code reads {}, and neither a `.env.example` nor the README names them.",
    ),
    check(
        "ws-env-example-stale",
        Hint,
        "`.env.example` lacks variables",
        "The code reads {}, which this file does not name.",
    ),
    check(
        "ws-config-at-import",
        Info,
        "Several modules read the environment at import",
        "{} read the environment when they are imported: read it once, at start-up, into a settings object.",
    ),
    check(
        "ws-duplicate-tool-config",
        Warning,
        "A tool is configured twice",
        "{}",
    ),
    check(
        "ws-src-is-package",
        Warning,
        "`src` itself is a package",
        "`src/__init__.py` makes `src` the package (`import src.…`): the package belongs inside `src/`, and this file goes.",
    ),
    check(
        "ws-stdlib-shadow",
        Warning,
        "A module hides one of the standard library",
        "This module hides the standard library's `{}` from every script that is started in this folder: rename it.",
    ),
    check(
        "ws-test-basename-clash",
        Warning,
        "Test files of the same name clash",
        "pytest stops with \"import file mismatch\": `{}` has the same name, and neither folder is a package. Set `--import-mode=importlib`.",
    ),
    check(
        "ws-asyncio-mode-unset",
        Hint,
        "The mode of pytest-asyncio is not set",
        "Coroutine tests without a mark, such as `{}`, need `asyncio_mode = \"auto\"`, and no mode is set.",
    ),
    check(
        "ws-async-plugin-missing",
        Warning,
        "No plugin runs the coroutine tests",
        "`{}` has coroutine tests, but neither `pytest-asyncio` nor `anyio` is among the dependencies: nothing runs them.",
    ),
    check(
        "ws-integration-not-separated",
        Info,
        "Tests that call a provider are not separated",
        "This test calls {} without a mock: mark such tests as `integration` and keep them out of the default run.",
    ),
    check(
        "ws-no-type-checker",
        Hint,
        "Nobody checks the type hints",
        "{} functions have type hints, and no type checker is configured.",
    ),
    check(
        "ws-no-lock",
        Hint,
        "An application without a lock file",
        "This is an application ({}) without a lock file: each deployment may get other versions.",
    ),
    check(
        "ws-notebook-outputs-secrets",
        Warning,
        "A notebook holds a key",
        "{} of this notebook holds what looks like a credential: clear it, and replace the key by a new one.",
    ),
    check(
        "ws-prompts-inline",
        Hint,
        "Long prompts stand in the code",
        "{} long texts stand among the calls of a provider: prompts are data, keep them in files with a version.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_messages_plain() {
        for (index, check) in CHECKS.iter().enumerate() {
            assert!(check.id.starts_with("ws-"));
            assert!(CHECKS[..index].iter().all(|other| other.id != check.id));
            assert!(check.message.matches("{}").count() <= 1);
        }
    }
}
