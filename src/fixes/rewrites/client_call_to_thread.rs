//! Hands a request to a thread where the client itself cannot be replaced by its asynchronous twin.

use super::{use_async_client, wrap_to_thread};
use crate::fixes::{Draft, FixContext, Withheld, not_meant};

/// See the module.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    if use_async_client::rewrite(cx).is_ok() {
        return not_meant();
    }
    wrap_to_thread::wrap(cx, cx.hit_of_kind("call")?)
}
