//! Real Python of any length: modules of the standard library of the Python that runs the tests.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::typing::HEADER;

const MODULES: [&str; 20] = [
    "argparse",
    "asyncio/base_events",
    "asyncio/tasks",
    "typing",
    "dataclasses",
    "inspect",
    "logging/__init__",
    "subprocess",
    "tarfile",
    "zipfile",
    "pathlib",
    "email/message",
    "http/client",
    "json/decoder",
    "unittest/mock",
    "concurrent/futures/thread",
    "threading",
    "ast",
    "pickle",
    "difflib",
];

/// The function in which something is typed.
const BODY: &str = "    for path in paths:\n        items.append(path)\n    return items\n\n\n";

/// How many lines a class has at least that is called long.
pub const LONG: usize = 10_500;

/// The texts of the modules.
pub struct Corpus {
    modules: Vec<String>,
}

/// Where the function stands in which something is typed.
#[derive(Clone, Copy)]
pub enum Place {
    /// Before the first definition.
    Top,
    /// Half the way down, in the module.
    Middle,
    /// Half the way down a class of [`LONG`] lines, which is half the way down the module.
    LongClass,
    /// Behind everything else.
    End,
}

/// A file with the function in which something is typed.
pub struct Module {
    pub text: String,
    /// The byte at which the function starts.
    pub header: usize,
}

impl Corpus {
    pub fn read() -> Self {
        let library = library();
        Self {
            modules: MODULES.map(|name| module(&library, name)).to_vec(),
        }
    }

    /// The modules one by one.
    pub fn modules(&self) -> &[String] {
        &self.modules
    }

    /// The first lines of the modules one after the other, again and again: as many as asked for, and those up to the next
    /// definition.
    fn lines(&self, number: usize) -> Vec<&str> {
        let all = self.modules.iter().flat_map(|text| text.lines()).cycle();
        let mut lines: Vec<&str> = Vec::new();
        for line in all {
            if lines.len() >= number && starts_definition(line) {
                break;
            }
            lines.push(line);
        }
        lines
    }

    /// A file of about so many lines.
    pub fn module(&self, lines: usize, place: Place) -> Module {
        let lines = self.lines(lines);
        let definition_after = |line: usize| {
            let found = lines[line..].iter().position(|l| starts_definition(l));
            line + found.unwrap_or(lines.len() - line)
        };
        let at = match place {
            Place::Top => definition_after(0),
            Place::Middle | Place::LongClass => definition_after(lines.len() / 2),
            Place::End => lines.len(),
        };
        let mut text = joined(&lines[..at], "");
        let header = if let Place::LongClass = place {
            let members = self.lines(LONG / 2);
            text += "class Long:\n";
            text += &joined(&members, "    ");
            let header = text.len() + "    ".len();
            let function: Vec<&str> = HEADER.lines().chain(BODY.lines()).collect();
            text += &joined(&function, "    ");
            text += &joined(&members, "    ");
            header
        } else {
            let header = text.len();
            text += HEADER;
            text += BODY;
            header
        };
        text += &joined(&lines[at..], "");
        Module { text, header }
    }
}

fn joined(lines: &[&str], indentation: &str) -> String {
    let mut text = String::new();
    for line in lines {
        if !line.is_empty() {
            text += indentation;
        }
        text += line;
        text.push('\n');
    }
    text
}

fn starts_definition(line: &str) -> bool {
    ["def ", "class ", "async def ", "@"]
        .iter()
        .any(|start| line.starts_with(start))
}

/// The folder of the standard library.
fn library() -> PathBuf {
    let python = env::var_os("HOTSEAT_TEST_PYTHON").unwrap_or_else(|| "python3".into());
    let script = "import os, sys; sys.stdout.write(os.path.dirname(os.__file__))";
    let output = Command::new(python).args(["-c", script]).output();
    let output = output.expect("python3 is needed, or one that HOTSEAT_TEST_PYTHON names");
    PathBuf::from(String::from_utf8(output.stdout).expect("a path"))
}

fn module(library: &Path, name: &str) -> String {
    // Some of them are packages in newer versions.
    let places = [format!("{name}.py"), format!("{name}/__init__.py")];
    let text = places
        .iter()
        .find_map(|place| fs::read_to_string(library.join(place)).ok());
    let text = text.unwrap_or_else(|| panic!("{} has no module {name}", library.display()));
    // These are allowed at the beginning of a file alone.
    let lines = text.lines().filter(|l| !l.starts_with("from __future__"));
    lines.map(|line| format!("{line}\n")).collect()
}
