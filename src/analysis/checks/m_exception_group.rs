//! Of all `except` clauses, those with a star and those that name `ExceptionGroup` or `BaseExceptionGroup`.

use crate::analysis::handlers::caught;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

const GROUPS: [&str; 2] = ["builtins.ExceptionGroup", "builtins.BaseExceptionGroup"];

/// Accepts every call the trigger found, and the clauses that have to do with groups.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    if hit.is("call") {
        return Some(Report::at(hit));
    }
    let of_groups = hit.has_token("*") || caught(hit).into_iter().any(|c| cx.is_one_of(c, &GROUPS));
    of_groups.then(|| Report::range(hit.header()))
}
