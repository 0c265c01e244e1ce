//! The notebooks that the client has opened.
//!
//! Each cell is a document to the client. The cells are searched as one text, under the notebook's address, and what is found
//! is told with the addresses and positions of cells.

use std::collections::HashMap;
use std::ops::Range;

use ropey::Rope;
use tower_lsp::ls_types::{
    self, NotebookCell, NotebookCellKind, NotebookDocumentCellChange, Position, TextDocumentItem,
    Uri,
};

use super::from_proto;
use crate::notebook::Cells;
use crate::text::document::Document;
use crate::text::edit::TextEdit;
use crate::text::position::{PositionEncoding, rope_offset, rope_position};

/// An open notebook.
#[derive(Debug, Default)]
pub struct Notebook {
    /// In the order in which they stand.
    cells: Vec<NotebookCell>,
    /// The texts of those that are Python.
    documents: HashMap<Uri, Document>,
}

impl Notebook {
    /// A notebook that was just opened.
    pub fn new(cells: Vec<NotebookCell>, texts: Vec<TextDocumentItem>) -> Self {
        let mut notebook = Self {
            cells,
            documents: HashMap::new(),
        };
        notebook.open(texts);
        notebook
    }

    fn open(&mut self, texts: Vec<TextDocumentItem>) {
        for text in texts
            .into_iter()
            .filter(|text| text.language_id == "python")
        {
            let document = Document::new(&text.text, text.version);
            self.documents.insert(text.uri, document);
        }
    }

    /// Applies a change of cells.
    pub fn change(&mut self, change: NotebookDocumentCellChange, encoding: PositionEncoding) {
        if let Some(structure) = change.structure {
            let array = structure.array;
            let start = index(array.start).min(self.cells.len());
            let end = start
                .saturating_add(index(array.delete_count))
                .min(self.cells.len());
            self.cells
                .splice(start..end, array.cells.unwrap_or_default());
            for closed in structure.did_close.unwrap_or_default() {
                self.documents.remove(&closed.uri);
            }
            self.open(structure.did_open.unwrap_or_default());
        }
        for new in change.data.unwrap_or_default() {
            let known = self
                .cells
                .iter_mut()
                .find(|cell| cell.document == new.document);
            if let Some(cell) = known {
                *cell = new;
            }
        }
        for text in change.text_content.unwrap_or_default() {
            let Some(document) = self.documents.get_mut(&text.document.uri) else {
                continue;
            };
            let changes: Vec<_> = text.changes.into_iter().map(from_proto::change).collect();
            if let Err(error) = document.apply(&changes, encoding, text.document.version) {
                tracing::warn!("{}: {error}", text.document.uri.as_str());
            }
        }
    }

    /// The addresses of the cells.
    pub fn addresses(&self) -> impl Iterator<Item = &Uri> {
        self.cells.iter().map(|cell| &cell.document)
    }

    /// The cells at this moment; `None` while one of them is out of step.
    pub fn texts(&self) -> Option<CellTexts> {
        let texts = self.cells.iter().map(|cell| {
            let document = self.documents.get(&cell.document);
            let document = document.filter(|_| cell.kind == NotebookCellKind::CODE);
            let text = match document {
                Some(document) => Some((document.text()?.clone(), document.version())),
                None => None,
            };
            Some((cell.document.clone(), text))
        });
        texts.collect::<Option<Vec<_>>>().map(CellTexts::new)
    }
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The cells of a notebook at one moment.
#[derive(Debug)]
pub struct CellTexts {
    cells: Vec<(Uri, Option<(Rope, i32)>)>,
    joined: Cells,
}

impl CellTexts {
    fn new(cells: Vec<(Uri, Option<(Rope, i32)>)>) -> Self {
        let texts = cells
            .iter()
            .map(|(_, cell)| Some(cell.as_ref()?.0.to_string()));
        let texts: Vec<Option<String>> = texts.collect();
        Self {
            joined: Cells::join(texts.iter().map(Option::as_deref)),
            cells,
        }
    }

    /// All cells as one text.
    pub fn joined(&self) -> &Cells {
        &self.joined
    }

    /// The number of a cell.
    pub fn find(&self, uri: &Uri) -> Option<usize> {
        self.cells.iter().position(|(cell, _)| cell == uri)
    }

    /// The address of a cell.
    pub fn address(&self, index: usize) -> Option<&Uri> {
        self.cells.get(index).map(|(uri, _)| uri)
    }

    /// The text of a cell, and its version; `None` if it is no Python.
    pub fn text(&self, index: usize) -> Option<(&Rope, i32)> {
        let (rope, version) = self.cells.get(index)?.1.as_ref()?;
        Some((rope, *version))
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// The byte of the joined text at a position in a cell.
    pub fn offset(&self, index: usize, at: Position, encoding: PositionEncoding) -> Option<usize> {
        let (text, _) = self.text(index)?;
        let offset = rope_offset(text, from_proto::position(at), encoding);
        Some(self.joined.range(index)?.start + offset)
    }

    /// A range of the joined text as a cell's address and a range in it.
    pub fn place(
        &self,
        range: &Range<usize>,
        encoding: PositionEncoding,
    ) -> Option<(&Uri, ls_types::Range)> {
        let (index, range) = self.joined.within(range)?;
        let (text, _) = self.text(index)?;
        let position = |offset| position(text, offset, encoding);
        let range = ls_types::Range::new(position(range.start), position(range.end));
        Some((self.address(index)?, range))
    }

    /// Edits of the joined text by cells. `None` if they cannot be made in cells.
    pub fn split(&self, edits: &[TextEdit]) -> Option<Vec<EditsOf<'_>>> {
        let split = self.joined.split(edits)?.into_iter();
        let cell = |(index, edits)| {
            let (text, version) = self.text(index)?;
            Some(EditsOf {
                uri: self.address(index)?,
                version,
                text,
                edits,
            })
        };
        split.map(cell).collect()
    }
}

/// Edits of one document of the client.
#[derive(Debug)]
pub struct EditsOf<'t> {
    /// The document.
    pub uri: &'t Uri,
    /// Its version.
    pub version: i32,
    /// Its text, whose bytes the edits count in.
    pub text: &'t Rope,
    /// The edits.
    pub edits: Vec<TextEdit>,
}

/// The position of a byte of a text.
pub fn position(text: &Rope, offset: usize, encoding: PositionEncoding) -> Position {
    let position = rope_position(text, offset, encoding);
    Position::new(position.line, position.character)
}
