//! Several awaitables, no `return_exceptions`, and no sign that somebody thought about failure: no handler around the
//! call, no coroutine of this file that handles everything itself, no test, and not the last word of a `main`.

use crate::analysis::fan_out::FanOut;
use crate::analysis::handlers::{clauses, tries_around};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report, SourceFile};

/// Whether a call of `asyncio.gather` leaves open what a failure means.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let arguments = hit
        .field("arguments")
        .filter(|a| a.is("argument_list"))
        .map(Node::children)?;
    let decided = arguments.iter().any(|a| {
        a.is("dictionary_splat")
            || a.field("name")
                .is_some_and(|n| a.is("keyword_argument") && n.text() == "return_exceptions")
    });
    let awaitables: Vec<Node<'_>> = arguments
        .into_iter()
        .filter(|a| !a.is("keyword_argument"))
        .collect();
    let several = awaitables.len() > 1 || awaitables.iter().any(|a| a.is("list_splat"));
    let handled = tries_around(hit)
        .into_iter()
        .any(|t| !clauses(t).is_empty());
    let silent = decided
        || !several
        || handled
        || cx.settings.test_file
        || ends_main(hit)
        || awaitables.iter().all(|a| handles_everything(cx.file, *a));
    (!silent).then(|| Report::at(hit))
}

/// Whether the call is a statement of its own in a function called `main`.
fn ends_main(call: Node<'_>) -> bool {
    let awaited = call
        .parent()
        .filter(|p| p.is("await"))
        .unwrap_or(call)
        .with_parentheses();
    let discarded = awaited
        .parent()
        .is_some_and(|p| p.is("expression_statement"));
    let function = call.function().and_then(|f| f.field("name"));
    discarded && function.is_some_and(|name| name.text() == "main")
}

/// Whether an argument calls a coroutine of this file whose whole body is `try … except`.
fn handles_everything(file: &SourceFile, argument: Node<'_>) -> bool {
    let callee = if argument.is("list_splat") {
        let collection = argument.children().first().copied();
        collection
            .and_then(|c| FanOut::of_collection(file, c))
            .and_then(|fan_out| fan_out.callee())
    } else {
        argument.unparenthesized().callee()
    };
    let Some(function) = callee
        .and_then(|c| file.called_function(c))
        .filter(|f| f.is_async())
    else {
        return false;
    };
    let docstring = function.docstring();
    let body: Vec<Node<'_>> = function
        .body()
        .into_iter()
        .filter(|s| Some(*s) != docstring)
        .collect();
    matches!(body[..], [only] if only.is("try_statement") && !clauses(only).is_empty())
}
