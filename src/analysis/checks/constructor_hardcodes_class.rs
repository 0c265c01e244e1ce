//! In the builtin `classmethod` of a class, every call of that class by its name in what the method returns, other than
//! as an operand or an argument. Classes that have no subclasses are left alone: those marked `@final`, and enumerations.

use crate::analysis::classes::is_enum;
use crate::analysis::methods::{First, class_of, first_parameter, is_class_method};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Decides about a `return`.
pub fn check(cx: &Context<'_>, statement: Node<'_>) -> Vec<Report> {
    reports(cx, statement).unwrap_or_default()
}

fn reports(cx: &Context<'_>, statement: Node<'_>) -> Option<Vec<Report>> {
    let returned = *statement.children().first()?;
    let method = statement
        .function()
        .filter(|f| f.is("function_definition") && !f.decorators().is_empty())?;
    let class = class_of(method)?;
    let name = class.field("name")?.text();
    let named: Vec<Node<'_>> = returned
        .descendants()
        .into_iter()
        .filter_map(Node::callee)
        .filter(|callee| callee.is("identifier") && callee.text() == name)
        .filter(|callee| is_returned(*callee, statement))
        .filter(|callee| cx.file.class(*callee) == Some(class))
        .collect();
    if named.is_empty() || !is_class_method(cx, method) || has_no_subclass(cx, class) {
        return None;
    }
    let first = match first_parameter(method) {
        First::Named(parameter) => Some(parameter),
        First::Any | First::Nothing => None,
    };
    let report = |callee: Node<'_>| {
        let report = Report::at(callee).capture("class", callee);
        match first {
            Some(parameter) => report.capture("cls", parameter),
            None => report.withhold("the method has no name for the class"),
        }
    };
    Some(named.into_iter().map(report).collect())
}

/// Whether the object itself reaches the caller: it is neither an operand nor an argument of what is returned.
fn is_returned(callee: Node<'_>, statement: Node<'_>) -> bool {
    const CONSUMERS: [&str; 4] = [
        "argument_list",
        "binary_operator",
        "comparison_operator",
        "unary_operator",
    ];
    callee
        .ancestors()
        .take_while(|n| *n != statement)
        .all(|n| !n.is_any(&CONSUMERS))
}

fn has_no_subclass(cx: &Context<'_>, class: Node<'_>) -> bool {
    let is_final = |d: Node<'_>| cx.is_one_of(d, &["typing.final"]);
    class.decorators().into_iter().any(is_final) || is_enum(cx.file, class)
}
