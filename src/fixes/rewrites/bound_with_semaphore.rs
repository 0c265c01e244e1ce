//! A semaphore and a local coroutine that holds it during each call, before the statement, or before the task group
//! whose loop starts the calls.

use crate::analysis::fan_out::{FanOut, clauses};
use crate::analysis::syntax::Node;
use crate::analysis::{awaits::mentions, collecting};
use crate::fixes::concurrency::{
    bounded, bounded_call_indentation, require_asyncio, require_movable, require_own_lines,
    require_same_scope,
};
use crate::fixes::{Draft, FixContext, Style, Withheld, layout, withhold};

/// Limits the calls that a `gather` or the loop of a task group starts.
///
/// # Errors
///
/// If `bounded` could not stand before the statement, or would not see what the call needs.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let hit = cx.hit_of_kind("call")?;
    let fan_out = fan_out(cx, hit)?;
    let (statement, style) = match fan_out {
        FanOut::Loop { .. } => (group_statement(hit)?, Style::Module),
        _ => (
            hit.statement(),
            hit.callee().map_or(Style::Module, Style::Like),
        ),
    };
    require_asyncio(cx)?;
    require_own_lines(cx, &[statement])?;
    require_same_scope(hit, statement)?;
    if runs_later(hit, &fan_out) {
        return withhold("the calls would see the variables of a later iteration");
    }
    let replaced = Replaced::of(cx, &fan_out, statement)?;
    let parameters: Vec<&str> = replaced.parameters.iter().map(String::as_str).collect();
    let mut draft = cx.draft();
    let bounded = bounded(
        cx,
        &mut draft,
        statement,
        style,
        &replaced.call,
        &parameters,
    )?;
    draft.insert(statement.start(), bounded.definitions);
    let instead = if replaced.called {
        format!("{}({})", bounded.name, parameters.join(", "))
    } else {
        bounded.name
    };
    draft.replace(replaced.node, instead);
    draft.review();
    Ok(draft)
}

fn fan_out<'t>(cx: &FixContext<'t>, hit: Node<'t>) -> Result<FanOut<'t>, Withheld> {
    let unpacked = hit.arguments().into_iter().filter(|a| a.is("list_splat"));
    let collections: Vec<Node<'t>> = unpacked
        .filter_map(|s| s.children().first().copied())
        .collect();
    if collections.is_empty() {
        return FanOut::of_loop(cx.file, hit).map_or_else(|| withhold("the code has changed"), Ok);
    }
    let found = collections.into_iter().find_map(|collection| {
        let fan_out = FanOut::of_collection(cx.file, collection)?;
        fan_out
            .is_unbounded(cx.file)
            .then_some((collection, fan_out))
    });
    match found {
        Some((collection, _)) if collection.unparenthesized().is("identifier") => {
            withhold("the coroutines are made in another statement")
        }
        Some((_, fan_out)) => Ok(fan_out),
        None => withhold("the code has changed"),
    }
}

/// The `async with` statement that binds the task group on which `create_task` is called.
fn group_statement(create_task: Node<'_>) -> Result<Node<'_>, Withheld> {
    let name = create_task
        .callee()
        .and_then(|c| c.field("object"))
        .map(Node::text)
        .unwrap_or_default();
    let binds = |with: &Node<'_>| {
        let clause = with.children().into_iter().find(|c| c.is("with_clause"));
        let items = clause.map(Node::children).unwrap_or_default();
        items
            .into_iter()
            .filter_map(|i| i.field("value")?.field("alias"))
            .any(|alias| alias.text() == name)
    };
    let found = create_task
        .ancestors()
        .take_while(|n| !n.is_any(&["function_definition", "lambda", "class_definition"]))
        .find(|n| n.is("with_statement") && binds(n));
    found.map_or_else(|| withhold("the task group is opened elsewhere"), Ok)
}

/// Whether the loop around a `gather` goes on before the calls have run.
fn runs_later(hit: Node<'_>, fan_out: &FanOut<'_>) -> bool {
    let of_gather = !matches!(fan_out, FanOut::Loop { .. });
    let awaited = hit.parent().is_some_and(|p| p.is("await"));
    let in_loop = hit
        .ancestors()
        .take_while(|n| !n.is_any(&["function_definition", "lambda", "class_definition"]))
        .any(|n| n.is_any(&["for_statement", "while_statement"]));
    of_gather && !awaited && in_loop
}

/// What `bounded` takes over.
struct Replaced<'t> {
    /// The call, or the function given to `map`.
    node: Node<'t>,
    /// Whether `bounded` is called in its place, or only named.
    called: bool,
    /// The call that `bounded` makes.
    call: String,
    /// The parameters of `bounded`.
    parameters: Vec<String>,
}

impl<'t> Replaced<'t> {
    fn of(
        cx: &FixContext<'t>,
        fan_out: &FanOut<'t>,
        statement: Node<'t>,
    ) -> Result<Self, Withheld> {
        let indentation = bounded_call_indentation(cx, statement);
        if let Some(call) = fan_out.call() {
            require_movable(call)?;
        }
        match *fan_out {
            FanOut::Comprehension {
                comprehension,
                call,
            } => {
                let filtered = |n: &Node<'_>| {
                    n.is("if_clause") && n.descendants().iter().any(|d| d.is("await"))
                };
                if comprehension.children().iter().any(filtered) {
                    return withhold("a filter awaits");
                }
                let targets: Option<Vec<_>> = clauses(comprehension)
                    .into_iter()
                    .map(collecting::targets)
                    .collect();
                let Some(targets) = targets else {
                    return withhold("a loop assigns to something else than a name");
                };
                let parameters = used(&targets.concat(), call);
                Ok(Self {
                    node: call,
                    called: true,
                    call: layout::reindented(call, &indentation),
                    parameters,
                })
            }
            FanOut::Loop { call, .. } => {
                let parameters = used(&variables(cx, statement, call)?, call);
                Ok(Self {
                    node: call,
                    called: true,
                    call: layout::reindented(call, &indentation),
                    parameters,
                })
            }
            FanOut::Map { function, map } => {
                Self::of_map(cx, map, function, statement, &indentation)
            }
        }
    }

    fn of_map(
        cx: &FixContext<'t>,
        map: Node<'t>,
        function: Node<'t>,
        statement: Node<'t>,
        indentation: &str,
    ) -> Result<Self, Withheld> {
        if let Some(call) = function.field("body").filter(|_| function.is("lambda")) {
            let parameters = function
                .field("parameters")
                .map(Node::children)
                .unwrap_or_default();
            if !parameters.iter().all(|p| p.is("identifier")) {
                return withhold("the lambda's parameters are not plain names");
            }
            let parameters = parameters.iter().map(|p| p.text().to_owned()).collect();
            let call = layout::reindented(call.unparenthesized(), indentation);
            return Ok(Self {
                node: function,
                called: false,
                call,
                parameters,
            });
        }
        if map.arguments().len() != 2 || !function.is_any(&["identifier", "attribute"]) {
            return withhold("the arguments of the call are not to be seen");
        }
        let scope = statement.function().unwrap_or(statement);
        let item = cx.file.unused_name(scope, &["item", "element"]);
        let call = format!("{}({item})", function.text());
        Ok(Self {
            node: function,
            called: false,
            call,
            parameters: vec![item],
        })
    }
}

/// The names that occur in the call, each once.
fn used(names: &[Node<'_>], call: Node<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names
        .iter()
        .map(|n| n.text())
        .filter(|name| mentions(call, name))
    {
        if !found.iter().any(|f| f == name) {
            found.push(name.to_owned());
        }
    }
    found
}

/// The variables of the loops around a call inside a task group's block.
///
/// # Errors
///
/// If the call needs another name that the block binds: it may change before the task runs.
fn variables<'t>(
    cx: &FixContext<'t>,
    group: Node<'t>,
    call: Node<'t>,
) -> Result<Vec<Node<'t>>, Withheld> {
    let loops: Vec<Node<'t>> = call
        .ancestors()
        .take_while(|n| *n != group)
        .filter(|n| n.is("for_statement"))
        .collect();
    let targets: Option<Vec<Vec<Node<'t>>>> = loops
        .iter()
        .rev()
        .map(|l| collecting::targets(*l))
        .collect();
    let Some(targets) = targets.map(|t| t.concat()) else {
        return withhold("a loop assigns to something else than a name");
    };
    let body = group
        .field("body")
        .map(Node::descendants)
        .unwrap_or_default();
    let changes = body.into_iter().any(|n| {
        n.is("identifier")
            && cx.file.names().is_binding_site(n)
            && !call.contains(n)
            && !targets.contains(&n)
            && mentions(call, n.text())
    });
    if changes {
        withhold("the call needs a name that the block assigns")
    } else {
        Ok(targets)
    }
}
