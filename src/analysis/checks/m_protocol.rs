//! Marks the header of the class, or the decorator.

use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports the class or the decorator that names a protocol.
pub fn check(_: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    Some(Report::range(hit.header()))
}
