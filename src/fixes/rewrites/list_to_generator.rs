//! Turns the function into a generator: the list and its `return` go, `append` becomes `yield`, the return annotation
//! becomes `Iterator`. Withheld where a caller in the file needs a list, or something other than a file would stay open
//! between two items.

use std::ops::Range;

use crate::analysis::accumulator::accumulator;
use crate::analysis::annotations;
use crate::analysis::iteration::{Use, use_of};
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld, joining, layout, withhold};

/// Rewrites the reported function.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let function = cx.hit_of_kind("function_definition")?;
    let Some(found) = accumulator(cx.file, function) else {
        return withhold("the code has changed");
    };
    let Some(name) = function.field("name") else {
        return withhold("the code has changed");
    };
    if function.is_async() {
        return withhold("every caller would have to change from `await` to `async for`");
    }
    if holds_resource(cx, function, &found.appends) {
        return withhold("a resource would stay open between two items");
    }
    callers_accept_iterator(cx, function, name)?;
    let mut draft = cx.draft();
    draft.release_imports();
    draft.review();
    for statement in [found.initialiser, found.result] {
        let lines = layout::own_lines(cx.file, statement)?;
        draft.delete(with_blank_lines(cx, lines, statement == found.result));
    }
    for append in found.appends {
        let Some(call) = append.children().first().copied() else {
            return withhold("the code has changed");
        };
        let (Some(list), Some(value)) =
            (call.field("arguments"), call.arguments().first().copied())
        else {
            return withhold("the code has changed");
        };
        if layout::breaks_lines(value) {
            // The brackets stay, and with them the lines; a comma in them would make a tuple.
            draft.replace_range(call.start()..list.start() + 1, "yield (");
            for comma in list.tokens().into_iter().filter(|t| t.is(",")) {
                draft.delete(comma.range());
            }
            continue;
        }
        let text = if value.is_any(&["named_expression", "yield"]) {
            format!(
                "yield ({})",
                layout::reindented(value, append.indentation())
            )
        } else {
            let to = append.indentation();
            format!("yield {}", joining::moved(cx, value, to, "yield "))
        };
        draft.replace(call, text);
    }
    if let Some(annotation) = function.field("return_type") {
        annotate(cx, &mut draft, annotation)?;
    }
    if is_exported(cx, name) {
        draft.title("Turn the function into a generator: it is exported, callers that index or re-read its result break");
    }
    Ok(draft)
}

/// Whole lines and the empty lines that set them off: those above the result, those below the initialiser.
fn with_blank_lines(cx: &FixContext<'_>, mut lines: Range<usize>, above: bool) -> Range<usize> {
    let blank = |line: Range<usize>| {
        cx.file
            .text()
            .get(line)
            .is_some_and(|text| text.trim().is_empty())
    };
    if above {
        while let Some(previous) =
            layout::previous_line(cx.file, lines.start).filter(|p| blank(*p..lines.start))
        {
            lines.start = previous;
        }
        return lines;
    }
    loop {
        let next = layout::next_line(cx.file, lines.end);
        if next == lines.end || !blank(lines.end..next) {
            return lines;
        }
        lines.end = next;
    }
}

/// `list[X]` becomes `Iterator[X]`, in quotes as well; `Iterable[X]` stays true.
fn annotate<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    annotation: Node<'t>,
) -> Result<(), Withheld> {
    let Some((base, name)) = annotations::head(cx.file, annotation) else {
        return withhold("the return annotation promises something else than a list");
    };
    match name.unwrap_or_default().as_str() {
        "collections.abc.Iterable" | "collections.abc.Iterator" => Ok(()),
        "builtins.list" | "typing.List" => {
            let iterator = draft.symbol("collections.abc.Iterator", annotation, Style::From)?;
            draft.replace_range(base, iterator);
            Ok(())
        }
        _ => withhold("the return annotation promises something else than a list"),
    }
}

/// Whether an append runs inside a `try … finally`, or a `with` on something other than a file.
fn holds_resource(cx: &FixContext<'_>, function: Node<'_>, appends: &[Node<'_>]) -> bool {
    let around = appends
        .iter()
        .flat_map(|append| append.ancestors().take_while(move |n| *n != function));
    let mut held = around.filter(|n| match n.kind() {
        "try_statement" => n.children().iter().any(|c| c.is("finally_clause")),
        "with_statement" => !opens_files(cx, *n),
        _ => false,
    });
    held.next().is_some()
}

fn opens_files(cx: &FixContext<'_>, statement: Node<'_>) -> bool {
    let items = statement
        .walk_while(|n| !n.is("block"))
        .into_iter()
        .filter(|n| n.is("with_item"));
    let opened = |item: Node<'_>| {
        let value = item.field("value").map(Node::unparenthesized);
        let context = value.map(|v| {
            if v.is("as_pattern") {
                v.children().first().copied().unwrap_or(v)
            } else {
                v
            }
        });
        context.is_some_and(|c| {
            c.callee().and_then(Node::last_name) == Some("open")
                || cx.file.calls(c, &["contextlib.suppress"])
        })
    };
    items.into_iter().all(opened)
}

fn callers_accept_iterator(
    cx: &FixContext<'_>,
    function: Node<'_>,
    name: Node<'_>,
) -> Result<(), Withheld> {
    let method = function
        .definition()
        .is_some_and(|d| d.is("class_definition"));
    let references: Vec<Node<'_>> = if method {
        let spelled = cx.file.spelled(name.text()).into_iter();
        let attributes = spelled.filter_map(|n| {
            n.parent()
                .filter(|p| p.is("attribute") && p.field("attribute") == Some(n))
        });
        attributes.collect()
    } else {
        cx.file.reads(name)
    };
    for reference in references {
        let call = reference.parent().filter(|p| p.callee() == Some(reference));
        let accepted =
            call.is_some_and(|call| use_of(cx.file, call) != Use::Other || is_clause_source(call));
        if !accepted {
            return withhold("a caller in this file needs a list");
        }
    }
    Ok(())
}

/// Whether a comprehension goes through what a call gives, be it anew for each item of another clause.
fn is_clause_source(call: Node<'_>) -> bool {
    let node = call.with_parentheses();
    node.parent()
        .is_some_and(|p| p.is("for_in_clause") && p.fields("right").contains(&node))
}

fn is_exported(cx: &FixContext<'_>, name: Node<'_>) -> bool {
    let quoted = |n: &Node<'_>| n.is("string_content") && n.text() == name.text();
    cx.file.statements().into_iter().any(|statement| {
        let assignment = statement
            .children()
            .into_iter()
            .find(|n| n.is_any(&["assignment", "augmented_assignment"]));
        assignment.is_some_and(|a| {
            a.field("left").is_some_and(|l| l.text() == "__all__")
                && a.descendants().iter().any(quoted)
        })
    })
}
