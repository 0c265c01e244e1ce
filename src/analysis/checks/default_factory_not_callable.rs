//! The keyword must be `default_factory` of `dataclasses.field`, its value surely no callable: a literal, a display, a
//! comprehension, or a call of a builtin class or of one in `collections`.

use crate::analysis::expressions::{is_comprehension, is_display, is_literal};
use crate::analysis::mutable::constructor;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Classes whose instances cannot be called.
const CONSTRUCTORS: [&str; 22] = [
    "builtins.bool",
    "builtins.bytearray",
    "builtins.bytes",
    "builtins.complex",
    "builtins.dict",
    "builtins.float",
    "builtins.frozenset",
    "builtins.int",
    "builtins.list",
    "builtins.object",
    "builtins.range",
    "builtins.set",
    "builtins.str",
    "builtins.tuple",
    "collections.ChainMap",
    "collections.Counter",
    "collections.OrderedDict",
    "collections.UserDict",
    "collections.UserList",
    "collections.UserString",
    "collections.defaultdict",
    "collections.deque",
];

/// Decides about a keyword argument.
pub fn check(cx: &Context<'_>, argument: Node<'_>) -> Option<Report> {
    let name = argument.field("name")?;
    let value = argument.field("value")?;
    let call = argument.parent()?.parent()?;
    if name.text() != "default_factory" || !cx.calls(call, &["dataclasses.field"]) {
        return None;
    }
    is_no_callable(cx, value).then(|| Report::at(argument).capture("value", value))
}

fn is_no_callable(cx: &Context<'_>, value: Node<'_>) -> bool {
    let value = value.unparenthesized();
    if is_literal(value) || is_display(value) || is_comprehension(value) {
        return true;
    }
    match value.kind() {
        "ellipsis" => true,
        "unary_operator" => value
            .field("argument")
            .is_some_and(|a| a.is_any(&["integer", "float"])),
        "call" => {
            constructor(cx.file, value).is_some_and(|name| CONSTRUCTORS.contains(&name.as_str()))
        }
        _ => false,
    }
}
