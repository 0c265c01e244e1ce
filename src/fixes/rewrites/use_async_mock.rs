//! Writes `AsyncMock` for the class of the mock, the way that class is written.

use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld};

/// See the module.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let class = cx.capture("class")?;
    let mut draft = cx.draft();
    draft.release_imports();
    let mock = draft.symbol("unittest.mock.AsyncMock", class, Style::Like(class))?;
    if let Some(annotation) = annotation_of(class) {
        draft.replace(annotation, mock.clone());
    }
    draft.replace(class, mock);
    Ok(draft)
}

/// The annotation of the variable that gets the mock, where it names the class in the same way.
fn annotation_of(class: Node<'_>) -> Option<Node<'_>> {
    let call = class.parent()?.with_parentheses();
    let annotation = call.parent()?.field("type")?.children().first().copied()?;
    (annotation.text() == class.text()).then_some(annotation)
}
