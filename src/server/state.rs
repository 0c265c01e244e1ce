//! What the server knows: the client, the settings, and the open documents.
//!
//! Handlers change it before they first wait, so changes happen in the order of the messages. Readers take a
//! [`Reading`], which never changes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use ropey::Rope;
use tower_lsp::ls_types::{Diagnostic, NotebookDocumentCellChange, Position, Range, Uri};

use super::capabilities::ClientCapabilities;
use super::config::{self, Deduplicate, Settings};
use super::from_proto;
use super::notebooks::{self, CellTexts, Notebook};
use super::questions::Questions;
use super::reports::{Report, Reports};
use super::ruff;
use super::sheets::Sheets;
use crate::analysis::{Engine, FileSettings, Match};
use crate::catalog::{Catalog, PythonVersion};
use crate::ide::pages::ProjectPlace;
use crate::ide::{Lens, Marks, Preset, Snapshot};
use crate::project::{self, Configuration, Overrides, Ruff};
use crate::text::document::{Change, Document};
use crate::text::edit::{self, TextEdit};
use crate::text::position::PositionEncoding;

/// How much typed text is analysed in no time.
const QUICK_BYTES: usize = 4096;

/// How much text of the documents that were asked about last stays analysed: an analysis takes some ten times the size of
/// its text, and that of a document that nobody looks at is soon done again.
const ANALYSED_BYTES: usize = 128 << 10;

/// The state of a session.
pub struct State {
    /// What the client can do.
    pub client: Arc<ClientCapabilities>,
    /// What the user has set.
    pub settings: Arc<Settings>,
    /// What is wrong with the workspace's projects, for a page.
    pub project_places: Vec<ProjectPlace>,
    /// The workspace's folders. Documents without a file are taken to be in the first one.
    pub folders: Vec<PathBuf>,
    /// The practice sheets that are open.
    pub sheets: Sheets,
    /// The documents that have changed since somebody has taken note of it.
    pub changed: Vec<Uri>,
    /// How the questions stand in practice.
    marks: Arc<Marks>,
    questions: Arc<Questions>,
    /// A notebook is one document here, whose text is that of all its cells.
    documents: HashMap<Uri, OpenDocument>,
    notebooks: HashMap<Uri, Notebook>,
    /// The notebook of each cell.
    notebook_of: HashMap<Uri, Uri>,
    /// The files of projects that the client has opened.
    project_files: HashMap<Uri, Document>,
    /// Their texts when settings were read last.
    buffers: Arc<Buffers>,
    /// What was seen of ruff.
    ruff: Arc<ruff::Seen>,
    /// What the client shows, or has to show, about the workspace's projects.
    project_findings: Arc<ProjectFindings>,
    /// Those that have been asked about, the last one at the end.
    asked: Vec<Uri>,
    revision: u64,
}

/// Texts of files that stand in for those on the disk.
pub type Buffers = HashMap<PathBuf, String>;

/// The diagnostics of projects by the file that they are shown on.
pub type ProjectFindings = HashMap<PathBuf, Vec<Diagnostic>>;

/// A document that the client has opened.
pub struct OpenDocument {
    /// The name of the report that the client shows because it was pushed.
    pub published: String,
    /// The same for each cell of a notebook.
    pub published_cells: HashMap<Uri, String>,
    /// The lenses that the client was given last.
    pub lenses: Option<Vec<Lens>>,
    document: Document,
    /// Those of a notebook; `None` for other documents, and for a notebook that is out of step.
    cells: Option<Arc<CellTexts>>,
    reports: Arc<Mutex<Reports>>,
    project: Arc<Project>,
    revision: u64,
    /// None while the document is out of step.
    analysis: Option<Arc<Analysis>>,
}

impl OpenDocument {
    /// The version, as the client counts.
    pub fn version(&self) -> i32 {
        self.document.version()
    }
}

/// A document at one moment, with everything that an answer about it depends on.
#[derive(Clone)]
pub struct Reading {
    /// The document.
    pub analysis: Arc<Analysis>,
    /// What the client can do.
    pub client: Arc<ClientCapabilities>,
    /// What the user has set.
    pub settings: Arc<Settings>,
    /// How the questions stand in practice.
    pub marks: Arc<Marks>,
    ruff: Arc<ruff::Seen>,
    project_findings: Arc<ProjectFindings>,
    /// The cell that was asked about, if the document is a notebook.
    pub cell: Option<usize>,
}

impl Reading {
    /// The address that the client has for what was asked about.
    pub fn address(&self) -> &Uri {
        let cells = self.analysis.cells.as_ref().zip(self.cell);
        let cell = cells.and_then(|(cells, cell)| cells.address(cell));
        cell.unwrap_or(&self.analysis.uri)
    }

    /// The byte of a position.
    pub fn offset(&self, at: Position) -> usize {
        let encoding = self.client.encoding;
        let cells = self.analysis.cells.as_ref().zip(self.cell);
        let in_cell = cells.and_then(|(cells, cell)| cells.offset(cell, at, encoding));
        in_cell.unwrap_or_else(|| from_proto::offset(&self.analysis.text, at, encoding))
    }

    /// The bytes of a range; a reversed range is turned round.
    pub fn range(&self, range: Range) -> std::ops::Range<usize> {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        start.min(end)..start.max(end)
    }

    /// Whether something that starts at a byte belongs to what was asked about.
    pub fn has(&self, offset: usize) -> bool {
        let cells = self.analysis.cells.as_ref().zip(self.cell);
        cells.is_none_or(|(cells, cell)| cells.joined().at(offset) == Some(cell))
    }

    /// How much is shown: what the user has set, or what the project says. Blocks while the project's files are read.
    pub fn preset(&self) -> Preset {
        let project = || self.analysis.configuration().preset;
        self.settings.preset.or_else(project).unwrap_or_default()
    }

    /// How many hints a screenful may show, decided in the same way.
    pub fn max_hints(&self) -> usize {
        let project = || self.analysis.configuration().max_hints;
        let max_hints = self.settings.max_hints.or_else(project);
        max_hints.unwrap_or(config::MAX_HINTS)
    }

    /// Whether ruff shows a finding in the same editor: it was seen there, or it runs and looks for every rule that says the
    /// same. Blocks while the document is analysed.
    pub fn ruff_shows(&self, found: &Match) -> bool {
        let seen = &self.ruff;
        let runs = match self.settings.deduplicate {
            Deduplicate::Never => return false,
            Deduplicate::Seen => seen.runs(),
            Deduplicate::Always => true,
        };
        let snapshot = self.analysis.snapshot();
        let rules = &snapshot.catalog.patterns[found.pattern].rules;
        if !runs || rules.is_empty() {
            return false;
        }
        let file = &snapshot.file;
        let line = file.line_of(found.range.start);
        let line = self.analysis.text.get_line(line).map(String::from);
        let line = line.unwrap_or_default();
        let uri = &self.analysis.uri;
        let known = self.analysis.known();
        let looks_for = |rule: &String| {
            (seen.selects(rule) || known.ruff.selects(rule))
                && !known.ruff.leaves_out(rule, file.path())
        };
        rules.iter().any(|rule| seen.reports(uri, rule, &line)) || rules.iter().all(looks_for)
    }

    /// What is wrong with the project as a whole, and shown on this document. The lines of a notebook's file are in no cell.
    pub fn project_findings(&self) -> &[Diagnostic] {
        if self.analysis.cells.is_some() {
            return &[];
        }
        let findings = self.project_findings.get(&self.analysis.project.path);
        findings.map(Vec::as_slice).unwrap_or_default()
    }
}

/// One version of one document. It is parsed and searched at most once, by whoever asks first.
pub struct Analysis {
    /// The document.
    pub uri: Uri,
    /// The version, as the client counts.
    pub version: i32,
    /// The text.
    pub text: Rope,
    /// The cells, if the document is a notebook.
    pub cells: Option<Arc<CellTexts>>,
    /// Which state of the session this belongs to; never the same for two texts or two settings.
    pub revision: u64,
    questions: Arc<Questions>,
    project: Arc<Project>,
    reports: Arc<Mutex<Reports>>,
    /// What the snapshot follows from; none once it is there, or if the text must be parsed.
    basis: Mutex<Option<Basis>>,
    snapshot: OnceLock<Snapshot>,
    /// Its lenses, once they have been asked for.
    pub lenses: OnceLock<Lenses>,
    /// Its diagnostics, once they are known.
    pub report: OnceLock<Arc<Report>>,
}

/// The lenses of one version of a document.
pub struct Lenses {
    /// The lenses.
    pub list: Vec<Lens>,
    /// The same as a JSON array of the protocol's lenses.
    pub text: String,
}

/// An earlier version of a document, and what has happened since.
#[derive(Clone)]
struct Basis {
    analysis: Arc<Analysis>,
    edits: Vec<TextEdit>,
}

impl Basis {
    /// Of a version that nobody has asked about and nobody can ask about any more only the edits count.
    fn since(analysis: Arc<Analysis>, edits: Vec<TextEdit>) -> Self {
        let skipped = analysis.snapshot.get().is_none() && Arc::strong_count(&analysis) == 1;
        let earlier = skipped.then(|| analysis.basis().take()).flatten();
        if let Some(mut basis) = earlier {
            edit::follow(&mut basis.edits, edits);
            return basis;
        }
        let mut joined = Vec::new();
        edit::follow(&mut joined, edits);
        Self {
            analysis,
            edits: joined,
        }
    }
}

impl Analysis {
    /// What was found in the text. Unless [`Analysis::is_quick`], the first call takes a while and belongs on a thread that
    /// may block.
    pub fn snapshot(&self) -> &Snapshot {
        // Oldest first, so that no call has to wait for a call inside of it.
        let earlier = |analysis: &Self| {
            let basis = analysis
                .basis()
                .as_ref()
                .map(|basis| Arc::clone(&basis.analysis));
            basis.filter(|earlier| earlier.snapshot.get().is_none())
        };
        let mut chain: Vec<Arc<Self>> = earlier(self).into_iter().collect();
        while let Some(before) = chain.last().and_then(|last| earlier(last)) {
            chain.push(before);
        }
        while let Some(oldest) = chain.pop() {
            oldest.settled();
        }
        self.settled()
    }

    /// The address and the range that the client has for a range of bytes.
    pub fn place(
        &self,
        range: &std::ops::Range<usize>,
        encoding: PositionEncoding,
    ) -> (&Uri, Range) {
        let cells = self.cells.as_ref();
        let in_cell = cells.and_then(|cells| cells.place(range, encoding));
        in_cell.unwrap_or_else(|| {
            let position = |offset| notebooks::position(&self.text, offset, encoding);
            let range = Range::new(position(range.start), position(range.end));
            (&self.uri, range)
        })
    }

    /// The same version with nothing known about it.
    fn forgotten(&self, reports: &Arc<Mutex<Reports>>) -> Self {
        Self {
            uri: self.uri.clone(),
            version: self.version,
            text: self.text.clone(),
            cells: self.cells.clone(),
            revision: self.revision,
            questions: Arc::clone(&self.questions),
            project: Arc::clone(&self.project),
            reports: Arc::clone(reports),
            basis: Mutex::default(),
            snapshot: OnceLock::new(),
            lenses: OnceLock::new(),
            report: OnceLock::new(),
        }
    }

    fn settled(&self) -> &Snapshot {
        self.snapshot.get_or_init(|| {
            let engine = &self.questions.get().engine;
            match self.basis().take() {
                Some(Basis { analysis, edits }) => {
                    analysis.settled();
                    // Nobody else looks at most earlier versions any more; then they are changed in place.
                    let earlier = match Arc::try_unwrap(analysis) {
                        Ok(analysis) => analysis.snapshot.into_inner(),
                        Err(analysis) => analysis.snapshot.get().cloned(),
                    };
                    earlier.map_or_else(|| self.parsed(engine), |e| e.edited(engine, &edits))
                }
                None => self.parsed(engine),
            }
        })
    }

    fn parsed(&self, engine: &Engine) -> Snapshot {
        let text = self.text.to_string();
        let settings = Arc::clone(&self.known().settings);
        Snapshot::new(engine, &self.project.path, &text, settings)
    }

    /// What the project says to this program. The first call reads the project's files.
    pub fn configuration(&self) -> &Configuration {
        &self.known().configuration
    }

    /// Whether there is a `pyproject.toml` at or above it.
    pub fn has_settings_file(&self) -> bool {
        self.known().has_settings_file
    }

    fn known(&self) -> &Known {
        let catalog = self.questions.get().engine.catalog();
        self.project.known(catalog)
    }

    /// What was made of the findings of this document.
    pub fn reports(&self) -> MutexGuard<'_, Reports> {
        self.reports.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn basis(&self) -> MutexGuard<'_, Option<Basis>> {
        self.basis.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether [`Analysis::snapshot`] answers at once.
    pub fn is_quick(&self) -> bool {
        let follows = |basis: &Basis| {
            let typed: usize = basis.edits.iter().map(|edit| edit.text.len()).sum();
            typed < QUICK_BYTES && basis.analysis.snapshot.get().is_some()
        };
        self.snapshot.get().is_some() || self.basis().as_ref().is_some_and(follows)
    }
}

/// What the project says about one file, read from the disk once.
#[derive(Debug)]
struct Project {
    path: PathBuf,
    target: Option<PythonVersion>,
    buffers: Arc<Buffers>,
    known: OnceLock<Known>,
}

/// What was read.
#[derive(Debug)]
struct Known {
    configuration: Configuration,
    settings: Arc<FileSettings>,
    ruff: Ruff,
    has_settings_file: bool,
}

impl Project {
    fn new(path: PathBuf, target: Option<PythonVersion>, buffers: Arc<Buffers>) -> Arc<Self> {
        Arc::new(Self {
            path,
            target,
            buffers,
            known: OnceLock::new(),
        })
    }

    fn known(&self, catalog: &Catalog) -> &Known {
        self.known.get_or_init(|| {
            let texts = |path: &Path| text_of(&self.buffers, path);
            let project = project::Project::of_file(&self.path, catalog, &texts);
            let wins = Overrides {
                target: self.target,
                patterns: false,
            };
            Known {
                settings: Arc::new(project.file_settings(&self.path, catalog, wins)),
                ruff: Ruff::of_folder(self.path.parent().unwrap_or(Path::new("")), &texts),
                configuration: project.configuration,
                has_settings_file: project::settings_file(&self.path).is_some(),
            }
        })
    }
}

/// The text of a file as the editor has it, else as it is on the disk.
pub fn text_of(buffers: &Buffers, path: &Path) -> Option<String> {
    let buffer = buffers.get(path).cloned();
    buffer.or_else(|| project::on_disk(path))
}

impl State {
    /// The state before `initialize`.
    pub fn new(questions: Arc<Questions>) -> Self {
        Self {
            client: Arc::default(),
            settings: Arc::default(),
            project_places: Vec::new(),
            folders: Vec::new(),
            sheets: Sheets::default(),
            changed: Vec::new(),
            marks: Arc::default(),
            questions,
            documents: HashMap::new(),
            notebooks: HashMap::new(),
            notebook_of: HashMap::new(),
            project_files: HashMap::new(),
            buffers: Arc::default(),
            ruff: Arc::default(),
            project_findings: Arc::default(),
            asked: Vec::new(),
            revision: 0,
        }
    }

    /// Opens a document, or takes over the text of one that is open.
    pub fn open(&mut self, uri: Uri, text: &str, version: i32) {
        let path = self.path_of(&uri);
        let published = match self.documents.remove(&uri) {
            Some(document) => document.published,
            // Whatever the client shows about the project is replaced as well.
            None if !self.client.pulls_diagnostics => self.project_report_on(&path).id,
            None => Report::empty().id,
        };
        let document = self.new_document(path, Document::new(text, version), published);
        self.documents.insert(uri.clone(), document);
        self.renew(&uri, None);
    }

    fn new_document(&self, path: PathBuf, document: Document, published: String) -> OpenDocument {
        OpenDocument {
            published,
            published_cells: HashMap::new(),
            lenses: None,
            reports: Arc::default(),
            document,
            cells: None,
            project: Project::new(path, self.settings.target, Arc::clone(&self.buffers)),
            revision: 0,
            analysis: None,
        }
    }

    /// Opens a notebook.
    pub fn open_notebook(&mut self, uri: Uri, notebook: Notebook) {
        let document = Document::new("", 0);
        let document = self.new_document(self.path_of(&uri), document, Report::empty().id);
        self.documents.insert(uri.clone(), document);
        self.notebooks.insert(uri.clone(), notebook);
        self.renew_notebook(&uri);
    }

    /// Applies a change of an open notebook's cells.
    pub fn change_notebook(&mut self, uri: &Uri, change: NotebookDocumentCellChange) {
        let encoding = self.client.encoding;
        if let Some(notebook) = self.notebooks.get_mut(uri) {
            notebook.change(change, encoding);
            self.renew_notebook(uri);
        }
    }

    /// Forgets a notebook.
    pub fn close_notebook(&mut self, uri: &Uri) -> Option<OpenDocument> {
        self.notebooks.remove(uri)?;
        self.notebook_of.retain(|_, notebook| notebook != uri);
        self.close(uri)
    }

    fn renew_notebook(&mut self, uri: &Uri) {
        let notebook = self.notebooks.get(uri);
        let Some((notebook, open)) = notebook.zip(self.documents.get_mut(uri)) else {
            return;
        };
        self.notebook_of.retain(|_, of| of != uri);
        let cells = notebook.addresses().map(|cell| (cell.clone(), uri.clone()));
        self.notebook_of.extend(cells);
        open.cells = notebook.texts().map(Arc::new);
        let text = open
            .cells
            .as_ref()
            .map_or("", |cells| cells.joined().text());
        open.document = Document::new(text, 0);
        self.renew(uri, None);
    }

    /// Whether a document is open and its text is the client's.
    pub fn is_in_step(&self, uri: &Uri) -> bool {
        let open = self.documents.get(uri);
        open.is_some_and(|open| open.document.text().is_some())
    }

    /// Applies changes to an open document.
    pub fn change(&mut self, uri: &Uri, changes: &[Change], version: i32) {
        let Some(open) = self.documents.get_mut(uri) else {
            return;
        };
        let edits = open.document.apply(changes, self.client.encoding, version);
        if let Err(error) = &edits {
            tracing::warn!("{}: {error}", uri.as_str());
        }
        self.renew(uri, edits.ok());
        if !self.changed.contains(uri) {
            self.changed.push(uri.clone());
        }
    }

    /// Takes over the whole text of an open document, if it differs or the document was out of step.
    pub fn save(&mut self, uri: &Uri, text: &str) {
        let Some(open) = self.documents.get_mut(uri) else {
            return;
        };
        if open.document.text().is_none_or(|present| *present != *text) {
            let edit = open.document.replace_all(text);
            self.renew(uri, Some(vec![edit]));
        }
    }

    /// Forgets a document.
    pub fn close(&mut self, uri: &Uri) -> Option<OpenDocument> {
        if self.documents.contains_key(uri) {
            Arc::make_mut(&mut self.ruff).forget(uri);
        }
        self.documents.remove(uri)
    }

    /// Opens a file that says something about a project.
    pub fn open_project_file(&mut self, uri: Uri, text: &str, version: i32) {
        self.project_files.insert(uri, Document::new(text, version));
    }

    /// Applies changes to such a file; false if it is not open.
    pub fn change_project_file(&mut self, uri: &Uri, changes: &[Change], version: i32) -> bool {
        let Some(document) = self.project_files.get_mut(uri) else {
            return false;
        };
        if let Err(error) = document.apply(changes, self.client.encoding, version) {
            tracing::warn!("{}: {error}", uri.as_str());
        }
        true
    }

    /// Takes over the whole text of such a file; false if it is not open.
    pub fn save_project_file(&mut self, uri: &Uri, text: &str) -> bool {
        let document = self.project_files.get_mut(uri);
        document.is_some_and(|document| {
            document.replace_all(text);
            true
        })
    }

    /// Forgets such a file; false if it is not open.
    pub fn close_project_file(&mut self, uri: &Uri) -> bool {
        self.project_files.remove(uri).is_some()
    }

    /// An open file that says something about a project, with the address that the client has for it.
    pub fn project_file(&self, path: &Path) -> Option<(&Uri, &Document)> {
        let mut files = self.project_files.iter();
        files.find(|(uri, _)| uri.to_file_path().is_some_and(|open| open == path))
    }

    /// The texts of those files.
    pub fn buffers(&self) -> Buffers {
        let texts = self.project_files.iter().filter_map(|(uri, document)| {
            let path = uri.to_file_path()?.into_owned();
            Some((path, document.text()?.to_string()))
        });
        texts.collect()
    }

    /// Reads the settings of all projects anew.
    pub fn reload(&mut self) {
        self.buffers = Arc::new(self.buffers());
        self.ruff = Arc::new(self.ruff.outdated());
        for uri in self.open_documents() {
            if let Some(open) = self.documents.get_mut(&uri) {
                let (path, target) = (open.project.path.clone(), self.settings.target);
                open.project = Project::new(path, target, Arc::clone(&self.buffers));
            }
            self.renew(&uri, None);
        }
    }

    /// Notes the lenses that the client is given, whatever has happened to the document meanwhile; true if the settings
    /// that they follow from are no longer those that hold.
    pub fn give_lenses(&mut self, reading: &Reading, lenses: &[Lens]) -> bool {
        let Some(open) = self.documents.get_mut(&reading.analysis.uri) else {
            return false;
        };
        open.lenses = Some(lenses.to_vec());
        !Arc::ptr_eq(&open.project, &reading.analysis.project)
    }

    /// Notes what the client shows for a document; true if it tells something new about ruff.
    pub fn note_diagnostics(&mut self, uri: &Uri, shown: &[Diagnostic]) -> bool {
        let key = self.notebook_of.get(uri).unwrap_or(uri).clone();
        let Some(open) = self.documents.get(&key) else {
            return false;
        };
        let cell = open
            .cells
            .as_ref()
            .and_then(|cells| cells.text(cells.find(uri)?));
        let text = cell.map(|(text, _)| text).or(open.document.text());
        let Some(text) = text else {
            return false;
        };
        let uri = &key;
        if !shown.iter().any(ruff::is_ruff) {
            return false;
        }
        let line = |line: u32| text.get_line(usize::try_from(line).ok()?).map(String::from);
        let new = Arc::make_mut(&mut self.ruff).note(uri, shown, &line);
        if new {
            // The texts are the same, what is shown for them is not.
            for uri in self.open_documents() {
                if let Some(open) = self.documents.get_mut(&uri) {
                    open.reports = Arc::default();
                }
                self.renew(&uri, Some(Vec::new()));
            }
        }
        new
    }

    /// How the questions stand in practice.
    pub fn marks(&self) -> Arc<Marks> {
        Arc::clone(&self.marks)
    }

    /// Takes over how the questions stand; true if that is new. Then every document has other lenses.
    pub fn set_marks(&mut self, marks: Marks) -> bool {
        if *self.marks == marks {
            return false;
        }
        self.marks = Arc::new(marks);
        for uri in self.open_documents() {
            self.renew(&uri, Some(Vec::new()));
        }
        true
    }

    /// What is wrong with projects and shown on one file.
    pub fn project_report_on(&self, path: &Path) -> Report {
        let findings = self.project_findings.get(path);
        Report::empty().with(findings.map(Vec::as_slice).unwrap_or_default())
    }

    /// Takes over what is wrong with the workspace's projects. Answers the files on which something else is shown now: the
    /// open documents, and all others.
    pub fn set_project_findings(&mut self, findings: ProjectFindings) -> (Vec<Uri>, Vec<PathBuf>) {
        let before = std::mem::replace(&mut self.project_findings, Arc::new(findings));
        let now = Arc::clone(&self.project_findings);
        let mut changed: Vec<PathBuf> = before.keys().chain(now.keys()).cloned().collect();
        changed.retain(|path| before.get(path) != now.get(path));
        changed.sort();
        changed.dedup();
        // Clients and servers may write the same address in different ways.
        let is_changed = |open: &OpenDocument| changed.contains(&open.project.path);
        let open = self
            .documents
            .iter()
            .filter(|(uri, open)| !self.notebooks.contains_key(uri) && is_changed(open));
        let open: Vec<Uri> = open.map(|(uri, _)| uri.clone()).collect();
        changed.retain(|path| !self.is_open(path));
        for uri in &open {
            self.renew(uri, Some(Vec::new()));
        }
        (open, changed)
    }

    fn is_open(&self, path: &Path) -> bool {
        let mut open = self.documents.iter();
        open.any(|(uri, open)| open.project.path == path && !self.notebooks.contains_key(uri))
    }

    /// Takes over new settings; true if they differ. Every open document is looked at anew then.
    pub fn configure(&mut self, settings: Settings) -> bool {
        if *self.settings == settings {
            return false;
        }
        self.settings = Arc::new(settings);
        self.reload();
        true
    }

    /// The documents that are open.
    pub fn open_documents(&self) -> Vec<Uri> {
        self.documents.keys().cloned().collect()
    }

    /// A document as it is now; `None` if it is not open or out of step.
    pub fn read(&mut self, uri: &Uri) -> Option<Reading> {
        let notebook = self.notebook_of.get(uri).cloned();
        let key = notebook.as_ref().unwrap_or(uri);
        if self.asked.last() != Some(key) {
            self.forget_long_unasked(key);
        }
        let open = self.documents.get(key)?;
        let cell = match notebook {
            Some(_) => {
                let cells = open.cells.as_ref()?;
                let cell = cells.find(uri)?;
                cells.text(cell)?;
                Some(cell)
            }
            None => None,
        };
        Some(Reading {
            cell,
            analysis: Arc::clone(open.analysis.as_ref()?),
            client: Arc::clone(&self.client),
            settings: Arc::clone(&self.settings),
            marks: Arc::clone(&self.marks),
            ruff: Arc::clone(&self.ruff),
            project_findings: Arc::clone(&self.project_findings),
        })
    }

    /// Drops what is known about the documents that were not asked about for longest, if there is much of it. What is asked
    /// about them later is found out again.
    fn forget_long_unasked(&mut self, now_asked: &Uri) {
        let documents = &mut self.documents;
        self.asked
            .retain(|uri| uri != now_asked && documents.contains_key(uri));
        let mut kept = 0;
        let first_kept = self.asked.iter().rposition(|uri| {
            let text = documents.get(uri).and_then(|open| open.document.text());
            kept += text.map_or(0, Rope::len_bytes);
            kept > ANALYSED_BYTES
        });
        for uri in self.asked.drain(..first_kept.map_or(0, |last| last + 1)) {
            if let Some(open) = documents.get_mut(&uri) {
                open.reports = Arc::default();
                let analysis = open.analysis.take();
                open.analysis = analysis.map(|known| Arc::new(known.forgotten(&open.reports)));
            }
        }
        self.asked.push(now_asked.clone());
    }

    /// The open document, if this is still its state.
    pub fn current(&mut self, uri: &Uri, revision: u64) -> Option<&mut OpenDocument> {
        let open = self.documents.get_mut(uri)?;
        (open.revision == revision).then_some(open)
    }

    /// The number of a document's present state and its version.
    pub fn revision(&self, uri: &Uri) -> Option<(u64, i32)> {
        let open = self.documents.get(uri)?;
        Some((open.revision, open.document.version()))
    }

    /// `edits`: what has happened since the present analysis; `None` if the text must be parsed anew.
    fn renew(&mut self, uri: &Uri, edits: Option<Vec<TextEdit>>) {
        let Some(open) = self.documents.get_mut(uri) else {
            return;
        };
        self.revision += 1;
        open.revision = self.revision;
        if edits.is_none() {
            open.reports = Arc::default();
        }
        let basis = open.analysis.take().zip(edits);
        let basis = basis.map(|(earlier, edits)| Basis::since(earlier, edits));
        let complete = open.cells.is_some() || !self.notebooks.contains_key(uri);
        let text = open.document.text().filter(|_| complete);
        open.analysis = text.map(|text| {
            Arc::new(Analysis {
                uri: uri.clone(),
                version: open.document.version(),
                text: text.clone(),
                cells: open.cells.clone(),
                revision: open.revision,
                questions: Arc::clone(&self.questions),
                project: Arc::clone(&open.project),
                reports: Arc::clone(&open.reports),
                basis: Mutex::new(basis),
                snapshot: OnceLock::new(),
                lenses: OnceLock::new(),
                report: OnceLock::new(),
            })
        });
    }

    /// The file that a document is, or would be if it were saved in the workspace.
    fn path_of(&self, uri: &Uri) -> PathBuf {
        let path = uri.to_file_path().unwrap_or_default();
        if uri.scheme().as_str() == "file" {
            return path.into_owned();
        }
        let name = path.file_name().unwrap_or_default();
        let folder = self.folders.first();
        folder.map_or(Path::new(""), PathBuf::as_path).join(name)
    }
}
