//! Of all subscripts, those of `os.environ`. Marks the header of a class.

use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports a call, a class of settings, or an item of `os.environ`.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let environ = |value: Node<'_>| cx.is_one_of(value, &["os.environ"]);
    match hit.kind() {
        "subscript" => hit
            .field("value")
            .is_some_and(environ)
            .then(|| Report::at(hit)),
        "class_definition" => Some(Report::range(hit.header())),
        _ => Some(Report::at(hit)),
    }
}
