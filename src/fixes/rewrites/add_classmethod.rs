//! Adds the decorator. Made for methods whose first parameter is called `cls`; withheld for special methods, which Python
//! calls with the instance.

use crate::analysis::methods::is_dunder;
use crate::fixes::{Draft, FixContext, Withheld, methods, not_meant, withhold};

/// Lets a method have the class that it asks for.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let method = methods::reported(cx)?;
    if cx.found.variant != Some("cls") {
        return not_meant();
    }
    if is_dunder(cx.capture("method")?.text()) {
        return withhold("Python calls it with the instance");
    }
    let mut draft = cx.draft();
    methods::decorate(cx, &mut draft, method, "classmethod")?;
    Ok(draft)
}
