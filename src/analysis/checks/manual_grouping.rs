//! The mapping and key of all parts must be the same code, the key without calls, and what a missing key starts with an
//! empty container that the update fills. `setdefault`, and a key that is a literal, count only where the mapping visibly starts as an empty
//! dict.

use crate::analysis::missing_keys::{by_hand, local_start};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Decides about a statement.
pub fn check(cx: &Context<'_>, statement: Node<'_>) -> Option<Report> {
    let found = by_hand(cx.file, statement).filter(|found| !found.start.is_number())?;
    // A key that is written out is rather an entry of a record, unless the mapping is made here to be filled.
    let doubtful = found.is_setdefault || found.key.is_literal();
    if doubtful && local_start(cx.file, found.mapping).is_none() {
        return None;
    }
    Some(
        Report::range(statement.header())
            .capture("mapping", found.mapping)
            .text("factory", found.start.factory()),
    )
}
