//! A parser of intact Python straight into a segment's table.
//!
//! Parsing was half of the time of a first analysis, of a keystroke and of a repository's scan: tree-sitter with the copy of
//! its tree takes about 7 MB of text a second, this parser about 150 MB on the same machine. tree-sitter is made for
//! trees that go on being edited; a segment's table is made once and dropped when the text changes. So what is intact and
//! common is read here by recursive descent into a flat list, with no tree in between.
//!
//! tree-sitter remains the reference: the same nodes, anonymous tokens and comments among them, of the same kinds and
//! fields at the same bytes. Whatever is broken, rare, ambiguous or treated in a way of its own by tree-sitter-python ends
//! the attempt, and tree-sitter reads the text as a whole. An attempt that ends early costs time and nothing else.

mod blocks;
mod builder;
mod definitions;
mod displays;
mod expressions;
mod kinds;
mod lexer;
mod parser;
mod statements;
mod strings;
mod tokens;

use std::cell::RefCell;

use super::table::NodeData;
use parser::{Buffers, Parser};

/// The nodes of a text of whole statements, or `None` if tree-sitter is to be asked.
pub fn nodes(text: &str) -> Option<Vec<NodeData>> {
    thread_local! {
        static BUFFERS: RefCell<Buffers> = RefCell::default();
    }
    BUFFERS.with_borrow_mut(|buffers| {
        Parser::new(text.as_bytes(), buffers)?.module()?;
        Some(builder::table(&buffers.nodes, &mut buffers.places))
    })
}

/// The nodes of the first `limit` bytes of a text, which are the head of a definition; the rest is a body of one `pass`.
/// `None` if tree-sitter is to be asked.
pub fn head(text: &str, limit: usize) -> Option<Vec<NodeData>> {
    let mut nodes = nodes(text)?;
    builder::cut(&mut nodes, limit)?;
    Some(nodes)
}

#[cfg(test)]
mod tests;
