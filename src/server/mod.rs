//! The Language Server Protocol: the only place that knows its types.
//!
//! | module | what it does |
//! | --- | --- |
//! | `frames` | finds messages in a stream of bytes |
//! | `transport`, `outgoing` | carry messages between the streams and the handlers |
//! | `backend` | the handlers |
//! | `short_way` | what is dealt with without them: what comes with every key |
//! | `session` | work that several handlers share: diagnostics, actions, settings |
//! | `state` | open documents, settings, the client |
//! | `notebooks` | open notebooks, whose cells are documents |
//! | `reports` | a document's diagnostics as JSON text |
//! | `capabilities`, `config`, `commands` | what the client can do, what the user has set, what lenses and actions run |
//! | `from_proto`, `to_proto` | all conversions between the protocol's types and ours |
//! | `projects`, `ruff` | what surrounds the documents: projects as a whole, the files that configure them, another linter |
//! | `project_edit` | edits of the files that configure projects |
//! | `questions`, `pages` | the questions and their pages on the disk |
//! | `practice`, `sheets` | how the questions stand; practice sheets and what is chosen on them |
//! | `occurrences` | where questions occur in the workspace's files |
//! | `log`, `client_process` | the log file, the client's process |

use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use tokio::sync::oneshot;
use tower_lsp::LspService;

mod backend;
mod capabilities;
mod client_process;
mod commands;
mod config;
mod frames;
mod from_proto;
mod log;
mod notebooks;
mod occurrences;
mod outgoing;
mod pages;
mod practice;
mod project_edit;
mod projects;
mod questions;
mod reports;
mod ruff;
mod session;
mod sheets;
mod short_way;
mod state;
mod to_proto;
mod transport;

/// What the command line says about the server.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The log file, instead of the one in the user's state folder.
    pub log: Option<PathBuf>,
    /// A folder with questions of the user's own.
    pub content: Option<PathBuf>,
}

/// Serves one client over standard input and output until it leaves.
///
/// The exit code is 0 after `shutdown` and `exit`, and 1 if the client leaves in any other way.
pub fn run(options: Options) -> ExitCode {
    log::start(options.log);
    let questions = Arc::new(questions::Questions::new(options.content));
    // The client has much to say before it asks about any question.
    questions.prepare();
    let threads = std::thread::available_parallelism().map_or(2, NonZero::get);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        // One more than are busy with answers: a search of the workspace takes long.
        .max_blocking_threads(threads.max(2) + 1)
        .enable_time()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("hotseat: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let end = runtime.block_on(serve(questions));
    tracing::info!("the session has ended: {end:?}");
    runtime.shutdown_background();
    match end {
        transport::End::Clean => ExitCode::SUCCESS,
        transport::End::Unexpected => ExitCode::FAILURE,
    }
}

async fn serve(questions: Arc<questions::Questions>) -> transport::End {
    let (client_process, announced) = oneshot::channel();
    let client_gone = async {
        match announced.await {
            Ok(id) => client_process::gone(id).await,
            Err(_) => std::future::pending().await,
        }
    };
    let (outgoing, writer) = outgoing::Outgoing::new(standard_output());
    let (service, socket) = LspService::new(|client| {
        backend::Backend::new(client, outgoing.clone(), questions, client_process)
    });
    let session = Arc::clone(service.inner().session());
    let shortcut = short_way::ShortWay::new(session, outgoing.clone());
    transport::serve(
        service,
        socket,
        std::io::stdin(),
        (outgoing, writer),
        shortcut,
        client_gone,
    )
    .await
}

/// Standard output without a buffer of its own, so that a message is one write.
#[cfg(unix)]
fn standard_output() -> Box<dyn outgoing::Outlet> {
    use std::os::fd::AsFd;
    let stream = std::io::stdout();
    #[cfg(target_os = "linux")]
    {
        /// A report about a long file fits into the pipe then, so that its reader is woken once.
        const ROOM: usize = 1 << 20;
        // It is no pipe, or the system allows no more.
        let _ = rustix::pipe::fcntl_setpipe_size(&stream, ROOM);
    }
    match stream.as_fd().try_clone_to_owned() {
        Ok(own) => Box::new(std::fs::File::from(own)),
        Err(_) => Box::new(stream),
    }
}

/// Standard output.
#[cfg(not(unix))]
fn standard_output() -> Box<dyn outgoing::Outlet> {
    Box::new(std::io::stdout())
}
