//! Marks the header of the class, the decorator, or the call.

use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports the class, the decorator or the call that is about testing coroutines.
pub fn check(_: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    Some(Report::range(hit.header()))
}
