//! Of the slices only `x[:]` where it is read, of a method only its header.

use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report, shallow_copies};

/// Decides about a call, a slice or a function.
pub fn check(_: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    match hit.kind() {
        "subscript" => shallow_copies::is_full_slice(hit).then(|| Report::at(hit)),
        "function_definition" => Some(Report::range(hit.header())),
        _ => Some(Report::at(hit)),
    }
}
