//! What runs on the event loop: the code of coroutines, the loop itself, and where an `await` may stand.

use super::context::Context;
use super::source_file::SourceFile;
use super::syntax::Node;
use crate::catalog::PythonVersion;

/// Parts of a `def` or `lambda` that the code around it evaluates.
const SIGNATURE_KINDS: [&str; 4] = ["parameters", "lambda_parameters", "decorator", "type"];

/// The release that allows an asynchronous comprehension inside another comprehension.
const NESTED_ASYNC_COMPREHENSIONS: PythonVersion = PythonVersion {
    major: 3,
    minor: 11,
};

/// Whether this code runs each time a coroutine does: it stands directly in an `async def`, and not in a default value,
/// an annotation or a decorator.
pub fn runs_in_coroutine(node: Node<'_>) -> bool {
    let Some(function) = node.function().filter(|f| f.is_async()) else {
        return false;
    };
    !node
        .ancestors()
        .take_while(|n| *n != function)
        .any(|n| n.is_any(&SIGNATURE_KINDS))
}

/// Whether this is code of a notebook cell outside every function and class. Jupyter runs a loop already, and lets such
/// code `await`.
pub fn in_notebook_cell(file: &SourceFile, node: Node<'_>) -> bool {
    file.path().extension().is_some_and(|e| e == "ipynb")
        && node
            .ancestors()
            .all(|n| !n.is_any(&["function_definition", "lambda", "class_definition"]))
}

/// Why no `await` can be put in front of this expression; `None` if one can.
pub fn await_obstacle(
    file: &SourceFile,
    node: Node<'_>,
    target: PythonVersion,
) -> Option<&'static str> {
    if !node.in_async_function() && !in_notebook_cell(file, node) {
        return Some("call it with `asyncio.run`, or make this function async");
    }
    let comprehensions: Vec<Node<'_>> = node
        .ancestors()
        .take_while(|n| !n.is_any(&["block", "module"]))
        .filter(|n| n.kind().ends_with("_comprehension") || n.is("generator_expression"))
        .collect();
    if comprehensions.iter().any(|n| n.is("generator_expression")) {
        return Some("an `await` would turn the generator expression into an async generator");
    }
    (comprehensions.len() > 1 && target < NESTED_ASYNC_COMPREHENSIONS)
        .then_some("nested comprehensions can only `await` since Python 3.11")
}

/// Whether an expression is the current event loop: a call of `asyncio.get_running_loop` or `asyncio.get_event_loop`,
/// or a name that is bound to nothing else.
pub fn is_event_loop(cx: &Context<'_>, node: Node<'_>) -> bool {
    let value = cx.file.value(node).map(unnamed);
    value.is_some_and(|v| cx.calls(v, &["asyncio.get_running_loop", "asyncio.get_event_loop"]))
}

/// The value of `(name := value)`; any other expression as it is.
fn unnamed(node: Node<'_>) -> Node<'_> {
    if node.is("named_expression") {
        node.field("value").map_or(node, Node::unparenthesized)
    } else {
        node
    }
}

/// The object whose method a call calls, and the method's name.
pub fn method_call(call: Node<'_>) -> Option<(Node<'_>, &str)> {
    let callee = call.callee()?.unparenthesized();
    Some((callee.field("object")?, callee.field("attribute")?.text()))
}

/// Whether the code around says that this goes wrong: `with pytest.raises(…)`, `with self.assertRaises(…)`, or the like
/// for warnings.
pub fn expects_exception(node: Node<'_>) -> bool {
    const EXPECTING: [&str; 6] = [
        "assertRaises",
        "assertRaisesRegex",
        "assertWarns",
        "assertWarnsRegex",
        "raises",
        "warns",
    ];
    let expects = |n: Node<'_>| {
        let name = n.callee().and_then(Node::last_name);
        name.is_some_and(|name| EXPECTING.contains(&name))
    };
    node.ancestors()
        .filter(|n| n.is("with_statement"))
        .flat_map(Node::children)
        .filter(|n| n.is("with_clause"))
        .any(|clause| clause.descendants().into_iter().any(expects))
}

/// Whether the body of a function must run in a coroutine: something is awaited there, is made by a function of asyncio or
/// aiohttp that asks for the running loop, or is a coroutine that the function gives.
pub fn needs_running_loop(file: &SourceFile, body: Node<'_>) -> bool {
    /// Classes of asyncio that do without a loop until they are used.
    const LOOPLESS: [&str; 8] = [
        "asyncio.BoundedSemaphore",
        "asyncio.Condition",
        "asyncio.Event",
        "asyncio.LifoQueue",
        "asyncio.Lock",
        "asyncio.PriorityQueue",
        "asyncio.Queue",
        "asyncio.Semaphore",
    ];
    let of_loop = |call: Node<'_>| {
        file.callee_name(call).is_some_and(|name| {
            (name.starts_with("asyncio.") || name.starts_with("aiohttp."))
                && !LOOPLESS.contains(&name.as_str())
        })
    };
    let coroutine = |value: Node<'_>| {
        let function = value
            .callee()
            .and_then(|callee| file.called_function(callee));
        function.is_some_and(Node::is_async)
    };
    body.own_scope().into_iter().any(|node| match node.kind() {
        "await" => true,
        "for_statement" | "with_statement" | "for_in_clause" => node.is_async(),
        "call" => of_loop(node),
        "yield" | "return_statement" => node.children().first().is_some_and(|v| coroutine(*v)),
        _ => false,
    })
}

/// The one expression that a statement consists of.
pub fn lone_expression(statement: Node<'_>) -> Option<Node<'_>> {
    // The kind first: a candidate may be an item of a list with a hundred thousand others.
    if !statement.is("expression_statement") || statement.has_token(",") {
        return None;
    }
    match statement.children().as_slice() {
        [expression] => Some(expression.unparenthesized()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Why the call of `here` in this code cannot be awaited on Python 3.`minor`.
    fn obstacle(code: &str, minor: u8) -> Option<&'static str> {
        let file = SourceFile::parse(Path::new("a.py"), code);
        let call = file
            .nodes()
            .find(|n| n.callee().is_some_and(|c| c.text() == "here"))
            .expect("a call of `here`");
        await_obstacle(&file, call, PythonVersion { major: 3, minor })
    }

    #[test]
    fn an_await_needs_a_coroutine_around_it() {
        assert_eq!(obstacle("async def f():\n    here()\n", 11), None);
        assert!(obstacle("def f():\n    here()\n", 11).is_some());
        assert!(obstacle("async def f():\n    lambda: here()\n", 11).is_some());
    }

    #[test]
    fn generator_expressions_and_old_nested_comprehensions_cannot_await() {
        let nested = "async def f(xs):\n    [[here() for y in x] for x in xs]\n";
        assert_eq!(obstacle(nested, 11), None);
        assert!(obstacle(nested, 10).is_some());
        assert!(obstacle("async def f(xs):\n    (here() for x in xs)\n", 11).is_some());
    }
}
