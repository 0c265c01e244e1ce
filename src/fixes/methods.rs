//! What the rewrites of methods have in common.

use super::draft::{Draft, FixContext, Withheld, withhold};
use super::imports::Style;
use super::layout;
use crate::analysis::syntax::Node;

/// The function whose name is reported.
///
/// # Errors
///
/// If the reported range is no function's name.
pub fn reported<'t>(cx: &FixContext<'t>) -> Result<Node<'t>, Withheld> {
    let function = cx.capture("method")?.parent();
    match function.filter(|f| f.is("function_definition")) {
        Some(function) => Ok(function),
        None => withhold("the code has changed"),
    }
}

/// Puts a builtin decorator on a line of its own above an undecorated function.
///
/// # Errors
///
/// If the name of the decorator means something else there, or other code stands in front of the function.
pub fn decorate<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    function: Node<'t>,
    decorator: &str,
) -> Result<(), Withheld> {
    layout::require_line_start(function)?;
    let name = draft.symbol(&format!("builtins.{decorator}"), function, Style::Module)?;
    let line = format!(
        "@{name}{}{}",
        layout::newline(cx.file),
        function.indentation()
    );
    draft.insert(function.start(), line);
    Ok(())
}

/// Whether any variable inside a function has this name.
pub fn mentions(function: Node<'_>, name: &str) -> bool {
    function
        .descendants()
        .into_iter()
        .any(|n| n.is("identifier") && n.text() == name && crate::analysis::is_variable(n))
}
