//! Opens the file in a `with`: around the loop that reads it, the one statement that uses it, or every statement from its
//! assignment to its last use. Withheld where the file would be closed before it is read, or moving lines would change
//! them.

use crate::analysis::files::{assigned_name, close_statement, opens_file};
use crate::analysis::iteration::{Use, use_of};
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Withheld, layout, withhold};

/// Names for the file, in the order of preference.
const FILE_NAMES: [&str; 3] = ["f", "file", "handle"];

/// Rewrites the statement around the reported call.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let call = cx.hit_of_kind("call")?;
    if let Some((name, statement)) = assigned_name(call) {
        return wrap_uses(cx, call, name, statement);
    }
    let statement = call.statement();
    let iterable = statement.is("for_statement")
        && statement
            .field("right")
            .is_some_and(|right| right.contains(call));
    if !iterable && !is_simple(statement) {
        return withhold("only loops over the file and simple statements can be wrapped");
    }
    if statement
        .descendants()
        .into_iter()
        .filter(|n| n.is("call") && opens_file(cx.file, *n))
        .count()
        != 1
        && !iterable
    {
        return withhold("the statement opens several files");
    }
    if !runs_once(call, statement) || !read_at_once(cx, call, statement) {
        return withhold("the file would be closed before it is read");
    }
    let mut draft = wrap_statement(cx, call, statement)?;
    if !(iterable && statement.field("right") == Some(call)) {
        draft.review();
    }
    Ok(draft)
}

fn is_simple(statement: Node<'_>) -> bool {
    statement.is_any(&[
        "expression_statement",
        "return_statement",
        "assert_statement",
        "raise_statement",
        "delete_statement",
    ])
}

/// Whether the call runs exactly once, right away, when its statement does.
fn runs_once(call: Node<'_>, statement: Node<'_>) -> bool {
    let mut child = call;
    for above in call.ancestors().take_while(|n| *n != statement) {
        let repeated = above.is("for_in_clause") && above.field("right") != Some(child);
        let clause = above.children().into_iter().find(|n| n.is("for_in_clause"));
        let in_body = above.kind().ends_with("_comprehension") && clause != Some(child);
        if repeated
            || in_body
            || above.is_any(&["lambda", "conditional_expression", "boolean_operator"])
        {
            return false;
        }
        child = above;
    }
    true
}

/// Whether what the statement keeps of the file has been read: nothing lazy leaves the statement.
fn read_at_once(cx: &FixContext<'_>, call: Node<'_>, statement: Node<'_>) -> bool {
    let mut node = call;
    loop {
        let outer = node.with_parentheses();
        let lazy_reader = |call: Node<'_>| cx.file.calls(call, &["csv.reader", "csv.DictReader"]);
        let above = outer.parent();
        let argument_of = above
            .filter(|p| p.is("argument_list"))
            .and_then(Node::parent);
        match (use_of(cx.file, outer), argument_of) {
            (Use::Loop | Use::Eager, _) => return true,
            (Use::Lazy, _) => match above
                .filter(|p| p.is("for_in_clause"))
                .and_then(Node::parent)
                .or(argument_of)
            {
                Some(lazy) => node = lazy,
                None => return false,
            },
            (Use::Other, Some(reader)) if lazy_reader(reader) => node = reader,
            // Everything but the file itself, or something lazy around it, is a value.
            (Use::Other, _) => {
                return node == call
                    || above.is_some_and(|p| {
                        p.is("argument_list") && !statement.is("return_statement")
                    });
            }
        }
        if node == statement {
            return true;
        }
    }
}

fn wrap_statement<'t>(
    cx: &FixContext<'t>,
    call: Node<'t>,
    statement: Node<'t>,
) -> Result<Draft<'t>, Withheld> {
    let lines = layout::own_lines(cx.file, statement)?;
    let scope = statement.function().unwrap_or(statement);
    let name = cx.file.unused_name(scope, &FILE_NAMES);
    let unit = layout::indent_unit(cx.file);
    let mut draft = cx.draft();
    let head = format!(
        "with {} as {name}:{}{}{unit}",
        call.text(),
        layout::newline(cx.file),
        statement.indentation()
    );
    draft.insert(statement.start(), head);
    draft.replace(call, name);
    indent(cx, &mut draft, statement, lines, Some(call))?;
    Ok(draft)
}

/// Whether the file is gone when it is closed.
fn deletes_file(cx: &FixContext<'_>, call: Node<'_>) -> bool {
    let temporary = ["tempfile.NamedTemporaryFile", "tempfile.TemporaryDirectory"];
    cx.file.calls(call, &temporary) && call.keyword("delete").is_none()
}

/// Whether a read of a file hands its name on: only a call is done with it when the next statement runs.
fn gives_name(read: Node<'_>) -> bool {
    let name = read
        .parent()
        .filter(|p| p.is("attribute") && p.last_name() == Some("name"));
    name.and_then(|name| name.with_parentheses().parent())
        .is_some_and(|user| {
            !user.is_any(&["argument_list", "comparison_operator", "interpolation"])
        })
}

/// `f = open(path)` and the statements down to the last one that uses `f`.
fn wrap_uses<'t>(
    cx: &FixContext<'t>,
    call: Node<'t>,
    name: Node<'t>,
    statement: Node<'t>,
) -> Result<Draft<'t>, Withheld> {
    let plain = statement
        .children()
        .first()
        .is_some_and(|a| a.field("type").is_none());
    let once = cx.file.names().single_binding(name).is_some();
    let Some(block) = statement.parent().filter(|_| plain && once) else {
        return withhold("the name is bound more than once");
    };
    let siblings: Vec<Node<'t>> = block
        .children()
        .into_iter()
        .filter(|s| s.start() > statement.start())
        .collect();
    let reads = cx.file.reads(name);
    if reads.iter().any(|read| {
        read.function() != statement.function() || !siblings.iter().any(|s| s.contains(*read))
    }) {
        return withhold("the file is used elsewhere, too");
    }
    if reads.iter().any(|read| use_of(cx.file, *read) == Use::Lazy) {
        return withhold("the file would be closed before it is read");
    }
    if deletes_file(cx, call) && reads.iter().any(|read| gives_name(*read)) {
        return withhold("the file would be deleted before its name is used");
    }
    let last_used = siblings
        .iter()
        .rposition(|s| reads.iter().any(|read| s.contains(*read)));
    let Some(last_used) = last_used else {
        return withhold("the file is never used");
    };
    let closing = reads
        .last()
        .and_then(|read| close_statement(*read))
        .filter(|close| siblings.get(last_used) == Some(close));
    let inside = &siblings[..last_used + usize::from(closing.is_none())];
    let closes_earlier = reads
        .iter()
        .filter_map(|read| close_statement(*read))
        .any(|close| Some(close) != closing);
    let (Some(first), Some(last), false) = (inside.first(), inside.last(), closes_earlier) else {
        return withhold("the file is closed before its last use");
    };
    let mut draft = cx.draft();
    draft.review();
    layout::own_lines(cx.file, statement)?;
    layout::own_lines(cx.file, *last)?;
    draft.replace_range(
        statement.range(),
        format!("with {} as {}:", call.text(), name.text()),
    );
    let below = layout::next_line(cx.file, statement.end());
    let mut start = below;
    while text_is_blank(cx, start) {
        start = layout::next_line(cx.file, start);
    }
    if start > below {
        draft.delete(below..start);
    }
    let lines = start..layout::next_line(cx.file, last.end());
    for moved in inside {
        indent_check(cx, *moved)?;
    }
    let unit = layout::indent_unit(cx.file);
    push_indent(cx, &mut draft, lines, &unit, first.indentation(), None)?;
    if let Some(close) = closing {
        draft.delete(layout::own_lines(cx.file, close)?);
    }
    Ok(draft)
}

/// Whether nothing stands in the line that begins here.
fn text_is_blank(cx: &FixContext<'_>, at: usize) -> bool {
    let end = layout::line_end(cx.file, at);
    end < cx.file.text().len() && cx.file.text()[at..end].trim().is_empty()
}

/// Moves the lines of a statement but its first one step to the right. Lines inside `moved` stay as they are.
///
/// # Errors
///
/// If a line cannot be moved without a change of its meaning.
pub fn indent<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    statement: Node<'t>,
    lines: std::ops::Range<usize>,
    moved: Option<Node<'t>>,
) -> Result<(), Withheld> {
    indent_check(cx, statement)?;
    let unit = layout::indent_unit(cx.file);
    // The first line is indented by the inserted head.
    let rest = layout::next_line(cx.file, lines.start)..lines.end;
    push_indent(cx, draft, rest, &unit, statement.indentation(), moved)
}

/// A string over several lines would change if its lines moved.
fn indent_check(cx: &FixContext<'_>, statement: Node<'_>) -> Result<(), Withheld> {
    let text = cx.file.text();
    let rigid = statement
        .descendants()
        .into_iter()
        .any(|n| n.is("string") && n.text().contains(['\n', '\r']));
    if rigid
        || text
            .get(statement.range())
            .is_some_and(|t| t.contains("\\\n") || t.contains("\\\r"))
    {
        return withhold("a string or a continued line would move");
    }
    Ok(())
}

fn push_indent<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    lines: std::ops::Range<usize>,
    unit: &str,
    indentation: &str,
    moved: Option<Node<'t>>,
) -> Result<(), Withheld> {
    let text = cx.file.text();
    let mut at = lines.start;
    while at < lines.end {
        let line = text
            .get(at..layout::line_end(cx.file, at))
            .unwrap_or_default();
        let inside_moved = moved.is_some_and(|m| m.start() < at && at < m.end());
        if !line.trim().is_empty() && !inside_moved {
            if !line.starts_with(indentation) {
                return withhold("a line that would move is less indented");
            }
            draft.insert(at, unit);
        }
        at = layout::next_line(cx.file, at);
    }
    Ok(())
}
