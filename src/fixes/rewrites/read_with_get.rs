//! `d[key]` becomes `d.get(key, …)` with what the factory would make. Withheld for factories other than `int`, `float`,
//! `str`, `bool`, `list`, `dict` and `set`, and where a container is kept.

use crate::analysis::expressions::Key;
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld, withhold};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let subscript = cx.hit_of_kind("subscript")?;
    let factory = cx.capture("factory")?;
    let neutral = [
        ("int", "0"),
        ("float", "0.0"),
        ("str", "\"\""),
        ("bool", "False"),
        ("list", "[]"),
        ("dict", "{}"),
        ("set", "set()"),
    ];
    let known = neutral
        .iter()
        .find(|(name, _)| cx.file.is_builtin(factory, name));
    let Some((name, value)) = known else {
        return withhold("what the factory makes is not plain to see");
    };
    let mut draft = cx.draft();
    draft.review();
    let container = matches!(*name, "list" | "dict" | "set");
    if container && is_kept(subscript) {
        return withhold("the container is kept, so that filling it would be lost");
    }
    let (Some(key), Some(mapping)) = (Key::of_subscript(subscript), subscript.field("value"))
    else {
        return withhold("the code has changed");
    };
    let value = match *name {
        "set" => format!(
            "{}()",
            draft.symbol("builtins.set", subscript, Style::From)?
        ),
        _ => (*value).to_owned(),
    };
    let text = format!("{}.get({}, {value})", mapping.text(), key.text());
    draft.replace(subscript, text);
    Ok(draft)
}

/// Whether the entry may get a name, as `entry = d[key] or other` and `(entry := d[key])` give it one.
fn is_kept(subscript: Node<'_>) -> bool {
    let mut node = subscript;
    while let Some(parent) = node.parent() {
        match parent.kind() {
            "conditional_expression" if parent.children().get(1) == Some(&node) => return false,
            "parenthesized_expression" | "boolean_operator" | "conditional_expression" => {
                node = parent;
            }
            "assignment" | "named_expression" | "keyword_argument" | "argument_list" => {
                return node != subscript.with_parentheses() || !parent.is("argument_list");
            }
            _ => return false,
        }
    }
    false
}
