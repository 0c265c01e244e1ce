//! Replaces a shallow copy by `copy.deepcopy`. Withheld where something in it might not be copied, or copies itself in a
//! way of its own.

use crate::analysis::shallow_copies::{Form, ShallowCopy, shallow_copy};
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld, withhold};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let expression = cx.capture("copy")?;
    let Some(copy) = shallow_copy(cx.file, expression) else {
        return withhold("the code has changed");
    };
    let value = cx.file.value(copy.original).filter(|v| *v != copy.original);
    if value.is_some_and(|v| v.descendants().into_iter().any(|n| n.is("call"))) {
        return withhold("it holds the result of a call, which might be a client or a lock");
    }
    if !cx.file.spelled("__deepcopy__").is_empty() {
        return withhold("the file says itself how its objects are copied");
    }
    let mut draft = cx.draft();
    draft.release_imports();
    draft.review();
    let deepcopy = draft.symbol("copy.deepcopy", expression, Style::Module)?;
    let deep = format!("{deepcopy}({})", copy.original.text());
    if keeps_form(&copy, value) {
        draft.replace(copy.original, deep);
    } else {
        draft.replace(copy.node, deep);
    }
    Ok(draft)
}

/// Whether only what is copied can be replaced: the form adds something, or makes another type of it.
fn keeps_form(copy: &ShallowCopy<'_>, value: Option<Node<'_>>) -> bool {
    let same_type = value.is_none_or(|v| match v.kind() {
        "dictionary" | "dictionary_comprehension" => copy.node.is("dictionary") || is_dict(copy),
        "list" | "list_comprehension" => !copy.node.is("dictionary") && !is_dict(copy),
        "tuple" | "set" | "set_comprehension" | "generator_expression" => false,
        _ => true,
    });
    let converts = matches!(copy.form, Form::Class | Form::Display);
    !copy.replaced.is_empty() || (converts && !same_type)
}

fn is_dict(copy: &ShallowCopy<'_>) -> bool {
    copy.form == Form::Class && copy.node.callee().and_then(Node::last_name) == Some("dict")
}
