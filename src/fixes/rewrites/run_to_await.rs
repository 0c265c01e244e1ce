//! Awaits the coroutine instead of starting a second loop for it.

use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Withheld, awaiting, joining, withhold};

/// Expressions that `await` takes without parentheses.
const PRIMARY_KINDS: [&str; 5] = [
    "attribute",
    "call",
    "identifier",
    "parenthesized_expression",
    "subscript",
];

/// See the module.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let call = cx.hit_of_kind("call")?;
    let arguments = call.arguments();
    let coroutine = call
        .positional()
        .first()
        .copied()
        .or_else(|| call.keyword("main"))
        .or_else(|| call.keyword("future"));
    let Some(coroutine) = coroutine.filter(|c| !c.is("generator_expression")) else {
        return withhold("it is not clear which coroutine runs");
    };
    if arguments
        .iter()
        .any(|a| a.is_any(&["list_splat", "dictionary_splat"]))
    {
        return withhold("the arguments are unpacked");
    }
    let (before, after) = awaiting::around(cx, call)?;
    let coroutine = if coroutine.is_any(&PRIMARY_KINDS) && !breaks_line(coroutine) {
        let before = format!("{}{before}", call.line_prefix().trim_start());
        joining::moved(cx, coroutine, call.indentation(), &before)
    } else {
        format!("({})", coroutine.text())
    };
    let mut draft = cx.draft();
    draft.replace(call, format!("{before}{coroutine}{after}"));
    if arguments.len() > 1 || before.is_empty() {
        draft.review();
    }
    Ok(draft)
}

/// Whether an expression goes on over the end of a line outside its own brackets.
fn breaks_line(expression: Node<'_>) -> bool {
    let bracketed = |n: Node<'_>| {
        n.is_any(&[
            "argument_list",
            "generator_expression",
            "parenthesized_expression",
            "string",
        ])
    };
    if bracketed(expression) {
        return false;
    }
    let inside: usize = expression
        .walk_while(|n| !bracketed(n))
        .into_iter()
        .filter(|n| bracketed(*n))
        .map(|n| n.text().matches('\n').count())
        .sum();
    expression.text().matches('\n').count() > inside
}
