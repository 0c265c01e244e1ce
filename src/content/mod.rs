//! The questions, ready to run: those compiled in, or those of a folder.

pub mod verify;

use std::path::Path;
use std::sync::Arc;

use crate::analysis::Engine;
use crate::catalog::{self, ContentError};
use crate::fixes::vocabulary;

/// Why there are no questions to work with.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Question files with mistakes, one line each.
    #[error("{}", lines(.0))]
    Content(Vec<ContentError>),
    /// A query that the checks of the content let through.
    #[error("a query does not compile: {0}")]
    Query(#[from] tree_sitter::QueryError),
}

/// Loads the questions of a folder (laid out as `<section>/<id>.md`, or with such a folder called `questions` in it),
/// or the ones compiled in.
///
/// # Errors
///
/// If the folder cannot be read or a question file has a mistake.
pub fn engine(folder: Option<&Path>) -> Result<Arc<Engine>, LoadError> {
    let catalog = match folder {
        Some(folder) => catalog::from_dir(&questions_in(folder), vocabulary()),
        None => catalog::embedded(),
    };
    let catalog = catalog.map_err(LoadError::Content)?;
    Ok(Arc::new(Engine::new(Arc::new(catalog))?))
}

fn questions_in(folder: &Path) -> std::path::PathBuf {
    let inner = folder.join("questions");
    if inner.is_dir() {
        inner
    } else {
        folder.to_owned()
    }
}

fn lines(errors: &[ContentError]) -> String {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    lines.join("\n")
}
