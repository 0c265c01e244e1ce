//! Adding arguments to a call.

use crate::analysis::SourceFile;
use crate::analysis::syntax::Node;
use crate::text::edit::TextEdit;

use super::layout;

/// Adds an argument behind the last one of a call, in the layout that the arguments have: on a line of its own if the
/// last one begins a line and the closing parenthesis another, and with a trailing comma if there is one, or if it is the
/// first of several lines. A call whose argument is a bare generator expression is left alone.
pub fn append(file: &SourceFile, call: Node<'_>, argument: &str) -> Vec<TextEdit> {
    let Some(list) = call
        .field("arguments")
        .filter(|list| list.is("argument_list"))
    else {
        return Vec::new();
    };
    let Some(last) = list.children().last().copied() else {
        return vec![TextEdit::insert(list.start() + 1, argument)];
    };
    let comma = list
        .tokens()
        .into_iter()
        .find(|t| t.is(",") && t.start() >= last.end());
    let closing = list.tokens().into_iter().rfind(|t| t.is(")"));
    let own_lines = last.line_prefix().trim().is_empty()
        && closing.is_some_and(|c| c.line_prefix().trim().is_empty() && c.start() > last.end());
    if !own_lines {
        return match comma {
            Some(comma) => vec![TextEdit::insert(comma.end(), format!(" {argument},"))],
            None => vec![TextEdit::insert(last.end(), format!(", {argument}"))],
        };
    }
    let alone = list.children().len() == 1 && comma.is_none();
    let several_lines = last.text().contains(['\n', '\r']);
    if alone && !several_lines && layout::line_end(file, last.end()) == last.end() {
        return vec![TextEdit::insert(last.end(), format!(", {argument}"))];
    }
    let last_comma = if alone && several_lines { "," } else { "" };
    let line = format!(
        "{}{}{argument}{last_comma}",
        layout::newline(file),
        last.indentation()
    );
    // A comment behind the last argument stays with it.
    let at = layout::line_end(file, comma.map_or(last.end(), Node::end));
    match comma {
        Some(_) => vec![TextEdit::insert(at, format!("{line},"))],
        None if at == last.end() => vec![TextEdit::insert(at, format!(",{line}"))],
        None => vec![
            TextEdit::insert(last.end(), ","),
            TextEdit::insert(at, line),
        ],
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::text::edit::apply;

    fn appended(text: &str) -> String {
        let file = SourceFile::parse(Path::new("a.py"), text);
        let call = file.nodes().find(|n| n.is("call")).expect("a call");
        apply(text, &append(&file, call, "k=1")).expect("edits that fit")
    }

    #[test]
    fn the_new_argument_follows_the_layout_of_the_others() {
        for (before, after) in [
            ("f()", "f(k=1)"),
            ("f(a)", "f(a, k=1)"),
            ("f(a, b,)", "f(a, b, k=1,)"),
            ("f(a,\n  b)", "f(a,\n  b, k=1)"),
            ("f(\n    a,\n    b,\n)", "f(\n    a,\n    b,\n    k=1,\n)"),
            ("f(\n    a,\n    b\n)", "f(\n    a,\n    b,\n    k=1\n)"),
            (
                "f(\n    a,\n    b  # last\n)",
                "f(\n    a,\n    b,  # last\n    k=1\n)",
            ),
            (
                "f(\n    a,\n    b,  # last\n)",
                "f(\n    a,\n    b,  # last\n    k=1,\n)",
            ),
            ("f(\n    a, b\n)", "f(\n    a, b, k=1\n)"),
            ("f(\n    a\n)", "f(\n    a, k=1\n)"),
            (
                "f(\n    *[\n        a,\n    ]\n)",
                "f(\n    *[\n        a,\n    ],\n    k=1,\n)",
            ),
            ("f(x for x in y)", "f(x for x in y)"),
        ] {
            assert_eq!(appended(before), after);
        }
    }
}
