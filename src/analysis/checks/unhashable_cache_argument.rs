//! Goes from the cache's decorator to the function's calls in this file and reports those with an argument that surely
//! cannot be hashed, and to its parameters whose annotation says so. Silent under another decorator, which may change the
//! arguments, and where the `TypeError` is expected.

use crate::analysis::annotations;
use crate::analysis::caching::{calls_of, decorated_function};
use crate::analysis::checks::isinstance_on_plain_protocol::expects_type_error;
use crate::analysis::mutable::mutable_value;
use crate::analysis::parameters::parameters;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};
use crate::catalog::Severity;

/// Types whose values cannot be hashed.
const UNHASHABLE: [&str; 11] = [
    "builtins.list",
    "builtins.dict",
    "builtins.set",
    "builtins.bytearray",
    "typing.List",
    "typing.Dict",
    "typing.Set",
    "typing.DefaultDict",
    "collections.defaultdict",
    "collections.OrderedDict",
    "collections.deque",
];

/// Decorators above the cache that hand the arguments on as they are.
const TRANSPARENT: [&str; 3] = [
    "builtins.staticmethod",
    "builtins.classmethod",
    "builtins.property",
];

/// Reports calls and parameters. The hit is the decorator.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Vec<Report> {
    let Some(function) = decorated_function(hit) else {
        return Vec::new();
    };
    let above = function.decorators().into_iter();
    if !above
        .filter(|d| d.end() < hit.start())
        .all(|d| cx.is_one_of(d, &TRANSPARENT))
    {
        return Vec::new();
    }
    let parameters = parameters(function).into_iter();
    let annotated = parameters.filter(|p| {
        p.annotation
            .is_some_and(|annotation| admits_only_unhashable(cx, annotation))
    });
    let mut reports: Vec<Report> = annotated
        .map(|p| {
            Report::at(p.node)
                .severity(Severity::Info)
                .variant("parameter")
                .capture("parameter", p.name)
                .withhold("every caller decides what it passes")
        })
        .collect();
    for call in calls_of(cx.file, function) {
        let arguments: Vec<Node<'_>> = call.arguments().into_iter().map(value).collect();
        let unhashable: Vec<Node<'_>> = arguments
            .into_iter()
            .filter(|a| is_unhashable(cx, *a))
            .collect();
        if !unhashable.is_empty() && !expects_type_error(call) {
            let report = Report::at(call).related(hit, "its arguments are the keys of this cache");
            reports.push(
                unhashable
                    .into_iter()
                    .fold(report, |report, a| report.capture("argument", a)),
            );
        }
    }
    reports
}

/// The value of a keyword argument, or the argument itself.
fn value(argument: Node<'_>) -> Node<'_> {
    if argument.is("keyword_argument") {
        argument.field("value").unwrap_or(argument)
    } else {
        argument
    }
}

/// Whether an argument surely cannot be hashed: a container that can be changed, a name for one, or a tuple with one.
fn is_unhashable(cx: &Context<'_>, argument: Node<'_>) -> bool {
    let value = cx.file.value(argument);
    value.is_some_and(|value| {
        mutable_value(cx.file, value).is_some()
            || (value.is("tuple")
                && value
                    .children()
                    .into_iter()
                    .any(|item| is_unhashable(cx, item)))
    })
}

/// Whether no value of an annotated type, `None` left out, can be hashed.
fn admits_only_unhashable(cx: &Context<'_>, annotation: Node<'_>) -> bool {
    let members = annotations::members(cx.file, annotation);
    let mut classes = members
        .iter()
        .filter(|name| name.as_deref() != Some("None"))
        .peekable();
    classes.peek().is_some()
        && classes.all(|name| {
            name.as_deref()
                .is_some_and(|name| UNHASHABLE.contains(&name))
        })
}
