//! Writes parentheses around the items of the list.

use crate::fixes::{Draft, FixContext, Withheld, brackets};

/// Turns the assigned list into a tuple.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let mut draft = cx.draft();
    brackets::to_tuple(&mut draft, cx.capture("list")?);
    Ok(draft)
}
