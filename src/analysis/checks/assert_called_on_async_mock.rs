//! The assertion is a whole statement, and what it asks surely is an `AsyncMock`: a name that stands for one or that a
//! fixture of the file fills in, or an attribute of it that nothing replaces.

use crate::analysis::coroutine::lone_expression;
use crate::analysis::mocks::is_async_mock;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Decides about a call of an `assert_called…` method.
pub fn check(cx: &Context<'_>, call: Node<'_>) -> Option<Report> {
    let callee = call.callee()?;
    let method = callee.field("attribute")?;
    let awaited = match method.text() {
        "assert_any_call" => "assert_any_await".to_owned(),
        "assert_has_calls" => "assert_has_awaits".to_owned(),
        "assert_not_called" => "assert_not_awaited".to_owned(),
        other => other.replacen("assert_called", "assert_awaited", 1),
    };
    let statement = call.with_parentheses().parent()?;
    if lone_expression(statement) != Some(call) || !is_async_mock(cx.file, callee.field("object")?)
    {
        return None;
    }
    Some(
        Report::at(call)
            .capture("method", method)
            .text("awaited", awaited),
    )
}
