//! The statement runs in a loop, adds something that is surely a string to a local name, and that name held a string
//! literal before the loop. Silent where the loop reads the name, binds it in another way, or goes over a short display.

use crate::analysis::accumulation::{Update, first_value, loop_of};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports the assignment.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let update = Update::of(cx.file, hit)?;
    let around = loop_of(cx.file, &update)?;
    first_value(cx.file, &update, around)?;
    Some(Report::at(hit).capture("name", update.name))
}
