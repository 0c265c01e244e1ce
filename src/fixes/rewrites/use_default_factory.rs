//! Replaces a mutable default by `field(default_factory=…)`, or in `field(default=…)` only that argument.

use crate::analysis::mutable::mutable_value;
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld, factory, withhold};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let mut draft = cx.draft();
    let default = cx.capture("default")?;
    let argument = default.parent().filter(|p| p.is("keyword_argument"));
    let made = if default.unparenthesized().is("identifier") {
        copy_of_constant(cx, &mut draft, default)?
    } else {
        factory::of_default(cx, &mut draft, default)?
    };
    if let Some(argument) = argument {
        draft.replace(argument, format!("default_factory={made}"));
    } else {
        let decorator = cx.capture("decorator")?;
        let field = factory::field(cx, &mut draft, decorator, default)?;
        let written = factory::field_with(cx, &field, default, &made)?;
        draft.replace(default, written);
    }
    Ok(draft)
}

/// `lambda: list(DEFAULTS)`: every instance gets a copy of the constant.
fn copy_of_constant<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    constant: Node<'t>,
) -> Result<String, Withheld> {
    factory::can_move(cx.file, constant)?;
    draft.review();
    let name = constant.unparenthesized();
    let value = cx.file.local_value(name);
    let Some(value) = value.and_then(|value| mutable_value(cx.file, value)) else {
        return withhold("the code has changed");
    };
    let plain = ["builtins.list", "builtins.dict", "builtins.set"].contains(&value.class);
    Ok(match draft.symbol(value.class, constant, Style::From) {
        Ok(class) if plain => format!("lambda: {class}({})", name.text()),
        _ => format!("lambda: {}.copy()", name.text()),
    })
}
