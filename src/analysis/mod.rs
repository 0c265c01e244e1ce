//! From Python text to matches: syntax, names, and the engine that runs the catalog's patterns.
//!
//! Everything here is a pure function of a file's text, what the project says about the file, and the catalog.

pub mod accumulator;
pub mod alike;
pub mod ancestry;
pub mod annotations;
pub mod awaits;
mod builtins;
mod canonical;
pub mod case_loop;
pub mod checks;
pub mod collecting;
mod context;
pub mod coroutine;
pub mod dataclasses;
mod engine;
pub mod environment;
pub mod fan_out;
pub mod files;
mod found;
pub mod gathered;
pub mod handlers;
pub mod instance_checks;
pub mod iteration;
mod lines;
pub mod mocks;
pub mod mutable;
pub mod names;
mod overlap;
pub mod pytest;
pub(crate) mod query;
mod reads;
mod results;
pub mod script;
mod segments;
mod settings;
mod source_file;
mod symbols;
pub mod syntax;
mod table;
mod tree_queries;

pub use canonical::canonical;
pub use context::{Context, IntoReports, Report};
pub use engine::Engine;
pub use found::{Capture, FixLimit, Match};
pub use results::{Results, Search};
pub use settings::{FileSettings, is_generated};
pub use source_file::{SourceFile, is_variable, is_written};
