//! Lists that `asyncio.gather(…, return_exceptions=True)` gave: results with exceptions among them, and which names
//! stand for one of their items.

use super::context::Context;
use super::expressions::is_comprehension;
use super::syntax::Node;

/// Builtins that give the items of their argument one by one, in some order.
const ITERATING: [&str; 5] = ["iter", "list", "reversed", "sorted", "tuple"];

/// The kinds of a target that unpacks.
const UNPACKING: [&str; 3] = ["pattern_list", "tuple_pattern", "list_pattern"];

/// Whether an expression is `await asyncio.gather(…, return_exceptions=True)`.
pub fn is_gathered(cx: &Context<'_>, expression: Node<'_>) -> bool {
    let awaited = expression
        .unparenthesized()
        .children()
        .first()
        .filter(|_| expression.unparenthesized().is("await"))
        .map(|inner| inner.unparenthesized());
    awaited.is_some_and(|call| {
        cx.calls(call, &["asyncio.gather"])
            && call
                .keyword("return_exceptions")
                .is_some_and(|value| value.unparenthesized().is("true"))
    })
}

/// Whether an expression is surely such a list: the `await` itself, a name bound to nothing else, or a slice of it.
pub fn is_gathered_list(cx: &Context<'_>, expression: Node<'_>) -> bool {
    let expression = expression.unparenthesized();
    match expression.kind() {
        "identifier" => cx
            .file
            .local_value(expression)
            .is_some_and(|value| is_gathered(cx, value)),
        "subscript" if is_slice(expression) => expression
            .field("value")
            .is_some_and(|list| is_gathered_list(cx, list)),
        _ => is_gathered(cx, expression),
    }
}

/// Whether an expression is surely one item of such a list: `results[0]`, or the variable of a loop over it, also
/// through `enumerate` and `zip`.
pub fn is_item(cx: &Context<'_>, expression: Node<'_>) -> bool {
    let expression = expression.unparenthesized();
    match expression.kind() {
        "subscript" => {
            !is_slice(expression)
                && expression
                    .field("value")
                    .is_some_and(|list| is_gathered_list(cx, list))
        }
        "identifier" => loop_around(cx, expression).is_some_and(|(target, iterable)| {
            item_targets(cx, target, iterable, &|list| is_gathered_list(cx, list))
                .into_iter()
                .any(|t| t.is("identifier") && cx.file.names().same_variable(t, expression))
        }),
        _ => false,
    }
}

/// Whether a subscript takes a part of a list rather than one item.
pub fn is_slice(subscript: Node<'_>) -> bool {
    subscript
        .fields("subscript")
        .into_iter()
        .any(|index| index.is("slice"))
}

/// The elements of a target that unpacks, or of the tuple it unpacks.
pub fn elements(target: Node<'_>) -> Vec<Node<'_>> {
    let target = target.unparenthesized();
    if target.is_any(&UNPACKING) {
        target.children()
    } else {
        Vec::new()
    }
}

/// The targets that get an item of a list when a loop goes over `iterable`, which may pair the list with others by
/// `enumerate` and `zip`. `is_list` tells the list.
pub fn item_targets<'t>(
    cx: &Context<'_>,
    target: Node<'t>,
    iterable: Node<'t>,
    is_list: &dyn Fn(Node<'t>) -> bool,
) -> Vec<Node<'t>> {
    let mut found = Vec::new();
    let mut pending = vec![(target.unparenthesized(), iterable.unparenthesized())];
    while let Some((target, iterable)) = pending.pop() {
        if is_list(iterable) {
            found.push(target);
            continue;
        }
        let Some(function) = builtin_callee(cx, iterable) else {
            continue;
        };
        let arguments = iterable.positional();
        let parts = elements(target);
        if parts.iter().any(|part| part.is("list_splat_pattern")) {
            continue;
        }
        match (function.as_str(), arguments.as_slice()) {
            ("enumerate", [list, ..]) => {
                pending.extend(parts.get(1).map(|part| (part.unparenthesized(), *list)));
            }
            ("zip", lists) => pending.extend(
                parts
                    .iter()
                    .zip(lists)
                    .map(|(part, list)| (part.unparenthesized(), *list)),
            ),
            (name, [list, ..]) if ITERATING.contains(&name) => pending.push((target, *list)),
            _ => {}
        }
    }
    found
}

/// The name of the builtin that a call calls.
pub fn builtin_callee(cx: &Context<'_>, call: Node<'_>) -> Option<String> {
    let name = cx.callee_name(call)?;
    name.strip_prefix("builtins.").map(str::to_owned)
}

/// The target and the iterable of the innermost loop around an identifier that binds it. None if the loop's body binds
/// it again.
fn loop_around<'t>(cx: &Context<'t>, identifier: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
    let binds = |left: Node<'t>| {
        left.descendants()
            .into_iter()
            .any(|n| n.is("identifier") && cx.file.names().same_variable(n, identifier))
    };
    for node in identifier.ancestors() {
        if is_comprehension(node) {
            let clauses = node
                .children()
                .into_iter()
                .filter(|c| c.is("for_in_clause"));
            for clause in clauses {
                let left = clause.field("left")?;
                if binds(left) {
                    return Some((left, clause.field("right")?));
                }
            }
        } else if node.is("for_statement") {
            let (left, body) = (node.field("left")?, node.field("body")?);
            if body.contains(identifier) && binds(left) {
                let bound_again = cx
                    .file
                    .occurrences(identifier)
                    .into_iter()
                    .any(|n| body.contains(n) && cx.file.names().is_binding_site(n));
                return if bound_again {
                    None
                } else {
                    Some((left, node.field("right")?))
                };
            }
        }
    }
    None
}
