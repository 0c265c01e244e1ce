//! Adds the decorator. Made for methods whose first parameter is called `cls`.

use crate::fixes::{Draft, FixContext, Withheld, methods, not_meant};

/// Lets a method have the class that it asks for.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let method = methods::reported(cx)?;
    if cx.found.variant != Some("cls") {
        return not_meant();
    }
    let mut draft = cx.draft();
    methods::decorate(cx, &mut draft, method, "classmethod")?;
    Ok(draft)
}
