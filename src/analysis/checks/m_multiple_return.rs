//! What is returned must be a tuple of at least two items, with or without parentheses.

use crate::analysis::Context;
use crate::analysis::syntax::Node;

/// Decides about a `return`.
pub fn check(_: &Context<'_>, statement: Node<'_>) -> bool {
    let value = statement.children().first().map(|n| n.unparenthesized());
    value.is_some_and(|v| v.is_any(&["expression_list", "tuple"]) && v.children().len() > 1)
}
