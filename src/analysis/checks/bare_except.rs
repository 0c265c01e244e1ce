//! The clause names no class, and its block, functions inside it aside, has no bare `raise`.

use crate::analysis::handlers::{block, is_bare};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports the header of the clause, with the word `except` as `keyword`.
pub fn check(_: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    if !is_bare(hit) {
        return None;
    }
    let reraises = block(hit)?
        .own_scope()
        .into_iter()
        .any(|n| n.is("raise_statement") && n.children().is_empty());
    let keyword = hit.tokens().into_iter().find(|t| t.is("except"))?;
    (!reraises).then(|| Report::range(hit.header()).capture("keyword", keyword))
}
