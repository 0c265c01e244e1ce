//! `hotseat progress export` and `merge`: the log as lines of JSON, so that two machines can share it.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{Failure, Outcome, counted, existing_store, store, terminal};
use crate::cli::files;
use crate::practice::event::Entry;

/// The arguments of `hotseat progress export`.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// Where to write it; standard output, if there is none
    file: Option<PathBuf>,
}

impl Export {
    /// Runs the command.
    pub fn run(self) -> Outcome {
        let lines = match existing_store()? {
            Some(store) => store.lines()?,
            None => Vec::new(),
        };
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        match self.file {
            None => terminal::show_exactly(&text)?,
            Some(file) => {
                files::write(&file, &text).map_err(Failure)?;
                let lines = counted(lines.len(), "line");
                terminal::note(&format!("{lines} in {}", file.display()));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The arguments of `hotseat progress merge`.
#[derive(Debug, clap::Args)]
pub struct Merge {
    /// What `export` has written; `-` is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

impl Merge {
    /// Runs the command. Nothing is merged if anything is wrong with a line.
    pub fn run(self) -> Outcome {
        let mut found = Vec::new();
        let mut problems = Vec::new();
        for file in &self.files {
            let text = read(file)?;
            let text = text.strip_prefix(files::BOM).unwrap_or(&text);
            for (number, line) in (1..).zip(text.lines()) {
                let line = line.trim();
                match serde_json::from_str::<Entry>(line) {
                    _ if line.is_empty() => {}
                    Ok(entry) => found.push((entry, line.to_owned())),
                    Err(error) => {
                        let why = reason(&error);
                        problems.push(format!("{}:{number}: {why}", file.display()));
                    }
                }
            }
        }
        if !problems.is_empty() {
            problems.truncate(MOST_PROBLEMS);
            problems.push("Nothing was merged.".to_owned());
            return Err(Failure(problems.join("\n")));
        }
        let all = found.len();
        let new = store()?.add_lines(found)?;
        let known = all - new;
        let entries = counted(new, "new entry").replace("entrys", "entries");
        terminal::show(&format!("{entries}, {known} known already\n"))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Who merges a wrong file need not read all of it.
const MOST_PROBLEMS: usize = 20;

fn read(file: &Path) -> Result<String, Failure> {
    let failed = |error: io::Error| Failure::io(file.display(), &error);
    if file == Path::new("-") {
        let mut text = String::new();
        io::stdin()
            .lock()
            .read_to_string(&mut text)
            .map_err(failed)?;
        return Ok(text);
    }
    std::fs::read_to_string(file).map_err(failed)
}

/// What is wrong, without the place inside the line where the parser noticed it.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let (what, _) = text.split_once(" at line ").unwrap_or((&text, ""));
    match error.classify() {
        serde_json::error::Category::Data => what.to_owned(),
        _ => format!("not JSON ({what}, column {})", error.column()),
    }
}
