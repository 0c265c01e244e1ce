//! Reports the field's whole assignment, where the call is one, and shows the hover on the call.

use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Decides about a call of `dataclasses.field`.
pub fn check(_: &Context<'_>, call: Node<'_>) -> Option<Report> {
    let value = call.with_parentheses();
    let assignment = value
        .parent()
        .filter(|p| p.is("assignment") && p.field("right") == Some(value));
    Some(Report::at(assignment.unwrap_or(call)).anchor(call.range()))
}
