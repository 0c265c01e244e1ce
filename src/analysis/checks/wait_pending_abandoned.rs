//! The call may return early (`return_when` or `timeout`), and the pending tasks are unreachable: their target is never
//! read afterwards, or only item 0 of the result is used. Silent where the function cancels anything, or awaits or waits
//! again for what it passed to `wait`, because the tasks are then looked after under another name.

use crate::analysis::gathered::elements;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// The constants that let `wait` return while tasks are pending. They are plain strings of the same spelling.
const EARLY: [&str; 2] = ["FIRST_COMPLETED", "FIRST_EXCEPTION"];

/// Builtins that copy the items of a collection.
const COLLECTIONS: [&str; 4] = [
    "builtins.frozenset",
    "builtins.list",
    "builtins.set",
    "builtins.tuple",
];

/// Methods that give the items of a collection.
const VIEWS: [&str; 3] = ["copy", "keys", "values"];

/// Reports the statement; `pending` is the second target, `result` the only one, `done` that of `(await …)[0]`.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let (call, report) = if hit.is("subscript") {
        first_of_result(hit)?
    } else {
        assigned(cx, hit)?
    };
    let surely = cx.calls(call, &["asyncio.wait"]) && returns_early(cx, call);
    let function = hit.function()?;
    (surely && !looked_after(cx, call, function) && !lives_elsewhere(cx, call, function))
        .then_some(report)
}

/// Whether other code knows what is waited for: an attribute, or something that the function puts into one.
fn lives_elsewhere(cx: &Context<'_>, call: Node<'_>, function: Node<'_>) -> bool {
    let tasks = call.arguments().first().copied();
    let handles = tasks.map(|tasks| handles(cx, tasks)).unwrap_or_default();
    let kept = |node: Node<'_>| {
        let object = node.callee().and_then(|callee| callee.field("object"));
        object.is_some_and(|o| o.is("attribute"))
            && node
                .positional()
                .iter()
                .any(|a| handles.contains(&a.text()))
    };
    handles.iter().any(|handle| handle.contains('.'))
        || function
            .descendants()
            .into_iter()
            .filter(|n| n.is("call"))
            .any(kept)
}

/// `done, pending = await wait(…)` or `result = await wait(…)`, where nothing reads the pending tasks.
fn assigned<'t>(cx: &Context<'_>, statement: Node<'t>) -> Option<(Node<'t>, Report)> {
    let assignment = statement.children().first().copied()?;
    let call = awaited(assignment.field("right")?)?;
    let target = assignment.field("left")?;
    let report = Report::at(statement);
    let report = if target.is("identifier") {
        let reads = later_reads(cx, target, statement)?;
        let only_first = !reads.is_empty() && reads.into_iter().all(is_first_item);
        only_first.then(|| report.capture("result", target))
    } else {
        match elements(target).as_slice() {
            [_, pending] if pending.is("identifier") => later_reads(cx, *pending, statement)?
                .is_empty()
                .then(|| report.capture("pending", *pending)),
            _ => None,
        }
    };
    Some((call, report?))
}

/// `(await wait(…))[0]`; as the whole right side of an assignment to a name it is the statement that is reported.
fn first_of_result(subscript: Node<'_>) -> Option<(Node<'_>, Report)> {
    let call = awaited(subscript.field("value")?)?;
    if !has_index_zero(subscript) {
        return None;
    }
    let assignment = subscript
        .parent()
        .filter(|p| p.is("assignment") && p.field("right") == Some(subscript));
    let target = assignment
        .and_then(|a| a.field("left"))
        .filter(|t| t.is("identifier"));
    let statement = assignment
        .and_then(Node::parent)
        .filter(|p| p.is("expression_statement"));
    let report = match (statement, target) {
        (Some(statement), Some(done)) => Report::at(statement)
            .capture("done", done)
            .capture("subscript", subscript),
        _ => Report::at(subscript).withhold("the pending tasks need a name first"),
    };
    Some((call, report))
}

fn awaited(expression: Node<'_>) -> Option<Node<'_>> {
    let expression = expression.unparenthesized();
    let call = expression.children().first()?.unparenthesized();
    (expression.is("await") && call.is("call")).then_some(call)
}

fn has_index_zero(subscript: Node<'_>) -> bool {
    matches!(subscript.fields("subscript").as_slice(), [index] if index.text() == "0")
}

fn is_first_item(read: Node<'_>) -> bool {
    read.parent()
        .is_some_and(|p| p.is("subscript") && p.field("value") == Some(read) && has_index_zero(p))
}

/// The reads of a variable that may come after a statement: those below it, in a loop all others of the loop, and those
/// in nested functions. The call of a function `_` is none.
/// None if the variable does not belong to the function.
fn later_reads<'t>(
    cx: &Context<'t>,
    target: Node<'t>,
    statement: Node<'t>,
) -> Option<Vec<Node<'t>>> {
    let names = cx.file.names();
    let function = statement.function()?;
    if names.owner(target) != names.scope_opened_by(function) {
        return None;
    }
    let from = loop_around(statement, function).map_or(statement.end(), Node::start);
    let is_callee = |n: Node<'_>| {
        n.parent()
            .is_some_and(|p| p.callee() == Some(n) && n.text() == "_")
    };
    Some(
        cx.file
            .reads(target)
            .into_iter()
            .filter(|n| n.start() >= from || n.function() != Some(function))
            .filter(|n| !is_callee(*n))
            .collect(),
    )
}

/// The outermost loop around a statement inside a function.
fn loop_around<'t>(statement: Node<'t>, function: Node<'t>) -> Option<Node<'t>> {
    statement
        .ancestors()
        .take_while(|n| *n != function)
        .filter(|n| n.is_any(&["for_statement", "while_statement"]))
        .last()
}

/// Whether the call may return while tasks are pending.
fn returns_early(cx: &Context<'_>, call: Node<'_>) -> bool {
    let timeout = call
        .keyword("timeout")
        .is_some_and(|t| !t.unparenthesized().is("none"));
    let early = call.keyword("return_when").is_some_and(|mode| {
        let mode = cx.file.value(mode).unwrap_or(mode);
        let name = cx.qualified_name(mode).unwrap_or_default();
        let constant = name
            .strip_prefix("asyncio.")
            .or_else(|| name.strip_prefix("concurrent.futures."));
        let text = mode
            .is("string")
            .then(|| mode.text().trim_matches(['"', '\'']));
        constant.or(text).is_some_and(|mode| EARLY.contains(&mode))
    });
    timeout || early
}

/// Whether the function cancels something, or uses what it passed to `wait` in a later `await` or in the loop around.
fn looked_after(cx: &Context<'_>, call: Node<'_>, function: Node<'_>) -> bool {
    let statement = call.statement();
    let around = loop_around(statement, function);
    let handles: Vec<&str> = call
        .arguments()
        .first()
        .map(|argument| handles(cx, *argument))
        .unwrap_or_default();
    let is_handle = |n: Node<'_>| {
        n.is_any(&["identifier", "attribute"])
            && handles.contains(&n.text())
            && !cx.file.names().is_binding_site(n)
            && !statement.contains(n)
    };
    function.descendants().into_iter().any(|node| {
        let awaited_later = node.is("await")
            && node.start() >= statement.end()
            && node.descendants().into_iter().any(is_handle);
        let updated = node.is("augmented_assignment")
            && node
                .field("left")
                .is_some_and(|left| handles.contains(&left.text()));
        let used_in_loop = around.is_some_and(|l| l.contains(node)) && (is_handle(node) || updated);
        cancels(node) || awaited_later || used_in_loop
    })
}

/// `task.cancel`, called or passed on, or a call of a helper with `cancel` in its name.
fn cancels(node: Node<'_>) -> bool {
    let name = if node.is("attribute") {
        node.last_name()
    } else {
        node.callee().and_then(Node::last_name)
    };
    name.is_some_and(|name| name.contains("cancel") && !name.contains("cancelled"))
}

/// The variables and attribute chains by which the code around knows the tasks: the collection, or its items.
fn handles<'t>(cx: &Context<'_>, tasks: Node<'t>) -> Vec<&'t str> {
    let mut pending = vec![tasks.unparenthesized()];
    let mut found = Vec::new();
    while let Some(node) = pending.pop() {
        match node.kind() {
            "identifier" | "attribute" => found.push(node.text()),
            "list"
            | "set"
            | "tuple"
            | "list_splat"
            | "binary_operator"
            | "parenthesized_expression" => pending.extend(node.children()),
            "call" if cx.calls(node, &COLLECTIONS) => pending.extend(node.positional()),
            "call" => pending.extend(
                node.callee()
                    .filter(|c| c.last_name().is_some_and(|name| VIEWS.contains(&name)))
                    .and_then(|c| c.field("object")),
            ),
            _ => {}
        }
    }
    found
}
