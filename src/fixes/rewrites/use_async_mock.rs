//! Writes `AsyncMock` for the class of the mock, the way that class is written.

use crate::fixes::{Draft, FixContext, Style, Withheld};

/// See the module.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let class = cx.capture("class")?;
    let mut draft = cx.draft();
    draft.release_imports();
    let mock = draft.symbol("unittest.mock.AsyncMock", class, Style::Like(class))?;
    draft.replace(class, mock);
    Ok(draft)
}
