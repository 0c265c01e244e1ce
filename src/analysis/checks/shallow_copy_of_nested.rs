//! The statement must give a shallow copy a name. A later statement of the same block, before the name gets another
//! value, must change something nested through the copy or the original. Silent for an entry that is replaced first, and
//! for copies of what may be an array.

use crate::analysis::expressions::{Key, same_code};
use crate::analysis::gathered::is_slice;
use crate::analysis::shallow_copies::{Form, ShallowCopy, literal_key, shallow_copy};
use crate::analysis::shared_elements::has_arrays;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report, SourceFile, is_written};

/// The methods that change what they are called on.
const MUTATORS: [&str; 12] = [
    "append",
    "extend",
    "insert",
    "remove",
    "pop",
    "clear",
    "update",
    "setdefault",
    "add",
    "discard",
    "sort",
    "reverse",
];

/// Decides about a statement.
pub fn check(cx: &Context<'_>, statement: Node<'_>) -> Option<Report> {
    let assignment = statement.children().first().copied()?;
    let target = assignment
        .field("left")
        .filter(|l| l.is_any(&["identifier", "attribute"]))?;
    let copy = shallow_copy(cx.file, assignment.field("right")?)?;
    if may_be_array(cx.file, &copy) {
        return None;
    }
    let change = [change_through(cx, statement, target, &copy), {
        let of_original = same_code(target, copy.original);
        let original = copy.original;
        (!of_original)
            .then(|| change_through(cx, statement, original, &copy))
            .flatten()
    }]
    .into_iter()
    .flatten()
    .min_by_key(|change| change.start())?;
    Some(
        Report::at(assignment)
            .capture("copy", copy.node)
            .capture("change", change)
            .related(change, "changed here"),
    )
}

/// Whether the copy might be one of an array, for which `copy()` and `[:]` mean something else.
fn may_be_array(file: &SourceFile, copy: &ShallowCopy<'_>) -> bool {
    let uncertain = matches!(copy.form, Form::Method | Form::Slice);
    let display = || {
        file.value(copy.original)
            .is_some_and(|v| v.is_any(&["list", "dictionary"]))
    };
    uncertain && !display() && has_arrays(file)
}

/// The first change of something nested through a name (or attribute chain) in the statements below the copy.
fn change_through<'t>(
    cx: &Context<'t>,
    statement: Node<'t>,
    holder: Node<'t>,
    copy: &ShallowCopy<'t>,
) -> Option<Node<'t>> {
    let mut replaced: Vec<Key<'t>> = Vec::new();
    for reference in references(cx, holder) {
        if reference.start() < statement.end() || !is_below(statement, reference) {
            continue;
        }
        if is_rebound(cx, reference) {
            return None;
        }
        let Some(entry) = entry_of(reference) else {
            if restructures(reference) {
                return None;
            }
            continue;
        };
        let key = Key::of_subscript(entry)?;
        if is_written(entry) {
            replaced.push(key);
            continue;
        }
        let Some(change) = nested_change(entry) else {
            continue;
        };
        let literal = |key: &Key<'_>| match key.parts() {
            [only] => literal_key(*only),
            _ => None,
        };
        let asked = literal(&key);
        let distinct =
            |other: &Key<'_>| matches!((literal(other), &asked), (Some(a), Some(b)) if a != *b);
        let kept = copy.replaced.is_empty()
            || asked
                .as_ref()
                .is_some_and(|key| !copy.replaced.contains(key));
        let untouched = replaced.iter().all(distinct);
        return (kept && untouched).then_some(change);
    }
    None
}

/// Everywhere a name or attribute chain occurs, in source order.
fn references<'t>(cx: &Context<'t>, holder: Node<'t>) -> Vec<Node<'t>> {
    match holder.kind() {
        "identifier" => cx.file.occurrences(holder),
        "attribute" => {
            let Some(name) = holder.last_name() else {
                return Vec::new();
            };
            let spelled = cx.file.spelled(name).into_iter();
            spelled
                .filter_map(Node::parent)
                .filter(|n| n.is("attribute") && same_code(*n, holder))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a node runs in the block of a statement: below it or in a block inside that block, in the same function.
fn is_below(statement: Node<'_>, node: Node<'_>) -> bool {
    let Some(block) = statement.parent() else {
        return false;
    };
    if block.is("module") {
        return node.definition().is_none() && node.function().is_none();
    }
    node.function() == statement.function()
        && node.definition() == statement.definition()
        && node.ancestors().any(|n| n == block)
}

/// Whether the place gives the name (or attribute) another value.
fn is_rebound(cx: &Context<'_>, reference: Node<'_>) -> bool {
    if reference.is("identifier") {
        cx.file.names().is_binding_site(reference)
            || reference
                .parent()
                .is_some_and(|p| p.is("augmented_assignment") && p.field("left") == Some(reference))
    } else {
        is_written(reference)
    }
}

/// `holder[key]`.
fn entry_of(reference: Node<'_>) -> Option<Node<'_>> {
    let node = reference.with_parentheses();
    node.parent()
        .filter(|p| p.is("subscript") && p.field("value") == Some(node))
}

/// Whether a use of the holder may put other elements into it: a method that fills it, an assignment of a slice.
fn restructures(reference: Node<'_>) -> bool {
    const HARMLESS: [&str; 7] = ["get", "items", "keys", "values", "copy", "index", "count"];
    let parent = reference.with_parentheses().parent();
    parent.is_some_and(|p| {
        p.is("attribute")
            && p.last_name().is_some_and(|name| !HARMLESS.contains(&name))
            && p.parent().is_some_and(|call| call.callee() == Some(p))
    })
}

/// The change of something inside an entry: `entry["b"] = …`, `del entry[0]`, `entry.text += …`, `entry.append(…)`.
fn nested_change(entry: Node<'_>) -> Option<Node<'_>> {
    if is_slice(entry) {
        return None;
    }
    let mut node = entry;
    loop {
        let outer = node.with_parentheses();
        let parent = outer.parent()?;
        let (inside, method) = match parent.kind() {
            "subscript" if parent.field("value") == Some(outer) => (true, None),
            "attribute" => (true, parent.last_name()),
            _ => (false, None),
        };
        if !inside {
            return None;
        }
        if is_written(parent) {
            return Some(parent);
        }
        if let Some(call) = parent.parent().filter(|c| c.callee() == Some(parent)) {
            let mutates = method.is_some_and(|m| MUTATORS.contains(&m));
            return mutates.then_some(call);
        }
        if parent.is("subscript") && is_slice(parent) {
            return None;
        }
        node = parent;
    }
}
