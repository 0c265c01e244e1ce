//! The first statement makes a call that the handlers may be there for; what follows works on the result, and contains
//! nothing that could fail the same way: no `await`, `yield` or `raise`, no call on the same object, no operation that
//! goes with a class the handlers catch.

use crate::analysis::guarding::{Failure, bound_names, failures, is_harmless, may_fail};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// How many statements after the first are too many whatever they do.
const MANY: usize = 3;

/// Reports the `try` itself, with what the first statement calls as `call`.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let parts = hit.children();
    if cx.settings.test_file
        || !parts.iter().any(|part| part.is("except_clause"))
        || parts.iter().any(|part| part.is("else_clause"))
    {
        return None;
    }
    let mut body = hit.body();
    body.retain(|statement| Some(*statement) != docstring(hit));
    let (first, rest) = body.split_first()?;
    let last = rest.last()?;
    let call = guarded_call(cx, *first)?;
    let failures = failures(cx, hit);
    let bound = bound_names(cx.file, *first);
    let returns_value = last.is("return_statement") && mentions_one(*last, &bound, rest, cx);
    let many = rest.len() >= MANY && !failures.contains(&Failure::Any);
    if !(returns_value || many) {
        return None;
    }
    let in_loop = is_in_loop(hit);
    let depends = rest.iter().any(|statement| {
        leaves(*statement, in_loop)
            || uses_same_object(cx, *statement, call, &bound)
            || failures
                .iter()
                .any(|failure| may_fail(cx, *failure, *statement))
    });
    if depends {
        return None;
    }
    let callee = call.callee()?;
    let name = if callee.text().contains(['\n', '\r']) {
        callee.last_name()?
    } else {
        callee.text()
    };
    Some(Report::range(hit.header()).text("call", name))
}

/// A string as the first statement of the body: it does nothing.
fn docstring(try_statement: Node<'_>) -> Option<Node<'_>> {
    try_statement.field("body")?.docstring()
}

/// The call that the handlers guard, if a statement makes one: what it awaits, or else its first call that can fail.
fn guarded_call<'t>(cx: &Context<'_>, statement: Node<'t>) -> Option<Node<'t>> {
    if !statement.is_any(&["expression_statement", "with_statement"]) {
        return None;
    }
    let nodes = statement.own_scope();
    let awaited = nodes
        .iter()
        .filter(|n| n.is("await"))
        .find_map(|n| n.children().first().map(|n| n.unparenthesized()))
        .filter(|n| n.is("call"));
    awaited.or_else(|| {
        nodes
            .into_iter()
            .find(|n| n.is("call") && !is_harmless(cx, *n))
    })
}

/// Whether a `return` gives back something that the statements of the body have made.
fn mentions_one(result: Node<'_>, bound: &[Node<'_>], rest: &[Node<'_>], cx: &Context<'_>) -> bool {
    let later: Vec<Node<'_>> = rest
        .iter()
        .flat_map(|statement| bound_names(cx.file, *statement))
        .collect();
    !bound.is_empty()
        && result.descendants().into_iter().any(|node| {
            node.is("identifier")
                && bound
                    .iter()
                    .chain(&later)
                    .any(|name| name.text() == node.text())
        })
}

fn is_in_loop(node: Node<'_>) -> bool {
    node.ancestors()
        .take_while(|n| !n.is_any(&["function_definition", "lambda", "class_definition"]))
        .any(|n| n.is_any(&["for_statement", "while_statement"]))
}

/// Whether control leaves a statement in a way that the handlers see, or that depends on the loop around the `try`.
fn leaves(statement: Node<'_>, in_loop: bool) -> bool {
    statement.own_scope().into_iter().any(|node| {
        node.is_any(&["await", "yield", "raise_statement"])
            || (node.is_any(&["for_statement", "with_statement", "for_in_clause"])
                && node.is_async())
            || (in_loop && node.is_any(&["break_statement", "continue_statement"]))
    })
}

/// Whether a statement calls the guarded function again, or something on the same object, or a method of the result.
fn uses_same_object(
    cx: &Context<'_>,
    statement: Node<'_>,
    guarded: Node<'_>,
    bound: &[Node<'_>],
) -> bool {
    let Some(callee) = guarded.callee() else {
        return false;
    };
    let receiver = callee.field("object").map(Node::text);
    statement.own_scope().into_iter().any(|node| {
        if reads_lazily(node, bound) {
            return true;
        }
        let Some(other) = node.callee() else {
            return false;
        };
        let object = other.field("object");
        let same = match (receiver, object.map(Node::text)) {
            (Some(receiver), Some(object)) => is_part_of(receiver, object),
            (None, None) => callee.text() == other.text(),
            _ => false,
        };
        let of_result = object.is_some_and(|object| is_one(object, bound));
        same || (of_result && !is_harmless(cx, node))
    })
}

/// Whether one of two attribute chains is the beginning of the other. `self` alone is too little to tell.
fn is_part_of(a: &str, b: &str) -> bool {
    let begins = |whole: &str, part: &str| {
        !["self", "cls"].contains(&part)
            && whole
                .strip_prefix(part)
                .is_some_and(|rest| rest.starts_with('.'))
    };
    a == b || begins(a, b) || begins(b, a)
}

/// Whether a loop or comprehension iterates over the result itself, which may be read only then.
fn reads_lazily(node: Node<'_>, bound: &[Node<'_>]) -> bool {
    node.is_any(&["for_statement", "for_in_clause"])
        && node
            .field("right")
            .is_some_and(|iterable| is_one(iterable, bound))
}

fn is_one(expression: Node<'_>, bound: &[Node<'_>]) -> bool {
    let expression = expression.unparenthesized();
    expression.is("identifier") && bound.iter().any(|name| name.text() == expression.text())
}
