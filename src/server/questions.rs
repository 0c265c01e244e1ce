//! The questions and the engine that finds them in code, made ready once, by whoever needs them first.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::analysis::Engine;
use crate::catalog::{self, Catalog};

/// The questions, loaded on first use: compiling their patterns takes longer than a client should wait for
/// `initialize`.
#[derive(Debug)]
pub struct Questions {
    folder: Option<PathBuf>,
    loaded: OnceLock<Loaded>,
}

/// Questions that are ready.
#[derive(Debug)]
pub struct Loaded {
    /// The questions.
    pub catalog: Arc<Catalog>,
    /// Their compiled patterns.
    pub engine: Arc<Engine>,
    /// What could not be loaded, one line each, for the user.
    pub problems: Vec<String>,
}

impl Questions {
    /// The built-in questions and those of a folder.
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self {
            folder,
            loaded: OnceLock::new(),
        }
    }

    /// The questions; the first call takes a while.
    pub fn get(&self) -> &Loaded {
        self.loaded.get_or_init(|| {
            let (catalog, problems) = match catalog::load(self.folder.as_deref()) {
                Ok(catalog) => (catalog, Vec::new()),
                Err(errors) => {
                    let problems = errors.iter().map(ToString::to_string).collect();
                    // The built-in questions do not suffer from a mistake in the user's own ones.
                    (catalog::embedded().unwrap_or_default(), problems)
                }
            };
            let catalog = Arc::new(catalog);
            Loaded {
                engine: Arc::new(Engine::new(Arc::clone(&catalog))),
                catalog,
                problems,
            }
        })
    }
}
