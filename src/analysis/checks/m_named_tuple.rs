//! Marks the header of the class, or the call.

use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports a class or a call that makes a named tuple.
pub fn check(_: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let range = if hit.is("class_definition") {
        hit.header()
    } else {
        hit.range()
    };
    Some(Report::range(range))
}
