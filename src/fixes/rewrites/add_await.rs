//! Awaits the coroutines of a statement or a condition.

use crate::fixes::{Draft, FixContext, Withheld, awaiting};

/// See the module.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let mut draft = cx.draft();
    if cx.found.variant.is_some() {
        draft.review();
    }
    for range in cx.found.captures("call") {
        let Some(call) = cx.file.node_of_kind(range, "call") else {
            continue;
        };
        let (before, after) = awaiting::around(cx, call)?;
        draft.insert(call.start(), before);
        if !after.is_empty() {
            draft.insert(call.end(), after);
        }
    }
    Ok(draft)
}
