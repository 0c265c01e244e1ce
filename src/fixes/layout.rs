//! How the file at hand is laid out: line endings, indentation, whole lines.

use std::ops::Range;

use super::draft::Withheld;
use crate::analysis::SourceFile;
use crate::analysis::syntax::Node;

/// The line ending that the file uses (its first one); `\n` for a file of one line.
pub fn newline(file: &SourceFile) -> &'static str {
    let text = file.text();
    match text.find(['\n', '\r']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        Some(at) if text[at..].starts_with('\r') => "\r",
        _ => "\n",
    }
}

/// One step of indentation: what the first indented block of the file uses; four spaces if there is none.
pub fn indent_unit(file: &SourceFile) -> String {
    for node in file.nodes() {
        if node.is("block")
            && let (Some(first), Some(parent)) = (node.children().first(), node.parent())
        {
            let (inner, outer) = (first.indentation(), parent.indentation());
            let own_line = first.line_prefix() == inner;
            if let Some(step) = inner
                .strip_prefix(outer)
                .filter(|step| own_line && !step.is_empty())
            {
                return step.to_owned();
            }
        }
    }
    "    ".to_owned()
}

/// The byte where the line of `at` starts.
pub fn line_start(file: &SourceFile, at: usize) -> usize {
    file.text()
        .get(..at)
        .and_then(|before| before.rfind(['\n', '\r']))
        .map_or(0, |i| i + 1)
}

/// The start of the line above the one that starts at `line_start`; `None` for the first line.
pub fn previous_line(file: &SourceFile, line_start: usize) -> Option<usize> {
    let before = file.text().get(..line_start)?;
    let above = before
        .strip_suffix("\r\n")
        .or_else(|| before.strip_suffix(['\n', '\r']))?;
    Some(above.rfind(['\n', '\r']).map_or(0, |i| i + 1))
}

/// The byte after the line ending of the line of `at` (the end of the text for the last line).
pub fn next_line(file: &SourceFile, at: usize) -> usize {
    let end = line_end(file, at);
    let rest = &file.text()[end..];
    end + if rest.starts_with("\r\n") {
        2
    } else {
        usize::from(!rest.is_empty())
    }
}

/// The byte where the line of `at` ends, before its line ending.
pub fn line_end(file: &SourceFile, at: usize) -> usize {
    file.text()
        .get(at..)
        .and_then(|after| after.find(['\n', '\r']))
        .map_or(file.text().len(), |i| at + i)
}

/// The whole lines of a node, line endings included; `None` if other code shares its first or last line. A comment
/// behind the node does not count as other code.
pub fn whole_lines(file: &SourceFile, node: Node<'_>) -> Option<Range<usize>> {
    let start = line_start(file, node.start());
    let end = next_line(file, node.end());
    let behind = file.text()[node.end()..line_end(file, node.end())].trim_start();
    let alone = file.text()[start..node.start()].trim().is_empty()
        && (behind.is_empty() || behind.starts_with('#'));
    alone.then_some(start..end)
}

/// The whole lines of a node, line endings included.
///
/// # Errors
///
/// If other code shares its first or last line.
pub fn own_lines(file: &SourceFile, node: Node<'_>) -> Result<Range<usize>, Withheld> {
    whole_lines(file, node).ok_or_else(|| Withheld::SharesLine(node.range()))
}

/// Requires that a node begins its line.
///
/// # Errors
///
/// If other code stands in front of it.
pub fn require_line_start(node: Node<'_>) -> Result<(), Withheld> {
    if node.line_prefix().trim().is_empty() {
        Ok(())
    } else {
        Err(Withheld::SharesLine(node.range()))
    }
}

/// Whole lines that are deleted, with the empty lines below them where those would be left at the start of a block or
/// below other empty lines. `node` is what stands in the lines.
pub fn with_gap(file: &SourceFile, node: Node<'_>, lines: Range<usize>) -> Range<usize> {
    let blank = |line: Range<usize>| file.text()[line].trim().is_empty();
    let first = node.previous().is_none() && node.parent().is_some_and(|p| p.is("block"));
    let above = previous_line(file, lines.start);
    let mut end = lines.end;
    if node.next().is_some()
        && (above.is_none_or(|above| blank(above..lines.start))
            || first && above.is_some_and(|above| !is_comment_line(file, above..lines.start)))
    {
        while end < file.text().len() && blank(end..next_line(file, end)) {
            end = next_line(file, end);
        }
    }
    lines.start..end
}

fn is_comment_line(file: &SourceFile, line: Range<usize>) -> bool {
    file.text()[line].trim_start().starts_with('#')
}

/// The text of whole lines with `step` put in front of each line that is not empty. `None` if a string or a line
/// continuation inside `node` spans lines that would change its meaning or look when moved.
pub fn indented(
    file: &SourceFile,
    node: Node<'_>,
    range: Range<usize>,
    step: &str,
) -> Option<String> {
    let text = file.text().get(range.clone())?;
    let rigid = node.descendants().into_iter().any(|n| {
        let lines = n.text().contains(['\n', '\r']);
        n.is("string") && lines && range.start <= n.start() && n.end() <= range.end
    });
    if rigid {
        return None;
    }
    let mut result = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while !rest.is_empty() {
        let end = match rest.find(['\n', '\r']) {
            Some(at) if rest[at..].starts_with("\r\n") => at + 2,
            Some(at) => at + 1,
            None => rest.len(),
        };
        let (line, after) = rest.split_at(end);
        if !line.trim().is_empty() {
            result.push_str(step);
        }
        result.push_str(line);
        rest = after;
    }
    Some(result)
}

/// The text of `node` for a place where its first line is indented by `to`: the other lines move along with it. A line
/// that begins inside a string stays as it is.
pub fn reindented(node: Node<'_>, to: &str) -> String {
    moved(node, node.range(), node.indentation(), to)
}

/// The text of a range inside `node` whose lines are indented by `from`, with `to` in its place: as [`reindented`] does it.
pub fn moved(node: Node<'_>, range: Range<usize>, from: &str, to: &str) -> String {
    let strings: Vec<Range<usize>> = node
        .descendants()
        .into_iter()
        .filter(|n| n.is("string") && n.text().contains(['\n', '\r']))
        .map(Node::range)
        .collect();
    let inside = range.start - node.start()..range.end - node.start();
    let text = node.text().get(inside).unwrap_or_default();
    let mut result = String::with_capacity(text.len() + 16);
    let mut at = range.start;
    for line in text.split_inclusive('\n') {
        let in_string = strings.iter().any(|s| s.start < at && at < s.end);
        match line.strip_prefix(from) {
            Some(rest) if at > range.start && !in_string && !line.trim().is_empty() => {
                result.push_str(to);
                result.push_str(rest);
            }
            _ => result.push_str(line),
        }
        at += line.len();
    }
    result
}

/// Whether a line of an expression ends outside of all brackets and strings in it: outside of brackets it
/// then needs some.
pub fn breaks_lines(node: Node<'_>) -> bool {
    let holds = [
        "argument_list",
        "dictionary",
        "dictionary_comprehension",
        "generator_expression",
        "list",
        "list_comprehension",
        "parenthesized_expression",
        "set",
        "set_comprehension",
        "string",
        "subscript",
        "tuple",
    ];
    let held: Vec<Range<usize>> = node
        .descendants()
        .into_iter()
        .filter(|n| n.is_any(&holds))
        .map(|n| match (n.kind(), n.field("value")) {
            ("subscript", Some(value)) => value.end()..n.end(),
            _ => n.range(),
        })
        .collect();
    node.text()
        .match_indices(['\n', '\r'])
        .map(|(at, _)| node.start() + at)
        .any(|at| !held.iter().any(|range| range.contains(&at)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn moved_lines_keep_their_depth_and_strings_their_text() {
        let text = "if x:\n    ask(\n        a,\n\n        \"\"\"one\n    two\"\"\",\n    )\n";
        let file = SourceFile::parse(Path::new("a.py"), text);
        let call = file.nodes().find(|n| n.is("call")).expect("a call");
        let moved = "ask(\n    a,\n\n    \"\"\"one\n    two\"\"\",\n)";
        assert_eq!(reindented(call, ""), moved);
    }
}
