//! Checks of a whole project: its layout, its configuration, what its modules have in common.
//!
//! [`ProjectFiles::read`] is the only part that touches the disk. [`check`] is a pure function of what it read.

mod code;
mod dependencies;
mod environment;
mod files;
mod layout;
mod modules;
mod pytest;
mod sources;
mod table;
mod tooling;

use std::ops::Range;
use std::path::Path;

use crate::analysis::suppression;
use crate::catalog::Severity;

pub use files::{EnvFile, Git, ProjectFiles};
pub use pytest::PytestConfig;
pub use sources::{is_python_file, python_files, walk};
pub use table::{CHECKS, ProjectCheck};

use modules::Module;

/// The question that all checks belong to.
pub const QUESTION: &str = "llm-project-structure";

/// Whether a folder is that of a project: it has a `pyproject.toml`, a `setup.py`, a list of requirements or a repository of
/// its own.
pub fn is_project(folder: &Path) -> bool {
    let marks = [
        "pyproject.toml",
        "setup.py",
        "setup.cfg",
        "requirements.txt",
        ".git",
    ];
    folder.is_dir() && marks.iter().any(|mark| folder.join(mark).exists())
}

/// Something that is wrong with a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectFinding {
    /// The id of the check: `ws-no-tests`.
    pub id: &'static str,
    /// The file it is shown on: a path below the project's folder, with `/`.
    pub file: String,
    /// The bytes of that file it is about; `None` for the file as a whole.
    pub range: Option<Range<usize>>,
    /// How serious it is.
    pub severity: Severity,
    /// One plain line with the evidence. Never the value of a variable or a secret.
    pub message: String,
}

impl ProjectFinding {
    /// A finding about a file as a whole. `evidence` takes the place of `{}` in the check's message.
    fn of(id: &'static str, file: &str, evidence: &str) -> Option<Self> {
        let check = CHECKS.iter().find(|check| check.id == id)?;
        Some(Self {
            id,
            file: file.to_owned(),
            range: None,
            severity: check.severity,
            message: check.message.replace("{}", evidence),
        })
    }
}

/// What every check sees.
struct Project<'p> {
    files: &'p ProjectFiles,
    /// `pyproject.toml`; empty if there is none, or none that can be read.
    pyproject: toml::Table,
    pytest: PytestConfig,
    modules: Vec<Module<'p>>,
}

/// Runs all checks of the project. A folder without Python in it has no findings.
pub fn check(files: &ProjectFiles) -> Vec<ProjectFinding> {
    if !layout::is_python_project(files) {
        return Vec::new();
    }
    let pyproject = files
        .text("pyproject.toml")
        .and_then(|text| text.parse().ok())
        .unwrap_or_default();
    let pytest = PytestConfig::of(files);
    let project = Project {
        files,
        pyproject,
        modules: modules::read(files, &pytest),
        pytest,
    };
    let mut findings = Vec::new();
    for run in [
        layout::check,
        environment::check,
        tooling::check,
        code::check,
    ] {
        findings.extend(run(&project));
    }
    findings.retain(|finding| !is_silenced(files, finding));
    findings
}

/// Whether a comment silences a finding: on the first line of what it is about, or for its file.
fn is_silenced(files: &ProjectFiles, finding: &ProjectFinding) -> bool {
    if let Some((_, env)) = files.env_files().find(|(path, _)| *path == finding.file) {
        return env.silenced.contains(finding.id);
    }
    let at = finding.range.as_ref().map_or(0, |range| range.start);
    let text = files.text(&finding.file).unwrap_or_default();
    suppression::in_any_text(text, at, &[finding.id, QUESTION])
}

impl Project<'_> {
    /// The file that findings about the project as a whole are shown on.
    fn main_file(&self) -> String {
        let root = self.files.paths().filter(|path| !path.contains('/'));
        let rank = |path: &&str| match *path {
            "pyproject.toml" => 0,
            "setup.cfg" => 1,
            "setup.py" => 2,
            path if layout::is_requirements(path) => 3,
            path if files::is_python(path) => 4,
            _ => 5,
        };
        let first = root
            .min_by_key(rank)
            .or_else(|| self.files.paths().find(|p| files::is_python(p)));
        first.unwrap_or_default().to_owned()
    }

    /// A value of `pyproject.toml`.
    fn setting(&self, path: &[&str]) -> Option<&toml::Value> {
        lookup(&self.pyproject, path)
    }
}

/// The value under a path of keys.
fn lookup<'t>(table: &'t toml::Table, path: &[&str]) -> Option<&'t toml::Value> {
    let (last, tables) = path.split_last()?;
    let mut table = table;
    for key in tables {
        table = table.get(*key)?.as_table()?;
    }
    table.get(*last)
}

/// Names as a list in a sentence: at most five of them.
fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    const SHOWN: usize = 5;
    let names: Vec<&str> = names.into_iter().collect();
    let mut text = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}

#[cfg(test)]
mod testing {
    use super::*;

    /// The findings of one check in a project of these files, as `file: message`.
    pub fn found_in(id: &str, files: &ProjectFiles) -> Vec<String> {
        assert!(CHECKS.iter().any(|check| check.id == id), "{id}");
        let findings = check(files).into_iter().filter(|f| f.id == id);
        findings
            .map(|f| format!("{}: {}", f.file, f.message))
            .collect()
    }

    /// The files that one check reports in a project of these files.
    pub fn places(id: &str, files: &[(&str, &str)]) -> Vec<String> {
        let findings = check(&ProjectFiles::from_texts(files)).into_iter();
        assert!(CHECKS.iter().any(|check| check.id == id), "{id}");
        findings.filter(|f| f.id == id).map(|f| f.file).collect()
    }

    /// Whether one check reports anything in a project of these files, `pyproject.toml` included.
    pub fn reports(id: &str, files: &[(&str, &str)]) -> bool {
        !places(id, files).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_python_has_no_findings() {
        let notes = [("README.md", "# Notes"), (".env", "KEY=1"), ("a.py", "")];
        assert_eq!(check(&ProjectFiles::from_texts(&notes)), []);
    }

    #[test]
    fn comments_silence_findings() {
        let found = |pyproject: &str, env: &str| {
            let files = [("a.py", ""), (".env", env), ("pyproject.toml", pyproject)];
            let files = ProjectFiles::from_texts(&files).in_repository(&[".env"], &[]);
            let findings = check(&files);
            findings.into_iter().map(|f| f.id).collect::<Vec<_>>()
        };
        let project = "[project]\nscripts.a = 'a:main'\n";
        assert_eq!(
            found(project, "KEY=abc"),
            ["ws-env-committed", "ws-no-lock"]
        );
        let silenced = format!("# hotseat: ignore[ws-no-lock]\n{project}");
        assert_eq!(found(&silenced, "KEY=abc"), ["ws-env-committed"]);
        let silenced = format!("# hotseat: ignore[llm-project-structure]\n{project}");
        let env = "# hotseat: ignore[ws-env-committed]\nKEY=abc";
        assert_eq!(found(&silenced, env), [""; 0]);
    }

    #[test]
    fn every_finding_is_one_line_and_its_check_is_in_the_table() {
        let files = ProjectFiles::from_texts(&[("a.py", ""), ("b.py", ""), ("c.py", "")]);
        let findings = check(&files);
        let ids: Vec<_> = findings.iter().map(|f| f.id).collect();
        assert_eq!(ids, ["ws-no-pyproject", "ws-no-tests"]);
        for finding in findings {
            assert!(!finding.message.contains(['{', '\n']), "{finding:?}");
        }
    }
}
