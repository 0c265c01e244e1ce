//! A decorator counts by what it stands for or by its last name; a call that is the decorator is not reported twice.

use std::sync::LazyLock;

use regex::Regex;

use crate::analysis::Context;
use crate::analysis::syntax::Node;

/// How a decorator is called that remembers results.
static REMEMBERS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("(?i)cache|memo").unwrap_or_else(|error| unreachable!("{error}")));

/// Decides about a decorator or a call of one of the pattern's functions.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> bool {
    if !hit.is("decorator") {
        return hit.parent().is_none_or(|p| !p.is("decorator"));
    }
    let Some(expression) = hit.children().first().map(|e| e.unparenthesized()) else {
        return false;
    };
    let function = expression.callee().unwrap_or(expression);
    function
        .last_name()
        .is_some_and(|name| REMEMBERS.is_match(name))
        || cx.qualified_name(function).is_some_and(|name| {
            let known = &cx.pattern.trigger.calls;
            known.contains(&name)
        })
}
