//! Adjacent awaits of which none needs another's result, whose calls read, and whose order nothing else fixes. Reports
//! the first statement of every run.

use crate::analysis::awaits::{AwaitStatement, in_ordering_context, independent_runs};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports the runs in the row of awaits that `hit` begins.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Vec<Report> {
    let begins_row = hit.previous().and_then(AwaitStatement::of).is_none();
    let in_block = hit.parent().is_some_and(|p| p.is("block"));
    if !begins_row || !in_block || !hit.in_async_function() || in_ordering_context(hit) {
        return Vec::new();
    }
    let runs = independent_runs(cx.file, hit);
    runs.iter().filter_map(|run| report(run)).collect()
}

fn report(run: &[AwaitStatement<'_>]) -> Option<Report> {
    let (first, rest) = run.split_first()?;
    let mut report = Report::at(first.statement).text("count", run.len().to_string());
    for statement in run {
        report = report.capture("statement", statement.statement);
    }
    for statement in rest {
        report = report.related(
            statement.statement,
            "does not depend on the awaits above it",
        );
    }
    Some(report)
}
