//! The lambda is written in place and has a plain parameter for each iterable, and the items are taken on the spot: by
//! `list`, `set`, `dict`, `tuple`, a reducer, `"".join` or a `for`. Silent where the body binds a name, or leaves behind a
//! function that looks at a parameter later.

use crate::analysis::lambda_calls::{LambdaCall, taker};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Decides about a call of `map` or `filter`.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    // Whether the names are the builtins can be uncertain.
    cx.callee_name(hit)?;
    let found = LambdaCall::of(cx.file, hit)?;
    taker(cx.file, &found).map(|_| Report::at(hit).anchor(found.call.range()))
}
