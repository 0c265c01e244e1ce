//! A loop or list comprehension that only collects one awaited answer per item, where the call reads, uses the loop
//! variable, and carries nothing from one iteration to the next.

use crate::analysis::awaits::{
    in_ordering_context, may_overlap, mentions, passed_connections, sounds_like_reading,
};
use crate::analysis::collecting::Collecting;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Whether the requests of a `for` statement or list comprehension could run at the same time.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let collecting = Collecting::of(hit)?;
    let call = collecting.call();
    let callee = call.callee()?;
    let independent = call.in_async_function()
        && !in_ordering_context(hit)
        && sounds_like_reading(callee)
        && may_overlap(cx.file, callee)
        && !shares_connection(cx, &collecting, call)
        && is_free_of_bindings(call)
        && collecting
            .targets()
            .is_some_and(|targets| uses_one(call, &targets))
        && !collecting
            .carried()
            .iter()
            .any(|name| mentions(call, name.text()) || loops_over(hit, name.text()));
    independent.then(|| Report::range(collecting.reported()).capture("call", call))
}

/// Whether every request gets the same connection.
fn shares_connection(cx: &Context<'_>, collecting: &Collecting<'_>, call: Node<'_>) -> bool {
    let targets = collecting.targets().unwrap_or_default();
    passed_connections(cx.file, call)
        .into_iter()
        .any(|name| targets.iter().all(|target| target.text() != name))
}

/// Whether a `for` statement iterates over something that the name is part of.
fn loops_over(statement: Node<'_>, name: &str) -> bool {
    statement
        .field("right")
        .is_some_and(|iterable| mentions(iterable, name))
}

/// Whether the call's arguments bind no name and give up control nowhere but in an `await`.
fn is_free_of_bindings(call: Node<'_>) -> bool {
    !call
        .descendants()
        .iter()
        .any(|n| n.is_any(&["named_expression", "yield"]))
}

/// Whether a loop variable occurs in the arguments.
fn uses_one(call: Node<'_>, targets: &[Node<'_>]) -> bool {
    call.field("arguments")
        .is_some_and(|arguments| targets.iter().any(|t| mentions(arguments, t.text())))
}
