//! The first argument is a display, a comprehension, or a local value of one, with calls among its items that are no
//! tasks. Calls of an `async def` of this file, and of asyncio's own, are certain; other calls are reported as info
//! unless their name says that they give tasks or futures.

use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};
use crate::catalog::Severity;

/// Functions of asyncio that give a coroutine when called.
const COROUTINE_FUNCTIONS: [&str; 10] = [
    "asyncio.create_subprocess_exec",
    "asyncio.create_subprocess_shell",
    "asyncio.open_connection",
    "asyncio.open_unix_connection",
    "asyncio.sleep",
    "asyncio.start_server",
    "asyncio.start_unix_server",
    "asyncio.to_thread",
    "asyncio.wait",
    "asyncio.wait_for",
];

/// Decorators of the standard library that leave a coroutine function what it is.
const NEUTRAL_DECORATORS: [&str; 5] = [
    "abc.abstractmethod",
    "builtins.classmethod",
    "builtins.staticmethod",
    "typing.final",
    "typing.override",
];

/// Names of methods and functions that give a task or a future, or take one out of a container.
const TASK_GIVERS: [&str; 10] = [
    "gather",
    "pop",
    "popleft",
    "remote",
    "run_coroutine_threadsafe",
    "run_in_executor",
    "schedule",
    "shield",
    "spawn",
    "submit",
];

/// Words for making something, one of which stands in the name of a function that gives tasks.
const MAKING: [&str; 9] = [
    "add", "as", "create", "ensure", "launch", "make", "new", "start", "wrap",
];

/// What a call among the items gives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gives {
    Coroutine,
    Unknown,
    SomethingElse,
}

/// Reports the call of `asyncio.wait`, with each coroutine as `coroutine`.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let argument = hit
        .positional()
        .first()
        .copied()
        .or_else(|| hit.keyword("fs"))?;
    let items = cx.file.value(argument)?;
    let calls: Vec<(Node<'_>, Gives)> = items_of(items)
        .into_iter()
        .map(|call| (call, gives(cx, call)))
        .filter(|(_, gives)| *gives != Gives::SomethingElse)
        .collect();
    let (first, _) = calls.first()?;
    let certain = calls.iter().any(|(_, gives)| *gives == Gives::Coroutine);
    let all_certain = calls.iter().all(|(_, gives)| *gives == Gives::Coroutine);
    let mut report = Report::at(hit).capture("call", *first);
    for (call, _) in &calls {
        report = report.capture("coroutine", *call);
    }
    if !certain {
        report = report.severity(Severity::Info);
    }
    report = match (certain, waits_for_all(hit)) {
        (true, false) => report,
        (true, true) => report.variant("gather"),
        (false, false) => report.variant("unknown"),
        (false, true) => report.variant("unknown-gather"),
    };
    Some(if !in_coroutine_of(hit, items) {
        report.withhold("tasks can only be created while an event loop runs")
    } else if items != argument.unparenthesized() || !all_certain {
        report.review()
    } else {
        report
    })
}

/// The calls among the items of a display or comprehension.
fn items_of(collection: Node<'_>) -> Vec<Node<'_>> {
    let mut pending = vec![collection];
    let mut items = Vec::new();
    while let Some(collection) = pending.pop() {
        match collection.kind() {
            "list" | "set" | "tuple" => {
                let (splats, plain): (Vec<_>, Vec<_>) = collection
                    .children()
                    .into_iter()
                    .partition(|item| item.is("list_splat"));
                items.extend(plain);
                pending.extend(
                    splats
                        .into_iter()
                        .flat_map(Node::children)
                        .map(Node::unparenthesized),
                );
            }
            "list_comprehension" | "set_comprehension" | "generator_expression" => {
                items.extend(collection.field("body"));
            }
            _ => {}
        }
    }
    let mut calls: Vec<_> = items
        .into_iter()
        .map(Node::unparenthesized)
        .filter(|item| item.is("call"))
        .collect();
    calls.sort_by_key(|call| call.start());
    calls
}

fn gives(cx: &Context<'_>, call: Node<'_>) -> Gives {
    let Some(callee) = call.callee() else {
        return Gives::SomethingElse;
    };
    if let Some(function) = cx.file.called_function(callee) {
        return of_function(cx, function);
    }
    let class = callee.is("identifier") && cx.file.class(callee).is_some();
    match cx.qualified_name(callee) {
        Some(name) if COROUTINE_FUNCTIONS.contains(&name.as_str()) => Gives::Coroutine,
        Some(name) if is_known_otherwise(&name) => Gives::SomethingElse,
        _ if class || callee.last_name().is_some_and(says_task) => Gives::SomethingElse,
        _ => Gives::Unknown,
    }
}

fn of_function(cx: &Context<'_>, function: Node<'_>) -> Gives {
    let plain = function
        .decorators()
        .into_iter()
        .all(|d| cx.is_one_of(d, &NEUTRAL_DECORATORS));
    let generator = function
        .field("body")
        .is_some_and(|body| body.own_scope().into_iter().any(|n| n.is("yield")));
    if !function.is_async() || generator {
        Gives::SomethingElse
    } else if plain {
        Gives::Coroutine
    } else {
        Gives::Unknown
    }
}

/// Whether a qualified name belongs to a builtin or to a module whose coroutine functions are all known here.
fn is_known_otherwise(name: &str) -> bool {
    ["asyncio.", "builtins.", "concurrent.futures."]
        .iter()
        .any(|module| name.starts_with(module))
}

fn says_task(name: &str) -> bool {
    let words: Vec<&str> = name.trim_start_matches('_').split('_').collect();
    let makes_task = match words.as_slice() {
        [before @ .., last] => {
            before.iter().any(|word| MAKING.contains(word)) && ["task", "future"].contains(last)
        }
        _ => false,
    };
    makes_task || TASK_GIVERS.contains(&name)
}

/// Whether the call surely has neither a timeout nor another `return_when`.
fn waits_for_all(call: Node<'_>) -> bool {
    call.keyword("timeout").is_none()
        && call.keyword("return_when").is_none()
        && !call.arguments().iter().any(|a| a.is("dictionary_splat"))
}

/// Whether the items are written in the same coroutine as the call.
fn in_coroutine_of(call: Node<'_>, items: Node<'_>) -> bool {
    call.in_async_function() && call.function() == items.function()
}
