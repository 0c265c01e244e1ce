//! Deletes `async`, in the parts of the file where nothing makes it necessary. Made for fixtures that await nothing and need
//! no running loop. Withheld where a test awaits what the fixture gives.

use crate::fixes::{Draft, FixContext, Withheld, not_meant, withhold};

/// See the module.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    if cx.found.variant != Some("plain") {
        return not_meant();
    }
    let name = cx.capture("name")?;
    let Some(function) = name.parent() else {
        return withhold("the code has changed");
    };
    let is_awaited = cx
        .file
        .spelled(name.text())
        .iter()
        .any(|n| n.with_parentheses().parent().is_some_and(|p| p.is("await")));
    if is_awaited {
        return withhold("a test awaits what the fixture gives");
    }
    let tokens = function.tokens();
    let keyword = |kind: &str| tokens.iter().find(|t| t.is(kind));
    let (Some(first), Some(def)) = (keyword("async"), keyword("def")) else {
        return withhold("the code has changed");
    };
    let mut draft = cx.draft();
    draft.delete(first.start()..def.start());
    Ok(draft)
}
