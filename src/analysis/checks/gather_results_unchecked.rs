//! The list, or an unpacked result, is used as if it held only results: an attribute of an item, a subscript, arithmetic,
//! unpacking. Silent where the rest of the function looks for exceptions in any way, or where the list is returned,
//! stored or passed on.

use crate::analysis::gathered::{builtin_callee, elements, is_gathered, is_slice, item_targets};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Builtins that tell one kind of value from another.
const TESTS: [&str; 6] = [
    "callable",
    "getattr",
    "hasattr",
    "isinstance",
    "issubclass",
    "type",
];

/// Builtins through which a loop still sees the items.
const TRANSPARENT: [&str; 7] = [
    "enumerate",
    "iter",
    "list",
    "reversed",
    "sorted",
    "tuple",
    "zip",
];

/// Methods of lists, sets and strings that iterate over their argument.
const CONSUMING_METHODS: [&str; 4] = ["extend", "join", "update", "writelines"];

/// What becomes of a value at one place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// It is tested, as far as can be told: somebody has thought of exceptions.
    Tested,
    /// It goes elsewhere, and the duty to test it with it.
    Leaves,
    /// It is taken for a result.
    Misused,
    /// Nothing that matters.
    Neutral,
}

/// A place where the list or one of its items is read.
#[derive(Clone, Copy)]
enum Value<'t> {
    List(Node<'t>),
    Item(Node<'t>),
}

/// Reports the statement; `use` is the first place where an item is taken for a result, `list` the only target.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let assignment = hit.children().first().copied()?;
    if !is_gathered(cx, assignment.field("right")?) {
        return None;
    }
    let target = assignment.field("left")?;
    let function = hit.function()?;
    let body = function.field("body")?;
    let values = if target.is("identifier") {
        if !is_local(cx, target, function) {
            return None;
        }
        reads(cx, target, hit, body)
            .into_iter()
            .map(Value::List)
            .collect()
    } else {
        unpacked(cx, target, hit, body)?
    };
    if tests_elsewhere(cx, hit, body) {
        return None;
    }
    let misused = first_misuse(cx, values)?;
    let report = Report::at(hit).capture("use", misused);
    Some(if target.is("identifier") {
        report.capture("list", target)
    } else {
        report
    })
}

/// The reads of unpacked names; None if a target is no name.
fn unpacked<'t>(
    cx: &Context<'t>,
    target: Node<'t>,
    statement: Node<'t>,
    body: Node<'t>,
) -> Option<Vec<Value<'t>>> {
    let mut values = Vec::new();
    for part in elements(target) {
        let starred = part.is("list_splat_pattern");
        let name = if starred {
            part.children().first().copied()?
        } else {
            part
        };
        if !name.is("identifier") || !is_local(cx, name, statement.function()?) {
            return None;
        }
        let kind = if starred { Value::List } else { Value::Item };
        values.extend(reads(cx, name, statement, body).into_iter().map(kind));
    }
    Some(values)
}

/// Whether a name belongs to a function: others could read a global name.
fn is_local(cx: &Context<'_>, name: Node<'_>, function: Node<'_>) -> bool {
    let names = cx.file.names();
    names.owner(name) == names.scope_opened_by(function)
}

/// The reads of a variable inside `within`, below `after`, up to the statement that binds it again.
fn reads<'t>(cx: &Context<'t>, name: Node<'t>, after: Node<'t>, within: Node<'t>) -> Vec<Node<'t>> {
    let names = cx.file.names();
    let below: Vec<Node<'t>> = cx
        .file
        .occurrences(name)
        .into_iter()
        .filter(|n| n.start() >= after.end() && within.contains(*n))
        .collect();
    let rebound = below.iter().find(|n| names.is_binding_site(**n));
    let end = rebound.map_or(within.end(), |n| n.statement().end());
    below
        .into_iter()
        .filter(|n| n.end() <= end && !names.is_binding_site(*n))
        .collect()
}

/// The first place where an item is misused; None if there is none, if something is tested, or if the list leaves.
fn first_misuse<'t>(cx: &Context<'t>, values: Vec<Value<'t>>) -> Option<Node<'t>> {
    let mut pending = values;
    let mut misused: Vec<Node<'t>> = Vec::new();
    while let Some(value) = pending.pop() {
        let (node, found) = match value {
            Value::List(list) => {
                let (found, items) = use_of_list(cx, list);
                pending.extend(items);
                (list, found)
            }
            Value::Item(item) => (item, use_of_item(cx, item)),
        };
        match (found, value) {
            (Use::Tested, _) | (Use::Leaves, Value::List(_)) => return None,
            (Use::Misused, _) => misused.push(node),
            (Use::Leaves | Use::Neutral, _) => {}
        }
    }
    let first = misused.into_iter().min_by_key(|n| n.start())?;
    let outer = first.with_parentheses();
    Some(
        outer
            .parent()
            .filter(|p| p.is("attribute"))
            .unwrap_or(outer),
    )
}

/// What becomes of the list at one place, and which places then see its items.
fn use_of_list<'t>(cx: &Context<'t>, list: Node<'t>) -> (Use, Vec<Value<'t>>) {
    let whole = list.with_parentheses();
    let Some(parent) = whole.parent() else {
        return (Use::Leaves, Vec::new());
    };
    match parent.kind() {
        "subscript" if parent.field("value") == Some(whole) && is_slice(parent) => {
            (Use::Neutral, vec![Value::List(parent)])
        }
        "subscript" if parent.field("value") == Some(whole) => {
            (Use::Neutral, vec![Value::Item(parent)])
        }
        "assignment" => match parent.field("left").map(elements).as_deref() {
            Some(parts @ [_, ..]) if parent.field("right") == Some(whole) => {
                (Use::Neutral, items_of_targets(cx, parts, parent))
            }
            _ => (Use::Leaves, Vec::new()),
        },
        "for_statement" | "for_in_clause" => (Use::Neutral, looped(cx, list, parent)),
        "argument_list" => {
            let call = parent.parent();
            match call.and_then(|c| builtin_callee(cx, c)).as_deref() {
                Some("len" | "isinstance") => (Use::Neutral, Vec::new()),
                Some(name) if TRANSPARENT.contains(&name) => iterated(cx, list, call),
                _ => (Use::Leaves, Vec::new()),
            }
        }
        _ if is_condition(whole)
            || parent.is_any(&["comparison_operator", "expression_statement"]) =>
        {
            (Use::Neutral, Vec::new())
        }
        _ => (Use::Leaves, Vec::new()),
    }
}

/// The list inside calls of `enumerate`, `zip` and the like: what the loop over the outermost one sees.
fn iterated<'t>(cx: &Context<'t>, list: Node<'t>, call: Option<Node<'t>>) -> (Use, Vec<Value<'t>>) {
    let outermost = std::iter::successors(call, |call| {
        let outer = call.with_parentheses().parent()?.parent()?;
        let transparent =
            builtin_callee(cx, outer).is_some_and(|name| TRANSPARENT.contains(&name.as_str()));
        transparent.then_some(outer)
    })
    .last();
    let looping = outermost
        .and_then(|call| call.with_parentheses().parent())
        .filter(|p| p.is_any(&["for_statement", "for_in_clause"]));
    match looping {
        Some(clause) => (Use::Neutral, looped(cx, list, clause)),
        None => (Use::Leaves, Vec::new()),
    }
}

/// What the targets of a `for` over the list are used for.
fn looped<'t>(cx: &Context<'t>, list: Node<'t>, clause: Node<'t>) -> Vec<Value<'t>> {
    let (Some(target), Some(iterable)) = (clause.field("left"), clause.field("right")) else {
        return Vec::new();
    };
    let targets = item_targets(cx, target, iterable, &|node| node == list.unparenthesized());
    items_of_targets(cx, &targets, clause)
}

/// The reads of the names that get an item in a loop or an assignment. A target that unpacks its item is a misuse by
/// itself.
fn items_of_targets<'t>(
    cx: &Context<'t>,
    targets: &[Node<'t>],
    binding: Node<'t>,
) -> Vec<Value<'t>> {
    let (after, within) = match binding.kind() {
        "for_in_clause" => (None, binding.parent()),
        "for_statement" => (binding.field("left"), Some(binding)),
        _ => (Some(binding), binding.function()),
    };
    let Some(within) = within else {
        return Vec::new();
    };
    let mut values = Vec::new();
    for target in targets {
        if !target.is("identifier") {
            values.push(Value::Item(*target));
        } else if let Some(after) = after {
            values.extend(
                reads(cx, *target, after, within)
                    .into_iter()
                    .map(Value::Item),
            );
        } else {
            let all = cx.file.reads(*target).into_iter();
            values.extend(all.filter(|n| within.contains(*n)).map(Value::Item));
        }
    }
    values
}

/// What becomes of an item at one place.
fn use_of_item(cx: &Context<'_>, item: Node<'_>) -> Use {
    if !elements(item).is_empty() {
        return Use::Misused;
    }
    let whole = item.with_parentheses();
    let Some(parent) = whole.parent() else {
        return Use::Neutral;
    };
    let is_field = |name: &str| parent.field(name) == Some(whole);
    match parent.kind() {
        "attribute" if parent.last_name() == Some("__class__") => Use::Tested,
        "attribute" | "binary_operator" | "unary_operator" | "interpolation" | "await"
        | "list_splat" => Use::Misused,
        "subscript" if is_field("value") => Use::Misused,
        "call" if is_field("function") => Use::Misused,
        "augmented_assignment" | "for_statement" | "for_in_clause" if is_field("right") => {
            Use::Misused
        }
        "assignment" if is_field("right") => match parent.field("left") {
            Some(left) if !elements(left).is_empty() => Use::Misused,
            _ => Use::Leaves,
        },
        "comparison_operator" if ["<", ">", "<=", ">="].iter().any(|op| parent.has_token(op)) => {
            Use::Misused
        }
        "comparison_operator" | "expression_statement" => Use::Neutral,
        "raise_statement" | "match_statement" => Use::Tested,
        "argument_list" | "keyword_argument" => argument_use(cx, parent),
        _ if is_condition(whole) => Use::Neutral,
        _ => Use::Leaves,
    }
}

/// What becomes of an item that is an argument.
fn argument_use(cx: &Context<'_>, argument: Node<'_>) -> Use {
    let call = std::iter::once(argument)
        .chain(argument.ancestors())
        .find(|n| n.is("call"));
    let Some(call) = call else {
        return Use::Leaves;
    };
    let consumes = call.callee().is_some_and(|c| {
        c.is("attribute")
            && c.last_name()
                .is_some_and(|m| CONSUMING_METHODS.contains(&m))
    });
    match builtin_callee(cx, call).as_deref() {
        Some(name) if TESTS.contains(&name) => Use::Tested,
        Some(_) => Use::Misused,
        None if consumes => Use::Misused,
        // `if failed(result)`
        None if is_condition(call.with_parentheses()) => Use::Tested,
        None => Use::Leaves,
    }
}

/// Whether an expression is asked for its truth.
fn is_condition(expression: Node<'_>) -> bool {
    let Some(parent) = expression.parent() else {
        return false;
    };
    match parent.kind() {
        "if_statement" | "elif_clause" | "while_statement" => {
            parent.field("condition") == Some(expression)
        }
        "if_clause" | "not_operator" | "assert_statement" => true,
        "conditional_expression" => parent.children().get(1) == Some(&expression),
        "boolean_operator" | "parenthesized_expression" => is_condition(parent),
        _ => false,
    }
}

/// Whether the code below the statement has a handler, or names an exception class in a test.
fn tests_elsewhere(cx: &Context<'_>, statement: Node<'_>, body: Node<'_>) -> bool {
    body.descendants()
        .into_iter()
        .filter(|n| n.start() >= statement.end())
        .any(|node| match node.kind() {
            "except_clause" => true,
            "case_pattern" | "comparison_operator" => names_exception(cx, node),
            "call" => {
                cx.calls(node, &["builtins.isinstance", "builtins.issubclass"])
                    && names_exception(cx, node)
            }
            _ => false,
        })
}

/// Whether an exception class is named somewhere inside, as far as its name tells.
fn names_exception(cx: &Context<'_>, node: Node<'_>) -> bool {
    node.descendants().into_iter().any(|n| {
        let name = cx.qualified_name(n).unwrap_or_default();
        let name = if name.is_empty() { n.text() } else { &name };
        n.is_any(&["identifier", "attribute", "dotted_name"])
            && (["Error", "Exception", "Failure"]
                .iter()
                .any(|s| name.ends_with(s))
                || [
                    "asyncio.CancelledError",
                    "builtins.KeyboardInterrupt",
                    "builtins.SystemExit",
                ]
                .contains(&name))
    })
}
