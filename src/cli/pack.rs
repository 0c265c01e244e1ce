//! `hotseat pack`: folders of questions.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{FOUND, Failure, Outcome, terminal};
use crate::content::{self, LoadError, verify};

/// What can be done with a folder of questions.
#[derive(Debug, clap::Subcommand)]
pub enum Pack {
    /// Check the questions of a folder: their form, every case, every example of a fix
    Check {
        /// The folder, laid out as `<section>/<id>.md`
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

impl Pack {
    /// Runs the command.
    pub fn run(self) -> Outcome {
        let Self::Check { folder } = self;
        if !folder.is_dir() {
            return Err(Failure(format!("{}: not a folder", folder.display())));
        }
        let (questions, problems) = match content::engine(Some(&folder)) {
            Ok(engine) => (engine.catalog().questions.len(), verify::all(&engine)),
            Err(LoadError::Content(errors)) => {
                (0, errors.iter().map(ToString::to_string).collect())
            }
            Err(error @ LoadError::Query(_)) => (0, vec![error.to_string()]),
        };
        if problems.is_empty() {
            let plural = if questions == 1 { "" } else { "s" };
            terminal::note(&format!(
                "{questions} question{plural}, nothing to complain about"
            ));
            return Ok(ExitCode::SUCCESS);
        }
        terminal::show(&(problems.join("\n") + "\n"))?;
        Ok(ExitCode::from(FOUND))
    }
}
