//! Of the calls of `pytest.fixture`, those with `params`. Marks the decorator that the call stands in, if it is one.

use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Decides about a call.
pub fn check(cx: &Context<'_>, call: Node<'_>) -> Option<Report> {
    let fixture = cx.calls(call, &["pytest.fixture"]);
    if fixture && call.keyword("params").is_none() {
        return None;
    }
    let decorator = call.parent().filter(|p| p.is("decorator"));
    Some(Report::range(decorator.unwrap_or(call).header()))
}
