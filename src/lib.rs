//! hotseat: interview practice in the editor.
//!
//! The modules, from the bottom up; a module may use only those before it:
//!
//! | module | what it knows | what it must not know |
//! | --- | --- | --- |
//! | [`text`] | documents, positions, edits | Python, LSP |
//! | [`catalog`] | the questions, typed | how a pattern is matched |
//! | [`analysis`] | syntax, names, matches | fixes, editors |
//! | [`fixes`] | edits that repair a match | editors |
//! | [`ide`] | hover, lens, diagnostic, action, page as plain data | LSP types, clock, disk |
//! | [`content`] | which questions are loaded | matches, editors |
//! | [`workspace`] | what is wrong with a project as a whole | editors |
//! | [`practice`] | what was answered how well, and when it is asked again | editors |
//! | [`project`] | what a project's files say about a Python file | matches, editors |
//! | [`notebook`] | the cells of notebooks as one text, and their files | Python's meaning, editors |
//! | [`server`] | the Language Server Protocol | – |
//! | [`cli`] | the command line | – |
//!
//! One edit: `server` changes the document, takes a snapshot, `analysis` parses and matches it, `ide` turns the matches
//! into diagnostics and lenses. One hover: `server` converts the position, `ide::hover` finds the match below it and
//! renders the question's short answer.

#![deny(missing_docs)]

pub mod analysis;
pub mod catalog;
pub mod cli;
pub mod content;
pub mod fixes;
pub mod ide;
pub mod notebook;
pub mod practice;
pub mod project;
pub mod server;
pub mod text;
pub mod workspace;
