//! A class without decorators and bases that consists of methods alone: an `__init__` that stores each of its two or more
//! arguments under its name, and a `__repr__` and `__eq__`, if there are any, that go through all of them. Silent for
//! classes that others inherit from, and where a method has the name of an attribute.

use crate::analysis::storing::StoringClass;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports the name of a class.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let found = StoringClass::of(cx.file, hit)?;
    Some(Report::at(found.class.field("name")?).text("count", found.stored.len().to_string()))
}
