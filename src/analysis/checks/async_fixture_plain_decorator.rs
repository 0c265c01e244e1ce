//! The decorator must stand on an `async def`, with no other that may wrap it. Silent where the fixture is meant for anyio
//! or trio. Says so where nothing is awaited, and nothing needs the running event loop.

use crate::analysis::coroutine::needs_running_loop;
use crate::analysis::pytest::{
    classes_of_test, function_with_parameter, imports_module, mark_name, marks, module_marks,
    requested,
};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Decides about a decorator `@pytest.fixture`.
pub fn check(cx: &Context<'_>, decorator: Node<'_>) -> Option<Report> {
    let function = decorator.parent()?.undecorated();
    let plain = !function.is("function_definition") || !function.is_async();
    if plain || cx.settings.coroutines_run {
        return None;
    }
    let expression = *decorator.children().first()?;
    let harmless = |other: Node<'_>| {
        mark_name(cx.file, other).is_some()
            || cx.is_one_of(other, &["builtins.staticmethod", "builtins.classmethod"])
    };
    let wrapped = function
        .decorators()
        .into_iter()
        .any(|other| other != expression && !harmless(other));
    if wrapped || is_for_another_loop(cx, function, expression) {
        return None;
    }
    let report = Report::at(decorator)
        .capture("decorator", expression.callee().unwrap_or(expression))
        .capture("name", function.field("name")?);
    let waits = function
        .field("body")
        .is_some_and(|body| needs_running_loop(cx.file, body));
    Some(if waits {
        report
    } else {
        report.variant("plain").text("plain", "def")
    })
}

/// Whether the fixture is made for anyio or trio, which run it themselves.
fn is_for_another_loop(cx: &Context<'_>, function: Node<'_>, decorator: Node<'_>) -> bool {
    let anyio_backend = |n: &Node<'_>| n.text() == "anyio_backend";
    if requested(function).iter().any(anyio_backend)
        || module_marks(cx.file).has("anyio")
        || imports_module(cx.file, "trio")
    {
        return true;
    }
    let given = decorator.keyword("name").map(Node::text);
    let name = match given {
        Some(literal) => literal.trim_matches(['"', '\'']),
        None => function.field("name").map_or("", Node::text),
    };
    let requesting: Vec<Node<'_>> = cx
        .file
        .spelled(name)
        .into_iter()
        .filter_map(function_with_parameter)
        .filter(|f| classes_of_test(cx.file, *f).is_some())
        .collect();
    !requesting.is_empty()
        && requesting
            .into_iter()
            .all(|test| marks(cx.file, test).has("anyio"))
}
