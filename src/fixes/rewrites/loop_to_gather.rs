//! A semaphore, a local coroutine that holds it during each call, and one `await gather(…)` in place of the loop and of
//! the empty list above it, or of the comprehension.

use crate::analysis::awaits::mentions;
use crate::analysis::collecting::Collecting;
use crate::analysis::syntax::Node;
use crate::fixes::concurrency::{
    Bounded, bounded, bounded_call_indentation, require_asyncio, require_movable,
    require_own_lines, require_same_scope,
};
use crate::fixes::{Draft, FixContext, Style, Withheld, layout, withhold};

/// Gathers the answers that a loop or comprehension collects one by one.
///
/// # Errors
///
/// If the list is not created empty directly above, the loop's variables are used outside it, or `bounded` could not
/// stand before the statement.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    require_asyncio(cx)?;
    let node = cx
        .hit_of_kind("list_comprehension")
        .or_else(|_| cx.hit_of_kind("for_statement"))?;
    let Some(collecting) = Collecting::of(node) else {
        return withhold("the code has changed");
    };
    require_movable(collecting.call())?;
    let mut draft = cx.draft();
    match collecting {
        Collecting::Comprehension { comprehension, .. } => {
            gather_comprehension(cx, &mut draft, comprehension, &collecting)?;
        }
        Collecting::Loop {
            statement,
            list,
            answer,
            annotated,
            ..
        } => {
            if annotated {
                return withhold("the annotation of the answer would be lost");
            }
            stays_inside(cx, statement, &collecting, answer)?;
            gather_loop(cx, &mut draft, statement, list, &collecting)?;
        }
    }
    draft.review();
    Ok(draft)
}

/// `[await call(x) for x in items]` becomes `await gather(*(bounded(x) for x in items))`.
fn gather_comprehension<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    comprehension: Node<'t>,
    collecting: &Collecting<'t>,
) -> Result<(), Withheld> {
    let statement = comprehension.statement();
    require_own_lines(cx, &[statement])?;
    require_same_scope(comprehension, statement)?;
    let gather = draft.symbol("asyncio.gather", statement, Style::Module)?;
    let (bounded, parameters) = bounded_call(cx, draft, statement, collecting)?;
    let Some(body) = comprehension.field("body") else {
        return withhold("the code has changed");
    };
    let (open, close) = if needs_parentheses(comprehension) {
        ("(", ")")
    } else {
        ("", "")
    };
    draft.insert(statement.start(), bounded.definitions);
    let call = format!("{}({parameters})", bounded.name);
    let clauses: Vec<&str> = comprehension
        .children()
        .into_iter()
        .filter(|n| *n != body)
        .map(Node::text)
        .collect();
    let breaks = |text: &str| text.contains(['\n', '\r']);
    if !comprehension.has_comment() && !clauses.iter().any(|clause| breaks(clause)) {
        let clauses = clauses.join(" ");
        draft.replace(
            comprehension,
            format!("{open}await {gather}(*({call} {clauses})){close}"),
        );
        return Ok(());
    }
    if let Some(lines) = content_lines(cx, comprehension, body, &call) {
        let (newline, outer) = (layout::newline(cx.file), comprehension.indentation());
        let inner = format!("{newline}{outer}{}", layout::indent_unit(cx.file));
        let text = format!("{open}await {gather}({inner}*({lines}{inner}){newline}{outer}){close}");
        draft.replace(comprehension, text);
        return Ok(());
    }
    let (start, end) = (comprehension.start(), comprehension.end());
    draft.replace_range(start..start + 1, format!("{open}await {gather}(*("));
    draft.replace(body, call);
    draft.replace_range(end - 1..end, format!(")){close}"));
    Ok(())
}

/// The content of a comprehension whose brackets have lines of their own, two steps deeper than they are, with `call` for its
/// body.
fn content_lines(
    cx: &FixContext<'_>,
    comprehension: Node<'_>,
    body: Node<'_>,
    call: &str,
) -> Option<String> {
    let inside = comprehension.start() + 1..comprehension.end() - 1;
    let content = cx.file.slice(inside.clone());
    let (head, tail) = (content.trim_start(), content.trim_end());
    let own_lines = |blank: &str| blank.contains(['\n', '\r']);
    if !own_lines(&content[..content.len() - head.len()]) || !own_lines(&content[tail.len()..]) {
        return None;
    }
    let unit = layout::indent_unit(cx.file);
    let to = format!("{}{unit}{unit}", comprehension.indentation());
    let from = body.indentation();
    let start = inside.end - head.len();
    let before = layout::moved(comprehension, start..body.start(), from, &to);
    let behind = layout::moved(
        comprehension,
        body.end()..inside.start + tail.len(),
        from,
        &to,
    );
    Some(format!(
        "{}{to}{before}{call}{behind}",
        layout::newline(cx.file)
    ))
}

/// Whether what follows the node binds tighter than an `await` in its place.
fn needs_parentheses(node: Node<'_>) -> bool {
    node.parent().is_some_and(|parent| match parent.kind() {
        "attribute" => parent.field("object") == Some(node),
        "subscript" => parent.field("value") == Some(node),
        "call" => parent.field("function") == Some(node),
        _ => false,
    })
}

/// The empty list and the loop become `answers = await gather(*(bounded(x) for x in items))`.
fn gather_loop<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    statement: Node<'t>,
    list: Node<'t>,
    collecting: &Collecting<'t>,
) -> Result<(), Withheld> {
    let Some((empty, assignment)) = empty_list(statement, list) else {
        return withhold("the list is not created empty directly above the loop");
    };
    require_own_lines(cx, &[empty, statement])?;
    let (Some(left), Some(iterable), Some(value)) = (
        statement.field("left"),
        statement.field("right"),
        assignment.field("right"),
    ) else {
        return withhold("the code has changed");
    };
    if iterable.descendants().iter().any(|n| n.is("yield")) {
        return withhold("the loop's iterable yields");
    }
    let gather = draft.symbol("asyncio.gather", empty, Style::Module)?;
    let (bounded, parameters) = bounded_call(cx, draft, empty, collecting)?;
    let assigned = cx
        .file
        .text()
        .get(assignment.start()..value.start())
        .unwrap_or_default();
    let wraps = iterable.is_any(&["expression_list", "conditional_expression", "lambda"]);
    let items = if wraps {
        format!("({})", iterable.text())
    } else {
        iterable.text().to_owned()
    };
    let text = format!(
        "{}{assigned}await {gather}(*({}({parameters}) for {} in {items}))",
        bounded.definitions,
        bounded.name,
        left.text(),
    );
    draft.replace_range(empty.start()..statement.end(), text);
    Ok(())
}

/// The definitions before `statement`, and the arguments for `bounded`.
fn bounded_call<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    statement: Node<'t>,
    collecting: &Collecting<'t>,
) -> Result<(Bounded, String), Withheld> {
    let Some(targets) = collecting.targets() else {
        return withhold("the loop assigns to something else than a name");
    };
    let call = collecting.call();
    let mut parameters: Vec<&str> = Vec::new();
    for name in targets
        .iter()
        .map(|t| t.text())
        .filter(|name| mentions(call, name))
    {
        if !parameters.contains(&name) {
            parameters.push(name);
        }
    }
    let text = layout::reindented(call, &bounded_call_indentation(cx, statement));
    let bounded = bounded(cx, draft, statement, Style::Module, &text, &parameters)?;
    Ok((bounded, parameters.join(", ")))
}

/// The statement `list = []` directly above the loop, and its assignment.
fn empty_list<'t>(statement: Node<'t>, list: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
    let empty = statement
        .previous()
        .filter(|p| p.is("expression_statement"))?;
    let assignment = *empty.children().first()?;
    let left = assignment
        .field("left")
        .filter(|_| assignment.is("assignment"))?;
    let value = assignment
        .field("right")
        .filter(|v| v.is("list") && v.children().is_empty())?;
    let same = left.is("identifier") && left.text() == list.text();
    (same && !value.has_comment()).then_some((empty, assignment))
}

/// Refuses loops whose variables somebody reads afterwards.
fn stays_inside<'t>(
    cx: &FixContext<'t>,
    statement: Node<'t>,
    collecting: &Collecting<'t>,
    answer: Option<Node<'t>>,
) -> Result<(), Withheld> {
    for name in collecting
        .targets()
        .unwrap_or_default()
        .into_iter()
        .chain(answer)
    {
        let own = name
            .function()
            .and_then(|f| cx.file.names().scope_opened_by(f));
        let outside = |n: &Node<'_>| !statement.contains(*n) && !in_loop_over(*n, name.text());
        if cx.file.names().owner(name) != own || cx.file.reads(name).iter().any(outside) {
            return withhold("a variable of the loop is used outside it");
        }
    }
    Ok(())
}

/// Whether a read gets its value from a loop of its own.
fn in_loop_over(read: Node<'_>, name: &str) -> bool {
    read.ancestors().any(|n| {
        n.is("for_statement")
            && n.field("body").is_some_and(|body| body.contains(read))
            && n.field("left").is_some_and(|left| mentions(left, name))
    })
}
