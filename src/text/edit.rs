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

    /// One edit that does what this one and then `next` does, which refers to the text that this one makes; `None` if they
    /// do not touch each other.
    pub fn then(&self, next: &Self) -> Option<Self> {
        let made = self.start..self.start + self.text.len();
        if next.end < made.start || made.end < next.start {
            return None;
        }
        let before = next.start.saturating_sub(made.start);
        let kept_before = self.text.get(..before)?;
        let kept_behind = match next.end.checked_sub(made.start) {
            Some(end) if end < self.text.len() => self.text.get(end..)?,
            _ => "",
        };
        Some(Self {
            start: self.start.min(next.start),
            end: self.end + next.end.saturating_sub(made.end),
            text: [kept_before, next.text.as_str(), kept_behind].concat(),
        })
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

/// Adds edits to others, each of which refers to the text behind the one before it. What is typed in one place becomes one
/// edit.
pub fn follow(edits: &mut Vec<TextEdit>, more: Vec<TextEdit>) {
    for next in more {
        match edits.last().and_then(|last| last.then(&next)) {
            Some(both) => {
                edits.pop();
                edits.push(both);
            }
            None => edits.push(next),
        }
    }
}

/// Applies edits that all refer to `text`, in whatever order they are given. Insertions at the same place keep the
/// order of the slice.
///
/// # Errors
///
/// If two edits overlap or a range does not fit the text; nothing is applied then.
pub fn apply(text: &str, edits: &[TextEdit]) -> Result<String, EditError> {
    let order = check(text, edits)?;
    let mut result =
        String::with_capacity(text.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut done = 0;
    for edit in order {
        result.push_str(text.get(done..edit.start).unwrap_or_default());
        result.push_str(&edit.text);
        done = edit.end;
    }
    result.push_str(text.get(done..).unwrap_or_default());
    Ok(result)
}

/// Whether edits can be [applied](apply); in source order.
///
/// # Errors
///
/// If two edits overlap or a range does not fit the text.
pub fn check<'e>(text: &str, edits: &'e [TextEdit]) -> Result<Vec<&'e TextEdit>, EditError> {
    let mut order: Vec<&TextEdit> = edits.iter().collect();
    order.sort_by_key(|edit| (edit.start, edit.end));
    let mut done = 0;
    for edit in &order {
        if edit.start < done {
            return Err(EditError::Overlap(edit.start));
        }
        let fits = text.is_char_boundary(edit.start) && text.is_char_boundary(edit.end);
        if !fits || edit.end < edit.start {
            return Err(EditError::Range(edit.start, edit.end));
        }
        done = edit.end;
    }
    Ok(order)
}

/// The edits that do at once what `first` and then `second` do: those of `second` refer to the text that `first` makes.
/// What `second` does not touch stays as it is in `first`.
///
/// # Errors
///
/// If the edits of one of them overlap or do not fit their text.
pub fn compose(
    text: &str,
    first: &[TextEdit],
    second: &[TextEdit],
) -> Result<Vec<TextEdit>, EditError> {
    let between = apply(text, first)?;
    let mut first: Vec<&TextEdit> = first.iter().collect();
    first.sort_by_key(|edit| (edit.start, edit.end));
    let mut second: Vec<&TextEdit> = second.iter().collect();
    second.sort_by_key(|edit| (edit.start, edit.end));
    // Each edit of `first` with the range that its text has in the text between.
    let mut placed: Vec<(&TextEdit, Range<usize>)> = Vec::new();
    let (mut done, mut length) = (0, 0);
    for edit in first {
        let start = length + (edit.start - done);
        length = start + edit.text.len();
        done = edit.end;
        placed.push((edit, start..length));
    }
    let mut composed = Vec::new();
    let mut rest = placed.as_slice();
    let mut others = second.as_slice();
    // A place in the text between, moved by so much, is a place in `text`.
    let (mut kept_old, mut kept_new) = (0, 0);
    while let Some((next, tail)) = others.split_first() {
        // What lies wholly before it stays.
        while let Some(((edit, range), tail)) = rest.split_first()
            && range.end < next.start
        {
            composed.push((*edit).clone());
            (kept_old, kept_new) = (edit.end, range.end);
            rest = tail;
        }
        let mut cluster = next.range();
        let mut inside = vec![(*next).clone()];
        others = tail;
        let (mut first_start, mut last_end) = (None, None);
        loop {
            if let Some(((edit, range), tail)) = rest.split_first()
                && range.start <= cluster.end
            {
                first_start.get_or_insert((edit.start, range.start));
                last_end = Some((edit.end, range.end));
                cluster = cluster.start.min(range.start)..cluster.end.max(range.end);
                rest = tail;
            } else if let Some((edit, tail)) = others.split_first()
                && edit.start <= cluster.end
            {
                cluster.end = cluster.end.max(edit.end);
                inside.push((*edit).clone());
                others = tail;
            } else {
                break;
            }
        }
        let start = match first_start {
            Some((old, new)) if new == cluster.start => old,
            _ => kept_old + (cluster.start - kept_new),
        };
        if let Some(end) = last_end {
            (kept_old, kept_new) = end;
        }
        let end = kept_old + (cluster.end - kept_new);
        let wrong = || EditError::Range(cluster.start, cluster.end);
        let middle = between.get(cluster.clone()).ok_or_else(wrong)?;
        for edit in &mut inside {
            edit.start -= cluster.start;
            edit.end -= cluster.start;
        }
        composed.push(TextEdit::replace(start..end, apply(middle, &inside)?));
    }
    composed.extend(rest.iter().map(|(edit, _)| (*edit).clone()));
    Ok(composed)
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
    fn what_is_typed_in_one_place_is_one_edit() {
        let mut edits = Vec::new();
        let typed = (4..).zip("over".chars());
        follow(
            &mut edits,
            typed.map(|(at, c)| TextEdit::insert(at, c)).collect(),
        );
        follow(&mut edits, vec![TextEdit::replace(6..9, "")]);
        assert_eq!(edits, [TextEdit::replace(4..5, "ov")]);
        follow(&mut edits, vec![TextEdit::insert(9, "!")]);
        assert_eq!(edits.len(), 2);
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

    /// Edits that fit a text: each skips and replaces so many characters.
    fn edits_of(text: &str, cuts: Vec<(usize, usize, String)>) -> Vec<TextEdit> {
        let mut bounds: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
        bounds.push(text.len());
        let mut edits = Vec::new();
        let mut from = 0;
        for (skip, len, new) in cuts {
            let start = from + skip;
            let end = start + len;
            if end >= bounds.len() {
                break;
            }
            edits.push(TextEdit::replace(bounds[start]..bounds[end], new));
            from = end + usize::from(len == 0);
        }
        edits
    }

    proptest! {
        #[test]
        fn edits_that_follow_each_other_do_the_same_joined(
            text in "[a-zé\n]{0,12}",
            steps in proptest::collection::vec((0usize..16, 0usize..4, "[A-É]{0,3}"), 1..12),
        ) {
            let mut now = text.clone();
            let mut joined = Vec::new();
            for (at, length, new) in steps {
                let bounds: Vec<usize> = (0..=now.len()).filter(|at| now.is_char_boundary(*at)).collect();
                let start = at % bounds.len();
                let end = (start + length).min(bounds.len() - 1);
                let edit = TextEdit::replace(bounds[start]..bounds[end], new);
                now = apply(&now, std::slice::from_ref(&edit)).unwrap();
                follow(&mut joined, vec![edit]);
            }
            let mut followed = text;
            for edit in &joined {
                followed = apply(&followed, std::slice::from_ref(edit)).unwrap();
            }
            prop_assert_eq!(followed, now);
        }

        #[test]
        fn composed_edits_do_both_steps_at_once(
            text in "[a-zé\n]{0,24}",
            cuts in proptest::collection::vec((0usize..4, 0usize..4, "[A-É]{0,3}"), 0..5),
            more in proptest::collection::vec((0usize..4, 0usize..4, "[0-9]{0,3}"), 0..5),
        ) {
            let first = edits_of(&text, cuts);
            let between = apply(&text, &first).unwrap();
            let second = edits_of(&between, more);
            let both = compose(&text, &first, &second).unwrap();
            prop_assert_eq!(apply(&text, &both).unwrap(), apply(&between, &second).unwrap());
        }

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
