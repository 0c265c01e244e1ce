//! Replaces a `default_factory` that is no callable: by `list`, `dict` or `set` if it is empty, else by a lambda.

use crate::fixes::{Draft, FixContext, Withheld, factory};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let mut draft = cx.draft();
    let value = cx.capture("value")?;
    let made = factory::of_value(cx, &mut draft, value)?;
    draft.replace(value, made);
    Ok(draft)
}
