//! The function stands undecorated in the body of a class and is not read there again. It has no parameter for the
//! instance, or its first one is called `cls` although the class is no metaclass. Interfaces, whose methods are written
//! without `self`, are left alone.

use crate::analysis::classes::known_bases;
use crate::analysis::methods::{
    First, IMPLICIT_CLASS_METHODS, class_of, first_parameter, is_read_in_class_body,
    may_be_metaclass,
};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Methods whose first parameter is a class by Python's own rules.
const RECEIVE_CLASS: [&str; 2] = ["__new__", "__prepare__"];

/// Decides about a function.
pub fn check(cx: &Context<'_>, function: Node<'_>) -> Option<Report> {
    let class = class_of(function)?;
    let first = first_parameter(function);
    let by_mistake = match first {
        First::Nothing => None,
        First::Named(parameter) if parameter.text() == "cls" => Some(parameter),
        First::Named(_) | First::Any => return None,
    };
    let name = function.field("name")?;
    let special =
        RECEIVE_CLASS.contains(&name.text()) || IMPLICIT_CLASS_METHODS.contains(&name.text());
    if special
        || !function.decorators().is_empty()
        || is_interface(cx, class)
        || (by_mistake.is_some() && may_be_metaclass(cx.file, class))
        || is_read_in_class_body(cx.file, name)
    {
        return None;
    }
    let report = Report::at(name).capture("method", name);
    Some(match by_mistake {
        Some(parameter) => report.variant("cls").capture("cls", parameter),
        None => report,
    })
}

/// Whether a class describes what others provide, in the manner of `zope.interface`.
fn is_interface(cx: &Context<'_>, class: Node<'_>) -> bool {
    known_bases(cx.file, class).into_iter().any(|base| {
        base.last_name()
            .is_some_and(|name| name.ends_with("Interface") || is_name_of_interface(name))
    })
}

/// `IRealm`: an `I` in front of a word, as interfaces are named.
fn is_name_of_interface(name: &str) -> bool {
    let mut letters = name.chars();
    let starts = letters.next() == Some('I');
    starts
        && letters.next().is_some_and(char::is_uppercase)
        && letters.next().is_some_and(char::is_lowercase)
}
