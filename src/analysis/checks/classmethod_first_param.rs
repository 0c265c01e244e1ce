//! The function is decorated with the builtin `classmethod`, or is one of the methods that receive the class anyway. Its
//! first parameter is neither `cls` nor one of the names that are usual in its place, or there is none.

use crate::analysis::methods::{
    First, IMPLICIT_CLASS_METHODS, class_of, first_parameter, is_class_method, may_be_metaclass,
};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// What the class is called in the methods of a metaclass.
const IN_METACLASSES: [&str; 5] = ["mcs", "mcls", "meta", "metacls", "metaclass"];

/// Decides about a function.
pub fn check(cx: &Context<'_>, function: Node<'_>) -> Option<Report> {
    let name = function.field("name")?;
    let implicit = || {
        IMPLICIT_CLASS_METHODS.contains(&name.text())
            && function.decorators().is_empty()
            && class_of(function).is_some()
    };
    if !is_class_method(cx, function) && !implicit() {
        return None;
    }
    match first_parameter(function) {
        First::Named(parameter) if !is_usual(cx, function, parameter.text()) => Some(
            Report::at(name)
                .capture("parameter", parameter)
                .capture("method", name),
        ),
        First::Nothing => Some(
            Report::at(name)
                .variant("none")
                .capture("method", name)
                .withhold("there is no parameter to rename"),
        ),
        First::Named(_) | First::Any => None,
    }
}

fn is_usual(cx: &Context<'_>, function: Node<'_>, name: &str) -> bool {
    let in_metaclass = || {
        let prepares = function
            .field("name")
            .is_some_and(|name| name.text() == "__prepare__");
        prepares || class_of(function).is_some_and(|class| may_be_metaclass(cx.file, class))
    };
    name == "cls"
        || name == "klass"
        || name.starts_with('_')
        || (IN_METACLASSES.contains(&name) && in_metaclass())
}
