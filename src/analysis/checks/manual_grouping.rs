//! The mapping and key of all parts must be the same code, the key without calls, and what a missing key starts with an
//! empty container that the update fills. `setdefault` counts only where the mapping visibly starts as an empty dict.

use crate::analysis::missing_keys::{by_hand, local_start};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Decides about a statement.
pub fn check(cx: &Context<'_>, statement: Node<'_>) -> Option<Report> {
    let found = by_hand(cx.file, statement).filter(|found| !found.start.is_number())?;
    if found.is_setdefault && local_start(cx.file, found.mapping).is_none() {
        return None;
    }
    Some(
        Report::range(statement.header())
            .capture("mapping", found.mapping)
            .text("factory", found.start.factory()),
    )
}
