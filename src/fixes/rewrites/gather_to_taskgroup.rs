//! A task group that starts a task for each argument of an awaited `gather`. Unpacked results keep their names; a list
//! of results becomes a list of tasks.

use std::fmt::Write as _;

use crate::analysis::syntax::Node;
use crate::fixes::concurrency::{
    Started, require_asyncio, require_no_handlers, require_own_lines, task_group, task_group_list,
};
use crate::fixes::{Draft, FixContext, Style, Withheld, layout, withhold};

/// Replaces the statement of an awaited `gather` by a task group.
///
/// # Errors
///
/// If an argument is no call of a coroutine function, the results are used in another way than stated, or ordinary
/// handlers are around the call.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let gather = cx.hit_of_kind("call")?;
    let statement = gather.statement();
    let calls: Vec<Node<'t>> = gather
        .arguments()
        .into_iter()
        .map(Node::unparenthesized)
        .collect();
    if !calls.iter().all(|argument| argument.is("call")) {
        return withhold("an argument is no plain call");
    }
    let Some(use_of_results) = ResultUse::of(statement, gather) else {
        return withhold("the results are used in the same statement");
    };
    require_asyncio(cx)?;
    require_own_lines(cx, &[statement])?;
    require_no_handlers(cx, statement)?;
    let style = gather.callee().map_or(Style::Module, Style::Like);
    let mut draft = cx.draft();
    let text = match use_of_results {
        ResultUse::Unpacked(targets) => {
            unpacked(cx, &mut draft, statement, style, &calls, &targets)?
        }
        ResultUse::Ignored => unpacked(cx, &mut draft, statement, style, &calls, &[])?,
        ResultUse::Whole(prefix) => {
            let (group, tasks) = task_group_list(cx, &mut draft, statement, style, &calls)?;
            let task = cx.file.unused_name(statement, &["task"]);
            let line_start = format!("{}{}", layout::newline(cx.file), statement.indentation());
            format!("{group}{line_start}{prefix}[{task}.result() for {task} in {tasks}]")
        }
    };
    draft.replace(statement, text);
    draft.review();
    Ok(draft)
}

/// What a statement does with the results of its `await gather(…)`.
enum ResultUse<'t> {
    /// `await gather(…)`.
    Ignored,
    /// `a, b = await gather(…)`: the targets.
    Unpacked(Vec<Node<'t>>),
    /// `name = await gather(…)` or `return await gather(…)`: the text before the `await`.
    Whole(&'t str),
}

impl<'t> ResultUse<'t> {
    fn of(statement: Node<'t>, gather: Node<'t>) -> Option<Self> {
        let awaited = gather.parent().filter(|p| p.is("await"))?;
        let before = statement
            .text()
            .get(..awaited.start().checked_sub(statement.start())?)?;
        let parent = awaited.parent()?;
        match parent.kind() {
            "expression_statement" => Some(Self::Ignored),
            "return_statement" => Some(Self::Whole(before)),
            "assignment" if parent.parent() == Some(statement) => {
                let left = parent.field("left")?;
                match left.kind() {
                    "pattern_list" | "tuple_pattern" | "list_pattern" => {
                        Some(Self::Unpacked(left.children()))
                    }
                    _ => Some(Self::Whole(before)),
                }
            }
            _ => None,
        }
    }
}

fn unpacked<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    statement: Node<'t>,
    style: Style<'t>,
    calls: &[Node<'t>],
    targets: &[Node<'t>],
) -> Result<String, Withheld> {
    if !targets.is_empty() && targets.len() != calls.len() {
        return withhold("there are not as many targets as calls");
    }
    if targets.iter().any(|t| t.is("list_splat_pattern")) {
        return withhold("a target takes several results");
    }
    let target_of = |i: usize| targets.get(i).filter(|t| t.text() != "_");
    let started: Vec<Started<'t>> = calls
        .iter()
        .enumerate()
        .map(|(i, call)| Started {
            call: *call,
            target: target_of(i).map(|t| t.text().to_owned()),
            name: target_of(i).map(|t| base_name(*t)).unwrap_or_default(),
        })
        .collect();
    let (mut text, results) = task_group(cx, draft, statement, style, &started)?;
    let line_start = format!("{}{}", layout::newline(cx.file), statement.indentation());
    for (start, result) in started.iter().zip(results) {
        if let (Some(target), Some(result)) = (&start.target, result) {
            let _ = write!(text, "{line_start}{target} = {result}");
        }
    }
    Ok(text)
}

/// What the task behind a target is named after: the names in it.
fn base_name(target: Node<'_>) -> String {
    if let Some(name) = target.last_name() {
        return name.to_owned();
    }
    let names: Vec<&str> = target
        .descendants()
        .into_iter()
        .filter(|n| n.is("identifier"))
        .map(Node::text)
        .collect();
    names.join("_")
}
