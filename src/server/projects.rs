//! What surrounds the documents: the files that configure their projects, and what is wrong with the projects as a whole.
//!
//! A client that can watches those files for the server. For the others, and for clients of which nobody knows what they
//! have open, the server looks at the files' dates itself now and then.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use futures::FutureExt as _;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tower_lsp::ls_types::{
    CodeDescription, Diagnostic, FileEvent, NumberOrString, Position, Range, Registration, Uri,
};

use super::session::{Session, blocking};
use super::sheets;
use super::state::{ProjectFindings, text_of};
use super::to_proto::{SOURCE, severity};
use crate::catalog::Severity;
use crate::ide::Preset;
use crate::ide::pages::ProjectPlace;
use crate::project::Project;
use crate::text::position::{LineIndex, PositionEncoding};
use crate::workspace::{self, ProjectFiles, ProjectFinding};

/// The files that decide what is shown for the documents of a project.
const SETTINGS: [&str; 11] = [
    "pyproject.toml",
    ".python-version",
    "ruff.toml",
    ".ruff.toml",
    "pytest.toml",
    ".pytest.toml",
    "pytest.ini",
    ".pytest.ini",
    "tox.ini",
    "setup.cfg",
    "conftest.py",
];

/// Other files whose contents the checks of projects look at. Wildcards stand outside of braces: eglot of Emacs 28 and 29
/// fails on others.
const CHECKED: [&str; 7] = [
    "{.gitignore,setup.py,mypy.ini,.mypy.ini,ty.toml,pyrightconfig.json,.pre-commit-config.yaml}",
    ".env*",
    "*requirements*.txt",
    "Pipfile*",
    "*.lock",
    "*.ipynb",
    "README*",
];

/// `Create | Delete` of `workspace/didChangeWatchedFiles`: what is saved comes as such.
const APPEARS_OR_GOES: u8 = 5;

/// Changes within this time are answered together.
const TOGETHER: Duration = Duration::from_millis(100);

/// The longest rest between two checks of the projects; it grows with the time that a check takes.
const LONGEST_REST: Duration = Duration::from_secs(30);

/// How often the dates of files are looked at if the client watches none.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// So many folders upwards files are looked at.
const FOLDERS_UP: usize = 12;

/// What tells the work in the background that there is something to do.
#[derive(Debug, Default)]
pub struct Changes {
    settings: Notify,
    files: Notify,
    /// The client has told about files on the disk: nobody else has to look.
    told: AtomicBool,
    over: AtomicBool,
}

impl Changes {
    /// The settings of a project may be different now, and so may be its files.
    pub fn of_settings(&self) {
        self.settings.notify_one();
        self.of_files();
    }

    /// The files of a project may be different now.
    pub fn of_files(&self) {
        self.files.notify_one();
    }

    /// The session is over.
    pub fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
        self.of_settings();
    }

    /// Whether the session is over.
    pub fn are_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    /// What the client says has changed on the disk.
    pub fn on_disk(&self, events: &[FileEvent]) {
        self.told.store(true, Ordering::Relaxed);
        if events.iter().any(|event| is_settings(&event.uri)) {
            self.of_settings();
        } else if !events.is_empty() {
            self.of_files();
        }
    }
}

/// Whether a document is one of the files that decide what is shown for others.
pub fn is_settings(uri: &Uri) -> bool {
    let path = uri.to_file_path();
    let name = path.as_deref().and_then(Path::file_name);
    name.and_then(|name| name.to_str())
        .is_some_and(|name| SETTINGS.contains(&name))
}

/// Begins to follow the projects' files and to check the projects.
pub fn start(session: &Arc<Session>) {
    let client = Arc::clone(&session.state().client);
    let mut registrations = Vec::new();
    if client.registers_watchers {
        let settings = format!("{{{}}}", SETTINGS.join(","));
        let contents = CHECKED.iter().copied().chain([settings.as_str()]);
        let contents = contents.map(|pattern| json!({"globPattern": format!("**/{pattern}")}));
        let modules = json!({"globPattern": "**/*.py", "kind": APPEARS_OR_GOES});
        let all: Vec<Value> = contents.chain([modules]).collect();
        let watchers = json!({"watchers": all});
        registrations.push(registration("workspace/didChangeWatchedFiles", watchers));
    } else {
        tokio::spawn(look(Arc::clone(session)));
    }
    if client.registers_documents {
        // What is open there, saved or not, counts more than what is on the disk.
        let settings = SETTINGS.iter().filter(|name| **name != "conftest.py");
        let selector: Vec<Value> = settings
            .map(|name| json!({"scheme": "file", "pattern": format!("**/{name}")}))
            .collect();
        for (method, more) in [
            ("textDocument/didOpen", json!({})),
            ("textDocument/didChange", json!({"syncKind": 2})),
            ("textDocument/didSave", json!({"includeText": true})),
            ("textDocument/didClose", json!({})),
        ] {
            let mut options = more;
            options["documentSelector"] = json!(selector);
            registrations.push(registration(method, options));
        }
    }
    if client.apply_edit && client.registers_completion {
        let sheets = json!([{"scheme": "file", "pattern": sheets::PATTERN}]);
        let options = json!({"documentSelector": sheets, "triggerCharacters": ["/"]});
        registrations.push(registration("textDocument/completion", options));
    }
    if !registrations.is_empty() {
        let to = session.client.clone();
        tokio::spawn(async move {
            if let Err(error) = to.register_capability(registrations).await {
                tracing::warn!("the client does not watch files: {error}");
            }
        });
    }
    tokio::spawn(follow_settings(Arc::clone(session)));
    tokio::spawn(follow_files(Arc::clone(session)));
    session.changes.of_files();
}

fn registration(method: &str, options: Value) -> Registration {
    Registration {
        id: format!("hotseat/{method}"),
        method: method.to_owned(),
        register_options: Some(options),
    }
}

async fn follow_settings(session: Arc<Session>) {
    loop {
        session.changes.settings.notified().await;
        tokio::time::sleep(TOGETHER).await;
        // What was said meanwhile is answered with the rest.
        let _ = session.changes.settings.notified().now_or_never();
        if session.changes.are_over() {
            return;
        }
        session.reload();
    }
}

async fn follow_files(session: Arc<Session>) {
    let mut rest = TOGETHER;
    loop {
        session.changes.files.notified().await;
        tokio::time::sleep(rest).await;
        let _ = session.changes.files.notified().now_or_never();
        if session.changes.are_over() {
            return;
        }
        let started = Instant::now();
        let checker = Arc::clone(&session);
        if let Ok(found) = blocking(move || check(&checker)).await {
            session.show_projects(found);
        }
        // On two cores nobody is to notice.
        rest = (started.elapsed() * 5).clamp(TOGETHER, LONGEST_REST);
    }
}

/// What is wrong with projects.
#[derive(Debug, Default)]
pub struct Found {
    /// As diagnostics, by file.
    pub diagnostics: ProjectFindings,
    /// As lines of a page.
    pub places: Vec<ProjectPlace>,
}

/// Checks the projects in the workspace's folders. Blocks while it reads their files.
fn check(session: &Session) -> Found {
    let (folders, client, settings, buffers) = {
        let state = session.state();
        let folders = state.folders.clone();
        let client = Arc::clone(&state.client);
        (
            folders,
            client,
            Arc::clone(&state.settings),
            state.buffers(),
        )
    };
    let catalog = session.questions.get().engine.catalog();
    let mut found = Found::default();
    if folders.is_empty() || catalog.question(workspace::QUESTION).is_none() {
        return found;
    }
    let page = session.pages.path(workspace::QUESTION);
    let href = page.filter(|_| client.code_description);
    let href = href.and_then(Uri::from_file_path);
    for root in folders.iter().filter(|root| workspace::is_project(root)) {
        let texts = |path: &Path| text_of(&buffers, path);
        let configuration = Project::of_folder(root, catalog, &texts).configuration;
        let preset = settings.preset.or(configuration.preset).unwrap_or_default();
        if preset == Preset::Off || session.changes.are_over() {
            continue;
        }
        let files = ProjectFiles::read(root);
        for finding in workspace::check(&files) {
            let path = root.join(&finding.file);
            if configuration.disables_check(finding.id, &path, false) {
                continue;
            }
            let Some(uri) = Uri::from_file_path(&path) else {
                continue;
            };
            let text = files.text(&finding.file).unwrap_or_default();
            let range = range(text, &finding, client.encoding);
            found.places.push(ProjectPlace {
                file: finding.file.clone(),
                address: uri.as_str().to_owned(),
                line: range.start.line as usize + 1,
                message: finding.message.clone(),
            });
            let most = settings.max_hints.or(configuration.max_hints);
            let most = most.unwrap_or(super::config::MAX_HINTS);
            let here = found.diagnostics.entry(path).or_default();
            let diagnostic = diagnostic(finding, range, href.as_ref());
            let is_hint = |d: &Diagnostic| d.severity == Some(severity(Severity::Hint));
            // As for documents, the quiet preset leaves them to the page.
            let room = !is_hint(&diagnostic) || here.iter().filter(|d| is_hint(d)).count() < most;
            if preset == Preset::Learn && room && !here.contains(&diagnostic) {
                here.push(diagnostic);
            }
        }
    }
    if !found.places.is_empty() {
        session.pages.write_once(catalog, [workspace::QUESTION]);
    }
    found.diagnostics.retain(|_, here| !here.is_empty());
    found
}

/// What a finding underlines: the first line of its file, if it is about the file as a whole.
fn range(text: &str, finding: &ProjectFinding, encoding: PositionEncoding) -> Range {
    let lines = LineIndex::new(text);
    let position = |offset: usize| {
        let position = lines.position(text, offset, encoding);
        Position::new(position.line, position.character)
    };
    let first_line = || 0..text.find(['\r', '\n']).unwrap_or(text.len());
    let bytes = finding.range.clone().unwrap_or_else(first_line);
    Range::new(position(bytes.start), position(bytes.end))
}

fn diagnostic(finding: ProjectFinding, range: Range, href: Option<&Uri>) -> Diagnostic {
    Diagnostic {
        range,
        severity: Some(severity(finding.severity)),
        code: Some(NumberOrString::String(finding.id.to_owned())),
        code_description: href.map(|href| CodeDescription { href: href.clone() }),
        source: Some(SOURCE.to_owned()),
        message: finding.message,
        ..Diagnostic::default()
    }
}

/// When a file was changed last, and its length; none if there is no such file.
type Date = Option<(SystemTime, u64)>;

/// Looks at the dates of files until the client tells about them or the session is over.
async fn look(session: Arc<Session>) {
    let mut known: HashMap<PathBuf, Date> = HashMap::new();
    let mut listed: HashMap<PathBuf, Date> = HashMap::new();
    let mut looked = SystemTime::now();
    loop {
        let looker = Arc::clone(&session);
        let now = SystemTime::now();
        let Ok((settings, roots)) = blocking(move || dates(&looker)).await else {
            return;
        };
        // A file looked at for the first time may have been written after a document's settings were read.
        let new = |date: &Date| date.is_some_and(|(written, _)| written >= looked);
        let changed = |path: &PathBuf, date: &Date| match known.get(path) {
            Some(known) => known != date,
            None => new(date),
        };
        if settings.iter().any(|(path, date)| changed(path, date)) {
            session.changes.of_settings();
        } else if (listed.is_empty() && roots.values().any(new))
            || (!listed.is_empty() && roots != listed)
        {
            session.changes.of_files();
        }
        (known, listed, looked) = (settings, roots, now);
        tokio::time::sleep(LOOK_EVERY).await;
        if session.changes.are_over() || session.changes.told.load(Ordering::Relaxed) {
            return;
        }
    }
}

/// The dates of the files that configure what is open, and of all files directly in the workspace's folders.
fn dates(session: &Session) -> (HashMap<PathBuf, Date>, HashMap<PathBuf, Date>) {
    let (folders, open) = {
        let state = session.state();
        (state.folders.clone(), state.open_documents())
    };
    let open = open.iter().filter_map(Uri::to_file_path);
    let open = open.filter_map(|path| path.parent().map(Path::to_owned));
    let mut settings = HashMap::new();
    for folder in open.chain(folders.iter().cloned()) {
        for above in folder.ancestors().take(FOLDERS_UP) {
            for name in SETTINGS {
                let path = above.join(name);
                settings.entry(path).or_insert_with_key(|path| date(path));
            }
        }
    }
    let entries = folders.iter().filter_map(|folder| folder.read_dir().ok());
    let files = entries.flatten().filter_map(Result::ok);
    let files = files.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    let roots = files.map(|entry| entry.path());
    (
        settings,
        roots.map(|path| (path.clone(), date(&path))).collect(),
    )
}

fn date(path: &Path) -> Date {
    let facts = path.metadata().ok()?;
    Some((facts.modified().ok()?, facts.len()))
}
