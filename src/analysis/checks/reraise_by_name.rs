//! The name is that of the handler the `raise` runs in, and still stands for its exception. In the `finally` of an inner
//! `try` and in an `except*` handler a bare `raise` can raise something else: there the fix is to be reviewed.

use crate::analysis::handlers::{handler_name, handler_of, is_rebound};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports `raise e` where a bare `raise` would do.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let handler = handler_of(hit)?;
    let name = handler_name(handler)?;
    let raised = hit.children().first()?.unparenthesized();
    let same = raised.is("identifier") && raised.text() == name.text();
    if !same || hit.field("cause").is_some() || is_rebound(cx.file, handler, hit) {
        return None;
    }
    let in_finally = hit
        .ancestors()
        .take_while(|n| *n != handler)
        .any(|n| n.is("finally_clause"));
    let report = Report::at(hit).capture("name", raised);
    Some(if in_finally || handler.has_token("*") {
        report.review()
    } else {
        report
    })
}
