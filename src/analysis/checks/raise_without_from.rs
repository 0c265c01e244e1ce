//! The `raise` runs in a handler itself, has no cause, and raises a call or a name other than the handler's own. Silent
//! where an inner `try` catches what it raises at once, because one of its clauses names the same class. Where
//! the handler's name no longer stands for the exception, no fix is offered; where an outer handler's exception is raised
//! again, the inner one is hardly its cause, so that fixes are to be reviewed.

use crate::analysis::handlers::{
    caught, clauses, handler_name, handler_of, is_rebound, is_unchained, new_name, tries_around,
};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports a `raise` that leaves its relation to the handled exception open.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let handler = handler_of(hit)?;
    if !is_unchained(hit, handler) || is_caught_at_once(hit, handler) {
        return None;
    }
    let name = handler_name(handler)
        .map_or_else(|| new_name(cx.file, handler), |name| name.text().to_owned());
    let report = Report::at(hit).text("err", name);
    Some(if is_rebound(cx.file, handler, hit) {
        report.withhold("the handler's name is bound again or deleted before this line")
    } else if raises_outer_exception(hit, handler) {
        report.review()
    } else {
        report
    })
}

/// Whether the `raise` stands in the body of a `try` inside the handler, one of whose clauses names the class it raises.
fn is_caught_at_once(raise: Node<'_>, handler: Node<'_>) -> bool {
    let raised = raise.children().first().map(|n| n.unparenthesized());
    let Some(class) = raised.map(|n| n.callee().unwrap_or(n)) else {
        return false;
    };
    tries_around(raise)
        .into_iter()
        .filter(|inner| handler.contains(*inner))
        .flat_map(clauses)
        .flat_map(caught)
        .any(|c| c.text() == class.text())
}

/// Whether the name that is raised is that of a handler around this one.
fn raises_outer_exception(raise: Node<'_>, handler: Node<'_>) -> bool {
    let raised = raise.children().first().map(|n| n.unparenthesized());
    std::iter::successors(handler_of(handler), |outer| handler_of(*outer))
        .filter_map(handler_name)
        .any(|name| raised.is_some_and(|r| r.is("identifier") && r.text() == name.text()))
}
