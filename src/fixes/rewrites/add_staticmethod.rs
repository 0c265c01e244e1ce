//! Adds the decorator. Withheld where the body uses `self`, or the method takes the class.

use crate::fixes::{Draft, FixContext, Withheld, methods, withhold};

/// Makes a method without parameters for it static.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let method = methods::reported(cx)?;
    if cx.found.variant.is_some() {
        return withhold("the method takes the class");
    }
    if methods::mentions(method, "self") {
        return withhold("the method uses `self`");
    }
    let mut draft = cx.draft();
    methods::decorate(cx, &mut draft, method, "staticmethod")?;
    Ok(draft)
}
