//! What is handed over is a lambda, a function defined in another one, or a `partial` of these. The pool must be made in
//! place, be the only value of a name, or be what a `with` opens; a `Process` is reported mildly, because `fork` takes
//! such a function.

use crate::analysis::coroutine::expects_exception;
use crate::analysis::pools::{PROCESS_POOLS, is_unpicklable_function, pool_of, target};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};
use crate::catalog::Severity;

/// Decides about a call that hands a function to a process.
pub fn check(cx: &Context<'_>, call: Node<'_>) -> Option<Report> {
    let is_process = cx.calls(call, &["multiprocessing.Process"]);
    let function = if is_process {
        target(call)?
    } else {
        call.positional()
            .first()
            .copied()
            .or_else(|| call.keyword("func"))?
    };
    if !is_unpicklable_function(cx.file, function) || expects_exception(call) {
        return None;
    }
    if is_process {
        let report = Report::at(call).severity(Severity::Info).variant("process");
        return Some(report.capture("function", function));
    }
    pool_of(cx.file, call, &PROCESS_POOLS)?;
    Some(Report::at(call).capture("function", function))
}
