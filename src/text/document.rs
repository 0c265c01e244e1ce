//! An open document: a rope that follows the changes a client sends.

use ropey::Rope;

use super::edit::TextEdit;
use super::position::{Position, PositionEncoding, rope_offset};

/// A change that a client made to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The replaced text, by the positions before this change; `None` replaces everything.
    pub range: Option<(Position, Position)>,
    /// What stands there afterwards.
    pub text: String,
}

/// The client's text and ours have parted: a change did not fit. Nothing is known about the text until the client
/// sends all of it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a change does not fit the document; it is ignored until its whole text arrives")]
pub struct OutOfStep;

/// The text of an open document at its latest version.
#[derive(Debug, Clone)]
pub struct Document {
    rope: Rope,
    version: i32,
    in_step: bool,
}

impl Document {
    /// A document that was just opened.
    pub fn new(text: &str, version: i32) -> Self {
        Self {
            rope: Rope::from_str(text),
            version,
            in_step: true,
        }
    }

    /// The text; `None` while the document is out of step. Cloning a rope is cheap.
    pub fn text(&self) -> Option<&Rope> {
        self.in_step.then_some(&self.rope)
    }

    /// The version number that the client gave to its latest change.
    pub fn version(&self) -> i32 {
        self.version
    }

    /// Applies changes in their order; each one refers to the text after the one before it. Answers them as edits of bytes
    /// in the same order.
    ///
    /// # Errors
    ///
    /// If the document is out of step afterwards, because a range is reversed or starts behind the end of the text.
    /// A change without a range ends that state.
    pub fn apply(
        &mut self,
        changes: &[Change],
        encoding: PositionEncoding,
        version: i32,
    ) -> Result<Vec<TextEdit>, OutOfStep> {
        self.version = version;
        let mut edits = Vec::new();
        for change in changes {
            match change.range {
                None => edits.push(self.replace_all(&change.text)),
                Some(_) if !self.in_step => {}
                Some((start, end)) => {
                    let edit = self.replace(start, end, &change.text, encoding);
                    self.in_step = edit.is_some();
                    edits.extend(edit);
                }
            }
        }
        if self.in_step {
            Ok(edits)
        } else {
            Err(OutOfStep)
        }
    }

    /// Takes over the whole text, for instance from a save; the version stays. Answers the difference as one edit of bytes.
    pub fn replace_all(&mut self, text: &str) -> TextEdit {
        let edit = difference(&self.rope.to_string(), text);
        self.rope = Rope::from_str(text);
        self.in_step = true;
        edit
    }

    fn replace(
        &mut self,
        start: Position,
        end: Position,
        text: &str,
        encoding: PositionEncoding,
    ) -> Option<TextEdit> {
        // One line behind the last is how clients say "the end of the document"; a change that starts further on was
        // made to a longer text than ours. Ends are clamped: "everything" is often written as a huge end.
        if end < start || start.line as usize > self.rope.len_lines() {
            return None;
        }
        let start = self.char_index(start, encoding)?;
        let end = self.char_index(end, encoding)?;
        let bytes = self.rope.char_to_byte(start)..self.rope.char_to_byte(end);
        self.rope.try_remove(start..end).ok()?;
        self.rope.try_insert(start, text).ok()?;
        Some(TextEdit::replace(bytes, text))
    }

    fn char_index(&self, position: Position, encoding: PositionEncoding) -> Option<usize> {
        let offset = rope_offset(&self.rope, position, encoding);
        self.rope.try_byte_to_char(offset).ok()
    }
}

/// The smallest single edit that makes one text of another.
fn difference(old: &str, new: &str) -> TextEdit {
    let same = |(a, b): &(char, char)| a == b;
    let bytes = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        pairs.take_while(same).map(|(a, _)| a.len_utf8()).sum()
    };
    let start = bytes(&mut old.chars().zip(new.chars()));
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let behind = bytes(&mut old_rest.chars().rev().zip(new_rest.chars().rev()));
    let changed = &new_rest[..new_rest.len() - behind];
    TextEdit::replace(start..old.len() - behind, changed)
}

#[cfg(test)]
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "the texts of the tests are short"
)]
mod tests {
    use super::*;
    use PositionEncoding::{Utf8, Utf16, Utf32};
    use proptest::prelude::*;

    fn change(from: (u32, u32), to: (u32, u32), text: &str) -> Change {
        Change {
            range: Some((Position::new(from.0, from.1), Position::new(to.0, to.1))),
            text: text.to_owned(),
        }
    }

    fn everything(text: &str) -> Change {
        Change {
            range: None,
            text: text.to_owned(),
        }
    }

    /// The text after the changes; `None` if the document is out of step.
    fn after(text: &str, changes: &[Change]) -> Option<String> {
        let mut document = Document::new(text, 1);
        let in_step = document.apply(changes, Utf16, 2).is_ok();
        assert_eq!(document.version(), 2);
        assert_eq!(document.text().is_some(), in_step);
        document.text().map(Rope::to_string)
    }

    #[test]
    fn changes_apply_in_order_each_to_the_text_before_it() {
        let changes = [
            change((0, 0), (0, 0), "x\n"),
            change((1, 1), (1, 2), "😀"),
            change((1, 3), (1, 3), "!"),
        ];
        assert_eq!(after("abc", &changes).as_deref(), Some("x\na😀!c"));
    }

    #[test]
    fn ends_beyond_the_text_are_clamped() {
        assert_eq!(
            after("ab\ncd\n", &[change((0, 0), (9999, 0), "x")]).as_deref(),
            Some("x")
        );
        assert_eq!(
            after("ab\ncd", &[change((2, 0), (2, 0), "x")]).as_deref(),
            Some("ab\ncdx")
        );
    }

    #[test]
    fn reversed_and_impossible_ranges_put_the_document_out_of_step() {
        assert_eq!(after("abc", &[change((0, 2), (0, 1), "x")]), None);
        assert_eq!(after("abc", &[change((7, 0), (8, 0), "x")]), None);
    }

    #[test]
    fn out_of_step_ends_with_the_whole_text() {
        let wrong = change((1, 0), (0, 0), "");
        let late = change((0, 0), (0, 0), "x");
        assert_eq!(after("abc", &[wrong.clone(), late.clone()]), None);
        assert_eq!(
            after("abc", &[wrong, everything("new"), late]).as_deref(),
            Some("xnew")
        );
    }

    /// Finds the position of a byte by counting, independently of the module under test.
    fn naive_position(text: &str, offset: usize, encoding: PositionEncoding) -> Position {
        let before = text[..offset].replace("\r\n", "\n").replace('\r', "\n");
        let line = before.matches('\n').count();
        let rest = before.rsplit('\n').next().unwrap_or_default();
        let character = match encoding {
            Utf8 => rest.len(),
            Utf16 => rest.encode_utf16().count(),
            Utf32 => rest.chars().count(),
        };
        Position::new(line as u32, character as u32)
    }

    proptest! {
        #[test]
        fn edits_give_what_a_plain_string_gives(
            text in "[ab\u{301}é😀\u{c}\u{2028}\r\n]{0,30}",
            edits in proptest::collection::vec((0usize..40, 0usize..6, "[xé😀\r\n]{0,4}"), 0..20),
            encoding in prop_oneof![Just(Utf8), Just(Utf16), Just(Utf32)],
        ) {
            let mut model = text.clone();
            let mut document = Document::new(&text, 0);
            for (version, (start, length, new)) in edits.into_iter().enumerate() {
                // No client can name the place between the two halves of a line break.
                let bounds: Vec<usize> = (0..=model.len())
                    .filter(|&at| model.is_char_boundary(at))
                    .filter(|&at| !(model[..at].ends_with('\r') && model[at..].starts_with('\n')))
                    .collect();
                let start = start.min(bounds.len() - 1);
                let end = (start + length).min(bounds.len() - 1);
                let range = bounds[start]..bounds[end];
                let changes = [Change {
                    range: Some((naive_position(&model, range.start, encoding), naive_position(&model, range.end, encoding))),
                    text: new.clone(),
                }];
                prop_assert!(document.apply(&changes, encoding, version as i32).is_ok());
                model.replace_range(range, &new);
                prop_assert_eq!(document.text().map(Rope::to_string), Some(model.clone()));
            }
        }

        #[test]
        fn no_change_panics(
            text in "[aé😀\r\n]{0,12}",
            ranges in proptest::collection::vec(((0u32..6, 0u32..9), (0u32..6, 0u32..9), "[a\n]{0,2}"), 0..8),
        ) {
            let mut document = Document::new(&text, 0);
            for (from, to, new) in ranges {
                let in_step = document.apply(&[change(from, to, &new)], Utf16, 1).is_ok();
                prop_assert_eq!(in_step, document.text().is_some());
            }
        }
    }
}
