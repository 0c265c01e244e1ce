//! Notebooks: cells of Python that run one after the other, as one text.
//!
//! All code cells of a notebook are looked at together, so that each knows the names of those before it. What is found is
//! taken back to the cells by its place in the joined text.

use std::ops::Range;

use crate::text::edit::TextEdit;

mod format;
mod magics;

pub use format::{Notebook, Problem};

/// The cells of a notebook as one text of Python. Lines that only `IPython` understands are replaced by others of the same
/// length that do nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cells {
    text: String,
    cells: Vec<Option<Cell>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Cell {
    /// Its bytes in the joined text, without the line break that separates it from the next one.
    range: Range<usize>,
    /// The bytes of the joined text that are not what the cell says.
    replaced: Vec<Range<usize>>,
    /// Behind the line that must stay the first one, as `%%time` must.
    head: usize,
}

impl Cells {
    /// Joins the sources of all cells; `None` for those that are no Python.
    pub fn join<'s>(sources: impl IntoIterator<Item = Option<&'s str>>) -> Self {
        let mut joined = Self::default();
        for source in sources {
            let python = source.and_then(magics::python);
            let cell = python.map(|python| {
                let start = joined.text.len();
                let shift = |range: &Range<usize>| range.start + start..range.end + start;
                joined.text.push_str(&python.text);
                let end = joined.text.len();
                if !python.text.ends_with('\n') {
                    joined.text.push('\n');
                }
                Cell {
                    range: start..end,
                    replaced: python.replaced.iter().map(shift).collect(),
                    head: start + python.head,
                }
            });
            joined.cells.push(cell);
        }
        joined
    }

    /// The joined text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many cells there are, those without Python included.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there are no cells at all.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The bytes of a cell in the joined text; `None` if it is no Python.
    pub fn range(&self, index: usize) -> Option<Range<usize>> {
        Some(self.cells.get(index)?.as_ref()?.range.clone())
    }

    /// The cell of a byte of the joined text.
    pub fn at(&self, offset: usize) -> Option<usize> {
        let starts = |cell: &Option<Cell>| cell.as_ref().is_some_and(|c| c.range.start <= offset);
        self.cells.iter().rposition(starts)
    }

    /// A range of the joined text as a range of the cell in which it starts. What goes on in the next cell is cut off.
    pub fn within(&self, range: &Range<usize>) -> Option<(usize, Range<usize>)> {
        let index = self.at(range.start)?;
        let cell = self.range(index)?;
        let clip = |offset: usize| offset.min(cell.end) - cell.start;
        Some((index, clip(range.start)..clip(range.end)))
    }

    /// A line of the joined text as a line of its cell, both from 0.
    pub fn line_within(&self, line: usize) -> Option<(usize, usize)> {
        let before: usize = self
            .text
            .split_inclusive('\n')
            .take(line)
            .map(str::len)
            .sum();
        let index = self.at(before)?;
        let above = self.text.get(..self.range(index)?.start)?;
        Some((index, line.checked_sub(above.matches('\n').count())?))
    }

    /// Edits of the joined text as edits of cells, whose bytes they count in. `None` if one of them goes across cells or
    /// touches what is not really written there.
    pub fn split(&self, edits: &[TextEdit]) -> Option<Vec<(usize, Vec<TextEdit>)>> {
        let mut by_cell: Vec<(usize, Vec<TextEdit>)> = Vec::new();
        for edit in edits {
            let (index, edit) = self.edit_of_cell(edit)?;
            match by_cell.iter_mut().find(|(of, _)| *of == index) {
                Some((_, edits)) => edits.push(edit),
                None => by_cell.push((index, vec![edit])),
            }
        }
        by_cell.sort_by_key(|(index, _)| *index);
        Some(by_cell)
    }

    fn edit_of_cell(&self, edit: &TextEdit) -> Option<(usize, TextEdit)> {
        let index = self.at(edit.start)?;
        let cell = self.cells.get(index)?.as_ref()?;
        let Range { start, end } = cell.range;
        let inserts = edit.start == edit.end;
        if inserts && edit.start == start && is_import(&edit.text) {
            let before = self.cells.iter().take(index).rposition(Option::is_some);
            if let Some(before) = before {
                return Some((before, self.appended(before, &edit.text)?));
            }
        }
        if inserts && (start..cell.head).contains(&edit.start) {
            let at = cell.head.min(end) - start;
            return Some((index, TextEdit::insert(at, edit.text.clone())));
        }
        if inserts && edit.start > end {
            return Some((index, self.appended(index, &edit.text)?));
        }
        let touches =
            |replaced: &Range<usize>| edit.start < replaced.end && replaced.start < edit.end;
        let inside =
            |replaced: &Range<usize>| replaced.start < edit.start && edit.start < replaced.end;
        if cell
            .replaced
            .iter()
            .any(|range| touches(range) || inside(range))
        {
            return None;
        }
        // The line break behind the last line is not the cell's.
        let separator = usize::from(self.text.get(end..=end) == Some("\n") && !self.is_ended(cell));
        let text = match edit.end {
            to if to <= end => edit.text.clone(),
            to if to == end + separator => edit
                .text
                .strip_suffix('\n')
                .unwrap_or(&edit.text)
                .to_owned(),
            _ => return None,
        };
        let range = edit.start.min(end) - start..edit.end.min(end) - start;
        Some((index, TextEdit::replace(range, text)))
    }

    /// Lines behind the last one of a cell.
    fn appended(&self, index: usize, lines: &str) -> Option<TextEdit> {
        let cell = self.cells.get(index)?.as_ref()?;
        let lines = lines.trim_end_matches('\n');
        let break_before = if cell.range.is_empty() || self.is_ended(cell) {
            ""
        } else {
            "\n"
        };
        Some(TextEdit::insert(
            cell.range.len(),
            format!("{break_before}{lines}"),
        ))
    }

    /// Whether the cell itself ends with a line break.
    fn is_ended(&self, cell: &Cell) -> bool {
        self.text
            .get(cell.range.clone())
            .is_some_and(|text| text.ends_with('\n'))
    }
}

fn is_import(text: &str) -> bool {
    text.ends_with('\n') && (text.starts_with("import ") || text.starts_with("from "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::edit::apply;

    const SOURCES: [Option<&str>; 5] = [
        Some("import os"),
        None,
        Some("%%time\nx = 1\ny = 2"),
        Some("%%bash\nls"),
        Some("!ls\nz = 3\n"),
    ];

    fn cells() -> Cells {
        Cells::join(SOURCES)
    }

    fn split(range: Range<usize>, text: &str) -> Option<Vec<(usize, Vec<TextEdit>)>> {
        cells().split(&[TextEdit::replace(range, text)])
    }

    /// The cell that an edit of the joined text changes, and what it says then.
    fn edited(range: Range<usize>, text: &str) -> (usize, String) {
        let split = split(range, text).unwrap();
        let [(index, edits)] = &split[..] else {
            panic!("one cell: {split:?}");
        };
        (*index, apply(SOURCES[*index].unwrap(), edits).unwrap())
    }

    fn cell(index: usize, text: &str) -> (usize, String) {
        (index, text.to_owned())
    }

    #[test]
    fn what_only_ipython_understands_does_nothing_and_takes_as_much_room() {
        let text = "import os\n#     \nx = 1\ny = 2\n#  \nz = 3\n";
        assert_eq!(cells().text(), text);
    }

    #[test]
    fn places_belong_to_the_cell_in_which_they_start() {
        let cells = cells();
        let y = cells.text().find('y').unwrap();
        assert_eq!(cells.within(&(y..y + 5)), Some((2, 13..18)));
        assert_eq!(cells.within(&(y..y + 9)), Some((2, 13..18)));
        assert_eq!(cells.at(9), Some(0), "the line break between two cells");
        assert_eq!((cells.range(1), cells.range(3)), (None, None));
        assert_eq!(Cells::default().at(0), None);
        assert_eq!(cells.line_within(3), Some((2, 2)));
        assert_eq!(cells.line_within(5), Some((4, 1)));
    }

    #[test]
    fn edits_go_to_their_cell() {
        let at = |text: &str| cells().text().find(text).unwrap();
        assert_eq!(
            edited(at("1")..at("1") + 1, "2"),
            cell(2, "%%time\nx = 2\ny = 2")
        );
        // A whole line, with the line break that separates the cells.
        assert_eq!(
            edited(at("y")..at("y") + 6, "y = 3\n"),
            cell(2, "%%time\nx = 1\ny = 3")
        );
        assert_eq!(edited(at("z")..at("z") + 5, "z"), cell(4, "!ls\nz\n"));
        let end = cells().text().len();
        assert_eq!(edited(end..end, "a\n"), cell(4, "!ls\nz = 3\na\n"));
    }

    #[test]
    fn imports_stand_with_those_of_the_cell_before_and_never_above_a_cell_magic() {
        assert_eq!(
            edited(10..10, "import asyncio\n"),
            cell(0, "import os\nimport asyncio")
        );
        assert_eq!(
            edited(10..10, "# note\n"),
            cell(2, "%%time\n# note\nx = 1\ny = 2")
        );
        assert_eq!(
            edited(0..0, "import asyncio\n"),
            cell(0, "import asyncio\nimport os")
        );
    }

    #[test]
    fn edits_across_cells_and_of_magics_are_refused() {
        let text = cells().text().to_owned();
        let (y, ls, z) = (
            text.find('y').unwrap(),
            text.find("#  \n").unwrap(),
            text.find('z').unwrap(),
        );
        assert_eq!(split(0..12, ""), None);
        assert_eq!(split(y..z, "a"), None);
        assert_eq!(split(ls..ls + 3, "a"), None);
        assert_eq!(split(ls + 1..ls + 1, "a"), None);
    }
}
