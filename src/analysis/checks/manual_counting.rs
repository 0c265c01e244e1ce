//! The mapping and key of all parts must be the same code, the key without calls, and what a missing key starts with 0.

use crate::analysis::missing_keys::by_hand;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Decides about a statement.
pub fn check(cx: &Context<'_>, statement: Node<'_>) -> Option<Report> {
    let found = by_hand(cx.file, statement).filter(|found| found.start.is_number())?;
    Some(Report::range(statement.header()).capture("mapping", found.mapping))
}
