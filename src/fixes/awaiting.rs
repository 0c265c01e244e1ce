//! Putting `await` in front of an expression.

use super::draft::{FixContext, Withheld, withhold};
use crate::analysis::SourceFile;
use crate::analysis::coroutine::await_obstacle;
use crate::analysis::syntax::Node;

/// What to write before and after an expression that is awaited in the place of `node`: parentheses where an attribute,
/// a subscript or a call follows, and no second `await` where one stands already.
///
/// # Errors
///
/// If no `await` can stand there.
pub fn around(
    cx: &FixContext<'_>,
    node: Node<'_>,
) -> Result<(&'static str, &'static str), Withheld> {
    if let Some(reason) = await_obstacle(cx.file, node, cx.settings.target) {
        return withhold(reason);
    }
    let outer = node.with_parentheses();
    if outer.parent().is_some_and(|parent| parent.is("await")) {
        return Ok(("", ""));
    }
    let trailer = node.parent().is_some_and(|parent| match parent.kind() {
        "attribute" => parent.field("object") == Some(node),
        "subscript" => parent.field("value") == Some(node),
        "call" => parent.field("function") == Some(node),
        _ => false,
    });
    Ok(if trailer {
        ("(await ", ")")
    } else {
        ("await ", "")
    })
}

/// The async library other than asyncio that a file imports.
pub fn other_library(file: &SourceFile) -> Option<&'static str> {
    const LIBRARIES: [&str; 2] = ["anyio", "trio"];
    file.imports(|_| true)
        .into_iter()
        .flat_map(|n| {
            let module = n.field("module_name");
            module.map_or_else(|| n.fields("name"), |m| vec![m])
        })
        .find_map(|module| {
            let root = module.text().split(['.', ' ']).next().unwrap_or_default();
            LIBRARIES.into_iter().find(|library| *library == root)
        })
}

/// Whether an expression stands in the head of a `with` statement.
pub fn in_with_head(node: Node<'_>) -> bool {
    node.ancestors()
        .take_while(|n| !n.is_any(&["block", "module", "lambda"]))
        .any(|n| n.is("with_item"))
}
