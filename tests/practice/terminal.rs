//! `hotseat practice` by keys, at a terminal of 80 columns.

use hotseat::practice::progress::Progress;
use hotseat::practice::{Event, Grade, Moment, Review};
use serde_json::json;

use crate::{Person, output_of, python};

/// Runs `hotseat practice` by steps: `see TEXT`, `press KEYS`.
fn practise(person: &Person, arguments: &[&str], steps: &[(&str, &str)]) -> String {
    let mut terminal = python(person, "terminal.py");
    terminal.args([env!("CARGO_BIN_EXE_hotseat"), "practice"]);
    terminal.args(arguments).arg(json!(steps).to_string());
    output_of(&mut terminal)
}

fn reviews(person: &Person) -> Vec<Review> {
    let progress = Progress::of(&person.entries(), Moment::now());
    progress
        .reviews
        .into_iter()
        .map(|counted| counted.review)
        .collect()
}

#[test]
fn a_question_is_asked_answered_ticked_graded_taken_back_and_graded_again() {
    let person = Person::new();
    let question = "gather-vs-wait";
    let steps = [
        ("see", "Async programming · mid · new"),
        ("see", "and when do you choose which?"),
        ("see", "Space: answer · h: hint"),
        ("press", "h"),
        ("see", "returns the results as a list in argument order"),
        ("press", " "),
        ("see", "## In short"),
        ("see", "## What is often said, and wrong"),
        ("see", "## Key points"),
        ("see", "which did you make?"),
        ("press", "1"),
        ("see", "[x]1 [ ]2"),
        ("see", "Enter: Again"),
        ("press", "*"),
        ("see", "Enter: Good"),
        ("press", "8"),
        ("see", "[x]7 [ ]8"),
        ("see", "g: Good 10 min"),
        ("press", "\r"),
        ("see", "Good: asked again in 10 min"),
        // The second question.
        ("see", "How do Python's"),
        ("press", "u"),
        ("see", "Taken back."),
        ("see", "Async programming · mid · new"),
        ("press", " "),
        ("see", "which did you make?"),
        ("press", "12"),
        ("see", "[x]1 [x]2"),
        ("press", "h"),
        ("see", "Hard: asked again in 5 min"),
        ("see", "How do Python's"),
        ("press", "q"),
        ("see", "1 answer in this session, all saved."),
    ];
    practise(&person, &[question, "list-vs-tuple"], &steps);
    let reviews = reviews(&person);
    let [review] = reviews.as_slice() else {
        panic!("{reviews:?}");
    };
    assert_eq!(
        (review.card.as_str(), review.grade),
        (question, Grade::Hard)
    );
    assert_eq!(
        (review.source.as_str(), review.scheduler.as_str()),
        ("terminal", "fsrs-6")
    );
    assert!(review.seconds.is_some());
    let made: Vec<bool> = review.points.iter().map(|point| point.made).collect();
    assert_eq!(made, [true, true, false, false, false, false, false, false]);
    let entries = person.entries();
    let sessions = entries.iter().filter_map(|entry| match entry.event {
        Event::Session { session, ended } => Some((Some(session), ended)),
        _ => None,
    });
    let sessions: Vec<_> = sessions.collect();
    assert_eq!(sessions, [(review.session, false), (review.session, true)]);
}

#[test]
fn missed_points_come_first_and_a_changed_answer_is_announced() {
    let person = Person::new();
    let first = [
        ("see", "Space: answer"),
        ("press", " "),
        ("see", "which did you make?"),
        ("press", "23456"),
        ("see", "[x]6"),
        ("press", "h"),
        ("see", "all saved."),
    ];
    practise(&person, &["raise-forms"], &first);
    let missed = reviews(&person)[0]
        .points
        .iter()
        .filter(|point| !point.made)
        .count();
    // The log of a time when the answer was another one.
    let old: String = person
        .entries()
        .iter()
        .map(|entry| entry.line().replace(r#""revision":1"#, r#""revision":0"#) + "\n")
        .collect();
    let later = Person::new();
    later.hotseat_with(&["progress", "merge", "-"], &old);
    let steps = [
        ("see", "The answer was changed since you gave yours."),
        ("press", " "),
        ("see", "1. (missed last time)"),
        ("see", "g: Good"),
        ("press", "g"),
        ("see", "all saved."),
    ];
    let written = practise(&later, &["raise-forms"], &steps);
    assert_eq!(written.matches("(missed last time)").count(), missed);
    assert_eq!(reviews(&later)[1].points, [], "nothing was ticked");
}

#[test]
fn questions_are_skipped_buried_and_muted_and_nothing_is_lost_at_the_end() {
    for end in ["q", "\u{1b}", "\u{3}"] {
        let person = Person::new();
        let steps = [
            ("see", "3 left"),
            ("press", "s"),
            ("see", "2 left"),
            ("press", "b"),
            ("see", "Not before tomorrow."),
            ("see", "Space: answer"),
            ("press", " "),
            ("see", "e: Easy"),
            ("press", "m"),
            ("see", "Not any more."),
            ("see", "Space: answer"),
            ("press", "u"),
            ("see", "Taken back."),
            ("see", "Space: answer"),
            ("press", " "),
            ("see", "e: Easy"),
            ("press", "e"),
            ("see", "Easy: asked again in 8 days"),
            ("see", "Space: answer"),
            ("press", end),
            ("see", "1 answer in this session, all saved."),
        ];
        practise(&person, &[], &steps);
        let progress = Progress::of(&person.entries(), Moment::now());
        assert_eq!(progress.muted().count(), 0);
        assert_eq!(progress.reviews.len(), 1);
        assert!(person.entries().iter().any(
            |entry| matches!(&entry.event, Event::Bury { card, .. } if progress.is_buried(card))
        ));
    }
}

#[test]
fn no_line_is_longer_than_the_terminal() {
    let person = Person::new();
    let steps = [
        ("see", "Space: answer"),
        ("press", " "),
        ("see", "which did you make?"),
        ("press", "q"),
        ("see", "all saved."),
    ];
    let written = practise(&person, &["concurrent-error-handling"], &steps);
    let long: Vec<&str> = written
        .lines()
        .filter(|line| line.chars().count() > 80)
        .collect();
    assert_eq!(long, [""; 0]);
}

#[test]
fn when_everything_is_done_it_says_so() {
    let person = Person::new();
    person.hotseat(&["progress", "plan", "--new", "0"]);
    let steps = [
        ("see", "That is all for today."),
        ("see", "`hotseat practice --more`"),
    ];
    practise(&person, &[], &steps);
    assert_eq!(
        person.entries().len(),
        1,
        "a session without a question is none"
    );
}
