//! Makes the list displays among the arguments tuples. Withheld where an argument is anything else that cannot be hashed,
//! or holds such a thing.

use crate::analysis::mutable::mutable_value;
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Withheld, withhold};

/// Rewrites the arguments that were captured as `argument`.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let mut draft = cx.draft();
    draft.review();
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

/// Whether an item is, or holds in tuples, a container that can be changed.
fn is_unhashable(cx: &FixContext<'_>, item: Node<'_>) -> bool {
    let value = cx.file.value(item);
    value.is_some_and(|value| {
        mutable_value(cx.file, value).is_some()
            || (value.is("tuple") && value.children().into_iter().any(|i| is_unhashable(cx, i)))
    })
}
