//! Of a function or class only its header.

use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Decides about a declaration.
pub fn check(_: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    if hit.is_any(&["function_definition", "class_definition"]) {
        Some(Report::range(hit.header()))
    } else {
        Some(Report::at(hit))
    }
}
