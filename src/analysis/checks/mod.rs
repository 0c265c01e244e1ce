//! One file per check: what neither a name nor a query can say about a candidate.
//!
//! A check is a file of this folder with a function `check(cx: &Context<'_>, hit: Node<'_>)` that answers a `bool`, an
//! `Option<Report>` or a `Vec<Report>`. It is found by the build script: its name is the file's name in kebab-case, its
//! documentation the file's leading comment. A check is named after the pattern it serves.

use std::ops::Range;

use super::context::{Context, Report};
use super::syntax::Node;

/// A check as the engine sees it.
pub struct Entry {
    /// The name that question files use.
    pub name: &'static str,
    /// The check's own documentation, Markdown.
    pub doc: &'static str,
    /// Decides about a candidate: the first node of the hit, and the hit's whole range.
    pub run: fn(&Context<'_>, Node<'_>, Range<usize>) -> Vec<Report>,
}

include!(concat!(env!("OUT_DIR"), "/checks.rs"));
