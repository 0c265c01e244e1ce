//! `hotseat progress`: what practice has achieved, what is planned, and the log of it all.

mod anki;
mod chart;
mod optimize;
mod page;
mod plan;
mod show;
mod transfer;
mod undo;

use std::sync::Arc;

use super::{Content, Failure, Outcome, terminal};
use crate::analysis::Engine;
use crate::catalog::Catalog;
use crate::practice::event::{Entry, Moment};
use crate::practice::progress::Progress;
use crate::practice::store::{Store, StoreError, default_path};

/// What can be done with the log of practice.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Show recall by section, what there is to do today, and what will be known on the day of the interview
    Show(show::Show),
    /// Write the log as JSON Lines, to be kept or merged elsewhere
    Export(transfer::Export),
    /// Add what other logs have and this one has not
    Merge(transfer::Merge),
    /// Take back the last answer, mute, plan or reset
    Undo,
    /// Forget everything about a question, or about all; `undo` takes it back
    Reset(undo::Reset),
    /// Fit the memory model to how you forget, once there are enough answers
    Optimize,
    /// Set the day of the interview and how much to do a day; without options, print the plan
    Plan(plan::Plan),
    /// Write all questions for Anki's text importer; importing again updates them
    Anki(anki::Export),
    /// Read the answers given in Anki to questions that came from here
    ImportAnki(anki::Import),
}

impl Command {
    /// Runs the command.
    pub fn run(self) -> Outcome {
        match self {
            Self::Show(show) => show.run(),
            Self::Export(export) => export.run(),
            Self::Merge(merge) => merge.run(),
            Self::Undo => undo::undo(),
            Self::Reset(reset) => reset.run(),
            Self::Optimize => optimize::optimize(),
            Self::Plan(plan) => plan.run(),
            Self::Anki(export) => export.run(),
            Self::ImportAnki(import) => import.run(),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

/// The log, made if there is none.
pub(super) fn store() -> Result<Store, Failure> {
    let store = Store::open(&default_path()?)?;
    warn_of(&store);
    Ok(store)
}

/// The log, if there is one. Nothing is written for somebody who only looks.
fn existing_store() -> Result<Option<Store>, Failure> {
    let store = Store::open_existing(&default_path()?)?;
    if let Some(store) = &store {
        warn_of(store);
    }
    Ok(store)
}

fn warn_of(store: &Store) {
    if let Some(warning) = store.warning() {
        terminal::warn(&warning);
    }
}

/// The entries of the log, none if there is no log.
fn entries() -> Result<Vec<Entry>, Failure> {
    match existing_store()? {
        Some(store) => Ok(store.entries()?),
        None => Ok(Vec::new()),
    }
}

/// The questions, and what follows from the log for them now.
struct Present {
    engine: Arc<Engine>,
    progress: Progress,
}

impl Present {
    fn of(content: &Content, entries: &[Entry]) -> Result<Self, Failure> {
        Ok(Self {
            engine: content.engine()?,
            progress: Progress::of(entries, Moment::now()),
        })
    }

    fn catalog(&self) -> &Catalog {
        self.engine.catalog()
    }
}

/// `1 answer`, `2 answers`.
pub(super) fn counted(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}
