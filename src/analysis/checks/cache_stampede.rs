//! A coroutine function looks a key up, and where it is missing awaits something and stores it under the same key. Silent
//! under a lock that covers both, where a task or future is stored before the await, and for a mapping of its own.

use std::sync::LazyLock;

use regex::Regex;

use crate::analysis::mutable::mutable_value;
use crate::analysis::names::BindingKind;
use crate::analysis::repetition::spelling;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// What a lock is called.
static LOCK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("(?i)lock|mutex").unwrap_or_else(|error| unreachable!("{error}")));

/// What a mapping is called that keeps things for others.
static CACHE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("(?i)cache|memo|store").unwrap_or_else(|error| unreachable!("{error}"))
});

/// What makes or holds a call that is still running.
static RUNNING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        "(?i)create_task|ensure_future|future|task|event|pending|inflight|in_flight|lock|condition",
    )
    .unwrap_or_else(|error| unreachable!("{error}"))
});

/// Reports the name of the function.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    if !hit.is_async() {
        return None;
    }
    let nodes = hit.field("body")?.own_scope();
    if !nodes.iter().any(|n| n.is("await")) {
        return None;
    }
    let stores = nodes.iter().filter_map(|n| Store::of(cx, hit, *n));
    let (store, test) = stores
        .filter_map(|store| {
            let tests = nodes
                .iter()
                .copied()
                .filter(|n| looks_up(*n, &store) && guards(cx, *n, &store));
            let tests: Vec<Node<'_>> = tests.collect();
            let locked = tests.iter().any(|test| is_locked(store.assignment, *test));
            let test = tests.first().copied().filter(|_| !locked)?;
            Some((store, test))
        })
        .find(|(store, _)| {
            !nodes
                .iter()
                .any(|n| shares_running_call(*n, store) || acquires(*n))
        })?;
    let name = hit.field("name")?;
    Some(
        Report::at(name)
            .text("mapping", spelling(store.mapping))
            .text("key", spelling(store.key))
            .related(test, "several callers may find nothing here")
            .related(store.assignment, "each of them stores its own result here"),
    )
}

/// `mapping[key] = …` with something awaited.
struct Store<'t> {
    assignment: Node<'t>,
    mapping: Node<'t>,
    key: Node<'t>,
    /// Where the awaiting begins.
    awaited: usize,
}

impl<'t> Store<'t> {
    fn of(cx: &Context<'t>, function: Node<'t>, assignment: Node<'t>) -> Option<Self> {
        if !assignment.is("assignment") {
            return None;
        }
        let target = assignment.field("left").filter(|l| l.is("subscript"))?;
        let [key] = target.fields("subscript")[..] else {
            return None;
        };
        let mapping = target.field("value")?;
        let mut value = assignment.field("right")?;
        while value.is("assignment") {
            value = value.field("right")?;
        }
        let awaited = awaited_in(cx, function, value, assignment.start())?;
        // `request.headers["Authorization"]` is a setting; a literal is a key only of something called a cache.
        let named = mapping.last_name().is_some_and(|name| CACHE.is_match(name));
        let is_key = !key.is("slice") && (named || !key.is("string"));
        (is_key && is_shared(cx, function, mapping)).then_some(Self {
            assignment,
            mapping,
            key,
            awaited,
        })
    }
}

/// Where what is awaited for a value begins: in the value itself, or in the last assignment to a name in it.
fn awaited_in<'t>(
    cx: &Context<'t>,
    function: Node<'t>,
    value: Node<'t>,
    before: usize,
) -> Option<usize> {
    let nodes = value.own_scope();
    if let Some(awaited) = nodes.iter().find(|n| n.is("await")) {
        return Some(awaited.start());
    }
    let names = cx.file.names();
    let own = names.scope_opened_by(function);
    let assigned = |name: &Node<'t>| {
        let scope = names.owner(*name).filter(|scope| Some(*scope) == own)?;
        let bindings = names.bindings_in(scope, name.text()).iter();
        let bound = bindings.filter_map(|binding| cx.file.node(binding.name));
        let last = bound
            .filter(|bound| bound.start() < before)
            .max_by_key(|bound| bound.start())?;
        let assignment = last.ancestors().take(3).find(|n| n.is("assignment"))?;
        let right = assignment.field("right")?;
        right.own_scope().into_iter().find(|n| n.is("await"))
    };
    let identifiers = nodes.iter().filter(|n| n.is("identifier"));
    identifiers.filter_map(assigned).map(Node::start).min()
}

/// Whether several calls of the function can see the mapping: it is not made in the function.
fn is_shared(cx: &Context<'_>, function: Node<'_>, mapping: Node<'_>) -> bool {
    if mapping.is("attribute") {
        let object = mapping.field("object");
        return object.is_some_and(|object| is_shared(cx, function, object));
    }
    if !mapping.is("identifier") {
        return false;
    }
    let names = cx.file.names();
    if names.owner(mapping).is_none() || names.owner(mapping) != names.scope_opened_by(function) {
        return true;
    }
    match names
        .single_binding(mapping)
        .map(|(_, binding)| &binding.kind)
    {
        Some(BindingKind::Parameter) => true,
        Some(BindingKind::Value(_)) => cx.file.local_value(mapping).is_some_and(|value| {
            mutable_value(cx.file, value).is_none() && value.is_any(&["identifier", "attribute"])
        }),
        _ => false,
    }
}

/// Whether an expression asks whether the mapping holds the key: `key in mapping`, `mapping.get(key)`.
fn looks_up(node: Node<'_>, store: &Store<'_>) -> bool {
    if node.start() >= store.awaited {
        return false;
    }
    let same = |a: Node<'_>, b: Node<'_>| spelling(a.unparenthesized()) == spelling(b);
    match node.kind() {
        "comparison_operator" => {
            let membership = node.has_token("in") || node.has_token("not in");
            matches!(node.children()[..], [key, mapping]
                if membership && same(key, store.key) && is_same_mapping(mapping, store))
        }
        "call" => {
            let callee = node.callee().filter(|c| c.last_name() == Some("get"));
            let mapping = callee.and_then(|c| c.field("object"));
            let key = node.positional().first().copied();
            mapping.is_some_and(|m| is_same_mapping(m, store))
                && key.is_some_and(|k| same(k, store.key))
        }
        _ => false,
    }
}

/// Whether an expression is the mapping, or what `in` looks in for its keys.
fn is_same_mapping(node: Node<'_>, store: &Store<'_>) -> bool {
    let node = node.unparenthesized();
    let mapping = spelling(store.mapping);
    spelling(node) == mapping || spelling(node) == format!("{mapping}.keys()")
}

/// Whether what a look-up found decides if the function goes on to the store: through the condition of an `if` that it
/// stands in, or that reads the name it is assigned to.
fn guards(cx: &Context<'_>, test: Node<'_>, store: &Store<'_>) -> bool {
    if let Some(condition) = condition_around(test) {
        return decides(condition, store);
    }
    let value = test.with_parentheses();
    let name = value
        .parent()
        .filter(|p| p.is("assignment") && p.field("right") == Some(value))
        .and_then(|p| p.field("left"))
        .filter(|n| n.is("identifier"));
    name.is_some_and(|name| {
        cx.file
            .reads(name)
            .into_iter()
            .filter(|read| read.start() > test.start() && read.start() < store.assignment.start())
            .filter_map(condition_around)
            .any(|condition| decides(condition, store))
    })
}

/// The condition of an `if` or `elif` that an expression is part of.
fn condition_around(expression: Node<'_>) -> Option<Node<'_>> {
    let mut node = expression;
    loop {
        let parent = node.parent()?;
        match parent.kind() {
            "if_statement" | "elif_clause" => {
                return (parent.field("condition") == Some(node)).then_some(node);
            }
            "block" | "module" | "lambda" => return None,
            _ => node = parent,
        }
    }
}

/// Whether the branch of a condition leaves before the store, or holds it.
fn decides(condition: Node<'_>, store: &Store<'_>) -> bool {
    let Some(statement) = condition.parent() else {
        return false;
    };
    if statement.contains(store.assignment) {
        return true;
    }
    let branch = statement.field("consequence");
    branch.is_some_and(|branch| {
        branch
            .own_scope()
            .into_iter()
            .any(|n| n.is_any(&["return_statement", "continue_statement", "break_statement"]))
    })
}

/// Whether a lock is held from the look-up to the store.
fn is_locked(assignment: Node<'_>, test: Node<'_>) -> bool {
    assignment
        .ancestors()
        .filter(|n| n.is("with_statement") && n.contains(test))
        .flat_map(Node::children)
        .filter(|n| n.is("with_clause"))
        .any(|clause| LOCK.is_match(clause.text()))
}

/// Whether a statement keeps the running call for others to wait for, before it is awaited.
fn shares_running_call(node: Node<'_>, store: &Store<'_>) -> bool {
    let before = node.start() < store.awaited && !node.contains(store.assignment);
    if !before {
        return false;
    }
    match node.kind() {
        "assignment" => {
            let (Some(left), Some(right)) = (node.field("left"), node.field("right")) else {
                return false;
            };
            let same = left.is("subscript")
                && left
                    .field("value")
                    .is_some_and(|m| spelling(m) == spelling(store.mapping));
            let stored = left.is("subscript") || right.is("assignment");
            (same && !right.descendants().iter().any(|n| n.is("await")))
                || (stored && RUNNING.is_match(node.text()))
        }
        "call" => {
            let method = node.callee().and_then(Node::last_name);
            matches!(method, Some("setdefault" | "add")) && RUNNING.is_match(node.text())
        }
        _ => false,
    }
}

/// Whether a call takes a lock.
fn acquires(node: Node<'_>) -> bool {
    node.callee().and_then(Node::last_name) == Some("acquire")
}
