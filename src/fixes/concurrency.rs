//! What the rewrites that make awaited calls concurrent have in common: task groups, semaphores, and the code around
//! them that forbids either.

use std::fmt::Write as _;

use super::awaiting;
use super::draft::{Draft, FixContext, Withheld, withhold};
use super::imports::Style;
use super::{joining, layout};
use crate::analysis::awaits::makes_no_coroutine;
use crate::analysis::expressions::is_comprehension;
use crate::analysis::handlers::{clauses, tries_around};
use crate::analysis::syntax::Node;

/// How many calls may run at once where the code does not say.
pub const LIMIT: u32 = 8;

/// A call that becomes a task.
pub struct Started<'t> {
    /// The call that makes the coroutine.
    pub call: Node<'t>,
    /// Where the result goes: the left side of an assignment, annotation included; `None` if nobody wants it.
    pub target: Option<String>,
    /// What the task is named after.
    pub name: String,
}

/// Refuses files that run on another event loop than `asyncio`'s.
///
/// # Errors
///
/// If the file imports `trio` or `anyio`.
pub fn require_asyncio(cx: &FixContext<'_>) -> Result<(), Withheld> {
    match awaiting::other_library(cx.file) {
        Some(library) => withhold(format!("this file uses {library}")),
        None => Ok(()),
    }
}

/// Refuses statements that share a line with other code, or between which a comment stands. The statements follow one
/// another.
///
/// # Errors
///
/// If other code, or a comment that no call could take along, stands in the way.
pub fn require_own_lines(cx: &FixContext<'_>, statements: &[Node<'_>]) -> Result<(), Withheld> {
    let text = cx.file.text();
    for pair in statements.windows(2) {
        let [above, below] = pair else { continue };
        let between = text.get(above.end()..below.start()).unwrap_or_default();
        if between.contains('#') {
            return withhold("a comment stands between the statements");
        }
    }
    for statement in statements {
        layout::own_lines(cx.file, *statement)?;
    }
    Ok(())
}

/// Refuses calls whose errors somebody around catches by their class: a task group wraps them in a group.
///
/// # Errors
///
/// If there is a `try` with ordinary handlers, or a `suppress`, around `node`.
pub fn require_no_handlers(cx: &FixContext<'_>, node: Node<'_>) -> Result<(), Withheld> {
    let ordinary = |handler: &Node<'_>| !handler.has_token("*");
    if tries_around(node)
        .into_iter()
        .any(|t| clauses(t).iter().any(ordinary))
    {
        return withhold("the handlers around it would miss the errors, which arrive as a group");
    }
    let suppressed = node
        .ancestors()
        .take_while(|n| !n.is_any(&["function_definition", "lambda", "class_definition"]))
        .filter(|n| n.is("with_statement"))
        .flat_map(|n| {
            n.children()
                .into_iter()
                .filter(|c| c.is("with_clause"))
                .flat_map(Node::children)
        })
        .filter_map(|item| item.field("value"))
        .any(|value| cx.file.calls(value, &["contextlib.suppress"]));
    if suppressed {
        return withhold("the `suppress` around it would miss the errors, which arrive as a group");
    }
    Ok(())
}

/// The lines of an `async with TaskGroup()` in which every call becomes a task, without the indentation of the first
/// line; and the expression for each result that is wanted.
///
/// # Errors
///
/// If a call makes no coroutine, or the names that are needed mean something else here.
pub fn task_group<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    at: Node<'t>,
    style: Style<'t>,
    started: &[Started<'t>],
) -> Result<(String, Vec<Option<String>>), Withheld> {
    let group = open_group(cx, draft, at, style, started.iter().map(|s| s.call))?;
    let mut lines = group.header.clone();
    let mut names: Vec<String> = Vec::new();
    let mut results = Vec::new();
    for start in started {
        lines.push_str(&group.line_start);
        if start.target.is_some() {
            let name = unused_task_name(cx, group.function, &start.name, &names);
            lines.push_str(&name);
            lines.push_str(" = ");
            results.push(Some(format!("{name}.result()")));
            names.push(name);
        } else {
            results.push(None);
        }
        lines.push_str(&group.create_task(cx, start.call, &group.indentation));
    }
    Ok((lines, results))
}

/// The lines of an `async with TaskGroup()` that collects its tasks in a list, without the indentation of the first
/// line; and the name of that list.
///
/// # Errors
///
/// If a call makes no coroutine, or the names that are needed mean something else here.
pub fn task_group_list<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    at: Node<'t>,
    style: Style<'t>,
    calls: &[Node<'t>],
) -> Result<(String, String), Withheld> {
    let group = open_group(cx, draft, at, style, calls.iter().copied())?;
    let list = cx
        .file
        .unused_name(group.function, &["tasks", "group_tasks"]);
    let inner = format!("{}{}", group.indentation, layout::indent_unit(cx.file));
    let mut lines = format!("{}{}{list} = [", group.header, group.line_start);
    let newline = layout::newline(cx.file);
    for call in calls {
        let task = group.create_task(cx, *call, &inner);
        let _ = write!(lines, "{newline}{inner}{task},");
    }
    let _ = write!(lines, "{}]", group.line_start);
    Ok((lines, list))
}

struct Group<'t> {
    /// The function around it.
    function: Node<'t>,
    /// `async with asyncio.TaskGroup() as tg:`.
    header: String,
    /// What the group is called.
    name: String,
    /// A line ending and the indentation of the body.
    line_start: String,
    /// The indentation of the body.
    indentation: String,
}

impl Group<'_> {
    /// `tg.create_task(call)` for a line that is indented by `to`; a call of several lines has them inside the parentheses.
    fn create_task(&self, cx: &FixContext<'_>, call: Node<'_>, to: &str) -> String {
        let inner = format!("{to}{}", layout::indent_unit(cx.file));
        let (name, newline) = (&self.name, layout::newline(cx.file));
        let text = joining::moved(cx, call, &inner, "");
        if text.contains(['\n', '\r']) {
            format!("{name}.create_task({newline}{inner}{text}{newline}{to})")
        } else {
            format!("{name}.create_task({text})")
        }
    }
}

fn open_group<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    at: Node<'t>,
    style: Style<'t>,
    calls: impl Iterator<Item = Node<'t>>,
) -> Result<Group<'t>, Withheld> {
    for call in calls {
        if makes_no_coroutine(cx.file, call) {
            return withhold("a task group takes coroutines only");
        }
    }
    let Some(function) = at.function() else {
        return withhold("there is no function around it");
    };
    let class = draft.symbol("asyncio.TaskGroup", at, style)?;
    let name = cx.file.unused_name(function, &["tg", "group"]);
    let indentation = format!("{}{}", at.indentation(), layout::indent_unit(cx.file));
    Ok(Group {
        function,
        header: format!("async with {class}() as {name}:"),
        name,
        line_start: format!("{}{indentation}", layout::newline(cx.file)),
        indentation,
    })
}

/// `answer_task`, or that with a number.
fn unused_task_name(
    cx: &FixContext<'_>,
    function: Node<'_>,
    base: &str,
    taken: &[String],
) -> String {
    let suggestions: Vec<String> = std::iter::once(format!("{base}_task"))
        .chain(
            (2..)
                .take(taken.len() + 1)
                .map(|n| format!("{base}_task{n}")),
        )
        .filter(|name| !taken.contains(name))
        .collect();
    let suggestions: Vec<&str> = suggestions.iter().map(String::as_str).collect();
    cx.file.unused_name(function, &suggestions)
}

/// A semaphore and a coroutine function that holds it during one call.
pub struct Bounded {
    /// The name of the coroutine function.
    pub name: String,
    /// Both definitions and an empty line, to be put before a statement.
    pub definitions: String,
}

/// Writes the semaphore and the function `bounded` for `call`, with these parameters, to stand before `statement`.
///
/// # Errors
///
/// If `asyncio.Semaphore` cannot be named here, or there is no function to put them in.
pub fn bounded<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    statement: Node<'t>,
    style: Style<'t>,
    call: &str,
    parameters: &[&str],
) -> Result<Bounded, Withheld> {
    let Some(function) = statement.function().filter(|f| f.is("function_definition")) else {
        return withhold("there is no function around it");
    };
    let semaphore = draft.symbol("asyncio.Semaphore", statement, style)?;
    let limit = cx.file.unused_name(function, &["limit", "semaphore"]);
    let name = cx.file.unused_name(function, &["bounded", "limited"]);
    let newline = layout::newline(cx.file);
    let (outer, step) = (statement.indentation(), layout::indent_unit(cx.file));
    let lines = [
        format!("{limit} = {semaphore}({LIMIT})"),
        String::new(),
        format!("{outer}async def {name}({}):", parameters.join(", ")),
        format!("{outer}{step}async with {limit}:"),
        format!("{outer}{step}{step}return await {call}"),
        String::new(),
        outer.to_owned(),
    ];
    Ok(Bounded {
        name,
        definitions: lines.join(newline),
    })
}

/// The indentation of the call inside `bounded`.
pub fn bounded_call_indentation(cx: &FixContext<'_>, statement: Node<'_>) -> String {
    let step = layout::indent_unit(cx.file);
    format!("{}{step}{step}", statement.indentation())
}

/// Refuses calls that mean something else inside a function of their own: they bind a name, yield, or use the `super()`
/// that needs its method.
///
/// # Errors
///
/// If there is such a part in the call.
pub fn require_movable(call: Node<'_>) -> Result<(), Withheld> {
    let is_super = |n: &Node<'_>| {
        n.callee().is_some_and(|callee| callee.text() == "super") && n.arguments().is_empty()
    };
    let tied = |n: &Node<'_>| n.is_any(&["named_expression", "yield"]) || is_super(n);
    if call.descendants().iter().any(tied) {
        return withhold("the call means something else inside another function");
    }
    Ok(())
}

/// Refuses places from which definitions before `statement` could not be reached, or would not see the variables that
/// `node` sees: inside a lambda, or a comprehension around `node`.
///
/// # Errors
///
/// If there is such a scope between them.
pub fn require_same_scope(node: Node<'_>, statement: Node<'_>) -> Result<(), Withheld> {
    let opens_scope =
        |n: Node<'_>| n.is_any(&["lambda", "class_definition"]) || is_comprehension(n);
    let between = node.ancestors().take_while(|n| *n != statement);
    if between.into_iter().any(opens_scope)
        || statement.is_any(&[
            "class_definition",
            "decorated_definition",
            "function_definition",
        ])
    {
        return withhold("the call stands in a scope of its own");
    }
    Ok(())
}
