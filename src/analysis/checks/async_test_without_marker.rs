//! The function must be a coroutine test that pytest collects and nothing runs: no mark of an asynchronous plugin on it,
//! its classes or the module, no decorator that may wrap it, no base class that may run it, and no use in the file itself.

use crate::analysis::pytest::{Unrun, unrun_coroutine_test};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports the name of a coroutine test that nothing runs.
pub fn check(cx: &Context<'_>, function: Node<'_>) -> Option<Report> {
    let unrun = unrun_coroutine_test(cx.file, cx.settings, function)?;
    let report = Report::at(function.field("name")?);
    Some(match unrun {
        Unrun::ByPytest => report,
        Unrun::ByUnitTest => report
            .variant("unittest")
            .withhold("marks do not work in a `unittest.TestCase`: inherit `unittest.IsolatedAsyncioTestCase`"),
    })
}
