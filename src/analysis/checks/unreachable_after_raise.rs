//! Takes the first statement of a block that always leaves it (`sys.exit()` and `os._exit()` too) and reports everything
//! behind it, once. A lone `yield` after `return` or `raise NotImplementedError` makes a generator, and functions after
//! a `return` in a test file are often parked there: neither counts.

use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports the statements of a block that never run.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let last_run = hit.statement();
    last_run.next()?;
    let block = last_run.parent()?;
    let mut before = std::iter::successors(last_run.previous(), |s| s.previous());
    if !always_leaves(cx, last_run) || before.any(|s| always_leaves(cx, s)) {
        return None;
    }
    let behind = std::iter::successors(last_run.next(), |s| s.next());
    let unreachable: Vec<Node<'_>> = behind
        .filter(|s| !is_parked_definition(cx, last_run, *s))
        .collect();
    let (first, last) = (*unreachable.first()?, *unreachable.last()?);
    let lone_yield = unreachable.len() == 1 && is_yield(first);
    if (lone_yield && announces_generator(cx, last_run)) || is_unreachable(cx, block) {
        return None;
    }
    let report = Report::range(first.start()..last.end());
    Some(if lone_yield && is_only_yield(first) {
        report.variant("generator")
    } else {
        report
    })
}

fn always_leaves(cx: &Context<'_>, statement: Node<'_>) -> bool {
    match statement.kind() {
        "raise_statement" | "return_statement" | "break_statement" | "continue_statement" => true,
        "expression_statement" => statement
            .children()
            .first()
            .is_some_and(|call| cx.calls(*call, &["sys.exit", "os._exit"])),
        _ => false,
    }
}

fn is_parked_definition(cx: &Context<'_>, last_run: Node<'_>, statement: Node<'_>) -> bool {
    cx.settings.test_file
        && last_run.is("return_statement")
        && statement
            .undecorated()
            .is_any(&["function_definition", "class_definition"])
}

fn is_yield(statement: Node<'_>) -> bool {
    statement.is("expression_statement")
        && statement
            .children()
            .first()
            .is_some_and(|n| n.unparenthesized().is("yield"))
}

/// Whether the function would be no generator without this statement.
fn is_only_yield(statement: Node<'_>) -> bool {
    let yields = |n: Node<'_>| n.is("yield") && !statement.contains(n);
    statement
        .function()
        .is_some_and(|f| !f.own_scope().into_iter().any(yields))
}

/// Whether a function that ends with this statement may need a `yield` behind it.
fn announces_generator(cx: &Context<'_>, last_run: Node<'_>) -> bool {
    last_run.is("return_statement")
        || last_run.children().first().is_some_and(|raised| {
            let raised = raised.unparenthesized();
            cx.is_one_of(
                raised.callee().unwrap_or(raised),
                &["builtins.NotImplementedError"],
            )
        })
}

/// Whether the block is itself part of something that never runs and is reported as a whole.
fn is_unreachable(cx: &Context<'_>, block: Node<'_>) -> bool {
    block
        .ancestors()
        .filter(|n| n.parent().is_some_and(|p| p.is_any(&["block", "module"])))
        .any(|statement| {
            std::iter::successors(statement.previous(), |s| s.previous())
                .any(|s| always_leaves(cx, s))
        })
}
