//! The call must run where a loop runs already: directly in an `async def`, or in a notebook cell. Code that expects the
//! error, or that made loops re-entrant with `nest_asyncio`, is left alone.

use crate::analysis::coroutine::{expects_exception, in_notebook_cell, is_event_loop, method_call};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// See the module.
pub fn check(cx: &Context<'_>, call: Node<'_>) -> Option<Report> {
    let running = call.in_async_function() || in_notebook_cell(cx.file, call);
    if !running || expects_exception(call) || loops_are_reentrant(cx) {
        return None;
    }
    if cx.calls(call, &["asyncio.run"]) {
        return Some(Report::at(call));
    }
    let (object, method) = method_call(call)?;
    (method == "run_until_complete" && is_event_loop(cx, object))
        .then(|| Report::at(call).variant("loop"))
}

fn loops_are_reentrant(cx: &Context<'_>) -> bool {
    !cx.file.spelled("nest_asyncio").is_empty()
        && cx
            .file
            .nodes()
            .any(|n| cx.calls(n, &["nest_asyncio.apply"]))
}
