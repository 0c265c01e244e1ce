//! One operand is a reading of the wall clock, the other an earlier one: a name with one value, an attribute that the
//! class assigns, or, in a comparison, something in which the file itself stored a reading. Silent where a reading is
//! also used as a point in time.

use crate::analysis::clocks::{Age, Clock, Family, Meaning};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};
use crate::catalog::Severity;

/// Reports the difference, or the sum that a deadline is computed with.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    if !hit.has_token("-") && !hit.has_token("+") {
        return None;
    }
    let Some(family) = Family::of(cx.file, hit) else {
        let age = Age::of(cx.file, hit)?;
        return Some(with_readings(hit, &age.readings).review());
    };
    if family.meaning == Meaning::PointInTime {
        return None;
    }
    let report = with_readings(hit, &family.readings);
    Some(match family.clock {
        Clock::Seconds => report,
        Clock::Datetime => {
            let method = family
                .readings
                .first()
                .and_then(|call| call.callee()?.last_name());
            report
                .severity(Severity::Hint)
                .variant("datetime")
                .text("method", method.unwrap_or("now"))
                .withhold("a datetime carries more than seconds")
        }
    })
}

/// The report says which lines read the clock.
fn with_readings(hit: Node<'_>, readings: &[Node<'_>]) -> Report {
    let texts: Vec<String> = readings
        .iter()
        .map(|call| format!("`{}`", call.text()))
        .collect();
    let count = texts.len();
    let text = match texts.first() {
        Some(first) if texts.iter().all(|t| t == first) => format!("{first}, {count} times"),
        _ => texts.join(", "),
    };
    let report = Report::at(hit).text("readings", text);
    readings
        .iter()
        .filter(|call| !hit.contains(**call))
        .fold(report, |report, call| {
            report.related(*call, "the clock is read here")
        })
}
