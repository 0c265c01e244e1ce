//! Makes the list a set: a display or comprehension gets braces, `list(…)` becomes `set(…)`, anything else is put into `set(…)`.
//! Withheld where an item visibly cannot be hashed, or the list is also gone through in its order.

use crate::analysis::membership::SearchedList;
use crate::analysis::mutable::mutable_value;
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld, withhold};

/// Rewrites the list behind the reported comparison.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let hit = cx.hit_of_kind("comparison_operator")?;
    let Some(found) = SearchedList::of(cx.file, hit) else {
        return withhold("the code has changed");
    };
    let value = found.value;
    if found.iterated {
        return withhold("the list is also gone through, and a set has no order");
    }
    let sorted = |n: &Node<'_>| n.callee().is_some_and(|c| cx.file.is_builtin(c, "sorted"));
    if value.positional().first().is_some_and(sorted) {
        return withhold("the list was put in order, and a set has none");
    }
    let annotated = value
        .parent()
        .is_some_and(|p| p.is("assignment") && p.field("type").is_some());
    if annotated {
        return withhold("the annotation promises a list");
    }
    if items(value).into_iter().any(|item| is_unhashable(cx, item)) {
        return withhold("an item cannot be hashed");
    }
    let mut draft = cx.draft();
    draft.review();
    if value.is("list_comprehension") || value.is("list") && !value.children().is_empty() {
        draft.replace_range(value.start()..value.start() + 1, "{");
        draft.replace_range(value.end() - 1..value.end(), "}");
        return Ok(draft);
    }
    let set = draft.symbol("builtins.set", value, Style::From)?;
    if let Some(list) = value.callee().filter(|c| cx.file.is_builtin(*c, "list")) {
        draft.replace(list, set);
    } else {
        draft.insert(value.start(), format!("{set}("));
        draft.insert(value.end(), ")");
    }
    Ok(draft)
}

/// The expressions that the items of a display or a comprehension come from.
fn items(value: Node<'_>) -> Vec<Node<'_>> {
    match value.kind() {
        "list" => value.children(),
        "list_comprehension" => value.field("body").into_iter().collect(),
        "call" => value.positional().into_iter().flat_map(items).collect(),
        _ => Vec::new(),
    }
}

/// Whether an item is made as something that cannot be hashed, at any depth of tuples.
fn is_unhashable(cx: &FixContext<'_>, item: Node<'_>) -> bool {
    let item = item.unparenthesized();
    mutable_value(cx.file, item).is_some()
        || (item.is("tuple") && item.children().into_iter().any(|i| is_unhashable(cx, i)))
}
