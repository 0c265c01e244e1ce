//! The questions and the engine that finds them in code, made ready once, by whoever needs them first.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock, OnceLock};

use crate::analysis::{Engine, checks};
use crate::catalog::{self, Catalog, ContentError, Vocabulary};
use crate::fixes::rewrites;

/// The questions, loaded on first use: compiling their patterns takes longer than a client should wait for
/// `initialize`.
pub struct Questions {
    folder: Option<PathBuf>,
    loaded: OnceLock<Loaded>,
}

/// Questions that are ready.
pub struct Loaded {
    /// Their compiled patterns, with the questions themselves.
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
            let mut problems = Vec::new();
            // A mistake in the user's own questions must not cost the built-in ones.
            let engine = self
                .folder
                .as_deref()
                .and_then(|folder| {
                    prepare(catalog::with_folder(folder, &vocabulary()), &mut problems)
                })
                .or_else(|| prepare(catalog::embedded(&vocabulary()), &mut problems))
                .or_else(|| prepare(Ok(Catalog::default()), &mut problems))
                .unwrap_or_else(|| unreachable!("no pattern fails to compile when there is none"));
            Loaded { engine, problems }
        })
    }
}

/// The engine for questions that were loaded without mistakes; adds what is wrong to `problems` otherwise.
fn prepare(
    loaded: Result<Catalog, Vec<ContentError>>,
    problems: &mut Vec<String>,
) -> Option<Arc<Engine>> {
    match loaded {
        Ok(catalog) => match Engine::new(Arc::new(catalog)) {
            Ok(engine) => return Some(Arc::new(engine)),
            Err(error) => problems.push(format!("a pattern's query is wrong: {error}")),
        },
        Err(errors) => problems.extend(errors.iter().map(ToString::to_string)),
    }
    None
}

fn vocabulary() -> Vocabulary {
    static CHECKS: LazyLock<Vec<&str>> =
        LazyLock::new(|| checks::ALL.iter().map(|check| check.name).collect());
    static REWRITES: LazyLock<Vec<&str>> =
        LazyLock::new(|| rewrites::ALL.iter().map(|rewrite| rewrite.name).collect());
    Vocabulary {
        checks: &CHECKS,
        rewrites: &REWRITES,
    }
}
