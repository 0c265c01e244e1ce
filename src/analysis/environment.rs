//! Where code reads environment variables.

use super::context::Context;
use super::source_file::{SourceFile, is_written};
use super::syntax::Node;

/// Whether a subscript reads `os.environ[…]`; a store or a deletion is no read.
pub fn is_environ_item(cx: &Context<'_>, subscript: Node<'_>) -> bool {
    subscript.is("subscript")
        && subscript
            .field("value")
            .is_some_and(|value| cx.is_one_of(value, &["os.environ"]))
        && !is_written(subscript)
}

/// The name of the variable that a read asks for, as it is written.
pub fn key(read: Node<'_>) -> Option<Node<'_>> {
    let key = if read.is("subscript") {
        read.field("subscript")
    } else {
        read.positional()
            .first()
            .copied()
            .or_else(|| read.keyword("key"))
    };
    key.map(Node::unparenthesized)
}

/// Whether the code above, or the condition around a read, takes care that the variable of this name is there: it tests
/// it, or sets it.
pub fn is_guarded(file: &SourceFile, read: Node<'_>, key: Node<'_>) -> bool {
    let function = read.function().map(Node::range);
    let mentions = ["getenv", "environ"]
        .into_iter()
        .flat_map(|word| file.spelled(word));
    mentions
        .filter(|n| n.end() <= read.start() || n.statement() == read.statement())
        .filter(|n| !read.contains(*n))
        .filter(|n| n.function().map(Node::range) == function || n.function().is_none())
        .any(|mention| names_key(mention, key) && (is_tested(mention) || is_set(mention)))
}

/// Whether the expression around `getenv` or `environ` speaks about the same variable.
fn names_key(mention: Node<'_>, key: Node<'_>) -> bool {
    let around = mention
        .ancestors()
        .take_while(|n| !n.is_any(&["block", "module"]))
        .find(|n| n.is_any(&["call", "subscript", "comparison_operator"]));
    around.is_some_and(|n| {
        n.descendants()
            .iter()
            .any(|part| part.is(key.kind()) && part.text() == key.text())
    })
}

/// Whether an expression stands in the condition of an `if`, an `assert` or a `while`, or on the left of `and`.
fn is_tested(expression: Node<'_>) -> bool {
    let steps = std::iter::once(expression).chain(expression.ancestors());
    steps
        .zip(expression.ancestors())
        .take_while(|(_, outer)| !outer.is_any(&["block", "module"]))
        .any(|(inner, outer)| match outer.kind() {
            "if_statement" | "elif_clause" | "while_statement" => {
                outer.field("condition") == Some(inner)
            }
            "assert_statement" | "if_clause" => true,
            "conditional_expression" => outer.children().get(1) == Some(&inner),
            "boolean_operator" => outer.field("left") == Some(inner) && outer.has_token("and"),
            _ => false,
        })
}

/// Whether `environ` is what an item of is set, or `setdefault` or `update` is called on.
fn is_set(environ: Node<'_>) -> bool {
    let object = environ
        .parent()
        .filter(|p| p.is("attribute") && p.field("attribute") == Some(environ))
        .unwrap_or(environ);
    object.parent().is_some_and(|p| match p.kind() {
        "subscript" => is_written(p),
        "attribute" => p
            .last_name()
            .is_some_and(|name| ["setdefault", "update"].contains(&name)),
        _ => false,
    })
}
