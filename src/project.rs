//! What a project's files say about a Python file: the only place that reads them.
//!
//! Looked up from the file's folder upwards: the nearest `pyproject.toml`, a `.python-version`, the file that configures
//! pytest, and the `conftest.py` of each folder.

use std::fs;
use std::path::Path;

use toml::{Table, Value};

use crate::analysis::FileSettings;
use crate::catalog::PythonVersion;
use crate::workspace::PytestConfig;

/// So many folders upwards a `conftest.py` counts.
const CONFTESTS: usize = 12;

/// What a `conftest.py` says if it may run coroutine tests itself.
const RUNNING: [&str; 3] = [
    "def pytest_collection_modifyitems",
    "def pytest_pyfunc_call",
    "aiohttp.pytest_plugin",
];

/// What patterns need to know about one file: its project's settings, with `target` instead of the project's Python
/// if it is given. Unreadable or invalid project files count as absent. Whether the file's text marks it as generated is not decided here.
pub fn file_settings(path: &Path, target: Option<PythonVersion>) -> FileSettings {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = absolute.parent().unwrap_or(Path::new(""));
    Project::of_folder(folder).file_settings(&absolute, target)
}

/// The settings that hold for all files of a folder.
#[derive(Debug, Clone, Default)]
pub struct Project {
    target: Option<PythonVersion>,
    pytest: PytestConfig,
    /// Something in a `conftest.py` may run coroutine tests.
    hooked: bool,
    in_package: bool,
}

impl Project {
    /// Reads the files that hold for a folder. A relative folder is relative to the working directory.
    pub fn of_folder(folder: &Path) -> Self {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let pyproject = nearest(&folder, "pyproject.toml")
            .and_then(|text| text.parse::<Table>().ok())
            .unwrap_or_default();
        let target = target_version(&pyproject).or_else(|| {
            let pinned = nearest(&folder, ".python-version")?;
            pinned.lines().find_map(version_in)
        });
        Self {
            target,
            pytest: PytestConfig::near(&folder),
            hooked: folder
                .ancestors()
                .take(CONFTESTS)
                .filter_map(|above| fs::read_to_string(above.join("conftest.py")).ok())
                .any(|text| RUNNING.iter().any(|hook| text.contains(hook))),
            in_package: folder.join("__init__.py").is_file(),
        }
    }

    /// What holds for one file of the folder; see [`file_settings`].
    pub fn file_settings(&self, path: &Path, target: Option<PythonVersion>) -> FileSettings {
        FileSettings {
            target: target.or(self.target).unwrap_or(PythonVersion::DEFAULT),
            test_file: self.is_test_file(path),
            coroutines_run: self.pytest.runs_coroutines || self.hooked,
            in_package: self.in_package,
            read_only: path.extension().is_some_and(|e| e == "pyi"),
        }
    }

    fn is_test_file(&self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name == "conftest.py" {
            return true;
        }
        self.pytest
            .collects(&path.to_string_lossy().replace('\\', "/"))
    }
}

/// The text of the nearest file of that name in a folder or above it.
fn nearest(folder: &Path, name: &str) -> Option<String> {
    folder
        .ancestors()
        .find_map(|above| fs::read_to_string(above.join(name)).ok())
}

fn lookup<'t>(table: &'t Table, path: &[&str]) -> Option<&'t Value> {
    let (last, tables) = path.split_last()?;
    let mut table = table;
    for key in tables {
        table = table.get(*key)?.as_table()?;
    }
    table.get(*last)
}

/// The oldest Python that a `pyproject.toml` names: for the package, for ruff, for mypy.
fn target_version(pyproject: &Table) -> Option<PythonVersion> {
    let text = |path: &[&str]| lookup(pyproject, path).and_then(Value::as_str);
    text(&["project", "requires-python"])
        .and_then(lower_bound)
        .or_else(|| text(&["tool", "ruff", "target-version"]).and_then(ruff_version))
        .or_else(|| text(&["tool", "mypy", "python_version"]).and_then(version_in))
}

/// The oldest version that a specifier such as `>=3.10,<4` allows.
fn lower_bound(specifiers: &str) -> Option<PythonVersion> {
    let bound = |specifier: &str| {
        let specifier = specifier.trim();
        let version = ["===", "~=", ">=", "==", ">"]
            .iter()
            .find_map(|operator| specifier.strip_prefix(operator))?;
        version_in(version)
    };
    specifiers.split(',').filter_map(bound).max()
}

/// `py312` as ruff writes it.
fn ruff_version(text: &str) -> Option<PythonVersion> {
    let (major, minor) = text.strip_prefix("py")?.split_at_checked(1)?;
    format!("{major}.{minor}").parse().ok()
}

/// The version in `3.12`, `3.12.4`, `3.12.*` or `cpython-3.12.4`.
fn version_in(text: &str) -> Option<PythonVersion> {
    let text = text.trim();
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let mut numbers = text[start..].split(|c: char| !c.is_ascii_digit());
    format!("{}.{}", numbers.next()?, numbers.next()?)
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The settings of `src/app/name` in a project with these files.
    fn settings(files: &[(&str, &str)], name: &str) -> FileSettings {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("src/app")).unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        file_settings(&folder.path().join("src/app").join(name), None)
    }

    fn target(files: &[(&str, &str)]) -> String {
        settings(files, "a.py").target.to_string()
    }

    #[test]
    fn the_target_is_the_oldest_python_that_the_package_allows() {
        for (specifier, expected) in [
            (">=3.10", "3.10"),
            (">=3.9, <4", "3.9"),
            ("~=3.12.1", "3.12"),
            ("==3.13.*", "3.13"),
            (">=3.8,>=3.12", "3.12"),
            ("<4", "3.11"),
        ] {
            let text = format!("[project]\nrequires-python = \"{specifier}\"\n");
            assert_eq!(
                target(&[("pyproject.toml", &text)]),
                expected,
                "{specifier}"
            );
        }
    }

    #[test]
    fn ruff_mypy_and_the_pinned_version_are_asked_in_this_order() {
        let ruff = "[tool.ruff]\ntarget-version = \"py313\"\n";
        let mypy = "[tool.mypy]\npython_version = \"3.12\"\n";
        let both = format!("{mypy}{ruff}");
        let pinned = (".python-version", "# pinned\ncpython-3.14.1\n");
        assert_eq!(target(&[("pyproject.toml", &both), pinned]), "3.13");
        assert_eq!(target(&[("pyproject.toml", mypy), pinned]), "3.12");
        assert_eq!(
            target(&[("pyproject.toml", "[tool.black]\n"), pinned]),
            "3.14"
        );
    }

    #[test]
    fn the_nearest_pyproject_decides_and_an_invalid_one_counts_as_empty() {
        let outer = (
            "pyproject.toml",
            "[project]\nrequires-python = \">=3.13\"\n",
        );
        assert_eq!(
            target(&[outer, ("src/pyproject.toml", "[project]\n")]),
            "3.11"
        );
        assert_eq!(target(&[outer, ("src/pyproject.toml", "no toml")]), "3.11");
        assert_eq!(target(&[outer]), "3.13");
    }

    #[test]
    fn an_explicit_target_wins() {
        let version = "3.14".parse().unwrap();
        assert_eq!(
            file_settings(Path::new("a.py"), Some(version)).target,
            version
        );
    }

    #[test]
    fn test_files_are_those_that_pytest_collects() {
        let is_test = |files: &[(&str, &str)], name: &str| settings(files, name).test_file;
        for (name, expected) in [
            ("test_a.py", true),
            ("a_test.py", true),
            ("conftest.py", true),
            ("tests.py", false),
            ("mytest_a.py", false),
        ] {
            assert_eq!(is_test(&[], name), expected, "{name}");
        }
        let ini = |value: &str| format!("[tool.pytest.ini_options]\npython_files = {value}\n");
        let one = ini("\"check_*.py spec_?.py\"");
        assert!(is_test(&[("pyproject.toml", &one)], "check_a.py"));
        assert!(is_test(&[("pyproject.toml", &one)], "spec_1.py"));
        assert!(!is_test(&[("pyproject.toml", &one)], "test_a.py"));
        assert!(is_test(&[("pyproject.toml", &one)], "conftest.py"));
        let list = ini("[\"app/[!b]*.py\"]");
        assert!(is_test(&[("pyproject.toml", &list)], "a.py"));
        assert!(!is_test(&[("pyproject.toml", &list)], "b.py"));
    }

    #[test]
    fn the_file_that_pytest_prefers_decides() {
        let pyproject = (
            "pyproject.toml",
            "[tool.pytest.ini_options]\npython_files = \"check_*.py\"\n",
        );
        assert!(settings(&[pyproject], "check_a.py").test_file);
        assert!(!settings(&[pyproject, ("pytest.ini", "")], "check_a.py").test_file);
        let nearer = ("src/pytest.ini", "[pytest]\npython_files = spec_*.py\n");
        assert!(settings(&[pyproject, nearer], "spec_a.py").test_file);
    }

    #[test]
    fn modes_and_hooks_run_coroutine_tests() {
        let runs = |files: &[(&str, &str)]| settings(files, "test_a.py").coroutines_run;
        assert!(!runs(&[]));
        assert!(runs(&[("pytest.ini", "[pytest]\nasyncio_mode = auto\n")]));
        assert!(!runs(&[(
            "pytest.ini",
            "[pytest]\nasyncio_mode = strict\n"
        )]));
        assert!(runs(&[(
            "conftest.py",
            "def pytest_pyfunc_call(pyfuncitem): ...\n"
        )]));
        assert!(runs(&[(
            "src/app/conftest.py",
            "def pytest_collection_modifyitems(items): ...\n"
        )]));
        assert!(!runs(&[("conftest.py", "import pytest\n")]));
    }

    #[test]
    fn a_package_is_a_folder_with_an_init_file() {
        assert!(settings(&[("src/app/__init__.py", "")], "a.py").in_package);
        assert!(!settings(&[("src/__init__.py", "")], "a.py").in_package);
    }

    #[test]
    fn a_stub_is_read_only() {
        assert!(settings(&[], "a.pyi").read_only);
        assert!(!settings(&[], "a.py").read_only);
    }
}
