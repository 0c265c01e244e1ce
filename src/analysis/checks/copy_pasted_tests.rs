//! The test must have the same decorators, parameters and code as an earlier one beside it, but for literals. Tests of one
//! statement count from three on. Silent for test cases of unittest, which cannot be parametrized.

use crate::analysis::alike::original;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports the name of a test that repeats an earlier one.
pub fn check(cx: &Context<'_>, function: Node<'_>) -> Option<Report> {
    let name = function.field("name")?;
    let first = original(cx.file, cx.settings, function)?.field("name")?;
    Some(
        Report::at(name)
            .related(first, "the first of these tests")
            .capture("first", first),
    )
}
