//! Drives the real server over its pipes, as an editor does.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "the texts and counts of the tests are small"
)]

mod announced;
mod client;

mod actions;
mod clients;
mod commands;
mod configuration;
mod diagnostics;
mod documents;
mod framing;
mod hover;
mod lenses;
mod lifecycle;
mod notebooks;
mod practice;
mod projects;
mod ruff;
