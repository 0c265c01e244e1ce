//! The signature must mention a `TypeVar` of the file once, in annotations or quoted. Silent for variables with
//! constraints, for overloads, for variables that the body uses or that belong to a class or function around (or to another
//! class of that name), and for the result of a callable that a decorator without a return annotation takes.

use crate::analysis::annotations;
use crate::analysis::source_file::is_variable;
use crate::analysis::syntax::Node;
use crate::analysis::type_variables::{
    Kind, TypeVariable, belongs_to_outer, mentions_word, signature, words,
};
use crate::analysis::{Context, Report};

/// Generic types that are as good with the bound, or with `object`, in their brackets.
const COVARIANT: [&str; 20] = [
    "builtins.frozenset",
    "builtins.tuple",
    "builtins.type",
    "collections.abc.AsyncIterable",
    "collections.abc.AsyncIterator",
    "collections.abc.Awaitable",
    "collections.abc.Collection",
    "collections.abc.Container",
    "collections.abc.Iterable",
    "collections.abc.Iterator",
    "collections.abc.Reversible",
    "collections.abc.Sequence",
    "collections.abc.Set",
    "typing.Annotated",
    "typing.FrozenSet",
    "typing.Optional",
    "typing.Tuple",
    "typing.Type",
    "typing.Union",
    "typing.Final",
];

/// Decides about a function.
pub fn check(cx: &Context<'_>, function: Node<'_>) -> Option<Report> {
    let annotations = signature(function);
    let mentioned: Vec<(&str, Node<'_>)> = annotations
        .iter()
        .flat_map(|annotation| words(*annotation))
        .collect();
    let (name, at) = mentioned.iter().copied().find(|(name, at)| {
        mentioned.iter().filter(|(word, _)| word == name).count() == 1
            && TypeVariable::named(cx.file, name, *at)
                .is_some_and(|v| v.kind == Kind::TypeVar && !v.is_constrained())
            && !belongs_to_outer(function, name)
            && !belongs_to_namesake(cx, function, name)
    })?;
    let annotation = annotations.into_iter().find(|a| a.contains(at))?;
    if is_wrapped_result(cx, function, annotation)
        || is_overloaded(cx, function)
        || is_used_in_body(cx, function, name)
    {
        return None;
    }
    let report = Report::range(function.header())
        .text("name", name)
        .capture("annotation", annotation);
    Some(if is_in_invariant(cx, at, annotation) {
        report.variant("nested")
    } else {
        report
    })
}

/// Whether the variable belongs to another class of the name of the one around: type checkers may see that one instead.
fn belongs_to_namesake<'t>(cx: &Context<'t>, function: Node<'t>, variable: &str) -> bool {
    let class = function.definition().and_then(|class| class.field("name"));
    class.is_some_and(|name| {
        let others = cx.file.occurrences(name).into_iter();
        others
            .filter_map(Node::parent)
            .filter(|p| p.is("class_definition"))
            .filter_map(|other| other.field("superclasses"))
            .any(|bases| mentions_word(bases, variable))
    })
}

/// The `T` of `def logged(fn: Callable[..., T]):`, where nobody says what the decorator returns.
fn is_wrapped_result(cx: &Context<'_>, function: Node<'_>, annotation: Node<'_>) -> bool {
    function.field("return_type").is_none()
        && annotations::members(cx.file, annotation)
            .iter()
            .flatten()
            .any(|class| class == "collections.abc.Callable")
}

/// Whether the function, or one of the same name beside it, is an overload.
fn is_overloaded<'t>(cx: &Context<'t>, function: Node<'t>) -> bool {
    let overloads = |function: Node<'_>| {
        function
            .decorators()
            .into_iter()
            .any(|d| cx.is_one_of(d, &["typing.overload"]))
    };
    let Some(name) = function.field("name") else {
        return false;
    };
    overloads(function)
        || cx
            .file
            .occurrences(name)
            .into_iter()
            .filter_map(Node::parent)
            .any(|p| p.is("function_definition") && overloads(p))
}

fn is_used_in_body(cx: &Context<'_>, function: Node<'_>, name: &str) -> bool {
    let Some(body) = function.field("body") else {
        return true;
    };
    let in_body = |n: Node<'_>| n.ancestors().any(|a| a == body);
    let docstring = function.docstring();
    let documents = |n: Node<'_>| docstring.is_some_and(|d| d.contains(n));
    let named = cx.file.spelled(name);
    named.into_iter().any(|n| is_variable(n) && in_body(n))
        || body
            .descendants()
            .into_iter()
            .any(|n| n.is("string_content") && mentions_word(n, name) && !documents(n))
}

/// Whether the variable stands in brackets in which the bound, or `object`, would refuse what the variable accepts.
fn is_in_invariant(cx: &Context<'_>, at: Node<'_>, annotation: Node<'_>) -> bool {
    at.ancestors()
        .take_while(|n| *n != annotation)
        .filter(|n| n.is_any(&["generic_type", "subscript"]))
        .filter_map(|n| n.children().first().copied())
        .any(|class| !cx.is_one_of(class, &COVARIANT))
}
