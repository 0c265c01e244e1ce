//! A file cut into parts that are parsed on their own.
//!
//! A file without syntax errors is one part. In any other file a single open bracket or quote, which is what most code is
//! while somebody types, makes one error of all that follows it. So such a file is cut where statements start in column 0,
//! and a part with an error grows over the next lines only as far as that mends it: a broken statement silences itself, not
//! the file.

use std::ops::Range;
use std::sync::Arc;

use super::syntax::Segment;

/// How many bytes a broken part may grow to while one more parse of it goes unnoticed.
const MOST_BYTES: usize = 1 << 16;

/// Parses a file, in several parts if it has syntax errors. There is always at least one.
pub fn segments(text: &Arc<str>) -> Vec<Segment> {
    let whole = Segment::parse(Arc::clone(text), 0);
    if !whole.root().has_error() {
        return vec![whole];
    }
    let cuts = cuts(text);
    if cuts.len() <= 1 {
        return vec![whole];
    }
    let mut segments: Vec<Segment> = Vec::new();
    let mut next = 0;
    while next < cuts.len() {
        let (segment, taken) = part(text, &cuts[next..]);
        segments.push(segment.behind(segments.last()));
        next += taken;
    }
    segments
}

/// The part that starts with the first of these ranges, and how many of them it covers.
fn part(text: &str, ranges: &[Range<usize>]) -> (Segment, usize) {
    let start = ranges[0].start;
    let slice = |end: usize| text.get(start..end).unwrap_or_default();
    let parse = |end: usize| Segment::parse(Arc::from(slice(end)), start);
    let alone = parse(ranges[0].end);
    if !alone.root().has_error() {
        return (alone, 1);
    }
    for taken in wider(text, ranges) {
        let end = ranges[taken - 1].end;
        if end - start > MOST_BYTES {
            break;
        }
        let merged = parse(end);
        if !merged.root().has_error() {
            return (merged, taken);
        }
    }
    (alone, 1)
}

/// How many ranges a broken part may need to be whole, in the order to try: recovering from an error is what costs most,
/// so only what is visibly open is tried again.
fn wider(text: &str, ranges: &[Range<usize>]) -> Vec<usize> {
    let of = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
    let first = of(&ranges[0]);
    for quotes in ["\"\"\"", "'''"] {
        if first.matches(quotes).count() % 2 == 1 {
            let start = ranges[0].start;
            let near = ranges
                .iter()
                .skip(1)
                .take_while(|r| r.end - start <= MOST_BYTES);
            // The line that closes one string may open the next.
            let quoted = near
                .enumerate()
                .filter(|(_, range)| of(range).contains(quotes));
            return quoted.map(|(index, _)| index + 2).take(3).collect();
        }
    }
    let count = |brackets: [char; 3]| first.matches(brackets).count();
    let open = count(['(', '[', '{']) > count([')', ']', '}']);
    let widths: &[usize] = if first.starts_with('@') {
        &[2, 3, 4]
    } else if open || first.trim_end().ends_with('\\') {
        &[2, 4, 8, 16]
    } else {
        &[]
    };
    widths
        .iter()
        .copied()
        .filter(|width| *width <= ranges.len())
        .collect()
}

/// The ranges between the lines on which a statement may start in column 0. They cover the whole text.
fn cuts(text: &str) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let mut line = 0;
    while let Some(offset) = text[line..].find(['\n', '\r']) {
        line += offset + 1;
        if starts_statement(&text[line..]) {
            starts.push(line);
        }
    }
    let ends = starts
        .iter()
        .skip(1)
        .copied()
        .chain(std::iter::once(text.len()));
    starts
        .iter()
        .copied()
        .zip(ends)
        .map(|(start, end)| start..end)
        .collect()
}

/// Whether a line starts with a word, a decorator or a string, and not with a word that continues a statement.
fn starts_statement(line: &str) -> bool {
    const CONTINUATIONS: [&str; 4] = ["else", "elif", "except", "finally"];
    let word: &str = line
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
        .unwrap_or_default();
    let first = line.chars().next();
    first.is_some_and(|c| c.is_alphabetic() || matches!(c, '_' | '@' | '"' | '\''))
        && !CONTINUATIONS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::syntax::Node;
    use proptest::prelude::*;

    /// The first lines of the statements that are intact.
    fn intact(text: &str) -> Vec<String> {
        let segments = segments(&Arc::from(text));
        let statements = segments
            .iter()
            .filter(|s| !s.root().has_error())
            .flat_map(|s| s.root().children());
        statements
            .map(|s| s.text().lines().next().unwrap_or_default().to_owned())
            .collect()
    }

    const BEFORE: &str = "import a\n\ndef first():\n    return 1\n\n";
    const AFTER: &str = "\n@decorated\ndef third():\n    return 3\n\nlast = 1\n";

    #[test]
    fn what_is_being_typed_silences_its_own_statement() {
        for typed in [
            "def second():\n    x = ask(\n",
            "def second():\n    x = \"ask\n",
            "def second():\n    x = [1, {2: (\n",
            "def second(:\n    pass\n",
            "async def second(a\n",
            "x = f'{\n",
            "class Second(\n",
            "x = (1,\n",
            "\"\"\"not closed\n",
            "def second():\n    '''not closed\n",
            "@\n",
        ] {
            let found = intact(&format!("{BEFORE}{typed}{AFTER}"));
            let expected = ["import a", "def first():", "@decorated", "last = 1"];
            assert!(
                expected.iter().all(|line| found.iter().any(|f| f == line)),
                "{typed:?}: {found:?}"
            );
        }
    }

    #[test]
    fn what_spans_several_lines_in_column_0_stays_whole() {
        let found = intact("x = \"\"\"\nimport b\nimport c\n\"\"\"\ny = (\n");
        assert_eq!(found, ["x = \"\"\""]);
        assert_eq!(intact("if a:\n    b\nelse:\n    c\ny = (\n"), ["if a:"]);
        assert_eq!(intact("x = (\n1,\n)\ny = (\n"), ["x = ("]);
    }

    #[test]
    fn a_file_without_errors_is_one_part() {
        assert_eq!(segments(&Arc::from(format!("{BEFORE}{AFTER}"))).len(), 1);
        assert_eq!(segments(&Arc::from("")).len(), 1);
    }

    proptest! {
        #[test]
        fn parts_cover_the_text_and_number_their_nodes_in_order(text in "(def f\\(:|    x = 1|y = \\(|\"\"\"|import a|@d|else:|[é(\\[\"'#]|\r\n|\r|\n){0,40}") {
            let segments = segments(&Arc::from(text.as_str()));
            let joined: String = segments.iter().map(|s| s.text().to_string()).collect();
            prop_assert_eq!(joined, text);
            let ids: Vec<_> = segments.iter().flat_map(|s| s.root().descendants()).map(Node::id).collect();
            prop_assert!(ids.is_sorted());
            for segment in &segments {
                for node in segment.root().descendants() {
                    prop_assert_eq!(segment.node(node.id()), Some(node));
                }
            }
        }
    }
}
