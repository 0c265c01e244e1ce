//! The key must be a tuple, written with or without parentheses. Slices and `...` select from an array; type arguments,
//! which look the same, are told by the class in front of the bracket or by the annotation around it.

use crate::analysis::Context;
use crate::analysis::syntax::Node;

/// Modules whose members take type arguments in brackets.
const TYPE_MODULES: [&str; 6] = [
    "builtins",
    "collections",
    "collections.abc",
    "contextlib",
    "types",
    "typing",
];

/// Objects of `numpy` that make arrays from what stands in their brackets.
const ARRAY_MAKERS: [&str; 5] = [
    "numpy.c_",
    "numpy.index_exp",
    "numpy.mgrid",
    "numpy.r_",
    "numpy.s_",
];

/// Decides about a subscript, the key of a pair, or a call of `hash`.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> bool {
    match hit.kind() {
        "subscript" => is_key(cx, hit),
        "call" => matches!(hit.arguments()[..], [only] if only.unparenthesized().is("tuple")),
        _ => true,
    }
}

fn is_key(cx: &Context<'_>, subscript: Node<'_>) -> bool {
    let keys = subscript.fields("subscript");
    let is_tuple = match keys[..] {
        [only] => {
            let only = only.unparenthesized();
            only.is("tuple") && !only.children().is_empty()
        }
        _ => true,
    };
    is_tuple
        && !keys.iter().any(|key| key.is_any(&["slice", "ellipsis"]))
        && !subscript
            .field("value")
            .is_none_or(|value| takes_types(cx, value))
        && !is_type(subscript)
}

/// Whether the brackets behind an expression hold type arguments, or parts of an array.
fn takes_types(cx: &Context<'_>, value: Node<'_>) -> bool {
    let value = value.unparenthesized();
    if let Some(name) = cx.qualified_name(value) {
        let module = name.rsplit_once('.').map_or("", |(module, _)| module);
        if TYPE_MODULES.contains(&module) || ARRAY_MAKERS.contains(&name.as_str()) {
            return true;
        }
    }
    cx.file.class(value).is_some() || value.last_name().is_some_and(is_class_name)
}

/// Whether a name is spelled like that of a class: `TokenMap`, but neither `CACHE` nor `cache`.
fn is_class_name(name: &str) -> bool {
    let name = name.trim_start_matches('_');
    name.starts_with(|c: char| c.is_uppercase()) && name.contains(|c: char| c.is_lowercase())
}

/// Whether the expression stands in an annotation, a type alias, or the bases of a class.
fn is_type(subscript: Node<'_>) -> bool {
    subscript
        .ancestors()
        .take_while(|n| !n.is_any(&["block", "module", "lambda"]))
        .any(|n| {
            let bases =
                n.is("argument_list") && n.parent().is_some_and(|p| p.is("class_definition"));
            n.is("type") || bases
        })
}
