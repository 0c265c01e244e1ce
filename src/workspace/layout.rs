//! Which files there are and where they stand.

use std::collections::BTreeMap;

use super::files::{ProjectFiles, file_name, folder, is_python};
use super::modules::Module;
use super::{Project, ProjectFinding};
use crate::analysis::script::{has_main_guard, has_shebang};

/// So many Python files make a project, and need a test.
const MODULES: usize = 3;

/// Folders whose files are run.
const SCRIPTS: [&str; 4] = ["bin", "examples", "scripts", "tools"];

/// Modules of the standard library that another file can hide: found on the path, and in all supported versions.
const STANDARD: [&str; 154] = [
    "argparse",
    "array",
    "ast",
    "asyncio",
    "base64",
    "bdb",
    "binascii",
    "bisect",
    "bz2",
    "cProfile",
    "calendar",
    "cmath",
    "cmd",
    "code",
    "codeop",
    "collections",
    "colorsys",
    "compileall",
    "concurrent",
    "configparser",
    "contextlib",
    "contextvars",
    "copy",
    "copyreg",
    "csv",
    "ctypes",
    "curses",
    "dataclasses",
    "datetime",
    "dbm",
    "decimal",
    "difflib",
    "dis",
    "doctest",
    "email",
    "ensurepip",
    "enum",
    "fcntl",
    "filecmp",
    "fileinput",
    "fnmatch",
    "fractions",
    "ftplib",
    "functools",
    "getopt",
    "getpass",
    "gettext",
    "glob",
    "graphlib",
    "grp",
    "gzip",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "http",
    "imaplib",
    "importlib",
    "inspect",
    "ipaddress",
    "json",
    "keyword",
    "linecache",
    "locale",
    "logging",
    "lzma",
    "mailbox",
    "math",
    "mimetypes",
    "mmap",
    "modulefinder",
    "multiprocessing",
    "netrc",
    "numbers",
    "opcode",
    "operator",
    "optparse",
    "pathlib",
    "pdb",
    "pickle",
    "pickletools",
    "pkgutil",
    "platform",
    "plistlib",
    "poplib",
    "pprint",
    "profile",
    "pstats",
    "pty",
    "py_compile",
    "pyclbr",
    "pydoc",
    "queue",
    "quopri",
    "random",
    "re",
    "readline",
    "reprlib",
    "resource",
    "rlcompleter",
    "sched",
    "secrets",
    "select",
    "selectors",
    "shelve",
    "shlex",
    "shutil",
    "signal",
    "smtplib",
    "socket",
    "socketserver",
    "sqlite3",
    "ssl",
    "statistics",
    "string",
    "stringprep",
    "struct",
    "subprocess",
    "symtable",
    "sysconfig",
    "syslog",
    "tabnanny",
    "tarfile",
    "tempfile",
    "termios",
    "textwrap",
    "threading",
    "timeit",
    "tkinter",
    "token",
    "tokenize",
    "tomllib",
    "trace",
    "traceback",
    "tracemalloc",
    "tty",
    "turtle",
    "types",
    "typing",
    "unicodedata",
    "unittest",
    "urllib",
    "uuid",
    "venv",
    "warnings",
    "wave",
    "weakref",
    "webbrowser",
    "wsgiref",
    "xml",
    "xmlrpc",
    "zipapp",
    "zipfile",
    "zlib",
];

/// Whether a file lists packages to install.
pub fn is_requirements(path: &str) -> bool {
    let name = file_name(path);
    let inside = ["", "requirements"].contains(&folder(path));
    let listed = name.starts_with("requirements") || folder(path) == "requirements";
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    inside && listed && ["txt", "in"].contains(&extension)
}

/// Whether a folder holds a Python project.
pub fn is_python_project(files: &ProjectFiles) -> bool {
    let marked = ["pyproject.toml", "setup.cfg", "setup.py"]
        .into_iter()
        .any(|f| files.has(f));
    marked
        || files.paths().any(is_requirements)
        || files.paths().filter(|path| is_python(path)).count() >= MODULES
}

pub fn check(project: &Project<'_>) -> Vec<ProjectFinding> {
    let mut findings = Vec::new();
    findings.extend(no_pyproject(project));
    findings.extend(no_tests(project));
    findings.extend(src_is_package(project));
    findings.extend(shadowed(project));
    findings.extend(clashes(project));
    findings
}

fn no_pyproject(project: &Project<'_>) -> Option<ProjectFinding> {
    let metadata_inside = |module: &Module<'_>| {
        module
            .text
            .lines()
            .any(|line| line.trim_end() == "# /// script")
    };
    let single_script = project.modules.len() == 1 && project.modules.iter().all(metadata_inside);
    if project.files.has("pyproject.toml") || single_script {
        return None;
    }
    ProjectFinding::of("ws-no-pyproject", &project.main_file(), "")
}

fn no_tests(project: &Project<'_>) -> Option<ProjectFinding> {
    let python = || project.files.paths().filter(|path| is_python(path));
    let count = python()
        .filter(|path| !["__init__.py", "setup.py"].contains(&file_name(path)))
        .count();
    let in_test_folder = |path: &str| {
        folder(path)
            .split('/')
            .any(|f| ["test", "tests"].contains(&f))
    };
    let tested = project
        .files
        .paths()
        .any(|path| in_test_folder(path) || project.pytest.collects(path));
    if count < MODULES || tested || !project.files.is_complete() {
        return None;
    }
    ProjectFinding::of("ws-no-tests", &project.main_file(), &count.to_string())
}

fn src_is_package(project: &Project<'_>) -> Option<ProjectFinding> {
    let init = "src/__init__.py";
    let named_src = [&["project", "name"][..], &["tool", "poetry", "name"]]
        .into_iter()
        .any(|path| project.setting(path).and_then(toml::Value::as_str) == Some("src"));
    let holds_code = project
        .files
        .paths()
        .any(|path| path.starts_with("src/") && is_python(path) && path != init);
    if !project.files.has(init) || named_src || !holds_code {
        return None;
    }
    ProjectFinding::of("ws-src-is-package", init, "")
}

/// Modules and packages of a standard name in a folder from which Python imports.
fn shadowed(project: &Project<'_>) -> Vec<ProjectFinding> {
    let scripts: Vec<&str> = project
        .modules
        .iter()
        .filter(|m| m.text.starts_with("#!") || m.mentions(&["__main__"]))
        .filter(|m| {
            let file = m.parse();
            has_main_guard(&file) || has_shebang(&file)
        })
        .map(|m| folder(m.path))
        .collect();
    let is_import_root = |place: &str| {
        let package = !place.is_empty() && project.files.has(&format!("{place}/__init__.py"));
        let tests = || {
            let mut beside = project.modules.iter().filter(|m| folder(m.path) == place);
            beside.any(|m| m.is_test)
        };
        ["", "src"].contains(&place)
            || scripts.contains(&place)
            || !package && (SCRIPTS.contains(&file_name(place)) || tests())
    };
    let judged = |path: &str| {
        let (place, name) = match file_name(path) {
            "__init__.py" => (folder(folder(path)), file_name(folder(path))),
            name => (folder(path), name.strip_suffix(".py")?),
        };
        let hides = STANDARD.binary_search(&name).is_ok() && is_import_root(place);
        hides
            .then(|| ProjectFinding::of("ws-stdlib-shadow", path, name))
            .flatten()
    };
    project
        .files
        .paths()
        .filter(|path| is_python(path))
        .filter_map(judged)
        .collect()
}

fn clashes(project: &Project<'_>) -> Vec<ProjectFinding> {
    if project.pytest.imports_by_path {
        return Vec::new();
    }
    let in_package = |path: &str| match folder(path) {
        "" => project.files.has("__init__.py"),
        place => project.files.has(&format!("{place}/__init__.py")),
    };
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    let mut findings = Vec::new();
    let tests = project
        .files
        .paths()
        .filter(|path| project.pytest.collects(path));
    for path in tests.filter(|path| !in_package(path)) {
        match first.get(file_name(path)) {
            Some(other) => {
                findings.extend(ProjectFinding::of("ws-test-basename-clash", path, other));
            }
            None => {
                first.insert(file_name(path), path);
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::testing::{found_in, places, reports};
    use super::*;

    const PYPROJECT: (&str, &str) = ("pyproject.toml", "");

    #[test]
    fn the_standard_names_are_sorted() {
        assert!(STANDARD.is_sorted());
    }

    #[test]
    fn a_project_wants_a_pyproject() {
        let id = "ws-no-pyproject";
        assert_eq!(
            places(id, &[("requirements.txt", ""), ("a.py", "")]),
            ["requirements.txt"]
        );
        assert_eq!(
            places(id, &[("setup.py", ""), ("requirements-dev.txt", "")]),
            ["setup.py"]
        );
        assert_eq!(
            places(id, &[("x/a.py", ""), ("x/b.py", ""), ("c.py", "")]),
            ["c.py"]
        );
        assert!(!reports(id, &[PYPROJECT, ("a.py", "")]));
        assert!(!reports(id, &[("a.py", ""), ("b.py", "")]));
        let script = "#!/usr/bin/env python3\n# /// script\n# dependencies = []\n# ///\n";
        assert!(!reports(id, &[("a.py", script), ("requirements.txt", "")]));
        assert!(reports(
            id,
            &[("a.py", script), ("b.py", script), ("requirements.txt", "")]
        ));
    }

    #[test]
    fn three_modules_want_a_test() {
        let id = "ws-no-tests";
        let three = [
            PYPROJECT,
            ("src/app/a.py", ""),
            ("src/app/b.py", ""),
            ("src/app/c.py", ""),
        ];
        assert_eq!(
            found_in(id, &ProjectFiles::from_texts(&three)),
            ["pyproject.toml: There are 3 modules and no test: start with `tests/test_smoke.py`."]
        );
        let with = |path: &'static str| [three.as_slice(), &[(path, "")]].concat();
        for path in [
            "tests/test_a.py",
            "src/app/a_test.py",
            "test/helper.py",
            "tests/data.json",
        ] {
            assert!(!reports(id, &with(path)), "{path}");
        }
        assert!(reports(id, &with("src/app/testing.py")));
        assert!(!reports(
            id,
            &[
                PYPROJECT,
                ("src/app/__init__.py", ""),
                ("a.py", ""),
                ("setup.py", "")
            ]
        ));
        assert!(!reports(
            id,
            &[
                PYPROJECT,
                ("a.ipynb", "{}"),
                ("b.ipynb", "{}"),
                ("c.ipynb", "{}")
            ]
        ));
        let own = [
            ("pytest.ini", "[pytest]\npython_files = check_*.py\n"),
            ("check_a.py", ""),
            ("b.py", ""),
            ("c.py", ""),
        ];
        assert!(!reports(id, &own));
    }

    #[test]
    fn the_package_stands_inside_src() {
        let id = "ws-src-is-package";
        let init = ("src/__init__.py", "");
        assert_eq!(
            places(id, &[PYPROJECT, init, ("src/config.py", "")]),
            ["src/__init__.py"]
        );
        assert!(reports(id, &[PYPROJECT, init, ("src/app/__init__.py", "")]));
        assert!(!reports(id, &[PYPROJECT, init]));
        assert!(!reports(id, &[PYPROJECT, ("src/app/__init__.py", "")]));
        assert!(!reports(
            id,
            &[
                ("pyproject.toml", "[project]\nname = \"src\"\n"),
                init,
                ("src/a.py", "")
            ]
        ));
        assert!(!reports(
            id,
            &[PYPROJECT, ("lib/src/__init__.py", ""), ("lib/src/a.py", "")]
        ));
    }

    #[test]
    fn a_module_on_the_path_must_not_have_a_standard_name() {
        let id = "ws-stdlib-shadow";
        let script = "if __name__ == \"__main__\":\n    run()\n";
        for path in [
            "logging.py",
            "src/types.py",
            "src/queue/__init__.py",
            "scripts/json.py",
        ] {
            assert_eq!(places(id, &[PYPROJECT, (path, "")]), [path]);
        }
        let package = ("src/app/__init__.py", "");
        assert!(!reports(
            id,
            &[PYPROJECT, package, ("src/app/logging.py", "")]
        ));
        assert!(!reports(
            id,
            &[
                PYPROJECT,
                package,
                ("src/app/utils/logging.py", ""),
                ("src/app/job.py", script)
            ]
        ));
        assert!(reports(
            id,
            &[
                PYPROJECT,
                package,
                ("src/app/logging.py", ""),
                ("src/app/job.py", script)
            ]
        ));
        assert!(reports(
            id,
            &[
                PYPROJECT,
                ("utils/token.py", ""),
                ("utils/job.py", "#!/usr/bin/env python3\n")
            ]
        ));
        assert!(reports(
            id,
            &[PYPROJECT, ("tests/asyncio.py", ""), ("tests/test_a.py", "")]
        ));
        assert!(!reports(
            id,
            &[
                PYPROJECT,
                ("tests/__init__.py", ""),
                ("tests/asyncio.py", ""),
                ("tests/test_a.py", "")
            ]
        ));
        for harmless in [
            "time.py",
            "config.py",
            "logging.txt",
            "my_logging.py",
            "test.py",
        ] {
            assert!(!reports(id, &[PYPROJECT, (harmless, "")]), "{harmless}");
        }
    }

    #[test]
    fn test_files_of_one_name_clash() {
        let id = "ws-test-basename-clash";
        let two = [
            ("tests/integration/test_llm.py", ""),
            ("tests/unit/test_llm.py", ""),
        ];
        let with = |more: (&'static str, &'static str)| [two.as_slice(), &[more]].concat();
        assert_eq!(places(id, &with(PYPROJECT)), ["tests/unit/test_llm.py"]);
        assert!(!reports(
            id,
            &[PYPROJECT, two[0], ("tests/unit/test_db.py", "")]
        ));
        assert!(!reports(
            id,
            &[
                PYPROJECT,
                ("tests/unit/helper.py", ""),
                ("tests/integration/helper.py", "")
            ]
        ));
        let both = [
            ("tests/integration/__init__.py", ""),
            ("tests/unit/__init__.py", ""),
            PYPROJECT,
        ];
        assert!(!reports(id, &[two.as_slice(), &both].concat()));
        assert!(!reports(
            id,
            &with(("tests/unit/__init__.py", ""))
                .as_slice()
                .iter()
                .copied()
                .chain([PYPROJECT])
                .collect::<Vec<_>>()
        ));
        for options in [
            "[tool.pytest.ini_options]\naddopts = \"--import-mode=importlib\"\n",
            "[tool.pytest.ini_options]\naddopts = [\"--import-mode=importlib\"]\n",
        ] {
            assert!(
                !reports(id, &with(("pyproject.toml", options))),
                "{options}"
            );
        }
        assert!(!reports(
            id,
            &[
                two.as_slice(),
                &[
                    PYPROJECT,
                    (
                        "pytest.ini",
                        "[pytest]\naddopts = --import-mode importlib\n"
                    )
                ]
            ]
            .concat()
        ));
    }
}
