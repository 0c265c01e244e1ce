//! Edits of a project's `pyproject.toml`. The client makes them, in its buffer if it has the file open.

use std::path::{Path, PathBuf};

use ropey::Rope;
use tower_lsp::ls_types::{
    CreateFile, CreateFileOptions, DocumentChangeOperation, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, Position, Range, ResourceOp, TextDocumentEdit,
    TextEdit, Uri, WorkspaceEdit,
};

use super::capabilities::ClientCapabilities;
use super::from_proto;
use super::session::Session;
use super::state::{Reading, State};
use crate::ide::ProjectChange;
use crate::project::{self, changed, on_disk};
use crate::text::document::Document;
use crate::text::edit::TextEdit as Edit;
use crate::text::position::rope_position;

/// The same change as an insertion in front of the text's last line break, if it is one behind it: editors do not agree
/// about a line that follows the last one.
fn before_the_last_break(text: &str, edit: Edit) -> Edit {
    let newline = if text.ends_with("\r\n") { "\r\n" } else { "\n" };
    let at_end = edit.range() == (text.len()..text.len());
    match (text.strip_suffix(newline), edit.text.strip_suffix(newline)) {
        (Some(above), Some(new)) if at_end => Edit::insert(above.len(), format!("{newline}{new}")),
        _ => edit,
    }
}

/// Where a new `pyproject.toml` would be: in the file's workspace folder, if the client can create it.
fn new(state: &State, file: &Path) -> Option<PathBuf> {
    let around = state
        .folders
        .iter()
        .filter(|folder| file.starts_with(folder));
    let nearest = around.max_by_key(|folder| folder.as_os_str().len())?;
    state
        .client
        .creates_files
        .then(|| nearest.join("pyproject.toml"))
}

/// A project's `pyproject.toml` as it is for the client.
pub struct Target {
    uri: Uri,
    text: String,
    /// The version, if the client has told that the file is open.
    version: Option<i32>,
    /// Whether there is a file at all.
    exists: bool,
    /// The path of the document that actions were asked for, from the project's folder on.
    file: String,
}

impl Target {
    /// The nearest `pyproject.toml` at or above a document, else a new one in the document's workspace folder. `None` if
    /// the client cannot change it.
    pub fn of(session: &Session, document: &Uri) -> Option<Self> {
        let path = from_proto::file(document)?;
        let present = project::settings_file(&path);
        let state = session.state();
        let exists = present.is_some();
        let target = present.or_else(|| new(&state, &path))?;
        let uri = Uri::from_file_path(&target)?;
        let (uri, text, version) = match state.project_file(&target) {
            Some((uri, open)) => (uri.clone(), open.text()?.to_string(), Some(open.version())),
            None if exists => (uri, on_disk(&target)?, None),
            None => (uri, String::new(), None),
        };
        let file = path
            .strip_prefix(target.parent().unwrap_or(Path::new("")))
            .ok()?;
        Some(Self {
            uri,
            text,
            version,
            exists,
            file: file.to_string_lossy().replace('\\', "/"),
        })
    }

    /// Whether there is one for a document, as far as is known without looking at the disk.
    pub fn is_there(session: &Session, reading: &Reading) -> bool {
        let Some(path) = from_proto::file(&reading.analysis.uri) else {
            return false;
        };
        reading.analysis.has_settings_file() || new(&session.state(), &path).is_some()
    }

    /// The edit that makes a change; `None` if it cannot be made or has been made already.
    pub fn edit(
        &self,
        change: &ProjectChange,
        client: &ClientCapabilities,
    ) -> Option<WorkspaceEdit> {
        let after = changed(&self.text, change, &self.file)?;
        let before = Rope::from_str(&self.text);
        let difference = Document::new(&self.text, 0).replace_all(&after);
        let difference = before_the_last_break(&self.text, difference);
        let position = |offset: usize| {
            let position = rope_position(&before, offset, client.encoding);
            Position::new(position.line, position.character)
        };
        let bytes = difference.range();
        let edit = TextEdit {
            range: Range::new(position(bytes.start), position(bytes.end)),
            new_text: difference.text,
        };
        if !client.versioned_edits {
            return Some(WorkspaceEdit {
                changes: Some([(self.uri.clone(), vec![edit])].into()),
                ..WorkspaceEdit::default()
            });
        }
        let edit = TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier {
                uri: self.uri.clone(),
                version: self.version,
            },
            edits: vec![OneOf::Left(edit)],
        };
        let changes = if self.exists {
            DocumentChanges::Edits(vec![edit])
        } else {
            // Whatever stands there by then is not replaced.
            let create = CreateFile {
                uri: self.uri.clone(),
                options: Some(CreateFileOptions {
                    overwrite: Some(false),
                    ignore_if_exists: Some(false),
                }),
                annotation_id: None,
            };
            DocumentChanges::Operations(vec![
                DocumentChangeOperation::Op(ResourceOp::Create(create)),
                DocumentChangeOperation::Edit(edit),
            ])
        };
        Some(WorkspaceEdit {
            document_changes: Some(changes),
            ..WorkspaceEdit::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::edit::apply;

    #[test]
    fn what_is_appended_goes_in_front_of_the_last_line_break() {
        for (before, after, start) in [
            ("a\n", "a\nb\n", 1),
            ("a\r\n", "a\r\nb\r\n", 1),
            ("a", "a\nb\n", 1),
            ("", "b\n", 0),
            ("a\nc\n", "a\nb\nc\n", 2),
        ] {
            let edit = Document::new(before, 0).replace_all(after);
            let edit = before_the_last_break(before, edit);
            assert_eq!(edit.range().start, start, "{before:?}");
            assert_eq!(apply(before, &[edit]).as_deref(), Ok(after));
        }
    }
}
