//! The checks of whole projects, as part of `check`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::formats::Report;
use crate::catalog::Catalog;
use crate::project::{Project, on_disk};
use crate::workspace::{self, ProjectFiles, ProjectFinding};

/// Whether an id names a check of projects.
pub fn is_project_check(id: &str) -> bool {
    workspace::CHECKS.iter().any(|check| check.id == id)
}

/// What is found about the projects among some paths: folders with a `pyproject.toml`, a `setup.py`, a list of
/// requirements or a repository of their own. `select` is what the command line asks for; empty for everything.
pub fn reports(paths: &[PathBuf], select: &[String], catalog: &Catalog) -> Vec<Report> {
    let named = |check: &str| {
        select
            .iter()
            .any(|id| id == check || id == workspace::QUESTION)
    };
    let any_named = || workspace::CHECKS.iter().any(|check| named(check.id));
    if catalog.question(workspace::QUESTION).is_none() || !select.is_empty() && !any_named() {
        return Vec::new();
    }
    let roots = paths.iter().filter(|path| workspace::is_project(path));
    roots
        .flat_map(|root| {
            let configuration = Project::of_folder(root, catalog, &on_disk).configuration;
            let folder = std::path::absolute(root).unwrap_or_else(|_| root.clone());
            let wanted = |found: &ProjectFinding| {
                let path = folder.join(&found.file);
                let chosen = !select.is_empty();
                (!chosen || named(found.id))
                    && !configuration.disables_check(found.id, &path, chosen)
            };
            of_one(root, &wanted, catalog)
        })
        .collect()
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
