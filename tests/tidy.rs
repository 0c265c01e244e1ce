//! The invariants of the source tree: what each part must not know, and what must not be written anywhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The modules from the bottom up: each may use only those before it.
const LAYERS: [&str; 5] = ["text", "catalog", "analysis", "fixes", "ide"];

/// The modules at the edge: they use all layers, and of each other only what is listed.
const EDGE: [(&str, &[&str]); 7] = [
    ("content", &[]),
    ("notebook", &[]),
    ("practice", &[]),
    ("workspace", &[]),
    ("project", &["workspace"]),
    (
        "server",
        &["content", "notebook", "practice", "project", "workspace"],
    ),
    (
        "cli",
        &[
            "content",
            "notebook",
            "practice",
            "project",
            "server",
            "workspace",
        ],
    ),
];

/// What may stand at the top of the repository. The last two are left behind by builds and tests, outside version
/// control.
const TOP_LEVEL: [&str; 13] = [
    ".ci",
    ".git",
    ".gitignore",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "content",
    "editors",
    "src",
    "tests",
    "target",
    ".venv",
];

/// A Rust file of `src`.
struct Module {
    /// Relative to `src`, with `/`.
    path: String,
    text: String,
}

impl Module {
    /// The first part of the path without its extension: `server`, `lib`.
    fn area(&self) -> &str {
        let first = self.path.split('/').next().unwrap();
        first.trim_end_matches(".rs")
    }

    /// The code that runs in the product, each line with its number: no tests and no comments. String literals stay.
    fn product_code(&self) -> Vec<(usize, &str)> {
        let is_test_file = self.path.ends_with("tests.rs") || self.path.ends_with("testing.rs");
        let mut code = Vec::new();
        let mut in_tests = is_test_file || self.path.contains("/tests/");
        for (number, line) in (1..).zip(self.text.lines()) {
            let start = line.trim_start();
            // The tests of a file are its last item; a single test-only `mod` line ends with `;`.
            in_tests |= (line.starts_with("#[cfg(test)]") || line.starts_with("#[cfg(all(test,"))
                && !self.next_line_declares_a_module(number);
            if !in_tests && !start.starts_with("//") {
                code.push((number, line));
            }
        }
        code
    }

    fn next_line_declares_a_module(&self, number: usize) -> bool {
        let next = self.text.lines().nth(number).unwrap_or_default();
        next.contains("mod ") && next.ends_with(';')
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn modules() -> Vec<Module> {
    let mut modules = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                modules.push(Module {
                    path: relative(&path),
                    text: fs::read_to_string(&path).unwrap(),
                });
            }
        }
    }
    assert!(modules.len() > 20, "the modules were found");
    modules
}

fn relative(path: &Path) -> String {
    let path = path.strip_prefix(root().join("src")).unwrap();
    path.to_str().unwrap().replace('\\', "/")
}

/// Every line of product code for which `is_wrong` holds, outside the files for which `is_exempt` holds.
fn offenders(is_exempt: impl Fn(&Module) -> bool, is_wrong: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for module in modules().iter().filter(|m| !is_exempt(m)) {
        for (number, line) in module.product_code() {
            if is_wrong(line) {
                found.push(format!("src/{}:{number}: {}", module.path, line.trim()));
            }
        }
    }
    found
}

fn assert_none(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}\n{}", found.join("\n"));
}

/// The modules of this crate that a line names: `crate::a::b`, `crate::{a, b::c}` (on one line).
fn crate_modules(line: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let paths = line
        .match_indices("crate::")
        .filter(|(at, _)| !line[..*at].ends_with(|c: char| is_name(c) || c == ':'));
    for (at, marker) in paths {
        let rest = &line[at + marker.len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0usize;
            let mut starts = true;
            for (i, character) in list.char_indices() {
                match character {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => starts = true,
                    c if starts && is_name(c) => {
                        let name = list[i..].split(|c| !is_name(c)).next().unwrap();
                        names.insert(name);
                        starts = false;
                    }
                    _ => {}
                }
            }
        } else {
            names.insert(rest.split(|c| !is_name(c)).next().unwrap());
        }
    }
    names
}

#[test]
fn names_of_modules_are_found_in_paths_and_lists() {
    let names = |line| crate_modules(line).into_iter().collect::<Vec<_>>();
    assert_eq!(names("use crate::text::edit;"), ["text"]);
    assert_eq!(
        names("use crate::{content, ide::{self, hover}, text};"),
        ["content", "ide", "text"]
    );
    assert_eq!(
        names("fn f(x: crate::fixes::Fix, y: &crate::catalog::Catalog)"),
        ["catalog", "fixes"]
    );
    assert_eq!(names("use other_crate::text;"), [""; 0]);
}

#[test]
fn dependencies_point_downwards() {
    let allowed = |area: &str, used: &str| -> bool {
        let layer = |name: &str| LAYERS.iter().position(|l| *l == name);
        let edge = EDGE.iter().find(|(name, _)| *name == area);
        match (layer(area), layer(used), edge) {
            _ if area == used => true,
            (Some(area), Some(used), _) => used < area,
            (None, Some(_), Some(_)) => true,
            (None, None, Some((_, others))) => others.contains(&used),
            _ => false,
        }
    };
    let mut found = Vec::new();
    for module in modules() {
        let area = module.area();
        if ["lib", "main", "build"].contains(&area) {
            continue;
        }
        let areas: Vec<&str> = LAYERS
            .into_iter()
            .chain(EDGE.map(|(name, _)| name))
            .collect();
        assert!(
            areas.contains(&area),
            "src/{} belongs to no known part",
            module.path
        );
        for (number, line) in module.product_code() {
            for used in crate_modules(line)
                .into_iter()
                .filter(|used| areas.contains(used))
            {
                if !allowed(area, used) {
                    found.push(format!(
                        "src/{}:{number}: `{area}` uses `{used}`",
                        module.path
                    ));
                }
            }
        }
    }
    assert_none(&found, "a module may only use those below it");
}

#[test]
fn only_the_server_names_the_protocols_types() {
    let found = offenders(
        |module| module.area() == "server",
        |line| {
            ["tower_lsp", "ls_types", "lsp_types"]
                .iter()
                .any(|name| line.contains(name))
        },
    );
    assert_none(&found, "LSP types belong to src/server");
}

#[test]
fn only_the_catalog_embeds_content() {
    let found = offenders(
        // The build script leaves out what only tests read.
        |module| ["catalog", "build"].contains(&module.area()),
        |line| line.contains("include_dir!") || line.contains("content/questions"),
    );
    assert_none(&found, "content is read by src/catalog");
}

#[test]
fn analysis_and_ide_know_neither_clock_nor_disk() {
    let found = offenders(
        |module| !["text", "analysis", "fixes", "ide"].contains(&module.area()),
        |line| {
            [
                "std::fs",
                "std::time",
                "std::env",
                "std::process",
                "Instant::",
                "SystemTime",
            ]
            .iter()
            .any(|name| line.contains(name))
        },
    );
    assert_none(
        &found,
        "analysis, fixes and ide are functions of a snapshot and the catalog",
    );
}

#[test]
fn nothing_opens_a_network_socket() {
    let found = offenders(
        |_| false,
        |line| {
            ["std::net", "tokio::net", "TcpStream", "UdpSocket"]
                .iter()
                .any(|name| line.contains(name))
        },
    );
    assert_none(&found, "the program works without a network");
}

#[test]
fn standard_output_is_the_wire() {
    let found = offenders(
        |module| ["cli", "main", "build"].contains(&module.area()),
        |line| {
            let at = |name: &str| {
                line.find(name)
                    .filter(|at| *at == 0 || !line[..*at].ends_with('e'))
            };
            at("println!").is_some() || at("print!").is_some() || line.contains("dbg!(")
        },
    );
    assert_none(&found, "only src/cli writes to standard output");
}

#[test]
fn no_code_gives_up_instead_of_answering() {
    let found = offenders(
        |module| module.area() == "build",
        |line| {
            [
                ".unwrap()",
                ".expect(",
                ".unwrap_err()",
                "todo!(",
                "unimplemented!(",
                "#[ignore",
            ]
            .iter()
            .any(|name| line.contains(name))
        },
    );
    assert_none(
        &found,
        "whatever comes from the wire, the disk or a question file must not panic",
    );
}

#[test]
fn no_test_is_switched_off() {
    let mut found = Vec::new();
    for module in modules() {
        for (number, line) in (1..).zip(module.text.lines()) {
            if line.trim_start().starts_with("#[ignore") {
                found.push(format!("src/{}:{number}", module.path));
            }
        }
    }
    assert_none(&found, "a test that does not run says nothing");
}

#[test]
fn every_module_says_what_it_is_for() {
    let found: Vec<String> = modules()
        .into_iter()
        .filter(|module| !module.text.starts_with("//! "))
        .map(|module| format!("src/{}", module.path))
        .collect();
    assert_none(&found, "a module begins with `//!`");
}

#[test]
fn the_top_of_the_repository_stays_small() {
    let found: Vec<String> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !TOP_LEVEL.contains(&name.as_str()))
        .collect();
    assert_none(&found, "what else is there belongs into one of the folders");
}
