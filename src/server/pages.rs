//! Question pages as files in the user's cache folder, where an editor can open them.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use etcetera::BaseStrategy;
use tower_lsp::ls_types::Uri;

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

    /// How a page links to a file: by the way from the pages' folder if there is one, because previews of Markdown show
    /// no links with `file:`.
    pub fn link_to(&self, address: &str) -> String {
        let folder = self.folder.as_deref().and_then(Uri::from_file_path);
        let way = folder.and_then(|folder| way(folder.as_str(), address));
        way.unwrap_or_else(|| address.to_owned())
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

/// The relative reference from a folder to a file, both as addresses of files. None between drives.
pub(super) fn way(folder: &str, file: &str) -> Option<String> {
    let steps = |address: &str| {
        let path = address.strip_prefix("file:///")?;
        let steps = path.split('/').filter(|step| !step.is_empty());
        Some(steps.map(str::to_owned).collect::<Vec<_>>())
    };
    let (folder, file) = (steps(folder)?, steps(file)?);
    let common = folder.iter().zip(&file).take_while(|(a, b)| a == b).count();
    let on_drive = |steps: &[String]| {
        let first = steps.first().map(|step| step.to_ascii_lowercase());
        first.is_some_and(|first| first.ends_with(':') || first.ends_with("%3a"))
    };
    if common == 0 && (on_drive(&folder) || on_drive(&file)) {
        return None;
    }
    let up = vec![".."; folder.len() - common];
    let down = file[common..].iter().map(String::as_str);
    Some(up.into_iter().chain(down).collect::<Vec<_>>().join("/"))
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
    fn links_lead_from_the_pages_folder() {
        let folder = "file:///home/me/.cache/hotseat/questions";
        for (file, expected) in [
            ("file:///home/me/a%20b/c.py", Some("../../../a%20b/c.py")),
            ("file:///srv/c.py", Some("../../../../../srv/c.py")),
            ("untitled:Untitled-1", None),
        ] {
            assert_eq!(way(folder, file).as_deref(), expected, "{file}");
        }
        let folder = "file:///c%3A/Users/me/hotseat";
        let drive = |file| way(folder, file);
        assert_eq!(drive("file:///c%3A/p/a.py").unwrap(), "../../../p/a.py");
        assert_eq!(drive("file:///d%3A/p/a.py"), None);
        assert_eq!(drive("file:///c:/p/a.py"), None);
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
