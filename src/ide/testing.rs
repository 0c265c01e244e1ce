//! What the tests of this module share: a small catalog, and files with a marked place.

use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use super::Snapshot;
use crate::analysis::{Engine, FileSettings};
use crate::content;

/// The questions that the tests of the command line use as well.
pub fn engine() -> &'static Arc<Engine> {
    static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/questions");
        content::engine(Some(&folder)).unwrap()
    });
    &ENGINE
}

/// A file as the program sees it.
pub fn snapshot(text: &str) -> Snapshot {
    let settings = Arc::new(FileSettings::default());
    Snapshot::new(engine(), Path::new("a.py"), text, settings)
}

/// The file without its mark `|`, and where the mark was.
pub fn at_mark(text: &str) -> (Snapshot, usize) {
    let offset = text.find('|').unwrap();
    (snapshot(&text.replacen('|', "", 1)), offset)
}

/// The text of a range.
pub fn source<'s>(snapshot: &'s Snapshot, range: &Range<usize>) -> &'s str {
    &snapshot.file.text()[range.clone()]
}
