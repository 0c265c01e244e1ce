//! The call is made in a handler on something that is a logger by its value or by its usual name, and its text mentions
//! the exception, or the handler has no name for it. Silent if the handler raises, or keeps the traceback some other way.

use crate::analysis::handlers::{handler_name, handler_of, own_nodes};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report, is_variable};

/// What loggers are usually called.
const USUAL_NAMES: [&str; 4] = ["logger", "log", "_logger", "self.logger"];

/// Reports a log call that drops the traceback.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let handler = handler_of(hit)?;
    let method = hit.callee()?.field("attribute")?;
    let logger = hit.callee()?.field("object")?;
    if !matches!(method.text(), "error" | "critical") || !is_logger(cx, logger) {
        return None;
    }
    let arguments = hit.arguments();
    let is_option = |n: &Node<'_>| n.is_any(&["keyword_argument", "dictionary_splat"]);
    let text: Vec<Node<'_>> = arguments
        .iter()
        .copied()
        .filter(|n| !is_option(n))
        .collect();
    let may_have_traceback =
        hit.keyword("exc_info").is_some() || arguments.iter().any(|n| n.is("dictionary_splat"));
    if text.is_empty() || may_have_traceback || keeps_traceback(cx, handler) {
        return None;
    }
    let name = handler_name(handler);
    if name.is_some_and(|name| !mention(cx, &text, name)) {
        return None;
    }
    let report = Report::at(hit)
        .capture("method", method)
        .capture("logger", logger);
    let report = if method.text() == "critical" {
        report.variant("critical")
    } else {
        report
    };
    Some(match name {
        Some(name) if mention(cx, &arguments, name) => report.review(),
        _ => report,
    })
}

/// Whether an object is a logger by its value, or by its usual name.
pub fn is_logger(cx: &Context<'_>, object: Node<'_>) -> bool {
    let value = if object.is("attribute") {
        cx.file.attribute_value(object)
    } else {
        cx.file.value(object)
    };
    USUAL_NAMES.contains(&object.text())
        || cx.is_one_of(object, &["logging"])
        || value.is_some_and(|value| cx.calls(value, &["logging.getLogger"]))
}

/// Whether one of the expressions reads the handler's name.
fn mention(cx: &Context<'_>, expressions: &[Node<'_>], name: Node<'_>) -> bool {
    expressions
        .iter()
        .flat_map(|expression| expression.descendants())
        .any(|n| n.is("identifier") && is_variable(n) && cx.file.names().same_variable(n, name))
}

/// Whether the handler passes the exception on, or reports its traceback elsewhere.
fn keeps_traceback(cx: &Context<'_>, handler: Node<'_>) -> bool {
    own_nodes(handler).into_iter().any(|n| match n.kind() {
        "raise_statement" => true,
        "call" => {
            n.keyword("exc_info").is_some()
                // Not `task.exception()`, which only returns it.
                || (n.callee().and_then(Node::last_name) == Some("exception")
                    && !n.arguments().is_empty())
                || cx.callee_name(n).is_some_and(|name| {
                    name.starts_with("traceback.") || name == "sys.exc_info"
                })
        }
        _ => false,
    })
}
