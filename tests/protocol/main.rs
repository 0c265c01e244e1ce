//! Drives the real server over its pipes, as an editor does.

mod client;

mod actions;
mod commands;
mod configuration;
mod diagnostics;
mod documents;
mod framing;
mod hover;
mod lenses;
mod lifecycle;
