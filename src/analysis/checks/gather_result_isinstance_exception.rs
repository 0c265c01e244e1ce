//! Both names are the builtins, and what is tested is an item of a gathered list: `results[0]` or the variable of a loop
//! over it. Silent where the same function tells cancelled children apart by itself.

use crate::analysis::gathered::is_item;
use crate::analysis::handlers::CANCELLATION;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Accepts `isinstance(item, Exception)` for an item of a gathered list.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let (item, class) = isinstance(cx, hit)?;
    if !cx.is_one_of(class, &["builtins.Exception"]) || !is_item(cx, item) {
        return None;
    }
    let around = hit.function()?.field("body")?;
    let cancellation_is_handled = around.descendants().into_iter().any(|node| {
        isinstance(cx, node).is_some_and(|(other, classes)| {
            is_item(cx, other)
                && classes
                    .descendants()
                    .into_iter()
                    .any(|c| cx.is_one_of(c, &CANCELLATION))
        })
    });
    (!cancellation_is_handled).then(|| Report::at(hit).capture("exception", class))
}

/// The two arguments of a call of the builtin `isinstance`.
fn isinstance<'t>(cx: &Context<'_>, call: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
    match call.arguments().as_slice() {
        [item, class] if cx.calls(call, &["builtins.isinstance"]) => Some((*item, *class)),
        _ => None,
    }
}
