//! Replaces a call as default by `field(default_factory=…)`: the callee itself if it is called without arguments.

use crate::fixes::{Draft, FixContext, Withheld, factory};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let mut draft = cx.draft();
    let default = cx.capture("default")?;
    let made = factory::of_default(cx, &mut draft, default)?;
    let field = factory::field(cx, &mut draft, cx.capture("decorator")?, default)?;
    let written = factory::field_with(cx, &field, default, &made)?;
    draft.replace(default, written);
    Ok(draft)
}
