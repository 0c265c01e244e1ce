//! The decorated function is a method with a `self`: not in an enumeration or a metaclass, and neither a static method
//! nor a class method, by its decorators or its name.

use crate::analysis::ancestry::{base_class, bases};
use crate::analysis::caching::{class_of_method, decorated_function, is_unbounded};
use crate::analysis::parameters::parameters;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};
use crate::catalog::Severity;

/// Decorators by which a function takes no instance.
const NO_INSTANCE: [&str; 4] = [
    "builtins.staticmethod",
    "builtins.classmethod",
    "abc.abstractstaticmethod",
    "abc.abstractclassmethod",
];

/// Methods that take the class without being told.
const TAKES_CLASS: [&str; 3] = ["__new__", "__init_subclass__", "__class_getitem__"];

/// Base classes whose instances live as long as the program.
const LASTING: [&str; 7] = [
    "enum.Enum",
    "enum.IntEnum",
    "enum.StrEnum",
    "enum.Flag",
    "enum.IntFlag",
    "enum.ReprEnum",
    "builtins.type",
];

/// How far bases of this file are followed.
const MAX_DEPTH: usize = 16;

/// Reports the decorator.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let function = decorated_function(hit)?;
    let class = class_of_method(function)?;
    let name = function.field("name")?;
    let receiver = parameters(function).first().copied()?;
    let no_instance = function
        .decorators()
        .into_iter()
        .any(|d| cx.is_one_of(d, &NO_INSTANCE));
    if no_instance || TAKES_CLASS.contains(&name.text()) || is_lasting(cx, class, MAX_DEPTH) {
        return None;
    }
    let report = Report::at(hit)
        .capture("method", name)
        .capture("receiver", receiver.name)
        .capture("class", class.field("name")?);
    Some(if is_unbounded(cx.file, *hit.children().first()?) {
        report.severity(Severity::Warning)
    } else {
        report
    })
}

fn is_lasting(cx: &Context<'_>, class: Node<'_>, depth: usize) -> bool {
    bases(class).into_iter().any(|base| {
        let base = base_class(base);
        cx.is_one_of(base, &LASTING)
            || (depth > 0
                && cx
                    .file
                    .class(base)
                    .is_some_and(|known| is_lasting(cx, known, depth - 1)))
    })
}
