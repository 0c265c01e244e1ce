//! The call of `range` counts from 0 to the length of something in steps, and the loop or comprehension around it makes
//! nothing of the number but the slice of one step.

use crate::analysis::batching::Batching;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports the loop or the comprehension. The hit is a call of `range`.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let found = Batching::of(cx.file, hit)?;
    let range = if found.around.is("for_statement") {
        found.around.header()
    } else {
        found.around.range()
    };
    Some(
        Report::range(range)
            .capture("range", hit)
            .capture("items", found.items)
            .capture("size", found.size),
    )
}
