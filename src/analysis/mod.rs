//! From Python text to matches: syntax, names, and the engine that runs the catalog's patterns.
//!
//! Everything here is a pure function of a file's text, what the project says about the file, and the catalog.

mod found;
pub mod syntax;

pub use found::{Capture, FixLimit, Match};
