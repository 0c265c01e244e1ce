//! Writes a bare `raise` and removes ` as <name>` from the handler, if nothing else there uses the name.

use crate::analysis::handlers::{handler_name, handler_of};
use crate::fixes::{Draft, FixContext, Withheld, withhold};

/// Re-raises without a name.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let raise = cx.hit_of_kind("raise_statement")?;
    let handler = handler_of(raise);
    let Some((handler, name)) = handler.and_then(|h| Some((h, handler_name(h)?))) else {
        return withhold("the code has changed");
    };
    let used_elsewhere = cx
        .file
        .occurrences(name)
        .into_iter()
        .any(|n| n != name && handler.contains(n) && !raise.contains(n));
    if used_elsewhere {
        return withhold(format!("the handler uses `{}` elsewhere", name.text()));
    }
    let expression = handler
        .fields("value")
        .first()
        .and_then(|pattern| pattern.children().first().copied());
    let Some(expression) = expression else {
        return withhold("the code has changed");
    };
    let mut draft = cx.draft();
    draft.replace(raise, "raise");
    draft.delete(expression.end()..name.end());
    Ok(draft)
}
