//! Puts `self` in front of the other parameters, on a line of its own if they have lines of their own. Made for methods
//! without any positional parameter.

use crate::fixes::{Draft, FixContext, Withheld, layout, methods, not_meant, withhold};

/// Gives a method its instance.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let method = methods::reported(cx)?;
    if cx.found.variant.is_some() {
        return not_meant();
    }
    let Some(parameters) = method.field("parameters") else {
        return withhold("the code has changed");
    };
    let scope = cx.file.names().scope_opened_by(method);
    if scope.is_some_and(|scope| cx.file.names().binds(scope, "self")) {
        return withhold("`self` means something else in the method");
    }
    let mut draft = cx.draft();
    match parameters.children().first() {
        None => draft.insert(parameters.start() + 1, "self"),
        Some(first) if first.line_prefix().trim().is_empty() => {
            let line = format!("self,{}{}", layout::newline(cx.file), first.indentation());
            draft.insert(first.start(), line);
        }
        Some(first) => draft.insert(first.start(), "self, "),
    }
    Ok(draft)
}
