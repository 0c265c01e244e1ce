//! The statement is nothing but a comprehension, or `list`, `tuple`, `any` or `all` around a generator expression or a
//! `map`. Silent for the last line of a notebook cell, which is shown, and for code that expects an exception.

use crate::analysis::coroutine::{expects_exception, in_notebook_cell, lone_expression};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Decides about an expression statement.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let expression = lone_expression(hit)?;
    let what = match expression.kind() {
        "list_comprehension" => "list",
        "set_comprehension" => "set",
        "dictionary_comprehension" => "dict",
        "call" => consumer(cx, expression)?,
        _ => return None,
    };
    let shown = in_notebook_cell(cx.file, hit) && hit.next().is_none();
    if shown || expects_exception(hit) {
        return None;
    }
    let report = Report::at(hit)
        .anchor(expression.range())
        .text("what", what);
    Some(if ["any", "all"].contains(&what) {
        report.variant("answer")
    } else {
        report
    })
}

/// The name of the builtin that consumes a generator expression or a `map`.
fn consumer(cx: &Context<'_>, call: Node<'_>) -> Option<&'static str> {
    let what = match cx.callee_name(call)?.as_str() {
        "builtins.list" => "list",
        "builtins.tuple" => "tuple",
        "builtins.any" => "any",
        "builtins.all" => "all",
        _ => return None,
    };
    let [only] = call.arguments()[..] else {
        return None;
    };
    let items = only.unparenthesized();
    (items.is("generator_expression") || cx.calls(items, &["builtins.map"])).then_some(what)
}
