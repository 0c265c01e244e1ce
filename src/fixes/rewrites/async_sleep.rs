//! Replaces `time.sleep` by an awaited `asyncio.sleep`.

use crate::analysis::coroutine::lone_expression;
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld, awaiting, not_meant, withhold};

/// See the module.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let call = cx.hit_of_kind("call")?;
    let Some(callee) = call
        .callee()
        .filter(|callee| cx.file.is_one_of(*callee, &["time.sleep"]))
    else {
        return not_meant();
    };
    let (before, after) = awaiting::around(cx, call)?;
    if is_alternative_to_waiting(call) {
        return withhold("the other branch awaits a sleep: this one blocks on purpose");
    }
    if let Some(library) = awaiting::other_library(cx.file) {
        return withhold(format!(
            "this file uses `{library}`: await `{library}.sleep`"
        ));
    }
    let (arguments, positional) = (call.arguments(), call.positional());
    let ([argument], [_]) = (arguments.as_slice(), positional.as_slice()) else {
        return withhold("`time.sleep` takes one number and no keyword");
    };
    let mut draft = cx.draft();
    let sleep = draft.symbol("asyncio.sleep", call, Style::Module)?;
    draft.replace(callee, format!("{before}{sleep}"));
    if !after.is_empty() {
        draft.insert(call.end(), after);
    }
    // `time.sleep(0)` may be meant for other threads.
    let zero = argument.text().parse::<f64>() == Ok(0.0);
    if zero || lone_expression(call.statement()) != Some(call) {
        draft.review();
    }
    Ok(draft)
}

/// Whether another branch of an `if` around the call awaits a sleep.
fn is_alternative_to_waiting(call: Node<'_>) -> bool {
    let branches = call
        .ancestors()
        .take_while(|n| !n.is("function_definition"))
        .filter(|n| n.is("if_statement"))
        .flat_map(|statement| {
            let alternatives = statement.fields("alternative").into_iter();
            alternatives.chain(statement.field("consequence"))
        });
    branches
        .filter(|branch| !branch.contains(call))
        .flat_map(Node::own_scope)
        .filter(|n| n.is("await"))
        .any(|n| {
            let awaited = n.children().first().copied().map(Node::unparenthesized);
            let callee = awaited.and_then(Node::callee);
            callee.and_then(Node::last_name) == Some("sleep")
        })
}
