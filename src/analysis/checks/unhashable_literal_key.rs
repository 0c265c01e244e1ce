//! The display, or a tuple with one in it, must surely be hashed: as a key or item of a display, as the key of a name
//! whose only value is a dict, or as what is looked for in a set. A set that is looked for in a set is none: Python
//! compares it as a frozenset. Code that expects the `TypeError` is left alone.

use crate::analysis::coroutine::expects_exception;
use crate::analysis::handlers::{caught, clauses, tries_around};
use crate::analysis::hashing::{unhashable_class, unhashable_parts};
use crate::analysis::mutable::constructor;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Classes of dicts, whose keys are hashed.
const DICTS: [&str; 4] = [
    "builtins.dict",
    "collections.Counter",
    "collections.OrderedDict",
    "collections.defaultdict",
];

/// Decides about a pair, the item of a set, a subscript, or a comparison.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Vec<Report> {
    let hashed: Vec<(Node<'_>, Node<'_>)> = match hit.kind() {
        "pair" => keyed(hit.field("key")),
        "set" => hit.children().into_iter().map(|item| (item, item)).collect(),
        "set_comprehension" => keyed(hit.field("body")),
        "subscript" => hit
            .fields("subscript")
            .into_iter()
            .map(|key| (hit, key))
            .collect(),
        _ => looked_for(hit).into_iter().map(|item| (item, item)).collect(),
    };
    let mut reports: Vec<Report> = Vec::new();
    let mut parts: Vec<(Node<'_>, Vec<Node<'_>>)> = Vec::new();
    for (place, key) in hashed {
        let found = unhashable_parts(key);
        match parts.last_mut() {
            // `d[[1], [2]]` is one key.
            Some((last, collected)) if *last == place => collected.extend(found),
            _ => parts.push((place, found)),
        }
    }
    parts.retain(|(_, found)| !found.is_empty());
    let in_subscript = hit.is("subscript");
    if parts.is_empty() || (in_subscript && !is_dict(cx, hit)) || is_expected(cx, hit) {
        return reports;
    }
    for (place, found) in parts {
        reports.extend(report(place, &found, in_subscript));
    }
    reports
}

fn keyed(key: Option<Node<'_>>) -> Vec<(Node<'_>, Node<'_>)> {
    key.into_iter().map(|key| (key, key)).collect()
}

/// What a comparison looks for in the display of a set: the operand before `in` or `not in`.
fn looked_for(comparison: Node<'_>) -> Vec<Node<'_>> {
    let tokens = comparison.tokens();
    let operand = |at: Option<usize>| at.and_then(|at| tokens.get(at)).copied();
    let tests = tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| token.is_any(&["in", "not in"]));
    tests
        .filter_map(|(at, _)| Some((operand(at.checked_sub(1))?, operand(Some(at + 1))?)))
        .filter(|(item, container)| {
            let is_set = container
                .unparenthesized()
                .is_any(&["set", "set_comprehension"]);
            is_set && unhashable_class(*item) != Some("set")
        })
        .map(|(item, _)| item)
        .collect()
}

/// Whether what is subscripted is surely a dict: a display, or a name whose only value is one.
fn is_dict(cx: &Context<'_>, subscript: Node<'_>) -> bool {
    let value = subscript.field("value").and_then(|v| cx.file.value(v));
    value.is_some_and(|value| match value.kind() {
        "dictionary" | "dictionary_comprehension" => true,
        "call" => constructor(cx.file, value).is_some_and(|c| DICTS.contains(&c.as_str())),
        _ => false,
    })
}

/// Whether the code around says that this raises.
fn is_expected(cx: &Context<'_>, node: Node<'_>) -> bool {
    let names_it = |clause| {
        caught(clause)
            .into_iter()
            .any(|class| cx.is_one_of(class, &["builtins.TypeError"]))
    };
    expects_exception(node)
        || tries_around(node)
            .into_iter()
            .flat_map(clauses)
            .any(names_it)
}

fn report(place: Node<'_>, parts: &[Node<'_>], in_subscript: bool) -> Option<Report> {
    let class = unhashable_class(*parts.first()?)?;
    let itself = !in_subscript && place.unparenthesized() == *parts.first()?;
    let lone_key = in_subscript
        && matches!(place.fields("subscript")[..], [key] if Some(&key.unparenthesized()) == parts.first());
    let mut report = Report::at(place).text("class", class);
    if !(itself || lone_key) {
        report = report.variant("tuple");
    }
    for part in parts {
        report = report.capture("part", *part);
    }
    Some(report)
}
