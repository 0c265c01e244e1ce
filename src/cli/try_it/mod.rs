//! `hotseat try`: the newcomer's first minute, in an editor or on paper.

mod preview;

use std::fs;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;

use super::files::{self, Input};
use super::{Content, Failure, Outcome, terminal};
use crate::ide::Snapshot;
use crate::project::{Overrides, Project, on_disk};

/// What is shown when the person has no file at hand.
const EXAMPLE: &str = include_str!("example.py");

/// The example's name.
const EXAMPLE_NAME: &str = "llm_client.py";

/// Neovim's whole configuration for the occasion.
const NEOVIM_CONFIGURATION: &str = include_str!("init.lua");

/// The first Neovim with `vim.lsp.config`, as major and minor version.
const NEOVIM_NEEDED: (u32, u32) = (0, 11);

/// The arguments of `hotseat try`.
#[derive(Debug, clap::Args)]
pub struct Try {
    /// A Python file; without it an example
    file: Option<PathBuf>,
    /// Print what an editor would show instead of opening one
    #[arg(long)]
    print: bool,
    #[command(flatten)]
    content: Content,
}

/// An editor that can show hotseat at work.
#[derive(Debug, PartialEq, Eq)]
enum Editor {
    Neovim,
    /// With the extension of hotseat installed.
    VsCode,
}

impl Try {
    /// Runs the command.
    pub fn run(self) -> Outcome {
        let on_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
        let editor = if self.print || !on_terminal {
            None
        } else {
            editor()
        };
        let Some(editor) = editor else {
            if on_terminal && !self.print {
                terminal::note(
                    "No Neovim 0.11 or newer and no VS Code with hotseat found: this is what they would show.\n",
                );
            }
            return self.print();
        };
        let folder = tempfile::Builder::new().prefix("hotseat-").tempdir();
        let folder = folder.map_err(|error| Failure::io("temporary folder", &error))?;
        let file = match &self.file {
            Some(file) => std::path::absolute(file).unwrap_or_else(|_| file.clone()),
            None => write(folder.path(), EXAMPLE_NAME, EXAMPLE)?,
        };
        match editor {
            Editor::Neovim => self.neovim(folder.path(), &file),
            Editor::VsCode => open(Command::new("code").arg("--wait").arg(&file)),
        }
    }

    fn neovim(&self, folder: &Path, file: &Path) -> Outcome {
        let configuration = write(folder, "init.lua", NEOVIM_CONFIGURATION)?;
        let program = std::env::current_exe().map_err(|error| Failure::io("hotseat", &error))?;
        let mut neovim = Command::new("nvim");
        neovim
            .arg("--clean")
            .arg("-u")
            .arg(configuration)
            .arg(file)
            .env("HOTSEAT_TRY_PROGRAM", program)
            .env("HOTSEAT_TRY_FILE", file);
        if let Some(content) = &self.content.folder {
            let content = std::path::absolute(content).unwrap_or_else(|_| content.clone());
            neovim.env("HOTSEAT_TRY_CONTENT", content);
        }
        open(&mut neovim)
    }

    fn print(self) -> Outcome {
        let engine = self.content.engine()?;
        let (path, text) = match self.file {
            Some(path) => {
                let input = Input { path, stdin: false };
                let source = files::read(&input).map_err(Failure)?;
                (input.path, source.text)
            }
            None => (PathBuf::from(EXAMPLE_NAME), Arc::from(EXAMPLE)),
        };
        let catalog = engine.catalog();
        let project = Project::of_file(&path, catalog, &on_disk);
        let settings = Arc::new(project.file_settings(&path, catalog, Overrides::default()));
        let snapshot = Snapshot::once(&engine, &path, &text, settings);
        terminal::show(&preview::render(&snapshot))?;
        Ok(ExitCode::SUCCESS)
    }
}

fn write(folder: &Path, name: &str, text: &str) -> Result<PathBuf, Failure> {
    let path = folder.join(name);
    fs::write(&path, text).map_err(|error| Failure::io(path.display(), &error))?;
    Ok(path)
}

fn open(editor: &mut Command) -> Outcome {
    let status = editor
        .status()
        .map_err(|error| Failure::io(editor.get_program().to_string_lossy(), &error))?;
    if status.success() {
        Ok(ExitCode::SUCCESS)
    } else {
        Err(Failure(format!("the editor ended with {status}")))
    }
}

/// The editor to use, if there is one.
fn editor() -> Option<Editor> {
    let version = output(Command::new("nvim").arg("--version"));
    if version.and_then(|text| neovim_version(&text)) >= Some(NEOVIM_NEEDED) {
        return Some(Editor::Neovim);
    }
    let extensions = output(Command::new("code").arg("--list-extensions"))?;
    let is_ours = |line: &str| line.rsplit('.').next() == Some("hotseat");
    extensions.lines().any(is_ours).then_some(Editor::VsCode)
}

fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    String::from_utf8(output.stdout).ok()
}

/// Major and minor version in `NVIM v0.11.4`.
fn neovim_version(text: &str) -> Option<(u32, u32)> {
    let version = text.lines().next()?.strip_prefix("NVIM v")?;
    let mut numbers = version.split(['.', '-']);
    let mut number = || numbers.next()?.parse().ok();
    Some((number()?, number()?))
}

#[cfg(test)]
mod tests {
    use super::neovim_version;

    #[test]
    fn the_version_of_neovim_is_in_its_first_line() {
        assert_eq!(
            neovim_version("NVIM v0.11.4\nBuild type: Release"),
            Some((0, 11))
        );
        assert_eq!(neovim_version("NVIM v0.12.0-dev-1+g1"), Some((0, 12)));
        assert_eq!(neovim_version("VIM - Vi IMproved 9.0"), None);
    }
}
