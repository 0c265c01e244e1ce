//! Question pages as files in the user's cache folder, where an editor can open them.

use std::collections::HashSet;
use std::fs;
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
        Some(file_of(self.folder.as_ref()?, question))
    }

    /// Writes a question's page, with something about the person's own code at its end, unless the file has this content
    /// already.
    ///
    /// # Errors
    ///
    /// If the question is unknown (`NotFound`) or the file cannot be written.
    pub fn write(
        &self,
        catalog: &Catalog,
        question: &str,
        in_your_code: &str,
    ) -> io::Result<PathBuf> {
        let text = ide::pages::question_page(catalog, question).ok_or_else(|| {
            let message = format!("there is no question `{question}`");
            io::Error::new(io::ErrorKind::NotFound, message)
        })?;
        self.save(question, &(text + in_your_code))
    }

    fn save(&self, question: &str, text: &str) -> io::Result<PathBuf> {
        let folder = self
            .folder
            .as_ref()
            .ok_or_else(|| io::Error::other("the user's cache folder is unknown"))?;
        let path = file_of(folder, question);
        if fs::read(&path).is_ok_and(|present| present == text.as_bytes()) {
            return Ok(path);
        }
        // Whatever goes wrong with the folder, it is not the question that is missing.
        let unwritable = |error| io::Error::other(format!("{}: {error}", path.display()));
        fs::create_dir_all(folder).map_err(unwritable)?;
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(unwritable)?;
        file.write_all(text.as_bytes()).map_err(unwritable)?;
        file.persist(&path)
            .map_err(|error| unwritable(error.error))?;
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
            if new && let Err(error) = self.write(catalog, question, "") {
                tracing::warn!("the page of `{question}` cannot be written: {error}");
            }
        }
    }
}

fn file_of(folder: &Path, question: &str) -> PathBuf {
    folder.join(format!("{question}.md"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_written_again_only_if_it_differs() {
        let folder = tempfile::tempdir().unwrap();
        let pages = Pages::in_folder(Some(folder.path().join("new").join("folder")));
        let path = pages.save("some-question", "answer").unwrap();
        assert_eq!(pages.path("some-question"), Some(path.clone()));
        assert_eq!(fs::read_to_string(&path).unwrap(), "answer");
        let written = || fs::metadata(&path).unwrap().modified().unwrap();
        let first = written();
        pages.save("some-question", "answer").unwrap();
        assert_eq!(written(), first);
        pages.save("some-question", "better answer").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "better answer");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn an_unknown_question_is_not_found_and_everything_else_is_another_error() {
        let kind = |pages: &Pages, question: &str| {
            let error = pages.write(&Catalog::default(), question, "").unwrap_err();
            error.kind()
        };
        let folder = tempfile::tempdir().unwrap();
        let pages = Pages::in_folder(Some(folder.path().to_owned()));
        assert_eq!(kind(&pages, "../escape"), io::ErrorKind::NotFound);
        let nowhere = Pages::in_folder(None).save("x", "").unwrap_err();
        assert_eq!(nowhere.kind(), io::ErrorKind::Other);
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let in_a_file = Pages::in_folder(Some(file)).save("x", "").unwrap_err();
        assert_eq!(in_a_file.kind(), io::ErrorKind::Other);
    }
}
