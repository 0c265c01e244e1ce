//! Adds two comprehensions after the statement: the exceptions under a new name, the results under the old one. Not
//! offered where a later line counts on the place of an item, or where the results are unpacked.

use crate::analysis::syntax::Node;
use crate::fixes::draft::{Draft, FixContext, Withheld, withhold};
use crate::fixes::imports::Style;
use crate::fixes::layout;

/// Splits the list named `list`.
///
/// # Errors
///
/// If the results are unpacked, or a later line counts on their places.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let statement = cx.hit_of_kind("expression_statement")?;
    let Ok(list) = cx.capture("list") else {
        return withhold("the results are unpacked");
    };
    let Some(function) = statement.function() else {
        return withhold("it is not in a function");
    };
    let lines = layout::own_lines(cx.file, statement)?;
    let reads = cx.file.reads(list);
    if reads
        .into_iter()
        .any(|n| n.start() > statement.end() && counts_on_place(n))
    {
        return withhold("later code counts on the place of an item in the list");
    }
    let mut draft = cx.draft();
    draft.review();
    let isinstance = draft.symbol("builtins.isinstance", statement, Style::Module)?;
    let base = draft.symbol("builtins.BaseException", statement, Style::Module)?;
    let errors = cx
        .file
        .unused_name(function, &["errors", "failures", "exceptions"]);
    let (name, newline) = (list.text(), layout::newline(cx.file));
    let item = if name == "r" { "item" } else { "r" };
    let indentation = statement.indentation();
    let text = format!(
        "{indentation}{errors} = [{item} for {item} in {name} if {isinstance}({item}, {base})]{newline}\
         {indentation}{name} = [{item} for {item} in {name} if not {isinstance}({item}, {base})]"
    );
    if cx.file.text()[lines.clone()].ends_with(['\n', '\r']) {
        draft.insert(lines.end, format!("{text}{newline}"));
    } else {
        draft.insert(lines.end, format!("{newline}{text}"));
    }
    Ok(draft)
}

/// Whether a read of the list is a subscript, or pairs the items with others.
fn counts_on_place(list: Node<'_>) -> bool {
    let paired = |call: Node<'_>| {
        call.callee()
            .and_then(Node::last_name)
            .is_some_and(|name| ["enumerate", "zip", "len"].contains(&name))
    };
    list.with_parentheses().parent().is_some_and(|parent| {
        parent.is_any(&["subscript", "assignment"])
            || list
                .ancestors()
                .take_while(|n| n.is_any(&["argument_list", "call", "parenthesized_expression"]))
                .any(paired)
    })
}
