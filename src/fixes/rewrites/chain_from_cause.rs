//! Appends `from <name>`. A handler without a name gets one; a bare `except:` becomes `except BaseException as <name>:`,
//! which is to be reviewed.

use crate::analysis::handlers::{handler_name, handler_of, new_name};
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld, withhold};

/// States the handled exception as the cause.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let raise = cx.hit_of_kind("raise_statement")?;
    let Some(handler) = handler_of(raise) else {
        return withhold("the code has changed");
    };
    let mut draft = cx.draft();
    let name = match handler_name(handler) {
        Some(name) => {
            draft.rely_on(name);
            name.text().to_owned()
        }
        None => name_exception(cx, &mut draft, handler)?,
    };
    draft.insert(raise.end(), format!(" from {name}"));
    Ok(draft)
}

/// Gives the handler a name.
fn name_exception<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    handler: Node<'t>,
) -> Result<String, Withheld> {
    let name = new_name(cx.file, handler);
    match handler.fields("value").as_slice() {
        [] => {
            let Some(keyword) = handler.tokens().into_iter().find(|t| t.is("except")) else {
                return withhold("the code has changed");
            };
            let class = draft.symbol("builtins.BaseException", handler, Style::From)?;
            draft.insert(keyword.end(), format!(" {class} as {name}"));
            draft.review();
        }
        [only] => draft.insert(only.end(), format!(" as {name}")),
        // `except A, B:` needs parentheses before it can have a name.
        [first, .., last] => {
            draft.insert(first.start(), "(");
            draft.insert(last.end(), format!(") as {name}"));
        }
    }
    Ok(name)
}
