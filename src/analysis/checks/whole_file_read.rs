//! What is read is surely a file that this code opens, or a `Path`, and all of it goes into one `for`: directly, through
//! `enumerate`, or through one name that is used for nothing else.

use crate::analysis::syntax::Node;
use crate::analysis::whole_reads::{WholeRead, loop_over, openings, splits_lines};
use crate::analysis::{Context, Report};

/// Reports the loop, or the assignment of the text. The hit is a method call.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let name = hit.callee()?.last_name()?;
    if name == "read" {
        return text_of_lines(cx, hit);
    }
    let around = loop_over(cx.file, hit)?;
    WholeRead::of(cx.file, hit)?;
    let range = if around.is("for_statement") {
        around.header()
    } else {
        around.range()
    };
    Some(Report::range(range).capture("read", hit))
}

/// `text = handle.read()`, where the one use of the text is to go through its lines.
fn text_of_lines(cx: &Context<'_>, read: Node<'_>) -> Option<Report> {
    let value = read.with_parentheses();
    let assignment = value
        .parent()
        .filter(|p| p.is("assignment") && p.field("right") == Some(value))?;
    let text = assignment.field("left").filter(|n| n.is("identifier"))?;
    let handle = read.callee()?.field("object")?;
    if !read.arguments().is_empty()
        || cx.file.local_value(text) != Some(read)
        || openings(cx.file, handle).is_empty()
    {
        return None;
    }
    let [only] = cx.file.reads(text)[..] else {
        return None;
    };
    let call = only.parent()?.parent().filter(|call| splits_lines(*call))?;
    let same = only.function() == read.function()
        && call.callee()?.field("object") == Some(only)
        && loop_over(cx.file, call).is_some();
    same.then(|| {
        Report::at(assignment)
            .withhold("the loop over the lines stands elsewhere")
            .related(call, "the lines are used here")
    })
}
