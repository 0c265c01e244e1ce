//! Replaces the decorator's name by `pytest_asyncio.fixture` and keeps its arguments. With a `scope` that is wider than one
//! test the title says that the tests need the same `loop_scope`.

use crate::fixes::{Draft, FixContext, Style, Withheld};

/// See the module.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let decorator = cx.capture("decorator")?;
    let mut draft = cx.draft();
    let fixture = draft.symbol("pytest_asyncio.fixture", decorator, Style::Module)?;
    draft.replace(decorator, fixture);
    let call = decorator.parent().filter(|p| p.callee() == Some(decorator));
    let scope = call.and_then(|call| call.keyword("scope"));
    if scope.is_some_and(|s| s.text().trim_matches(['"', '\'']) != "function") {
        draft.title("Use `pytest_asyncio.fixture`; it and its tests need the same `loop_scope`");
    }
    Ok(draft)
}
