//! The keyword as the last argument, in the layout that the arguments have.

use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Withheld, arguments, not_meant};

/// Adds `return_exceptions=True` to a call of `gather`.
///
/// # Errors
///
/// If the results are unpacked or used on the spot, without a check.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let gather = cx.hit_of_kind("call")?;
    if !is_kept_whole(gather) {
        return not_meant();
    }
    let mut draft = cx.draft();
    for edit in arguments::append(cx.file, gather, "return_exceptions=True") {
        draft.replace_range(edit.range(), edit.text);
    }
    draft.review();
    Ok(draft)
}

/// Whether the results, or the future, are only stored, returned or thrown away.
fn is_kept_whole(gather: Node<'_>) -> bool {
    let mut value = gather.with_parentheses();
    if let Some(awaited) = value.parent().filter(|p| p.is("await")) {
        value = awaited.with_parentheses();
    }
    while let Some(parent) = value.parent() {
        match parent.kind() {
            "assignment" if parent.field("right") == Some(value) => {
                let whole = parent
                    .field("left")
                    .is_some_and(|l| l.is_any(&["identifier", "attribute", "subscript"]));
                if !whole {
                    return false;
                }
                value = parent;
            }
            "expression_statement" | "return_statement" => return true,
            _ => return false,
        }
    }
    false
}
