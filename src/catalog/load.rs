//! Where questions come from: the ones compiled into the program, and folders on disk.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

use include_dir::{Dir, include_dir};
use rayon::prelude::*;

use super::error::{ContentError, ContentErrorKind};
use super::model::Catalog;
use super::parse::{ParsedFile, parse};
use super::skeleton::unfilled;
use super::validate::{check_file, check_names};

/// The questions without what only tests read.
static EMBEDDED: Dir<'_> = include_dir!("$OUT_DIR/questions");

/// Where the embedded questions stand in the repository; their paths start with it.
const EMBEDDED_ROOT: &str = "content/questions";

/// The names that content may use for what is written in Rust.
#[derive(Debug, Clone, Copy)]
pub struct Vocabulary {
    /// The names of the checks.
    pub checks: &'static [&'static str],
    /// The names of the rewrites.
    pub rewrites: &'static [&'static str],
}

/// The questions compiled into the program, without the cases of their patterns and the examples of their fixes. They were checked when the program was tested, so only what cannot be read
/// is reported: compiling every query and parsing every example again would make each start wait.
///
/// # Errors
///
/// Everything in them that cannot be read.
pub fn embedded() -> Result<Catalog, Vec<ContentError>> {
    let (sources, mut errors) = embedded_sources();
    let files: Vec<ParsedFile> = sources
        .par_iter()
        .map(|(path, source)| parse(path, source))
        .collect();
    errors.extend(files.iter().flat_map(|file| file.errors.iter().cloned()));
    if errors.is_empty() {
        Ok(assemble(files))
    } else {
        Err(errors)
    }
}

/// The questions in a folder that is laid out as `<section>/<id>.md`. A `README.md` is left alone.
///
/// # Errors
///
/// Everything that is wrong with them, or that the folder cannot be read.
pub fn from_dir(folder: &Path, vocabulary: &Vocabulary) -> Result<Catalog, Vec<ContentError>> {
    let (sources, mut errors) = sources_in(folder);
    match from_sources(sources, vocabulary) {
        Ok(catalog) if errors.is_empty() => Ok(catalog),
        Ok(_) => Err(errors),
        Err(more) => {
            errors.extend(more);
            Err(errors)
        }
    }
}

/// The questions in these texts. Each comes with the path that errors name; the file's stem is the question's id, the
/// folder it stands in is its section.
///
/// # Errors
///
/// Everything that is wrong with them, sorted by place.
pub fn from_sources(
    sources: Vec<(PathBuf, String)>,
    vocabulary: &Vocabulary,
) -> Result<Catalog, Vec<ContentError>> {
    let mut files = Vec::new();
    let mut errors = Vec::new();
    for (path, source) in sources {
        let file = parse(&path, &source);
        let places = unfilled(&source);
        let mut found = file.errors.clone();
        found.extend(check_file(&file));
        // What is still to be filled in is wrong for that reason, and not for any other.
        found.retain(|error| !places.iter().any(|(line, _)| *line == error.line));
        found.extend(places.into_iter().map(|(line, what)| ContentError {
            path: path.clone(),
            line,
            pattern: None,
            kind: ContentErrorKind::Unfilled(what),
        }));
        errors.append(&mut found);
        files.push(file);
    }
    errors.extend(check_names(&files, vocabulary));
    if errors.is_empty() {
        return Ok(assemble(files));
    }
    errors.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    Err(errors)
}

/// The texts compiled into the program, with their paths.
fn embedded_sources() -> (Vec<(PathBuf, String)>, Vec<ContentError>) {
    let mut sources = Vec::new();
    let mut errors = Vec::new();
    let files = EMBEDDED
        .dirs()
        .flat_map(Dir::files)
        .filter(|file| is_question(file.path()));
    for file in files {
        let path = Path::new(EMBEDDED_ROOT).join(file.path());
        match file.contents_utf8() {
            Some(text) => sources.push((path, text.to_owned())),
            None => errors.push(unreadable(&path, "it is not UTF-8")),
        }
    }
    (sources, errors)
}

/// The texts in a folder, with their paths, in the order of the paths.
fn sources_in(folder: &Path) -> (Vec<(PathBuf, String)>, Vec<ContentError>) {
    let mut sources = Vec::new();
    let mut errors = Vec::new();
    for section in entries(folder, &mut errors) {
        if !section.is_dir() {
            if is_question(&section) {
                let reason = "a question stands in the folder of its section";
                errors.push(ContentError {
                    path: section,
                    line: 1,
                    pattern: None,
                    kind: ContentErrorKind::Misplaced {
                        what: "this file",
                        reason,
                    },
                });
            }
            continue;
        }
        for path in entries(&section, &mut errors) {
            if is_question(&path) {
                match fs::read_to_string(&path) {
                    Ok(text) => sources.push((path, text)),
                    Err(error) => errors.push(unreadable(&path, &error.to_string())),
                }
            }
        }
    }
    (sources, errors)
}

fn entries(folder: &Path, errors: &mut Vec<ContentError>) -> Vec<PathBuf> {
    let read = || -> io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect()
    };
    match read() {
        Ok(mut paths) => {
            paths.sort();
            paths
        }
        Err(error) => {
            errors.push(unreadable(folder, &error.to_string()));
            Vec::new()
        }
    }
}

fn is_question(path: &Path) -> bool {
    path.extension() == Some(OsStr::new("md")) && path.file_stem() != Some(OsStr::new("README"))
}

fn unreadable(path: &Path, problem: &str) -> ContentError {
    ContentError {
        path: path.to_owned(),
        line: 1,
        pattern: None,
        kind: ContentErrorKind::Unreadable(problem.to_owned()),
    }
}

/// Puts the files in the order in which they are asked and their patterns into one table.
fn assemble(mut files: Vec<ParsedFile>) -> Catalog {
    files.sort_by(|a, b| {
        (a.question.order, &a.question.id).cmp(&(b.question.order, &b.question.id))
    });
    let mut catalog = Catalog::default();
    for (place, file) in files.into_iter().enumerate() {
        let mut question = file.question;
        for parsed in file.patterns {
            let mut pattern = parsed.pattern;
            pattern.question = place;
            catalog
                .patterns_by_id
                .insert(pattern.id.clone(), catalog.patterns.len());
            question.patterns.push(catalog.patterns.len());
            catalog.patterns.push(pattern);
        }
        catalog.questions_by_id.insert(question.id.clone(), place);
        catalog.questions.push(question);
    }
    catalog
}
