//! The test runs in a loop or comprehension and looks in a list that was made before it, whose other uses are tests and
//! loops, or in a `list(…)` that is made for the test. Short displays do not count.

use crate::analysis::membership::SearchedList;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports the comparison.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    if !hit.has_token("in") && !hit.has_token("not in") {
        return None;
    }
    let found = SearchedList::of(cx.file, hit)?;
    let report = Report::at(hit).capture("value", found.value);
    Some(if hit.contains(found.value) {
        report
    } else {
        report.related(found.value, "the list is made here")
    })
}
