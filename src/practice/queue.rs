//! What is asked next: what is due, then what is new, within the limits of the day, one section after another.

use super::event::Moment;
use super::face;
use super::progress::{CardProgress, Progress, Standing};
use super::scheduler::Phase;
use crate::catalog::{Catalog, Question};

/// How much a topic weighs before the person has said anything. Questions about asynchronous code are the most frequent ones.
const WEIGHTS: [(&str, f64); 5] = [
    ("async-patterns", 3.0),
    ("errors-and-retries", 2.0),
    ("type-system", 2.0),
    ("testing-strategies", 2.0),
    ("performance", 1.0),
];

/// How much more a topic weighs that comes first.
const FOCUS: f64 = 3.0;

/// How much a claim weighs.
const CLAIM: f64 = 0.5;

/// How many new claims a day.
const CLAIMS_PER_DAY: usize = 2;

/// How many new questions a day without an interview in sight.
const NEW_PER_DAY: usize = 3;

/// So many days before the interview everything has been asked at least once, if that is possible.
const DAYS_TO_SETTLE: i32 = 3;

/// The last days before the interview, when what would be recalled least on the day is asked first.
const LAST_DAYS: i32 = 3;

/// The seconds that a card takes somebody of whom nothing is known.
const SECONDS_NEW: f64 = 150.0;
const SECONDS_REVIEW: f64 = 75.0;

/// How many of the first candidates may change places so that sections alternate.
const ALTERNATES: usize = 3;

/// One question in what may be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// The id of its question.
    pub card: String,
    /// The section of the curriculum.
    pub section: String,
    /// How much it matters.
    pub weight: f64,
}

/// The questions, in the order of the curriculum.
pub fn questions(catalog: &Catalog, progress: &Progress) -> Vec<Subject> {
    let focus = &progress.settings.focus;
    let subject = |question: &Question| Subject {
        card: question.id.clone(),
        section: question.section.clone(),
        weight: weight(question, focus),
    };
    catalog.questions.iter().map(subject).collect()
}

/// Everything that may be asked: the questions, and of those that were learnt the claims that their answers put right.
pub fn subjects(catalog: &Catalog, progress: &Progress) -> Vec<Subject> {
    let mut subjects = questions(catalog, progress);
    let is_learnt = |question: &Question| {
        let known = progress.cards.get(&question.id);
        known.is_some_and(|known| known.card.phase == Phase::Review && known.goods > 0)
    };
    let learnt = catalog
        .questions
        .iter()
        .filter(|q| is_learnt(q) && !progress.is_muted(&q.id));
    for question in learnt {
        subjects.extend(question.corrections.iter().map(|correction| Subject {
            card: face::claim_card(question, correction),
            section: question.section.clone(),
            weight: CLAIM,
        }));
    }
    subjects
}

fn weight(question: &Question, focus: &[String]) -> f64 {
    let of_topic = |topic: &String| {
        let known = WEIGHTS.iter().find(|(name, _)| name == topic);
        let weight = known.map_or(1.0, |(_, weight)| *weight);
        if focus.contains(topic) {
            weight * FOCUS
        } else {
            weight
        }
    };
    question.topics.iter().map(of_topic).fold(1.0, f64::max)
}

/// What there is to do today.
#[derive(Debug, Clone, PartialEq)]
pub struct Agenda {
    /// The cards in the order in which they are asked.
    pub cards: Vec<String>,
    /// How many of them were asked before.
    pub due: usize,
    /// How many of them are new.
    pub new: usize,
    /// How many are due but beyond the limits of the day.
    pub later: usize,
    /// Whether practice begins again after a gap, with little.
    pub restart: bool,
    /// When the next card is due, if there is nothing to do.
    pub next: Option<Moment>,
}

/// What there is to do today, within its limits.
pub fn agenda(progress: &Progress, subjects: &[Subject]) -> Agenda {
    let asked = |subject: &&Subject| progress.cards.contains_key(&subject.card);
    let open = |subject: &&Subject| {
        !progress.is_muted(&subject.card) && !progress.is_buried(&subject.card)
    };
    let of = |subject: &Subject| progress.cards.get(&subject.card);
    let open: Vec<&Subject> = subjects.iter().filter(open).collect();
    let (seen, unseen): (Vec<&Subject>, Vec<&Subject>) = open.into_iter().partition(asked);

    let mut learning: Vec<(&Subject, &CardProgress)> = seen
        .iter()
        .filter_map(|subject| Some((*subject, of(subject)?)))
        .filter(|(_, known)| known.card.phase != Phase::Review)
        .collect();
    learning.sort_by_key(|(_, known)| known.card.due.millis());
    let now: Vec<&Subject> = learning
        .iter()
        .filter(|(_, known)| progress.is_due(&known.card))
        .map(|(subject, _)| *subject)
        .collect();
    // What was left half learnt on an earlier day is due as well, and is among these.
    let soon = learning
        .iter()
        .filter(|(_, known)| !progress.is_due(&known.card) && progress.is_soon(&known.card))
        .map(|(subject, _)| *subject);

    let mut time = Time::left(progress);
    let reviews = reviews(progress, &seen);
    let total = reviews.len();
    let limit = review_limit(progress);
    let reviews: Vec<&Subject> = reviews
        .into_iter()
        .take(limit)
        .take_while(|_| time.takes(SECONDS_REVIEW))
        .collect();
    let later = total - reviews.len();
    let (claims, unseen): (Vec<&Subject>, Vec<&Subject>) =
        unseen.into_iter().partition(|s| face::is_claim(&s.card));
    let claims = claims.into_iter().take(claim_limit(progress));
    let fresh: Vec<&Subject> = by_weight(&unseen)
        .into_iter()
        .take(new_limit(progress, unseen.len()))
        .chain(claims)
        .take_while(|_| time.takes(SECONDS_NEW))
        .collect();

    let due = now.len() + reviews.len();
    let new = fresh.len();
    let last = progress
        .last_review()
        .map(|last| face::question_of(&last.review.card));
    let last = last.and_then(|card| subjects.iter().find(|s| s.card == card));
    let mixed = alternating(mixed(reviews, fresh), last.map(|s| s.section.as_str()));
    let cards: Vec<String> = now
        .into_iter()
        .chain(mixed)
        .chain(soon)
        .map(|subject| subject.card.clone())
        .collect();
    let next = next_due(progress, &seen).filter(|_| cards.is_empty());
    Agenda {
        cards,
        due,
        new,
        later,
        restart: progress.restart().is_some(),
        next,
    }
}

/// What may be asked beyond the plan of the day: what would be forgotten first, then what is new.
pub fn beyond(progress: &Progress, subjects: &[Subject]) -> Vec<String> {
    let open: Vec<&Subject> = subjects
        .iter()
        .filter(|subject| !progress.is_muted(&subject.card))
        .collect();
    let mut seen: Vec<(&Subject, f64)> = open
        .iter()
        .filter_map(|subject| Some((*subject, progress.recall(&subject.card)?)))
        .collect();
    seen.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    let unseen: Vec<&Subject> = open
        .into_iter()
        .filter(|subject| !progress.cards.contains_key(&subject.card))
        .collect();
    let seen = seen.into_iter().map(|(subject, _)| subject);
    seen.chain(by_weight(&unseen))
        .map(|subject| subject.card.clone())
        .collect()
}

/// How many questions stand how.
pub fn counts(progress: &Progress, subjects: &[Subject], standing: Standing) -> usize {
    let stands = |subject: &&Subject| progress.standing(&subject.card) == standing;
    subjects.iter().filter(stands).count()
}

/// What is due after days, the most urgent first. On the last days before the interview everything is that was not asked today.
fn reviews<'s>(progress: &Progress, seen: &[&'s Subject]) -> Vec<&'s Subject> {
    let days_left = progress.days_left();
    let interview = days_left.filter(|days| *days <= LAST_DAYS);
    let today = progress.today();
    let mut due: Vec<(&Subject, f64)> = seen
        .iter()
        .filter_map(|subject| Some((*subject, progress.cards.get(&subject.card)?)))
        .filter(|(_, known)| known.card.phase == Phase::Review)
        .filter_map(|(subject, known)| {
            let urgency = match interview {
                Some(days) if known.card.last.day() < today => {
                    let then = progress.now.plus_days(days.into());
                    1.0 - progress.scheduler.recall(&known.card, then)
                }
                _ if progress.is_due(&known.card) => {
                    (1.0 - progress.scheduler.recall(&known.card, progress.now)) * subject.weight
                }
                _ => return None,
            };
            Some((subject, urgency))
        })
        .collect();
    due.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    due.into_iter().map(|(subject, _)| subject).collect()
}

fn review_limit(progress: &Progress) -> usize {
    let limit = progress.settings.reviews as usize;
    let limit = progress.restart().map_or(limit, |few| few.min(limit));
    let done = progress.reviews_today().filter(|r| !r.first).count();
    limit.saturating_sub(done)
}

/// How many new questions may be asked now: so many that all are known a few days before the interview.
fn new_limit(progress: &Progress, unseen: usize) -> usize {
    let started = started_today(progress, false);
    let by_plan = || match progress.days_left() {
        Some(days) => {
            let days = usize::try_from(days - DAYS_TO_SETTLE).unwrap_or(0).max(1);
            (unseen + started).div_ceil(days).max(NEW_PER_DAY)
        }
        None => NEW_PER_DAY,
    };
    let limit = progress
        .settings
        .new
        .map_or_else(by_plan, |new| new as usize);
    match progress.restart() {
        Some(_) => 0,
        None => limit.saturating_sub(started),
    }
}

fn claim_limit(progress: &Progress) -> usize {
    match progress.restart() {
        Some(_) => 0,
        None => CLAIMS_PER_DAY.saturating_sub(started_today(progress, true)),
    }
}

/// How many new cards were asked today.
fn started_today(progress: &Progress, claims: bool) -> usize {
    let of_kind = |card: &str| face::is_claim(card) == claims;
    let today = progress.reviews_today();
    today.filter(|r| r.first && of_kind(&r.review.card)).count()
}

/// Seconds of today that are left.
struct Time(f64);

impl Time {
    fn left(progress: &Progress) -> Self {
        let spent = progress
            .reviews_today()
            .map(|counted| match counted.review.seconds {
                // Nobody answers for ten minutes: they were away.
                Some(seconds) => seconds.min(600.0),
                None if counted.first => SECONDS_NEW,
                None => SECONDS_REVIEW,
            });
        Self(f64::from(progress.settings.minutes) * 60.0 - spent.sum::<f64>())
    }

    /// Whether there is time left; what begins may end later.
    fn takes(&mut self, seconds: f64) -> bool {
        let is_left = self.0 > 0.0;
        self.0 -= seconds;
        is_left
    }
}

/// Subjects by turns, those of greater weight more often: each turn everyone gains its weight, and who has most pays the sum
/// (the smooth weighted round-robin of web servers, by section).
fn by_weight<'s>(subjects: &[&'s Subject]) -> Vec<&'s Subject> {
    let mut sections: Vec<(&str, f64, Vec<&Subject>)> = Vec::new();
    for subject in subjects {
        match sections
            .iter_mut()
            .find(|(name, ..)| *name == subject.section)
        {
            Some((_, _, members)) => members.push(subject),
            None => sections.push((&subject.section, 0.0, vec![subject])),
        }
    }
    for (_, _, members) in &mut sections {
        // The weightiest first; `sort_by` keeps the order of the curriculum otherwise. Taken from the end.
        members.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        members.reverse();
    }
    let mut order = Vec::with_capacity(subjects.len());
    loop {
        sections.retain(|(_, _, members)| !members.is_empty());
        let gain = |members: &[&Subject]| members.last().map_or(0.0, |first| first.weight);
        let sum: f64 = sections.iter().map(|(_, _, members)| gain(members)).sum();
        for (_, credit, members) in &mut sections {
            *credit += gain(members);
        }
        // Of equals the first.
        let best = sections
            .iter_mut()
            .rev()
            .max_by(|(_, a, _), (_, b, _)| a.total_cmp(b));
        let Some((_, credit, members)) = best else {
            return order;
        };
        *credit -= sum;
        order.extend(members.pop());
    }
}

/// One new after every two that were asked before.
fn mixed<'s>(reviews: Vec<&'s Subject>, fresh: Vec<&'s Subject>) -> Vec<&'s Subject> {
    let mut fresh = fresh.into_iter();
    let mut all = Vec::new();
    for pair in reviews.chunks(2) {
        all.extend(pair);
        all.extend(fresh.next());
    }
    all.extend(fresh);
    all
}

/// The same cards, neighbours from different sections where one of the next few allows it.
fn alternating<'s>(mut cards: Vec<&'s Subject>, last: Option<&'s str>) -> Vec<&'s Subject> {
    let mut previous = last;
    for at in 0..cards.len() {
        let end = cards.len().min(at + ALTERNATES);
        let other = (at..end).find(|&i| Some(cards[i].section.as_str()) != previous);
        if let Some(other) = other {
            cards[at..=other].rotate_right(1);
        }
        previous = Some(&cards[at].section);
    }
    cards
}

fn next_due(progress: &Progress, seen: &[&Subject]) -> Option<Moment> {
    let cards = seen.iter().filter_map(|s| progress.cards.get(&s.card));
    let due = cards.map(|known| known.card.due);
    due.min_by_key(|due| due.millis())
}
