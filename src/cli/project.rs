//! The checks of whole projects, as part of `check`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::formats::{PROJECT_QUESTION, Report};
use crate::catalog::Catalog;
use crate::workspace::{self, ProjectFiles, ProjectFinding};

/// Whether an id names a check of projects.
pub fn is_project_check(id: &str) -> bool {
    workspace::CHECKS.iter().any(|check| check.id == id)
}

/// What is found about the projects among some paths: folders with a `pyproject.toml`, a `setup.py`, a list of
/// requirements or a repository of their own. `select` is what the command line asks for; empty for everything.
pub fn reports(paths: &[PathBuf], select: &[String], catalog: &Catalog) -> Vec<Report> {
    let wanted = |found: &ProjectFinding| {
        let named = |id: &String| id == found.id || id == PROJECT_QUESTION;
        select.is_empty() || select.iter().any(named)
    };
    let names_one = |id: &String| is_project_check(id) || id == PROJECT_QUESTION;
    if catalog.question(PROJECT_QUESTION).is_none()
        || !select.is_empty() && !select.iter().any(names_one)
    {
        return Vec::new();
    }
    let roots = paths.iter().filter(|path| is_project(path));
    roots
        .flat_map(|root| of_one(root, &wanted, catalog))
        .collect()
}

fn is_project(folder: &Path) -> bool {
    let marks = [
        "pyproject.toml",
        "setup.py",
        "setup.cfg",
        "requirements.txt",
        ".git",
    ];
    folder.is_dir() && marks.iter().any(|mark| folder.join(mark).exists())
}

fn of_one(root: &Path, wanted: &dyn Fn(&ProjectFinding) -> bool, catalog: &Catalog) -> Vec<Report> {
    let files = ProjectFiles::read(root);
    let mut by_file: BTreeMap<String, Vec<ProjectFinding>> = BTreeMap::new();
    for finding in workspace::check(&files).into_iter().filter(wanted) {
        by_file
            .entry(finding.file.clone())
            .or_default()
            .push(finding);
    }
    let report = |(file, found): (String, Vec<ProjectFinding>)| {
        let text = files.text(&file).unwrap_or_default();
        Report::of_project(root, &file, text, &found, catalog)
    };
    by_file.into_iter().map(report).collect()
}
