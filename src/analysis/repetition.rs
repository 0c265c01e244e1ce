//! What runs again and again: the loops and comprehensions around a piece of code.

use super::expressions::is_comprehension;
use super::syntax::Node;

/// The loops and comprehensions of the same function that run a node again for every item, innermost first. The iterable
/// of a `for`, its `else`, and the first iterable of a comprehension run only once.
pub fn repeated_by(node: Node<'_>) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut inner = node;
    while let Some(parent) = inner.parent() {
        match parent.kind() {
            "function_definition" | "lambda" | "class_definition" => break,
            "for_statement" if parent.field("body") == Some(inner) => found.push(parent),
            "while_statement" if parent.field("alternative") != Some(inner) => found.push(parent),
            _ if is_comprehension(parent) && !is_first_iterable(parent, node) => {
                found.push(parent);
            }
            _ => {}
        }
        inner = parent;
    }
    found
}

/// Whether a node is part of what a comprehension asks for its items first: `xs` of `[x for x in xs]`.
fn is_first_iterable(comprehension: Node<'_>, node: Node<'_>) -> bool {
    let clause = comprehension
        .children()
        .into_iter()
        .find(|c| c.is("for_in_clause"));
    let iterable = clause.and_then(|c| c.field("right"));
    iterable.is_some_and(|iterable| iterable.contains(node))
}

/// Whether an expression is a display whose length can be seen, and is at most `most`.
pub fn is_short_display(expression: Node<'_>, most: usize) -> bool {
    let node = expression.unparenthesized();
    let items = node.children();
    node.is_any(&["list", "tuple", "set", "expression_list"])
        && items.len() <= most
        && !items.iter().any(|item| item.is("list_splat"))
}

/// The source text of an expression without white space: two expressions with the same are written the same.
pub fn spelling(node: Node<'_>) -> String {
    node.text().split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::syntax::Syntax;

    /// The kinds of what repeats the name `here`.
    fn around(text: &str) -> Vec<&'static str> {
        let syntax = Syntax::of(text);
        let here = syntax
            .root()
            .descendants()
            .into_iter()
            .find(|n| n.is("identifier") && n.text() == "here");
        here.map_or(Vec::new(), |here| {
            repeated_by(here).into_iter().map(Node::kind).collect()
        })
    }

    #[test]
    fn iterables_run_once_and_bodies_again() {
        for (text, expected) in [
            ("for x in here: pass", vec![]),
            ("for x in xs: here", vec!["for_statement"]),
            ("for x in xs: pass\nelse: here", vec![]),
            ("while here: pass", vec!["while_statement"]),
            ("[x for x in here]", vec![]),
            ("[here for x in xs]", vec!["list_comprehension"]),
            ("[x for x in xs if here]", vec!["list_comprehension"]),
            ("{x for y in ys for x in here}", vec!["set_comprehension"]),
            ("for x in xs:\n    lambda: here", vec![]),
        ] {
            assert_eq!(around(text), expected, "{text}");
        }
    }
}
