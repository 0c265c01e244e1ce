//! The task must be dropped: the call is a whole statement, or its result is assigned to `_` or to a local name that is
//! never read.

use crate::analysis::coroutine::{is_event_loop, lone_expression, method_call};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// See the module.
pub fn check(cx: &Context<'_>, statement: Node<'_>) -> Option<Report> {
    let expression = lone_expression(statement)?;
    if starts_task(cx, expression) {
        return Some(Report::at(statement).capture("call", expression));
    }
    let target = expression.field("left").filter(|t| t.is("identifier"))?;
    let call = expression.field("right")?.unparenthesized();
    (expression.is("assignment") && starts_task(cx, call) && is_dropped(cx, target)).then(|| {
        Report::at(statement)
            .variant("unread")
            .text("name", target.text())
            .capture("call", call)
            .capture("target", target)
    })
}

fn starts_task(cx: &Context<'_>, call: Node<'_>) -> bool {
    cx.calls(call, &["asyncio.create_task", "asyncio.ensure_future"])
        || method_call(call)
            .is_some_and(|(object, method)| method == "create_task" && is_event_loop(cx, object))
}

/// Whether nobody reads the name, and it lives no longer than a call of its function.
fn is_dropped(cx: &Context<'_>, target: Node<'_>) -> bool {
    let names = cx.file.names();
    let function = target.function().and_then(|f| names.scope_opened_by(f));
    let local = function.is_some() && names.owner(target) == function;
    (local || target.text() == "_") && cx.file.reads(target).is_empty()
}
