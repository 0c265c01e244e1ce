//! The handlers of the protocol's messages.
//!
//! Each one changes or reads the state before it first waits, so it sees the documents as they were when its message
//! arrived; everything that takes time happens on a thread that may block.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{
    CodeAction, CodeActionParams, CodeActionResponse, CodeLens, CodeLensParams, CompletionParams,
    CompletionResponse, DidChangeConfigurationParams, DidChangeNotebookDocumentParams,
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams,
    DidCloseNotebookDocumentParams, DidCloseTextDocumentParams, DidOpenNotebookDocumentParams,
    DidOpenTextDocumentParams, DidSaveNotebookDocumentParams, DidSaveTextDocumentParams,
    DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
    ExecuteCommandParams, FullDocumentDiagnosticReport, Hover, HoverParams, InitializeParams,
    InitializeResult, InitializedParams, LSPAny, MessageType, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, ServerInfo, UnchangedDocumentDiagnosticReport, Uri,
    WorkspaceFolder,
};
use tower_lsp::{Client, LanguageServer};

use super::capabilities::ClientCapabilities;
use super::commands::FixRequest;
use super::config::{SECTION, Settings};
use super::notebooks::Notebook;
use super::outgoing::Outgoing;
use super::questions::Questions;
use super::reports::Report;
use super::session::{Session, blocking, work};
use super::state::Reading;
use super::to_proto::ToProto;
use super::{commands, from_proto, projects, sheets};
use crate::ide::{self, Preset};

/// How often actions and diagnostics are computed anew because the document has changed meanwhile.
const ATTEMPTS: usize = 3;

/// The language server.
pub struct Backend {
    session: Arc<Session>,
    /// Where the id of the client's process goes once it is known.
    client_process: Mutex<Option<oneshot::Sender<u32>>>,
    /// What is wrong with the first settings; told to the user as soon as the client is ready.
    first_problem: Mutex<Option<String>>,
}

impl Backend {
    /// A server for one client.
    pub fn new(
        client: Client,
        outgoing: Outgoing,
        questions: Arc<Questions>,
        client_process: oneshot::Sender<u32>,
    ) -> Self {
        Self {
            session: Session::new(client, outgoing, questions),
            client_process: Mutex::new(Some(client_process)),
            first_problem: Mutex::default(),
        }
    }
}

impl Backend {
    /// The session that the handlers share.
    pub fn session(&self) -> &Arc<Session> {
        &self.session
    }
}

fn take<T>(cell: &Mutex<Option<T>>) -> Option<T> {
    cell.lock().unwrap_or_else(PoisonError::into_inner).take()
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let client = Arc::new(ClientCapabilities::read(&params.capabilities));
        let options = params.initialization_options.unwrap_or_default();
        let (settings, problem) = Settings::read_section(&options);
        *self
            .first_problem
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = problem;
        #[expect(deprecated, reason = "some clients still send only the root")]
        let root = params.root_uri;
        let folders = params
            .workspace_folders
            .filter(|folders| !folders.is_empty());
        let folders: Vec<Uri> = match folders {
            Some(folders) => folders.into_iter().map(|folder| folder.uri).collect(),
            None => root.into_iter().collect(),
        };
        {
            let mut state = self.session.state();
            state.client = Arc::clone(&client);
            state.settings = Arc::new(settings);
            state.folders = folders.iter().filter_map(from_proto::file).collect();
        }
        if let (Some(id), Some(sender)) = (params.process_id, take(&self.client_process)) {
            // Nobody waits for it only when the session is over.
            let _ = sender.send(id);
        }
        Ok(InitializeResult {
            capabilities: client.server(),
            server_info: Some(ServerInfo {
                name: env!("CARGO_PKG_NAME").to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            ..Default::default()
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        if let Some(problem) = take(&self.first_problem) {
            self.session.tell(MessageType::WARNING, problem);
        }
        self.session.start();
    }

    async fn shutdown(&self) -> Result<()> {
        self.session.end();
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        let uri = document.uri;
        if document.language_id != "python" {
            if sheets::is_sheet(&uri) {
                let mut state = self.session.state();
                state.sheets.open(uri, &document.text, document.version);
            } else if projects::is_settings(&uri) {
                let mut state = self.session.state();
                state.open_project_file(uri, &document.text, document.version);
                self.session.changes.of_settings();
            }
            return;
        }
        self.session.open(&uri, &document.text, document.version);
        self.session.tell_about_project(&uri);
        self.session.push_diagnostics(&uri);
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let document = params.text_document;
        let changes: Vec<_> = params
            .content_changes
            .into_iter()
            .map(from_proto::change)
            .collect();
        {
            let (uri, version) = (&document.uri, document.version);
            let mut state = self.session.state();
            let client = Arc::clone(&state.client);
            if state.sheets.has(uri) {
                let ticked = state.sheets.change(uri, &changes, &client, version);
                if let Some(request) = ticked {
                    tokio::spawn(sheets::choose(Arc::clone(&self.session), request));
                }
                return;
            }
            if state.change_project_file(uri, &changes, version) {
                return self.session.changes.of_settings();
            }
            state.change(uri, &changes, version);
        }
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        let uri = params.text_document.uri;
        if let Some(text) = params.text {
            let mut state = self.session.state();
            if !state.save_project_file(&uri, &text) {
                state.save(&uri, &text);
            }
            drop(state);
            self.session.push_diagnostics(&uri);
        }
        if projects::is_settings(&uri) {
            self.session.changes.of_settings();
        } else {
            self.session.changes.of_files();
        }
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        let uri = &params.text_document.uri;
        if self.session.state().sheets.close(uri) {
            return;
        }
        if self.session.state().close_project_file(uri) {
            return self.session.changes.of_settings();
        }
        self.session.close(uri);
    }

    async fn notebook_did_open(&self, params: DidOpenNotebookDocumentParams) {
        let uri = params.notebook_document.uri;
        let notebook = Notebook::new(params.notebook_document.cells, params.cell_text_documents);
        self.session.state().open_notebook(uri.clone(), notebook);
        self.session.tell_about_project(&uri);
        self.session.push_diagnostics(&uri);
    }

    async fn notebook_did_change(&self, params: DidChangeNotebookDocumentParams) {
        let uri = &params.notebook_document.uri;
        if let Some(cells) = params.change.cells {
            self.session.state().change_notebook(uri, cells);
            self.session.push_diagnostics(uri);
        }
    }

    async fn notebook_did_save(&self, _: DidSaveNotebookDocumentParams) {
        self.session.changes.of_files();
    }

    async fn notebook_did_close(&self, params: DidCloseNotebookDocumentParams) {
        self.session.close_notebook(&params.notebook_document.uri);
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        self.session.changes.on_disk(&params.changes);
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let paths = |folders: Vec<WorkspaceFolder>| {
            let paths = folders.iter().filter_map(|f| from_proto::file(&f.uri));
            paths.collect::<Vec<_>>()
        };
        let (added, removed) = (paths(params.event.added), paths(params.event.removed));
        let folders = &mut self.session.state().folders;
        folders.retain(|folder| !removed.contains(folder) && !added.contains(folder));
        folders.extend(added);
        self.session.changes.of_files();
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        if self.session.state().client.pulls_configuration {
            self.session.pull_configuration();
        } else if let Some(value) = params.settings.get(SECTION) {
            self.session.configure(Settings::read(value));
        }
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let at = params.text_document_position_params;
        let reading = self.session.state().read(&at.text_document.uri);
        let Some(reading) = reading else {
            return Ok(None);
        };
        let session = Arc::clone(&self.session);
        work(reading, move |reading| {
            if reading.preset() == Preset::Off {
                return None;
            }
            let offset = reading.offset(at.position);
            let snapshot = reading.analysis.snapshot();
            let hover = ide::hover::hover(snapshot, offset)?;
            session
                .pages
                .write_once(&snapshot.catalog, [hover.question.as_str()]);
            Some(ToProto::new(reading, &session.pages).hover(hover))
        })
        .await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        let uri = params.text_document.uri;
        if let Some(lenses) = sheets::lenses(&self.session, &uri) {
            return Ok(Some(lenses));
        }
        let Some(reading) = self.session.state().read(&uri) else {
            return Ok(None);
        };
        let session = Arc::clone(&self.session);
        work(reading, move |reading| {
            let lenses = session.given_lenses(reading);
            if reading.cell.is_none() {
                // They were made of nothing else.
                return serde_json::from_str(&lenses.text).ok();
            }
            let to_proto = ToProto::new(reading, &session.pages);
            let here = lenses
                .list
                .iter()
                .filter(|lens| reading.has(lens.range.start));
            Some(here.cloned().map(|lens| to_proto.lens(lens)).collect())
        })
        .await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        if let Some(mut actions) =
            sheets::actions(&self.session, &params.text_document.uri, params.range.start)
        {
            // They have no kind.
            actions.retain(|_| params.context.only.is_none());
            return Ok(Some(actions));
        }
        let params = Arc::new(params);
        self.session.note_diagnostics(&params);
        for _ in 0..ATTEMPTS {
            let reading = self.session.state().read(&params.text_document.uri);
            let Some(reading) = reading else {
                return Ok(None);
            };
            let (session, params) = (Arc::clone(&self.session), Arc::clone(&params));
            let actions = work(reading, move |reading| {
                let actions = session.actions(reading, &params);
                session.is_current(reading).then_some(actions)
            });
            if let Some(actions) = actions.await? {
                return Ok(Some(actions));
            }
        }
        Err(Error::content_modified())
    }

    async fn code_action_resolve(&self, mut action: CodeAction) -> Result<CodeAction> {
        let Some(data) = action.data.take() else {
            return Ok(action);
        };
        let request: FixRequest = serde_json::from_value(data)
            .map_err(|error| Error::invalid_params(format!("the action's data: {error}")))?;
        let reading = self.session.state().read(&request.uri);
        let same = |reading: &Reading| Some(reading.analysis.revision) == request.revision;
        let Some(reading) = reading.filter(same) else {
            return Err(Error::content_modified());
        };
        let session = Arc::clone(&self.session);
        let edit = blocking(move || {
            let edit = commands::edit_of(&session, &reading, &request);
            session.is_current(&reading).then_some(edit)
        });
        let edit = edit.await?.ok_or_else(Error::content_modified)?;
        if edit.is_none() {
            let problem =
                "This cannot be changed: the code or `pyproject.toml` leaves no place for it.";
            self.session.tell(MessageType::WARNING, problem);
        }
        action.edit = edit;
        Ok(action)
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let at = params.text_document_position;
        let items = sheets::completions(&self.session, &at.text_document.uri, at.position);
        Ok(items.map(CompletionResponse::Array))
    }

    async fn diagnostic(
        &self,
        params: DocumentDiagnosticParams,
    ) -> Result<DocumentDiagnosticReportResult> {
        let mut report = Arc::new(Report::empty());
        // Some clients show the answer that comes last. It must not be the one to the earlier question, about settings that
        // hold no longer.
        for _ in 0..ATTEMPTS {
            let reading = self.session.state().read(&params.text_document.uri);
            let Some(reading) = reading else {
                break;
            };
            let session = Arc::clone(&self.session);
            let answer = work(reading, move |reading| {
                (session.report(reading), session.is_current(reading))
            });
            let (latest, is_current) = answer.await?;
            report = latest;
            if is_current {
                break;
            }
        }
        let report: DocumentDiagnosticReport =
            if params.previous_result_id.as_ref() == Some(&report.id) {
                RelatedUnchangedDocumentDiagnosticReport {
                    related_documents: None,
                    unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport {
                        result_id: report.id.clone(),
                    },
                }
                .into()
            } else {
                RelatedFullDocumentDiagnosticReport {
                    related_documents: None,
                    full_document_diagnostic_report: FullDocumentDiagnosticReport {
                        items: report.diagnostics(),
                        result_id: Some(report.id.clone()),
                    },
                }
                .into()
            };
        Ok(report.into())
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        commands::run(Arc::clone(&self.session), params).await
    }
}
