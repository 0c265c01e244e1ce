//! Fits the memory model to how a person forgets, by the optimiser of the `fsrs` crate.

use std::collections::BTreeMap;

use fsrs::{ComputeParametersInput, FSRSItem, FSRSReview, compute_parameters};

use super::event::{Grade, Moment};
use super::memory::{Memory, Parameters};
use super::progress::{Counted, Progress};

/// So many answers a day or more after the one before are needed: with fewer, 21 parameters would mostly be fitted to chance.
pub const NEEDED: usize = 200;

/// One answer in so many is kept from the optimiser, to see whether what it found holds for answers it has not seen.
const UNSEEN: usize = 5;

/// What the optimiser found.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// How many answers it is based on.
    pub reviews: usize,
    /// The log loss of the present parameters on the latest answers. Less is better.
    pub before: f64,
    /// The log loss on the same answers of parameters that were fitted to all others.
    pub after: f64,
    /// Parameters fitted to all answers, if they are better.
    pub better: Option<Parameters>,
}

/// Why there is nothing to fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// There are too few answers.
    #[error(
        "{found} of the {NEEDED} answers that are needed: those that came a day or more after the answer before. Until then the \
         parameters that fit most people are the better guess"
    )]
    TooFew {
        /// How many there are.
        found: usize,
    },
    /// The optimiser gave up.
    #[error("the optimiser finds no parameters: {0}")]
    Optimiser(String),
}

/// Grades and the whole days since the answer before.
type History = Vec<(Grade, i64)>;

/// An answer, with all before it to the same question.
struct Answer {
    at: Moment,
    history: History,
}

/// Fits the parameters to the answers so far.
///
/// # Errors
///
/// If there are too few, or the optimiser gives up.
pub fn fit(progress: &Progress) -> Result<Fit, FitError> {
    let answers = answers(&progress.reviews);
    if answers.len() < NEEDED {
        let found = answers.len();
        return Err(FitError::TooFew { found });
    }
    let (seen, unseen) = answers.split_at(answers.len() - answers.len() / UNSEEN);
    let before = log_loss(&progress.scheduler.parameters, unseen);
    let after = log_loss(&optimised(seen)?, unseen);
    let better = if after < before {
        Some(optimised(&answers)?)
    } else {
        None
    };
    Ok(Fit {
        reviews: answers.len(),
        before,
        after,
        better,
    })
}

/// The answers a day or more after the one before, in the order of time.
fn answers(reviews: &[Counted]) -> Vec<Answer> {
    let mut histories: BTreeMap<&str, (Moment, History)> = BTreeMap::new();
    let mut answers = Vec::new();
    for counted in reviews {
        let (last, history) = histories
            .entry(&counted.review.card)
            .or_insert((counted.at, History::new()));
        let days = counted.at.days_since(*last).max(0);
        *last = counted.at;
        history.push((counted.review.grade, days));
        if days > 0 {
            answers.push(Answer {
                at: counted.at,
                history: history.clone(),
            });
        }
    }
    answers.sort_by_key(|answer| answer.at.millis());
    answers
}

fn optimised(answers: &[Answer]) -> Result<Parameters, FitError> {
    let review = |(grade, days): &(Grade, i64)| FSRSReview {
        rating: *grade as u32 + 1,
        delta_t: u32::try_from(*days).unwrap_or(u32::MAX),
    };
    let item = |answer: &Answer| FSRSItem {
        reviews: answer.history.iter().map(review).collect(),
    };
    let found = compute_parameters(ComputeParametersInput {
        train_set: answers.iter().map(item).collect(),
        ..ComputeParametersInput::default()
    });
    let found = found.map_err(|error| FitError::Optimiser(error.to_string()))?;
    Parameters::fitted(&found).map_err(FitError::Optimiser)
}

/// How surprising the answers are to the memory model, on average.
fn log_loss(parameters: &Parameters, answers: &[Answer]) -> f64 {
    let surprise = |answer: &Answer| {
        let mut memory: Option<Memory> = None;
        let mut expected = 1.0;
        for (grade, days) in &answer.history {
            if let Some(memory) = memory {
                #[expect(clippy::cast_precision_loss, reason = "days fit into 53 bits")]
                let days = *days as f64;
                expected = parameters.recall(memory, days);
            }
            memory = Some(parameters.after(memory.map(|memory| (memory, *days)), *grade));
        }
        let recalled = answer
            .history
            .last()
            .is_some_and(|(grade, _)| *grade != Grade::Again);
        let right = if recalled { expected } else { 1.0 - expected };
        -right.clamp(1e-6, 1.0).ln()
    };
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let number = answers.len().max(1) as f64;
    answers.iter().map(surprise).sum::<f64>() / number
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::scheduler::Scheduler;
    use crate::practice::testing::Diary;

    /// A person who forgets as these parameters say, and has answered ten cards for so many days.
    fn person(parameters: &Parameters, days: i64) -> Progress {
        let truth = Scheduler {
            parameters: parameters.clone(),
            retention: 0.9,
        };
        let mut diary = Diary::new();
        let mut cards: Vec<Option<crate::practice::scheduler::Card>> = vec![None; 10];
        // Looks random, and is the same each time.
        let mut state = 7_u32;
        let mut chance = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state >> 8) / f64::from(1_u32 << 24)
        };
        let today = Progress::of(&[], diary.now).scheduler;
        for _ in 0..days {
            for (number, card) in cards.iter_mut().enumerate() {
                let name = format!("card-{number}");
                let due = card.is_none_or(|card| card.due <= diary.now);
                if !due {
                    continue;
                }
                let recall = card.map_or(0.5, |card| truth.recall(&card, diary.now));
                let grade = if chance() < recall {
                    Grade::Good
                } else {
                    Grade::Again
                };
                diary.answer(&name, grade);
                // Asked when a scheduler that knows nothing of the person says so.
                let after = truth.review(card.as_ref(), grade, diary.now);
                let planned = today.review(card.as_ref(), grade, diary.now);
                *card = Some(crate::practice::scheduler::Card {
                    due: planned.due,
                    ..after
                });
            }
            diary.days(1);
        }
        diary.progress()
    }

    #[test]
    fn few_answers_are_refused_with_their_number() {
        let progress = person(&Parameters::default(), 5);
        let FitError::TooFew { found } = fit(&progress).unwrap_err() else {
            panic!("too few");
        };
        assert!((1..NEEDED).contains(&found), "{found}");
    }

    #[test]
    fn somebody_who_forgets_fast_gets_parameters_that_say_so() {
        let mut values: Vec<f64> =
            serde_json::from_value(serde_json::to_value(Parameters::default()).unwrap()).unwrap();
        // Less is kept at first, and what is recalled grows more slowly.
        values[2] = 0.4;
        values[3] = 1.0;
        values[8] = 0.7;
        let fast: Parameters = values.try_into().unwrap();
        let fit = fit(&person(&fast, 200)).unwrap();
        assert!(fit.reviews >= NEEDED, "{}", fit.reviews);
        assert!(fit.after < fit.before, "{fit:?}");
        let better = fit.better.unwrap();
        let memory = |parameters: &Parameters| parameters.after(None, Grade::Good).stability;
        assert!(memory(&better) < memory(&Parameters::default()));
    }
}
