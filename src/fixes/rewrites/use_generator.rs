//! Makes the list comprehension a generator expression, in parentheses of its own where other arguments follow, or a set
//! comprehension in the place of `set(…)`; of `list(…)` in a loop only what is between the parentheses stays.

use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Withheld, layout, withhold};

/// Rewrites the reported call.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let call = cx.hit_of_kind("call")?;
    let Some(arguments) = call.field("arguments") else {
        return withhold("the code has changed");
    };
    let mut draft = cx.draft();
    if cx.file.calls(call, &["builtins.list"]) {
        // A lone generator expression shares its parentheses with the call.
        let Some(argument) = call.arguments().first().copied() else {
            return withhold("the code has changed");
        };
        draft.replace(call, argument.text());
        return Ok(draft);
    }
    let list = cx.capture("list")?;
    // Two braces in a row mean one brace in an f-string.
    if cx.file.calls(call, &["builtins.set"]) && !call.ancestors().any(|n| n.is("interpolation")) {
        let to = call.indentation();
        let moved = layout::reindented(list, to);
        let items = moved.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
        draft.replace(call, format!("{{{}}}", items.unwrap_or_default()));
        return Ok(draft);
    }
    let alone = arguments.children().len() == 1 && !arguments.has_token(",");
    let (open, close) = if alone { ("", "") } else { ("(", ")") };
    let (Some(first), Some(last)) = (list.children().first().copied(), last_child(list)) else {
        return withhold("the code has changed");
    };
    // A bracket on a line of its own takes the line with it.
    let own_line = |node: Node<'_>, text: &str| {
        alone && node.line_prefix().trim().is_empty() && text.contains('\n')
    };
    let text = cx.file.text();
    let inside = list.start() + 1..list.end() - 1;
    let content = text.get(inside.clone()).unwrap_or_default();
    let before = &content[..content.len() - content.trim_start().len()];
    let end = inside.start + content.trim_end().len();
    let closed_below = text[list.end()..layout::line_end(cx.file, list.end())]
        .trim()
        .is_empty();
    if own_line(list, before) && (end == last.end() || closed_below) {
        // What stood inside the brackets takes their place, comments included.
        let (from, to) = (first.indentation(), list.indentation());
        let items = layout::moved(list, inside.start + before.len()..end, from, to);
        draft.replace(list, items);
        return Ok(draft);
    }
    let from = if own_line(list, before) && before.trim().is_empty() {
        first.start()
    } else {
        list.start() + 1
    };
    let to = list.end() - 1;
    draft.replace_range(list.start()..from, open);
    draft.replace_range(to..list.end(), close);
    Ok(draft)
}

fn last_child(node: Node<'_>) -> Option<Node<'_>> {
    node.children().last().copied()
}
