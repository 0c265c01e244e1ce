//! Statements of the module that go when fixes take away all uses of the name that they bind.

use std::ops::Range;

use super::imports::ImportEdit;
use super::layout;
use crate::analysis::names::in_annotation;
use crate::analysis::syntax::Node;
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
        let variables = file.spelled(name).into_iter().filter(|n| is_variable(*n));
        // As in `__all__`.
        let means_it = |n: &Node<'_>| n.text() == name || in_annotation(*n);
        let mut used = variables.chain(file.quoting(name).filter(means_it));
        let remains = used.any(|n| !taken(&n));
        if !remains && !found.contains(&statement) {
            found.push(statement);
        }
    }
    found.sort_by_key(|statement| statement.start());
    found
}

/// The edits that take whole lines of the module away. As many empty lines are left there as there were above, between or
/// below them, none at the top of the file. Lines between which something is written, which begins at one of the bytes
/// `written`, go each on their own.
pub fn removal(
    file: &SourceFile,
    mut lines: Vec<Range<usize>>,
    written: &[usize],
) -> Vec<TextEdit> {
    lines.sort_by_key(|range| range.start);
    let mut runs: Vec<(Range<usize>, usize)> = Vec::new();
    for range in lines {
        match runs.last_mut() {
            Some((run, between))
                if blank_below(file, run.end).any(|end| end == range.start)
                    && !written.iter().any(|at| (run.end..range.start).contains(at)) =>
            {
                let gap = file.slice(run.end..range.start).lines().count();
                *between = gap.max(*between);
                run.end = range.end;
            }
            _ => runs.push((range, 0)),
        }
    }
    runs.into_iter()
        .map(|(run, between)| removed(file, run, between, written))
        .collect()
}

fn removed(file: &SourceFile, run: Range<usize>, between: usize, written: &[usize]) -> TextEdit {
    let below: Vec<usize> = blank_below(file, run.end).collect();
    let (_, below) = below.split_first().unwrap_or((&0, &[]));
    let end = below.last().copied().unwrap_or(run.end);
    if written.iter().any(|at| (run.end..end).contains(at)) {
        return TextEdit::replace(run, "");
    }
    let above = blank_above(file, run.start);
    let wanted = above.map_or(0, |above| {
        above.max(between).max(below.len()).saturating_sub(above)
    });
    if let Some(needless) = below.len().checked_sub(wanted) {
        let end = needless.checked_sub(1).map_or(run.end, |last| below[last]);
        return TextEdit::replace(run.start..end, "");
    }
    TextEdit::replace(run.start..end, layout::newline(file).repeat(wanted))
}

/// The end of a line, and of each empty one below it.
fn blank_below(file: &SourceFile, end: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(Some(end), |end| {
        let next = layout::next_line(file, *end);
        let blank = next > *end && file.slice(*end..next).trim().is_empty();
        blank.then_some(next)
    })
}

/// How many empty lines there are above a line; `None` if there is nothing else.
fn blank_above(file: &SourceFile, start: usize) -> Option<usize> {
    let (mut at, mut count) = (start, 0);
    loop {
        let above = layout::previous_line(file, at)?;
        if !file.slice(above..at).trim().is_empty() {
            return Some(count);
        }
        (at, count) = (above, count + 1);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::text::edit::apply;

    /// The text without the lines that are `x`.
    fn without_x(text: &str, written: &[usize]) -> String {
        let file = SourceFile::parse(Path::new("a.py"), text);
        let lines = file.statements().into_iter().filter(|n| n.text() == "x");
        let lines = lines
            .filter_map(|n| layout::whole_lines(&file, n))
            .collect();
        apply(text, &removal(&file, lines, written)).expect("edits that fit")
    }

    #[test]
    fn the_empty_lines_that_stay_are_no_more_than_there_were() {
        for (before, after) in [
            ("a\nx\nb\n", "a\nb\n"),
            ("a\n\nx\n\nb\n", "a\n\nb\n"),
            ("a\n\nx\n\n\nb\n", "a\n\n\nb\n"),
            ("a\nx\n\nx\nb\n", "a\n\nb\n"),
            ("a\n\nx\n\nx\nx\n\n\nb\n", "a\n\n\nb\n"),
            ("x\n\nx\n\n\nb\n", "b\n"),
            ("a\r\n\r\nx\r\n\r\nb\r\n", "a\r\n\r\nb\r\n"),
            ("a\n\nx", "a\n\n"),
        ] {
            assert_eq!(without_x(before, &[]), after);
        }
    }

    #[test]
    fn nothing_goes_where_something_is_written() {
        assert_eq!(without_x("x\n\nx\n\nb\n", &[2]), "\nb\n");
        assert_eq!(without_x("x\n\nx\n\nb\n", &[5]), "\nb\n");
    }
}
