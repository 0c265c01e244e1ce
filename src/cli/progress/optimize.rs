//! `hotseat progress optimize`: parameters of the memory model for this person.

use std::process::ExitCode;

use super::{Outcome, entries, store, terminal};
use crate::cli::Failure;
use crate::practice::event::{Entry, Event, Moment};
use crate::practice::optimize::{FitError, fit};
use crate::practice::progress::Progress;

/// Fits the parameters, and uses them if they are better.
pub fn optimize() -> Outcome {
    let progress = Progress::of(&entries()?, Moment::now());
    let fit = match fit(&progress) {
        Ok(fit) => fit,
        Err(few @ FitError::TooFew { .. }) => {
            terminal::show(&format!("There are {few}.\n"))?;
            return Ok(ExitCode::SUCCESS);
        }
        Err(error) => return Err(Failure(error.to_string())),
    };
    let (reviews, before, after) = (fit.reviews, fit.before, fit.after);
    let loss = format!(
        "{reviews} answers; log loss on the latest ones, which the optimiser was not shown: {before:.4} before, {after:.4} after"
    );
    let verdict = match fit.better {
        Some(values) => {
            store()?.add(&[Entry::now(Event::Parameters { values, reviews })])?;
            "The new parameters are used from now on; `hotseat progress undo` takes that back."
        }
        None => "The present parameters foretell your answers as well or better, and stay.",
    };
    terminal::show(&format!("{loss}.\n{verdict}\n"))?;
    Ok(ExitCode::SUCCESS)
}
