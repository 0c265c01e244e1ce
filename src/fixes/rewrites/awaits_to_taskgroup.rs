//! A task group that starts a task for each of the awaited calls, and the results below it.

use std::fmt::Write as _;

use crate::analysis::awaits::AwaitStatement;
use crate::fixes::concurrency::{
    Started, require_asyncio, require_no_handlers, require_own_lines, task_group,
};
use crate::fixes::{Draft, FixContext, Style, Withheld, layout, withhold};

/// Starts the awaits of a run in a task group.
///
/// # Errors
///
/// If ordinary handlers are around the calls, a call makes no coroutine, a comment or other code stands between the calls,
/// or the file runs on another event loop.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let statements = cx.captures("statement");
    let run: Vec<AwaitStatement<'t>> = statements
        .iter()
        .filter_map(|s| AwaitStatement::of(*s))
        .collect();
    let (Some(first), Some(last)) = (run.first(), run.last()) else {
        return withhold("the code has changed");
    };
    require_asyncio(cx)?;
    require_own_lines(cx, &statements)?;
    require_no_handlers(cx, first.statement)?;
    let started: Vec<Started<'t>> = run.iter().map(started).collect();
    let mut draft = cx.draft();
    let (mut text, results) = task_group(cx, &mut draft, first.statement, Style::Module, &started)?;
    let line_start = format!(
        "{}{}",
        layout::newline(cx.file),
        first.statement.indentation()
    );
    for (start, result) in started.iter().zip(results) {
        if let (Some(target), Some(result)) = (&start.target, result) {
            let _ = write!(text, "{line_start}{target} = {result}");
        }
    }
    draft.replace_range(first.statement.start()..last.statement.end(), text);
    draft.review();
    Ok(draft)
}

fn started<'t>(statement: &AwaitStatement<'t>) -> Started<'t> {
    let names: Vec<&str> = statement
        .names()
        .unwrap_or_default()
        .iter()
        .map(|n| n.text())
        .collect();
    let target = statement.target.map(|target| match statement.annotation {
        Some(annotation) => format!("{}: {}", target.text(), annotation.text()),
        None => target.text().to_owned(),
    });
    Started {
        call: statement.call,
        target,
        name: names.join("_"),
    }
}
