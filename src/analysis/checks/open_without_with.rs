//! The call surely opens a file, and nobody visible closes it: it is used on the spot, or assigned to a name that is
//! neither handed on, nor used in a `with`, nor closed in a `finally`. Reported mildly when a plain `close()` follows.

use crate::analysis::files::{assigned_name, close_statement, opens_file};
use crate::analysis::names::ScopeKind;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};
use crate::catalog::Severity;

/// Calls that read the file they are given and leave closing it to the caller.
const READERS: [&str; 25] = [
    "json.load",
    "csv.reader",
    "csv.DictReader",
    "pickle.load",
    "yaml.safe_load",
    "tomllib.load",
    "builtins.list",
    "builtins.tuple",
    "builtins.set",
    "builtins.dict",
    "builtins.enumerate",
    "builtins.iter",
    "builtins.map",
    "builtins.filter",
    "builtins.zip",
    "builtins.sorted",
    "builtins.sum",
    "builtins.any",
    "builtins.all",
    "builtins.min",
    "builtins.max",
    "builtins.len",
    "builtins.next",
    "builtins.reversed",
    "builtins.frozenset",
];

/// Reports the call.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    if !opens_file(cx.file, hit) {
        return None;
    }
    let node = hit.with_parentheses();
    let parent = node.parent()?;
    let report = Report::at(hit);
    match parent.kind() {
        // `open(path, "w").close()` closes it.
        "attribute" => {
            let closes = parent.last_name() == Some("close");
            let called = parent.parent().is_some_and(|p| p.callee() == Some(parent));
            (called && !closes).then_some(report)
        }
        "for_statement" | "for_in_clause" => {
            parent.fields("right").contains(&node).then_some(report)
        }
        "expression_statement" | "list_splat" => Some(report),
        "argument_list" => is_reader(cx, parent.parent()?).then_some(report),
        "assignment" => {
            let (name, statement) = assigned_name(hit)?;
            Some(report.severity(severity(cx, name, statement)?))
        }
        _ => None,
    }
}

fn is_reader(cx: &Context<'_>, call: Node<'_>) -> bool {
    cx.calls(call, &READERS)
}

/// How serious it is that a file is assigned to a name: `None` if somebody takes care of it.
fn severity(cx: &Context<'_>, name: Node<'_>, statement: Node<'_>) -> Option<Severity> {
    let names = cx.file.names();
    let scope = names.owner(name)?;
    let whole = name.function().unwrap_or(statement);
    // A name of another scope, or of a class, lives longer than this code.
    if names.kind(scope) == ScopeKind::Class || scope != names.scope_of(name) || whole.has_error() {
        return None;
    }
    let mut closed = false;
    for read in cx.file.reads(name) {
        if read.function() != name.function() || hands_on(cx, read) || closes_surely(read) {
            return None;
        }
        closed |= close_statement(read).is_some();
    }
    Some(if closed {
        Severity::Info
    } else {
        cx.pattern.severity
    })
}

/// Whether a use gives the file to somebody else, or opens a `with` on it.
fn hands_on(cx: &Context<'_>, read: Node<'_>) -> bool {
    let node = read.with_parentheses();
    let Some(parent) = node.parent() else {
        return true;
    };
    match parent.kind() {
        "for_statement" | "for_in_clause" => !parent.fields("right").contains(&node),
        "attribute"
        | "expression_statement"
        | "comparison_operator"
        | "if_statement"
        | "while_statement"
        | "not_operator"
        | "delete_statement"
        | "interpolation" => false,
        "argument_list" => parent
            .parent()
            .is_none_or(|call| !is_reader(cx, call) && !is_print(cx, call)),
        _ => true,
    }
}

/// `print(…, file=f)` passes the file as a keyword, which counts as handing it on; `print(f)` only shows it.
fn is_print(cx: &Context<'_>, call: Node<'_>) -> bool {
    cx.calls(
        call,
        &[
            "builtins.print",
            "builtins.repr",
            "builtins.str",
            "builtins.type",
        ],
    )
}

/// Whether a use closes the file in a `finally`, or at exit.
fn closes_surely(read: Node<'_>) -> bool {
    let closes = read
        .parent()
        .is_some_and(|p| p.is("attribute") && p.last_name() == Some("close"));
    closes && read.ancestors().any(|n| n.is("finally_clause"))
}
