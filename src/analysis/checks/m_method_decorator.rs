//! The decorator counts wherever it stands; the call only as the value of an assignment in a class body, of which the
//! whole is marked.

use crate::analysis::names::ScopeKind;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Decides about a decorator, or a call of what could be one.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    if hit.is("decorator") {
        // A comment behind the decorator is part of its node.
        let expression = hit.children().first().copied()?;
        return Some(Report::range(hit.start()..expression.end()));
    }
    let value = hit.with_parentheses();
    let assignment = value
        .parent()
        .filter(|p| p.is("assignment") && p.field("right") == Some(value))?;
    let names = cx.file.names();
    (names.kind(names.scope_of(assignment)) == ScopeKind::Class)
        .then(|| Report::at(assignment).anchor(hit.range()))
}
