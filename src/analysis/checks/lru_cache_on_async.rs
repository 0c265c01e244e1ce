//! The decorator stands above an `async def`, or the call is given one of this file. Silent where a decorator between them
//! may make something of the coroutine that can be awaited again.

use std::sync::LazyLock;

use regex::Regex;

use crate::analysis::caching::{decorated_function, is_cache_with_options};
use crate::analysis::iteration::is_generator;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// What a decorator is called whose result is no plain coroutine.
static CHANGES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        "(?i)sync|task|future|reus|cache|memo|shar|contextmanager|once|property|fixture|command",
    )
    .unwrap_or_else(|error| unreachable!("{error}"))
});

/// Reports the decorator, or the call that caches the function.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let (range, function) = if hit.is("decorator") {
        (hit, decorated_function(hit)?)
    } else {
        cached_by_call(cx, hit)?
    };
    let changed = function.decorators().into_iter().any(|decorator| {
        let between = !hit.is("decorator") || decorator.start() > hit.end();
        let name = decorator.callee().unwrap_or(decorator).last_name();
        between && name.is_none_or(|name| CHANGES.is_match(name))
    });
    if !function.is_async() || changed {
        return None;
    }
    let report = Report::at(range).capture("function", function.field("name")?);
    Some(if is_generator(function) {
        report.variant("generator")
    } else {
        report
    })
}

/// The whole expression and the function of `cache(function)` or `lru_cache(maxsize=…)(function)`.
fn cached_by_call<'t>(cx: &Context<'t>, call: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
    let outer = if is_cache_with_options(cx.file, call) {
        let callee = call.with_parentheses();
        callee.parent().filter(|p| p.callee() == Some(callee))?
    } else {
        call
    };
    let [function] = outer.arguments()[..] else {
        return None;
    };
    Some((outer, cx.file.called_function(function)?))
}
