//! A list comprehension is all that a reducing builtin is called with, but for keywords of `sum`, `min` and `max`; or a
//! `for` goes over `list(…)` of something lazy, and its body leaves alone what that reads.

use crate::analysis::iteration::{generator_called, may_stop};
use crate::analysis::mutable::{Use, use_of};
use crate::analysis::repetition::spelling;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Builtins that stop reading as soon as the answer is known.
const SHORT_CIRCUIT: [&str; 2] = ["builtins.any", "builtins.all"];

/// Builtins that take options by keyword.
const WITH_OPTIONS: [&str; 3] = ["builtins.sum", "builtins.min", "builtins.max"];

/// Builtins whose result makes its items one at a time.
const LAZY: [&str; 6] = [
    "builtins.enumerate",
    "builtins.filter",
    "builtins.map",
    "builtins.range",
    "builtins.reversed",
    "builtins.zip",
];

/// Reports the call. The hit is a call of one of the builtins.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let name = cx.callee_name(hit)?;
    if name == "builtins.list" {
        return in_loop(cx, hit);
    }
    let arguments = hit.arguments();
    let (list, options) = arguments.split_first()?;
    let keywords_only = options.iter().all(|a| a.is("keyword_argument"));
    let allowed = options.is_empty() || WITH_OPTIONS.contains(&name.as_str());
    let waits = list
        .descendants()
        .into_iter()
        .any(|n| n.is("await") || (n.is("for_in_clause") && n.is_async()));
    if !list.is("list_comprehension") || !keywords_only || !allowed || waits {
        return None;
    }
    let report = Report::at(hit).capture("list", *list);
    Some(
        if SHORT_CIRCUIT.contains(&name.as_str()) || may_stop(cx.file, *list) {
            report.review()
        } else {
            report
        },
    )
}

/// `for item in list(lazy)`.
fn in_loop(cx: &Context<'_>, call: Node<'_>) -> Option<Report> {
    let node = call.with_parentheses();
    let around = node
        .parent()
        .filter(|p| p.is("for_statement") && p.field("right") == Some(node))?;
    let [argument] = call.arguments()[..] else {
        return None;
    };
    let source = argument.unparenthesized();
    let lazy = if source.is("generator_expression") {
        !source
            .descendants()
            .iter()
            .any(|n| n.is("await") || (n.is("for_in_clause") && n.is_async()))
    } else {
        let generator = generator_called(cx.file, source);
        generator.is_some_and(|f| f.decorators().is_empty() && !f.is_async())
            || cx
                .callee_name(source)
                .is_some_and(|name| LAZY.contains(&name.as_str()) || name.starts_with("itertools."))
    };
    (lazy && !around.is_async() && leaves_alone(cx, around, source))
        .then(|| Report::at(call).capture("list", argument).review())
}

/// Whether the body of a loop only reads what the iterable is made from.
fn leaves_alone(cx: &Context<'_>, around: Node<'_>, source: Node<'_>) -> bool {
    let read: Vec<String> = source
        .descendants()
        .into_iter()
        .filter(|n| n.is_any(&["identifier", "attribute"]) && !is_part(*n))
        .filter(|n| {
            // `map` of `map(…)` and the variables of a comprehension are no sources.
            cx.file.names().owner(root(*n)).is_some()
        })
        .map(spelling)
        .collect();
    let Some(body) = around.field("body") else {
        return false;
    };
    body.descendants()
        .into_iter()
        .filter(|n| n.is_any(&["identifier", "attribute"]))
        .filter(|n| read.contains(&spelling(*n)))
        .all(|n| {
            let called = n.parent().is_some_and(|p| {
                p.is("attribute") && p.parent().is_some_and(|call| call.callee() == Some(p))
            });
            !called && !cx.file.names().is_binding_site(n) && use_of(cx.file, n) == Use::Read
        })
}

/// Whether a node is the method that is called, or the name of an attribute or keyword. The objects in front of an
/// attribute count: who has `node` can change `node.children`.
fn is_part(node: Node<'_>) -> bool {
    node.parent().is_some_and(|p| {
        (p.is("attribute") && p.field("attribute") == Some(node))
            || (p.is("keyword_argument") && p.field("name") == Some(node))
            || (node.is("attribute") && p.callee() == Some(node))
    })
}

fn root(node: Node<'_>) -> Node<'_> {
    let mut node = node;
    while let Some(object) = node.field("object") {
        node = object;
    }
    node
}
