//! What follows from the log at a moment: how each card is remembered, what is muted, what is planned.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use serde::Serialize;
use uuid::Uuid;

use super::event::{Entry, Event, Grade, Moment, Plan, Review};
use super::scheduler::{Card, Phase, SCHEDULER, Scheduler};

/// What the person plans; the defaults are for someone who has said nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The day of the interview.
    pub interview: Option<Date>,
    /// The minutes a day.
    pub minutes: u32,
    /// How many new questions a day; without a number, as many as the time until the interview asks for.
    pub new: Option<u32>,
    /// How many reviews a day.
    pub reviews: u32,
    /// The topics that come first.
    pub focus: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            interview: None,
            minutes: 20,
            new: None,
            reviews: 60,
            focus: Vec::new(),
        }
    }
}

/// How a card stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Never answered.
    New,
    /// To be asked today.
    Due,
    /// To be asked on another day.
    Waiting,
    /// As `Waiting`, and known well: recall of at least 90 %, and two good answers since it was forgotten last.
    Known,
    /// Not to be asked.
    Muted,
}

/// What is known about a card that was reviewed.
#[derive(Debug, Clone, PartialEq)]
pub struct CardProgress {
    /// What the scheduler knows.
    pub card: Card,
    /// The revision of the answer that was reviewed last.
    pub revision: u32,
    /// How often it was reviewed.
    pub reviews: usize,
    /// How often it was answered well since it was forgotten last.
    pub goods: usize,
    /// Whether the last answer that said so contained a key point.
    pub points: BTreeMap<String, bool>,
}

/// A review that counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// The id of its entry.
    pub id: Uuid,
    /// When it happened, as far as the clock can be believed.
    pub at: Moment,
    /// The day of practice that it belongs to.
    pub day: Date,
    /// Whether the card was new.
    pub first: bool,
    /// The recall that was expected, none for a new card.
    pub expected: Option<f64>,
    /// The review.
    pub review: Review,
}

/// What follows from the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// The moment for which it holds.
    pub now: Moment,
    /// Computes intervals for this person.
    pub scheduler: Scheduler,
    /// What the person plans.
    pub settings: Settings,
    /// The cards that were reviewed.
    pub cards: BTreeMap<String, CardProgress>,
    /// The reviews that count, in order.
    pub reviews: Vec<Counted>,
    muted: BTreeSet<String>,
    buried: BTreeMap<String, Date>,
}

/// Days of practice since the last of the ones before, after which one starts again gently.
const GAP: i32 = 7;

/// How many reviews there are on the first days after a gap.
const RESTART: [usize; 2] = [5, 10];

/// Days.
const LONG_AGO: i64 = -365;

/// How long before it is due a card that is being learnt may be asked, if nothing else is left. Milliseconds.
const AHEAD: i64 = 20 * 60 * 1000;

impl Progress {
    /// What follows from entries in the order of their arrival.
    pub fn of(entries: &[Entry], now: Moment) -> Self {
        let undone = undone(entries);
        let mut counted: Vec<(Moment, &Entry)> = believable(entries, now);
        counted.retain(|(_, entry)| !undone.contains(&entry.id));
        let mut progress = Self {
            now,
            scheduler: Scheduler::default(),
            settings: Settings::default(),
            cards: BTreeMap::new(),
            reviews: Vec::new(),
            muted: BTreeSet::new(),
            buried: BTreeMap::new(),
        };
        // Intervals are computed with the settings of today, whenever they were made.
        for (_, entry) in &counted {
            match &entry.event {
                Event::Plan(plan) => progress.plan(plan),
                Event::Parameters { values, .. } => {
                    progress.scheduler.parameters = values.clone();
                }
                _ => {}
            }
        }
        for (at, entry) in counted {
            progress.replay(at, entry);
        }
        progress
    }

    fn plan(&mut self, plan: &Plan) {
        let settings = &mut self.settings;
        if let Some(interview) = plan.interview_date {
            settings.interview = interview;
        }
        if let Some(retention) = plan.desired_retention {
            self.scheduler.retention = retention.clamp(0.7, 0.99);
        }
        settings.minutes = plan.minutes_per_day.unwrap_or(settings.minutes);
        settings.new = plan.new_per_day.or(settings.new);
        settings.reviews = plan.reviews_per_day.unwrap_or(settings.reviews);
        if let Some(focus) = &plan.focus_topics {
            settings.focus.clone_from(focus);
        }
    }

    fn replay(&mut self, at: Moment, entry: &Entry) {
        match &entry.event {
            Event::Review(review) => self.review(entry.id, at, review),
            Event::Bury { card, until } => {
                self.buried.insert(card.clone(), *until);
            }
            Event::Mute { card } => {
                self.muted.insert(card.clone());
            }
            Event::Unmute { card } => {
                self.muted.remove(card);
            }
            Event::Reset { card: None } => {
                self.cards.clear();
                self.reviews.clear();
                self.muted.clear();
                self.buried.clear();
            }
            Event::Reset { card: Some(card) } => {
                self.cards.remove(card);
                self.reviews.retain(|counted| counted.review.card != *card);
                self.muted.remove(card);
                self.buried.remove(card);
            }
            Event::Undo { .. }
            | Event::Session { .. }
            | Event::Plan(_)
            | Event::Parameters { .. }
            | Event::Unknown => {}
        }
    }

    fn review(&mut self, id: Uuid, at: Moment, review: &Review) {
        let before = self.cards.remove(&review.card);
        let card = before.as_ref().map(|known| &known.card);
        self.reviews.push(Counted {
            id,
            at,
            day: at.day(),
            first: before.is_none(),
            expected: card.map(|card| self.scheduler.recall(card, at)),
            review: review.clone(),
        });
        let card = self.scheduler.review(card, review.grade, at);
        let mut known = before.unwrap_or(CardProgress {
            card,
            revision: review.revision,
            reviews: 0,
            goods: 0,
            points: BTreeMap::new(),
        });
        known.card = card;
        known.revision = review.revision;
        known.reviews += 1;
        match review.grade {
            Grade::Again => known.goods = 0,
            Grade::Hard => {}
            Grade::Good | Grade::Easy => known.goods += 1,
        }
        let points = review.points.iter();
        known
            .points
            .extend(points.map(|point| (point.key.clone(), point.made)));
        self.cards.insert(review.card.clone(), known);
    }

    /// As if a card was answered now.
    pub fn answer(&mut self, card: &str, grade: Grade) {
        let review = Review {
            card: card.to_owned(),
            revision: 0,
            grade,
            seconds: None,
            scheduler: SCHEDULER.to_owned(),
            source: String::new(),
            session: None,
            points: Vec::new(),
        };
        self.review(Uuid::nil(), self.now, &review);
    }

    /// The present day of practice.
    pub fn today(&self) -> Date {
        self.now.day()
    }

    /// The days until the interview; none without one, or if it is over.
    pub fn days_left(&self) -> Option<i32> {
        let interview = self.settings.interview?;
        let days = days_between(self.today(), interview);
        (days >= 0).then_some(days)
    }

    /// The day on which a card is asked again: the day of its interval, or the eve of the interview if that comes first.
    pub fn due_day(&self, card: &Card) -> Date {
        let day = card.due.day();
        let Some(interview) = self
            .settings
            .interview
            .filter(|_| self.days_left().is_some())
        else {
            return day;
        };
        let eve = interview.yesterday().unwrap_or(interview);
        match card.last.day() {
            last if last < eve => day.min(eve),
            last if last < interview => day.min(interview),
            // Nothing is left to prepare for.
            _ => day,
        }
    }

    /// When a card is asked again: as its interval says, or at the same time of an earlier day.
    pub fn due(&self, card: &Card) -> Moment {
        let earlier = days_between(card.due.day(), self.due_day(card));
        card.due.plus_days(earlier.into())
    }

    /// Whether a card is to be asked now.
    pub fn is_due(&self, card: &Card) -> bool {
        match card.phase {
            Phase::Review => self.due_day(card) <= self.today(),
            Phase::Learning(_) | Phase::Relearning(_) => card.due.millis() <= self.now.millis(),
        }
    }

    /// Whether a card that is being learnt is due so soon that it may be asked rather than to end the session.
    pub fn is_soon(&self, card: &Card) -> bool {
        card.phase != Phase::Review && card.due.millis() <= self.now.millis().saturating_add(AHEAD)
    }

    /// The probability that a card is recalled now; none for one that was never answered.
    pub fn recall(&self, card: &str) -> Option<f64> {
        let known = self.cards.get(card)?;
        Some(self.scheduler.recall(&known.card, self.now))
    }

    /// How a card stands.
    pub fn standing(&self, card: &str) -> Standing {
        if self.muted.contains(card) {
            return Standing::Muted;
        }
        let Some(known) = self.cards.get(card) else {
            return if self.is_buried(card) {
                Standing::Waiting
            } else {
                Standing::New
            };
        };
        let same_day = known.card.phase != Phase::Review && known.card.due.day() <= self.today();
        if !self.is_buried(card) && (self.is_due(&known.card) || same_day) {
            return Standing::Due;
        }
        let recall = self.scheduler.recall(&known.card, self.now);
        if recall >= 0.9 && known.goods >= 2 {
            Standing::Known
        } else {
            Standing::Waiting
        }
    }

    /// Whether a card is left out today.
    pub fn is_buried(&self, card: &str) -> bool {
        self.buried
            .get(card)
            .is_some_and(|until| self.today() < *until)
    }

    /// Whether a card is not to be asked any more.
    pub fn is_muted(&self, card: &str) -> bool {
        self.muted.contains(card)
    }

    /// The cards that are not to be asked any more.
    pub fn muted(&self) -> impl Iterator<Item = &str> {
        self.muted.iter().map(String::as_str)
    }

    /// The reviews of today.
    pub fn reviews_today(&self) -> impl Iterator<Item = &Counted> {
        let today = self.today();
        // Reviews are in the order of time; days are not quite, for somebody who travels.
        let latest_first = self.reviews.iter().rev();
        latest_first
            .take_while(move |r| days_between(r.day, today) <= 2)
            .filter(move |r| r.day == today)
    }

    /// The last review that counts.
    pub fn last_review(&self) -> Option<&Counted> {
        self.reviews.last()
    }

    /// How many reviews there are today at most, if practice begins again after a gap. On the last days before the
    /// interview there is no time to begin gently.
    pub fn restart(&self) -> Option<usize> {
        let few = i32::try_from(RESTART.len()).unwrap_or(i32::MAX);
        if self.days_left().is_some_and(|left| left <= few) {
            return None;
        }
        let (mut practised, mut later) = (0, self.today());
        for day in self.reviews.iter().rev().map(|counted| counted.day) {
            if days_between(day, later) >= GAP {
                return RESTART.get(practised).copied();
            }
            if day < later {
                (practised, later) = (practised + 1, day);
                RESTART.get(practised)?;
            }
        }
        None
    }
}

/// The days from one date to another.
pub fn days_between(from: Date, to: Date) -> i32 {
    // Both are dates of moments or were parsed: their span in days can be written.
    (to - from).get_days()
}

/// The entries that were taken back. Taking back what takes something back restores it.
fn undone(entries: &[Entry]) -> HashSet<Uuid> {
    let undos: HashMap<Uuid, Uuid> = entries
        .iter()
        .filter_map(|entry| match entry.event {
            Event::Undo { entry: of } => Some((entry.id, of)),
            _ => None,
        })
        .collect();
    // Whether an entry counts is known when it is known of all that take it back: after a merge these may have arrived in
    // any order.
    let mut unknown: HashMap<Uuid, usize> = HashMap::new();
    for of in undos.values() {
        *unknown.entry(*of).or_default() += 1;
    }
    let mut known: Vec<Uuid> = undos
        .keys()
        .filter(|undo| !unknown.contains_key(undo))
        .copied()
        .collect();
    let mut undone = HashSet::new();
    while let Some(undo) = known.pop() {
        let Some(of) = undos.get(&undo) else {
            continue;
        };
        if !undone.contains(&undo) {
            undone.insert(*of);
        }
        if let Some(left) = unknown.get_mut(of) {
            *left -= 1;
            if *left == 0 {
                known.push(*of);
            }
        }
    }
    undone
}

/// The entries in the order of their times. An entry that claims to be later than now was written by a clock that was wrong:
/// it counts as having happened when the entry before it arrived. If no clock was ever right, it was so long ago that everything
/// is due.
fn believable(entries: &[Entry], now: Moment) -> Vec<(Moment, &Entry)> {
    let mut last: Option<Moment> = None;
    let first = entries.iter().map(|entry| entry.at).find(|at| *at <= now);
    let mut dated: Vec<(Moment, &Entry)> = entries
        .iter()
        .map(|entry| {
            let at = if entry.at.millis() <= now.millis() {
                entry.at
            } else {
                let happened = last.or(first).unwrap_or(now.plus_days(LONG_AGO));
                Moment::from_millis(happened.millis(), entry.at.offset()).unwrap_or(happened)
            };
            last = Some(at);
            (at, entry)
        })
        .collect();
    dated.sort_by_key(|(at, _)| at.millis());
    dated
}

/// The last entry that can be taken back.
pub fn last_undoable(entries: &[Entry]) -> Option<&Entry> {
    let undone = undone(entries);
    let is_undoable = |event: &Event| {
        !matches!(
            event,
            Event::Undo { .. } | Event::Session { .. } | Event::Unknown
        )
    };
    let mut latest_first = entries.iter().rev();
    latest_first.find(|entry| is_undoable(&entry.event) && !undone.contains(&entry.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::event::Point;
    use crate::practice::testing::{Diary, moment, review};
    use Grade::{Again, Good};

    fn reviews(progress: &Progress, card: &str) -> usize {
        progress.cards.get(card).map_or(0, |known| known.reviews)
    }

    #[test]
    fn what_is_taken_back_never_was_and_can_be_restored() {
        let mut diary = Diary::new();
        diary.learn("a");
        let before = diary.progress();
        let forgotten = diary.days(2).answer("a", Again);
        let undo = diary.undo(forgotten);
        let after = diary.progress();
        assert_eq!(
            (&after.cards, &after.reviews),
            (&before.cards, &before.reviews)
        );
        let redo = diary.undo(undo);
        assert_eq!(reviews(&diary.progress(), "a"), 3);
        diary.undo(redo);
        assert_eq!(diary.progress().cards, before.cards);
    }

    #[test]
    fn taking_back_is_the_same_in_whatever_order_logs_were_merged() {
        let mut diary = Diary::new();
        let answer = diary.answer("a", Good);
        let undo = diary.undo(answer);
        diary.undo(undo);
        let orders = [
            [0, 1, 2],
            [0, 2, 1],
            [1, 0, 2],
            [1, 2, 0],
            [2, 0, 1],
            [2, 1, 0],
        ];
        for order in orders {
            let entries = order.map(|place| diary.entries[place].clone());
            assert_eq!(
                reviews(&Progress::of(&entries, diary.now), "a"),
                1,
                "{order:?}"
            );
        }
    }

    #[test]
    fn two_entries_that_take_back_each_other_do_no_harm() {
        let mut diary = Diary::new();
        diary.answer("a", Good);
        let first = Uuid::from_u128(2);
        diary.undo(Uuid::from_u128(3));
        diary.undo(first);
        assert_eq!(reviews(&diary.progress(), "a"), 1);
    }

    #[test]
    fn the_last_entry_that_can_be_taken_back_is_no_session_and_was_not_taken_back() {
        let mut diary = Diary::new();
        let answer = diary.answer("a", Good);
        let mute = diary.write(Event::Mute { card: "b".into() });
        let session = Uuid::nil();
        diary.write(Event::Session {
            session,
            ended: true,
        });
        let last = |diary: &Diary| last_undoable(&diary.entries).map(|entry| entry.id);
        assert_eq!(last(&diary), Some(mute));
        diary.undo(mute);
        assert_eq!(last(&diary), Some(answer));
        diary.undo(answer);
        assert_eq!(last(&diary), None);
    }

    #[test]
    fn a_reset_forgets_one_card_or_all_until_it_is_taken_back() {
        let mut diary = Diary::new();
        diary.learn("a").learn("b");
        diary.write(Event::Mute { card: "b".into() });
        let card = Some("a".to_owned());
        let one = diary.minutes(1).write(Event::Reset { card });
        let progress = diary.progress();
        assert_eq!(
            (progress.standing("a"), progress.standing("b")),
            (Standing::New, Standing::Muted)
        );
        assert_eq!(progress.reviews.len(), 2);
        let all = diary.minutes(1).write(Event::Reset { card: None });
        assert_eq!(
            (
                diary.progress().standing("b"),
                diary.progress().reviews.len()
            ),
            (Standing::New, 0)
        );
        diary.undo(all);
        diary.undo(one);
        assert_eq!(diary.progress().reviews.len(), 4);
        assert_eq!(diary.progress().standing("b"), Standing::Muted);
    }

    #[test]
    fn a_plan_outlives_a_reset() {
        let mut diary = Diary::new();
        diary.plan(r#"{"interviewDate":"2026-12-12","minutesPerDay":30}"#);
        diary.write(Event::Reset { card: None });
        let settings = diary.progress().settings;
        assert_eq!(
            (settings.interview, settings.minutes),
            (Some(jiff::civil::date(2026, 12, 12)), 30)
        );
        diary.plan(r#"{"interviewDate":null}"#);
        let settings = diary.progress().settings;
        assert_eq!((settings.interview, settings.minutes), (None, 30));
    }

    #[test]
    fn a_buried_card_waits_for_its_day_and_a_muted_one_for_ever() {
        let mut diary = Diary::new();
        let until = diary.now.day().tomorrow().unwrap();
        diary.write(Event::Bury {
            card: "a".into(),
            until,
        });
        diary.write(Event::Mute { card: "b".into() });
        assert_eq!(diary.progress().standing("a"), Standing::Waiting);
        assert_eq!(diary.progress().standing("b"), Standing::Muted);
        diary.days(1);
        assert_eq!(diary.progress().standing("a"), Standing::New);
        assert_eq!(diary.progress().standing("b"), Standing::Muted);
        diary.write(Event::Unmute { card: "b".into() });
        assert_eq!(diary.progress().standing("b"), Standing::New);
    }

    #[test]
    fn answers_from_a_clock_that_was_ahead_count_and_the_card_becomes_due() {
        let mut diary = Diary::new();
        diary.learn("a");
        let right = diary.now;
        diary.now = moment("2099-01-01T20:00:00+01:00");
        diary.learn("b");
        diary.now = right;
        diary.minutes(60).learn("c");
        diary.days(3);
        let progress = diary.progress();
        assert_eq!(progress.reviews.len(), 6);
        for card in ["a", "b", "c"] {
            assert_eq!(progress.standing(card), Standing::Due, "{card}");
        }
        let again = diary.answer("b", Good);
        assert_eq!(diary.progress().standing("b"), Standing::Known);
        assert_eq!(
            diary.progress().last_review().map(|last| last.id),
            Some(again)
        );
    }

    #[test]
    fn if_no_clock_was_ever_right_every_card_is_due() {
        let mut diary = Diary::new();
        let right = diary.now;
        diary.now = moment("2099-01-01T20:00:00+01:00");
        diary.learn("a").days(1).answer("b", Grade::Easy);
        diary.now = right;
        for _ in 0..3 {
            let progress = diary.days(1).progress();
            assert_eq!(progress.reviews.len(), 3);
            assert_eq!(
                [progress.standing("a"), progress.standing("b")],
                [Standing::Due; 2]
            );
        }
    }

    #[test]
    fn a_clock_that_goes_back_loses_nothing() {
        let mut diary = Diary::new();
        diary.learn("a").days(-200).learn("a").days(200);
        assert_eq!(reviews(&diary.progress(), "a"), 4);
        let due = diary.progress().cards["a"].card.due;
        assert!(due > diary.now && due < diary.now.plus_days(200));
    }

    #[test]
    fn in_another_zone_days_are_those_of_the_place() {
        let mut diary = Diary::new();
        diary.now = moment("2026-11-02T23:00:00+09:00");
        diary.learn("a");
        let due = diary.progress().cards["a"].card;
        assert_eq!(diary.progress().due_day(&due).to_string(), "2026-11-04");
        diary.now = moment("2026-11-03T06:00:00-08:00");
        assert_eq!(diary.progress().reviews_today().count(), 0);
        assert_eq!(diary.progress().standing("a"), Standing::Known);
        diary.now = moment("2026-11-04T05:00:00-08:00");
        assert_eq!(diary.progress().standing("a"), Standing::Due);
    }

    #[test]
    fn no_card_is_due_later_than_the_interview() {
        let mut diary = Diary::new();
        diary.plan(r#"{"interviewDate":"2026-11-06"}"#);
        diary.answer("a", Grade::Easy);
        let due = |diary: &Diary| {
            let progress = diary.progress();
            progress.due_day(&progress.cards["a"].card).to_string()
        };
        assert_eq!(due(&diary), "2026-11-05", "the eve");
        diary.days(3).answer("a", Grade::Easy);
        assert_eq!(due(&diary), "2026-11-06", "asked on the eve already");
        assert_eq!(diary.progress().standing("a"), Standing::Known);
        diary.days(1).answer("a", Grade::Easy);
        let progress = diary.progress();
        assert!(
            !progress.is_due(&progress.cards["a"].card),
            "once is enough on the day itself"
        );
        diary.days(1);
        assert_eq!(diary.progress().days_left(), None);
        assert!(*due(&diary) > *"2026-11-10", "it is over");
    }

    #[test]
    fn what_is_known_well_was_answered_well_twice_since_it_was_forgotten() {
        let mut diary = Diary::new();
        diary.answer("a", Good);
        assert_eq!(
            diary.progress().standing("a"),
            Standing::Due,
            "the second step is today"
        );
        diary.minutes(10).answer("a", Good);
        assert_eq!(diary.progress().standing("a"), Standing::Known);
        diary.days(2).answer("a", Again);
        diary.minutes(10).answer("a", Good);
        assert_eq!(diary.progress().standing("a"), Standing::Waiting);
    }

    #[test]
    fn the_last_answer_that_spoke_of_a_point_decides_about_it() {
        let mut diary = Diary::new();
        for (key, made) in [("p", true), ("q", false), ("p", false)] {
            let Event::Review(mut review) = review("a", Good) else {
                unreachable!("a review");
            };
            let key = key.to_owned();
            review.points = vec![Point { key, made }];
            diary.minutes(1).write(Event::Review(review));
        }
        let points = &diary.progress().cards["a"].points;
        assert_eq!(
            points
                .iter()
                .map(|(k, made)| (k.as_str(), *made))
                .collect::<Vec<_>>(),
            [("p", false), ("q", false)]
        );
    }

    #[test]
    fn after_a_gap_the_first_two_days_are_small() {
        let mut diary = Diary::new();
        diary.learn("a").days(6);
        assert_eq!(diary.progress().restart(), None);
        diary.days(1);
        assert_eq!(diary.progress().restart(), Some(5));
        diary.answer("a", Good);
        assert_eq!(diary.progress().restart(), Some(5), "for the whole day");
        diary.days(1).answer("a", Good);
        assert_eq!(diary.progress().restart(), Some(10));
        diary.days(1);
        assert_eq!(diary.progress().restart(), None);
    }

    #[test]
    fn there_is_no_small_restart_when_the_interview_is_near() {
        let mut diary = Diary::new();
        diary
            .plan(r#"{"interviewDate":"2026-12-02"}"#)
            .learn("a")
            .days(27);
        assert_eq!(diary.progress().restart(), Some(5));
        assert_eq!(diary.days(1).progress().restart(), None);
    }
}
