//! The default must surely make a mutable container. A parameter whose annotation promises reading only, and that is not
//! changed, is left alone; one that is never changed or handed on is reported more quietly, and so is a memo.

use crate::analysis::annotations;
use crate::analysis::mutable::{Use, mutable_value, use_of};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};
use crate::catalog::Severity;

/// Types through which nothing can be changed.
const READ_ONLY: [&str; 19] = [
    "None",
    "builtins.frozenset",
    "builtins.tuple",
    "collections.abc.Collection",
    "collections.abc.Container",
    "collections.abc.ItemsView",
    "collections.abc.Iterable",
    "collections.abc.Iterator",
    "collections.abc.KeysView",
    "collections.abc.Mapping",
    "collections.abc.Reversible",
    "collections.abc.Sequence",
    "collections.abc.Set",
    "collections.abc.Sized",
    "collections.abc.ValuesView",
    "types.MappingProxyType",
    "typing.Final",
    "typing.FrozenSet",
    "typing.Tuple",
];

/// Methods that a memo is asked with.
const MEMO_METHODS: [&str; 2] = ["get", "setdefault"];

/// Decides about the default of a parameter.
pub fn check(cx: &Context<'_>, default: Node<'_>) -> Option<Report> {
    let kind = mutable_value(cx.file, default)?.short_class();
    let parameter = default.parent()?;
    let name = parameter.field("name").filter(|n| n.is("identifier"))?;
    let function = parameter.parent()?.parent()?;
    let uses = uses(cx, name);
    let found: Vec<Use> = uses.iter().map(|node| use_of(cx.file, *node)).collect();
    let read_only = parameter
        .field("type")
        .is_some_and(|annotation| is_read_only(cx, annotation));
    if read_only && !found.contains(&Use::Mutated) {
        return None;
    }
    let function_name = function
        .field("name")
        .map_or("the lambda".to_owned(), |n| format!("`{}`", n.text()));
    let report = Report::at(default)
        .capture("default", default)
        .capture("parameter", parameter)
        .capture("name", name)
        .text("function", function_name)
        .text("kind", kind);
    if function.is("lambda") {
        let report = report.withhold("a lambda has no room for a statement");
        return Some(if found.iter().all(|u| *u == Use::Read) {
            report.severity(Severity::Info)
        } else {
            report
        });
    }
    if name.text().starts_with('_') && !uses.is_empty() && uses.iter().all(|n| is_memo_use(*n)) {
        let report = report.variant("memo").severity(Severity::Info);
        return Some(report.withhold("a memo is meant to be kept between calls"));
    }
    if found.iter().all(|u| *u == Use::Read) {
        return Some(report.severity(Severity::Info));
    }
    Some(report)
}

/// Where the parameter is read or changed before the function binds its name anew: after that, nobody knows what it
/// stands for.
fn uses<'t>(cx: &Context<'t>, name: Node<'t>) -> Vec<Node<'t>> {
    let occurrences: Vec<Node<'t>> = cx
        .file
        .occurrences(name)
        .into_iter()
        .filter(|n| *n != name)
        .collect();
    let is_bound = |n: &Node<'_>| {
        cx.file.names().is_binding_site(*n)
            && !n.parent().is_some_and(|p| p.is("augmented_assignment"))
    };
    let bound_from = occurrences
        .iter()
        .find(|n| is_bound(n))
        .map_or(usize::MAX, |n| n.statement().end());
    occurrences
        .into_iter()
        .filter(|n| n.start() < bound_from && !is_bound(n))
        .collect()
}

fn is_read_only(cx: &Context<'_>, annotation: Node<'_>) -> bool {
    annotations::members(cx.file, annotation)
        .iter()
        .all(|member| {
            member
                .as_deref()
                .is_some_and(|name| READ_ONLY.contains(&name))
        })
}

/// `_cache[key]`, `key in _cache`, `_cache.get(key)`.
fn is_memo_use(node: Node<'_>) -> bool {
    node.parent().is_some_and(|parent| match parent.kind() {
        "subscript" => parent.field("value") == Some(node),
        "comparison_operator" => {
            let asks = parent.has_token("in") || parent.has_token("not in");
            asks && parent.children().last() == Some(&node)
        }
        "attribute" => parent
            .field("attribute")
            .is_some_and(|name| MEMO_METHODS.contains(&name.text())),
        _ => false,
    })
}
