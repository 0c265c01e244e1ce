//! The display, or a tuple with one in it, must surely be hashed: as a key or item of a display, as the key of a name
//! whose only value is a dict, or as what is looked for in a set. A set that is looked for in a set is none: Python
//! compares it as a frozenset. Code that expects the `TypeError` is left alone, and so is `{{name}}` in a template.

use crate::analysis::coroutine::expects_exception;
use crate::analysis::handlers::{caught, clauses, tries_around};
use crate::analysis::mutable::constructor;
use crate::analysis::syntax::Node;
use crate::analysis::unhashable::{unhashable_class, unhashable_parts};
use crate::analysis::{Context, Report};

/// Classes of dicts, whose keys are hashed.
const DICTS: [&str; 4] = [
    "builtins.dict",
    "collections.Counter",
    "collections.OrderedDict",
    "collections.defaultdict",
];

/// Decides about a pair, the items of a set, a subscript, or a comparison.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Vec<Report> {
    let hashed = match hit.kind() {
        "pair" => alone(hit.fields("key")),
        "set" => alone(hit.children()),
        "set_comprehension" => alone(hit.fields("body")),
        "subscript" => vec![(hit, hit.fields("subscript"))],
        _ => alone(looked_for(hit)),
    };
    let reports: Vec<Report> = hashed
        .into_iter()
        .filter_map(|(place, keys)| report(place, &keys))
        .collect();
    let certain = !is_placeholder(hit)
        && !reports.is_empty()
        && (!hit.is("subscript") || is_dict(cx, hit))
        && !is_expected(cx, hit);
    if certain { reports } else { Vec::new() }
}

/// Whether this is `{{name}}`: what a template of a file is filled in with, not Python.
fn is_placeholder(hit: Node<'_>) -> bool {
    let text = hit
        .text()
        .strip_prefix("{{")
        .and_then(|t| t.strip_suffix("}}"));
    let word = |c: char| c.is_alphanumeric() || "_. |".contains(c);
    hit.is("set") && text.is_some_and(|t| t.chars().all(word))
}

/// A place to report, and the key that is hashed there or the items of one without parentheses.
type Hashed<'t> = (Node<'t>, Vec<Node<'t>>);

fn alone(keys: Vec<Node<'_>>) -> Vec<Hashed<'_>> {
    keys.into_iter().map(|key| (key, vec![key])).collect()
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

fn report(place: Node<'_>, keys: &[Node<'_>]) -> Option<Report> {
    let parts: Vec<Node<'_>> = keys.iter().flat_map(|key| unhashable_parts(*key)).collect();
    let first = *parts.first()?;
    let itself = matches!(keys, [only] if only.unparenthesized() == first);
    let report = Report::at(place).text("class", unhashable_class(first)?);
    let report = if itself {
        report
    } else {
        report.variant("tuple")
    };
    let with_part = |report: Report, part: &Node<'_>| report.capture("part", *part);
    Some(parts.iter().fold(report, with_part))
}
