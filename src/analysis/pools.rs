//! Pools of threads and processes: what they are made of, and what is handed to them.

use super::names::MODULE;
use super::source_file::SourceFile;
use super::syntax::Node;

/// The classes whose objects run functions in other processes.
pub const PROCESS_POOLS: [&str; 2] = [
    "concurrent.futures.ProcessPoolExecutor",
    "multiprocessing.Pool",
];

/// The call that makes the object which an expression stands for: the expression itself, the only value of a name,
/// what the `with` opens that binds it, or what the loop takes from a list.
pub fn making_call<'t>(file: &'t SourceFile, expression: Node<'t>) -> Option<Node<'t>> {
    let node = expression.unparenthesized();
    let value = if node.is("identifier") {
        file.local_value(node)
            .or_else(|| file.with_value(node))
            .or_else(|| element(file, node))?
    } else {
        node
    };
    let value = if value.is("named_expression") {
        value.field("value")?.unparenthesized()
    } else {
        value
    };
    value.is("call").then_some(value)
}

/// What a loop variable stands for: an element of the list that the nearest loop over that name goes through, if the
/// elements are written there.
fn element<'t>(file: &'t SourceFile, variable: Node<'t>) -> Option<Node<'t>> {
    let is_left = |n: &Node<'t>| {
        let left = n.field("left").filter(|_| n.is("for_statement"));
        left.is_some_and(|left| left.is("identifier") && left.text() == variable.text())
    };
    let source = variable.ancestors().find(is_left)?.field("right")?;
    let list = file.value(source.unparenthesized())?;
    match list.kind() {
        "list_comprehension" => list.field("body"),
        "list" | "tuple" => list.children().first().copied(),
        _ => None,
    }
}

/// The call that makes the pool whose method a call calls, if it is one of these classes.
pub fn pool_of<'t>(file: &'t SourceFile, call: Node<'t>, classes: &[&str]) -> Option<Node<'t>> {
    let object = call.callee()?.unparenthesized().field("object")?;
    making_call(file, object).filter(|made| file.calls(*made, classes))
}

/// The function that a new thread or process is to run: `target=…`, or the second argument.
pub fn target(call: Node<'_>) -> Option<Node<'_>> {
    call.keyword("target")
        .or_else(|| call.positional().get(1).copied())
        .map(Node::unparenthesized)
}

/// Whether an expression is a function that cannot be pickled because no module has it under its name: a lambda, a
/// function defined in another one, or a `functools.partial` of these.
pub fn is_unpicklable_function<'t>(file: &'t SourceFile, expression: Node<'t>) -> bool {
    let node = expression.unparenthesized();
    match node.kind() {
        "lambda" => true,
        "identifier" => {
            let is_lambda = file.local_value(node).is_some_and(|v| v.is("lambda"));
            // What is declared `global` belongs to the module after all, wherever its `def` stands.
            let is_local = file.names().owner(node) != Some(MODULE)
                && file.function(node).is_some_and(|f| f.function().is_some());
            is_lambda || is_local
        }
        "call" if file.calls(node, &["functools.partial"]) => node
            .positional()
            .first()
            .is_some_and(|function| is_unpicklable_function(file, *function)),
        _ => false,
    }
}
