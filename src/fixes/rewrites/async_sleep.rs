//! Replaces `time.sleep` by an awaited `asyncio.sleep`.

use crate::analysis::coroutine::lone_expression;
use crate::fixes::{Draft, FixContext, Style, Withheld, awaiting, not_meant, withhold};

/// See the module.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let call = cx.hit_of_kind("call")?;
    let Some(callee) = call
        .callee()
        .filter(|callee| cx.file.is_one_of(*callee, &["time.sleep"]))
    else {
        return not_meant();
    };
    let (before, after) = awaiting::around(cx, call)?;
    if let Some(library) = awaiting::other_library(cx.file) {
        return withhold(format!(
            "this file uses `{library}`: await `{library}.sleep`"
        ));
    }
    let (arguments, positional) = (call.arguments(), call.positional());
    let ([argument], [_]) = (arguments.as_slice(), positional.as_slice()) else {
        return withhold("`time.sleep` takes one number and no keyword");
    };
    let mut draft = cx.draft();
    draft.release_imports();
    let sleep = draft.symbol("asyncio.sleep", call, Style::Module)?;
    draft.replace(callee, format!("{before}{sleep}"));
    if !after.is_empty() {
        draft.insert(call.end(), after);
    }
    // `time.sleep(0)` may be meant for other threads.
    let zero = argument.text().parse::<f64>() == Ok(0.0);
    if zero || lone_expression(call.statement()) != Some(call) {
        draft.review();
    }
    Ok(draft)
}
