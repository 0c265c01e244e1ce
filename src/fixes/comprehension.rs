//! Writing comprehensions.

use crate::analysis::SourceFile;
use crate::analysis::syntax::Node;

use super::{FixContext, joining, layout};

/// Names that mean the function around them, or that look its variables up: in a comprehension they would mean less.
const OF_FUNCTION: [&str; 7] = [
    "__class__",
    "dir",
    "eval",
    "exec",
    "locals",
    "super",
    "vars",
];

/// An expression as the element, the key or the value of a comprehension, in a line that is indented by `to` and has
/// `before` in front of it.
pub fn element(cx: &FixContext<'_>, node: Node<'_>, to: &str, before: &str) -> String {
    let kinds = ["named_expression", "expression_list"];
    parenthesized_if(cx, node, &kinds, to, before)
}

/// An expression as what a comprehension iterates over, in a line that is indented by `to` and has `before` in front of
/// it.
pub fn iterable(cx: &FixContext<'_>, node: Node<'_>, to: &str, before: &str) -> String {
    let kinds = ["conditional_expression", "lambda", "expression_list"];
    parenthesized_if(cx, node, &kinds, to, before)
}

/// An expression as a condition of a comprehension, in a line that is indented by `to`.
pub fn condition(cx: &FixContext<'_>, node: Node<'_>, to: &str) -> String {
    let kinds = ["conditional_expression", "lambda", "named_expression"];
    parenthesized_if(cx, node, &kinds, to, "if ")
}

fn parenthesized_if(
    cx: &FixContext<'_>,
    node: Node<'_>,
    kinds: &[&str],
    to: &str,
    before: &str,
) -> String {
    let text = joining::moved(cx, node, to, before);
    if node.is_any(kinds) {
        format!("({text})")
    } else {
        text
    }
}

/// The indentation of the parts of a comprehension that [`laid_out`] gives lines of their own.
pub fn inner_indentation(file: &SourceFile, at: Node<'_>) -> String {
    format!("{}{}", at.indentation(), layout::indent_unit(file))
}

/// Why an expression would mean something else in a comprehension; `None` if it would not.
pub fn obstacle(node: Node<'_>) -> Option<String> {
    node.descendants()
        .into_iter()
        .find(|n| n.is("identifier") && OF_FUNCTION.contains(&n.text()))
        .map(|n| {
            format!(
                "`{}` would mean something else in a comprehension",
                n.text()
            )
        })
}

/// Why a comprehension cannot iterate over an expression; `None` if it can.
pub fn iterable_obstacle(node: Node<'_>) -> Option<&'static str> {
    node.descendants().into_iter().find_map(|n| match n.kind() {
        "named_expression" => Some("a comprehension's iterable can bind no name"),
        "yield" => Some("the iterable yields"),
        _ => None,
    })
}

/// The parts of a comprehension (the element, then its clauses) between two brackets, behind `before`, which begins in the
/// line that is indented like `at`: on one line, or with a line for each part if one of them has several,
/// and the comprehension is not inside an f-string.
pub fn laid_out(
    file: &SourceFile,
    at: Node<'_>,
    before: &str,
    brackets: (&str, &str),
    parts: &[String],
) -> String {
    let (open, close) = brackets;
    let line = format!("{before}{open}{}{close}", parts.join(" "));
    let in_string = at.ancestors().any(|n| n.is("string"));
    if in_string || !line.contains(['\n', '\r']) {
        return line;
    }
    let newline = layout::newline(file);
    let outer = at.indentation();
    let inner = inner_indentation(file, at);
    let lines: String = parts
        .iter()
        .map(|part| format!("{inner}{part}{newline}"))
        .collect();
    format!("{before}{open}{newline}{lines}{outer}{close}")
}
