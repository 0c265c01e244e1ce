//! Giving the statements that share a line with others lines of their own: the body of `def f(): return x`, and what
//! stands behind a semicolon. Where such a line leaves no room for a fix, the fix is drafted for the unfolded text.

use std::ops::Range;

use super::layout;
use crate::analysis::syntax::Node;
use crate::analysis::{Capture, Match, SourceFile};
use crate::text::edit::TextEdit;

/// A file with some lines unfolded.
pub struct Unfolded {
    /// The file afterwards.
    pub file: SourceFile,
    /// The match as it is found there.
    pub found: Match,
    /// What was done to the text.
    pub edits: Vec<TextEdit>,
}

/// Unfolds the lines in which a place begins and ends; `None` if each statement there has its own, or a comment speaks
/// of such a line.
pub fn unfolded(file: &SourceFile, found: &Match, place: &Range<usize>) -> Option<Unfolded> {
    let mut joints = joints(file, place.start);
    joints.extend(self::joints(file, place.end));
    joints.sort_by_key(|joint| joint.gap.start);
    joints.dedup_by_key(|joint| joint.gap.start);
    if joints.is_empty() || joints.iter().any(|joint| joint.speaks_of_line(file)) {
        return None;
    }
    let newline = layout::newline(file);
    let unit = layout::indent_unit(file);
    let edits: Vec<TextEdit> = joints
        .iter()
        .map(|joint| {
            let deeper = if joint.in_body { unit.as_str() } else { "" };
            let line = format!("{newline}{}{deeper}", joint.indentation);
            TextEdit::replace(joint.gap.clone(), line)
        })
        .collect();
    let mut unfolded = file.clone();
    for edit in edits.iter().rev() {
        unfolded.edit(edit);
    }
    Some(Unfolded {
        file: unfolded,
        found: moved(found, &edits),
        edits,
    })
}

/// A place where two statements of one line meet.
struct Joint<'t> {
    /// From the end of the one, or the colon, to the start of the other.
    gap: Range<usize>,
    /// The white space before the statements of the line, or before the head of their body.
    indentation: &'t str,
    /// What follows is in a body that begins on the line.
    in_body: bool,
}

impl Joint<'_> {
    /// Whether the line ends in a comment: it is about all of the line, or for a program that reads it there.
    fn speaks_of_line(&self, file: &SourceFile) -> bool {
        let line = file.slice(self.gap.end..layout::line_end(file, self.gap.end));
        line.contains('#')
    }
}

/// The joints in the line of a byte.
fn joints(file: &SourceFile, at: usize) -> Vec<Joint<'_>> {
    let line = layout::line_start(file, at)..layout::line_end(file, at);
    let Some(around) = file.covering(line.clone()) else {
        return Vec::new();
    };
    around
        .walk_while(|n| n.start() < line.end && line.start < n.end())
        .into_iter()
        .filter(|n| line.contains(&n.start()))
        .filter_map(|n| joint(file, n))
        .collect()
}

/// The joint in front of a statement; `None` if it is none, or begins its line.
fn joint<'t>(file: &'t SourceFile, statement: Node<'t>) -> Option<Joint<'t>> {
    let block = statement
        .parent()
        .filter(|p| p.is_any(&["block", "module"]))?;
    if statement.is("comment") || statement.line_prefix().trim().is_empty() {
        return None;
    }
    let text = file.text();
    let before = text
        .get(..statement.start())?
        .trim_end_matches([' ', '\t', ';']);
    let first = block.children().first().copied()?;
    let in_body = !first.line_prefix().trim().is_empty();
    let outer = if in_body { block.parent()? } else { first };
    Some(Joint {
        gap: before.len()..statement.start(),
        indentation: outer.indentation(),
        in_body,
    })
}

/// A match after edits of white space around what it consists of.
fn moved(found: &Match, edits: &[TextEdit]) -> Match {
    let place = |at: usize| forward(edits, at);
    let range = |range: &Range<usize>| place(range.start)..place(range.end);
    let capture = |capture: &Capture| match capture {
        Capture::Range(captured) => Capture::Range(range(captured)),
        Capture::Text(text) => Capture::Text(text.clone()),
    };
    Match {
        range: range(&found.range),
        anchor: range(&found.anchor),
        captures: found
            .captures
            .iter()
            .map(|(name, captured)| (*name, capture(captured)))
            .collect(),
        related: found
            .related
            .iter()
            .map(|(place, text)| (range(place), text.clone()))
            .collect(),
        absorbed: found.absorbed.iter().map(|m| moved(m, edits)).collect(),
        ..found.clone()
    }
}

/// Where a byte of the text before is afterwards. `edits` are in source order, and the byte is in none of them.
fn forward(edits: &[TextEdit], at: usize) -> usize {
    let before = edits.iter().take_while(|edit| edit.end <= at);
    before.fold(at, |at, edit| {
        at + edit.text.len() - (edit.end - edit.start)
    })
}

/// Where a byte of the text afterwards was before; `None` if it is in what the edits wrote.
pub fn back(edits: &[TextEdit], at: usize) -> Option<usize> {
    let (mut written, mut replaced) = (0, 0);
    for edit in edits {
        let start = edit.start + written - replaced;
        if at < start {
            break;
        }
        if at < start + edit.text.len() {
            return (at == start).then_some(edit.start);
        }
        written += edit.text.len();
        replaced += edit.end - edit.start;
    }
    Some(at + replaced - written)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::analysis::FileSettings;
    use crate::fixes::settle;

    /// What becomes of awaits that stand one after the other.
    fn repaired(text: &str) -> String {
        let engine = crate::content::engine(None).expect("the questions");
        let file = SourceFile::parse(Path::new("a.py"), text);
        let all = |_: &Match, fix: &crate::fixes::Fix| fix.id == "awaits-to-gather";
        settle(&engine, &file, &FileSettings::default(), &all).text
    }

    #[test]
    fn the_lines_that_are_in_the_way_are_unfolded() {
        for (before, after) in [
            (
                "import asyncio\nasync def f(): a = await get_a(1) ; b = await get_b(2); return a, b\ndef g(): pass; return 1\n",
                "import asyncio\nasync def f():\n    a, b = await asyncio.gather(\n        get_a(1),\n        get_b(2),\n    )\n    return a, b\ndef g(): pass; return 1\n",
            ),
            (
                "import asyncio\nif a:\n\tasync def f(): a = await get_a(1); b = await get_b(2); return a, b;\n\n",
                "import asyncio\nif a:\n\tasync def f():\n\t\ta, b = await asyncio.gather(\n\t\t\tget_a(1),\n\t\t\tget_b(2),\n\t\t)\n\t\treturn a, b;\n\n",
            ),
            (
                "import asyncio\r\nasync def f():a = await get_a(1);b = await get_b(2);return a, b\r\n",
                "import asyncio\r\nasync def f():\r\n    a, b = await asyncio.gather(\r\n        get_a(1),\r\n        get_b(2),\r\n    )\r\n    return a, b\r\n",
            ),
            (
                "import a; b = 1\nasync def f(): a = await get_a(1); b = await get_b(2); return a, b\n",
                "import a; b = 1\nimport asyncio\nasync def f():\n    a, b = await asyncio.gather(\n        get_a(1),\n        get_b(2),\n    )\n    return a, b\n",
            ),
        ] {
            assert_eq!(repaired(before), after);
        }
    }

    #[test]
    fn a_line_with_a_comment_stays_as_it_is() {
        let text = "import asyncio\nasync def f(): a = await get_a(1); b = await get_b(2); return a, b  # so it is\n";
        assert_eq!(repaired(text), text);
    }

    #[test]
    fn places_of_the_unfolded_text_are_found_in_the_folded_one() {
        let edits = [
            TextEdit::replace(2..4, "\n    "),
            TextEdit::replace(6..7, "\n"),
        ];
        // `ab; cd;e` becomes `ab`, `    cd`, `e`.
        for (old, new) in [(0, 0), (1, 1), (4, 7), (5, 8), (7, 10)] {
            assert_eq!(forward(&edits, old), new);
            assert_eq!(back(&edits, new), Some(old));
        }
        assert_eq!(back(&edits, 4), None);
    }
}
