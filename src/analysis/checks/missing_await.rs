//! The callee must be an `async def` of this file (or a coroutine function of asyncio), and the coroutine must be
//! dropped as a statement or only be tested for truth. Reports a condition from its start, like the statement reads.

use crate::analysis::coroutine::{expects_exception, lone_expression, method_call};
use crate::analysis::names::BindingKind;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report, is_written};

const COROUTINE_FUNCTIONS: [&str; 6] = [
    "asyncio.open_connection",
    "asyncio.sleep",
    "asyncio.start_server",
    "asyncio.to_thread",
    "asyncio.wait",
    "asyncio.wait_for",
];

/// Decorators that leave what a call returns alone.
const TRANSPARENT_DECORATORS: [&str; 7] = [
    "abc.abstractmethod",
    "builtins.classmethod",
    "builtins.staticmethod",
    "functools.wraps",
    "typing.final",
    "typing.no_type_check",
    "typing.override",
];

/// See the module.
pub fn check(cx: &Context<'_>, call: Node<'_>) -> Option<Report> {
    if is_whole_statement(call) {
        let reported = returns_coroutine(cx, call) && !expects_exception(call);
        return reported.then(|| named(Report::at(call), call).capture("call", call));
    }
    if !is_tested(call) || !returns_coroutine(cx, call) {
        return None;
    }
    let Some(condition) = condition_around(call) else {
        return Some(
            named(Report::at(call), call)
                .variant("tested")
                .capture("call", call),
        );
    };
    let calls: Vec<Node<'_>> = condition
        .own_scope()
        .into_iter()
        .filter(|n| n.is("call") && is_tested(*n) && returns_coroutine(cx, *n))
        .collect();
    // One report for the whole condition, from its first call.
    (calls.first() == Some(&call)).then(|| {
        let report = named(Report::at(condition), call).variant("tested");
        calls
            .iter()
            .fold(report, |report, c| report.capture("call", *c))
    })
}

fn named(report: Report, call: Node<'_>) -> Report {
    report.text("name", call.callee().map(Node::text).unwrap_or_default())
}

fn is_whole_statement(call: Node<'_>) -> bool {
    let statement = call.with_parentheses().parent();
    statement.and_then(lone_expression) == Some(call)
}

/// Whether only the truth, or a comparison, of this expression matters: a coroutine is always true and equals nothing.
fn is_tested(expression: Node<'_>) -> bool {
    let outer = expression.with_parentheses();
    let Some(parent) = outer.parent() else {
        return false;
    };
    match parent.kind() {
        "if_statement" | "elif_clause" | "while_statement" => {
            parent.field("condition") == Some(outer)
        }
        "assert_statement" => parent.children().first() == Some(&outer),
        "conditional_expression" => parent.children().get(1) == Some(&outer),
        "if_clause" | "not_operator" | "comparison_operator" => true,
        // The last operand may be the result.
        "boolean_operator" => parent.field("left") == Some(outer) || is_tested(parent),
        _ => false,
    }
}

/// The condition of the `if`, `while` or `assert` statement in which an expression is tested.
fn condition_around(call: Node<'_>) -> Option<Node<'_>> {
    let mut node = call;
    loop {
        let parent = node.parent()?;
        match parent.kind() {
            "parenthesized_expression"
            | "not_operator"
            | "comparison_operator"
            | "boolean_operator" => node = parent,
            "if_statement" | "elif_clause" | "while_statement" | "assert_statement" => {
                return Some(node);
            }
            _ => return None,
        }
    }
}

fn returns_coroutine(cx: &Context<'_>, call: Node<'_>) -> bool {
    if cx.calls(call, &COROUTINE_FUNCTIONS) {
        return true;
    }
    let Some(callee) = call.callee() else {
        return false;
    };
    cx.file.called_function(callee).is_some_and(|function| {
        is_coroutine_function(cx, function) && !may_be_overridden(cx, call, function)
    })
}

fn is_coroutine_function(cx: &Context<'_>, function: Node<'_>) -> bool {
    let generator = function
        .field("body")
        .is_some_and(|body| body.own_scope().into_iter().any(|n| n.is("yield")));
    let transparent = |decorator: Node<'_>| {
        cx.is_one_of(
            decorator.callee().unwrap_or(decorator),
            &TRANSPARENT_DECORATORS,
        )
    };
    function.is_async() && !generator && function.decorators().into_iter().all(transparent)
}

/// Whether a subclass in this file, or an assignment, gives a method another meaning.
fn may_be_overridden(cx: &Context<'_>, call: Node<'_>, method: Node<'_>) -> bool {
    let Some((_, name)) = method_call(call) else {
        return false;
    };
    let Some(class) = method.definition().filter(|d| d.is("class_definition")) else {
        return false;
    };
    cx.file.spelled(name).into_iter().any(|n| {
        let written = |a: Node<'_>| a.is("attribute") && is_written(a);
        n.parent().is_some_and(written)
            || class_binding(cx, n).is_some_and(|other| {
                other != class
                    && defines_otherwise(cx, other, name)
                    && inherits(cx, other, class, 0)
            })
    })
}

/// The class in whose scope an identifier is bound.
fn class_binding<'t>(cx: &Context<'t>, identifier: Node<'t>) -> Option<Node<'t>> {
    let names = cx.file.names();
    let scope = Some(names.scope_of(identifier)).filter(|_| names.is_binding_site(identifier));
    let mut classes = identifier.ancestors().filter(|a| a.is("class_definition"));
    classes.find(|class| scope.is_some() && names.scope_opened_by(*class) == scope)
}

/// Whether a class binds the name to anything but one coroutine function.
fn defines_otherwise(cx: &Context<'_>, class: Node<'_>, name: &str) -> bool {
    let names = cx.file.names();
    let Some(scope) = names.scope_opened_by(class) else {
        return false;
    };
    let bindings = names.bindings_in(scope, name);
    let coroutine = cx
        .file
        .method(class, name)
        .is_some_and(|method| is_coroutine_function(cx, method));
    let only_annotated = bindings.iter().all(|b| b.kind == BindingKind::Annotation);
    !only_annotated && !coroutine
}

fn inherits(cx: &Context<'_>, class: Node<'_>, ancestor: Node<'_>, depth: usize) -> bool {
    /// Deeper hierarchies, and circular ones, are given up.
    const DEEPEST: usize = 8;
    let bases = class.field("superclasses").map(Node::children);
    bases.unwrap_or_default().into_iter().any(|base| {
        let base = base
            .field("value")
            .filter(|_| base.is("subscript"))
            .unwrap_or(base);
        let found = cx.file.class(base);
        found.is_some_and(|b| {
            b == ancestor || depth < DEEPEST && inherits(cx, b, ancestor, depth + 1)
        })
    })
}
