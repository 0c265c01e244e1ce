//! The statement leaves a `finally`: nothing between the two is a function or class, and for `break` and `continue` no
//! loop that they belong to.

use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Decides about a `return`, `break` or `continue`.
pub fn check(_: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let keyword = match hit.kind() {
        "return_statement" => "return",
        "break_statement" => "break",
        _ => "continue",
    };
    let mut inner = hit;
    while let Some(outer) = inner.parent() {
        match outer.kind() {
            "function_definition" | "lambda" | "class_definition" => return None,
            // What stands in the `else` of a loop belongs to the next loop outwards.
            "for_statement" | "while_statement"
                if keyword != "return" && outer.field("body") == Some(inner) =>
            {
                return None;
            }
            "finally_clause" => return Some(Report::at(hit).text("keyword", keyword)),
            _ => inner = outer,
        }
    }
    None
}
