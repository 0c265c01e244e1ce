//! The function only fills one list, in a loop over something large or lazy, and returns it at its end. Silent for test
//! files, decorated and overriding functions, where every caller in the file needs a list, and where the function may still
//! raise once the list is full.

use std::sync::LazyLock;

use regex::Regex;

use crate::analysis::accumulator::{Accumulator, accumulator};
use crate::analysis::iteration::generator_called;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

static LARGE_SOURCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("path|file|handle|stream|lines|rows|records|docs|documents|corpus|dataset|pages|chunks|events").ok()
});
static READING_NAME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("^(read|load|iter|parse|stream|scan|walk|fetch)").ok());

/// Reports the header of the function.
pub fn check(cx: &Context<'_>, result: Node<'_>) -> Option<Report> {
    let hit = result.parent()?.parent()?;
    if !hit.is("function_definition") || result.next().is_some() {
        return None;
    }
    if cx.settings.test_file
        || hit.has_error()
        || !decorators_allow(cx, hit)
        || may_override(cx, hit)
    {
        return None;
    }
    let name = hit.field("name")?;
    let found = accumulator(cx.file, hit)?;
    let asynchronous = found
        .loops
        .iter()
        .any(|l| l.is("for_statement") && l.is_async());
    if hit.is_async() && !asynchronous {
        return None;
    }
    let reads_file = found.loops.iter().any(|l| is_file(cx, *l));
    let large = reads_file
        || asynchronous
        || found.loops.iter().any(|l| is_large(cx, hit, *l))
        || READING_NAME
            .as_ref()
            .is_some_and(|r| r.is_match(name.text()));
    if !large
        || (!reads_file && is_append_loop(hit, &found))
        || raises_when_full(hit, &found)
        || callers_need_list(cx, hit, name)
    {
        return None;
    }
    let report = Report::range(hit.header())
        .capture("name", name)
        .capture("list", found.name);
    Some(if hit.is_async() {
        report.variant("async")
    } else {
        report
    })
}

fn decorators_allow(cx: &Context<'_>, function: Node<'_>) -> bool {
    let allowed = ["builtins.staticmethod", "builtins.classmethod"];
    function
        .decorators()
        .iter()
        .all(|decorator| cx.is_one_of(*decorator, &allowed))
}

/// A method of a class with a base may have to return what the base promises.
fn may_override(cx: &Context<'_>, function: Node<'_>) -> bool {
    let Some(class) = function.definition().filter(|d| d.is("class_definition")) else {
        return false;
    };
    let special = function
        .field("name")
        .is_some_and(|n| n.text().starts_with("__"));
    let bases = class
        .field("superclasses")
        .map(Node::children)
        .unwrap_or_default();
    special
        || bases
            .iter()
            .any(|base| !cx.is_one_of(*base, &["builtins.object"]))
}

/// The `for` loops over a file: `open(…)`, or the target of a `with open(…)`.
fn is_file(cx: &Context<'_>, statement: Node<'_>) -> bool {
    let Some(source) = statement.field("right").map(|right| unwrapped(cx, right)) else {
        return false;
    };
    let opened = if source.is("identifier") {
        cx.file
            .with_value(source)
            .or_else(|| cx.file.local_value(source))
    } else {
        Some(source)
    };
    opened.and_then(Node::callee).and_then(Node::last_name) == Some("open")
}

fn is_large(cx: &Context<'_>, function: Node<'_>, statement: Node<'_>) -> bool {
    let Some(source) = statement.field("right").map(|right| unwrapped(cx, right)) else {
        return false;
    };
    if generator_called(cx.file, source).is_some() {
        return true;
    }
    let parameter = source.is("identifier") && {
        let names = cx.file.names();
        names.owner(source) == names.scope_opened_by(function)
            && names
                .single_binding(source)
                .is_some_and(|(_, b)| b.kind == crate::analysis::names::BindingKind::Parameter)
    };
    parameter
        && LARGE_SOURCE
            .as_ref()
            .is_some_and(|r| r.is_match(source.text()))
}

/// The iterable without an `enumerate(…)` or `iter(…)` around it.
fn unwrapped<'t>(cx: &Context<'_>, iterable: Node<'t>) -> Node<'t> {
    let iterable = iterable.unparenthesized();
    let wraps = cx.calls(iterable, &["builtins.enumerate", "builtins.iter"]);
    let inner = iterable.positional().first().copied().filter(|_| wraps);
    inner.map_or(iterable, Node::unparenthesized)
}

/// Whether the function is nothing but one plain append loop: a comprehension says that better.
fn is_append_loop(function: Node<'_>, found: &Accumulator<'_>) -> bool {
    let statements = function
        .body()
        .into_iter()
        .filter(|s| Some(*s) != function.docstring())
        .count();
    let [only] = found.loops.as_slice() else {
        return false;
    };
    let body = only.body();
    let direct = match body.as_slice() {
        [one] if one.is("if_statement") && one.field("alternative").is_none() => {
            one.field("consequence").map(Node::children)
        }
        _ => Some(body),
    };
    only.is("for_statement")
        && statements == 3
        && direct.is_some_and(
            |d| matches!((d.as_slice(), found.appends.as_slice()), ([s], [a]) if s == a),
        )
}

/// Whether the function raises behind its loops: its caller then gets all of the list, or nothing.
fn raises_when_full(function: Node<'_>, found: &Accumulator<'_>) -> bool {
    let full = found.loops.iter().map(|l| l.end()).max().unwrap_or(0);
    let behind = function.body().into_iter().filter(|s| s.start() >= full);
    behind
        .flat_map(Node::own_scope)
        .any(|n| n.is_any(&["raise_statement", "assert_statement"]))
}

/// Whether the file calls the function, and every call indexes, sizes, sorts or compares what it gets.
fn callers_need_list(cx: &Context<'_>, function: Node<'_>, name: Node<'_>) -> bool {
    let method = function
        .definition()
        .is_some_and(|d| d.is("class_definition"));
    let calls: Vec<Node<'_>> = if method {
        let named = |n: &Node<'_>| {
            n.callee()
                .is_some_and(|c| c.is("attribute") && c.last_name() == Some(name.text()))
        };
        let spelled = cx.file.spelled(name.text()).into_iter();
        let called = spelled.filter_map(|n| n.parent()?.parent());
        called.filter(named).collect()
    } else {
        cx.file
            .reads(name)
            .into_iter()
            .filter_map(|read| read.parent().filter(|p| p.callee() == Some(read)))
            .collect()
    };
    !calls.is_empty() && calls.iter().all(|call| needs_list(cx, *call))
}

fn needs_list(cx: &Context<'_>, call: Node<'_>) -> bool {
    let node = call.with_parentheses();
    let Some(parent) = node.parent() else {
        return false;
    };
    match parent.kind() {
        "subscript" => parent.field("value") == Some(node),
        "comparison_operator" | "binary_operator" => true,
        "attribute" => parent.parent().is_some_and(|p| p.callee() == Some(parent)),
        "argument_list" => parent.parent().is_some_and(|outer| {
            cx.calls(
                outer,
                &["builtins.len", "builtins.sorted", "builtins.reversed"],
            )
        }),
        _ => false,
    }
}
