//! What will be known on the day of the interview, honestly: the days until then are played through several times, with
//! answers that fail as often as the memory model expects.

use super::event::Grade;
use super::progress::{Progress, days_between};
use super::queue::{self, Subject};
use super::scheduler::Phase;

/// How often the days are played through.
const ROUNDS: u64 = 15;

/// The minutes a day that are tried to find how many would be enough.
const MINUTES: [u32; 8] = [5, 10, 15, 20, 30, 45, 60, 90];

/// The recall from which a question counts as ready.
pub const READY: f64 = 0.9;

/// Milliseconds: a person answers the next question after about a minute.
const PAUSE: i64 = 60_000;

/// Days.
const RECENT: i32 = 30;

/// So many answers a day are enough for anybody.
const MOST_A_DAY: usize = 200;

/// What will be known.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The days until the interview.
    pub days: i32,
    /// How many questions will be ready, on average.
    pub ready: usize,
    /// How many questions there are.
    pub total: usize,
    /// The minutes a day for which it holds.
    pub minutes: u32,
    /// The minutes a day with which (nearly) all would be ready; none if no time is enough.
    pub enough: Option<u32>,
    /// The part of the questions that is ready on average, from 0 to 1, on each day until the interview, which is the last.
    pub by_day: Vec<f64>,
}

impl Forecast {
    /// The forecast in a sentence or two.
    pub fn sentence(&self) -> String {
        let Self {
            ready,
            total,
            minutes,
            ..
        } = self;
        let when = match self.days {
            0 => "Today".to_owned(),
            1 => "Tomorrow".to_owned(),
            days => format!("On the day of the interview, in {days} days,"),
        };
        let ready = format!(
            "{when} about {ready} of {total} questions will be ready (recall of at least 90 %) at {minutes} minutes a day."
        );
        match self.enough {
            Some(enough) if enough > *minutes => {
                format!("{ready} For all of them it takes about {enough} minutes a day.")
            }
            None => format!("{ready} No time a day is enough for all of them by then."),
            Some(_) => ready,
        }
    }
}

/// What will be known on the day of the interview at the planned minutes a day; none without a day.
pub fn forecast(progress: &Progress, subjects: &[Subject]) -> Option<Forecast> {
    let days = progress.days_left()?;
    let subjects: Vec<Subject> = subjects
        .iter()
        .filter(|subject| !progress.is_muted(&subject.card))
        .cloned()
        .collect();
    let minutes = progress.settings.minutes;
    let by_day = play(progress, &subjects, days, minutes);
    let total = subjects.len();
    let ready = |by_day: &[f64]| {
        let share = by_day.last().copied().unwrap_or_default();
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a small number"
        )]
        let ready = (share * total as f64).round() as usize;
        ready
    };
    let is_enough = |minutes: &u32| ready(&play(progress, &subjects, days, *minutes)) == total;
    let enough = MINUTES.into_iter().find(is_enough);
    Some(Forecast {
        days,
        ready: ready(&by_day),
        total,
        minutes,
        enough,
        by_day,
    })
}

/// The part of the questions that is ready after each day.
fn play(progress: &Progress, subjects: &[Subject], days: i32, minutes: u32) -> Vec<f64> {
    let days = usize::try_from(days).unwrap_or_default();
    let mut ready = vec![0.0; days + 1];
    for round in 0..ROUNDS {
        let mut chance = Chance(round + 1);
        let mut then = recent(progress);
        then.settings.minutes = minutes;
        for (day, ready) in ready.iter_mut().enumerate() {
            if day < days {
                practise(&mut then, subjects, &mut chance);
            }
            *ready += share(&then, subjects, progress.settings.interview);
            then.now = then.now.plus_days(1);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let rounds = ROUNDS as f64;
    ready.iter().map(|sum| sum / rounds).collect()
}

/// The same without the reviews of long ago, which no agenda depends on.
fn recent(progress: &Progress) -> Progress {
    let mut recent = progress.clone();
    let today = progress.today();
    recent
        .reviews
        .retain(|counted| days_between(counted.at.day(), today) < RECENT);
    recent
}

/// The part of the subjects that is ready: that would be recalled on the day of the interview if nothing else happened.
fn share(progress: &Progress, subjects: &[Subject], interview: Option<jiff::civil::Date>) -> f64 {
    let left = interview.map_or(0, |day| days_between(progress.today(), day).max(0));
    let then = progress.now.plus_days(left.into());
    let is_ready = |subject: &&Subject| {
        let known = progress.cards.get(&subject.card);
        known.is_some_and(|known| {
            known.card.phase == Phase::Review
                && progress.scheduler.recall(&known.card, then) >= READY
        })
    };
    let ready = subjects.iter().filter(is_ready).count();
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let share = ready as f64 / subjects.len().max(1) as f64;
    share
}

/// Plays one day: every card on the agenda is answered, and again until it is learnt.
fn practise(progress: &mut Progress, subjects: &[Subject], chance: &mut Chance) {
    let evening = progress.now;
    for _ in 0..MOST_A_DAY {
        let Some(card) = queue::agenda(progress, subjects).cards.into_iter().next() else {
            break;
        };
        let known = progress.cards.get(&card).map(|known| &known.card);
        // What is being learnt on this day is in fresh memory.
        let grade = match known {
            Some(known) if known.phase == Phase::Review => {
                let recall = progress.scheduler.recall(known, progress.now);
                if chance.below(recall) {
                    Grade::Good
                } else {
                    Grade::Again
                }
            }
            _ => Grade::Good,
        };
        if let Some(known) = known.filter(|known| known.phase != Phase::Review) {
            let wait = known.due.millis() - progress.now.millis();
            progress.now = progress.now.plus_millis(wait.max(0));
        }
        progress.answer(&card, grade);
        progress.now = progress.now.plus_millis(PAUSE);
    }
    progress.now = evening;
}

/// Numbers that look random and are the same each time (`SplitMix64`, <https://prng.di.unimi.it/splitmix64.c>).
struct Chance(u64);

impl Chance {
    fn below(&mut self, probability: f64) -> bool {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        #[expect(clippy::cast_precision_loss, reason = "53 bits are kept")]
        let number = (mixed >> 11) as f64 / (1_u64 << 53) as f64;
        number < probability
    }
}
