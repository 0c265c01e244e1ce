//! Reports the first words of a statement instead of its body, and counts the places where control goes back to the loop.

use std::ops::Range;

use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// See the module.
pub fn check(_: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let (range, switches) = match hit.kind() {
        "function_definition" => (head(hit, hit.field("name")), counted(hit)),
        "for_statement" => (head(hit, token(hit, "for")), "one per round".to_owned()),
        "with_statement" => (
            head(hit, token(hit, "with")),
            "two, on entering and on leaving".to_owned(),
        ),
        _ => (hit.range(), "this one".to_owned()),
    };
    Some(Report::range(range).text("switches", switches))
}

/// The part of a statement up to this node: `async def name`, `async for`.
fn head(statement: Node<'_>, last: Option<Node<'_>>) -> Range<usize> {
    statement.start()..last.unwrap_or(statement).end()
}

fn token<'t>(statement: Node<'t>, keyword: &str) -> Option<Node<'t>> {
    statement.tokens().into_iter().find(|t| t.is(keyword))
}

/// How many places of a function's own code can hand control over.
fn counted(function: Node<'_>) -> String {
    let own = function.field("body").map(Node::own_scope);
    let switches = own.unwrap_or_default().into_iter().filter(|n| {
        n.is("await")
            || n.is_any(&["for_statement", "with_statement", "for_in_clause"]) && n.is_async()
    });
    match switches.count() {
        0 => "none, so it runs to its end like any other function".to_owned(),
        count => count.to_string(),
    }
}
