//! Joining the lines that a fix made short enough, as formatters do: brackets whose content was broken only because it did
//! not fit stand on one line again where it fits.
//!
//! What somebody broke although it would have fitted stays broken, and so does what a trailing comma or a comment keeps
//! apart.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::wrapping::Pair;
use super::{FixContext, layout, width};
use crate::analysis::syntax::Node;
use crate::analysis::{FileSettings, SourceFile};
use crate::text::edit::{self, TextEdit};
use crate::text::position::columns;

/// A line break with the white space around it.
static BREAK: LazyLock<Regex> = LazyLock::new(|| pattern(r"[ \t]*(?:\r\n|\r|\n)\s*"));

/// What keeps lines apart in a text without strings of several lines: a comma before a closing bracket, and the dot of a
/// chain of calls.
static KEEPS: LazyLock<Regex> = LazyLock::new(|| pattern(r",\s*[\r\n]\s*[)\]}]|[\r\n]\s*\.[^.\d]"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap_or_else(|error| unreachable!("{error}"))
}

/// The edits of a fix, with the brackets around them on one line where they fit there now.
pub fn joined(file: &SourceFile, settings: &FileSettings, edits: Vec<TextEdit>) -> Vec<TextEdit> {
    let mut edits = edits;
    let mut limit = None;
    let mut at = 0;
    while let Some(edit) = edits.get(at) {
        let found = brackets_around(file, edit).into_iter().find_map(|pair| {
            let mut limit = || *limit.get_or_insert_with(|| width::allowed(file, settings));
            on_one_line(file, &edits, pair, &mut limit)
                .or_else(|| content_on_one_line(file, &edits, pair, &mut limit))
                .or_else(|| with_comma(file, &edits, pair))
        });
        if let Some(line) = found {
            edits.retain(|e| e.start < line.start || line.end < e.end);
            edits.insert(at.min(edits.len()), line);
        }
        at += 1;
    }
    edits
}

/// The brackets of several lines around an edit, outermost first.
fn brackets_around<'t>(file: &'t SourceFile, edit: &TextEdit) -> Vec<Pair<'t>> {
    let Some(node) = file.covering(edit.range()) else {
        return Vec::new();
    };
    let mut around: Vec<Node<'t>> = std::iter::once(node)
        .chain(node.ancestors())
        .take_while(|n| !n.is_any(&["block", "module"]))
        .collect();
    if around
        .iter()
        .any(|n| n.is("string") && n.range() != edit.range())
    {
        return Vec::new();
    }
    around.reverse();
    let follows = brackets_behind(file, edit);
    let holds = |pair: &Pair<'_>| {
        pair.open < edit.start && edit.end <= pair.close || follows == Some(pair.node)
    };
    around
        .into_iter()
        .chain(follows)
        .filter(|n| !n.is("import_from_statement"))
        .filter(|n| n.text().contains(['\n', '\r']))
        .filter_map(Pair::of)
        .filter(holds)
        .collect()
}

/// The brackets that an edit has in front of their lines: its line ends with the opening one.
fn brackets_behind<'t>(file: &'t SourceFile, edit: &TextEdit) -> Option<Node<'t>> {
    let line = file
        .text()
        .get(edit.end..layout::line_end(file, edit.end))?;
    let line = line.trim_end();
    let at = (edit.end + line.len()).checked_sub(1)?;
    let opened = line.ends_with(['(', '[', '{']);
    let node = file.covering(at..at + 1).filter(|_| opened)?;
    std::iter::once(node)
        .chain(node.ancestors())
        .take(2)
        .find(|n| Pair::of(*n).is_some_and(|pair| pair.open == at))
}

/// The edit that writes these brackets on one line, with all edits in them, if they did not fit there and now do.
fn on_one_line(
    file: &SourceFile,
    edits: &[TextEdit],
    pair: Pair<'_>,
    limit: &mut dyn FnMut() -> usize,
) -> Option<TextEdit> {
    let text = file.text();
    let start = layout::line_start(file, pair.open);
    let end = layout::line_end(file, pair.close);
    let (before, inside, behind) = (
        start..pair.open,
        pair.open + 1..pair.close,
        pair.close + 1..end,
    );
    // Around all that a statement is about, formatters write parentheses for the sake of the lines only.
    let superfluous = is_superfluous(pair.node);
    let brackets = if superfluous { 0 } else { 2 };
    let own = own_edits(edits, pair)?;
    let unfit = had_lines(text, &own) || {
        let content = one_line(&text[inside.clone()])?;
        let line = [&text[before.clone()], &content, &text[behind.clone()]].concat();
        columns(&line) + brackets > limit()
    };
    if !unfit {
        return None;
    }
    // An edit may take away what stands above.
    let across = edits.iter().find(|e| e.start < start && start < e.end);
    let above = across.map_or(start, |e| layout::line_start(file, e.start));
    let (before, content, behind) = (
        applied(text, edits, above..pair.open)?,
        one_line(&edited(text, edits, inside.clone())?)?,
        applied(text, edits, behind)?,
    );
    let head = before.rsplit(['\n', '\r']).next().unwrap_or_default();
    let tail = behind.split(['\n', '\r']).next().unwrap_or_default();
    if is_rigid(head) || is_rigid(tail) {
        return None;
    }
    let width = columns(head) + columns(&content) + columns(tail) + brackets;
    let range = if superfluous {
        pair.open..pair.close + 1
    } else {
        inside
    };
    (width <= limit()).then(|| TextEdit::replace(range, content))
}

/// The edit that writes the content of these brackets on a line of its own, with all edits in it, if it did not fit there
/// and now does.
fn content_on_one_line(
    file: &SourceFile,
    edits: &[TextEdit],
    pair: Pair<'_>,
    limit: &mut dyn FnMut() -> usize,
) -> Option<TextEdit> {
    let breaks = ['\n', '\r'];
    let text = file.text();
    let inside = pair.open + 1..pair.close;
    let own = own_edits(edits, pair)?;
    let after = edited(text, edits, inside.clone())?;
    let content = after.trim();
    let (opening, rest) = after.split_at(after.len() - after.trim_start().len());
    let closing = rest.get(content.len()..)?;
    if !content.contains(breaks) || !opening.contains(breaks) || !closing.contains(breaks) {
        return None;
    }
    let indentation = columns(opening.rsplit(breaks).next()?);
    let unfit = had_lines(text, &own)
        || indentation + columns(&one_line(text[inside.clone()].trim())?) > limit();
    let line = one_line(content).filter(|_| unfit)?;
    (indentation + columns(&line) <= limit())
        .then(|| TextEdit::replace(inside, format!("{opening}{line}{closing}")))
}

/// The edits inside brackets; `None` if there is something that they do not replace and whose lines must stay.
fn own_edits<'e>(edits: &'e [TextEdit], pair: Pair<'_>) -> Option<Vec<&'e TextEdit>> {
    let own: Vec<&TextEdit> = edits
        .iter()
        .filter(|e| pair.open < e.start && e.end <= pair.close)
        .collect();
    let replaced = |n: &Node<'_>| own.iter().any(|e| e.start <= n.start() && n.end() <= e.end);
    (!rigid_parts(pair.node).any(|n| !replaced(&n))).then_some(own)
}

/// Whether an edit takes lines away: what stood on several for its own sake did not fit on one.
fn had_lines(text: &str, edits: &[&TextEdit]) -> bool {
    let breaks = ['\n', '\r'];
    edits
        .iter()
        .any(|e| text[e.range()].contains(breaks) && !e.text.contains(breaks))
}

/// Whether parentheses are there only to let an expression have several lines.
fn is_superfluous(node: Node<'_>) -> bool {
    let needs_them = ["named_expression", "yield"];
    let bare = node.children().iter().all(|n| !n.is_any(&needs_them));
    let Some(parent) = node
        .parent()
        .filter(|_| node.is("parenthesized_expression") && bare)
    else {
        return false;
    };
    match parent.kind() {
        "assert_statement" | "delete_statement" | "return_statement" => true,
        "assignment" | "augmented_assignment" | "for_statement" => {
            parent.field("right") == Some(node)
        }
        "elif_clause" | "if_statement" | "while_statement" => {
            parent.field("condition") == Some(node)
        }
        _ => false,
    }
}

/// The edit that puts a comma behind the only parameter that is left of several, where it has a line of its own.
fn with_comma(file: &SourceFile, edits: &[TextEdit], pair: Pair<'_>) -> Option<TextEdit> {
    let inside = pair.open + 1..pair.close;
    if !pair.node.is("parameters") || rigid_parts(pair.node).next().is_some() {
        return None;
    }
    let after = edited(file.text(), edits, inside.clone())?;
    let (line, rest) = (after.trim_end(), &after[after.trim_end().len()..]);
    let alone = after.starts_with(['\n', '\r']) && rest.contains(['\n', '\r']);
    let several = pair.elements().len() > 1 && !line.trim().contains(['\n', '\r']);
    (alone && several && !line.trim().is_empty() && !line.contains([',', '*']))
        .then(|| TextEdit::replace(inside, format!("{line},{rest}")))
}

/// A part of a text with the edits in it; `None` if one reaches out of it, or writes what cannot be joined.
fn edited(text: &str, edits: &[TextEdit], part: Range<usize>) -> Option<String> {
    let within = |edit: &&TextEdit| part.start <= edit.start && edit.end <= part.end;
    let rigid = edits.iter().filter(within).any(|e| is_rigid(&e.text));
    applied(text, edits, part.clone()).filter(|_| !rigid)
}

/// A part of a text with the edits in it; `None` if one reaches out of it.
fn applied(text: &str, edits: &[TextEdit], part: Range<usize>) -> Option<String> {
    let mut own = Vec::new();
    for edit in edits {
        if part.start <= edit.start && edit.end <= part.end {
            let range = edit.start - part.start..edit.end - part.start;
            own.push(TextEdit::replace(range, edit.text.clone()));
        } else if edit.start < part.end && part.start < edit.end {
            return None;
        }
    }
    edit::apply(text.get(part)?, &own).ok()
}

/// Whether a text has signs of what must keep its lines.
fn is_rigid(text: &str) -> bool {
    let signs = ["#", "\"\"\"", "'''", "\\\n", "\\\r"];
    signs.iter().any(|sign| text.contains(sign))
}

/// The parts of a node whose lines must stay as they are.
fn rigid_parts(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    node.descendants().into_iter().filter(|n| match n.kind() {
        "comment" | "line_continuation" => true,
        "string" | "concatenated_string" => n.text().contains(['\n', '\r']),
        _ => false,
    })
}

/// The content of brackets on one line; `None` if something keeps its lines apart.
fn one_line(text: &str) -> Option<String> {
    if KEEPS.is_match(text) || text.trim_end().ends_with(',') {
        return None;
    }
    let mut line = String::with_capacity(text.len());
    let mut done = 0;
    for found in BREAK.find_iter(text) {
        line.push_str(&text[done..found.start()]);
        done = found.end();
        let opened = line.is_empty() || line.ends_with(['(', '[', '{']);
        let closes = text[done..].is_empty() || text[done..].starts_with([')', ']', '}']);
        if !opened && !closes {
            line.push(' ');
        }
    }
    line.push_str(&text[done..]);
    Some(line)
}

/// The text of an expression for another place, in a line that is indented by `to` and has `before` in front of it: on one
/// line if it had several only because it did not fit where it stood.
pub fn moved(cx: &FixContext<'_>, node: Node<'_>, to: &str, before: &str) -> String {
    let text = layout::reindented(node, to);
    let rigid = node.is("parenthesized_expression") || rigid_parts(node).next().is_some();
    if !text.contains(['\n', '\r']) || rigid {
        return text;
    }
    let Some(line) = one_line(node.text()) else {
        return text;
    };
    let rest = &cx.file.text()[node.end()..layout::line_end(cx.file, node.end())];
    let limit = width::allowed(cx.file, cx.settings);
    let old = columns(node.line_prefix()) + columns(&line) + columns(rest);
    let new = columns(to) + columns(before) + columns(&line);
    if old > limit && new <= limit {
        line
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixes::testing;

    /// The edit that replaces what is marked by `x`, whole lines by nothing.
    fn shorten(before: &mut String, old: &str) -> TextEdit {
        let start = before.len();
        before.push_str(old);
        let new = if old.contains('\n') { "" } else { "x" };
        TextEdit::replace(start..before.len(), new)
    }

    /// The text after each `‹old›` was shortened.
    #[track_caller]
    fn shortened(text: &str, after: &str) {
        assert_eq!(testing::laid_out(text, shorten, joined), after);
    }

    #[test]
    fn what_fits_now_stands_on_one_line() {
        shortened(
            "found = classify(\n    first, ‹the_second_of_all_arguments›\n)\n",
            "found = classify(first, x)\n",
        );
        shortened(
            "found = classify(\n    first,\n    second={\n        ‹\"the second\": 1, \"of all\": 2, \"them\": 4›\n    }\n)\n",
            "found = classify(first, second={x})\n",
        );
    }

    #[test]
    fn what_somebody_broke_or_keeps_apart_stays() {
        for text in [
            "found = classify(\n    first, ‹second›\n)\n",
            "found = classify(\n    first,\n    ‹the_second_of_all_arguments›,\n)\n",
            "found = classify(\n    first,  # why\n    ‹the_second_of_all_arguments›\n)\n",
            "found = classify(\n    \"one\"\n    \"two\",\n    ‹the_second_of_all_arguments›\n)\n",
        ] {
            let after = text
                .replace("‹second›", "x")
                .replace("‹the_second_of_all_arguments›", "x");
            shortened(text, &after);
        }
    }

    #[test]
    fn brackets_behind_a_shorter_name_stand_on_one_line() {
        shortened(
            "return ‹TheLongNameOfThisClass›(\n    first, second, third\n)\n",
            "return x(first, second, third)\n",
        );
        shortened(
            "‹the_long_name_of_this_table›[\n    first_key, second\n] += 1\n",
            "x[first_key, second] += 1\n",
        );
    }

    #[test]
    fn brackets_at_the_end_of_a_shorter_line_stand_on_one_line() {
        shortened(
            "‹the_table.setdefault(key, [])›.append(\n    first_item\n)\n",
            "x.append(first_item)\n",
        );
        shortened(
            "def ‹test_with_a_name_that_is_long›(\n    self, value\n) -> None:\n    pass\n",
            "def x(self, value) -> None:\n    pass\n",
        );
        for text in [
            "‹name›.append(\n    first_item\n)\n",
            "‹the_table.setdefault(key, [])›.append(\n    first_item,\n)\n",
            "‹the_table.setdefault(key, [])›.append(\n    first_item  # why\n)\n",
        ] {
            let after = text.replace("‹name›", "x");
            shortened(text, &after.replace("‹the_table.setdefault(key, [])›", "x"));
        }
    }

    #[test]
    fn what_stands_above_may_have_strings_of_several_lines() {
        let text =
            "‹›def ‹test_with_a_name_that_is_long›(\n    self, value\n) -> None:\n    pass\n";
        let lay_out = |file: &SourceFile, settings: &FileSettings, mut edits: Vec<TextEdit>| {
            edits[0].text = "@cases(\n    \"\"\"a\n    b\"\"\"\n)\n".to_owned();
            joined(file, settings, edits)
        };
        assert_eq!(
            testing::laid_out(text, shorten, lay_out),
            "@cases(\n    \"\"\"a\n    b\"\"\"\n)\ndef x(self, value) -> None:\n    pass\n"
        );
    }

    #[test]
    fn the_lines_above_may_go() {
        shortened(
            "if a:\n    ‹\"Gone.\"\n    ›classify(\n        ‹the_second_of_all_arguments›\n    )\n",
            "if a:\n    classify(x)\n",
        );
    }

    #[test]
    fn parentheses_that_only_held_lines_go() {
        shortened(
            "text = (\n    ‹\"the text that was here before it\"›\n)\n",
            "text = x\n",
        );
        shortened(
            "assert (\n    classify(‹the_text_of_all›)\n    == expected\n)\n",
            "assert classify(x) == expected\n",
        );
        shortened(
            "if (\n    ‹is_the_first_one(value)›\n    and is_good(value)\n):\n    pass\n",
            "if x and is_good(value):\n    pass\n",
        );
        shortened(
            "found = 2 * (\n    ‹the_first_part_of_all_of_them› + 1\n)\n",
            "found = 2 * (x + 1)\n",
        );
        for text in [
            "found = (\n    ‹value›\n)\n",
            "found = (\n    ‹the_first_part_of_all_of_them› + 1  # why\n)\n",
            "found = (\n    ‹the_first_part_of_all_of_them›,\n)\n",
        ] {
            let after = text.replace("‹value›", "x");
            shortened(text, &after.replace("‹the_first_part_of_all_of_them›", "x"));
        }
    }

    #[test]
    fn content_that_does_not_fit_beside_the_brackets_stands_on_one_line_inside() {
        shortened(
            "found = tuple(\n    ‹change(element)›\n    for element in all_elements\n)\n",
            "found = tuple(\n    x for element in all_elements\n)\n",
        );
        shortened(
            "found = tuple(\n    ‹change(element_of)›\n    for element in elements_of_all_of_them\n)\n",
            "found = tuple(\n    x\n    for element in elements_of_all_of_them\n)\n",
        );
    }

    #[test]
    fn only_the_brackets_that_fit_are_joined() {
        shortened(
            "found = [\n    classify(\n        one, ‹the_second_of_all_arguments›\n    ),\n    two,\n]\n",
            "found = [\n    classify(one, x),\n    two,\n]\n",
        );
    }
}
