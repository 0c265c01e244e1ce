//! `hotseat progress anki` and `import-anki`.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{Failure, Outcome, counted, store, terminal};
use crate::cli::{Content, files};
use crate::practice::anki;

/// The arguments of `hotseat progress anki`.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// The file to write, for `File › Import` in Anki
    #[arg(value_name = "FILE.txt")]
    file: PathBuf,
    #[command(flatten)]
    content: Content,
}

impl Export {
    /// Runs the command.
    pub fn run(self) -> Outcome {
        let is_package = |end: &std::ffi::OsStr| end == "apkg" || end == "colpkg";
        if self.file.extension().is_some_and(is_package) {
            return Err(Failure(format!(
                "{}: this writes text for Anki's importer, no package; name the file `.txt`",
                self.file.display()
            )));
        }
        let engine = self.content.engine()?;
        let catalog = engine.catalog();
        files::write(&self.file, &anki::notes(catalog)).map_err(Failure)?;
        let notes = counted(catalog.questions.len(), "note");
        terminal::note(&format!(
            "{notes} in {}; `File › Import` in Anki takes them.",
            self.file.display()
        ));
        Ok(ExitCode::SUCCESS)
    }
}

/// The arguments of `hotseat progress import-anki`.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// `collection.anki2` in the folder of your Anki profile; close Anki before
    #[arg(value_name = "COLLECTION")]
    file: PathBuf,
    #[command(flatten)]
    content: Content,
}

impl Import {
    /// Runs the command.
    pub fn run(self) -> Outcome {
        let engine = self.content.engine()?;
        let entries = anki::answers(&self.file, engine.catalog());
        let entries = entries.map_err(|error| Failure(error.to_string()))?;
        let new = match entries.len() {
            0 => 0,
            _ => store()?.add(&entries)?,
        };
        let known = entries.len() - new;
        let answers = counted(new, "new answer");
        terminal::show(&format!("{answers}, {known} known already\n"))?;
        Ok(ExitCode::SUCCESS)
    }
}
