//! Statements of the module that go when fixes take away all uses of the name that they bind.

use std::ops::Range;

use super::imports::ImportEdit;
use super::layout;
use crate::analysis::names::in_annotation;
use crate::analysis::syntax::Node;
use crate::analysis::type_variables::mentions_word;
use crate::analysis::{SourceFile, is_variable};
use crate::text::edit::TextEdit;

/// The change that takes away the uses of `name` inside `user`. If no other use remains, neither in the file nor after the
/// other fixes of the same run, the statement goes whose value `value` is. `None` for a statement that binds more, or
/// that shares its lines with a comment or other code.
pub fn retire(
    file: &SourceFile,
    value: Node<'_>,
    name: &str,
    user: Node<'_>,
) -> Option<ImportEdit> {
    let statement = value.statement();
    let assignment = value.with_parentheses().parent()?;
    let plain = assignment.is("assignment") && assignment.parent() == Some(statement);
    let lines = layout::whole_lines(file, statement)?;
    let comment = statement.has_comment() || file.slice(statement.end()..lines.end).contains('#');
    (plain && !comment).then(|| ImportEdit::Retire {
        start: statement.start(),
        end: statement.end(),
        name: name.to_owned(),
        user: (user.start(), user.end()),
    })
}

/// The statements that go, in source order.
pub fn retired<'t>(file: &'t SourceFile, changes: &[ImportEdit]) -> Vec<Node<'t>> {
    let mut found: Vec<Node<'t>> = Vec::new();
    for change in changes {
        let ImportEdit::Retire {
            start, end, name, ..
        } = change
        else {
            continue;
        };
        let users: Vec<Range<usize>> = changes
            .iter()
            .filter_map(|other| match other {
                ImportEdit::Retire {
                    start: at, user, ..
                } if at == start => Some(user.0..user.1),
                _ => None,
            })
            .collect();
        let Some(statement) = file.node_of_kind(*start..*end, "expression_statement") else {
            continue;
        };
        let taken = |n: &Node<'_>| {
            statement.contains(*n)
                || users
                    .iter()
                    .any(|u| u.start <= n.start() && n.end() <= u.end)
        };
        let used = |n: Node<'_>| match n.kind() {
            "identifier" => n.text() == name && is_variable(n),
            // As in `__all__`.
            "string_content" => n.text() == name || in_annotation(n) && mentions_word(n, name),
            _ => false,
        };
        let remains = file.nodes().into_iter().any(|n| used(n) && !taken(&n));
        if !remains && !found.contains(&statement) {
            found.push(statement);
        }
    }
    found.sort_by_key(|statement| statement.start());
    found
}

/// The edits that take statements away.
pub fn removal(file: &SourceFile, statements: &[Node<'_>]) -> Vec<TextEdit> {
    let lines = statements
        .iter()
        .filter_map(|statement| layout::whole_lines(file, *statement));
    joined(lines)
        .into_iter()
        .map(|lines| TextEdit::replace(with_blank_lines(file, lines), ""))
        .collect()
}

/// Ranges in source order, those that touch put together.
fn joined(ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => joined.push(range),
        }
    }
    joined
}

/// The lines, and as many of the empty ones below as there are above.
fn with_blank_lines(file: &SourceFile, lines: Range<usize>) -> Range<usize> {
    let blank = |range: Range<usize>| file.slice(range).trim().is_empty();
    let (mut above, mut end) = (lines.start, lines.end);
    loop {
        let next = layout::next_line(file, end);
        let previous = layout::previous_line(file, above);
        let top = above == 0;
        match previous {
            Some(start) if next > end && blank(start..above) && blank(end..next) => {
                (above, end) = (start, next);
            }
            _ if top && next > end && blank(end..next) => end = next,
            _ => return lines.start..end,
        }
    }
}
