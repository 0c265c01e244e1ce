//! `hotseat progress undo` and `reset`: nothing is deleted, another entry says what does not count.

use std::process::ExitCode;

use super::{Failure, Outcome, entries, existing_store, store, terminal};
use crate::cli::{Content, did_you_mean};
use crate::practice::event::{Entry, Event, Moment};
use crate::practice::progress::{Progress, last_undoable};

/// Takes back the last entry that can be taken back.
pub fn undo() -> Outcome {
    let nothing = || Failure("there is nothing to take back".into());
    let mut store = existing_store()?.ok_or_else(nothing)?;
    let entries = store.entries()?;
    let last = last_undoable(&entries).ok_or_else(nothing)?;
    store.add(&[Entry::now(Event::Undo { entry: last.id })])?;
    let when = last.at.readable();
    terminal::show(&format!("Taken back: {}, {when}.\n", told(&last.event)))?;
    Ok(ExitCode::SUCCESS)
}

/// What has happened, in words.
fn told(event: &Event) -> String {
    match event {
        Event::Review(review) => format!("`{}` for {}", review.grade.name(), review.card),
        Event::Bury { card, until } => format!("leaving out {card} until {until}"),
        Event::Mute { card } => format!("muting {card}"),
        Event::Unmute { card } => format!("no longer muting {card}"),
        Event::Plan(_) => "a change of the plan".to_owned(),
        Event::Parameters { reviews, .. } => format!("parameters fitted to {reviews} answers"),
        Event::Reset { card: Some(card) } => format!("forgetting everything about {card}"),
        Event::Reset { card: None } => "forgetting everything".to_owned(),
        Event::Undo { .. } => "taking something back".to_owned(),
        Event::Session { .. } => "a session".to_owned(),
        Event::Unknown => "something of a newer version".to_owned(),
    }
}

/// The arguments of `hotseat progress reset`.
#[derive(Debug, clap::Args)]
pub struct Reset {
    /// The question; all questions, if there is none
    question: Option<String>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    content: Content,
}

impl Reset {
    /// Runs the command.
    pub fn run(self) -> Outcome {
        let progress = Progress::of(&entries()?, Moment::now());
        let answers = match &self.question {
            Some(question) => {
                let engine = self.content.engine()?;
                let catalog = engine.catalog();
                let known = catalog.questions.iter().map(|q| q.id.as_str());
                let known = known.chain(progress.cards.keys().map(String::as_str));
                if !known.clone().any(|id| id == question) {
                    let hint = did_you_mean(question, known);
                    return Err(Failure(format!("there is no question `{question}`{hint}")));
                }
                progress
                    .cards
                    .get(question)
                    .map_or(0, |known| known.reviews)
            }
            None => progress.reviews.len(),
        };
        let about = self.question.as_deref().unwrap_or("all questions");
        let answers = super::counted(answers, "answer");
        if !self.yes
            && !terminal::confirm(&format!("Forget everything about {about} ({answers})?"))?
        {
            terminal::show("Nothing was forgotten.\n")?;
            return Ok(ExitCode::SUCCESS);
        }
        let card = self.question.clone();
        store()?.add(&[Entry::now(Event::Reset { card })])?;
        terminal::show(&format!(
            "Everything about {about} ({answers}) is forgotten; `hotseat progress undo` takes that back.\n"
        ))?;
        Ok(ExitCode::SUCCESS)
    }
}
