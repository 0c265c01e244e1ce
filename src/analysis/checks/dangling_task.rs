//! The task must be dropped: the call is a whole statement, or its result is assigned to `_` or to a local name that is
//! never read.

use crate::analysis::coroutine::{expects_exception, is_event_loop, lone_expression, method_call};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// See the module.
pub fn check(cx: &Context<'_>, statement: Node<'_>) -> Option<Report> {
    let expression = lone_expression(statement)?;
    if starts_task(cx, expression) && !expects_exception(statement) {
        return Some(Report::at(statement).capture("call", expression));
    }
    let target = expression.field("left").filter(|t| t.is("identifier"))?;
    let call = expression.field("right")?.unparenthesized();
    if !expression.is("assignment") || !starts_task(cx, call) || !cx.file.reads(target).is_empty() {
        return None;
    }
    let report = Report::at(statement)
        .capture("call", call)
        .capture("target", target);
    if is_local(cx, target) {
        Some(report.variant("unread").text("name", target.text()))
    } else {
        (target.text() == "_").then_some(report)
    }
}

fn starts_task(cx: &Context<'_>, call: Node<'_>) -> bool {
    cx.calls(call, &["asyncio.create_task", "asyncio.ensure_future"])
        || method_call(call)
            .is_some_and(|(object, method)| method == "create_task" && is_event_loop(cx, object))
}

/// Whether the name lives no longer than a call of the function around it.
fn is_local(cx: &Context<'_>, target: Node<'_>) -> bool {
    let names = cx.file.names();
    let function = target.function().and_then(|f| names.scope_opened_by(f));
    function.is_some() && names.owner(target) == function
}
