//! From Python text to matches: syntax, names, and the engine that runs the catalog's patterns.
//!
//! Everything here is a pure function of a file's text, what the project says about the file, and the catalog.

pub mod accumulator;
pub mod ancestry;
pub mod annotations;
pub mod awaits;
pub mod building;
mod builtins;
mod canonical;
pub mod checks;
pub mod collecting;
mod context;
pub mod coroutine;
pub mod dataclasses;
mod engine;
pub mod fan_out;
pub mod files;
mod found;
pub mod gathered;
pub mod guarding;
pub mod handlers;
pub mod hashing;
pub mod instance_checks;
pub mod iteration;
pub mod lambda_calls;
pub mod mutable;
pub mod names;
mod overlap;
mod segments;
mod settings;
mod source_file;
pub mod storing;
pub mod syntax;

pub use canonical::canonical;
pub use context::{Context, IntoReports, Report};
pub use engine::Engine;
pub use found::{Capture, FixLimit, Match};
pub use settings::{FileSettings, is_generated};
pub use source_file::{SourceFile, is_variable, is_written};
