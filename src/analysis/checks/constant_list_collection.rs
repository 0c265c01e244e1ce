//! The list holds at least two items, all constants, and is the only value of its name. Every use of the name in the file
//! only looks at it, in a way that a tuple allows as well. The fix is safe for a private name that the file uses; public
//! names and the attributes of a class are for code elsewhere, too.

use crate::analysis::builtin_lists::only_looked_at;
use crate::analysis::classes::is_enum;
use crate::analysis::names::{MODULE, ScopeKind, in_annotation};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report, annotations};

/// Annotations that promise no more than a tuple keeps.
const READ_ONLY: [&str; 9] = [
    "builtins.object",
    "collections.abc.Collection",
    "collections.abc.Container",
    "collections.abc.Iterable",
    "collections.abc.Reversible",
    "collections.abc.Sequence",
    "collections.abc.Sized",
    "typing.Any",
    "typing.Final",
];

/// Decides about an assignment of a list display.
pub fn check(cx: &Context<'_>, assignment: Node<'_>) -> Option<Report> {
    let name = assignment.field("left")?;
    let list = assignment.field("right")?;
    if !is_plain_statement(assignment) || list.children().len() < 2 || !is_bound_once(cx, name) {
        return None;
    }
    let names = cx.file.names();
    let class = match names.kind(names.scope_of(name)) {
        ScopeKind::Module => None,
        ScopeKind::Class => Some(assignment.definition()?),
        _ => return None,
    };
    if assignment
        .field("type")
        .is_some_and(|annotation| !promises_no_list(cx, annotation))
        || class.is_some_and(|class| is_enum(cx.file, class))
        || is_exported(cx, name)
    {
        return None;
    }
    let uses = uses(cx, name, class);
    let harmless = uses
        .iter()
        .all(|reference| only_looked_at(cx.file, *reference))
        && all_constants(list);
    let report = Report::at(assignment)
        .capture("name", name)
        .capture("list", list);
    harmless.then(|| {
        let nowhere = uses.is_empty();
        let report = if nowhere {
            report.variant("nowhere")
        } else {
            report
        };
        if nowhere || class.is_some() || cx.file.is_public_global(name) {
            report.review()
        } else {
            report
        }
    })
}

/// `NAME = […]` as a statement, not a part of `A = B = […]`.
fn is_plain_statement(assignment: Node<'_>) -> bool {
    assignment
        .parent()
        .is_some_and(|p| p.is("expression_statement"))
}

fn is_bound_once(cx: &Context<'_>, name: Node<'_>) -> bool {
    cx.file
        .names()
        .single_binding(name)
        .is_some_and(|(scope, _)| scope == cx.file.names().scope_of(name))
}

fn promises_no_list(cx: &Context<'_>, annotation: Node<'_>) -> bool {
    let known = annotations::members(cx.file, annotation)
        .iter()
        .all(|member| {
            member
                .as_deref()
                .is_some_and(|name| READ_ONLY.contains(&name) || name == "typing.ClassVar")
        });
    known
        && !annotation.text().to_lowercase().contains("list")
        && !annotation.text().contains("MutableSequence")
}

/// Whether the module lists the name in `__all__`, for others to import.
fn is_exported(cx: &Context<'_>, name: Node<'_>) -> bool {
    let is_it = |n: Node<'_>| n.is("string_content") && n.text() == name.text();
    cx.file
        .spelled("__all__")
        .into_iter()
        .filter(|n| cx.file.names().owner(*n) == Some(MODULE))
        .any(|n| n.statement().descendants().into_iter().any(is_it))
}

/// Every other place that stands for the list: the name, and for the attribute of a class every attribute so called.
fn uses<'t>(cx: &Context<'t>, name: Node<'t>, class: Option<Node<'t>>) -> Vec<Node<'t>> {
    let mut uses = cx.file.occurrences(name);
    uses.retain(|n| *n != name && !in_annotation(*n));
    if class.is_some() {
        let attributes = cx
            .file
            .spelled(name.text())
            .into_iter()
            .filter_map(|n| n.parent().filter(|p| p.field("attribute") == Some(n)));
        uses.extend(attributes);
    }
    uses
}

fn all_constants(list: Node<'_>) -> bool {
    list.children().into_iter().all(is_constant)
}

/// A string without replacement fields, a number, `True`, `False`, `None`, or a tuple of these.
fn is_constant(item: Node<'_>) -> bool {
    let item = item.unparenthesized();
    match item.kind() {
        "integer" | "float" | "true" | "false" | "none" => true,
        "string" => !item.children().iter().any(|c| c.is("interpolation")),
        "concatenated_string" | "tuple" => item.children().into_iter().all(is_constant),
        "unary_operator" => item
            .field("argument")
            .is_some_and(|n| n.is_any(&["integer", "float"])),
        _ => false,
    }
}
