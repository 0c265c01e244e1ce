//! The call must be one of `dict.fromkeys`, `{}.fromkeys` or `OrderedDict.fromkeys`, and its value surely mutable: a
//! display, a comprehension, a call of a container class, or a multiplied list.

use crate::analysis::shared_elements::makes_mutable;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Decides about a call of a method `fromkeys`.
pub fn check(cx: &Context<'_>, call: Node<'_>) -> Option<Report> {
    let object = call.callee()?.field("object")?.unparenthesized();
    let class = if object.is("subscript") {
        object.field("value")?
    } else {
        object
    };
    let of_dict = class.is("dictionary")
        || cx.is_one_of(class, &["builtins.dict", "collections.OrderedDict"]);
    let arguments = call.arguments();
    let [keys, value] = arguments.as_slice() else {
        return None;
    };
    let plain = [keys, value]
        .iter()
        .all(|a| !a.is_any(&["list_splat", "dictionary_splat", "keyword_argument"]));
    (of_dict && plain && makes_mutable(cx.file, *value)).then(|| {
        Report::at(call)
            .capture("class", class)
            .capture("keys", *keys)
            .capture("value", *value)
    })
}
