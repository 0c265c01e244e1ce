//! Moves everything behind the first statement of a `try` body into an `else`, as it is written, comments included.
//! Withheld where a handler, the `finally` or the code behind needs a name that a moved statement binds.

use std::ops::Range;

use crate::analysis::SourceFile;
use crate::analysis::guarding::bound_names;
use crate::analysis::handlers::clauses;
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Withheld, layout, withhold};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let statement = cx.hit_of_kind("try_statement")?;
    let clauses = clauses(statement);
    let (Some(first_clause), Some(last_clause), Some(body)) =
        (clauses.first(), clauses.last(), statement.field("body"))
    else {
        return withhold("the code has changed");
    };
    let mut statements = body.children();
    let docstring = body.docstring();
    statements.retain(|s| Some(*s) != docstring);
    let [first, moved @ ..] = statements.as_slice() else {
        return withhold("the code has changed");
    };
    let Some(last) = moved.last() else {
        return withhold("the code has changed");
    };
    for statement in &statements {
        layout::own_lines(cx.file, *statement)?;
    }
    names_stay_known(cx, statement, &clauses, moved)?;
    let from = layout::next_line(cx.file, first.end());
    let to = behind_comments(
        cx.file,
        layout::next_line(cx.file, last.end()),
        statement.indentation(),
        layout::line_start(cx.file, first_clause.start()),
    );
    let place = behind_comments(
        cx.file,
        layout::next_line(cx.file, end_of_code(*last_clause)),
        statement.indentation(),
        cx.file.text().len(),
    );
    let newline = layout::newline(cx.file);
    let text = cx.file.text();
    let mut lines_moved = trimmed(text.get(from..to).unwrap_or_default());
    if !lines_moved.ends_with(['\n', '\r']) {
        lines_moved.push_str(newline);
    }
    let open_end = !text[..place].ends_with(['\n', '\r']);
    let mut draft = cx.draft();
    draft.delete(from..to);
    let mut added = format!("{}else:{newline}{lines_moved}", statement.indentation());
    if open_end {
        added = format!("{newline}{}", added.trim_end());
    }
    draft.insert(place, added);
    Ok(draft)
}

/// The lines without empty ones at the start and the end.
fn trimmed(lines: &str) -> String {
    let start = lines
        .split_inclusive('\n')
        .take_while(|line| line.trim().is_empty())
        .map(str::len)
        .sum::<usize>();
    let kept = lines.get(start..).unwrap_or_default();
    let end = kept.trim_end().len();
    let line_end = kept[end..].find('\n').map_or(kept.len(), |at| end + at + 1);
    kept[..line_end].to_owned()
}

/// Where the last statement in a clause ends, comments behind it left out.
fn end_of_code(clause: Node<'_>) -> usize {
    let mut node = clause;
    loop {
        let children = node.children();
        let compound = node.is("block") || children.iter().any(|c| c.is("block"));
        match children.last().filter(|_| compound) {
            Some(last) => node = *last,
            None => return node.end(),
        }
    }
}

/// The start of the first line from `at` that is no comment deeper than `indentation`; empty lines count only with a
/// comment behind them.
fn behind_comments(file: &SourceFile, at: usize, indentation: &str, limit: usize) -> usize {
    let (mut reached, mut next) = (at, at);
    while next < limit {
        let Range { start, end } = next..layout::line_end(file, next);
        let line = &file.text()[start..end];
        let comment = line.trim_start();
        let depth = line.len() - comment.len();
        next = layout::next_line(file, start);
        if comment.starts_with('#') && depth > indentation.len() {
            reached = next;
        } else if !comment.is_empty() {
            break;
        }
    }
    reached
}

/// Refuses where somebody else needs what the moved statements bind.
fn names_stay_known<'t>(
    cx: &FixContext<'t>,
    statement: Node<'t>,
    clauses: &[Node<'t>],
    moved: &[Node<'t>],
) -> Result<(), Withheld> {
    let finally = statement
        .children()
        .into_iter()
        .filter(|c| c.is("finally_clause"));
    let inside: Vec<Node<'t>> = clauses.iter().copied().chain(finally).collect();
    let falls_through = clauses.iter().any(|clause| !always_leaves(*clause));
    for name in moved.iter().flat_map(|s| bound_names(cx.file, *s)) {
        for read in cx.file.reads(name) {
            if inside.iter().any(|part| part.contains(read)) {
                return withhold(format!(
                    "`{}` is needed in a handler or in `finally`",
                    name.text()
                ));
            }
            let again = statement.ancestors().any(|above| {
                above.is_any(&["for_statement", "while_statement"]) && above.contains(read)
            });
            let later = read.start() >= statement.end() || (again && !statement.contains(read));
            if falls_through && later {
                return withhold(format!("`{}` is needed after the `try`", name.text()));
            }
        }
    }
    Ok(())
}

/// Whether the last statement of a clause leaves it for good.
fn always_leaves(clause: Node<'_>) -> bool {
    let block = clause.children().into_iter().find(|c| c.is("block"));
    block
        .and_then(|block| block.children().last().copied())
        .is_some_and(|last| {
            last.is_any(&[
                "return_statement",
                "raise_statement",
                "continue_statement",
                "break_statement",
            ])
        })
}
