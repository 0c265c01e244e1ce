//! The files of a project: which there are, and the texts of those that checks need.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ignore::gitignore::Gitignore;

use crate::analysis::suppression::in_any_text;

/// So many entries of folders are looked at.
const MAX_ENTRIES: usize = 20_000;

/// So many Python files are read.
const MAX_MODULES: usize = 2_000;

/// The longest Python or configuration file that is read, in bytes.
const MAX_TEXT: u64 = 512 * 1024;

/// So many notebooks are read, and the longest of them, in bytes.
const MAX_NOTEBOOKS: usize = 100;
const MAX_NOTEBOOK: u64 = 4 * 1024 * 1024;

/// How long git may take.
const GIT_TIME: Duration = Duration::from_secs(2);

/// Folders of installed or generated code.
const FOREIGN: [&str; 7] = [
    "__pycache__",
    "build",
    "dist",
    "node_modules",
    "site-packages",
    "venv",
    "env",
];

/// Files in the project's own folder whose text the checks read, besides Python.
const CONFIGURATION: [&str; 24] = [
    ".coveragerc",
    ".gitignore",
    ".mypy.ini",
    ".pre-commit-config.yaml",
    ".pytest.ini",
    ".pytest.toml",
    ".ruff.toml",
    "Pipfile",
    "environment.yaml",
    "environment.yml",
    "mypy.ini",
    "noxfile.py",
    "pdm.lock",
    "pyproject.toml",
    "pytest.ini",
    "pytest.toml",
    "ruff.toml",
    "setup.cfg",
    "setup.py",
    "tox.ini",
    "tox.toml",
    "ty.toml",
    "Makefile",
    "justfile",
];

/// The files of a project.
#[derive(Debug, Clone, Default)]
pub struct ProjectFiles {
    /// Paths below the project's folder, with `/`.
    paths: BTreeSet<String>,
    texts: BTreeMap<String, String>,
    env_files: BTreeMap<String, EnvFile>,
    git: Git,
    /// Whether all folders were looked at: what is not listed is not there.
    complete: bool,
}

/// What a `.env` file holds; its values are forgotten as soon as they are judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnvFile {
    /// The names of the variables.
    pub names: BTreeSet<String>,
    /// One of them has a value that is no placeholder.
    pub has_values: bool,
    /// The checks that its comments silence.
    pub silenced: BTreeSet<&'static str>,
}

/// What git says about the `.env` files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Git {
    /// The project is in a repository, and git could be asked.
    pub repository: bool,
    /// The `.env` files that git tracks.
    pub tracked: BTreeSet<String>,
    /// The `.env` files that git ignores.
    pub ignored: BTreeSet<String>,
}

impl EnvFile {
    /// Reads the text of a `.env` file.
    pub fn of(text: &str) -> Self {
        let mut file = Self::default();
        for line in text.lines().map(str::trim) {
            let line = line.strip_prefix("export ").unwrap_or(line);
            let Some((name, value)) = line.split_once('=').filter(|_| !line.starts_with('#'))
            else {
                continue;
            };
            file.names.insert(name.trim().to_owned());
            file.has_values |= !is_placeholder(value);
        }
        let checks = super::CHECKS.iter().map(|check| check.id);
        let silenced = checks.filter(|id| in_any_text(text, 0, &[id, super::QUESTION]));
        file.silenced = silenced.collect();
        file
    }
}

/// Whether a value in a `.env` file tells nothing: it is empty, or a word that asks to be replaced.
fn is_placeholder(value: &str) -> bool {
    const WORDS: [&str; 10] = [
        "your",
        "example",
        "changeme",
        "change_me",
        "change-me",
        "placeholder",
        "dummy",
        "fake",
        "xxx",
        "todo",
    ];
    let value = value.trim().trim_matches(['"', '\'']).trim();
    let value = value
        .split(" #")
        .next()
        .unwrap_or(value)
        .trim()
        .to_ascii_lowercase();
    let bracketed = value.starts_with('<') && value.ends_with('>');
    value.is_empty()
        || value.starts_with('#')
        || bracketed
        || value.contains("...")
        || value.contains('…')
        || WORDS.iter().any(|word| value.contains(word))
}

/// Whether a path is that of a Python file.
pub fn is_python(path: &str) -> bool {
    has_extension(path, "py")
}

/// Whether a path is that of a notebook.
pub fn is_notebook(path: &str) -> bool {
    has_extension(path, "ipynb")
}

fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|e| e == extension)
}

/// The last part of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The folder of a path: empty for the project's own.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether a file may hold secrets for this machine.
fn is_env_file(path: &str) -> bool {
    [".env", ".env.local", ".env.production"].contains(&file_name(path))
}

/// Whether a file shows which variables there are.
pub fn is_env_example(path: &str) -> bool {
    let name = file_name(path);
    let suffix = name
        .strip_prefix(".env.")
        .or_else(|| name.strip_prefix("env."));
    suffix.is_some_and(|s| ["example", "sample", "template", "dist"].contains(&s))
}

impl ProjectFiles {
    /// Reads what the checks need below a folder. Symbolic links are not followed; installed packages, and folders that the
    /// project's `.gitignore` names, are not entered; after 20 000 entries it stops. What cannot be read counts as absent.
    pub fn read(root: &Path) -> Self {
        let mut files = Self {
            complete: true,
            ..Self::default()
        };
        files.walk(root);
        let (mut modules, mut notebooks) = (0, 0);
        for path in files.paths.clone() {
            let limit = if is_python(&path) {
                modules += 1;
                (modules <= MAX_MODULES).then_some(MAX_TEXT)
            } else if is_notebook(&path) {
                notebooks += 1;
                (notebooks <= MAX_NOTEBOOKS).then_some(MAX_NOTEBOOK)
            } else {
                is_configuration(&path).then_some(MAX_TEXT)
            };
            let env = is_env_file(&path);
            let limit = if env { Some(MAX_TEXT) } else { limit };
            let Some(text) = limit.and_then(|limit| read_text(&root.join(&path), limit)) else {
                continue;
            };
            if env {
                files.env_files.insert(path, EnvFile::of(&text));
            } else {
                files.texts.insert(path, text);
            }
        }
        let asked: Vec<&str> = files.env_files.keys().map(String::as_str).collect();
        files.git = Git::ask(root, &asked);
        files
    }

    fn walk(&mut self, root: &Path) {
        let (ignored, _) = Gitignore::new(root.join(".gitignore"));
        let is_ignored = |path: &str| ignored.matched(path, true).is_ignore();
        let mut open = vec![String::new()];
        let mut seen = 0;
        while let Some(folder) = open.pop() {
            let Ok(entries) = fs::read_dir(root.join(&folder)) else {
                continue;
            };
            let mut inside = Vec::new();
            for entry in entries.filter_map(Result::ok) {
                seen += 1;
                if seen > MAX_ENTRIES {
                    self.complete = false;
                    return;
                }
                let Ok(name) = entry.file_name().into_string() else {
                    continue;
                };
                let path = if folder.is_empty() {
                    name.clone()
                } else {
                    format!("{folder}/{name}")
                };
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() && !is_foreign(&name) && !is_ignored(&path) => {
                        inside.push(path);
                    }
                    Ok(kind) if kind.is_file() => {
                        self.paths.insert(path);
                    }
                    _ => {}
                }
            }
            let environment = if folder.is_empty() {
                "pyvenv.cfg".to_owned()
            } else {
                format!("{folder}/pyvenv.cfg")
            };
            if self.paths.contains(&environment) {
                let prefix = format!("{folder}/");
                self.paths.retain(|path| !path.starts_with(&prefix));
            } else {
                open.extend(inside);
            }
        }
    }

    /// A project of these files that is in no repository. What a `.env` file holds is told from its text.
    pub fn from_texts(files: &[(&str, &str)]) -> Self {
        let mut project = Self {
            complete: true,
            ..Self::default()
        };
        for (path, text) in files {
            project.paths.insert((*path).to_owned());
            if is_env_file(path) {
                project
                    .env_files
                    .insert((*path).to_owned(), EnvFile::of(text));
            } else {
                project.texts.insert((*path).to_owned(), (*text).to_owned());
            }
        }
        project
    }

    /// The same project in a git repository that says this about its `.env` files.
    pub fn in_repository(mut self, tracked: &[&str], ignored: &[&str]) -> Self {
        let set = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect();
        self.git = Git {
            repository: true,
            tracked: set(tracked),
            ignored: set(ignored),
        };
        self
    }

    /// All paths, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// Whether there is a file of this path.
    pub fn has(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// Whether there is a file below this folder.
    pub fn has_folder(&self, folder: &str) -> bool {
        let prefix = format!("{folder}/");
        self.paths
            .range(prefix.clone()..)
            .next()
            .is_some_and(|path| path.starts_with(&prefix))
    }

    /// The text of a file, if it was read.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// The files with their texts, as far as they were read.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The `.env` files.
    pub fn env_files(&self) -> impl Iterator<Item = (&str, &EnvFile)> {
        self.env_files
            .iter()
            .map(|(path, file)| (path.as_str(), file))
    }

    /// What git says.
    pub fn git(&self) -> &Git {
        &self.git
    }

    /// Whether all folders were looked at.
    pub fn is_complete(&self) -> bool {
        self.complete
    }
}

/// Folders that are not the project's own work: installed, generated, or hidden.
fn is_foreign(name: &str) -> bool {
    name.starts_with('.') || FOREIGN.contains(&name) || name.ends_with(".egg-info")
}

fn is_configuration(path: &str) -> bool {
    let own = !path.contains('/');
    let readme = own && path.to_ascii_lowercase().starts_with("readme");
    own && CONFIGURATION.contains(&path)
        || readme
        || super::layout::is_requirements(path)
        || is_env_example(path)
        || file_name(path) == ".gitignore"
}

/// The text of a regular file that is not too long.
fn read_text(path: &Path, limit: u64) -> Option<String> {
    let facts = fs::symlink_metadata(path).ok()?;
    if !facts.is_file() || facts.len() > limit {
        return None;
    }
    fs::read_to_string(path).ok()
}

impl Git {
    /// Asks git about these files. If there is no repository, no git, or no answer in time, nothing is known.
    fn ask(root: &Path, paths: &[&str]) -> Self {
        if paths.is_empty() {
            return Self::default();
        }
        let listed = |command: &[&str]| {
            let answer = git(root, &[command, &["--"], paths].concat())?;
            Some(answer.lines().map(str::to_owned).collect())
        };
        let inside = git(root, &["rev-parse", "--is-inside-work-tree"]);
        if inside.is_none_or(|answer| answer.trim() != "true") {
            return Self::default();
        }
        match (
            listed(&["--literal-pathspecs", "ls-files"]),
            listed(&["check-ignore"]),
        ) {
            (Some(tracked), Some(ignored)) => Self {
                repository: true,
                tracked,
                ignored,
            },
            _ => Self::default(),
        }
    }
}

/// What git prints. It takes no locks, runs no hooks, and is stopped if it takes too long. `check-ignore` fails with 1 if
/// nothing is ignored.
fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let mut child = Command::new("git")
        .arg("--no-optional-locks")
        .args([
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.hooksPath=/dev/null",
            "-c",
            "core.quotePath=false",
        ])
        .args(arguments)
        .current_dir(root)
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let started = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if started.elapsed() < GIT_TIME => {
                std::thread::sleep(Duration::from_millis(5));
            }
            _ => {
                // The child may have ended in the meantime; nothing more can be done about it.
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    };
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut child.stdout.take()?, &mut answer).ok()?;
    matches!(status.code(), Some(0 | 1)).then_some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, files: &[(&str, &str)]) {
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
            fs::write(path, text).expect("a new file");
        }
    }

    #[test]
    fn values_of_env_files_are_forgotten() {
        let file = EnvFile::of("# comment=1\nexport A = b\nC=\n\nD='your-key'\n");
        assert_eq!(file.names, ["A", "C", "D"].map(str::to_owned).into());
        assert!(file.has_values);
        for text in [
            "A=\n",
            "A=''\n",
            "A=<key>\n",
            "A=your-key-here\n",
            "A=sk-...\n",
            "A= # later\n",
            "# A=1\n",
        ] {
            assert!(!EnvFile::of(text).has_values, "{text}");
        }
        let files = ProjectFiles::from_texts(&[(".env", "KEY=hunter2hunter2")]);
        assert!(!format!("{files:?}").contains("hunter2"));
    }

    #[test]
    fn installed_packages_and_links_are_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        write(
            root,
            &[
                ("pyproject.toml", "[project]"),
                ("src/app/a.py", "A = 1"),
                ("my-env/pyvenv.cfg", ""),
                ("my-env/lib/b.py", ""),
                ("node_modules/c.py", ""),
                (".tox/d.py", ""),
                (".gitignore", "/scratch/\n*.txt\n"),
                ("scratch/e.py", ""),
                ("data/big.csv", "1,2"),
            ],
        );
        #[cfg(unix)]
        std::os::unix::fs::symlink("/usr", root.join("linked")).expect("a link");
        let files = ProjectFiles::read(root);
        let paths: Vec<&str> = files.paths().collect();
        assert_eq!(
            paths,
            [
                ".gitignore",
                "data/big.csv",
                "pyproject.toml",
                "src/app/a.py"
            ]
        );
        assert_eq!(files.text("src/app/a.py"), Some("A = 1"));
        assert_eq!(files.text("data/big.csv"), None);
        assert!(files.is_complete());
    }

    #[test]
    fn git_tells_what_is_tracked_and_ignored() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        write(
            root,
            &[
                (".env", "A=1"),
                (".env.local", "A=1"),
                ("x/.env", "A=1"),
                (".gitignore", ".env.local\n"),
            ],
        );
        assert!(!ProjectFiles::read(root).git().repository);
        for arguments in [["init", "-q"], ["add", ".env"]] {
            let done = Command::new("git")
                .args(arguments)
                .current_dir(root)
                .status();
            assert!(done.expect("git").success());
        }
        let files = ProjectFiles::read(root);
        assert!(files.git().repository);
        assert_eq!(files.git().tracked, [".env".to_owned()].into());
        assert_eq!(files.git().ignored, [".env.local".to_owned()].into());
    }

    #[test]
    fn it_stops_after_enough_entries() {
        let folder = tempfile::tempdir().expect("a folder");
        for number in 0..=MAX_ENTRIES {
            fs::write(folder.path().join(number.to_string()), "").expect("a new file");
        }
        let files = ProjectFiles::read(folder.path());
        assert!(!files.is_complete());
        assert_eq!(files.paths().count(), MAX_ENTRIES);
    }
}
