//! `hotseat new`: the file that a new question starts from.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use super::{Failure, Outcome, terminal};
use crate::catalog::{is_id, skeleton};

/// The arguments of `hotseat new`.
#[derive(Debug, clap::Args)]
pub struct New {
    /// The question's id, such as `gather-vs-wait`; it is also the file's name
    id: String,
    /// The folder to write to: the question's section
    #[arg(long, value_name = "DIR", default_value = ".")]
    folder: PathBuf,
}

impl New {
    /// Runs the command.
    pub fn run(self) -> Outcome {
        if !is_id(&self.id) {
            return Err(Failure(format!(
                "`{}` is not an id: lower-case words and numbers joined by `-`",
                self.id
            )));
        }
        let path = self.folder.join(&self.id).with_extension("md");
        let failed = |error| Failure::io(path.display(), &error);
        fs::create_dir_all(&self.folder).map_err(failed)?;
        // Never writes over a question that exists.
        let mut file = File::create_new(&path).map_err(failed)?;
        file.write_all(skeleton(&self.id).as_bytes())
            .map_err(failed)?;
        terminal::show(&format!("{}\n", path.display()))?;
        terminal::note(
            "Fill in the places in ‹…›, then run `hotseat pack check` on the folder above.",
        );
        Ok(ExitCode::SUCCESS)
    }
}
