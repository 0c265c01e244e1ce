//! `except` clauses: what they catch, what runs in them, and what their name stands for.

use super::context::Context;
use super::source_file::SourceFile;
use super::syntax::Node;

/// The classes by which a cancelled task can be recognised.
pub const CANCELLATION: [&str; 2] = ["asyncio.CancelledError", "builtins.BaseException"];

/// The names that a handler without a name may get, best first.
const NEW_NAMES: [&str; 3] = ["err", "exc", "error"];

/// The classes that stand after `except`, each on its own, whether they stand alone, in a tuple, or (Python 3.14)
/// behind one another. A bare `except:` names none.
pub fn caught(clause: Node<'_>) -> Vec<Node<'_>> {
    let mut pending: Vec<Node<'_>> = clause.fields("value");
    pending.reverse();
    let mut classes = Vec::new();
    while let Some(value) = pending.pop() {
        let value = value.unparenthesized();
        match value.kind() {
            "as_pattern" => pending.extend(value.children().first()),
            "tuple" => pending.extend(value.children().into_iter().rev()),
            _ => classes.push(value),
        }
    }
    classes
}

/// Whether a clause surely catches what one of these qualified names stands for, because it names it or is bare.
pub fn catches(cx: &Context<'_>, clause: Node<'_>, names: &[&str]) -> bool {
    is_bare(clause) || caught(clause).into_iter().any(|c| cx.is_one_of(c, names))
}

/// Whether a clause names no class at all.
pub fn is_bare(clause: Node<'_>) -> bool {
    clause.field("value").is_none()
}

/// The block of an `except` clause.
pub fn block(clause: Node<'_>) -> Option<Node<'_>> {
    clause.children().into_iter().find(|c| c.is("block"))
}

/// The statements between `try:` and the first `except`.
pub fn guarded(clause: Node<'_>) -> Option<Node<'_>> {
    clause
        .parent()
        .filter(|p| p.is("try_statement"))?
        .field("body")
}

/// The clauses of the same `try` before this one.
pub fn earlier(clause: Node<'_>) -> Vec<Node<'_>> {
    clause.parent().map_or_else(Vec::new, |parent| {
        parent
            .children()
            .into_iter()
            .filter(|c| c.is("except_clause") && c.start() < clause.start())
            .collect()
    })
}

/// What a block of statements does, as the name of the first thing it calls: `send` for
/// `return await client.send(text)`.
pub fn work(block: Node<'_>) -> Option<&str> {
    block
        .own_scope()
        .into_iter()
        .filter_map(Node::callee)
        .find_map(Node::last_name)
}

/// The `try` statements of the same function in whose body a node stands, innermost first.
pub fn tries_around(node: Node<'_>) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut inner = node;
    while let Some(parent) = inner.parent() {
        if parent.is_any(&["function_definition", "lambda", "class_definition"]) {
            break;
        }
        if parent.is("try_statement") && parent.field("body") == Some(inner) {
            found.push(parent);
        }
        inner = parent;
    }
    found
}

/// The `except` clauses of a `try`.
pub fn clauses(try_statement: Node<'_>) -> Vec<Node<'_>> {
    try_statement
        .children()
        .into_iter()
        .filter(|c| c.is("except_clause"))
        .collect()
}

/// The nearest `except` clause in whose block a node runs. A function, lambda or class between them runs later or for
/// itself, so there is none then; the body, `else` and `finally` of an inner `try` still belong to the outer handler.
pub fn handler_of(node: Node<'_>) -> Option<Node<'_>> {
    node.ancestors()
        .find(|n| {
            n.is_any(&[
                "except_clause",
                "function_definition",
                "lambda",
                "class_definition",
            ])
        })
        .filter(|n| n.is("except_clause"))
}

/// Whether the clause stands in another handler that ends with a `raise`: what it handles does not go on as if nothing
/// had happened.
pub fn raised_anyway(clause: Node<'_>) -> bool {
    handler_of(clause)
        .and_then(block)
        .and_then(|outer| outer.children().last().copied())
        .is_some_and(|last| last.is("raise_statement"))
}

/// The identifier behind `as`.
pub fn handler_name(handler: Node<'_>) -> Option<Node<'_>> {
    handler
        .fields("value")
        .into_iter()
        .find_map(|value| value.field("alias"))?
        .children()
        .into_iter()
        .find(|n| n.is("identifier"))
}

/// The nodes that run in this very handler: not in a function or class inside it, and not in an inner handler.
pub fn own_nodes(handler: Node<'_>) -> Vec<Node<'_>> {
    let same_handler = |n: Node<'_>| {
        !n.is_any(&[
            "except_clause",
            "function_definition",
            "lambda",
            "class_definition",
        ])
    };
    block(handler).map_or_else(Vec::new, |block| block.walk_while(same_handler))
}

/// Whether the handler's name may stand for something else, or for nothing, when `at` runs: it is bound or deleted
/// before it, or later in a loop around it.
pub fn is_rebound<'t>(file: &'t SourceFile, handler: Node<'t>, at: Node<'t>) -> bool {
    let Some(name) = handler_name(handler) else {
        return false;
    };
    let before = |binding: Node<'_>| {
        let in_same_loop = at
            .ancestors()
            .take_while(|n| *n != handler)
            .any(|n| n.is_any(&["for_statement", "while_statement"]) && n.contains(binding));
        binding.start() < at.start() || in_same_loop
    };
    file.occurrences(name)
        .into_iter()
        .filter(|n| *n != name && handler.contains(*n) && file.names().is_binding_site(*n))
        .any(before)
}

/// Whether a `raise` raises something new (not the exception that the handler named) and says nothing about where it
/// comes from.
pub fn is_unchained(raise: Node<'_>, handler: Node<'_>) -> bool {
    let Some(raised) = raise.children().first().map(|n| n.unparenthesized()) else {
        return false;
    };
    if raise.field("cause").is_some() {
        return false;
    }
    let name = handler_name(handler).map(Node::text);
    let is_new = match raised.kind() {
        "identifier" => Some(raised.text()) != name,
        "call" => without_traceback_calls(raised).is_none_or(|e| Some(e.text()) != name),
        // A dotted name is reported only if it is spelled like a class: an attribute may hold any exception.
        "attribute" => raised
            .last_name()
            .is_some_and(|n| n.starts_with(char::is_uppercase)),
        _ => false,
    };
    is_new && !has_explicit_chain(raised, handler)
}

/// The name that `e.with_traceback(…)`, however often, is called on.
fn without_traceback_calls(call: Node<'_>) -> Option<Node<'_>> {
    let mut node = call;
    while let Some(callee) = node.callee() {
        if callee.last_name() != Some("with_traceback") {
            return None;
        }
        node = callee.field("object")?.unparenthesized();
    }
    node.is("identifier").then_some(node)
}

/// Whether the handler sets `__cause__` or its like on the name that is raised.
fn has_explicit_chain(raised: Node<'_>, handler: Node<'_>) -> bool {
    raised.is("identifier")
        && own_nodes(handler).into_iter().any(|n| {
            n.is("attribute")
                && n.field("object").is_some_and(|o| o.text() == raised.text())
                && matches!(
                    n.last_name(),
                    Some("__cause__" | "__context__" | "__suppress_context__")
                )
        })
}

/// The name that a handler without one should get. It differs from the names that the nameless handlers around it get,
/// so that all of them can be named at once.
pub fn new_name<'t>(file: &'t SourceFile, handler: Node<'t>) -> String {
    let scope = handler
        .function()
        .or_else(|| handler.ancestors().last())
        .unwrap_or(handler);
    let mut around: Vec<Node<'_>> =
        std::iter::successors(handler_of(handler), |h| handler_of(*h)).collect();
    around.reverse();
    let will_be_named = |h: &Node<'t>| {
        handler_name(*h).is_none()
            && own_nodes(*h)
                .into_iter()
                .any(|n| n.is("raise_statement") && is_unchained(n, *h))
    };
    let mut free: Vec<&str> = NEW_NAMES.to_vec();
    for _ in around.into_iter().filter(will_be_named) {
        let taken = file.unused_name(scope, &free);
        free.retain(|name| *name != taken);
    }
    file.unused_name(scope, if free.is_empty() { &NEW_NAMES } else { &free })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::syntax::Syntax;

    /// The classes of the first handler of a text, and what its `try` body does.
    fn read(text: &str) -> (Vec<String>, Option<String>) {
        let syntax = Syntax::of(text);
        let nodes = syntax.root().descendants();
        let clause = nodes.into_iter().find(|n| n.is("except_clause"));
        let clause = clause.expect("the text has a handler");
        let classes = caught(clause).into_iter().map(|c| c.text().to_owned());
        let done = guarded(clause).and_then(work).map(str::to_owned);
        (classes.collect(), done)
    }

    #[test]
    fn classes_are_found_in_every_layout() {
        for (clause, classes) in [
            ("except", vec![]),
            ("except A", vec!["A"]),
            ("except m.A as e", vec!["m.A"]),
            ("except (A, m.B) as e", vec!["A", "m.B"]),
            ("except ((A), (B, C))", vec!["A", "B", "C"]),
            ("except* A", vec!["A"]),
            ("except *(A, B) as e", vec!["A", "B"]),
            ("except A, B", vec!["A", "B"]),
        ] {
            let text = format!("try:\n    f()\n{clause}:\n    pass\n");
            assert_eq!(read(&text).0, classes, "{clause}");
        }
    }

    #[test]
    fn the_work_is_the_first_call_that_has_a_name() {
        for (body, work) in [
            ("return await c.send(f(x))", Some("send")),
            ("x = table[0](1); y = load()", Some("load")),
            ("x = 1", None),
            ("f = lambda: g()", None),
        ] {
            let text = format!("try:\n    {body}\nexcept A:\n    pass\n");
            assert_eq!(read(&text).1.as_deref(), work, "{body}");
        }
    }
}
