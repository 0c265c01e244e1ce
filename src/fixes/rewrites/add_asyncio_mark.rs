//! Puts the mark above the other decorators of the test: that of anyio if the file marks other tests so and none for
//! asyncio. Withheld in a file that uses trio.

use crate::analysis::pytest::mark_name;
use crate::analysis::syntax::Node;
use crate::fixes::module_line::insert_behind_import;
use crate::fixes::{Draft, FixContext, Style, Withheld, awaiting, layout, withhold};

/// See the module.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let Some(function) = cx.hit()?.parent().filter(|f| f.is("function_definition")) else {
        return withhold("the code has changed");
    };
    let mut draft = cx.draft();
    let mark = asyncio_mark(cx, &mut draft, function)?;
    let first = function.decorated();
    let line = format!("@{mark}{}{}", layout::newline(cx.file), first.indentation());
    insert_behind_import(cx.file, &mut draft, first.start(), &line)?;
    Ok(draft)
}

/// How the mark of the plugin that runs this file's coroutine tests is written.
///
/// # Errors
///
/// If the file uses trio, or the names that are needed mean something else.
pub fn asyncio_mark<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    at: Node<'t>,
) -> Result<String, Withheld> {
    if awaiting::other_library(cx.file) == Some("trio") {
        return withhold("this file uses trio");
    }
    let marks: Vec<String> = cx
        .file
        .nodes()
        .filter(|n| n.is("attribute"))
        .filter_map(|n| mark_name(cx.file, n))
        .collect();
    let is_used = |name: &str| marks.iter().any(|mark| mark == name);
    let plugin = if is_used("anyio") && !is_used("asyncio") {
        "anyio"
    } else {
        "asyncio"
    };
    let mark = draft.symbol("pytest.mark", at, Style::Module)?;
    Ok(format!("{mark}.{plugin}"))
}
