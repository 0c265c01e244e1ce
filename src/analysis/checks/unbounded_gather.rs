//! One awaitable per item of a collection that is not known to be small, from a comprehension, `map`, or a loop of a
//! `TaskGroup`, where nothing in sight limits how many run at once.

use crate::analysis::fan_out::FanOut;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Whether a call of `gather`, or of `create_task` in a loop, starts everything at once.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let fan_out = if cx.calls(hit, &["asyncio.gather"]) {
        let unpacked = hit.arguments().into_iter().filter(|a| a.is("list_splat"));
        unpacked
            .filter_map(|splat| splat.children().first().copied())
            .filter_map(|collection| FanOut::of_collection(cx.file, collection))
            .find(|fan_out| fan_out.is_unbounded(cx.file))
    } else {
        let receiver = hit.callee().and_then(|callee| callee.field("object"))?;
        task_group(cx, receiver)?;
        FanOut::of_loop(cx.file, hit).filter(|fan_out| fan_out.is_unbounded(cx.file))
    };
    Some(Report::at(hit).capture("callee", fan_out?.callee()?))
}

/// The call that made the task group which a name stands for: that of the nearest `with … as name`.
fn task_group<'t>(cx: &Context<'t>, name: Node<'t>) -> Option<Node<'t>> {
    let nearest = name
        .ancestors()
        .filter(|n| n.is("with_statement"))
        .find_map(|with| group_of(with, name));
    let group = nearest.or_else(|| {
        Some(name)
            .filter(|n| n.is("identifier"))
            .and_then(|n| cx.file.with_value(n))
    })?;
    cx.calls(group, &["asyncio.TaskGroup"]).then_some(group)
}

/// The value that a `with` statement itself binds to a name.
fn group_of<'t>(with: Node<'t>, name: Node<'t>) -> Option<Node<'t>> {
    let clause = with.children().into_iter().find(|c| c.is("with_clause"))?;
    clause
        .children()
        .into_iter()
        .filter_map(|item| item.field("value"))
        .find_map(|value| {
            let alias = value.field("alias")?;
            (alias.text() == name.text()).then(|| value.children().first().copied())?
        })
}
