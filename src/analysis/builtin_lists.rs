//! Uses of a list that a tuple would serve just as well.

use super::source_file::{SourceFile, is_written};
use super::syntax::Node;

/// The functions that read their argument and let go of it.
const READERS: [&str; 12] = [
    "builtins.all",
    "builtins.any",
    "builtins.enumerate",
    "builtins.frozenset",
    "builtins.len",
    "builtins.list",
    "builtins.max",
    "builtins.min",
    "builtins.set",
    "builtins.sorted",
    "builtins.sum",
    "builtins.tuple",
];

/// Whether the code around a name or attribute only looks at the list that it stands for, and would do the same with a
/// tuple: a loop over it, `in`, an item, its length, unpacking, or a call of a builtin that reads it. Anything that may
/// compare, concatenate, print, keep or hand on the list is not among them.
pub fn only_looked_at(file: &SourceFile, reference: Node<'_>) -> bool {
    let node = reference.with_parentheses();
    let Some(parent) = node.parent() else {
        return false;
    };
    match parent.kind() {
        "for_statement" | "for_in_clause" => parent.fields("right").contains(&node),
        "comparison_operator" => is_searched(parent, node),
        "subscript" => parent.field("value") == Some(node) && reads_item(file, parent),
        "list_splat" => true,
        "assignment" => is_unpacked(parent, node),
        "argument_list" => parent
            .parent()
            .is_some_and(|call| is_read_by(file, call, node)),
        "keyword_argument" => parent
            .parent()
            .and_then(Node::parent)
            .is_some_and(|call| parametrizes(file, call)),
        _ => false,
    }
}

/// Whether an operand stands behind the last operator of a comparison, and that is `in` or `not in`.
fn is_searched(comparison: Node<'_>, operand: Node<'_>) -> bool {
    let tokens = comparison.tokens();
    let operator = tokens
        .iter()
        .rfind(|token| token.end() <= operand.start() && !token.is("comment"));
    tokens.last() == Some(&operand) && operator.is_some_and(|op| op.is_any(&["in", "not in"]))
}

/// Whether a subscript reads one item, or a slice of which the same can be said.
fn reads_item(file: &SourceFile, subscript: Node<'_>) -> bool {
    let slice = subscript
        .fields("subscript")
        .iter()
        .any(|index| index.is("slice"));
    !is_written(subscript) && (!slice || only_looked_at(file, subscript))
}

/// `a, b = NAMES`, also as a part of `c, d = a, b = NAMES`.
fn is_unpacked(assignment: Node<'_>, value: Node<'_>) -> bool {
    let unpacks = |n: Node<'_>| {
        n.field("left")
            .is_some_and(|left| left.is_any(&["pattern_list", "tuple_pattern", "list_pattern"]))
    };
    assignment.field("right") == Some(value)
        && std::iter::once(assignment)
            .chain(assignment.ancestors())
            .take_while(|n| n.is("assignment"))
            .all(unpacks)
}

fn is_read_by(file: &SourceFile, call: Node<'_>, argument: Node<'_>) -> bool {
    let positional = call.positional();
    let Some(callee) = call.callee().and_then(|callee| file.resolve(callee)) else {
        return false;
    };
    // `max(a, b)` compares its arguments.
    let compares = ["builtins.max", "builtins.min"].contains(&callee.name.as_str());
    let first = positional.first() == Some(&argument) && !(compares && positional.len() > 1);
    (READERS.contains(&callee.name.as_str()) && first) || parametrizes(file, call)
}

fn parametrizes(file: &SourceFile, call: Node<'_>) -> bool {
    file.calls(call, &["pytest.mark.parametrize"])
}
