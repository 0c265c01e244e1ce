//! Replaces the first value and the loop by one `"".join(…)` over a generator expression. Withheld unless the loop does
//! nothing else, and both stand in one block with the first use of the string.

use crate::analysis::accumulation::{Update, first_value, loop_of};
use crate::analysis::building::is_read_outside;
use crate::analysis::collecting::targets;
use crate::analysis::names::ScopeKind;
use crate::analysis::syntax::Node;
use crate::fixes::comprehension::{inner_indentation, laid_out};
use crate::fixes::{Draft, FixContext, Withheld, comprehension, layout, withhold};
use crate::text::position::columns;

/// Rewrites the loop around the reported assignment.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let file = cx.file;
    let hit = cx
        .hit_of_kind("augmented_assignment")
        .or_else(|_| cx.hit_of_kind("assignment"))?;
    let Some((update, around, value)) = Update::of(file, hit).and_then(|update| {
        let around = loop_of(file, &update)?;
        Some((update, around, first_value(file, &update, around)?))
    }) else {
        return withhold("the code has changed");
    };
    let conditions = conditions(around, &update)?;
    let (Some(target), Some(iterable)) = (around.field("left"), around.field("right")) else {
        return withhold("only a `for` loop can become a join");
    };
    can_become_generator(cx, &update, around)?;
    let initialiser = value.statement();
    stand_together(cx, &update, initialiser, around)?;
    let first_lines = layout::own_lines(file, initialiser)?;
    layout::own_lines(file, around)?;
    let adjacent = initialiser.next() == Some(around);
    let place = if adjacent { initialiser } else { around };
    let inner = inner_indentation(file, place);
    let source = format!("for {} in ", target.text());
    let mut parts = vec![
        added(cx, &update, &inner),
        format!(
            "{source}{}",
            comprehension::iterable(cx, iterable, &inner, &source)
        ),
    ];
    let conditions = conditions.into_iter();
    parts.extend(conditions.map(|c| format!("if {}", comprehension::condition(cx, c, &inner))));
    let join = match empty_string(value.unparenthesized()) {
        Some(empty) => format!("{empty}.join"),
        None => format!("{} + \"\".join", value.with_parentheses().text()),
    };
    let head = file
        .text()
        .get(initialiser.start()..value.with_parentheses().start())
        .unwrap_or_default();
    let mut draft = cx.draft();
    draft.review();
    let before = format!("{head}{join}");
    let joined = laid_out(file, place, &before, ("(", ")"), &parts);
    if adjacent {
        draft.replace_range(initialiser.start()..around.end(), joined);
    } else {
        draft.delete(layout::with_gap(file, initialiser, first_lines));
        draft.replace(around, joined);
    }
    Ok(draft)
}

/// The conditions under which the loop adds something, outermost first, if it does nothing else.
fn conditions<'t>(around: Node<'t>, update: &Update<'t>) -> Result<Vec<Node<'t>>, Withheld> {
    let plain = !around.is_async() && around.field("alternative").is_none();
    let mut conditions = Vec::new();
    let mut body = around.body();
    while let ([only], true) = (&body[..], plain) {
        if *only == update.assignment.statement() {
            return Ok(conditions);
        }
        if !only.is("if_statement") || only.field("alternative").is_some() {
            break;
        }
        conditions.extend(only.field("condition"));
        body = only
            .field("consequence")
            .map(Node::children)
            .unwrap_or_default();
    }
    withhold("the loop does more than let the string grow")
}

/// Whether what is added can be computed inside a generator expression, and the loop's variables are its own.
fn can_become_generator(
    cx: &FixContext<'_>,
    update: &Update<'_>,
    around: Node<'_>,
) -> Result<(), Withheld> {
    let names = cx.file.names();
    if names.kind(names.scope_of(around)) == ScopeKind::Class {
        return withhold("a generator expression cannot see the names of a class body");
    }
    if around
        .descendants()
        .into_iter()
        .any(|n| n.is_any(&["await", "yield", "named_expression", "lambda"]))
        || update.added_nodes().iter().any(|n| n.is("list_splat"))
    {
        return withhold("the loop waits, yields or binds names");
    }
    let Some(variables) = targets(around) else {
        return withhold("the loop assigns to something other than names");
    };
    if variables
        .into_iter()
        .any(|variable| is_read_outside(cx.file, around, variable))
    {
        return withhold("the loop's variable is used after the loop");
    }
    Ok(())
}

/// The first value, the loop and the first use after it must stand in one block, and nothing between may use the string.
fn stand_together(
    cx: &FixContext<'_>,
    update: &Update<'_>,
    initialiser: Node<'_>,
    around: Node<'_>,
) -> Result<(), Withheld> {
    let block = around.parent();
    if initialiser.parent() != block || initialiser.children().first().is_none_or(|a| !is_plain(*a))
    {
        return withhold("the first value stands in another block");
    }
    let uses = cx.file.occurrences(update.name);
    let between = |n: &Node<'_>| initialiser.end() <= n.start() && n.end() <= around.start();
    if uses.iter().any(between) {
        return withhold("the string is used before the loop");
    }
    let next = uses.into_iter().find(|n| n.start() >= around.end());
    if next.is_some_and(|next| block.is_none_or(|block| !block.contains(next))) {
        return withhold("the string is first used in another block");
    }
    let between_is_empty = initialiser.next() == Some(around);
    let interpolates = initialiser
        .descendants()
        .iter()
        .any(|n| n.is("interpolation"));
    if interpolates && !between_is_empty {
        return withhold("the first value would be computed later");
    }
    Ok(())
}

/// Whether an assignment has one target.
fn is_plain(assignment: Node<'_>) -> bool {
    assignment.is("assignment")
        && assignment
            .field("right")
            .is_some_and(|r| !r.is("assignment"))
}

/// What is added, in a line that is indented by `to`; without parentheses around all of it, unless comments are in them.
fn added(cx: &FixContext<'_>, update: &Update<'_>, to: &str) -> String {
    let Some(only) = update.only_operand() else {
        return update.added(cx.file).to_owned();
    };
    let bare = if only.has_comment() {
        only
    } else {
        only.unparenthesized()
    };
    let aligned = (bare != only).then(|| aligned(bare, to)).flatten();
    aligned.unwrap_or_else(|| comprehension::element(cx, bare, to, ""))
}

/// The text of an expression whose lines all begin in the column of the first one, behind a bracket, in lines that are
/// indented by `to`; `None` if they do not.
fn aligned(expression: Node<'_>, to: &str) -> Option<String> {
    let column = columns(expression.line_prefix());
    let mut lines = expression.text().split_inclusive('\n');
    let mut text = lines.next()?.to_owned();
    for line in lines {
        let code = line.trim_start();
        if columns(&line[..line.len() - code.len()]) != column {
            return None;
        }
        text.push_str(to);
        text.push_str(code);
    }
    text.contains('\n').then_some(text)
}

/// The text of a literal if it is an empty string: `""` or `''`.
fn empty_string(literal: Node<'_>) -> Option<&'static str> {
    match literal
        .text()
        .trim_start_matches(|c: char| c.is_alphabetic())
    {
        "\"\"" | "\"\"\"\"\"\"" => Some("\"\""),
        "''" | "''''''" => Some("''"),
        _ => None,
    }
}
