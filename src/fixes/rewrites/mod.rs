//! One file per rewrite: fixes that a template cannot express.
//!
//! A rewrite is a file of this folder with a function `rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld>`.
//! It is found by the build script: its name is the file's name in kebab-case, its documentation the file's leading
//! comment. A rewrite is named after the fix it makes.

#![allow(
    clippy::missing_errors_doc,
    reason = "every rewrite fails for one reason: the fix would do damage here, and the error says why"
)]

use super::draft::{Draft, FixContext, Withheld};

/// A rewrite as the fixes see it.
pub struct Entry {
    /// The name that question files use.
    pub name: &'static str,
    /// The rewrite's own documentation, Markdown.
    pub doc: &'static str,
    /// Drafts the fix.
    pub run: for<'t> fn(&FixContext<'t>) -> Result<Draft<'t>, Withheld>,
}

include!(concat!(env!("OUT_DIR"), "/rewrites.rs"));
