//! Renames the parameter and everything that stands for it, in nested functions too. Withheld where the method uses the
//! name `cls` already, or names its variables in a way that cannot be followed.

use crate::analysis::methods::inspects_its_variables;
use crate::fixes::{Draft, FixContext, Withheld, methods, withhold};

/// Calls the class `cls`.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let method = methods::reported(cx)?;
    let parameter = cx.capture("parameter")?;
    if methods::mentions(method, "cls") {
        return withhold("the method uses the name `cls` already");
    }
    let declared = method.descendants().into_iter().any(|n| {
        n.is_any(&["global_statement", "nonlocal_statement"])
            && n.children()
                .iter()
                .any(|name| name.text() == parameter.text())
    });
    if declared || inspects_its_variables(cx.file, method) {
        return withhold("the name of the parameter matters to the method");
    }
    let mut draft = cx.draft();
    for occurrence in cx.file.occurrences(parameter) {
        draft.replace(occurrence, "cls");
    }
    Ok(draft)
}
