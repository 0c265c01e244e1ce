//! The scheduler equals that of the package `fsrs` from the Python package index.

use std::process::Command;

use hotseat::practice::event::{Grade, Moment};
use hotseat::practice::scheduler::Scheduler;

#[test]
fn ten_thousand_histories_give_the_intervals_of_the_reference() {
    let python = std::env::var("HOTSEAT_TEST_PYTHON");
    let python = python.expect("tests/run names a Python that has the package fsrs");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/practice/reference.py");
    let output = Command::new(python).args([script, "7", "10000"]).output();
    let output = output.expect("Python runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
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
