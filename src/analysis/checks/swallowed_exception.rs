//! The handler catches everything, and its block does nothing but pass, leave, give or assign an empty value, or print.
//! Info instead of warning when the `try` holds one import only, when the function's name says that it cleans up, or in a
//! handler that raises anyway.

use crate::analysis::handlers::{block, catches, caught, guarded, raised_anyway, work};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};
use crate::catalog::Severity;

/// The classes whose handlers catch every error.
const EVERYTHING: [&str; 2] = ["builtins.BaseException", "builtins.Exception"];

/// Parts of the name of a function that passes a failure on to somebody.
const RECORDING: [&str; 6] = [
    "capture",
    "log",
    "report",
    "sentry",
    "traceback",
    "warnings",
];

/// How the names of functions begin that may fail silently, underscores aside.
const TOLERANT: [&str; 9] = [
    "aclose", "aexit__", "cleanup", "close", "del__", "exit__", "safe_", "shutdown", "try_",
];

/// Reports the clause, with what the `try` does as `work`.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let body = block(hit)?;
    if !catches(cx, hit, &EVERYTHING)
        || !body.body().into_iter().all(|s| is_empty(cx, s))
        || records(body)
    {
        return None;
    }
    let guarded = guarded(hit)?;
    let work = work(guarded).map_or_else(|| "these lines".to_owned(), |name| format!("`{name}`"));
    let mut report = Report::range(hit.header()).text("work", work);
    if let [class] = caught(hit).as_slice() {
        report = report.capture("class", *class);
    }
    Some(
        if is_lone_import(guarded) || is_tolerant(hit) || raised_anyway(hit) {
            report.severity(Severity::Info)
        } else {
            report
        },
    )
}

/// Whether a statement of a handler does nothing about the failure.
fn is_empty(cx: &Context<'_>, statement: Node<'_>) -> bool {
    match statement.kind() {
        "pass_statement" | "continue_statement" | "break_statement" => true,
        "return_statement" => statement.children().into_iter().all(is_empty_value),
        "expression_statement" => match statement.children().as_slice() {
            [expression] => is_empty_expression(cx, *expression),
            _ => false,
        },
        _ => false,
    }
}

fn is_empty_expression(cx: &Context<'_>, expression: Node<'_>) -> bool {
    match expression.kind() {
        "string" | "concatenated_string" | "ellipsis" => true,
        "assignment" => match expression.field("right") {
            Some(right) if right.is("assignment") => is_empty_expression(cx, right),
            right => right.is_some_and(is_empty_value),
        },
        "call" => cx.calls(expression, &["builtins.print"]),
        _ => false,
    }
}

/// `None`, `False`, `""`, `[]`, `{}`, `0` and `-1`.
fn is_empty_value(value: Node<'_>) -> bool {
    let value = value.unparenthesized();
    match value.kind() {
        "none" | "false" => true,
        "list" | "dictionary" => value.children().is_empty(),
        "string" => value
            .children()
            .iter()
            .all(|c| c.is_any(&["string_start", "string_end"])),
        "integer" | "unary_operator" => ["0", "-1"].contains(&value.text()),
        _ => false,
    }
}

/// Whether a block calls something whose name tells that it keeps a record.
fn records(block: Node<'_>) -> bool {
    block
        .descendants()
        .into_iter()
        .filter_map(Node::callee)
        .map(|callee| callee.text().to_lowercase())
        .any(|callee| RECORDING.iter().any(|part| callee.contains(part)))
}

fn is_lone_import(body: Node<'_>) -> bool {
    matches!(body.children().as_slice(), [only] if only.is_any(&["import_statement", "import_from_statement"]))
}

fn is_tolerant(clause: Node<'_>) -> bool {
    clause
        .function()
        .and_then(|f| f.field("name"))
        .map(|name| name.text().trim_start_matches('_'))
        .is_some_and(|name| TOLERANT.iter().any(|start| name.starts_with(start)))
}
