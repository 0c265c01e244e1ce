//! What follows from the log at a moment: how each card is remembered, what is muted, what is planned.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::civil::Date;
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
        let last = if card.last.day() < eve {
            eve
        } else {
            interview
        };
        day.min(last)
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
        self.reviews.iter().filter(move |r| r.at.day() == today)
    }

    /// The last review that counts.
    pub fn last_review(&self) -> Option<&Counted> {
        self.reviews.last()
    }

    /// How many reviews there are today at most, if practice begins again after a gap.
    pub fn restart(&self) -> Option<usize> {
        let today = self.today();
        let mut days: Vec<Date> = self.reviews.iter().map(|r| r.at.day()).collect();
        days.push(today);
        days.sort_unstable();
        days.dedup();
        let after_gap = days
            .windows(2)
            .rposition(|days| days_between(days[0], days[1]) >= GAP)?;
        let practised = days.len() - 1 - (after_gap + 1);
        RESTART.get(practised).copied()
    }
}

/// The days from one date to another.
pub fn days_between(from: Date, to: Date) -> i32 {
    // Both are dates of moments or were parsed: their span in days can be written.
    (to - from).get_days()
}

/// The entries that were taken back. Taking back what takes something back restores it.
fn undone(entries: &[Entry]) -> HashSet<Uuid> {
    let mut undone = HashSet::new();
    // An entry can only be taken back by a later one: from the last to the first, each is known to count or not.
    for entry in entries.iter().rev() {
        if let Event::Undo { entry: id } = &entry.event
            && !undone.contains(&entry.id)
        {
            undone.insert(*id);
        }
    }
    undone
}

/// The entries in the order of their times. An entry that claims to be later than now was written by a clock that was wrong:
/// it counts as having happened when the entry before it arrived.
fn believable(entries: &[Entry], now: Moment) -> Vec<(Moment, &Entry)> {
    let mut last: Option<Moment> = None;
    let first = entries.iter().map(|entry| entry.at).find(|at| *at <= now);
    let mut dated: Vec<(Moment, &Entry)> = entries
        .iter()
        .map(|entry| {
            let at = if entry.at.millis() <= now.millis() {
                entry.at
            } else {
                last.or(first).unwrap_or(now)
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
    let is_undoable = |event: &Event| !matches!(event, Event::Undo { .. } | Event::Session { .. });
    let mut latest_first = entries.iter().rev();
    latest_first.find(|entry| is_undoable(&entry.event) && !undone.contains(&entry.id))
}
