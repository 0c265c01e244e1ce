//! The call is one of `asyncio.gather`.

use crate::analysis::Context;
use crate::analysis::syntax::Node;

/// Whether the keyword belongs to a call of `asyncio.gather`.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> bool {
    let call = hit.parent().and_then(Node::parent);
    call.is_some_and(|call| cx.calls(call, &["asyncio.gather"]))
}
