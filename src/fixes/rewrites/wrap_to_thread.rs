//! Hands a blocking call to a thread: `f(a)` becomes `await asyncio.to_thread(f, a)`.

use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld, awaiting, layout, not_meant, withhold};

/// See the module.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let call = cx.hit_of_kind("call")?;
    if cx.file.calls(call, &["time.sleep"]) {
        return not_meant();
    }
    let method = call.callee().and_then(Node::last_name).unwrap_or_default();
    if method == "run_until_complete" || cx.file.calls(call, &["asyncio.run"]) {
        return withhold("a coroutine needs no thread: await it");
    }
    if method == "stream" {
        return withhold(
            "`stream` only prepares the request; `async with` an async client makes it",
        );
    }
    wrap(cx, call)
}

/// Hands any call to a thread and awaits the result.
///
/// # Errors
///
/// If the result cannot be awaited there, or the arguments cannot be moved.
pub fn wrap<'t>(cx: &FixContext<'t>, call: Node<'t>) -> Result<Draft<'t>, Withheld> {
    if awaiting::in_with_head(call) {
        return withhold("the blocking object would still be used in the `with` statement");
    }
    let (before, after) = awaiting::around(cx, call)?;
    if let Some(library) = awaiting::other_library(cx.file) {
        return withhold(format!(
            "this file uses `{library}`: await `{library}.to_thread.run_sync`"
        ));
    }
    if call
        .own_scope()
        .iter()
        .any(|n| n.is_any(&["await", "yield"]))
    {
        return withhold("an argument waits itself");
    }
    let (Some(callee), Some(arguments)) = (call.callee(), call.field("arguments")) else {
        return withhold("the code has changed");
    };
    let mut draft = cx.draft();
    let to_thread = draft.symbol("asyncio.to_thread", call, Style::Module)?;
    let head = format!("{before}{to_thread}(");
    let function = callee.text();
    if arguments.is("generator_expression") {
        draft.replace_range(
            call.start()..arguments.start(),
            format!("{head}{function}, "),
        );
        draft.insert(call.end(), format!("){after}"));
        return Ok(draft);
    }
    let open = arguments.start() + 1;
    let (end, moved) = match call.arguments().first() {
        None => (open, function.to_owned()),
        // The function gets a line of its own where the arguments have theirs.
        Some(first) if first.line_prefix().trim().is_empty() => {
            let newline = layout::newline(cx.file);
            (open, format!("{newline}{}{function},", first.indentation()))
        }
        Some(first) => (first.start(), format!("{function}, ")),
    };
    draft.replace_range(call.start()..end, format!("{head}{moved}"));
    if !after.is_empty() {
        draft.insert(call.end(), after);
    }
    Ok(draft)
}
