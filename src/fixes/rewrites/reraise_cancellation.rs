//! Ends the handler with `raise` if it falls through. If it catches more than the cancellation, and what else it catches is
//! swallowed on purpose, a clause that re-raises the cancellation is put in front of it: where it does nothing, names its
//! classes, keeps a loop going, provides a value for the code behind it, or leaves with `return`, `continue` or `break`.

use std::ops::Range;

use crate::analysis::handlers::block;
use crate::analysis::syntax::Node;
use crate::fixes::draft::{Draft, FixContext, Withheld, withhold};
use crate::fixes::imports::Style;
use crate::fixes::layout;

/// Lets the cancellation through.
///
/// # Errors
///
/// If the handler catches cancellation alone and leaves on purpose.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let clause = cx.hit_of_kind("except_clause")?;
    let Some(body) = block(clause) else {
        return withhold("the code has changed");
    };
    // What else such a handler catches is swallowed on purpose.
    let meant_for_others = names_several(clause)
        || does_nothing(body)
        || keeps_loop_going(clause)
        || provides_value(cx, clause, body);
    let broad = cx.capture("broad").is_ok();
    if falls_through(body) && !(broad && meant_for_others) {
        append_raise(cx, clause, body)
    } else if broad {
        clause_in_front(cx, clause)
    } else {
        withhold("the handler returns on purpose or by mistake: only you can tell")
    }
}

/// Whether a handler lists its classes.
fn names_several(clause: Node<'_>) -> bool {
    let values = clause.fields("value");
    values.len() > 1
        || values.into_iter().any(|value| {
            let named = value.children().first().copied();
            let class = named.filter(|_| value.is("as_pattern")).unwrap_or(value);
            class.is("tuple")
        })
}

/// Whether a block is nothing but `pass`.
fn does_nothing(block: Node<'_>) -> bool {
    block
        .children()
        .into_iter()
        .all(|s| s.is_any(&["pass_statement", "comment"]))
}

/// Whether a handler that falls through leads to the next round of a loop.
fn keeps_loop_going(clause: Node<'_>) -> bool {
    let inside = |n: &Node<'_>| !n.is_any(&["function_definition", "lambda", "class_definition"]);
    let mut around = clause.ancestors().take_while(inside);
    around.any(|n| n.is_any(&["for_statement", "while_statement"]))
}

/// Whether a handler assigns a name that is read behind its `try`.
fn provides_value(cx: &FixContext<'_>, clause: Node<'_>, body: Node<'_>) -> bool {
    let Some(end) = clause.parent().map(Node::end) else {
        return false;
    };
    body.own_scope()
        .into_iter()
        .filter(|n| n.is("assignment"))
        .filter_map(|assignment| assignment.field("left").map(Node::descendants))
        .flatten()
        .filter(|n| n.is("identifier") && cx.file.names().is_binding_site(*n))
        .any(|name| cx.file.reads(name).iter().any(|read| end <= read.start()))
}

fn append_raise<'t>(
    cx: &FixContext<'t>,
    clause: Node<'t>,
    body: Node<'t>,
) -> Result<Draft<'t>, Withheld> {
    let (Some(first), Some(last)) = (
        body.children().first().copied(),
        body.children().last().copied(),
    ) else {
        return withhold("the code has changed");
    };
    let mut draft = cx.draft();
    draft.review();
    if first.is("pass_statement") && first == last {
        draft.replace(first, "raise");
        return Ok(draft);
    }
    let newline = layout::newline(cx.file);
    let indentation = if first.line_prefix() == first.indentation() {
        first.indentation().to_owned()
    } else {
        let inner = format!("{}{}", clause.indentation(), layout::indent_unit(cx.file));
        draft.replace_range(space_before(cx, first), format!("{newline}{inner}"));
        inner
    };
    let end = end_with_comments(cx, last, &indentation);
    draft.insert(end, format!("{newline}{indentation}raise"));
    Ok(draft)
}

fn clause_in_front<'t>(cx: &FixContext<'t>, clause: Node<'t>) -> Result<Draft<'t>, Withheld> {
    let mut draft = cx.draft();
    draft.review();
    let class = cx.capture("class");
    let style = class
        .as_ref()
        .map_or(Style::Module, |class| Style::Like(*class));
    let class = draft.symbol("asyncio.CancelledError", clause, style)?;
    let newline = layout::newline(cx.file);
    let (outer, step) = (clause.indentation(), layout::indent_unit(cx.file));
    let star = if clause.has_token("*") { "*" } else { "" };
    draft.insert(
        clause.start(),
        format!("except{star} {class}:{newline}{outer}{step}raise{newline}{outer}"),
    );
    draft.title("Let the cancellation through first");
    Ok(draft)
}

/// Whether the end of a block can be reached.
fn falls_through(block: Node<'_>) -> bool {
    block.children().last().is_none_or(|last| ends_open(*last))
}

fn ends_open(statement: Node<'_>) -> bool {
    match statement.kind() {
        "return_statement" | "continue_statement" | "break_statement" | "raise_statement" => false,
        "with_statement" => statement.field("body").is_none_or(falls_through),
        "if_statement" => {
            let branches = statement.fields("alternative");
            let has_else = branches.iter().any(|b| b.is("else_clause"));
            let blocks = branches
                .iter()
                .filter_map(|b| b.field("consequence").or_else(|| b.field("body")))
                .chain(statement.field("consequence"));
            !has_else || blocks.into_iter().any(falls_through)
        }
        "try_statement" => try_ends_open(statement),
        _ => true,
    }
}

fn try_ends_open(statement: Node<'_>) -> bool {
    let parts = statement.children();
    let blocks_of = |kind: &str| -> Vec<Node<'_>> {
        let clauses = parts.iter().filter(|p| p.is(kind));
        clauses
            .filter_map(|c| c.children().into_iter().find(|b| b.is("block")))
            .collect()
    };
    if blocks_of("finally_clause")
        .into_iter()
        .any(|b| !falls_through(b))
    {
        return false;
    }
    let end = blocks_of("else_clause")
        .pop()
        .or_else(|| statement.field("body"));
    end.into_iter()
        .chain(blocks_of("except_clause"))
        .any(falls_through)
}

/// The white space between the colon and a statement on the same line.
fn space_before(cx: &FixContext<'_>, first: Node<'_>) -> Range<usize> {
    let before = cx.file.text().get(..first.start()).unwrap_or_default();
    before.trim_end().len()..first.start()
}

/// The end of the line of a statement, or of the last comment line below that is indented like it or deeper.
fn end_with_comments(cx: &FixContext<'_>, last: Node<'_>, indentation: &str) -> usize {
    let text = cx.file.text();
    let mut end = layout::line_end(cx.file, last.end());
    loop {
        let start = layout::next_line(cx.file, end);
        let line_end = layout::line_end(cx.file, start);
        let comment = text
            .get(start..line_end)
            .and_then(|line| line.strip_prefix(indentation))
            .is_some_and(|rest| rest.trim_start().starts_with('#'));
        if start == end || !comment {
            return end;
        }
        end = line_end;
    }
}
