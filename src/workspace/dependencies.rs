//! Which packages a project declares.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::layout::is_requirements;
use super::pytest::section;
use super::{Project, lookup};

/// The declared packages, normalised (`pytest-asyncio`); `None` if they cannot be read.
pub fn declared(project: &Project<'_>) -> Option<BTreeSet<String>> {
    let mut found = Found::default();
    found.pyproject(&project.pyproject);
    for (path, text) in project.files.texts() {
        if is_requirements(path) {
            found.requirements(text);
        }
    }
    if let Some(text) = project.files.text("setup.cfg") {
        for name in ["options", "options.extras_require"] {
            for (option, value) in section(text, name).unwrap_or_default() {
                if name != "options" || option == "install_requires" || option == "tests_require" {
                    found.requirements(&value);
                }
            }
        }
    }
    if let Some(table) = project
        .files
        .text("Pipfile")
        .and_then(|text| text.parse::<Table>().ok())
    {
        for path in ["packages", "dev-packages"] {
            found.keys(lookup(&table, &[path]));
        }
    }
    // Dependencies of tests are often named where the tests are run.
    for file in [
        "tox.ini",
        "tox.toml",
        "noxfile.py",
        "environment.yml",
        "environment.yaml",
        "setup.py",
        "Makefile",
        "justfile",
    ] {
        if let Some(text) = project.files.text(file) {
            let words = text.split(|c: char| !(c.is_alphanumeric() || "-_.".contains(c)));
            found.names.extend(
                words
                    .filter(|w| w.contains("pytest") || *w == "anyio")
                    .map(normalised),
            );
        }
    }
    (found.read && !found.hidden).then_some(found.names)
}

#[derive(Default)]
struct Found {
    names: BTreeSet<String>,
    /// Some list of dependencies was there.
    read: bool,
    /// Some of them are computed, or stand in files that were not read.
    hidden: bool,
}

impl Found {
    fn pyproject(&mut self, pyproject: &Table) {
        let table = |path: &[&str]| lookup(pyproject, path);
        self.list(table(&["project", "dependencies"]));
        for path in [
            &["project", "optional-dependencies"][..],
            &["dependency-groups"],
            &["tool", "pdm", "dev-dependencies"],
        ] {
            for list in table(path)
                .and_then(Value::as_table)
                .into_iter()
                .flat_map(Table::values)
            {
                self.list(Some(list));
            }
        }
        self.list(table(&["tool", "uv", "dev-dependencies"]));
        self.keys(table(&["tool", "poetry", "dependencies"]));
        self.keys(table(&["tool", "poetry", "dev-dependencies"]));
        let groups = table(&["tool", "poetry", "group"]).and_then(Value::as_table);
        for group in groups
            .into_iter()
            .flat_map(Table::values)
            .filter_map(Value::as_table)
        {
            self.keys(group.get("dependencies"));
        }
        let environments = table(&["tool", "hatch", "envs"]).and_then(Value::as_table);
        for environment in environments
            .into_iter()
            .flat_map(Table::values)
            .filter_map(Value::as_table)
        {
            for key in ["dependencies", "extra-dependencies"] {
                self.list(environment.get(key));
            }
        }
        let dynamic = table(&["project", "dynamic"]).and_then(Value::as_array);
        self.hidden |= dynamic.is_some_and(|names| {
            names
                .iter()
                .filter_map(Value::as_str)
                .any(|name| name.ends_with("dependencies"))
        });
    }

    /// A list of requirements; of groups that include another only the requirements count.
    fn list(&mut self, list: Option<&Value>) {
        if let Some(list) = list.and_then(Value::as_array) {
            self.read = true;
            for requirement in list.iter().filter_map(Value::as_str) {
                self.requirement(requirement);
            }
        }
    }

    /// A table whose keys are packages.
    fn keys(&mut self, table: Option<&Value>) {
        if let Some(table) = table.and_then(Value::as_table) {
            self.read = true;
            self.names.extend(table.keys().map(|name| normalised(name)));
        }
    }

    fn requirements(&mut self, text: &str) {
        self.read = true;
        for line in text.lines() {
            self.requirement(line);
        }
    }

    fn requirement(&mut self, line: &str) {
        let name = line
            .trim()
            .split(|c: char| !(c.is_alphanumeric() || "-_.".contains(c)))
            .next();
        if let Some(name) = name.filter(|n| n.starts_with(char::is_alphanumeric)) {
            self.names.insert(normalised(name));
        }
    }
}

/// A package's name in lower case, with hyphens.
fn normalised(name: &str) -> String {
    name.to_ascii_lowercase().replace(['_', '.'], "-")
}
