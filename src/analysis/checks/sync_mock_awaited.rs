//! Starts from `Mock` and `MagicMock`. The mock must be assigned to a name of a function, or be what a `patch` with `new` or
//! `new_callable` gives, and the same function awaits a call of it or of an attribute. Silent where a `spec`, an assignment
//! or a `return_value` may make that call awaitable, and where the error is expected.

use crate::analysis::coroutine::expects_exception;
use crate::analysis::mocks::{MockUse, is_unawaitable};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Decides about a use of one of the two classes.
pub fn check(cx: &Context<'_>, class: Node<'_>) -> Option<Report> {
    class.function()?;
    let parent = class.parent()?;
    if parent.callee() == Some(class) {
        return assigned(cx, class, parent).or_else(|| patched(cx, class, parent));
    }
    let by_class = parent.is("keyword_argument")
        && parent
            .field("name")
            .is_some_and(|n| n.text() == "new_callable");
    if by_class {
        patched(cx, class, class)
    } else {
        None
    }
}

/// `client = Mock()`
fn assigned<'t>(cx: &Context<'t>, class: Node<'t>, constructor: Node<'t>) -> Option<Report> {
    let value = constructor.with_parentheses();
    let assignment = value
        .parent()
        .filter(|p| p.is("assignment") && p.field("right") == Some(value))?;
    let name = assignment.field("left").filter(|l| l.is("identifier"))?;
    cx.file.local_value(name).filter(|v| *v == constructor)?;
    report(cx, assignment, class, constructor, name)
}

/// `with patch("app.ask", new=Mock()) as ask:` and `with patch("app.ask", new_callable=Mock) as ask:`
fn patched<'t>(cx: &Context<'t>, class: Node<'t>, replacement: Node<'t>) -> Option<Report> {
    let argument = replacement.parent()?;
    let by_keyword = argument.is("keyword_argument");
    let list = if by_keyword {
        argument.parent()?
    } else {
        argument
    };
    let call = list.parent().filter(|p| p.is("call"))?;
    let place = match cx.callee_name(call)?.as_str() {
        "unittest.mock.patch" => 1,
        "unittest.mock.patch.object" => 2,
        _ => return None,
    };
    let keyword = argument
        .field("name")
        .filter(|_| by_keyword)
        .map(Node::text);
    let is_new = match keyword {
        Some(keyword) => keyword == "new_callable" || keyword == "new" && replacement.is("call"),
        None => call.positional().get(place) == Some(&replacement),
    };
    // What else `patch` is told configures the mock.
    let known = |a: &Node<'_>| !a.is("keyword_argument") || *a == argument;
    if !is_new || !call.arguments().iter().all(known) {
        return None;
    }
    let target = call
        .with_parentheses()
        .parent()
        .filter(|p| p.is("as_pattern"))?;
    let name = target
        .field("alias")?
        .children()
        .first()
        .copied()
        .filter(|n| n.is("identifier"))?;
    cx.file.with_value(name)?;
    let constructor = if replacement.is("call") {
        replacement
    } else {
        class
    };
    report(cx, call, class, constructor, name)
}

fn report<'t>(
    cx: &Context<'t>,
    place: Node<'t>,
    class: Node<'t>,
    constructor: Node<'t>,
    name: Node<'t>,
) -> Option<Report> {
    let uses: Vec<MockUse<'_>> = cx.file.reads(name).into_iter().map(MockUse::of).collect();
    let mut awaited = uses
        .iter()
        .filter(|used| used.is_awaited_call() && is_unawaitable(cx.file, constructor, &uses, used))
        .peekable();
    let first = awaited.peek()?.expression();
    if expects_exception(first) {
        return None;
    }
    let direct =
        awaited.all(MockUse::is_awaited_directly) && !uses.iter().any(MockUse::is_plain_call);
    let report = Report::at(place)
        .capture("class", class)
        .text("kind", class.last_name().unwrap_or_default());
    Some(if direct { report } else { report.review() })
}
