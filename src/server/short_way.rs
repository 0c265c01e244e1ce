//! The short way of messages that come with every key: changes of documents, and questions about them that are known at
//! once.
//!
//! Everything here could be left to the handlers, and is wherever something is unusual. But on their way a message is read
//! into three forms, one after the other, which takes longer than what it asks for.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;
use tower_lsp::jsonrpc::Request;
use tower_lsp::ls_types::{CodeActionParams, DidChangeTextDocumentParams, Uri};

use super::from_proto;
use super::outgoing::Outgoing;
use super::session::Session;
use super::state::Reading;
use super::transport::{Envelope, Shortcut};

/// The short way to one session.
pub struct ShortWay {
    session: Arc<Session>,
    outgoing: Outgoing,
}

/// What is needed of the parameters of a question about a document.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Question {
    text_document: Document,
    previous_result_id: Option<String>,
}

#[derive(Deserialize)]
struct Document {
    uri: Uri,
}

impl ShortWay {
    /// The way to a session, whose answers leave this way.
    pub fn new(session: Arc<Session>, outgoing: Outgoing) -> Self {
        Self { session, outgoing }
    }

    /// Follows a change of a document. None if it is no document in step with the client, or no change that fits it.
    fn change(&self, message: &Envelope<'_>) -> Option<()> {
        let params = message.params?.get();
        let DidChangeTextDocumentParams {
            text_document: document,
            content_changes,
        } = serde_json::from_str(params).ok()?;
        let changes: Vec<_> = content_changes
            .into_iter()
            .map(from_proto::change)
            .collect();
        let mut state = self.session.state();
        let in_step = state.is_in_step(&document.uri);
        in_step.then(|| state.change(&document.uri, &changes, document.version))
    }

    /// The document that a question is about, unless answering takes time.
    fn reading(&self, uri: &Uri) -> Option<Reading> {
        let reading = self.session.state().read(uri)?;
        (reading.analysis.is_quick() && reading.cell.is_none()).then_some(reading)
    }

    /// Sends an answer, whose result is parts of JSON text.
    fn send(&self, id: &RawValue, result: &[&str]) {
        let start = [r#"{"jsonrpc":"2.0","id":"#, id.get(), r#","result":"#];
        let parts: Vec<&str> = start.iter().chain(result).copied().chain(["}"]).collect();
        self.outgoing.send_text(&parts);
    }

    fn answer(
        &self,
        message: &Envelope<'_>,
        answer: impl FnOnce(&Reading, &Question, &dyn Fn(&[&str])),
    ) -> Option<()> {
        let id = message.id?;
        let question: Question = serde_json::from_str(message.params?.get()).ok()?;
        let reading = self.reading(&question.text_document.uri)?;
        answer(&reading, &question, &|result| self.send(id, result));
        Some(())
    }

    fn actions(&self, message: &Envelope<'_>) -> Option<()> {
        let id = message.id?;
        let params: CodeActionParams = serde_json::from_str(message.params?.get()).ok()?;
        let uri = &params.text_document.uri;
        if !self.session.state().is_in_step(uri) {
            return None;
        }
        self.session.note_diagnostics(&params);
        let actions = self.session.actions(&self.reading(uri)?, &params);
        self.send(id, &[&serde_json::to_string(&actions).ok()?]);
        Some(())
    }

    fn diagnostics(&self, reading: &Reading, question: &Question, send: &dyn Fn(&[&str])) {
        let report = self.session.report(reading);
        let id = report.id.as_str();
        if question.previous_result_id.as_deref() == Some(id) {
            send(&[r#"{"kind":"unchanged","resultId":""#, id, r#""}"#]);
        } else {
            let items = report.items.as_str();
            send(&[
                r#"{"resultId":""#,
                id,
                r#"","kind":"full","items":"#,
                items,
                "}",
            ]);
        }
    }
}

impl Shortcut for ShortWay {
    fn amend(&self, request: Request) -> Request {
        from_proto::mark_impossible_changes(request)
    }

    fn take(&self, message: &Envelope<'_>) -> bool {
        let taken = match (&*message.method, message.id.is_some()) {
            ("textDocument/didChange", false) => self.change(message),
            ("textDocument/diagnostic", true) => self.answer(message, |reading, question, send| {
                self.diagnostics(reading, question, send);
            }),
            ("textDocument/codeLens", true) => self.answer(message, |reading, _, send| {
                send(&[&self.session.given_lenses(reading).text]);
            }),
            ("textDocument/codeAction", true) => self.actions(message),
            _ => None,
        };
        taken.is_some()
    }

    fn look_ahead(&self) {
        self.session.look_ahead();
    }
}
