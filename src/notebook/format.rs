//! The file of a notebook: JSON, of which nothing is changed but the sources of cells.

use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;
use similar::{ChangeTag, TextDiff};

use super::Cells;
use crate::text::position::LineIndex;

/// Why a file is no notebook that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

/// A notebook as it is on the disk.
#[derive(Debug, Clone)]
pub struct Notebook {
    text: String,
    cells: Vec<Source>,
}

/// The source of a cell: a string, or a list of strings.
#[derive(Debug, Clone)]
struct Source {
    is_python: bool,
    /// All strings together.
    text: String,
    /// The whole value in the file.
    place: Range<usize>,
    is_list: bool,
    strings: Vec<Literal>,
}

#[derive(Debug, Clone)]
struct Literal {
    /// With its quotes, in the file.
    place: Range<usize>,
    /// In the cell.
    range: Range<usize>,
    /// From each of these bytes of the cell on, bytes of the file follow one for one.
    steps: Vec<(usize, usize)>,
}

#[derive(Deserialize)]
struct File<'f> {
    #[serde(borrow)]
    cells: Option<Vec<Cell<'f>>>,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Cell<'f> {
    #[serde(rename = "cell_type")]
    kind: String,
    #[serde(borrow)]
    source: &'f RawValue,
    #[serde(default)]
    metadata: CellMetadata,
}

#[derive(Default, Deserialize)]
struct Metadata {
    language_info: Option<Language>,
}

#[derive(Default, Deserialize)]
struct CellMetadata {
    vscode: Option<Language>,
}

#[derive(Deserialize)]
struct Language {
    #[serde(alias = "languageId")]
    name: Option<String>,
}

impl Language {
    fn is_foreign(language: Option<&Self>) -> bool {
        let name = language.and_then(|language| language.name.as_deref());
        name.is_some_and(|name| !matches!(name, "python" | "ipython"))
    }
}

impl Notebook {
    /// Reads a notebook.
    ///
    /// # Errors
    ///
    /// If the text is no JSON or no notebook.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let problem = |error: serde_json::Error| {
            let message = error.to_string();
            // The line is said already.
            let message = message
                .rsplit_once(" at line")
                .map_or(&*message, |(what, _)| what);
            Problem {
                line: error.line().max(1),
                message: format!("not a notebook: {message}"),
            }
        };
        let file: File<'_> = serde_json::from_str(text).map_err(problem)?;
        let cells = file.cells.ok_or_else(|| Problem {
            line: 1,
            message: "not a notebook, or one of a version before 4: it has no `cells`".to_owned(),
        })?;
        let other_language = Language::is_foreign(file.metadata.language_info.as_ref());
        let source = |cell: Cell<'_>| {
            let start = offset_in(text, cell.source.get());
            let mut source = Source::read(cell.source, start).map_err(|error| Problem {
                line: line_of(text, start) + error.line().max(1) - 1,
                message: format!("not a notebook: {error}"),
            })?;
            let other = other_language || Language::is_foreign(cell.metadata.vscode.as_ref());
            source.is_python = cell.kind == "code" && !other;
            Ok(source)
        };
        Ok(Self {
            cells: cells.into_iter().map(source).collect::<Result<_, _>>()?,
            text: text.to_owned(),
        })
    }

    /// The whole file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The source of a cell.
    pub fn source(&self, cell: usize) -> &str {
        self.cells.get(cell).map_or("", |source| &source.text)
    }

    /// All cells as one text.
    pub fn join(&self) -> Cells {
        let sources = self.cells.iter();
        Cells::join(sources.map(|source| source.is_python.then_some(&*source.text)))
    }

    /// The byte of the file at which a byte of a cell stands.
    pub fn place_in_file(&self, cell: usize, offset: usize) -> usize {
        let Some(source) = self.cells.get(cell) else {
            return 0;
        };
        let behind = source
            .strings
            .partition_point(|literal| literal.range.start <= offset);
        let Some(literal) = behind.checked_sub(1).and_then(|at| source.strings.get(at)) else {
            return source.place.start;
        };
        let offset = offset.min(literal.range.end);
        let step = literal.steps.partition_point(|(from, _)| *from <= offset);
        let step = step.checked_sub(1).and_then(|at| literal.steps.get(at));
        let (from, to) = step
            .copied()
            .unwrap_or((literal.range.start, literal.place.start + 1));
        to + (offset - from)
    }

    /// The notebook with other sources for some cells. Nothing else changes, and neither do the lines of a list that stay.
    #[must_use]
    pub fn with(&self, changed: &[(usize, String)]) -> Self {
        // What had no other characters gets none.
        let ascii = self.text.is_ascii();
        let mut text = self.text.clone();
        let mut changed: Vec<_> = changed.iter().collect();
        changed.sort_by_key(|(cell, _)| *cell);
        for (cell, new) in changed.into_iter().rev() {
            if let Some(source) = self.cells.get(*cell).filter(|source| source.text != *new) {
                let value = source.value_with(new, &self.text, ascii);
                text.replace_range(source.place.clone(), &value);
            }
        }
        // Only values that can be read were replaced by others.
        Self::parse(&text).unwrap_or_else(|_| self.clone())
    }
}

impl Source {
    fn read(value: &RawValue, start: usize) -> Result<Self, serde_json::Error> {
        let raw = value.get();
        let mut source = Self {
            is_python: false,
            text: String::new(),
            place: start..start + raw.len(),
            is_list: raw.starts_with('['),
            strings: Vec::new(),
        };
        let strings: Vec<&RawValue> = if source.is_list {
            serde_json::from_str(raw)?
        } else {
            vec![value]
        };
        for string in strings {
            let raw_string = string.get();
            let text: String = serde_json::from_str(raw_string)?;
            let from = source.text.len();
            let at = start + offset_in(raw, raw_string);
            source.text.push_str(&text);
            source.strings.push(Literal {
                place: at..at + raw_string.len(),
                range: from..source.text.len(),
                steps: steps(raw_string, from, at),
            });
        }
        Ok(source)
    }

    /// The value in the file for another text.
    fn value_with(&self, new: &str, file: &str, ascii: bool) -> String {
        if !self.is_list {
            return literal(new, ascii);
        }
        let between = |from: usize, to: usize| file.get(from..to).unwrap_or_default();
        let (Some(first), Some(last)) = (self.strings.first(), self.strings.last()) else {
            let lines = new.split_inclusive('\n').map(|line| literal(line, ascii));
            return format!("[{}]", lines.collect::<Vec<_>>().join(", "));
        };
        let lead = between(self.place.start + 1, first.place.start);
        let tail = between(last.place.end, self.place.end - 1);
        let gap = |after: usize| {
            let (one, next) = (self.strings.get(after)?, self.strings.get(after + 1)?);
            Some(between(one.place.end, next.place.start).to_owned())
        };
        let usual = gap(0).unwrap_or_else(|| {
            if lead.is_empty() {
                ", ".to_owned()
            } else {
                format!(",{lead}")
            }
        });
        let old: Vec<&str> = self
            .strings
            .iter()
            .map(|literal| &self.text[literal.range.clone()])
            .collect();
        let lines: Vec<&str> = new.split_inclusive('\n').collect();
        let mut value = format!("[{lead}");
        let mut before: Option<Option<usize>> = None;
        for change in TextDiff::from_slices(&old, &lines).iter_all_changes() {
            let kept = change.old_index();
            let string = match (change.tag(), kept) {
                (ChangeTag::Delete, _) => continue,
                (ChangeTag::Equal, Some(index)) => {
                    let place = &self.strings[index].place;
                    between(place.start, place.end).to_owned()
                }
                _ => literal(change.value(), ascii),
            };
            match before {
                None => {}
                Some(Some(index)) if kept == Some(index + 1) => {
                    value.push_str(&gap(index).unwrap_or_default());
                }
                Some(_) => value.push_str(&usual),
            }
            value.push_str(&string);
            before = Some(kept);
        }
        value + tail + "]"
    }
}

/// Where a part of a text begins in it.
fn offset_in(text: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

fn line_of(text: &str, offset: usize) -> usize {
    let encoding = crate::text::position::PositionEncoding::Utf8;
    LineIndex::new(text).position(text, offset, encoding).line as usize + 1
}

/// The steps of a literal that stands at a byte of the file and whose text begins at a byte of the cell.
fn steps(raw: &str, text_start: usize, raw_start: usize) -> Vec<(usize, usize)> {
    let (mut text_at, mut raw_at) = (text_start, raw_start + 1);
    let mut steps = vec![(text_at, raw_at)];
    let mut rest = raw.get(1..raw.len() - 1).unwrap_or_default();
    while let Some(at) = rest.find('\\') {
        let escape = rest.get(at..).unwrap_or_default();
        let length = match escape.as_bytes().get(1) {
            Some(b'u') if escape.get(2..4).is_some_and(is_surrogate) => 12,
            Some(b'u') => 6,
            _ => 2,
        };
        let length = length.min(escape.len());
        let means = serde_json::from_str::<String>(&format!("\"{}\"", &escape[..length]));
        text_at += at + means.map_or(0, |text| text.len());
        raw_at += at + length;
        steps.push((text_at, raw_at));
        rest = escape.get(length..).unwrap_or_default();
    }
    steps
}

/// Whether a code begins as the first half of a pair does.
fn is_surrogate(digits: &str) -> bool {
    u8::from_str_radix(digits, 16).is_ok_and(|high| (0xd8..0xdc).contains(&high))
}

/// A string as JSON.
fn literal(text: &str, ascii: bool) -> String {
    let json = serde_json::Value::from(text).to_string();
    if !ascii {
        return json;
    }
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() {
            escaped.push(character);
        } else {
            let units = character.encode_utf16(&mut [0; 2]).to_vec();
            escaped.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FILE: &str = "{\n \"metadata\": {\"b\": 1.0, \"a\": 2},\n \"cells\": [\n  {\"cell_type\": \"markdown\", \"source\": \"x\"},\n  \
        {\n   \"source\": [\n    \"x = '\\u00e9'\\n\",\n    \"\\n\",\n    \"y = 1\"\n   ],\n   \"cell_type\": \"code\",\n   \
        \"outputs\": [{\"text\": [\"1\\n\"]}]\n  },\n  {\"cell_type\": \"code\", \"source\": \"z = \\\"2\\\"\\n\"}\n ]\n}\n";

    #[test]
    fn sources_are_read_in_both_forms() {
        let notebook = Notebook::parse(FILE).unwrap();
        assert_eq!(notebook.source(1), "x = 'é'\n\ny = 1");
        assert_eq!(notebook.source(2), "z = \"2\"\n");
        assert_eq!(notebook.join().text(), "x = 'é'\n\ny = 1\nz = \"2\"\n");
    }

    #[test]
    fn only_the_lines_that_change_are_written() {
        let notebook = Notebook::parse(FILE).unwrap();
        let changed = |cell: usize, text: &str| notebook.with(&[(cell, text.to_owned())]).text;
        assert_eq!(changed(1, "x = 'é'\n\ny = 1"), FILE);
        assert_eq!(
            changed(1, "x = 'é'\n\nimport a\ny = 'ü'"),
            FILE.replace("\"y = 1\"", "\"import a\\n\",\n    \"y = '\\u00fc'\"")
        );
        assert_eq!(
            changed(1, "y = 1"),
            FILE.replace("\"x = '\\u00e9'\\n\",\n    \"\\n\",\n    ", "")
        );
        assert_eq!(
            changed(2, "z = '\t'\n"),
            FILE.replace("\"z = \\\"2\\\"\\n\"", "\"z = '\\t'\\n\"")
        );
    }

    #[test]
    fn places_are_found_in_the_file_again() {
        let notebook = Notebook::parse(FILE).unwrap();
        let place = |cell: usize, text: &str| {
            let offset = notebook.source(cell).find(text).unwrap();
            &FILE[notebook.place_in_file(cell, offset)..]
        };
        assert!(place(1, "y = 1").starts_with("y = 1\""));
        assert!(place(1, "'\n").starts_with("'\\n"));
        assert!(place(2, "2").starts_with("2\\"));
    }

    #[test]
    fn what_is_no_notebook_is_named_with_its_line() {
        let problem = |text: &str| Notebook::parse(text).unwrap_err().to_string();
        assert_eq!(
            problem("{\n \"cells\": [,]\n}"),
            "line 2: not a notebook: expected value"
        );
        assert_eq!(
            problem("{\"cells\": [\n{\"cell_type\": \"code\",\n\"source\": 3}]}"),
            "line 3: not a notebook: invalid type: integer `3`, expected a string at line 1 column 1"
        );
        assert!(problem("{\"worksheets\": []}").contains("before 4"));
        assert!(problem("").starts_with("line 1: "));
        let half = "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"\\ud83d\"]}]}";
        assert!(problem(half).starts_with("line 1: not a notebook"));
    }

    #[test]
    fn other_languages_are_left_alone() {
        let python = |text: &str| Notebook::parse(text).unwrap().join().range(0).is_some();
        let file = |metadata: &str, cell: &str| {
            format!(
                "{{\"metadata\": {metadata}, \"cells\": [{{\"cell_type\": \"code\", \"metadata\": {cell}, \"source\": []}}]}}"
            )
        };
        assert!(python(&file("{}", "{}")));
        assert!(!python(&file(
            "{\"language_info\": {\"name\": \"R\"}}",
            "{}"
        )));
        assert!(!python(&file(
            "{}",
            "{\"vscode\": {\"languageId\": \"sql\"}}"
        )));
    }

    proptest! {
        #[test]
        fn any_source_can_be_written_and_read_again(old in prop::collection::vec("[aé😀\"\\\\]{0,4}\n?", 0..5), new in "([aé😀\"\\\\\u{1}]|\n){0,12}", ascii: bool, compact: bool) {
            let items: Vec<String> = old.iter().map(|line| literal(line, ascii)).collect();
            let list = if compact { format!("[{}]", items.join(",")) } else { format!("[\n{}\n]", items.join(",\n ")) };
            let (before, after) = ("{\"cells\": [{\"cell_type\": \"code\", \"source\": ", "}], \"x\": 1 }\n");
            let file = format!("{before}{list}{after}");
            let notebook = Notebook::parse(&file).unwrap();
            prop_assert_eq!(notebook.source(0), old.concat());
            for (at, _) in notebook.source(0).char_indices() {
                let place = notebook.place_in_file(0, at);
                prop_assert!(file.is_char_boundary(place));
            }
            let changed = notebook.with(&[(0, new.clone())]);
            prop_assert_eq!(changed.source(0), new);
            prop_assert!(changed.text().starts_with(before) && changed.text().ends_with(after));
            prop_assert!(!file.is_ascii() || changed.text().is_ascii());
        }
    }
}
