//! The list or tuple must have an element that is surely mutable: a display, a comprehension, a call of a container
//! class, or a list that is itself multiplied. Silent where the number is 0 or 1, and where the result is only read on the
//! spot.

use crate::analysis::mutable::constructor;
use crate::analysis::shared_elements::{is_of_array_library, makes_mutable};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Operands that cannot be the number of repetitions.
const NO_NUMBERS: [&str; 8] = [
    "list",
    "tuple",
    "string",
    "concatenated_string",
    "list_comprehension",
    "dictionary",
    "set",
    "float",
];

/// Decides about a multiplication.
pub fn check(cx: &Context<'_>, product: Node<'_>) -> Option<Report> {
    let (left, right) = (product.field("left")?, product.field("right")?);
    let (display, number) = if left.is_any(&["list", "tuple"]) {
        (left, right)
    } else {
        (right, left)
    };
    let elements = display.children();
    let shared = elements.iter().any(|e| makes_mutable(cx.file, *e));
    let repeats = !number.unparenthesized().is_any(&NO_NUMBERS)
        && !matches!(
            number.unparenthesized().text(),
            "0" | "1" | "True" | "False" | "-1"
        );
    if !shared || !repeats || is_only_read(cx, product) {
        return None;
    }
    let report = Report::at(product)
        .capture("display", display)
        .capture("number", number)
        .text("n", number.text());
    Some(if elements.len() > 1 {
        report.variant("several")
    } else {
        report
    })
}

/// Whether the elements are surely read and not kept: by a comparison, an assertion of a test, or a function that copies
/// them.
fn is_only_read(cx: &Context<'_>, product: Node<'_>) -> bool {
    let mut node = product.with_parentheses();
    if let Some(sum) = node
        .parent()
        .filter(|p| p.is("binary_operator") && p.has_token("+"))
    {
        node = sum.with_parentheses();
    }
    let Some(parent) = node.parent() else {
        return false;
    };
    let list = match parent.kind() {
        "comparison_operator" => return true,
        "argument_list" => parent,
        "list_splat" => match parent.parent() {
            Some(list) if list.is("argument_list") => list,
            _ => return false,
        },
        _ => return false,
    };
    let Some(call) = list.parent().filter(|p| p.is("call")) else {
        return false;
    };
    let method = call.callee().and_then(Node::last_name).unwrap_or_default();
    let name = constructor(cx.file, call).unwrap_or_default();
    method.starts_with("assert")
        || is_of_array_library(&name)
        || name.starts_with("itertools.")
        || matches!(
            name.as_str(),
            "builtins.sum" | "builtins.len" | "builtins.print"
        )
}
