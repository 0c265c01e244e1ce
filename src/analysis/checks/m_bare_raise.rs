//! The `raise` must run in the handler: not in a function or class inside it.

use crate::analysis::Context;
use crate::analysis::handlers::handler_of;
use crate::analysis::syntax::Node;

/// Whether a `raise` without an exception runs in a handler.
pub fn check(_: &Context<'_>, hit: Node<'_>) -> bool {
    hit.children().is_empty() && handler_of(hit).is_some()
}
