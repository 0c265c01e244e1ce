//! The questions and the engine that finds them in code, made ready once, by whoever needs them first.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::analysis::Engine;
use crate::catalog::Catalog;
use crate::content;

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
    /// Why these are not the questions that were asked for.
    pub problem: Option<String>,
}

impl Questions {
    /// The questions of a folder, or the built-in ones.
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self {
            folder,
            loaded: OnceLock::new(),
        }
    }

    /// Begins to make them ready on a thread of its own.
    pub fn prepare(self: &Arc<Self>) {
        let questions = Arc::clone(self);
        std::thread::spawn(move || {
            questions.get();
        });
    }

    /// The questions; the first call takes a while. The built-in ones stand in for a folder with mistakes.
    pub fn get(&self) -> &Loaded {
        self.loaded.get_or_init(|| {
            let mut problem = None;
            let mut note = |error: content::LoadError| {
                tracing::error!("{error}");
                problem.get_or_insert(error.to_string());
            };
            let folder = self.folder.as_deref();
            let engine = content::engine(folder)
                .map_err(&mut note)
                .or_else(|()| content::engine(None).map_err(&mut note))
                .or_else(|()| Engine::new(Arc::new(Catalog::default())).map(Arc::new))
                .unwrap_or_else(|_| unreachable!("no query fails to compile when there is none"));
            Loaded { engine, problem }
        })
    }
}
