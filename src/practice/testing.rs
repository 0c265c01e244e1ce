//! What the tests of practice have in common: a log that is written as days go by.

use uuid::Uuid;

use super::event::{Entry, Event, Grade, Moment, Plan, Review};
use super::progress::Progress;
use super::queue::Subject;
use super::scheduler::SCHEDULER;

/// A log, and the clock of the person who writes it.
pub struct Diary {
    pub entries: Vec<Entry>,
    pub now: Moment,
}

impl Diary {
    /// An evening in November.
    pub fn new() -> Self {
        Self {
            entries: Vec::new(),
            now: moment("2026-11-02T20:00:00+01:00"),
        }
    }

    pub fn days(&mut self, days: i64) -> &mut Self {
        self.now = self.now.plus_days(days);
        self
    }

    pub fn minutes(&mut self, minutes: i64) -> &mut Self {
        self.now = self.now.plus_millis(minutes * 60_000);
        self
    }

    pub fn write(&mut self, event: Event) -> Uuid {
        let id = Uuid::from_u128(self.entries.len() as u128 + 1);
        self.entries.push(Entry {
            id,
            at: self.now,
            event,
        });
        id
    }

    pub fn answer(&mut self, card: &str, grade: Grade) -> Uuid {
        self.write(review(card, grade))
    }

    /// Two good answers: the card is in review after that, and due in two days.
    pub fn learn(&mut self, card: &str) -> &mut Self {
        self.answer(card, Grade::Good);
        self.minutes(10).answer(card, Grade::Good);
        self
    }

    pub fn undo(&mut self, entry: Uuid) -> Uuid {
        self.write(Event::Undo { entry })
    }

    /// A plan as it is written in a log.
    pub fn plan(&mut self, json: &str) -> &mut Self {
        let plan: Plan = serde_json::from_str(json).unwrap();
        self.write(Event::Plan(plan));
        self
    }

    pub fn progress(&self) -> Progress {
        Progress::of(&self.entries, self.now)
    }
}

pub fn moment(text: &str) -> Moment {
    text.parse().unwrap()
}

pub fn review(card: &str, grade: Grade) -> Event {
    Event::Review(Review {
        card: card.into(),
        revision: 1,
        grade,
        seconds: None,
        scheduler: SCHEDULER.into(),
        source: "test".into(),
        session: None,
        points: Vec::new(),
    })
}

/// Cards of equal weight, with the first letter of their names as their sections.
pub fn subjects(cards: &[&str]) -> Vec<Subject> {
    let subject = |card: &&str| Subject {
        card: (*card).into(),
        section: card[..1].into(),
        weight: 1.0,
    };
    cards.iter().map(subject).collect()
}
