//! Of the `run_in_executor` methods, only that of the event loop counts.

use crate::analysis::syntax::Node;
use crate::analysis::{Context, coroutine};

/// See the module.
pub fn check(cx: &Context<'_>, call: Node<'_>) -> bool {
    match coroutine::method_call(call) {
        Some((object, "run_in_executor")) => coroutine::is_event_loop(cx, object),
        _ => true,
    }
}
