//! `os.environ[…]` with the same key, written through the binding that is in use.

use crate::fixes::{Draft, FixContext, Style, Withheld, withhold};

/// See the module.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let range = cx.found.range.clone();
    let (Some(call), key) = (cx.file.node_of_kind(range, "call"), cx.capture("key")?) else {
        return withhold("the code has changed");
    };
    let Some(callee) = call.callee() else {
        return withhold("the code has changed");
    };
    let mut draft = cx.draft();
    draft.release_imports();
    let environ = match callee.field("object") {
        Some(object) if callee.last_name() == Some("get") => object.text().to_owned(),
        _ => draft.symbol("os.environ", callee, Style::Like(callee))?,
    };
    draft.replace(call, format!("{environ}[{}]", key.text()));
    Ok(draft)
}
