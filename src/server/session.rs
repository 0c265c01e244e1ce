//! One client's session: its state, and the work on it that happens off the wire.

use std::collections::HashSet;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::JoinHandle;
use tower_lsp::Client;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{
    CodeActionOrCommand, CodeActionParams, ConfigurationItem, Diagnostic, MessageType,
    NumberOrString, Registration, Uri,
};

use super::config::{self, Settings};
use super::from_proto;
use super::occurrences::Searched;
use super::outgoing::Outgoing;
use super::pages::Pages;
use super::practice::{self, Practice};
use super::project_edit::Target;
use super::projects::{self, Changes};
use super::questions::Questions;
use super::reports::Report;
use super::state::{Lenses, ProjectFindings, Reading, State};
use super::to_proto::{Project, ToProto};
use crate::analysis::Match;
use crate::ide::{self, ActionKind, Edits, Preset};

/// What all handlers share.
pub struct Session {
    /// The way to the client.
    pub client: Client,
    /// The questions.
    pub questions: Arc<Questions>,
    /// The questions' pages on the disk.
    pub pages: Pages,
    state: Mutex<State>,
    /// What the user was told about the settings in project files.
    told: Mutex<HashSet<String>>,
    /// What happens around the documents.
    pub changes: Changes,
    /// What was found in files that are not open.
    pub searched: Searched,
    /// What is known about practice.
    pub practice: Practice,
    /// Used for publications, only while `state` is locked, so that they leave in the order of the states they belong to.
    outgoing: Outgoing,
}

impl Session {
    /// A session that waits for `initialize`.
    pub fn new(client: Client, outgoing: Outgoing, questions: Arc<Questions>) -> Arc<Self> {
        Arc::new(Self {
            client,
            pages: Pages::in_user_cache(),
            state: Mutex::new(State::new(Arc::clone(&questions))),
            told: Mutex::default(),
            changes: Changes::default(),
            searched: Searched::default(),
            practice: Practice::in_user_data(),
            questions,
            outgoing,
        })
    }

    /// The state, locked. Never hold it across an `.await`.
    pub fn state(&self) -> MutexGuard<'_, State> {
        // Every change of the state is complete at any point that can panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing has happened to the document since it was read.
    pub fn is_current(&self, reading: &Reading) -> bool {
        let analysis = &reading.analysis;
        self.state()
            .current(&analysis.uri, analysis.revision)
            .is_some()
    }

    /// Shows the user a message, some time.
    pub fn tell(&self, kind: MessageType, message: impl Into<String>) {
        let (client, message) = (self.client.clone(), message.into());
        tokio::spawn(async move { client.show_message(kind, message).await });
    }

    /// Tells the user, once, what is wrong with the settings in the project of a document.
    pub fn tell_about_project(self: &Arc<Self>, uri: &Uri) {
        let Some(reading) = self.state().read(uri) else {
            return;
        };
        let session = Arc::clone(self);
        tokio::spawn(async move {
            let problems = blocking(move || reading.analysis.configuration().problems.join("; "));
            let Ok(problems) = problems.await else {
                return;
            };
            let mut told = session.told.lock().unwrap_or_else(PoisonError::into_inner);
            if !problems.is_empty() && told.insert(problems.clone()) {
                session.tell(MessageType::WARNING, problems);
            }
        });
    }

    /// Everything that follows the handshake: loads the questions, reads the client's settings.
    pub fn start(self: &Arc<Self>) {
        let session = Arc::clone(self);
        tokio::spawn(async move {
            let loader = Arc::clone(&session);
            let problem = blocking(move || loader.questions.get().problem.clone()).await;
            if let Ok(Some(problem)) = problem {
                let client = &session.client;
                client.log_message(MessageType::ERROR, problem).await;
                let short = "Questions cannot be loaded; the server's output says why.";
                client.show_message(MessageType::ERROR, short).await;
            }
        });
        let client = Arc::clone(&self.state().client);
        if client.registers_configuration {
            let to = self.client.clone();
            tokio::spawn(async move {
                let method = "workspace/didChangeConfiguration";
                let registration = Registration {
                    id: method.to_owned(),
                    method: method.to_owned(),
                    register_options: Some(serde_json::json!({"section": config::SECTION})),
                };
                if let Err(error) = to.register_capability(vec![registration]).await {
                    tracing::warn!("the client does not register `{method}`: {error}");
                }
            });
        }
        if client.pulls_configuration {
            self.pull_configuration();
        }
        projects::start(self);
        tokio::spawn(practice::follow(Arc::clone(self)));
    }

    /// What precedes the end: nothing goes on in the background, and nothing is left behind that nobody will take back.
    pub fn end(&self) {
        self.changes.end();
        let mut state = self.state();
        let (_, others) = state.set_project_findings(ProjectFindings::default());
        self.publish_on(&state, &others);
    }

    /// Asks the client for the settings.
    pub fn pull_configuration(self: &Arc<Self>) {
        let session = Arc::clone(self);
        tokio::spawn(async move {
            let item = ConfigurationItem {
                scope_uri: None,
                section: Some(config::SECTION.to_owned()),
            };
            match session.client.configuration(vec![item]).await {
                Ok(answer) => {
                    if let Some(value) = answer.first().filter(|value| !value.is_null()) {
                        session.configure(Settings::read(value));
                    }
                }
                Err(error) => tracing::warn!("the client does not tell the settings: {error}"),
            }
        });
    }

    /// Takes over settings and tells the user what is wrong with them.
    pub fn configure(self: &Arc<Self>, (settings, problem): (Settings, Option<String>)) {
        if let Some(problem) = problem {
            self.tell(MessageType::WARNING, problem);
        }
        let changed = self.state().configure(settings);
        if changed {
            self.searched.forget();
            self.refresh();
            self.changes.of_files();
            let session = Arc::clone(self);
            tokio::task::spawn_blocking(move || session.look_at_practice());
        }
    }

    /// Reads the settings of all projects anew.
    pub fn reload(self: &Arc<Self>) {
        let documents = {
            let mut state = self.state();
            state.reload();
            state.open_documents()
        };
        self.searched.forget();
        for uri in &documents {
            self.tell_about_project(uri);
        }
        self.refresh();
    }

    /// Takes over what is wrong with projects.
    pub fn show_projects(self: &Arc<Self>, found: projects::Found) {
        let open = {
            let mut state = self.state();
            if self.changes.are_over() {
                return;
            }
            state.project_places = found.places;
            let (open, others) = state.set_project_findings(found.diagnostics);
            self.publish_on(&state, &others);
            open
        };
        if !open.is_empty() {
            self.refresh_diagnostics(&open);
        }
    }

    /// Notes what the client shows, its own findings and those of others.
    pub fn note_diagnostics(self: &Arc<Self>, params: &CodeActionParams) {
        let shown = &params.context.diagnostics;
        let documents = {
            let mut state = self.state();
            let new = state.note_diagnostics(&params.text_document.uri, shown);
            new.then(|| state.open_documents())
        };
        if let Some(documents) = documents {
            self.refresh_diagnostics(&documents);
        }
    }

    /// Makes the client show the present diagnostics and lenses of all documents.
    fn refresh(self: &Arc<Self>) {
        let documents = self.state().open_documents();
        self.refresh_diagnostics(&documents);
        self.show_lenses_again();
    }

    /// Makes the client show the present lenses of all documents.
    pub fn show_lenses_again(self: &Arc<Self>) {
        let (client, documents) = {
            let state = self.state();
            (Arc::clone(&state.client), state.open_documents())
        };
        if client.refreshes_lenses {
            tokio::spawn(Arc::clone(self).refresh_lenses(documents));
        }
    }

    fn refresh_diagnostics(self: &Arc<Self>, documents: &[Uri]) {
        for uri in documents {
            self.push_diagnostics(uri);
        }
        let client = Arc::clone(&self.state().client);
        if client.pulls_diagnostics && client.refreshes_diagnostics {
            let to = self.client.clone();
            tokio::spawn(async move { to.workspace_diagnostic_refresh().await });
        }
    }

    /// Makes the client ask for lenses again if some document has other lenses than the client was given.
    pub async fn refresh_lenses(self: Arc<Self>, documents: Vec<Uri>) {
        let session = Arc::clone(&self);
        let changed = blocking(move || {
            // Each document is asked about once, however often the settings have changed meanwhile.
            let changed = documents.iter().filter(|uri| {
                let reading = session.state().read(uri);
                reading.is_some_and(|reading| {
                    let now = lenses(&reading);
                    let mut state = session.state();
                    let open = state.current(uri, reading.analysis.revision);
                    let given = open.map(|open| &mut open.lenses);
                    given.is_some_and(|given| given.take_if(|given| *given != now).is_some())
                })
            });
            changed.count() > 0
        });
        if changed.await == Ok(true)
            && let Err(error) = self.client.code_lens_refresh().await
        {
            tracing::warn!("the client does not refresh lenses: {error}");
        }
    }

    /// Computes a document's diagnostics off the wire and publishes them, if the client wants them pushed, if they
    /// differ from the published ones, and if the document has not changed meanwhile.
    pub fn push_diagnostics(self: &Arc<Self>, uri: &Uri) {
        let (revision, reading) = {
            let mut state = self.state();
            if state.client.pulls_diagnostics {
                return;
            }
            let Some((revision, _)) = state.revision(uri) else {
                return;
            };
            (revision, state.read(uri))
        };
        let (session, uri) = (Arc::clone(self), uri.clone());
        tokio::spawn(async move {
            let superseded = session.state().current(&uri, revision).is_none();
            let looker = Arc::clone(&session);
            let reports = match reading {
                _ if superseded => return,
                Some(reading) => work(reading, move |reading| looker.reports(reading)).await,
                None => Ok(Publications::default()),
            };
            if let Ok(reports) = reports {
                session.publish_reports(&uri, revision, &reports);
            }
        });
    }

    /// Publishes what differs from what the client shows for a document, if it has not changed since the reports were made.
    fn publish_reports(&self, uri: &Uri, revision: u64, reports: &Publications) {
        let mut state = self.state();
        let versions = state.client.versioned_diagnostics;
        let Some(open) = state.current(uri, revision) else {
            return;
        };
        let version = open.version();
        if open.published != reports.of_document.id {
            open.published.clone_from(&reports.of_document.id);
            self.publish(uri, &reports.of_document, versions.then_some(version));
        }
        let nothing = Report::empty();
        let shown = std::mem::take(&mut open.published_cells);
        for (cell, version, report) in &reports.of_cells {
            let before = shown.get(cell).unwrap_or(&nothing.id);
            if *before != report.id {
                self.publish(cell, report, versions.then_some(*version));
            }
            open.published_cells.insert(cell.clone(), report.id.clone());
        }
        for (cell, before) in shown {
            if before != nothing.id && !open.published_cells.contains_key(&cell) {
                self.publish(&cell, &nothing, None);
            }
        }
    }

    /// The diagnostics of a document, or those of each cell of a notebook. Blocks while the document is analysed.
    fn reports(&self, reading: &Reading) -> Publications {
        let Some(cells) = &reading.analysis.cells else {
            return Publications {
                of_document: self.report(reading),
                ..Publications::default()
            };
        };
        let of_cells = self.reports_of_cells(reading).into_iter().enumerate();
        let of_cells = of_cells.filter_map(|(index, report)| {
            let (_, version) = cells.text(index)?;
            Some((cells.address(index)?.clone(), version, report))
        });
        Publications {
            of_cells: of_cells.collect(),
            ..Publications::default()
        }
    }

    /// The diagnostics of each cell of a notebook.
    fn reports_of_cells(&self, reading: &Reading) -> Vec<Report> {
        let Some(cells) = &reading.analysis.cells else {
            return Vec::new();
        };
        let mut by_cell = vec![Vec::new(); cells.len()];
        if reading.preset() == Preset::Learn {
            let snapshot = reading.analysis.snapshot();
            let to_proto = ToProto::new(reading, &self.pages);
            let shown_by_ruff = |found: &Match| reading.ruff_shows(found);
            let most = reading.max_hints();
            for found in ide::diagnostics::diagnostics(snapshot, most, &shown_by_ruff) {
                let cell = cells.joined().at(found.range.start);
                if let Some(here) = cell.and_then(|cell| by_cell.get_mut(cell)) {
                    here.push(self.diagnostic(reading, &to_proto, found));
                }
            }
        }
        let report = |diagnostics: Vec<_>| Report::empty().with(&diagnostics);
        by_cell.into_iter().map(report).collect()
    }

    /// A finding for the client, which may follow the link to its page.
    fn diagnostic(
        &self,
        reading: &Reading,
        to_proto: &ToProto<'_>,
        found: ide::Diagnostic,
    ) -> Diagnostic {
        if reading.client.code_description {
            let catalog = &reading.analysis.snapshot().catalog;
            self.pages.write_once(catalog, [found.question.as_str()]);
        }
        to_proto.diagnostic(found)
    }

    /// Opens a document. What was published about its file is now a part of its diagnostics.
    pub fn open(&self, uri: &Uri, text: &str, version: i32) {
        let mut state = self.state();
        let nothing = Report::empty();
        let published = state.revision(uri).is_none() && state.client.pulls_diagnostics;
        let path = from_proto::file(uri).filter(|_| published);
        if path.is_some_and(|path| state.project_report_on(&path) != nothing) {
            self.publish(uri, &nothing, None);
        }
        state.open(uri.clone(), text, version);
    }

    /// Forgets a document and what was published about it, other than about its file.
    pub fn close(&self, uri: &Uri) {
        let mut state = self.state();
        if let Some(open) = state.close(uri) {
            let left = from_proto::file(uri).map(|path| state.project_report_on(&path));
            let left = left.unwrap_or_else(Report::empty);
            if open.published != left.id {
                self.publish(uri, &left, None);
            }
        }
    }

    /// Forgets a notebook and what was published about its cells.
    pub fn close_notebook(&self, uri: &Uri) {
        let nothing = Report::empty();
        let mut state = self.state();
        if let Some(open) = state.close_notebook(uri) {
            let shown = open.published_cells.iter();
            for (cell, _) in shown.filter(|(_, report)| **report != nothing.id) {
                self.publish(cell, &nothing, None);
            }
        }
    }

    /// Publishes what is wrong with projects on files that are not open.
    fn publish_on(&self, state: &State, paths: &[PathBuf]) {
        for path in paths {
            if let Some(uri) = Uri::from_file_path(path) {
                self.publish(&uri, &state.project_report_on(path), None);
            }
        }
    }

    fn publish(&self, uri: &Uri, report: &Report, version: Option<i32>) {
        let uri = serde_json::Value::from(uri.as_str());
        let version =
            version.map_or_else(String::new, |version| format!(r#","version":{version}"#));
        let method = "textDocument/publishDiagnostics";
        self.outgoing.send_text(&[
            &format!(
                r#"{{"jsonrpc":"2.0","method":"{method}","params":{{"uri":{uri},"diagnostics":"#
            ),
            &report.items,
            &version,
            "}}",
        ]);
    }

    /// The diagnostics of a document or a cell. Blocks while the document is analysed.
    pub fn report(&self, reading: &Reading) -> Arc<Report> {
        if let Some(cell) = reading.cell {
            let report = self.reports_of_cells(reading).into_iter().nth(cell);
            return Arc::new(report.unwrap_or_else(Report::empty));
        }
        let report = || Arc::new(self.report_of_document(reading));
        Arc::clone(reading.analysis.report.get_or_init(report))
    }

    fn report_of_document(&self, reading: &Reading) -> Report {
        if reading.preset() != Preset::Learn {
            return Report::empty();
        }
        let snapshot = reading.analysis.snapshot();
        let to_proto = ToProto::new(reading, &self.pages);
        let shown_by_ruff = |found: &Match| reading.ruff_shows(found);
        let mut reports = reading.analysis.reports();
        let report = reports.report(snapshot, reading.max_hints(), &shown_by_ruff, |found| {
            self.diagnostic(reading, &to_proto, found)
        });
        report.with(reading.project_findings())
    }

    /// Follows the changes that documents have seen, where that takes no time: then the answer is there before the question.
    /// Clients that do not ask are told.
    pub fn look_ahead(self: &Arc<Self>) {
        let changed = std::mem::take(&mut self.state().changed);
        for uri in changed {
            let reading = self.state().read(&uri);
            let reading = reading.filter(|reading| reading.analysis.is_quick());
            match reading {
                Some(reading) if reading.client.pulls_diagnostics => {
                    if reading.analysis.cells.is_none() {
                        self.report(&reading);
                    }
                }
                Some(reading) => {
                    let reports = self.reports(&reading);
                    let analysis = &reading.analysis;
                    self.publish_reports(&analysis.uri, analysis.revision, &reports);
                }
                None => self.push_diagnostics(&uri),
            }
        }
    }

    /// The lenses of a document, which the client is given now. Blocks while the document is analysed.
    pub fn given_lenses<'r>(self: &Arc<Self>, reading: &'r Reading) -> &'r Lenses {
        let lenses = reading.analysis.lenses.get_or_init(|| {
            let list = lenses(reading);
            let to_proto = ToProto::new(reading, &self.pages);
            let lenses: Vec<_> = list.iter().cloned().map(|l| to_proto.lens(l)).collect();
            // No lens fails to be written.
            let text = serde_json::to_string(&lenses).unwrap_or_default();
            Lenses { list, text }
        });
        let outdated = self.state().give_lenses(reading, &lenses.list);
        if outdated && reading.client.refreshes_lenses {
            let document = reading.analysis.uri.clone();
            tokio::spawn(Arc::clone(self).refresh_lenses(vec![document]));
        }
        lenses
    }

    /// The actions for a range. Blocks while the document is analysed.
    pub fn actions(
        &self,
        reading: &Reading,
        params: &CodeActionParams,
    ) -> Vec<CodeActionOrCommand> {
        let only = params.context.only.as_deref();
        let kinds = from_proto::action_kinds(only);
        if kinds.is_empty() || reading.preset() == Preset::Off {
            return Vec::new();
        }
        let range = reading.range(params.range);
        let disabled_wanted = from_proto::asks_for_refactorings(only);
        // Which edits fit into the cells of a notebook only the edits can tell.
        let in_cells = reading.analysis.cells.is_some();
        let (project, edits) = if reading.client.resolves_edits && !in_cells {
            let is_there = Target::is_there(self, reading);
            (is_there.then_some(Project::Later), Edits::Later)
        } else {
            let target = Target::of(self, &reading.analysis.uri);
            (target.map(Project::Now), Edits::All)
        };
        let to_proto = ToProto::new(reading, &self.pages).with_project(project.as_ref());
        actions_of(reading, range, Some(&kinds), edits)
            .into_iter()
            .filter_map(|action| {
                let shown = &params.context.diagnostics;
                to_proto.action(action, shown, params.range, disabled_wanted)
            })
            .collect()
    }
}

/// What is shown for a document.
#[derive(Debug)]
struct Publications {
    of_document: Arc<Report>,
    /// With the address and the version of each cell, if the document is a notebook.
    of_cells: Vec<(Uri, i32, Report)>,
}

impl Default for Publications {
    fn default() -> Self {
        Self {
            of_document: Arc::new(Report::empty()),
            of_cells: Vec::new(),
        }
    }
}

/// The actions for a range of bytes as plain data: those of the document, those for what is wrong with the project and shown on it, and those
/// that show less in the project.
pub fn actions_of(
    reading: &Reading,
    range: Range<usize>,
    kinds: Option<&[ActionKind]>,
    edits: Edits<'_>,
) -> Vec<ide::Action> {
    let wanted = |kind| kinds.is_none_or(|kinds| kinds.contains(&kind));
    let snapshot = reading.analysis.snapshot();
    let touched = |shown: &&Diagnostic| {
        let place = reading.range(shown.range);
        place.start <= range.end && range.start <= place.end
    };
    let of_project: Vec<_> = reading.project_findings().iter().filter(touched).collect();
    let mut actions = ide::code_actions::actions(snapshot, range.clone(), kinds, edits);
    if wanted(ActionKind::QuickFix) {
        for finding in &of_project {
            if let Some(NumberOrString::String(id)) = &finding.code {
                let place = reading.range(finding.range);
                let fixes = Some((id.clone(), place));
                actions.extend(ide::ignoring::in_project(id, fixes));
            }
        }
    }
    // Where the editor's own setting says how much is shown, that of the project does not count.
    let something = !of_project.is_empty() || !snapshot.touching(&range).is_empty();
    if wanted(ActionKind::Open) && something && reading.settings.preset.is_none() {
        actions.extend(ide::ignoring::presets(reading.preset()));
    }
    actions
}

/// The code lenses of a document. Blocks while the document is analysed.
fn lenses(reading: &Reading) -> Vec<ide::Lens> {
    ide::code_lenses::lenses(
        reading.analysis.snapshot(),
        reading.preset(),
        &reading.marks,
    )
}

/// Runs work about a document: at once if that takes no time, so that answers neither wait for a thread nor for each
/// other; on a thread that may block otherwise.
///
/// # Errors
///
/// If the work panics.
pub async fn work<T: Send + 'static>(
    reading: Reading,
    work: impl FnOnce(&Reading) -> T + Send + 'static,
) -> Result<T> {
    if reading.analysis.is_quick() {
        let work = std::panic::AssertUnwindSafe(|| work(&reading));
        return std::panic::catch_unwind(work).map_err(|_| {
            tracing::error!("the work on a request failed");
            Error::internal_error()
        });
    }
    blocking(move || work(&reading)).await
}

/// Runs work on a thread that may block. Dropping the future forgets work that has not begun.
///
/// # Errors
///
/// If the work panics.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    struct Abandon<T>(JoinHandle<T>);
    impl<T> Drop for Abandon<T> {
        fn drop(&mut self) {
            self.0.abort();
        }
    }
    let mut task = Abandon(tokio::task::spawn_blocking(work));
    (&mut task.0).await.map_err(|error| {
        tracing::error!("the work on a request failed: {error}");
        Error::internal_error()
    })
}
