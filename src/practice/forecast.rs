//! What will be known on the day of the interview, honestly: the days until then are played through several times, with
//! answers that fail as often as the memory model expects.

use std::cmp::Ordering;

use jiff::civil::Date;
use serde::Serialize;

use super::event::Grade;
use super::progress::{Progress, days_between};
use super::queue::{self, Subject};
use super::scheduler::Phase;

/// How often the days are played through, at most.
const MOST_ROUNDS: usize = 15;

/// How many days are played in all: a day that is far away is played through less often, so that nobody waits.
const DAYS_PLAYED: usize = 450;

/// The minutes a day that are tried to find how many would be enough.
const MINUTES: [u32; 8] = [5, 10, 15, 20, 30, 45, 60, 90];

/// The recall from which a question counts as ready.
pub const READY: f64 = 0.9;

/// Days: who knows what happens in more than a year?
const HORIZON: i32 = 366;

/// How often a question is answered well that was never asked before.
const FIRST_GOOD: f64 = 0.6;

/// Milliseconds: a person answers the next question after about a minute.
const PAUSE: i64 = 60_000;

/// Days.
const RECENT: i32 = 30;

/// So many answers a day are enough for anybody.
const MOST_A_DAY: usize = 200;

/// What will be known.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Forecast {
    /// The day of the interview.
    pub interview: Date,
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
    /// What will be known, and how much time would be enough, in one honest sentence.
    pub fn sentence(&self) -> String {
        let Self {
            ready,
            total,
            minutes,
            ..
        } = self;
        let are_ready = match ready {
            _ if ready == total => format!("all {total} questions"),
            _ => format!("{ready} of {total} questions"),
        };
        if self.days == 0 {
            return format!("The interview is today: {are_ready} are ready.");
        }
        let day = self.interview.strftime("%-d %B %Y");
        let forecast = format!("At {minutes} minutes a day, {are_ready} will be ready on {day}");
        let enough = match self.enough {
            Some(enough) if ready == total && enough < *minutes => {
                format!("; {enough} minutes a day would be enough.")
            }
            _ if ready == total => ".".to_owned(),
            Some(enough) => format!("; {enough} minutes a day would be enough for all."),
            None => {
                let most = MINUTES[MINUTES.len() - 1].max(*minutes);
                format!("; even {most} minutes a day would not be enough for all.")
            }
        };
        forecast + &enough
    }
}

/// What will be known on the day of the interview at the planned minutes a day; none without a day, or if it is more than a
/// year away.
pub fn forecast(progress: &Progress, subjects: &[Subject]) -> Option<Forecast> {
    let days = progress.days_left().filter(|days| *days <= HORIZON)?;
    let subjects: Vec<Subject> = subjects
        .iter()
        .filter(|subject| !progress.is_muted(&subject.card))
        .cloned()
        .collect();
    let start = recent(progress);
    let minutes = progress.settings.minutes;
    let by_day = play(&start, &subjects, days, minutes);
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
    let planned = ready(&by_day);
    let too_few = |tried: &u32| match tried.cmp(&minutes) {
        // More time is never worse, but for chance.
        Ordering::Less if planned < total => true,
        Ordering::Equal | Ordering::Greater if planned == total => false,
        Ordering::Equal => true,
        _ => ready(&play(&start, &subjects, days, *tried)) < total,
    };
    let enough = MINUTES.get(MINUTES.partition_point(too_few)).copied();
    let enough = match enough {
        None if planned == total => Some(minutes),
        other => other,
    };
    Some(Forecast {
        interview: progress.settings.interview?,
        days,
        ready: planned,
        total,
        minutes,
        enough,
        by_day,
    })
}

/// The part of the questions that is ready after each day.
fn play(start: &Progress, subjects: &[Subject], days: i32, minutes: u32) -> Vec<f64> {
    let days = usize::try_from(days).unwrap_or_default();
    let rounds = (DAYS_PLAYED / (days + 1)).clamp(1, MOST_ROUNDS);
    let mut ready = vec![0.0; days + 1];
    for round in 0..rounds {
        let mut chance = Chance(round as u64 + 1);
        let mut then = start.clone();
        then.settings.minutes = minutes;
        for (day, ready) in ready.iter_mut().enumerate() {
            if day < days {
                practise(&mut then, subjects, &mut chance);
            }
            *ready += share(&then, subjects, start.settings.interview);
            then.now = then.now.plus_days(1);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let rounds = rounds as f64;
    ready.iter().map(|sum| sum / rounds).collect()
}

/// The same without the reviews of long ago, which no agenda depends on.
fn recent(progress: &Progress) -> Progress {
    let mut recent = progress.clone();
    let today = progress.today();
    recent
        .reviews
        .retain(|counted| days_between(counted.day, today) < RECENT);
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
    let mut answers = 0;
    while answers < MOST_A_DAY {
        let cards = queue::agenda(progress, subjects).cards;
        if cards.is_empty() {
            break;
        }
        answers += cards.len();
        for card in cards {
            answer(progress, &card, chance);
        }
    }
    // As if all were answered at once: on the next evening a whole day has passed for every card, the last one too.
    for known in progress.cards.values_mut() {
        let late = known.card.last.millis() - evening.millis();
        if late > 0 {
            known.card.last = evening;
            known.card.due = known.card.due.plus_millis(-late);
        }
    }
    progress.now = evening;
}

/// Answers a card as well as the memory model expects.
fn answer(progress: &mut Progress, card: &str, chance: &mut Chance) {
    let known = progress.cards.get(card).map(|known| known.card);
    let good = match known {
        None => FIRST_GOOD,
        Some(known) if known.phase == Phase::Review => {
            progress.scheduler.recall(&known, progress.now)
        }
        // What is being learnt on this day is in fresh memory.
        Some(_) => 1.0,
    };
    if let Some(known) = known.filter(|known| known.phase != Phase::Review) {
        let wait = known.due.millis() - progress.now.millis();
        progress.now = progress.now.plus_millis(wait.max(0));
    }
    let grade = if chance.below(good) {
        Grade::Good
    } else {
        Grade::Again
    };
    progress.answer(card, grade);
    progress.now = progress.now.plus_millis(PAUSE);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::testing::{Diary, subjects};

    fn cards() -> Vec<String> {
        (0..22)
            .map(|n| format!("{}{n}", char::from(b'a' + n % 11)))
            .collect()
    }

    fn forecast_of(diary: &Diary) -> Option<Forecast> {
        let cards = cards();
        let cards: Vec<&str> = cards.iter().map(String::as_str).collect();
        forecast(&diary.progress(), &subjects(&cards))
    }

    #[test]
    fn without_a_day_there_is_nothing_to_say() {
        let mut diary = Diary::new();
        assert_eq!(forecast_of(&diary), None);
        diary.plan(r#"{"interviewDate":"2026-11-01"}"#);
        assert_eq!(forecast_of(&diary), None, "it is over");
        diary.plan(r#"{"interviewDate":"2999-01-01"}"#);
        assert_eq!(forecast_of(&diary), None, "nobody knows");
    }

    #[test]
    fn on_the_day_itself_only_what_is_known_counts() {
        let mut diary = Diary::new();
        for card in &cards()[..5] {
            diary.learn(card);
        }
        let today = diary.now.day();
        let forecast =
            forecast_of(diary.plan(&format!(r#"{{"interviewDate":"{today}"}}"#))).unwrap();
        assert_eq!((forecast.days, forecast.ready, forecast.total), (0, 5, 22));
        assert_eq!((forecast.by_day.len(), forecast.enough), (1, None));
    }

    #[test]
    fn a_month_is_enough_and_a_day_is_not() {
        let mut diary = Diary::new();
        let month = forecast_of(diary.plan(r#"{"interviewDate":"2026-12-02"}"#)).unwrap();
        assert!(month.ready >= 20, "{month:?}");
        assert_eq!(month.by_day.len(), 31);
        let day = forecast_of(diary.plan(r#"{"interviewDate":"2026-11-03"}"#)).unwrap();
        assert!(day.ready <= 12, "{day:?}");
        assert!(day.enough.is_none_or(|enough| enough >= 45), "{day:?}");
    }

    #[test]
    fn more_minutes_are_never_much_worse() {
        let mut diary = Diary::new();
        diary.plan(r#"{"interviewDate":"2026-11-16"}"#);
        let ready = [0, 2, 5, 10, 20, 40, 80].map(|minutes| {
            diary.plan(&format!(r#"{{"minutesPerDay":{minutes}}}"#));
            forecast_of(&diary).unwrap().ready
        });
        assert_eq!(ready[0], 0);
        assert!(
            ready.windows(2).all(|pair| pair[1] + 1 >= pair[0]),
            "{ready:?}"
        );
        assert!(ready[6] > ready[1], "{ready:?}");
    }

    #[test]
    fn the_sentence_is_honest() {
        let sentence = |ready, enough, days| {
            Forecast {
                interview: jiff::civil::date(2026, 12, 12),
                days,
                ready,
                total: 22,
                minutes: 20,
                enough,
                by_day: Vec::new(),
            }
            .sentence()
        };
        assert_eq!(
            sentence(19, Some(30), 20),
            "At 20 minutes a day, 19 of 22 questions will be ready on 12 December 2026; 30 minutes a day would be enough for all."
        );
        assert_eq!(
            sentence(22, Some(20), 20),
            "At 20 minutes a day, all 22 questions will be ready on 12 December 2026."
        );
        assert!(sentence(22, Some(10), 20).ends_with("2026; 10 minutes a day would be enough."));
        assert!(
            sentence(3, None, 1)
                .ends_with("2026; even 90 minutes a day would not be enough for all.")
        );
        assert_eq!(
            sentence(22, None, 0),
            "The interview is today: all 22 questions are ready."
        );
    }

    #[test]
    fn muted_questions_are_not_counted() {
        let mut diary = Diary::new();
        diary.plan(r#"{"interviewDate":"2026-12-02"}"#);
        diary.write(crate::practice::event::Event::Mute {
            card: cards()[0].clone(),
        });
        assert_eq!(forecast_of(&diary).unwrap().total, 21);
    }

    #[test]
    fn the_same_log_gives_the_same_forecast() {
        let mut diary = Diary::new();
        diary.learn("a0").plan(r#"{"interviewDate":"2026-11-20"}"#);
        assert_eq!(forecast_of(&diary), forecast_of(&diary));
    }
}
