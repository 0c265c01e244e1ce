//! Makes the list displays among the arguments tuples. Withheld where an argument is anything else that cannot be hashed,
//! or holds such a thing, and where the function visibly needs a list.

use crate::analysis::is_written;
use crate::analysis::mutable::mutable_value;
use crate::analysis::parameters::parameters;
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Withheld, withhold};

/// What lists can do and tuples cannot.
const LIST_METHODS: [&str; 9] = [
    "append", "clear", "copy", "extend", "insert", "pop", "remove", "reverse", "sort",
];

/// Rewrites the arguments that were captured as `argument`.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let mut draft = cx.draft();
    draft.review();
    if needs_lists(cx) {
        return withhold("the function uses the argument as a list");
    }
    for argument in cx.captures("argument") {
        let list = argument.unparenthesized();
        if !list.is("list") {
            return withhold("only a list that is written out can become a tuple");
        }
        let items = list.children();
        if items.iter().any(|item| is_unhashable(cx, *item)) {
            return withhold("an item cannot be hashed either");
        }
        draft.replace_range(list.start()..list.start() + 1, "(");
        let lone = match items[..] {
            [only] if !list.has_token(",") => Some(only),
            _ => None,
        };
        if let Some(only) = lone {
            draft.insert(only.end(), ",");
        }
        draft.replace_range(list.end() - 1..list.end(), ")");
    }
    Ok(draft)
}

/// Whether the function does with one of its parameters what a tuple cannot do.
fn needs_lists(cx: &FixContext<'_>) -> bool {
    let call = cx.hit_of_kind("call").ok();
    let callee = call.and_then(Node::callee);
    let Some(function) = callee.and_then(|callee| cx.file.called_function(callee)) else {
        return false;
    };
    let mut names = parameters(function).into_iter().map(|p| p.name);
    names.any(|name| {
        cx.file
            .reads(name)
            .into_iter()
            .any(|read| is_list_here(cx, read))
    })
}

/// Whether the value of a name is changed, added to a list or compared with one.
fn is_list_here(cx: &FixContext<'_>, read: Node<'_>) -> bool {
    let is_list = |n: Node<'_>| n.is_any(&["list", "list_comprehension"]);
    let Some(parent) = read.parent() else {
        return false;
    };
    match parent.kind() {
        "attribute" => {
            parent.field("object") == Some(read)
                && parent
                    .last_name()
                    .is_some_and(|name| LIST_METHODS.contains(&name))
        }
        "subscript" => is_written(parent),
        "binary_operator" | "comparison_operator" => parent.children().into_iter().any(is_list),
        "argument_list" => parent.parent().is_some_and(|call| {
            cx.file.calls(call, &["builtins.isinstance"])
                && call
                    .positional()
                    .get(1)
                    .is_some_and(|class| cx.file.is_builtin(*class, "list"))
        }),
        _ => false,
    }
}

/// Whether an item is, or holds in tuples, a container that can be changed.
fn is_unhashable(cx: &FixContext<'_>, item: Node<'_>) -> bool {
    let value = cx.file.value(item);
    value.is_some_and(|value| {
        mutable_value(cx.file, value).is_some()
            || (value.is("tuple") && value.children().into_iter().any(|i| is_unhashable(cx, i)))
    })
}
