//! What a project's files say about a Python file: the only place that reads them.
//!
//! Looked up from the file's folder upwards: the nearest `pyproject.toml`, a `.python-version`, the files that configure
//! pytest and ruff, and the `conftest.py` of each folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::{Table, Value};

use crate::analysis::FileSettings;
use crate::catalog::{Catalog, PythonVersion};
use crate::workspace::PytestConfig;

/// So many folders upwards a `conftest.py` counts.
const CONFTESTS: usize = 12;

/// What a `conftest.py` says if it may run coroutine tests itself.
const RUNNING: [&str; 3] = [
    "def pytest_collection_modifyitems",
    "def pytest_pyfunc_call",
    "aiohttp.pytest_plugin",
];

mod configuration;
mod editing;
mod ruff;

pub use configuration::Configuration;
pub use editing::changed;
pub use ruff::Ruff;

/// How the text of a project's file is got: from the disk, or from an editor that has it open. `None` if there is no such
/// file, or none that can be read.
pub type Texts<'t> = &'t dyn Fn(&Path) -> Option<String>;

/// The files as they are on the disk.
pub fn on_disk(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok()
}

/// The nearest `pyproject.toml` at or above a file.
pub fn settings_file(path: &Path) -> Option<PathBuf> {
    let mut folders = path.ancestors().skip(1);
    folders.find_map(|folder| {
        let file = folder.join("pyproject.toml");
        file.exists().then_some(file)
    })
}

/// What is decided outside of the project and wins over what the project says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Overrides {
    /// The oldest Python that the code must run on.
    pub target: Option<PythonVersion>,
    /// Patterns are chosen elsewhere: the project's `select` and `ignore` do not count.
    pub patterns: bool,
}

/// The settings that hold for all files of a folder. Unreadable or invalid project files count as absent.
#[derive(Debug, Clone, Default)]
pub struct Project {
    /// What the project says to this program.
    pub configuration: Configuration,
    target: Option<PythonVersion>,
    pytest: PytestConfig,
    /// Something in a `conftest.py` may run coroutine tests.
    hooked: bool,
    in_package: bool,
    line_length: Option<usize>,
}

impl Project {
    /// Reads the files that hold for a folder. A relative folder is relative to the working directory.
    pub fn of_folder(folder: &Path, catalog: &Catalog, texts: Texts<'_>) -> Self {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let found = nearest(&folder, "pyproject.toml", texts);
        let (configuration, pyproject) = found.map_or_else(Default::default, |(path, text)| {
            let configuration = Configuration::read(&path, &text, catalog);
            (configuration, text.parse::<Table>().unwrap_or_default())
        });
        let target = configuration.target.or_else(|| target_version(&pyproject));
        let target = target.or_else(|| {
            let (_, pinned) = nearest(&folder, ".python-version", texts)?;
            pinned.lines().find_map(version_in)
        });
        Self {
            configuration,
            target,
            pytest: PytestConfig::near(&folder, texts),
            hooked: folder
                .ancestors()
                .take(CONFTESTS)
                .filter_map(|above| texts(&above.join("conftest.py")))
                .any(|text| RUNNING.iter().any(|hook| text.contains(hook))),
            in_package: folder.join("__init__.py").is_file(),
            line_length: Ruff::of_folder(&folder, texts)
                .line_length()
                .or_else(|| columns(lookup(&pyproject, &["tool", "black", "line-length"])?)),
        }
    }

    /// Reads the files that hold for the folder of a file. A relative path is relative to the working directory.
    pub fn of_file(path: &Path, catalog: &Catalog, texts: Texts<'_>) -> Self {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        Self::of_folder(absolute.parent().unwrap_or(Path::new("")), catalog, texts)
    }

    /// What patterns need to know about one file of the folder. Whether the file's text marks it as generated is not
    /// decided here.
    pub fn file_settings(&self, path: &Path, catalog: &Catalog, wins: Overrides) -> FileSettings {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let configuration = &self.configuration;
        FileSettings {
            target: wins
                .target
                .or(self.target)
                .unwrap_or(PythonVersion::DEFAULT),
            test_file: self.is_test_file(&absolute),
            coroutines_run: self.pytest.runs_coroutines || self.hooked,
            in_package: self.in_package,
            read_only: path.extension().is_some_and(|e| e == "pyi"),
            line_length: self.line_length,
            disabled: configuration.disabled(&absolute, catalog, wins.patterns),
            imported_elsewhere: Arc::default(),
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

/// The nearest file of that name in a folder or above it, and its text.
fn nearest(folder: &Path, name: &str, texts: Texts<'_>) -> Option<(PathBuf, String)> {
    folder.ancestors().find_map(|above| {
        let path = above.join(name);
        let text = texts(&path)?;
        Some((path, text))
    })
}

fn lookup<'t>(table: &'t Table, path: &[&str]) -> Option<&'t Value> {
    let (last, tables) = path.split_last()?;
    let mut table = table;
    for key in tables {
        table = table.get(*key)?.as_table()?;
    }
    table.get(*last)
}

/// The columns that a line may have, as the files of formatters say it.
fn columns(value: &Value) -> Option<usize> {
    value.as_integer().and_then(|n| usize::try_from(n).ok())
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
        let path = folder.path().join("src/app").join(name);
        let catalog = Catalog::default();
        Project::of_file(&path, &catalog, &on_disk).file_settings(
            &path,
            &catalog,
            Overrides::default(),
        )
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
    fn lines_may_be_as_long_as_ruff_or_black_allow() {
        let length = |files: &[(&str, &str)]| settings(files, "a.py").line_length;
        let black = "[tool.black]\nline-length = 79\n";
        let both = format!("[tool.ruff]\nline-length = 120\n{black}");
        assert_eq!(length(&[]), None);
        assert_eq!(length(&[("pyproject.toml", black)]), Some(79));
        assert_eq!(length(&[("pyproject.toml", &both)]), Some(120));
        assert_eq!(length(&[("ruff.toml", "line-length = 100")]), Some(100));
        assert_eq!(length(&[("ruff.toml", "line-length = -1")]), None);
        let extending = ("ruff.toml", "extend = 'base.toml'");
        let base = ("base.toml", "line-length = 110");
        assert_eq!(length(&[extending, base]), Some(110));
    }

    #[test]
    fn what_the_project_says_to_this_program_is_asked_first() {
        let text =
            "[project]\nrequires-python = \">=3.10\"\n[tool.hotseat]\ntarget-version = \"3.13\"\n";
        assert_eq!(target(&[("pyproject.toml", text)]), "3.13");
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
        let wins = Overrides {
            target: Some(version),
            ..Overrides::default()
        };
        let settings =
            Project::default().file_settings(Path::new("a.py"), &Catalog::default(), wins);
        assert_eq!(settings.target, version);
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
