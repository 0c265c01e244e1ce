//! From Python text to matches: syntax, names, and the engine that runs the catalog's patterns.
//!
//! Everything here is a pure function of a file's text, what the project says about the file, and the catalog.

pub mod accumulator;
pub mod ancestry;
pub mod annotations;
pub mod awaits;
pub mod builtin_lists;
mod builtins;
pub mod callables;
mod canonical;
pub mod checks;
pub mod classes;
pub mod collecting;
mod context;
pub mod coroutine;
pub mod cpu;
pub mod dataclasses;
mod engine;
pub mod expressions;
pub mod fan_out;
pub mod files;
mod found;
pub mod gathered;
pub mod handlers;
pub mod hashing;
pub mod instance_checks;
pub mod iteration;
mod lines;
pub mod main_guard;
pub mod mapping_uses;
pub mod methods;
pub mod missing_keys;
pub mod mutable;
pub mod names;
mod overlap;
pub mod pools;
mod reads;
mod results;
pub(crate) mod query;
mod segments;
mod settings;
pub mod shallow_copies;
pub mod shared_elements;
mod source_file;
mod symbols;
pub mod syntax;
mod table;
mod tree_queries;
pub mod type_variables;

pub use canonical::canonical;
pub use context::{Context, IntoReports, Report};
pub use engine::Engine;
pub use found::{Capture, FixLimit, Match};
pub use results::{Results, Search};
pub use settings::{FileSettings, is_generated};
pub use source_file::{SourceFile, is_variable, is_written};
