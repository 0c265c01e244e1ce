//! The function is one of this file, and surely does nothing but compute in a loop. The pool must be made in place, be the
//! only value of a name, or be what a `with` opens.

use crate::analysis::cpu::is_cpu_bound;
use crate::analysis::pools::{pool_of, target};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Decides about a call that hands a function to a thread.
pub fn check(cx: &Context<'_>, call: Node<'_>) -> Option<Report> {
    let first = || call.positional().first().map(|n| n.unparenthesized());
    let (function, report) = if cx.calls(call, &["threading.Thread"]) {
        let report = Report::at(call).withhold("a thread has no counterpart that is as simple");
        (target(call)?, report)
    } else if cx.calls(call, &["asyncio.to_thread"]) {
        let report = Report::at(call).variant("to_thread");
        (
            first()?,
            report.withhold("it takes an executor that lives longer than the call"),
        )
    } else {
        let pool = pool_of(cx.file, call, &["concurrent.futures.ThreadPoolExecutor"])?;
        (first()?, Report::at(call).capture("pool", pool))
    };
    let definition = cx.file.called_function(function)?;
    is_cpu_bound(cx.file, definition).then(|| {
        report.capture("function", function).related(
            definition.field("name").unwrap_or(definition),
            "computes in a loop",
        )
    })
}
