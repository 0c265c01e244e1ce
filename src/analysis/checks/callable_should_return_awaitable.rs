//! The annotation must be a `Callable` with a result that surely cannot be awaited, and the parameter, which nothing
//! rebinds, must be called and awaited in the function or one inside it. Silent where the code asks whether it is a
//! coroutine function.

use crate::analysis::callables::{may_be_awaitable, result};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Decides about the annotation of a parameter.
pub fn check(cx: &Context<'_>, annotation: Node<'_>) -> Option<Report> {
    let parameter = annotation.parent()?;
    let name = parameter
        .field("name")
        .or_else(|| parameter.children().first().copied())
        .filter(|n| n.is("identifier"))?;
    cx.file.names().single_binding(name)?;
    let reads = cx.file.reads(name);
    if !reads.iter().any(|read| is_awaited_call(*read)) || reads.iter().any(|r| is_asked(*r)) {
        return None;
    }
    let result = result(cx.file, annotation)?;
    (!may_be_awaitable(cx.file, &result.text, annotation)).then(|| {
        Report::at(annotation)
            .capture("param", name)
            .text("T", result.text)
    })
}

/// `await param(…)`.
fn is_awaited_call(read: Node<'_>) -> bool {
    let callee = read.with_parentheses();
    let call = callee.parent().filter(|p| p.callee() == Some(callee));
    let awaited = call.and_then(|call| call.with_parentheses().parent());
    awaited.is_some_and(|p| p.is("await"))
}

/// `iscoroutinefunction(param)`, or `isawaitable(param(…))`.
fn is_asked(read: Node<'_>) -> bool {
    read.ancestors()
        .take_while(|n| !n.is_any(&["block", "module", "lambda"]))
        .filter_map(Node::callee)
        .filter_map(Node::last_name)
        .any(|name| {
            [
                "iscoro", "isawait", "is_coro", "is_async", "is_await", "isasync",
            ]
            .iter()
            .any(|asking| name.starts_with(asking))
        })
}
