//! What is asked next: what is due, then what is new, within the limits of the day, one section after another.

use serde::Serialize;

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
#[derive(Debug, Clone, PartialEq, Serialize)]
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

/// The same cards, neighbours from different sections as far as that is possible, else in the same order.
fn alternating<'s>(mut cards: Vec<&'s Subject>, last: Option<&'s str>) -> Vec<&'s Subject> {
    let mut previous = last;
    for at in 0..cards.len() {
        let rest = &cards[at..];
        let is_most = |section: &str| {
            let same = rest.iter().filter(|card| card.section == section);
            same.count() * 2 > rest.len()
        };
        let differs = |card: &&Subject| Some(card.section.as_str()) != previous;
        // A section that has more than half of what is left must come now, or it has neighbours at the end.
        let next = rest
            .iter()
            .position(|card| differs(card) && is_most(&card.section))
            .or_else(|| rest.iter().position(differs));
        if let Some(next) = next {
            cards[at..=at + next].rotate_right(1);
        }
        previous = Some(&cards[at].section);
    }
    cards
}

fn next_due(progress: &Progress, seen: &[&Subject]) -> Option<Moment> {
    let cards = seen.iter().filter_map(|s| progress.cards.get(&s.card));
    let due = cards.map(|known| progress.due(&known.card));
    due.min_by_key(|due| due.millis())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::event::{Event, Grade};
    use crate::practice::testing::{Diary, subjects};

    const CARDS: [&str; 9] = ["a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3"];

    /// Cards that were learnt long enough ago that all are due.
    fn all_due() -> Diary {
        let mut diary = Diary::new();
        for card in CARDS {
            diary.learn(card);
        }
        diary.days(4);
        diary
    }

    fn today(diary: &Diary) -> Agenda {
        agenda(&diary.progress(), &subjects(&CARDS))
    }

    fn changes_of_section(cards: &[String]) -> bool {
        cards.windows(2).all(|pair| pair[0][..1] != pair[1][..1])
    }

    #[test]
    fn a_first_day_has_three_new_questions_of_three_sections() {
        let agenda = today(&Diary::new());
        assert_eq!((agenda.due, agenda.new, agenda.later), (0, 3, 0));
        assert_eq!(agenda.cards, ["a1", "b1", "c1"]);
    }

    #[test]
    fn what_was_answered_today_takes_from_the_limit_of_new_questions() {
        let mut diary = Diary::new();
        diary.plan(r#"{"newPerDay":2}"#);
        assert_eq!(today(&diary).new, 2);
        diary.learn("a1");
        assert_eq!(today(&diary).new, 1);
        assert_eq!(today(diary.days(1)).new, 2);
        diary.plan(r#"{"newPerDay":0}"#);
        assert_eq!(today(&diary).new, 0);
    }

    #[test]
    fn until_the_interview_everything_is_asked_in_time() {
        let mut diary = Diary::new();
        diary.plan(r#"{"interviewDate":"2026-11-07","minutesPerDay":60}"#);
        // Five days are left, three of which are for what was learnt to settle.
        assert_eq!(today(&diary).new, 5);
    }

    #[test]
    fn the_limit_of_reviews_leaves_the_rest_for_later() {
        let mut diary = all_due();
        diary.plan(r#"{"reviewsPerDay":4,"newPerDay":0}"#);
        let agenda = today(&diary);
        assert_eq!((agenda.due, agenda.later), (4, 5));
        diary.answer("a1", Grade::Good);
        assert_eq!((today(&diary).due, today(&diary).later), (3, 5));
    }

    #[test]
    fn the_minutes_of_the_day_are_a_limit_too() {
        let mut diary = all_due();
        diary.plan(r#"{"minutesPerDay":5,"newPerDay":0}"#);
        // Four reviews of 75 seconds.
        assert_eq!((today(&diary).due, today(&diary).later), (4, 5));
        diary.plan(r#"{"minutesPerDay":0}"#);
        assert_eq!((today(&diary).due, today(&diary).later), (0, 9));
    }

    #[test]
    fn after_a_gap_there_is_a_small_restart_without_anything_new() {
        let mut diary = Diary::new();
        for card in &CARDS[..8] {
            diary.learn(card);
        }
        let agenda = today(diary.days(30));
        assert!(agenda.restart);
        assert_eq!((agenda.due, agenda.new, agenda.later), (5, 0, 3));
    }

    #[test]
    fn neighbours_are_of_different_sections() {
        let agenda = today(&all_due());
        assert_eq!(agenda.due, 9);
        assert!(changes_of_section(&agenda.cards), "{:?}", agenda.cards);
    }

    #[test]
    fn the_first_card_is_of_another_section_than_the_last_answer() {
        let mut diary = all_due();
        let first = today(&diary).cards[0].clone();
        diary.answer(&first, Grade::Good);
        assert_ne!(today(&diary).cards[0][..1], first[..1]);
    }

    #[test]
    fn what_was_forgotten_comes_back_when_its_minutes_are_over_before_anything_else() {
        let mut diary = all_due();
        diary.answer("a1", Grade::Again);
        let soon = today(&diary);
        assert_eq!(
            soon.cards.last().map(String::as_str),
            Some("a1"),
            "rather than to end the session"
        );
        assert_eq!(soon.due, 8);
        diary.minutes(10);
        assert_eq!(today(&diary).cards[0], "a1");
    }

    #[test]
    fn a_card_that_was_left_half_learnt_is_due_on_the_next_day() {
        let mut diary = Diary::new();
        diary.answer("b2", Grade::Again);
        assert_eq!(today(diary.days(1)).cards[0], "b2");
    }

    #[test]
    fn buried_and_muted_cards_are_not_asked() {
        let mut diary = all_due();
        let until = diary.now.day().tomorrow().unwrap();
        diary.write(Event::Bury {
            card: "a1".into(),
            until,
        });
        diary.write(Event::Mute { card: "b1".into() });
        let cards = today(&diary).cards;
        assert!(!cards.contains(&"a1".to_owned()) && !cards.contains(&"b1".to_owned()));
        assert!(today(diary.days(1)).cards.contains(&"a1".to_owned()));
        let beyond = beyond(&diary.progress(), &subjects(&CARDS));
        assert!(!beyond.contains(&"b1".to_owned()));
    }

    #[test]
    fn on_the_last_days_what_would_be_recalled_least_on_the_day_comes_first() {
        let mut diary = Diary::new();
        for (card, grade) in [
            ("a1", Grade::Easy),
            ("b1", Grade::Hard),
            ("c1", Grade::Good),
        ] {
            diary.answer(card, grade);
            diary.minutes(10).answer(card, Grade::Easy);
        }
        diary
            .plan(r#"{"interviewDate":"2026-11-05","newPerDay":0}"#)
            .days(1);
        let asked = today(&diary);
        assert_eq!(asked.cards, ["b1", "c1", "a1"], "all, though none is due");
        let progress = diary.progress();
        let on_the_day = progress.now.plus_days(2);
        let recalls = asked.cards.iter().map(|card| {
            progress
                .scheduler
                .recall(&progress.cards[card].card, on_the_day)
        });
        assert!(recalls.collect::<Vec<_>>().is_sorted());
        diary.answer("b1", Grade::Good);
        assert_eq!(today(&diary).cards, ["c1", "a1"], "once a day");
    }

    #[test]
    fn on_the_day_of_the_interview_practice_comes_to_an_end() {
        let mut diary = all_due();
        let date = diary.now.day();
        diary.plan(&format!(r#"{{"interviewDate":"{date}","newPerDay":0}}"#));
        for _ in CARDS {
            let next = today(&diary).cards[0].clone();
            diary.minutes(1).answer(&next, Grade::Good);
        }
        assert_eq!(today(&diary).cards, [""; 0]);
        assert!(today(&diary).next.is_some_and(|next| next > diary.now));
    }

    #[test]
    fn weights_bring_sections_forward() {
        let mut all = subjects(&CARDS);
        for subject in &mut all[6..] {
            subject.weight = 3.0;
        }
        let mut diary = Diary::new();
        diary.plan(r#"{"newPerDay":5,"minutesPerDay":60}"#);
        let cards = agenda(&diary.progress(), &all).cards;
        let of_c = cards.iter().filter(|card| card.starts_with('c')).count();
        assert_eq!((of_c, cards.len()), (3, 5), "{cards:?}");
    }

    #[test]
    fn topics_in_focus_weigh_three_times_as_much() {
        let catalog = crate::catalog::embedded().unwrap();
        let weight = |focus: &str| {
            let mut diary = Diary::new();
            diary.plan(&format!(r#"{{"focusTopics":[{focus}]}}"#));
            let subjects = super::subjects(&catalog, &diary.progress());
            let of = |card: &str| subjects.iter().find(|s| s.card == card).unwrap().weight;
            format!("{} {}", of("gather-vs-wait"), of("profiling-python"))
        };
        assert_eq!(weight(""), "3 1");
        assert_eq!(weight(r#""performance""#), "3 3");
        assert_eq!(weight(r#""async-patterns""#), "9 1");
    }

    #[test]
    fn who_has_done_everything_is_told_when_to_come_back() {
        let mut diary = Diary::new();
        diary.plan(r#"{"newPerDay":0}"#).learn("a1");
        let agenda = today(&diary);
        assert_eq!(agenda.cards, [""; 0]);
        assert_eq!(agenda.next, Some(diary.now.plus_days(2)));
    }
}
