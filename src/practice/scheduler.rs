//! When a card is due again: learning steps within a day, then intervals of FSRS-6.
//!
//! The same steps and states as the scheduler of the reference package `fsrs` for Python (version 6, without fuzz).

use super::event::{Grade, Moment};
use super::memory::{Memory, Parameters};

/// The name of the scheduler in reviews.
pub const SCHEDULER: &str = "fsrs-6";

/// Minutes after which a card that is being learnt is asked again.
const LEARNING: [i64; 2] = [1, 10];

/// Minutes after which a forgotten card is asked again.
const RELEARNING: [i64; 1] = [10];

/// Days: a hundred years.
const LONGEST: f64 = 36_500.0;

/// Milliseconds.
const MINUTE: i64 = 60_000;

/// What is asked again while it is learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// At that place of the learning steps.
    Learning(usize),
    /// At that place of the relearning steps, after it was forgotten.
    Relearning(usize),
    /// After days.
    Review,
}

/// What is known about a card that was reviewed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Card {
    /// How it is learnt.
    pub phase: Phase,
    /// How it is remembered since the last review.
    pub memory: Memory,
    /// The last review.
    pub last: Moment,
    /// When it is asked again, without regard to the day of an interview.
    pub due: Moment,
}

/// Computes intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct Scheduler {
    /// How the person forgets.
    pub parameters: Parameters,
    /// The recall at which a card is asked again.
    pub retention: f64,
}

impl Default for Scheduler {
    fn default() -> Self {
        Self {
            parameters: Parameters::default(),
            retention: 0.9,
        }
    }
}

impl Scheduler {
    /// The card after a review.
    pub fn review(&self, before: Option<&Card>, grade: Grade, at: Moment) -> Card {
        let memory = before.map(|card| (card.memory, at.days_since(card.last)));
        let memory = self.parameters.after(memory, grade);
        let phase = before.map_or(Phase::Learning(0), |card| card.phase);
        let (phase, wait) = match phase {
            Phase::Learning(step) => self.step(Phase::Learning, &LEARNING, step, memory, grade),
            Phase::Relearning(step) => {
                self.step(Phase::Relearning, &RELEARNING, step, memory, grade)
            }
            Phase::Review if grade == Grade::Again => {
                (Phase::Relearning(0), RELEARNING[0] * MINUTE)
            }
            Phase::Review => (Phase::Review, self.days(memory)),
        };
        Card {
            phase,
            memory,
            last: at,
            due: at.plus_millis(wait),
        }
    }

    /// The probability that a card is recalled at a moment.
    pub fn recall(&self, card: &Card, at: Moment) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "days fit into 53 bits")]
        let days = at.days_since(card.last) as f64;
        self.parameters.recall(card.memory, days)
    }

    /// The phase after a step, and the milliseconds until the card is asked again.
    fn step(
        &self,
        phase: fn(usize) -> Phase,
        steps: &[i64],
        step: usize,
        memory: Memory,
        grade: Grade,
    ) -> (Phase, i64) {
        let minutes = |step: usize| steps.get(step).map(|minutes| minutes * MINUTE);
        let next = match grade {
            Grade::Again => minutes(0).map(|wait| (0, wait)),
            // Between the first step and the second, or half as long again if there is no second.
            Grade::Hard if step == 0 => minutes(0).map(|first| match minutes(1) {
                Some(second) => (0, i64::midpoint(first, second)),
                None => (0, first * 3 / 2),
            }),
            Grade::Hard => minutes(step).map(|wait| (step, wait)),
            Grade::Good => minutes(step + 1).map(|wait| (step + 1, wait)),
            Grade::Easy => None,
        };
        match next {
            Some((step, wait)) => (phase(step), wait),
            None => (Phase::Review, self.days(memory)),
        }
    }

    /// The interval in milliseconds: whole days, at least one.
    fn days(&self, memory: Memory) -> i64 {
        let days = self.parameters.interval(memory, self.retention);
        #[expect(clippy::cast_possible_truncation, reason = "clamped before")]
        let days = days.round_ties_even().clamp(1.0, LONGEST) as i64;
        days * 24 * 60 * MINUTE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due_after(grades: &[(Grade, i64)]) -> Vec<i64> {
        let scheduler = Scheduler::default();
        let mut now: Moment = "2026-01-01T12:00:00Z".parse().unwrap();
        let mut card = None;
        let mut minutes = Vec::new();
        for (grade, wait) in grades {
            now = now.plus_millis(wait * MINUTE);
            let next = scheduler.review(card.as_ref(), *grade, now);
            minutes.push((next.due.millis() - now.millis()) / MINUTE);
            card = Some(next);
        }
        minutes
    }

    #[test]
    fn learning_takes_two_steps_and_then_days() {
        use Grade::{Again, Easy, Good, Hard};
        const DAY: i64 = 24 * 60;
        assert_eq!(due_after(&[(Good, 0), (Good, 10)]), [10, 2 * DAY]);
        assert_eq!(due_after(&[(Hard, 0)]), [5]);
        assert_eq!(due_after(&[(Again, 0), (Easy, 1)]), [1, DAY]);
        assert_eq!(due_after(&[(Easy, 0), (Again, 8 * DAY)]), [8 * DAY, 10]);
    }
}
