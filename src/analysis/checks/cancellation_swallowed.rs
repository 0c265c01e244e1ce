//! In an `async def`, around something awaited, the handler is the first of its `try` that a cancellation reaches, and
//! its block has no `raise`. Silent after `uncancel()` and where `sys.exc_info()` is handed on, where a function of the file is called that always raises, where
//! an outer handler raises on anyway, where the function keeps the exception to raise it later, and where what is awaited
//! was cancelled by the same function.

use crate::analysis::handlers::{
    CANCELLATION, block, catches, caught, earlier, guarded, handler_name, is_bare, raised_anyway,
};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports the clause. `class` is the one class it names for cancellation alone, `broad` the clause if it catches more.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let (body, guarded) = (block(hit)?, guarded(hit)?);
    let reached = catches(cx, hit, &CANCELLATION)
        && !earlier(hit)
            .into_iter()
            .any(|c| catches(cx, c, &CANCELLATION));
    if !reached
        || !hit.in_async_function()
        || gives_it_on(cx, hit, body)
        || raised_anyway(hit)
        || raised_later(cx, hit, body)
    {
        return None;
    }
    let waits = waits(guarded);
    if waits.is_empty() || awaits_what_it_cancelled(cx, &waits, hit) {
        return None;
    }
    let named: Vec<Node<'_>> = caught(hit)
        .into_iter()
        .filter(|class| cx.is_one_of(*class, &["asyncio.CancelledError"]))
        .collect();
    let only_cancellation = !is_bare(hit) && caught(hit).len() == named.len();
    let mut report = Report::range(hit.header()).text("awaited", described(&waits));
    if let Some(class) = named.first() {
        report = report.capture("class", *class);
    }
    if !only_cancellation {
        report = report.capture("broad", hit);
    }
    Some(report)
}

/// Whether a handler raises something, itself or by a function of the file, hands the exception to others, or takes the
/// request to cancel back.
fn gives_it_on(cx: &Context<'_>, clause: Node<'_>, block: Node<'_>) -> bool {
    let exception = handler_name(clause).map(Node::text);
    block.own_scope().into_iter().any(|n| {
        let Some(callee) = n.callee() else {
            return n.is("raise_statement");
        };
        // Whoever waits for the future raises it.
        let goes_to_future = callee.last_name() == Some("set_exception")
            && n.arguments().iter().any(|a| Some(a.text()) == exception);
        goes_to_future
            || callee.last_name() == Some("uncancel")
            || cx.is_one_of(callee, &["sys.exc_info"])
            || cx.file.called_function(callee).is_some_and(always_raises)
    })
}

/// Whether a function never returns: it says so, or its last statement is a `raise`.
fn always_raises(function: Node<'_>) -> bool {
    let promised = function
        .field("return_type")
        .is_some_and(|t| matches!(t.text().rsplit('.').next(), Some("NoReturn" | "Never")));
    promised
        || function
            .body()
            .last()
            .is_some_and(|last| last.is("raise_statement"))
}

/// Whether the handler assigns its exception to a name that the same function raises.
fn raised_later(cx: &Context<'_>, clause: Node<'_>, block: Node<'_>) -> bool {
    let Some(name) = handler_name(clause) else {
        return false;
    };
    let is_raised = |kept: Node<'_>| {
        let raises = |read: &Node<'_>| read.parent().is_some_and(|p| p.is("raise_statement"));
        let mut reads = cx.file.reads(kept).into_iter().filter(raises);
        reads.any(|read| read.function() == clause.function())
    };
    block.own_scope().into_iter().any(|n| {
        let right = n.field("right").filter(|_| n.is("assignment"));
        let keeps = |part: &Node<'_>| part.is("identifier") && part.text() == name.text();
        right.is_some_and(|right| right.own_scope().iter().any(keeps))
            && n.field("left")
                .is_some_and(|kept| kept.is("identifier") && is_raised(kept))
    })
}

/// The places where a block may be cancelled: `await`, `async for`, `async with`.
fn waits(block: Node<'_>) -> Vec<Node<'_>> {
    block
        .own_scope()
        .into_iter()
        .filter(|n| {
            n.is("await")
                || n.is_any(&["for_statement", "with_statement", "for_in_clause"]) && n.is_async()
        })
        .collect()
}

/// The first place where the block may be cancelled, for people.
fn described(waits: &[Node<'_>]) -> String {
    match waits.first() {
        Some(first) if first.is("await") && !first.text().contains(['\n', '\r']) => {
            format!("`{}`", first.text())
        }
        Some(first) if first.is("with_statement") => "`async with`".to_owned(),
        Some(first) if !first.is("await") => "`async for`".to_owned(),
        _ => "`await`".to_owned(),
    }
}

/// Whether everything awaited is, or is made from, a task that the function cancels further up.
fn awaits_what_it_cancelled(cx: &Context<'_>, waits: &[Node<'_>], clause: Node<'_>) -> bool {
    let Some(function) = clause.function() else {
        return false;
    };
    let cancelled: Vec<&str> = function
        .own_scope()
        .into_iter()
        .take_while(|n| n.start() < clause.start())
        // `loop.call_later(1, task.cancel)` cancels as well.
        .filter(|n| n.is("attribute") && n.last_name() == Some("cancel"))
        .filter_map(|method| method.field("object"))
        .flat_map(|task| std::iter::once(task).chain(collection_of(cx, task)))
        .map(Node::text)
        .collect();
    let is_cancelled = |n: &Node<'_>| cancelled.contains(&n.text());
    waits
        .iter()
        .all(|wait| wait.is("await") && wait.descendants().iter().any(is_cancelled))
}

/// What a loop variable comes from: the names in the iterable of the loop around it.
fn collection_of<'t>(cx: &Context<'_>, task: Node<'t>) -> Vec<Node<'t>> {
    let binds = |clause: &Node<'t>| {
        let targets = clause.field("left").map(Node::descendants);
        targets.unwrap_or_default().into_iter().any(|n| {
            n.is("identifier") && task.is("identifier") && cx.file.names().same_variable(n, task)
        })
    };
    // Only comprehensions have clauses: the children of a block may be all statements of the file.
    let clauses = |n: Node<'t>| match n.kind() {
        "for_statement" => vec![n],
        "list_comprehension"
        | "set_comprehension"
        | "dictionary_comprehension"
        | "generator_expression" => n.children(),
        _ => Vec::new(),
    };
    task.ancestors()
        .flat_map(clauses)
        .filter(|n| n.is_any(&["for_statement", "for_in_clause"]))
        .filter(binds)
        .filter_map(|clause| clause.field("right"))
        .flat_map(|iterable| iterable.walk_while(|n| !n.is("attribute")))
        .filter(|n| n.is_any(&["identifier", "attribute"]))
        .filter(|n| n.parent().is_none_or(|p| p.callee() != Some(*n)))
        .collect()
}
