//! The method is plain (no decorator, no double underscores, no name that a test runner or a subclass in the file gives a
//! meaning) and does something, its class has no base but `object`, and nothing in it mentions its first parameter, not
//! even through `super()`, `__class__` or `locals()`.

use crate::analysis::ancestry::arguments;
use crate::analysis::classes::family;
use crate::analysis::methods::{
    First, first_parameter, inspects_its_variables, is_dunder, is_read_in_class_body,
};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Class decorators that do not care what kind of methods there are.
const PLAIN_DECORATORS: [&str; 12] = [
    "attr.attrs",
    "attr.define",
    "attr.frozen",
    "attr.mutable",
    "attr.s",
    "attrs.define",
    "attrs.frozen",
    "attrs.mutable",
    "dataclasses.dataclass",
    "functools.total_ordering",
    "typing.final",
    "typing.runtime_checkable",
];

/// How the methods begin that test runners call.
const TEST_NAMES: [&str; 6] = [
    "setUp",
    "tearDown",
    "test",
    "setup",
    "teardown",
    "asyncSetUp",
];

/// Decides about a function.
pub fn check(cx: &Context<'_>, function: Node<'_>) -> Option<Report> {
    let block = function.parent().filter(|p| p.is("block"))?;
    let class = block.parent().filter(|p| p.is("class_definition"))?;
    let name = function.field("name")?;
    let First::Named(parameter) = first_parameter(function) else {
        return None;
    };
    let for_a_runner = TEST_NAMES
        .iter()
        .any(|start| name.text().starts_with(start));
    if is_dunder(name.text()) || for_a_runner || !is_plain(cx, class) {
        return None;
    }
    let unused = cx.file.occurrences(parameter).len() == 1;
    let bound_once = cx.file.method(class, name.text()) == Some(function);
    let own = unused
        && bound_once
        && does_something(function)
        && !is_read_in_class_body(cx.file, name)
        && !is_overridden(cx, class, name.text())
        && !needs_instance(cx, function)
        && !inspects_its_variables(cx.file, function);
    own.then(|| {
        Report::at(name)
            .capture("method", name)
            .capture("self", parameter)
    })
}

/// Whether a class inherits from nothing, and no decorator is known to look at its methods.
fn is_plain(cx: &Context<'_>, class: Node<'_>) -> bool {
    let no_base = arguments(class)
        .into_iter()
        .all(|base| cx.is_one_of(base, &["builtins.object"]));
    no_base
        && class
            .decorators()
            .into_iter()
            .all(|d| cx.is_one_of(d.callee().unwrap_or(d), &PLAIN_DECORATORS))
}

/// Whether there is more in the body than a docstring, `...`, `pass` or a `raise`, which refuses what others may allow.
fn does_something(function: Node<'_>) -> bool {
    let docstring = function.docstring();
    function
        .body()
        .into_iter()
        .filter(|statement| Some(*statement) != docstring)
        .any(|statement| {
            let inner = statement.children().first().copied();
            match statement.kind() {
                "pass_statement" | "raise_statement" => false,
                "expression_statement" => !inner.is_some_and(|n| n.is("ellipsis")),
                _ => true,
            }
        })
}

/// Whether a class of this file that inherits from the class, directly or not, has something of that name.
fn is_overridden<'t>(cx: &Context<'t>, class: Node<'t>, method: &str) -> bool {
    let names = cx.file.names();
    family(cx.file, class)
        .into_iter()
        .filter(|member| *member != class)
        .filter_map(|subclass| names.scope_opened_by(subclass))
        .any(|scope| names.binds(scope, method))
}

/// Whether the body uses what Python finds through the first parameter: `super()` without arguments, or `__class__`.
fn needs_instance(cx: &Context<'_>, function: Node<'_>) -> bool {
    function.field("body").is_some_and(|body| {
        body.descendants().into_iter().any(|n| match n.kind() {
            "call" => n.arguments().is_empty() && cx.calls(n, &["builtins.super"]),
            "identifier" => n.text() == "__class__",
            _ => false,
        })
    })
}
