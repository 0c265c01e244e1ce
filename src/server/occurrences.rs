//! Where questions occur in the files of the workspace.
//!
//! Open documents are looked at as they are. The other files are searched in the background once somebody wants to know,
//! and again only if their date or length has changed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::watch;

use super::notebooks::CellTexts;
use super::session::Session;
use super::state::{Buffers, Reading, text_of};
use crate::ide::Snapshot;
use crate::ide::pages::{self, InFile, Occurrence};
use crate::project::{Overrides, Project};
use crate::workspace;

/// So many files are searched.
const MAX_FILES: usize = 2_000;

/// The longest file that is searched, in bytes.
const MAX_LENGTH: u64 = 512 * 1024;

/// How long one search may take.
const MAX_TIME: Duration = Duration::from_secs(60);

/// How a search of the workspace's files stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// It goes on.
    Running,
    /// It has come to its end; false if not every file was searched.
    Done(bool),
}

/// What was found in files that are not open.
#[derive(Debug, Default)]
pub struct Searched {
    files: Mutex<HashMap<PathBuf, Entry>>,
    running: Mutex<Option<watch::Receiver<Search>>>,
}

#[derive(Debug)]
struct Entry {
    date: (SystemTime, u64),
    /// With the ids of their questions.
    found: Vec<(String, Occurrence)>,
}

impl Searched {
    /// Forgets everything: the settings that it depends on have changed.
    pub fn forget(&self) {
        self.files().clear();
    }

    fn files(&self) -> MutexGuard<'_, HashMap<PathBuf, Entry>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Begins a search, unless one is going on. What is received is [`Search::Running`] at first; the sender is gone if the
/// search has failed.
pub fn search(session: &Arc<Session>) -> watch::Receiver<Search> {
    let searched = &session.searched;
    let mut running = searched
        .running
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(present) = &*running
        && *present.borrow() == Search::Running
        && present.has_changed().is_ok()
    {
        return present.clone();
    }
    let (sender, receiver) = watch::channel(Search::Running);
    *running = Some(receiver.clone());
    let searcher = Arc::clone(session);
    tokio::task::spawn_blocking(move || {
        let all = search_files(&searcher);
        // Nobody waits if the page was complete before or the session is over.
        let _ = sender.send(Search::Done(all));
    });
    receiver
}

/// Searches the files that have changed; false if that is not all there is to search.
fn search_files(session: &Session) -> bool {
    let (folders, settings, buffers) = {
        let state = session.state();
        let settings = Arc::clone(&state.settings);
        (state.folders.clone(), settings, state.buffers())
    };
    let wins = Overrides {
        target: settings.target,
        patterns: false,
    };
    let started = Instant::now();
    let mut projects: HashMap<PathBuf, Project> = HashMap::new();
    let (paths, mut all) = paths(&folders);
    session
        .searched
        .files()
        .retain(|path, _| paths.binary_search(path).is_ok());
    for path in paths {
        if session.changes.are_over() || started.elapsed() > MAX_TIME {
            return false;
        }
        let Some(date) = date(&path).filter(|(_, length)| *length <= MAX_LENGTH) else {
            all = false;
            continue;
        };
        let known = |entry: &Entry| entry.date == date;
        if session.searched.files().get(&path).is_some_and(known) {
            continue;
        }
        let found = search_file(session, &path, &buffers, &mut projects, wins);
        let entry = Entry { date, found };
        session.searched.files().insert(path, entry);
    }
    all
}

fn paths(folders: &[PathBuf]) -> (Vec<PathBuf>, bool) {
    let (mut paths, mut all) = (Vec::new(), true);
    for folder in folders {
        let (some, complete) = workspace::python_files(folder, MAX_FILES - paths.len());
        paths.extend(some);
        all &= complete;
    }
    paths.sort();
    paths.dedup();
    (paths, all)
}

fn date(path: &Path) -> Option<(SystemTime, u64)> {
    let facts = path.metadata().ok()?;
    Some((facts.modified().ok()?, facts.len()))
}

fn search_file(
    session: &Session,
    path: &Path,
    buffers: &Buffers,
    projects: &mut HashMap<PathBuf, Project>,
    wins: Overrides,
) -> Vec<(String, Occurrence)> {
    let Ok(text) = std::fs::read_to_string(path) else {
        return Vec::new();
    };
    let engine = &session.questions.get().engine;
    let catalog = engine.catalog();
    let folder = path.parent().unwrap_or(Path::new(""));
    let project = projects.entry(folder.to_owned()).or_insert_with(|| {
        let texts = |path: &Path| text_of(buffers, path);
        Project::of_folder(folder, catalog, &texts)
    });
    let settings = Arc::new(project.file_settings(path, catalog, wins));
    let snapshot = Snapshot::once(engine, path, &text, settings);
    pages::all_occurrences(&snapshot)
}

/// The occurrences in a notebook by its cells, with the lines of those.
fn by_cell(file: InFile, cells: &CellTexts) -> Vec<InFile> {
    let mut by_cell: Vec<(usize, InFile)> = Vec::new();
    for mut occurrence in file.occurrences {
        let line = cells.joined().line_within(occurrence.line - 1);
        let Some((cell, line)) = line else { continue };
        occurrence.line = line + 1;
        match by_cell.last_mut() {
            Some((last, known)) if *last == cell => known.occurrences.push(occurrence),
            _ => {
                let of_cell = InFile {
                    name: format!("{}, cell {}", file.name, cell + 1),
                    address: file.address.clone(),
                    occurrences: vec![occurrence],
                };
                by_cell.push((cell, of_cell));
            }
        }
    }
    by_cell.into_iter().map(|(_, file)| file).collect()
}

/// The part of a question's page about the workspace's code. Blocks while open documents are analysed.
pub fn in_your_code(session: &Session, question: &str, search: Search) -> String {
    let link = |address: &str| session.pages.link_to(address);
    let files = files(session, question, &link);
    let missing = match search {
        Search::Running => Some("The other files of the workspace are still being searched."),
        Search::Done(false) => Some("Not every file of the workspace was searched."),
        Search::Done(true) => None,
    };
    let places = (question == workspace::QUESTION).then(|| session.state().project_places.clone());
    let mut places = places.unwrap_or_default();
    for place in &mut places {
        place.address = link(&place.address);
    }
    let project = pages::in_your_project(&places);
    project + &pages::in_your_code(&files, missing)
}

/// The places of a question in the workspace's code, as far as they are known. `link` makes of an address what a page links
/// to. Blocks while open documents are analysed.
pub fn files(session: &Session, question: &str, link: &dyn Fn(&str) -> String) -> Vec<InFile> {
    let (folders, readings) = {
        let mut state = session.state();
        let mut open = state.open_documents();
        open.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        let readings: Vec<Reading> = open.iter().filter_map(|uri| state.read(uri)).collect();
        (state.folders.clone(), readings)
    };
    let name = |path: &Path| {
        let inside = folders.iter().find_map(|f| path.strip_prefix(f).ok());
        let name = inside.or_else(|| path.file_name().map(Path::new));
        name.unwrap_or(path).to_string_lossy().replace('\\', "/")
    };
    let mut files: Vec<InFile> = Vec::new();
    for reading in &readings {
        let snapshot = reading.analysis.snapshot();
        let file = InFile {
            name: name(snapshot.file.path()),
            address: link(reading.analysis.uri.as_str()),
            occurrences: pages::occurrences(snapshot, question),
        };
        match &reading.analysis.cells {
            Some(cells) => files.extend(by_cell(file, cells)),
            None => files.push(file),
        }
    }
    let open_files = files.len();
    let is_open = |path: &Path| {
        let mut open = readings.iter().map(|r| r.analysis.snapshot().file.path());
        open.any(|open| open == path)
    };
    let searched = session.searched.files();
    for (path, entry) in searched.iter().filter(|(path, _)| !is_open(path)) {
        let here = entry.found.iter().filter(|(id, _)| id == question);
        let Some(uri) = tower_lsp::ls_types::Uri::from_file_path(path) else {
            continue;
        };
        files.push(InFile {
            name: name(path),
            address: link(uri.as_str()),
            occurrences: here.map(|(_, occurrence)| occurrence.clone()).collect(),
        });
    }
    drop(searched);
    // Open documents first, then by name.
    if let Some(others) = files.get_mut(open_files..) {
        others.sort_by(|a, b| a.name.cmp(&b.name));
    }
    files
}
