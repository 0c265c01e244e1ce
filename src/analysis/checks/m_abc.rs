//! A class derived from `ABCMeta` is a metaclass of its own: `ABCMeta` counts as `metaclass=` only. Marks the header of
//! the class, or the decorator.

use crate::analysis::ancestry::{base_class, bases, class_keyword};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports the class or the decorator that has to do with abstract base classes.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    (!is_metaclass(cx, hit)).then(|| Report::range(hit.header()))
}

/// Whether a class is here only because it derives from `ABCMeta`.
fn is_metaclass(cx: &Context<'_>, class: Node<'_>) -> bool {
    let names: Vec<String> = bases(class)
        .into_iter()
        .filter_map(|base| cx.qualified_name(base_class(base)))
        .collect();
    let is_abstract = |name: &String| name == "abc.ABC" || name.starts_with("collections.abc.");
    names.iter().any(|name| name == "abc.ABCMeta")
        && !names.iter().any(is_abstract)
        && class_keyword(class, "metaclass").is_none()
}
