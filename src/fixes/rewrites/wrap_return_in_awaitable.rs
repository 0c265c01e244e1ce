//! The result of a `Callable` becomes an `Awaitable` of it, imported from where the `Callable` comes.

use crate::analysis::callables::result;
use crate::fixes::{Draft, FixContext, ImportEdit, Style, Withheld, withhold};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let annotation = cx.hit_of_kind("type")?;
    let Some(found) = result(cx.file, annotation) else {
        return withhold("the code has changed");
    };
    let mut draft = cx.draft();
    draft.review();
    let awaitable = if found.prefix.is_empty() {
        beside_callable(cx, &mut draft)?
    } else {
        format!("{}Awaitable", found.prefix)
    };
    draft.replace_range(found.range, format!("{awaitable}[{}]", found.text));
    Ok(draft)
}

/// `Awaitable`, from the module that `Callable` is imported from.
fn beside_callable<'t>(cx: &FixContext<'t>, draft: &mut Draft<'t>) -> Result<String, Withheld> {
    let annotation = cx.hit_of_kind("type")?;
    let before = draft.imports.len();
    let text = draft.symbol("collections.abc.Awaitable", annotation, Style::From)?;
    let added = draft.imports.len() > before
        && !matches!(draft.imports.last(), Some(ImportEdit::Keep { .. }));
    let of_typing = cx.file.statements().into_iter().find(|statement| {
        statement.is("import_from_statement")
            && statement
                .field("module_name")
                .is_some_and(|m| matches!(m.text(), "typing" | "typing_extensions"))
            && !statement.text().contains('\\')
            && statement
                .fields("name")
                .iter()
                .any(|name| name.text() == "Callable")
    });
    if let Some(statement) = of_typing.filter(|_| added && text == "Awaitable") {
        draft.imports.truncate(before);
        draft.imports.push(ImportEdit::Extend {
            start: statement.start(),
            end: statement.end(),
            name: text.clone(),
        });
    }
    Ok(text)
}
