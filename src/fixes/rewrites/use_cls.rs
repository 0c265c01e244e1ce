//! Writes the first parameter in place of the class's name. Withheld where that parameter is bound again, or hidden at the
//! call.

use crate::fixes::{Draft, FixContext, Withheld, withhold};

/// Calls the class that the method was called on.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let callee = cx.hit()?;
    let parameter = cx.capture("cls")?;
    let names = cx.file.names();
    let same = names
        .lookup_at(parameter.text(), callee)
        .is_some_and(|(scope, bindings)| {
            Some(scope) == names.owner(parameter) && bindings.len() == 1
        });
    if !same {
        return withhold(format!(
            "`{}` does not stand for the class here",
            parameter.text()
        ));
    }
    let mut draft = cx.draft();
    draft.rely_on(parameter);
    draft.replace(callee, parameter.text());
    Ok(draft)
}
