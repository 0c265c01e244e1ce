//! The statement runs when the module is imported: it stands outside every function and class, and under no `if` that
//! compares `__name__` with `"__main__"`. Silent in a `__main__.py`, which no child imports again, in notebooks, and where
//! the file asks for `fork`. Reported mildly below Python 3.14, where Linux forks by default.

use crate::analysis::pools::making_call;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report, main_guard};
use crate::catalog::{PythonVersion, Severity};

/// The release in which no platform forks by default any more.
const NO_FORK: PythonVersion = PythonVersion {
    major: 3,
    minor: 14,
};

/// Decides about a call that makes a pool, or of a `start` method.
pub fn check(cx: &Context<'_>, call: Node<'_>) -> Option<Report> {
    let outside = call.ancestors().all(|n| {
        !n.is_any(&[
            "function_definition",
            "lambda",
            "class_definition",
            "decorator",
        ])
    });
    if !outside || main_guard::is_under(call) || runs_only_once(cx) {
        return None;
    }
    let starts = call.callee().and_then(Node::last_name) == Some("start");
    if starts {
        let object = call.callee()?.unparenthesized().field("object")?;
        let made = making_call(cx.file, object)?;
        cx.calls(made, &["multiprocessing.Process"]).then_some(())?;
    }
    if asks_for_fork(cx, call) {
        return None;
    }
    let statement = call.statement();
    let report = if statement.is("expression_statement") {
        Report::at(statement)
    } else {
        Report::range(statement.header())
    };
    let report = report.capture("statement", statement);
    Some(if cx.settings.target < NO_FORK {
        report.severity(Severity::Info)
    } else {
        report
    })
}

/// Whether no child process imports the file as its main module.
fn runs_only_once(cx: &Context<'_>) -> bool {
    let path = cx.file.path();
    path.file_name().is_some_and(|name| name == "__main__.py")
        || path.extension().is_some_and(|e| e == "ipynb")
}

/// `set_start_method("fork")` anywhere, or `mp_context=get_context("fork")` in the call.
fn asks_for_fork(cx: &Context<'_>, call: Node<'_>) -> bool {
    let is_fork = |argument: &Node<'_>| {
        argument.is("string") && argument.text().trim_matches(['"', '\'']) == "fork"
    };
    let says_fork = |call: Node<'_>| {
        call.arguments()
            .iter()
            .any(|a| is_fork(a) || a.field("value").as_ref().is_some_and(is_fork))
    };
    let context = call
        .keyword("mp_context")
        .and_then(|context| making_call(cx.file, context));
    let set = cx
        .file
        .spelled("set_start_method")
        .into_iter()
        .filter_map(|n| n.ancestors().find(|a| a.is("call")))
        .any(says_fork);
    set || context.is_some_and(says_fork)
}
