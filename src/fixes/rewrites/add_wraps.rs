//! Puts `@functools.wraps(function)` above the wrapper and its other decorators.

use crate::fixes::{Draft, FixContext, Style, Withheld, layout, withhold};

/// Rewrites the function whose name is reported.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let Some(wrapper) = cx.hit()?.parent().filter(|n| n.is("function_definition")) else {
        return withhold("the code has changed");
    };
    let function = cx.capture("function")?;
    let place = wrapper.decorated();
    layout::require_line_start(place)?;
    let mut draft = cx.draft();
    let wraps = draft.symbol("functools.wraps", place, Style::From)?;
    let line = format!(
        "@{wraps}({}){}{}",
        function.text(),
        layout::newline(cx.file),
        place.indentation()
    );
    draft.insert(place.start(), line);
    if cx.file.names().single_binding(function).is_none() {
        draft.review();
    }
    Ok(draft)
}
