//! The decorated function is a coroutine function, the decorator is defined in this file, and its wrapper is a plain `def`
//! that does something after the call. Silent where the decorator tells coroutine functions apart, or runs the coroutine.

use crate::analysis::iteration::is_generator;
use crate::analysis::syntax::Node;
use crate::analysis::wrappers::{Decorator, returned_function};
use crate::analysis::{Context, Report};

/// What leaves a coroutine function one.
const TRANSPARENT: [&str; 3] = [
    "builtins.staticmethod",
    "builtins.classmethod",
    "typing.override",
];

/// Reports the decorator.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let function = hit.parent()?.undecorated();
    if !function.is("function_definition") || !function.is_async() {
        return None;
    }
    let expression = *hit.children().first()?;
    let decorator = Decorator::behind(cx.file, expression)?;
    let wrapper = decorator.wrapper;
    let inner = function.decorators().into_iter();
    let known_below = inner
        .filter(|other| other.start() > hit.end())
        .all(|other| leaves_coroutine_function(cx, other));
    if wrapper.is_async()
        || is_generator(wrapper)
        || is_generator(function)
        || !known_below
        || !wrapper.decorators().into_iter().all(|d| is_wraps(cx, d))
        || tells_apart(cx, &decorator)
        || decorator.calls.iter().any(|call| is_run(cx, *call))
    {
        return None;
    }
    let call = decorator
        .calls
        .iter()
        .copied()
        .find(|call| is_followed(wrapper, *call))?;
    Some(
        Report::at(hit)
            .text("twin", twin(&decorator))
            .related(call, "this only makes the coroutine"),
    )
}

fn is_wraps(cx: &Context<'_>, decorator: Node<'_>) -> bool {
    let function = decorator.callee().unwrap_or(decorator);
    cx.is_one_of(function, &["functools.wraps"])
}

/// Whether a decorator below this one surely gives a function whose call makes the coroutine.
fn leaves_coroutine_function(cx: &Context<'_>, decorator: Node<'_>) -> bool {
    cx.is_one_of(decorator, &TRANSPARENT) || Decorator::behind(cx.file, decorator).is_some()
}

/// Whether a decorator, or the function around it, speaks of coroutines: it asks `inspect.iscoroutinefunction`, or has a
/// second wrapper for them.
fn tells_apart(cx: &Context<'_>, decorator: &Decorator<'_>) -> bool {
    let factory = decorator
        .function
        .function()
        .filter(|outer| returned_function(cx.file, *outer) == Some(decorator.function));
    let whole = factory.unwrap_or(decorator.function);
    let own_names = [
        whole.field("name"),
        decorator.function.field("name"),
        decorator.wrapper.field("name"),
    ];
    whole.descendants().into_iter().any(|n| {
        let word = n.text();
        n.is("identifier")
            && !own_names.contains(&Some(n))
            && !own_names.iter().flatten().any(|own| own.text() == word)
            && speaks_of_coroutines(word)
    })
}

fn speaks_of_coroutines(word: &str) -> bool {
    let word = word.to_lowercase();
    word != "asyncio"
        && [
            "coro",
            "awaitable",
            "async",
            "__await__",
            "create_task",
            "future",
            "run_until",
        ]
        .iter()
        .any(|part| word.contains(part))
}

/// Whether the coroutine is handed to something that may run it: `asyncio.run(function())`.
fn is_run(cx: &Context<'_>, call: Node<'_>) -> bool {
    let handed = |node: Node<'_>| node.parent().is_some_and(|p| p.is("argument_list"));
    let name = assigned_name(call);
    handed(call.with_parentheses())
        || name.is_some_and(|name| {
            cx.file.reads(name).into_iter().any(|read| {
                let called = read.parent().filter(|p| p.is("argument_list"));
                let callee = called.and_then(Node::parent).and_then(Node::callee);
                callee.is_some_and(|callee| {
                    let module = cx.qualified_name(callee);
                    let runs = callee.last_name().is_some_and(|n| {
                        n.starts_with("run") || n.starts_with("spawn") || n.contains("task")
                    });
                    runs || module.is_some_and(|m| m.starts_with("asyncio."))
                })
            })
        })
}

/// The name that a call is assigned to.
fn assigned_name(call: Node<'_>) -> Option<Node<'_>> {
    let value = call.with_parentheses();
    let parent = value.parent()?;
    match parent.kind() {
        "assignment" => parent.field("left"),
        "named_expression" => parent.field("name"),
        _ => None,
    }
    .filter(|n| n.is("identifier"))
}

/// Whether the wrapper does something with the result or after the call: the call is no plain `return`, or it stands in a
/// `try` or a `with`.
fn is_followed(wrapper: Node<'_>, call: Node<'_>) -> bool {
    let above = call.with_parentheses().parent();
    let within = |kinds: &[&str]| {
        call.ancestors()
            .take_while(|n| *n != wrapper)
            .any(|n| n.is_any(kinds))
    };
    if within(&["try_statement", "with_statement"]) {
        return true;
    }
    match above.map(Node::kind) {
        Some("return_statement") => false,
        Some("expression_statement") => is_followed_by_statement(wrapper, call.statement()),
        _ => true,
    }
}

/// Whether another statement of the wrapper runs after this one.
fn is_followed_by_statement(wrapper: Node<'_>, statement: Node<'_>) -> bool {
    std::iter::once(statement)
        .chain(statement.ancestors().take_while(|n| *n != wrapper))
        .any(|n| n.parent().is_some_and(|p| p.is("block")) && n.next().is_some())
}

/// The wrapper as it would be for coroutine functions.
fn twin(decorator: &Decorator<'_>) -> String {
    let wrapper = decorator.wrapper;
    let part = |from: usize, to: usize| {
        let offset = wrapper.start();
        wrapper
            .text()
            .get(from - offset..to - offset)
            .unwrap_or_default()
    };
    let mut text = String::from("async ");
    let mut at = wrapper.start();
    for call in &decorator.calls {
        let bound = call
            .parent()
            .is_some_and(|p| p.is_any(&["attribute", "subscript", "call"]));
        text.push_str(part(at, call.start()));
        text.push_str(if bound { "(await " } else { "await " });
        text.push_str(call.text());
        text.push_str(if bound { ")" } else { "" });
        at = call.end();
    }
    text.push_str(part(at, wrapper.end()));
    let margin = wrapper.indentation();
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.strip_prefix(margin).unwrap_or(line))
        .collect();
    lines.join("\n")
}
