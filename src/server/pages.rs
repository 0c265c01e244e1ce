//! Question pages as files in the user's cache folder, where an editor can open them.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use etcetera::BaseStrategy;

use crate::catalog::Catalog;
use crate::ide;

/// The folder of the pages.
#[derive(Debug)]
pub struct Pages {
    folder: Option<PathBuf>,
    written: Mutex<HashSet<String>>,
}

impl Pages {
    /// Pages in the user's cache folder, if the user has one.
    pub fn in_user_cache() -> Self {
        let base = etcetera::choose_base_strategy().ok();
        Self::in_folder(base.map(|base| base.cache_dir().join("hotseat").join("questions")))
    }

    fn in_folder(folder: Option<PathBuf>) -> Self {
        Self {
            folder,
            written: Mutex::default(),
        }
    }

    /// The file of a question's page, whether it is written yet or not.
    pub fn path(&self, question: &str) -> Option<PathBuf> {
        let folder = self.folder.as_ref()?;
        Some(folder.join(format!("{question}.md")))
    }

    /// Writes a question's page unless the file has this content already.
    ///
    /// # Errors
    ///
    /// If the question is unknown or the file cannot be written; the message says which.
    pub fn write(&self, catalog: &Catalog, question: &str) -> io::Result<PathBuf> {
        let text = ide::pages::question_page(catalog, question).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::NotFound,
                format!("there is no question `{question}`"),
            )
        })?;
        let path = self
            .path(question)
            .ok_or_else(|| io::Error::other("the user's cache folder is unknown"))?;
        if std::fs::read(&path).is_ok_and(|present| present == text.as_bytes()) {
            return Ok(path);
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(&path)?;
        Ok(path)
    }

    /// Makes sure that the pages that links lead to exist. Each page is looked at once in the life of the server;
    /// a page that cannot be written is only logged.
    pub fn write_once<'q>(&self, catalog: &Catalog, questions: impl IntoIterator<Item = &'q str>) {
        for question in questions {
            let new = self
                .written
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(question.to_owned());
            if new && let Err(error) = self.write(catalog, question) {
                tracing::warn!("the page of `{question}` cannot be written: {error}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_written_once_and_again_only_if_it_differs() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = crate::catalog::embedded().unwrap();
        let pages = Pages::in_folder(Some(folder.path().join("new")));
        let path = pages.write(&catalog, "gather-vs-wait").unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("gather"), "{text}");
        let modified = || std::fs::metadata(&path).unwrap().modified().unwrap();
        let first = modified();
        pages.write(&catalog, "gather-vs-wait").unwrap();
        assert_eq!(modified(), first);
        std::fs::write(&path, "old").unwrap();
        pages.write(&catalog, "gather-vs-wait").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }

    #[test]
    fn an_unknown_question_and_an_unknown_folder_are_errors() {
        let catalog = crate::catalog::embedded().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let pages = Pages::in_folder(Some(folder.path().to_owned()));
        assert!(pages.write(&catalog, "../escape").is_err());
        let nowhere = Pages::in_folder(None);
        assert!(nowhere.write(&catalog, "gather-vs-wait").is_err());
    }
}
