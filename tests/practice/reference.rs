//! The scheduler equals that of the package `fsrs` from the Python package index.

use hotseat::practice::event::{Grade, Moment};
use hotseat::practice::scheduler::Scheduler;

use crate::{Person, output_of, python};

#[test]
fn ten_thousand_histories_give_the_intervals_of_the_reference() {
    let person = Person::new();
    let text = output_of(python(&person, "reference.py").args(["7", "10000"]));
    let (scheduler, mut histories) = (Scheduler::default(), 0);
    for line in text.lines() {
        let history: Vec<(i64, i64, f64, i64)> = serde_json::from_str(line).unwrap();
        let mut card = None;
        for (place, (grade, at, interval, _)) in history.iter().enumerate() {
            let at = Moment::from_millis(at * 1000, 0).unwrap();
            let grade = Grade::numbered(*grade).unwrap();
            let next = scheduler.review(card.as_ref(), grade, at);
            let milliseconds = next.due.millis() - at.millis();
            #[expect(clippy::cast_possible_truncation, reason = "at most 100 years")]
            let expected = (interval * 1000.0) as i64;
            assert_eq!(milliseconds, expected, "review {place} of {line}");
            card = Some(next);
        }
        histories += 1;
    }
    assert_eq!(histories, 10_000);
}
