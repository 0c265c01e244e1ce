//! The call has no default, and its value is used at once where `None` does harm: as an argument, with `+`, behind `in`, with
//! a subscript or an attribute, or for a variable annotated `str`, `int` or `float`. Silent for functions that take
//! `None`, and where the code has tested or set the variable before.

use crate::analysis::annotations::{admits_none, base, members};
use crate::analysis::checks::log_error_without_traceback::is_logger;
use crate::analysis::environment::{is_guarded, key};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Functions for which `None` is as good as any value.
const INDIFFERENT: [&str; 11] = [
    "builtins.bool",
    "builtins.format",
    "builtins.hash",
    "builtins.id",
    "builtins.isinstance",
    "builtins.print",
    "builtins.repr",
    "builtins.str",
    "builtins.type",
    "json.dumps",
    "typing.cast",
];

/// Functions and methods whose further arguments are what they answer instead.
const WITH_DEFAULT: [&str; 6] = ["get", "getattr", "getenv", "next", "pop", "setdefault"];

/// Decides about a call of `os.getenv` or `os.environ.get`.
pub fn check(cx: &Context<'_>, call: Node<'_>) -> Option<Report> {
    let [argument] = call.arguments()[..] else {
        return None;
    };
    if argument.is_any(&["list_splat", "dictionary_splat", "generator_expression"]) {
        return None;
    }
    let key = key(call)?;
    let value = call.with_parentheses();
    let parent = value.parent()?;
    let harmed = match parent.kind() {
        "argument_list" => takes_none(cx, parent.parent()?, value) == Some(false),
        "keyword_argument" => {
            parent.field("name").is_some_and(|n| n.text() != "default")
                && takes_none(cx, parent.parent()?.parent()?, parent) == Some(false)
        }
        "binary_operator" => parent.has_token("+"),
        "comparison_operator" => is_searched(parent, value),
        "attribute" => true,
        "subscript" => parent.field("value") == Some(value),
        "assignment" => {
            let annotation = parent.field("type").and_then(|t| base(cx.file, t));
            let certain = parent
                .field("type")
                .is_some_and(|t| members(cx.file, t).len() == 1);
            let scalar = ["builtins.str", "builtins.int", "builtins.float"];
            certain && annotation.is_some_and(|name| scalar.contains(&name.as_str()))
        }
        _ => false,
    };
    if !harmed || is_guarded(cx.file, call, key) {
        return None;
    }
    Some(Report::at(call).capture("key", key))
}

/// `"," in os.getenv("HOSTS")`, or a search in a string, which needs a string to search for.
fn is_searched(comparison: Node<'_>, value: Node<'_>) -> bool {
    let is_membership = comparison.has_token("in") || comparison.has_token("not in");
    let sides = comparison.children();
    let in_text = sides
        .last()
        .is_some_and(|n| n.is_any(&["string", "concatenated_string"]));
    is_membership && sides.len() == 2 && (sides.last() == Some(&value) || in_text)
}

/// Whether a call can do with `None` for this argument; `None` if it is no call.
fn takes_none(cx: &Context<'_>, call: Node<'_>, argument: Node<'_>) -> Option<bool> {
    let callee = call.callee()?;
    let by_name = cx
        .qualified_name(callee)
        .is_some_and(|name| INDIFFERENT.contains(&name.as_str()) || name.starts_with("logging."));
    let logs = callee
        .field("object")
        .is_some_and(|object| is_logger(cx, object));
    let asks_dict = callee.last_name() == Some("get")
        && callee
            .field("object")
            .and_then(|object| cx.file.value(object))
            .is_some_and(|value| value.is("dictionary"));
    // `os.getenv("A", os.getenv("B"))`: a default may be None.
    let is_default = callee
        .last_name()
        .is_some_and(|name| WITH_DEFAULT.contains(&name))
        && call.positional().first() != Some(&argument);
    Some(
        by_name || logs || asks_dict || is_default || declared_optional(cx, call, callee, argument),
    )
}

/// Whether the function is one of this file whose parameter admits `None`.
fn declared_optional(
    cx: &Context<'_>,
    call: Node<'_>,
    callee: Node<'_>,
    argument: Node<'_>,
) -> bool {
    let function = cx.file.called_function(callee).or_else(|| {
        let class = cx.file.class(callee)?;
        cx.file.method(class, "__init__")
    });
    let Some(function) = function else {
        return false;
    };
    let is_static = function
        .decorators()
        .iter()
        .any(|d| cx.file.is_builtin(*d, "staticmethod"));
    let bound = !is_static && (!callee.is("identifier") || cx.file.class(callee).is_some());
    let mut parameters = function
        .field("parameters")
        .map(Node::children)
        .unwrap_or_default();
    if bound && !parameters.is_empty() {
        parameters.remove(0);
    }
    let parameter = if argument.is("keyword_argument") {
        let name = argument.field("name").map(Node::text);
        parameters
            .iter()
            .find(|p| Some(parameter_name(**p).text()) == name)
    } else {
        let place = call.positional().iter().position(|a| *a == argument);
        place.and_then(|place| parameters.get(place))
    };
    parameter.is_some_and(|p| {
        p.field("value").is_some_and(|value| value.is("none"))
            || p.field("type").is_some_and(|t| admits_none(cx.file, t))
    })
}

fn parameter_name(parameter: Node<'_>) -> Node<'_> {
    let name = parameter.field("name");
    name.or_else(|| parameter.children().first().copied())
        .unwrap_or(parameter)
}
