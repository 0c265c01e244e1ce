//! The loop must be the last statement of a test, go over a display of at least two cases, and hold an assertion; no round
//! may use or change what another one, or the test before the loop, has made.

use crate::analysis::case_loop::CaseLoop;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports the header of the loop.
pub fn check(cx: &Context<'_>, statement: Node<'_>) -> Option<Report> {
    CaseLoop::of(cx.file, cx.settings, statement)?;
    Some(Report::range(statement.header()))
}
