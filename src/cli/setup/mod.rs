//! `hotseat setup`: what an editor needs, said, done, or undone.

mod editors;
mod edits;
mod places;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use editors::{Editor, Plan, Step};
use places::Places;

use super::{Failure, Outcome, files, terminal};

/// The arguments of `hotseat setup`.
#[derive(Debug, clap::Args)]
pub struct Setup {
    /// The editor
    #[arg(value_enum)]
    editor: Editor,
    /// Do it, after showing what changes; files that exist are copied before
    #[arg(long)]
    write: bool,
    /// Take out again what --write has put in, after showing what changes
    #[arg(long, conflicts_with = "write")]
    undo: bool,
}

/// A file that is to be different. No text: there is no file.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    path: PathBuf,
    before: Option<String>,
    after: Option<String>,
    /// Whether the file is hotseat's alone.
    own: bool,
}

impl Setup {
    /// Runs the command.
    pub fn run(self) -> Outcome {
        let version = self.detect()?;
        let places = Places::of_user()
            .ok_or_else(|| Failure("the folders of your configuration are unknown".into()))?;
        let plan = self.editor.plan(&places, version);
        if plan.steps.is_empty() {
            terminal::show(&plan.advice)?;
            let by_hand = "this editor is set up by hand, as described above";
            return if self.write || self.undo {
                Err(Failure(by_hand.into()))
            } else {
                Ok(ExitCode::SUCCESS)
            };
        }
        let changes = self.changes(&plan)?;
        if changes.is_empty() {
            let state = if self.undo {
                "There is nothing of hotseat to take out.\n"
            } else {
                "Everything is in place.\n"
            };
            terminal::show(state)?;
            return Ok(ExitCode::SUCCESS);
        }
        let shown: String = changes.iter().map(Change::shown).collect();
        terminal::show(&terminal::diff(&shown))?;
        if self.write || self.undo {
            for change in &changes {
                if let Some(backup) = change.apply()? {
                    terminal::note(&format!("{} is a copy.", backup.display()));
                }
            }
            terminal::note("Done.");
        } else {
            let name = self.editor.name();
            terminal::note(&format!(
                "\n`hotseat setup {name} --write` does this, and `--undo` takes it out again."
            ));
        }
        if !self.undo {
            terminal::note(&plan.advice);
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Says which version is installed.
    fn detect(&self) -> Result<Option<(u32, u32)>, Failure> {
        let (names, needed) = (self.editor.programs(), self.editor.needed());
        let found = names.iter().find_map(|name| {
            let text = output(name)?;
            Some((name, version(&text)?))
        });
        let shown = |(major, minor): (u32, u32)| match minor {
            0 if major > 1000 => format!("build {major}"),
            _ => format!("{major}.{minor}"),
        };
        let Some((name, present)) = found else {
            terminal::note(&format!(
                "`{}` is not on the PATH, so its version is unknown; {} or newer is needed.",
                names.join("` and `"),
                shown(needed)
            ));
            return Ok(None);
        };
        if present < needed {
            let (present, needed) = (shown(present), shown(needed));
            let problem = format!("`{name}` is {present}; hotseat needs {needed} or newer");
            if self.write {
                return Err(Failure(problem));
            }
            terminal::warn(&problem);
        } else {
            terminal::note(&format!("`{name}` is {}.", shown(present)));
        }
        Ok(Some(present))
    }

    fn changes(&self, plan: &Plan) -> Result<Vec<Change>, Failure> {
        let mut changes = Vec::new();
        for step in &plan.steps {
            let path = step.path();
            let before = match fs::read_to_string(path) {
                Ok(text) => Some(text),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => return Err(Failure::io(path.display(), &error)),
            };
            let after = match (step, self.undo) {
                (Step::Own(_, text), false) => Some((*text).to_owned()),
                (Step::Own(..), true) => None,
                (Step::Edit(_, edit), undo) => {
                    let text = before.as_deref().unwrap_or_default();
                    let edited = if undo {
                        edit.undone(text)
                    } else {
                        edit.done(text)
                    };
                    let edited =
                        edited.map_err(|why| Failure(format!("{}: {why}", path.display())))?;
                    // A file that has nothing in it but what is taken out goes, too.
                    (!edited.trim().is_empty() || before.as_deref() == Some("")).then_some(edited)
                }
            };
            if before != after {
                let path = path.to_owned();
                changes.push(Change {
                    path,
                    before,
                    after,
                    own: matches!(step, Step::Own(..)),
                });
            }
        }
        Ok(changes)
    }
}

impl Change {
    /// The difference; of a file of hotseat's own that comes or goes, one line.
    fn shown(&self) -> String {
        let name = self.path.display().to_string();
        match (&self.before, &self.after) {
            (None, Some(text)) if self.own => {
                let lines = match text.lines().count() {
                    1 => "1 line".to_owned(),
                    lines => format!("{lines} lines"),
                };
                return format!("create {name} ({lines})\n");
            }
            (Some(_), None) if self.own => return format!("remove {name}\n"),
            _ => {}
        }
        let side = |text: &Option<String>| text.as_ref().map_or("/dev/null", |_| name.as_str());
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let (before, after) = (text(&self.before), text(&self.after));
        similar::TextDiff::from_lines(before.as_str(), after.as_str())
            .unified_diff()
            .header(side(&self.before), side(&self.after))
            .to_string()
    }

    /// Makes the change, and returns the copy of a file that is now different.
    fn apply(&self) -> Result<Option<PathBuf>, Failure> {
        let failed = |path: &Path, error: &io::Error| Failure::io(path.display(), error);
        let backup = match &self.before {
            Some(before) if self.after.is_some() => {
                let backup = free_name(&self.path);
                fs::write(&backup, before).map_err(|error| failed(&backup, &error))?;
                Some(backup)
            }
            _ => None,
        };
        match &self.after {
            Some(text) if self.before.is_some() => {
                files::replace(&self.path, text).map_err(Failure)?;
            }
            Some(text) => {
                let folder = self.path.parent().unwrap_or(Path::new("."));
                fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
                fs::write(&self.path, text).map_err(|error| failed(&self.path, &error))?;
            }
            None => {
                fs::remove_file(&self.path).map_err(|error| failed(&self.path, &error))?;
                // Folders that are empty now; the first that is not ends it.
                let mut folders = self.path.ancestors().skip(1);
                while folders.next().is_some_and(|folder| {
                    folder.iter().any(|name| name == "hotseat") && fs::remove_dir(folder).is_ok()
                }) {}
            }
        }
        Ok(backup)
    }
}

/// A name beside a file for its copy that no file has.
fn free_name(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut numbers = 1..;
    loop {
        let number = numbers.next().unwrap_or(u32::MAX);
        let copy = path.with_file_name(format!("{name}.before-hotseat-{number}"));
        if !copy.exists() || number == u32::MAX {
            return copy;
        }
    }
}

/// What a program says about its version.
fn output(program: &str) -> Option<String> {
    let mut command = Command::new(program);
    let output = command.arg("--version").stdin(Stdio::null()).output();
    String::from_utf8(output.ok()?.stdout).ok()
}

/// The first version in a text, as its major and minor number: `NVIM v0.11.4`, `Sublime Text Build 4200`.
fn version(text: &str) -> Option<(u32, u32)> {
    text.split_whitespace().find_map(|word| {
        let word = word.strip_prefix('v').unwrap_or(word);
        let mut numbers = word.split(['.', '-', '+', ',', ')']);
        let major = numbers.next()?.parse().ok()?;
        let minor = numbers.next().and_then(|minor| minor.parse().ok());
        Some((major, minor.unwrap_or(0)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_editors_say() {
        for (text, expected) in [
            ("NVIM v0.11.4\nBuild type: Release", (0, 11)),
            ("VIM - Vi IMproved 9.0 (2022 Jun 28)", (9, 0)),
            ("GNU Emacs 28.2\nCopyright (C) 2022", (28, 2)),
            ("helix 25.07.1 (a05c151b)", (25, 7)),
            ("Sublime Text Build 4200", (4200, 0)),
            ("kate 22.12.3", (22, 12)),
            ("1.100.3\n258e40f\nx64", (1, 100)),
            ("Zed 0.214.5 – /usr/bin/zed", (0, 214)),
        ] {
            assert_eq!(version(text), Some(expected), "{text}");
        }
        assert_eq!(version("no number"), None);
    }
}
