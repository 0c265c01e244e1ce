//! Goes from a `*args` or `**kwargs` parameter to the places that turn all of it into text, and reports where that text,
//! directly or through one name, is a key: a subscript, what `in` looks for, the argument of `get`, or what is hashed.

use crate::analysis::parameters::ParameterKind;
use crate::analysis::parameters::parameters;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Methods of a mapping that take a key first.
const LOOKUPS: [&str; 3] = ["get", "pop", "setdefault"];

/// Reports assignments, subscripts and keys. The hit is the pattern of a parameter.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Vec<Report> {
    let function = hit
        .ancestors()
        .take(3)
        .find(|n| n.is_any(&["function_definition", "lambda"]));
    let parameter = function
        .into_iter()
        .flat_map(parameters)
        .find(|p| p.kind != ParameterKind::One && hit.contains(p.name) && p.node.contains(hit));
    let Some(parameter) = parameter else {
        return Vec::new();
    };
    cx.file
        .reads(parameter.name)
        .into_iter()
        .filter_map(|read| text_of(cx, read))
        .filter_map(|text| report(cx, text))
        .map(|report| report.capture("arguments", parameter.name))
        .collect()
}

/// The expression that makes a text of all the arguments: `f"{args}"`, `str(args)`, `repr((args, kwargs))`,
/// `"%s" % (args,)`, `"{}".format(args)`.
fn text_of<'t>(cx: &Context<'_>, read: Node<'t>) -> Option<Node<'t>> {
    let mut node = read;
    loop {
        let parent = node.parent()?;
        match parent.kind() {
            "parenthesized_expression" | "tuple" | "list" => node = parent,
            "interpolation" => {
                let expression = parent.field("expression")?;
                return (expression.contains(read))
                    .then(|| whole_string(parent))
                    .flatten();
            }
            "binary_operator" if parent.has_token("%") => {
                let left = parent.field("left")?;
                let format = left.is_any(&["string", "concatenated_string"]);
                return (format && parent.field("right") == Some(node)).then_some(parent);
            }
            "keyword_argument" => {
                let call = parent.parent()?.parent()?;
                return is_format(call).then_some(call);
            }
            "argument_list" => {
                let call = parent.parent()?;
                let text = cx.calls(call, &["builtins.str", "builtins.repr", "builtins.ascii"]);
                let lone = call.arguments().len() == 1;
                return ((text && lone) || is_format(call)).then_some(call);
            }
            _ => return None,
        }
    }
}

/// The string, or the adjacent strings, that an interpolation is part of.
fn whole_string(interpolation: Node<'_>) -> Option<Node<'_>> {
    let string = interpolation.parent()?;
    Some(
        string
            .parent()
            .filter(|p| p.is("concatenated_string"))
            .unwrap_or(string),
    )
}

/// Whether a call is `"…".format(…)`.
fn is_format(call: Node<'_>) -> bool {
    call.callee().is_some_and(|callee| {
        callee.last_name() == Some("format")
            && callee
                .field("object")
                .is_some_and(|o| o.is_any(&["string", "concatenated_string"]))
    })
}

/// What becomes of a text.
enum Fate<'t> {
    /// It is a key where this node says so.
    Key(Node<'t>),
    /// It is assigned to a name.
    Assigned(Node<'t>),
}

fn report(cx: &Context<'_>, text: Node<'_>) -> Option<Report> {
    match fate(cx, text)? {
        Fate::Key(node) => Some(Report::at(node)),
        Fate::Assigned(assignment) => {
            let name = assignment.field("left")?;
            cx.file.local_value(name)?;
            let used = cx
                .file
                .reads(name)
                .into_iter()
                .find_map(|read| match fate(cx, read)? {
                    Fate::Key(_) => Some(read),
                    Fate::Assigned(_) => None,
                })?;
            Some(Report::at(assignment).related(used, "it is used as a key here"))
        }
    }
}

/// Follows a text through sums, `encode` and its like to where it is a key or assigned.
fn fate<'t>(cx: &Context<'_>, text: Node<'t>) -> Option<Fate<'t>> {
    let mut node = text;
    let mut hashed = false;
    loop {
        let parent = node.parent()?;
        match parent.kind() {
            "parenthesized_expression" | "concatenated_string" | "tuple" => node = parent,
            "binary_operator" if parent.has_token("+") || parent.has_token("%") => node = parent,
            // `text.encode()`, `hashlib.sha256(…).hexdigest()`
            "attribute" => {
                let call = parent.parent().filter(|p| p.callee() == Some(parent))?;
                node = call;
            }
            "interpolation" => node = whole_string(parent)?,
            "subscript" => {
                let index = parent.fields("subscript").contains(&node);
                return index.then_some(Fate::Key(parent));
            }
            "comparison_operator" => {
                let membership = parent.has_token("in") || parent.has_token("not in");
                let first = parent.children().first() == Some(&node);
                return (membership && first).then_some(Fate::Key(node));
            }
            "assignment" if parent.field("right") == Some(node) => {
                let name = parent.field("left").is_some_and(|l| l.is("identifier"));
                return match (name, hashed) {
                    (true, true) => Some(Fate::Key(parent)),
                    (true, false) => Some(Fate::Assigned(parent)),
                    _ => hashed.then_some(Fate::Key(text)),
                };
            }
            "argument_list" => {
                let call = parent.parent()?;
                let first = call.positional().first() == Some(&node);
                let callee = call.callee()?;
                let name = cx.qualified_name(callee);
                let name = name.as_deref().unwrap_or_default();
                if name == "builtins.hash" || name.starts_with("hashlib.") {
                    hashed = true;
                    node = call;
                } else if matches!(name, "builtins.str" | "builtins.repr" | "builtins.bytes") {
                    node = call;
                } else if first
                    && callee.is("attribute")
                    && name.is_empty()
                    && callee.last_name().is_some_and(|n| LOOKUPS.contains(&n))
                {
                    return Some(Fate::Key(assigned(call).unwrap_or(text)));
                } else {
                    return hashed.then_some(Fate::Key(text));
                }
            }
            _ => return hashed.then_some(Fate::Key(text)),
        }
    }
}

/// The assignment to a name whose value is exactly this call.
fn assigned(call: Node<'_>) -> Option<Node<'_>> {
    let value = call.with_parentheses();
    value.parent().filter(|p| {
        p.is("assignment")
            && p.field("right") == Some(value)
            && p.field("left").is_some_and(|l| l.is("identifier"))
    })
}
