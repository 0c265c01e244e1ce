//! Of decorators those of classes, also under a name that was assigned `dataclasses.dataclass`; of functions called
//! `__post_init__` the header.

use crate::analysis::names::MODULE;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Decides about a decorator, a call or a function.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    match hit.kind() {
        "function_definition" => Some(Report::range(hit.header())),
        "decorator" => {
            let of_class = hit
                .parent()
                .is_some_and(|p| p.undecorated().is("class_definition"));
            let expression = *hit.children().first()?;
            let name = expression.callee().unwrap_or(expression);
            (of_class && is_dataclass(cx, name)).then(|| Report::at(hit))
        }
        _ => Some(Report::at(hit)),
    }
}

fn is_dataclass(cx: &Context<'_>, name: Node<'_>) -> bool {
    let is_it = |node: Node<'_>| cx.is_one_of(node, &["dataclasses.dataclass"]);
    let assigned = || name.is("identifier") && cx.file.local_value(name).is_some_and(is_it);
    let names = cx.file.names();
    let from_star = || {
        name.text() == "dataclass"
            && names.lookup(name.text(), MODULE).is_none()
            && names.star_imports().iter().any(|m| m == "dataclasses")
    };
    is_it(name) || assigned() || from_star()
}
