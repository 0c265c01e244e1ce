//! A person who types in an open file: the same few edits over and over.

use std::path::Path;
use std::sync::Arc;

use hotseat::analysis::Engine;
use hotseat::ide::Snapshot;
use hotseat::text::edit::TextEdit;

/// The small function in which something is typed.
pub const HEADER: &str = "def gathered(paths, items=[]):\n";

const DEFAULT: &str = "[]";

/// An open file, and the edits that are made in it in turn; after the last one the text is what it was at first.
pub struct Typist {
    engine: Arc<Engine>,
    /// `None` only while an edit is followed.
    snapshot: Option<Snapshot>,
    edits: Vec<TextEdit>,
    next: usize,
}

impl Typist {
    /// Turns the list in the [`HEADER`] that starts at `header` into a tuple, and back.
    pub fn toggling(engine: &Arc<Engine>, text: &str, header: usize) -> Self {
        let inside = HEADER.find(DEFAULT).expect("the header has a default");
        let start = header + inside;
        let edits = ["()", DEFAULT].map(|new| TextEdit::replace(start..start + DEFAULT.len(), new));
        Self::new(engine, text, edits.to_vec())
    }

    /// Opens a file. The edits together must leave the text as it was.
    pub fn new(engine: &Arc<Engine>, text: &str, edits: Vec<TextEdit>) -> Self {
        Self {
            engine: Arc::clone(engine),
            snapshot: Some(Snapshot::new(
                engine,
                Path::new("module.py"),
                text,
                Arc::default(),
            )),
            edits,
            next: 0,
        }
    }

    /// Makes the next edit and follows it.
    pub fn type_on(&mut self) {
        let edit = std::slice::from_ref(&self.edits[self.next]);
        self.snapshot = self.snapshot.take().map(|s| s.edited(&self.engine, edit));
        self.next = (self.next + 1) % self.edits.len();
    }
}
