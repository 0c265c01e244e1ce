//! The command line: arguments in, text and exit codes out.
//!
//! Exit codes: 0 for nothing found, 1 for findings, 2 for bad usage or something that cannot be read or written.

mod check;
mod explain;
mod files;
mod fix;
mod formats;
mod imported;
mod new;
mod pack;
mod practice;
mod progress;
mod project;
mod setup;
mod terminal;
mod try_it;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};

use crate::analysis::Engine;
use crate::{content, server};

/// Interview practice in your editor: links the Python you write to the questions you will be asked.
#[derive(Debug, Parser)]
#[command(name = "hotseat", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve an editor over standard input and output (Language Server Protocol)
    Lsp(Lsp),
    /// Report what is found in Python files, and fix it
    Check(check::Check),
    /// Print a question or a pattern; without an id, list all questions
    Explain(explain::Explain),
    /// Practise what is due today, in the terminal
    Practice(practice::Practice),
    /// See what practice has achieved, plan it, and carry its log about
    #[command(subcommand)]
    Progress(progress::Command),
    /// See hotseat at work in your editor, on an example or on a file of yours
    Try(try_it::Try),
    /// Say what an editor needs to run hotseat, and do it with --write
    Setup(setup::Setup),
    /// Start a new question file
    New(new::New),
    /// Work with folders of questions
    #[command(subcommand)]
    Pack(pack::Pack),
}

#[derive(Debug, clap::Args)]
struct Lsp {
    /// Accepted for editors that insist on it; standard input and output are used in any case
    #[arg(long)]
    stdio: bool,
    /// Write what happens to this file
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    #[command(flatten)]
    content: Content,
}

/// Which questions are used.
#[derive(Debug, Default, clap::Args)]
struct Content {
    /// Use the questions of this folder instead of those that come with hotseat
    #[arg(long = "content", value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl Content {
    fn engine(&self) -> Result<Arc<Engine>, Failure> {
        content::engine(self.folder.as_deref()).map_err(|error| Failure(error.to_string()))
    }
}

/// Why a command could not do its work: lines for standard error. Exit code 2.
#[derive(Debug)]
struct Failure(String);

impl Failure {
    fn io(what: impl std::fmt::Display, error: &std::io::Error) -> Self {
        Self(format!("{what}: {error}"))
    }
}

/// How many things were found.
type Outcome = Result<ExitCode, Failure>;

/// Bad usage, or something could not be read or written.
const TROUBLE: u8 = 2;

/// Something was found.
const FOUND: u8 = 1;

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Lsp(lsp) => Ok(lsp.run()),
        Command::Check(check) => check.run(),
        Command::Explain(explain) => explain.run(),
        Command::Practice(practice) => practice.run(),
        Command::Progress(command) => command.run(),
        Command::Try(try_it) => try_it.run(),
        Command::Setup(setup) => setup.run(),
        Command::New(new) => new.run(),
        Command::Pack(pack) => pack.run(),
    };
    outcome.unwrap_or_else(|Failure(message)| {
        terminal::complain(&message);
        ExitCode::from(TROUBLE)
    })
}

impl Lsp {
    fn run(self) -> ExitCode {
        let options = server::Options {
            log: self.log,
            content: self.content.folder,
        };
        server::run(options)
    }
}

/// The end of an error message about an unknown name: ` (did you mean …?)`, or nothing.
fn did_you_mean<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    crate::catalog::closest(name, known)
        .map(|known| format!(", did you mean `{known}`?"))
        .unwrap_or_default()
}
