//! Replacing byte ranges of a text.

use std::ops::Range;

/// A replacement of a byte range.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextEdit {
    /// First byte of the replaced text (also the order in which edits are applied).
    pub start: usize,
    /// Byte after the last one of the replaced text; equal to `start` for an insertion.
    pub end: usize,
    /// What stands there afterwards.
    pub text: String,
}

impl TextEdit {
    /// Replaces `range` by `text`.
    pub fn replace(range: Range<usize>, text: impl Into<String>) -> Self {
        Self {
            start: range.start,
            end: range.end,
            text: text.into(),
        }
    }

    /// Inserts `text` before the byte `at`.
    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        Self::replace(at..at, text)
    }

    /// The replaced range.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether both edits touch the same byte, or insert at the same place.
    pub fn conflicts_with(&self, other: &Self) -> bool {
        if self.start == other.start && (self.start == self.end || other.start == other.end) {
            return self.start == self.end && other.start == other.end;
        }
        self.start < other.end && other.start < self.end
    }
}

/// Why edits cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Two edits replace the same text.
    #[error("two edits overlap at byte {0}")]
    Overlap(usize),
    /// A range ends before it starts, beyond the text, or inside a character.
    #[error("the edit's range {0}..{1} is not a range of this text")]
    Range(usize, usize),
}

/// Applies edits that all refer to `text`, in whatever order they are given. Insertions at the same place keep the
/// order of the slice.
///
/// # Errors
///
/// If two edits overlap or a range does not fit the text; nothing is applied then.
pub fn apply(text: &str, edits: &[TextEdit]) -> Result<String, EditError> {
    let mut order: Vec<&TextEdit> = edits.iter().collect();
    order.sort_by_key(|edit| (edit.start, edit.end));
    let mut result =
        String::with_capacity(text.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut done = 0;
    for edit in order {
        if edit.start < done {
            return Err(EditError::Overlap(edit.start));
        }
        let wrong = || EditError::Range(edit.start, edit.end);
        if !text.is_char_boundary(edit.end) || edit.end < edit.start {
            return Err(wrong());
        }
        result.push_str(text.get(done..edit.start).ok_or_else(wrong)?);
        result.push_str(&edit.text);
        done = edit.end;
    }
    result.push_str(text.get(done..).unwrap_or_default());
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn insertions_at_one_place_keep_their_order() {
        let edits = [
            TextEdit::insert(1, "x"),
            TextEdit::insert(1, "y"),
            TextEdit::replace(1..2, "B"),
        ];
        assert_eq!(apply("abc", &edits).unwrap(), "axyBc");
    }

    #[test]
    fn overlapping_and_impossible_edits_are_refused() {
        assert_eq!(
            apply(
                "abc",
                &[TextEdit::replace(0..2, ""), TextEdit::replace(1..3, "")]
            ),
            Err(EditError::Overlap(1))
        );
        assert_eq!(
            apply("abc", &[TextEdit::replace(2..9, "")]),
            Err(EditError::Range(2, 9))
        );
        assert_eq!(
            apply("é", &[TextEdit::insert(1, "x")]),
            Err(EditError::Range(1, 1))
        );
    }

    proptest! {
        #[test]
        fn applying_together_equals_applying_from_the_end(text in "[a-zé😀\r\n]{0,20}", cuts in proptest::collection::vec((0usize..24, 0usize..4, "[xyz]{0,3}"), 0..5)) {
            let mut bounds: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
            bounds.push(text.len());
            let mut edits = Vec::new();
            let mut from = 0;
            for (skip, len, new) in cuts {
                let start = from + skip % 5;
                let end = start + len;
                if end >= bounds.len() { break }
                edits.push(TextEdit::replace(bounds[start]..bounds[end], new));
                from = end + 1;
            }
            let mut naive = text.clone();
            for edit in edits.iter().rev() {
                naive.replace_range(edit.range(), &edit.text);
            }
            prop_assert_eq!(apply(&text, &edits).unwrap(), naive);
        }
    }
}
