//! `error` becomes `exception`; `critical` keeps its level and gets `exc_info=True` as its last argument.

use crate::analysis::SourceFile;
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Withheld, layout, withhold};

/// Logs the traceback as well.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let method = cx.capture("method")?;
    let mut draft = cx.draft();
    if method.text() == "error" {
        draft.replace(method, "exception");
        return Ok(draft);
    }
    let call = cx.found.range.clone();
    let arguments = cx
        .file
        .node_of_kind(call, "call")
        .and_then(|call| call.field("arguments"))
        .filter(|list| list.is("argument_list"));
    let Some(last) = arguments.and_then(|list| list.children().last().copied()) else {
        return withhold("there is no place for another argument");
    };
    draft.insert(
        last.end(),
        format!("{}exc_info=True", separator(cx.file, last)),
    );
    draft.title("Add `exc_info=True`");
    Ok(draft)
}

/// What separates a new argument from the last one: a line break where each argument has its own line.
fn separator(file: &SourceFile, last: Node<'_>) -> String {
    let own_line = last.line_prefix().trim().is_empty();
    if !own_line {
        return ", ".to_owned();
    }
    format!(",{}{}", layout::newline(file), last.indentation())
}
