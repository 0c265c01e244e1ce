//! Counts the names, and the values of each case that is written out. Cases that are computed or unpacked are left alone.
//! For a function it also compares the names with the parameters, unless a fixture may ask for the name instead.

use crate::analysis::names::MODULE;
use crate::analysis::pytest::{
    fixture_decorator, function_with_parameter, holds_tests, mark_name, marks,
};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Decides about a call of `pytest.mark.parametrize`.
pub fn check(cx: &Context<'_>, call: Node<'_>) -> Option<Report> {
    let decorator = call.parent().filter(|p| p.is("decorator"))?;
    if !holds_tests(cx.file, cx.settings) || call.arguments().iter().any(|a| a.is("list_splat")) {
        return None;
    }
    let positional = call.positional();
    let argument = |at: usize, name: &str| {
        positional
            .get(at)
            .copied()
            .or_else(|| call.keyword(name))
            .map(Node::unparenthesized)
    };
    let names = names_in(argument(0, "argnames")?)?;
    let values = argument(1, "argvalues")?;
    let miscounted = cases(values)
        .into_iter()
        .find_map(|case| Some((case, wrong_count(cx, case, names.len())?)));
    if let Some((case, count)) = miscounted {
        let amount =
            |n: usize, thing: &str| format!("{n} {thing}{}", if n == 1 { "" } else { "s" });
        return Some(
            Report::at(decorator)
                .text("names", amount(names.len(), "name"))
                .text("values", amount(count, "value"))
                .related(case, "this case"),
        );
    }
    let function = decorator.parent()?.undecorated();
    let unknown = unknown_name(cx, function, call, &names)?;
    Some(
        Report::at(decorator)
            .variant("unknown")
            .text("name", unknown)
            .capture("function", function.field("name")?),
    )
}

/// The argument names: `"a, b"`, or a list or tuple of strings.
fn names_in(argument: Node<'_>) -> Option<Vec<String>> {
    match argument.kind() {
        "string" => {
            let text = plain_text(argument)?;
            let names = text
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty());
            Some(names.map(str::to_owned).collect())
        }
        "list" | "tuple" => argument
            .children()
            .into_iter()
            .map(|name| plain_text(name.unparenthesized()).map(str::to_owned))
            .collect(),
        _ => None,
    }
}

/// The text of a string without escapes and interpolations.
fn plain_text(string: Node<'_>) -> Option<&str> {
    if !string.is("string") {
        return None;
    }
    match string.children().as_slice() {
        [_, content, _] if content.is("string_content") && content.children().is_empty() => {
            Some(content.text())
        }
        [_, _] => Some(""),
        _ => None,
    }
}

/// The cases that are written out.
fn cases(values: Node<'_>) -> Vec<Node<'_>> {
    if values.is_any(&["list", "tuple"]) {
        values
            .children()
            .into_iter()
            .map(Node::unparenthesized)
            .collect()
    } else {
        Vec::new()
    }
}

/// The number of values in a case, if it is certain and not `names`.
fn wrong_count(cx: &Context<'_>, case: Node<'_>, names: usize) -> Option<usize> {
    let is_splat = |n: &Node<'_>| n.is_any(&["list_splat", "dictionary_splat"]);
    let count = match case.kind() {
        "tuple" | "list" if names > 1 => {
            let values = case.children();
            (!values.iter().any(is_splat)).then_some(values.len())?
        }
        "call" if cx.calls(case, &["pytest.param"]) => {
            let arguments = case.arguments();
            (!arguments.iter().any(is_splat)).then(|| case.positional().len())?
        }
        // A string is a sequence of its characters.
        "string" if names > 1 => match plain_text(case) {
            Some(text) if text.chars().count() == names => names,
            Some(_) => 1,
            None => return None,
        },
        "integer" | "float" | "true" | "false" | "none" if names > 1 => 1,
        _ => return None,
    };
    (count != names).then_some(count)
}

/// The first name that neither the function nor a fixture can take.
fn unknown_name(
    cx: &Context<'_>,
    function: Node<'_>,
    call: Node<'_>,
    names: &[String],
) -> Option<String> {
    let known_decorator = |d: Node<'_>| mark_name(cx.file, d).is_some();
    if !function.is("function_definition")
        || call.keyword("indirect").is_some()
        || call.positional().len() > 2
        || !function.decorators().into_iter().all(known_decorator)
        || marks(cx.file, function).has("usefixtures")
    {
        return None;
    }
    let parameters = parameter_names(function);
    let unknown = names
        .iter()
        .find(|name| !parameters.contains(&name.as_str()))?;
    let by_fixture = cx.file.names().bindings_in(MODULE, unknown);
    let known = !by_fixture.is_empty()
        || is_fixture_of_class(cx, function, unknown)
        || is_asked_for_by_fixture(cx, unknown);
    (!known).then(|| unknown.clone())
}

/// Whether the class around a test has a fixture of this name.
fn is_fixture_of_class(cx: &Context<'_>, function: Node<'_>, name: &str) -> bool {
    let class = function.definition().filter(|d| d.is("class_definition"));
    let method = class.and_then(|class| cx.file.method(class, name));
    method.is_some_and(|method| fixture_decorator(cx.file, method).is_some())
}

/// Whether a fixture of the file has a parameter of this name.
fn is_asked_for_by_fixture(cx: &Context<'_>, name: &str) -> bool {
    cx.file
        .spelled(name)
        .into_iter()
        .filter_map(function_with_parameter)
        .any(|function| fixture_decorator(cx.file, function).is_some())
}

/// The names of all parameters.
fn parameter_names(function: Node<'_>) -> Vec<&str> {
    let parameters = function.field("parameters").map(Node::children);
    parameters
        .unwrap_or_default()
        .into_iter()
        .filter_map(|p| {
            let name = p.field("name").or_else(|| {
                if p.is("identifier") {
                    Some(p)
                } else {
                    p.children().first().copied()
                }
            });
            name.filter(|n| n.is("identifier")).map(Node::text)
        })
        .collect()
}
