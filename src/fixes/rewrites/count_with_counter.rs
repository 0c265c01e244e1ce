//! Makes the dict a `Counter` of what the loop below it goes over, and removes the loop. Meant for loops that do nothing
//! but count their items one by one.

use crate::analysis::syntax::Node;
use crate::fixes::default_dict::{Filled, counting_loop};
use crate::fixes::{Draft, FixContext, Style, Withheld, not_meant};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let Ok(filled) = Filled::reported(cx) else {
        return not_meant();
    };
    let Some((statement, lines)) = counting_loop(cx, &filled) else {
        return not_meant();
    };
    let mut draft = cx.draft();
    filled.judge(cx, &mut draft)?;
    let counter = draft.symbol("collections.Counter", filled.value, Style::From)?;
    let items = statement.field("right").map(Node::text).unwrap_or_default();
    let items = match statement.field("right") {
        Some(right) if right.is("generator_expression") => items.to_owned(),
        Some(right) if right.is("expression_list") => format!("(({items}))"),
        _ => format!("({items})"),
    };
    draft.replace(filled.value, format!("{counter}{items}"));
    draft.delete(lines);
    Ok(draft)
}
