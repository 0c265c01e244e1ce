//! Adds a loop after the statement that cancels the pending tasks, and gives them a name if they have none.

use crate::analysis::syntax::Node;
use crate::fixes::draft::{Draft, FixContext, Withheld, withhold};
use crate::fixes::layout;

/// Cancels the tasks of the second target, of item 1 of the result, or of a new second target.
///
/// # Errors
///
/// If the statement has no line of its own, or the pending tasks cannot be named there.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let statement = cx.hit_of_kind("expression_statement")?;
    let Some(function) = statement.function() else {
        return withhold("it is not in a function");
    };
    let lines = layout::own_lines(cx.file, statement)?;
    let mut draft = cx.draft();
    draft.review();
    let tasks = match (cx.capture("result"), cx.capture("pending")) {
        (Ok(result), _) => format!("{}[1]", result.text()),
        (_, Ok(pending)) if pending.text() == "_" => {
            let name = pending_name(cx, function);
            draft.replace(pending, name.clone());
            name
        }
        (_, Ok(pending)) => pending.text().to_owned(),
        _ => {
            let name = pending_name(cx, function);
            name_both(cx, &mut draft, &name)?;
            name
        }
    };
    let task = cx.file.unbound_name(function, &["task", "unfinished"]);
    let newline = layout::newline(cx.file);
    let (outer, step) = (statement.indentation(), layout::indent_unit(cx.file));
    let text = format!("{outer}for {task} in {tasks}:{newline}{outer}{step}{task}.cancel()");
    if cx.file.text()[lines.clone()].ends_with(['\n', '\r']) {
        draft.insert(lines.end, format!("{text}{newline}"));
    } else {
        draft.insert(lines.end, format!("{newline}{text}"));
    }
    Ok(draft)
}

fn pending_name(cx: &FixContext<'_>, function: Node<'_>) -> String {
    cx.file
        .unused_name(function, &["pending", "not_done", "unfinished"])
}

/// `done = (await wait(…))[0]` becomes `done, pending = await wait(…)`.
fn name_both<'t>(cx: &FixContext<'t>, draft: &mut Draft<'t>, name: &str) -> Result<(), Withheld> {
    let (done, subscript) = (cx.capture("done")?, cx.capture("subscript")?);
    let Some(value) = subscript.field("value") else {
        return withhold("the code has changed");
    };
    draft.insert(done.end(), format!(", {name}"));
    draft.replace(subscript, value.unparenthesized().text());
    Ok(())
}
