//! The first argument must surely be no callable: a literal, a display, a comprehension, or a call of a builtin class or
//! of a container class. Or the call has the keyword `default_factory`. Code that expects the `TypeError` is left alone.

use crate::analysis::coroutine::expects_exception;
use crate::analysis::expressions::{is_comprehension, is_display, is_literal};
use crate::analysis::mutable::mutable_value;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report, handlers};

/// Builtin classes whose instances cannot be called.
const CLASSES: [&str; 6] = ["int", "str", "float", "bool", "tuple", "frozenset"];

/// Decides about a call of `defaultdict`.
pub fn check(cx: &Context<'_>, call: Node<'_>) -> Option<Report> {
    let first = call.arguments().first().copied();
    let value = first.filter(|a| is_value(cx, *a));
    let keyword = call.arguments().into_iter().find(|a| {
        a.is("keyword_argument")
            && a.field("name")
                .is_some_and(|n| n.text() == "default_factory")
    });
    let report = match (value, keyword) {
        (Some(value), None) => Report::at(call).capture("value", value),
        (value, Some(keyword)) => {
            let report = Report::at(call)
                .variant("keyword")
                .capture("keyword", keyword);
            match value {
                Some(value) => report.capture("value", value),
                None => report,
            }
        }
        (None, None) => return None,
    };
    (!expects_type_error(call)).then_some(report)
}

/// Whether the value of an expression cannot be called, which its form alone says. `None` makes a plain dict.
fn is_value_kind(value: Node<'_>) -> bool {
    let literal = is_literal(value) && !value.is("none");
    literal || is_display(value) || is_comprehension(value) || value.is("unary_operator")
}

fn is_value(cx: &Context<'_>, argument: Node<'_>) -> bool {
    let value = argument.unparenthesized();
    is_value_kind(value)
        || mutable_value(cx.file, value).is_some()
        || value.callee().is_some_and(|callee| {
            CLASSES
                .into_iter()
                .any(|class| cx.file.is_builtin(callee, class))
        })
}

fn expects_type_error(call: Node<'_>) -> bool {
    expects_exception(call)
        || handlers::tries_around(call)
            .into_iter()
            .flat_map(handlers::clauses)
            .flat_map(handlers::caught)
            .any(|class| class.last_name() == Some("TypeError"))
}
