//! Which Python files belong to a folder.

use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

/// So many entries of folders are looked at.
const MAX_ENTRIES: usize = 100_000;

/// The walk over what belongs to a folder: nothing that is hidden, ignored by git or part of a virtual environment. Links are
/// not followed.
pub fn walk(folder: &Path) -> WalkBuilder {
    let mut walk = WalkBuilder::new(folder);
    walk.require_git(false)
        .filter_entry(|entry| entry.depth() == 0 || !entry.path().join("pyvenv.cfg").exists());
    walk
}

/// Whether an entry of the walk is a Python file.
pub fn is_python_file(entry: &DirEntry) -> bool {
    entry.path().extension().is_some_and(|e| e == "py") && entry.path().is_file()
}

/// The Python files of a folder, sorted, and whether these are all: no more than `most` are listed, and a folder with more
/// than 100,000 entries is not gone through to its end.
pub fn python_files(folder: &Path, most: usize) -> (Vec<PathBuf>, bool) {
    let mut entries = walk(folder).build().filter_map(Result::ok);
    let mut found: Vec<PathBuf> = entries
        .by_ref()
        .take(MAX_ENTRIES)
        .filter(is_python_file)
        .map(DirEntry::into_path)
        .take(most + 1)
        .collect();
    let all = found.len() <= most && entries.next().is_none();
    found.truncate(most);
    found.sort();
    (found, all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_files_are_listed_than_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.py", "a.py", "c.txt"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let paths = ["a.py", "b.py"].map(|name| folder.path().join(name));
        assert_eq!(python_files(folder.path(), 2), (paths.to_vec(), true));
        let (some, all) = python_files(folder.path(), 1);
        assert_eq!((some.len(), all), (1, false));
    }
}
