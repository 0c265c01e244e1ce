//! From Python text to matches: syntax, names, and the engine that runs the catalog's patterns.
//!
//! Everything here is a pure function of a file's text, what the project says about the file, and the catalog.

pub mod accumulation;
pub mod accumulator;
pub mod ancestry;
pub mod annotations;
pub mod awaits;
pub mod batching;
mod builtins;
pub mod caching;
mod canonical;
pub mod checks;
pub mod clocks;
pub mod collecting;
mod context;
pub mod coroutine;
pub mod dataclasses;
mod engine;
pub mod fan_out;
pub mod files;
mod found;
pub mod gathered;
pub mod handlers;
pub mod instance_checks;
pub mod iteration;
pub mod membership;
pub mod mutable;
pub mod names;
mod overlap;
pub mod parameters;
pub mod repetition;
mod segments;
mod settings;
mod source_file;
pub mod syntax;
pub mod whole_reads;
pub mod wrappers;

pub use canonical::canonical;
pub use context::{Context, IntoReports, Report};
pub use engine::Engine;
pub use found::{Capture, FixLimit, Match};
pub use settings::{FileSettings, is_generated};
pub use source_file::{SourceFile, is_variable, is_written};
