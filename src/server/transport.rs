//! Carries messages between two streams and an [`LspService`].
//!
//! One thread reads, and hands each message to its handler in the order of arrival: every handler runs up to its first
//! wait before the next message is looked at, and whatever remains goes on by itself. So state that handlers change before
//! they first wait is always in order, a slow handler delays nobody, and an answer that takes no time is on its way
//! without any other thread being woken.
//!
//! A damaged message is answered with an error and costs nothing else, and so does a handler that panics. Answers of
//! the client go to whoever waits for them, so a handler may wait for one.

use std::borrow::Cow;
use std::io::Read;
use std::panic::AssertUnwindSafe;
use std::task::{Context, Poll, Waker};
use std::thread::JoinHandle;
use std::time::Duration;

use futures::{FutureExt, SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};
use tower_lsp::{ClientSocket, LanguageServer, LspService};
use tower_service::Service;

use super::frames::{Frame, Frames};
use super::outgoing::Outgoing;

/// How long answers that are still on their way are waited for at the end.
const LAST_ANSWERS: Duration = Duration::from_millis(500);

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The client asked for the shutdown and then for the exit.
    Clean,
    /// `exit` without `shutdown`, the end of the input, or the end of the client's process.
    Unexpected,
}

/// What may happen to a message before its handler sees it.
pub trait Shortcut: Send + 'static {
    /// The message as the handler shall see it.
    fn amend(&self, request: Request) -> Request {
        request
    }

    /// Deals with a message that needs no handler. Must not wait for anything. False if the handler is to be called.
    fn take(&self, _message: &Envelope<'_>) -> bool {
        false
    }

    /// Does what will be asked for soon. Called when all messages that have arrived are dealt with.
    fn look_ahead(&self) {}
}

/// A request or a notification, read only as far as it takes to know what it is.
#[derive(Debug, Deserialize)]
pub struct Envelope<'m> {
    /// What it asks for.
    #[serde(borrow)]
    pub method: Cow<'m, str>,
    /// Its id as JSON text; notifications have none.
    #[serde(borrow)]
    pub id: Option<&'m RawValue>,
    /// Its parameters as JSON text.
    #[serde(borrow)]
    pub params: Option<&'m RawValue>,
}

/// Serves one client until it leaves, or until `client_gone` is ready. What is sent leaves with the given thread.
pub async fn serve<S: LanguageServer>(
    service: LspService<S>,
    socket: ClientSocket,
    input: impl Read + Send + 'static,
    (outgoing, writer): (Outgoing, JoinHandle<()>),
    shortcut: impl Shortcut,
    client_gone: impl Future<Output = ()>,
) -> End {
    let (answered, mut answers) = mpsc::unbounded_channel();
    let (mut requests, mut responses) = socket.split();
    let to_client = outgoing.clone();
    let forward_requests = tokio::spawn(async move {
        while let Some(request) = requests.next().await {
            to_client.send(&request);
        }
    });
    let forward_answers = tokio::spawn(async move {
        while let Some(answer) = answers.recv().await {
            if responses.send(answer).await.is_err() {
                break;
            }
        }
    });
    let mut dispatcher = Dispatcher {
        service,
        shortcut,
        runtime: Handle::current(),
        running: JoinSet::new(),
        shut_down: false,
        outgoing: outgoing.clone(),
        answered,
    };
    let (ended, end) = oneshot::channel();
    std::thread::spawn(move || {
        let end = dispatcher.run(input);
        // Nobody wants to know when the client's process was seen to be gone.
        let _ = ended.send((end, dispatcher.running));
    });
    let (end, mut running) = tokio::select! {
        end = end => end.unwrap_or((End::Unexpected, JoinSet::new())),
        () = client_gone => (End::Unexpected, JoinSet::new()),
    };
    let finish = async { while running.join_next().await.is_some() {} };
    // What is not ready by now is of no use to anybody.
    let _ = tokio::time::timeout(LAST_ANSWERS, finish).await;
    running.shutdown().await;
    forward_requests.abort();
    forward_answers.abort();
    let _ = forward_requests.await;
    outgoing.close();
    let written = tokio::task::spawn_blocking(move || writer.join());
    // A client that reads no more must not keep the process alive.
    let _ = tokio::time::timeout(LAST_ANSWERS, written).await;
    end
}

/// Reads the client's messages and takes each to where it belongs.
struct Dispatcher<S, C> {
    service: LspService<S>,
    shortcut: C,
    runtime: Handle,
    /// Handlers that wait for something.
    running: JoinSet<()>,
    shut_down: bool,
    outgoing: Outgoing,
    answered: mpsc::UnboundedSender<Response>,
}

impl<S: LanguageServer, C: Shortcut> Dispatcher<S, C> {
    fn run(&mut self, input: impl Read) -> End {
        let runtime = self.runtime.clone();
        let _inside = runtime.enter();
        let mut frames = Frames::new(input);
        loop {
            if !frames.has_more() {
                self.look_ahead();
            }
            let message = match frames.next() {
                Ok(None) => return End::Unexpected,
                Err(error) => {
                    tracing::warn!("the input cannot be read: {error}");
                    return End::Unexpected;
                }
                Ok(Some(Frame::Garbage)) => Message::Invalid(failure(
                    Id::Null,
                    ErrorCode::ParseError,
                    "Bytes without a valid Content-Length header were skipped",
                )),
                Ok(Some(Frame::Body(body))) if self.take(&body) => continue,
                Ok(Some(Frame::Body(body))) => {
                    let value = parse(&body).or_else(|error| {
                        let complete = frames.damaged(&body);
                        complete.and_then(|body| parse(body).ok()).ok_or(error)
                    });
                    value.map_or_else(
                        |error| {
                            let message = format!("The message is not valid JSON: {error}");
                            Message::Invalid(failure(Id::Null, ErrorCode::ParseError, message))
                        },
                        understand,
                    )
                }
            };
            match message {
                Message::Request(request) => {
                    if let Some(end) = self.request(request) {
                        return end;
                    }
                }
                Message::Invalid(answer) => self.outgoing.send(&answer),
                // Nobody waits for it only when the session is over.
                Message::Answer(answer) => drop(self.answered.send(answer)),
            }
        }
    }

    /// Deals with a message without its handler, if that is possible.
    fn take(&self, body: &[u8]) -> bool {
        let envelope = serde_json::from_slice(body).ok();
        let Some(envelope) = envelope.filter(|_: &Envelope<'_>| !self.shut_down) else {
            return false;
        };
        let take = AssertUnwindSafe(|| self.shortcut.take(&envelope));
        // A handler answers that it has failed; who notifies expects nothing.
        std::panic::catch_unwind(take).unwrap_or_else(|_| envelope.id.is_none())
    }

    fn look_ahead(&self) {
        // Whoever asks for what is missing then is told what has failed.
        let _ = std::panic::catch_unwind(AssertUnwindSafe(|| self.shortcut.look_ahead()));
    }

    /// Lets a request or notification be handled; an answer if it ends the session.
    fn request(&mut self, request: Request) -> Option<End> {
        let request = self.shortcut.amend(request);
        match request.method() {
            "exit" if self.shut_down => return Some(End::Clean),
            "exit" => return Some(End::Unexpected),
            "shutdown" => self.shut_down = true,
            _ => {}
        }
        // Whatever waits is looked at again by the runtime.
        let mut context = Context::from_waker(Waker::noop());
        if !matches!(self.service.poll_ready(&mut context), Poll::Ready(Ok(()))) {
            return Some(End::Unexpected);
        }
        let mut answer = Box::pin(handle(&mut self.service, request));
        match answer.as_mut().poll(&mut context) {
            Poll::Ready(response) => send_if_any(&self.outgoing, response),
            Poll::Pending => {
                let outgoing = self.outgoing.clone();
                let rest = async move { send_if_any(&outgoing, answer.await) };
                self.running.spawn_on(rest, &self.runtime);
            }
        }
        while self.running.try_join_next().is_some() {}
        None
    }
}

fn send_if_any(outgoing: &Outgoing, response: Option<Response>) {
    if let Some(response) = response {
        outgoing.send(&response);
    }
}

/// Starts the handler of a request; the future never panics.
fn handle<S: LanguageServer>(
    service: &mut LspService<S>,
    request: Request,
) -> impl Future<Output = Option<Response>> + Send + 'static {
    let id = request.id().cloned();
    let method = request.method().to_owned();
    let answer = AssertUnwindSafe(service.call(request)).catch_unwind();
    async move {
        match answer.await {
            Ok(Ok(response)) => response,
            Ok(Err(_exited)) => None,
            Err(_panic) => id.map(|id| {
                let message = format!("`{method}` failed inside the server; its log says why");
                failure(id, ErrorCode::InternalError, message)
            }),
        }
    }
}

/// A message as the reader understands it.
#[derive(Debug, PartialEq)]
enum Message {
    /// A request or a notification, for its handler.
    Request(Request),
    /// Not a message; the response says so.
    Invalid(Response),
    /// The client's answer to a request of ours.
    Answer(Response),
}

fn understand(mut value: Value) -> Message {
    let mut id = value
        .get("id")
        .and_then(|id| serde_json::from_value(id.clone()).ok());
    if value.get("method").is_some() {
        if let Ok(request) = serde_json::from_value(value) {
            return Message::Request(request);
        }
    } else if let (Some(_), Some(message)) = (id.take(), value.as_object_mut()) {
        // Some clients leave the result out when it is null.
        if !message.contains_key("error") {
            message.entry("result").or_insert(Value::Null);
        }
        if let Ok(answer) = serde_json::from_value(value) {
            return Message::Answer(answer);
        }
    }
    Message::Invalid(failure(
        id.unwrap_or(Id::Null),
        ErrorCode::InvalidRequest,
        "The message is not a request, a notification or a response; batches are not supported",
    ))
}

fn parse(body: &[u8]) -> serde_json::Result<Value> {
    serde_json::from_slice(body)
        .or_else(|error| serde_json::from_slice(&without_lone_surrogates(body)).map_err(|_| error))
}

/// Replaces each lone surrogate escape by U+FFFD, which is one UTF-16 unit as well.
///
/// JavaScript clients send half an emoji as `"\ud83d"` when an edit cuts it in two; JSON parsers refuse it.
fn without_lone_surrogates(body: &[u8]) -> Vec<u8> {
    let escaped_unit = |at: usize| {
        let digits = body.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let mut result = Vec::with_capacity(body.len());
    let mut at = 0;
    while at < body.len() {
        let (length, lone) = match escaped_unit(at) {
            Some(0xD800..=0xDBFF) if matches!(escaped_unit(at + 6), Some(0xDC00..=0xDFFF)) => {
                (12, false)
            }
            Some(0xD800..=0xDFFF) => (6, true),
            _ if body[at] == b'\\' => (2.min(body.len() - at), false),
            _ => (1, false),
        };
        if lone {
            result.extend_from_slice(b"\\ufffd");
        } else {
            result.extend_from_slice(&body[at..at + length]);
        }
        at += length;
    }
    result
}

fn failure(id: Id, code: ErrorCode, message: impl Into<String>) -> Response {
    let mut error = Error::new(code);
    error.message = message.into().into();
    Response::from_error(id, error)
}

#[cfg(test)]
mod tests {
    use super::super::frames;
    use super::*;
    use serde_json::json;
    use std::io::{PipeReader, PipeWriter, Write};
    use tower_lsp::jsonrpc::Result as Answer;
    use tower_lsp::ls_types::{ExecuteCommandParams, InitializeParams, InitializeResult, LSPAny};

    /// A server whose one command does what its name says.
    struct Moody;

    impl LanguageServer for Moody {
        async fn initialize(&self, _: InitializeParams) -> Answer<InitializeResult> {
            Ok(InitializeResult::default())
        }

        async fn shutdown(&self) -> Answer<()> {
            Ok(())
        }

        async fn execute_command(&self, params: ExecuteCommandParams) -> Answer<Option<LSPAny>> {
            match params.command.as_str() {
                "panic" => panic!("as the test wants it"),
                "panic later" => {
                    tokio::task::yield_now().await;
                    panic!("as the test wants it")
                }
                "hang" => std::future::pending().await,
                other => Ok(Some(other.into())),
            }
        }
    }

    struct NoShortcut;

    impl Shortcut for NoShortcut {}

    struct Session {
        to_server: PipeWriter,
        from_server: Frames<PipeReader>,
        server: std::thread::JoinHandle<End>,
    }

    impl Session {
        fn start() -> Self {
            let (input, to_server) = std::io::pipe().unwrap();
            let (from_server, output) = std::io::pipe().unwrap();
            let server = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_multi_thread()
                    .worker_threads(1)
                    .enable_time()
                    .build()
                    .unwrap();
                let (service, socket) = LspService::new(|_| Moody);
                let end = runtime.block_on(serve(
                    service,
                    socket,
                    input,
                    Outgoing::new(Box::new(output)),
                    NoShortcut,
                    std::future::pending(),
                ));
                runtime.shutdown_background();
                end
            });
            let mut session = Self {
                to_server,
                from_server: Frames::new(from_server),
                server,
            };
            session.send(json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"capabilities": {}}}));
            session.receive();
            session
        }

        fn send(&mut self, message: Value) {
            let message = frames::framed(&[&message.to_string()]);
            self.to_server.write_all(&message).unwrap();
        }

        fn run(&mut self, id: i32, command: &str) {
            self.send(json!({"jsonrpc": "2.0", "id": id, "method": "workspace/executeCommand", "params": {"command": command}}));
        }

        fn receive(&mut self) -> Value {
            match self.from_server.next().unwrap() {
                Some(Frame::Body(body)) => serde_json::from_slice(&body).unwrap(),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_panic_answers_an_error_and_costs_nothing_else() {
        let mut session = Session::start();
        for (id, command) in [(1, "panic"), (2, "panic later")] {
            session.run(id, command);
            let answer = session.receive();
            assert_eq!(
                (&answer["id"], &answer["error"]["code"]),
                (&json!(id), &json!(-32603))
            );
            session.run(3, "hello");
            assert_eq!(session.receive()["result"], "hello");
        }
    }

    #[test]
    fn slow_handlers_block_nobody_and_can_be_cancelled() {
        let mut session = Session::start();
        for id in 1..=50 {
            session.run(id, "hang");
        }
        session.run(99, "hello");
        assert_eq!(session.receive()["id"], 99);
        session.send(json!({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 7}}));
        let answer = session.receive();
        assert_eq!(
            (&answer["id"], &answer["error"]["code"]),
            (&json!(7), &json!(-32800))
        );
    }

    #[test]
    fn exit_after_shutdown_is_clean_even_if_handlers_hang() {
        let mut session = Session::start();
        session.run(1, "hang");
        session.send(json!({"jsonrpc": "2.0", "id": 2, "method": "shutdown"}));
        assert_eq!(session.receive()["id"], 2);
        session.send(json!({"jsonrpc": "2.0", "method": "exit"}));
        assert_eq!(session.server.join().unwrap(), End::Clean);
    }

    #[test]
    fn the_end_of_the_input_ends_the_session_with_the_last_answers() {
        let mut session = Session::start();
        session.run(1, "hello");
        drop(session.to_server);
        let Some(Frame::Body(body)) = session.from_server.next().unwrap() else {
            panic!("no answer");
        };
        assert!(String::from_utf8(body).unwrap().contains("hello"));
        assert_eq!(session.server.join().unwrap(), End::Unexpected);
    }

    #[test]
    fn lone_surrogates_become_the_replacement_character() {
        let text = |json: &str| parse(json.as_bytes()).unwrap();
        assert_eq!(text(r#""a\ud83d""#), "a\u{fffd}");
        assert_eq!(text(r#""\ude00\ud83d\u0041""#), "\u{fffd}\u{fffd}A");
        assert_eq!(text(r#""\ud83d\ude00\ud83d""#), "😀\u{fffd}");
        assert_eq!(text(r#""\\ud83d""#), r"\ud83d");
        assert_eq!(text(r#""\\\ud83d""#), "\\\u{fffd}");
    }

    #[test]
    fn an_answer_without_a_result_is_null() {
        assert_eq!(
            understand(json!({"jsonrpc": "2.0", "id": 4})),
            Message::Answer(Response::from_ok(Id::Number(4), Value::Null))
        );
    }
}
