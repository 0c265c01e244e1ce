//! Replaces a value by its class if it is empty, else by a lambda. A keyword `default_factory=` becomes the first
//! argument.

use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld, factory, withhold};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let mut draft = cx.draft();
    if cx.found.capture("keyword").is_some() {
        to_positional(cx, &mut draft)?;
        return Ok(draft);
    }
    let value = cx.capture("value")?;
    if value.parent().is_none_or(|p| !p.is("argument_list")) {
        return withhold("a generator expression is the only argument");
    }
    let made = callable(cx, &mut draft, value)?;
    draft.replace(value, made);
    Ok(draft)
}

/// `defaultdict(default_factory=list, **more)` becomes `defaultdict(list, **more)`.
fn to_positional<'t>(cx: &FixContext<'t>, draft: &mut Draft<'t>) -> Result<(), Withheld> {
    let keyword = cx.capture("keyword")?;
    let (Some(value), Some(list)) = (keyword.field("value"), keyword.parent()) else {
        return withhold("the code has changed");
    };
    let arguments = list.children();
    let Some(first) = arguments.first().copied() else {
        return withhold("the code has changed");
    };
    let given = !first.is_any(&["keyword_argument", "dictionary_splat"]);
    if given && cx.found.capture("value").is_none() {
        return withhold("there is a first argument already");
    }
    let made = if is_value(cx, value) {
        callable(cx, draft, value)?
    } else {
        value.text().to_owned()
    };
    if first == keyword {
        draft.replace(keyword, made);
        return Ok(());
    }
    let Some(before) = keyword.previous() else {
        return withhold("the code has changed");
    };
    draft.insert(first.start(), format!("{made}, "));
    draft.delete(before.end()..keyword.end());
    Ok(())
}

/// Whether a value is plainly written as no callable.
fn is_value(cx: &FixContext<'_>, value: Node<'_>) -> bool {
    empty_class(cx, value).is_some()
        || value.unparenthesized().is_any(&[
            "integer",
            "float",
            "string",
            "concatenated_string",
            "true",
            "list",
            "dictionary",
            "set",
            "tuple",
        ])
}

fn callable<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    value: Node<'t>,
) -> Result<String, Withheld> {
    match empty_class(cx, value) {
        Some(class) => draft.symbol(&format!("builtins.{class}"), value, Style::From),
        None => factory::lambda(cx, draft, value),
    }
}

/// The class whose call makes the same value.
fn empty_class(cx: &FixContext<'_>, value: Node<'_>) -> Option<&'static str> {
    const CLASSES: [&str; 9] = [
        "list",
        "dict",
        "set",
        "int",
        "str",
        "float",
        "bool",
        "tuple",
        "frozenset",
    ];
    if value.has_comment() {
        return None;
    }
    let value = value.unparenthesized();
    let empty = value.children().is_empty();
    match value.kind() {
        "list" if empty => Some("list"),
        "dictionary" if empty => Some("dict"),
        "tuple" if empty => Some("tuple"),
        "integer" if value.text() == "0" => Some("int"),
        "float" if value.text().parse() == Ok(0.0) => Some("float"),
        "false" => Some("bool"),
        "string" => match value.text() {
            "\"\"" | "''" | "\"\"\"\"\"\"" | "''''''" => Some("str"),
            "b\"\"" | "b''" => Some("bytes"),
            _ => None,
        },
        "call" if value.arguments().is_empty() => {
            let callee = value.callee()?;
            CLASSES
                .into_iter()
                .find(|class| cx.file.is_builtin(callee, class))
        }
        _ => None,
    }
}
