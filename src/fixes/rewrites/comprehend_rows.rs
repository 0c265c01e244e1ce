//! `[element] * n` becomes `[element for _ in range(n)]`. Withheld for several elements, tuples, and a number that is
//! anything but a literal, a name, an attribute or a `len(…)`.

use crate::analysis::awaits::mentions;
use crate::fixes::{Draft, FixContext, Style, Withheld, factory, withhold};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let product = cx.hit_of_kind("binary_operator")?;
    let (display, number) = (cx.capture("display")?, cx.capture("number")?);
    let elements = display.children();
    let [element] = elements.as_slice() else {
        return withhold("there are several elements");
    };
    if !display.is("list") {
        return withhold("the result must stay a tuple");
    }
    let number = number.unparenthesized();
    let plain = number.is_any(&["integer", "identifier", "attribute"])
        || number
            .callee()
            .is_some_and(|c| cx.file.is_builtin(c, "len"));
    if !plain {
        return withhold("the number of elements is computed");
    }
    if mentions(*element, "_") {
        return withhold("the element uses `_`");
    }
    let multiplied = product
        .with_parentheses()
        .parent()
        .is_some_and(|p| p.is("binary_operator") && p.has_token("*"));
    if multiplied {
        return withhold("the result is multiplied again");
    }
    factory::can_move(cx.file, *element)?;
    let mut draft = cx.draft();
    draft.review();
    let range = draft.symbol("builtins.range", product, Style::From)?;
    let text = format!("[{} for _ in {range}({})]", element.text(), number.text());
    draft.replace(product, text);
    Ok(draft)
}
