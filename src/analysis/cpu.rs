//! Functions that do nothing but compute.

use super::builtins::PLAIN_METHODS;
use super::expressions::{is_display, is_literal};
use super::mutable::mutable_value;
use super::names::{Certainty, in_annotation};
use super::source_file::{SourceFile, is_variable};
use super::syntax::Node;

/// What may stand in the block of a loop.
const LOOP_STATEMENTS: [&str; 12] = [
    "assert_statement",
    "break_statement",
    "continue_statement",
    "delete_statement",
    "expression_statement",
    "for_statement",
    "global_statement",
    "if_statement",
    "pass_statement",
    "raise_statement",
    "return_statement",
    "while_statement",
];

/// Builtins that wait for the world outside, or run code that cannot be seen.
const NOT_COMPUTING: [&str; 8] = [
    "__import__",
    "breakpoint",
    "compile",
    "eval",
    "exec",
    "help",
    "input",
    "open",
];

/// Modules whose functions compute in Python's own objects and hold the lock while they do.
const PURE_MODULES: [&str; 12] = [
    "bisect",
    "cmath",
    "collections",
    "decimal",
    "fractions",
    "functools",
    "heapq",
    "itertools",
    "math",
    "operator",
    "random",
    "string",
];

/// The functions of `time` that only look at a clock.
const CLOCKS: [&str; 8] = [
    "time.monotonic",
    "time.monotonic_ns",
    "time.perf_counter",
    "time.perf_counter_ns",
    "time.process_time",
    "time.thread_time",
    "time.time",
    "time.time_ns",
];

/// More methods of lists, dicts, sets and strings that nothing which waits is likely to have.
const CONTAINER_METHODS: [&str; 16] = [
    "bit_length",
    "casefold",
    "difference",
    "intersection",
    "isalnum",
    "isalpha",
    "isdigit",
    "islower",
    "isspace",
    "issubset",
    "isupper",
    "pop",
    "popitem",
    "swapcase",
    "union",
    "zfill",
];

/// Methods of strings that tables and queues have as well; with a string they are those of strings.
const STRING_METHODS: [&str; 5] = ["count", "find", "format", "index", "replace"];

/// Methods of containers and strings that clients, queues and tables have as well.
const SHARED_METHODS: [&str; 6] = ["clear", "get", "insert", "join", "remove", "update"];

/// Whether a function surely spends its time computing in pure Python: it loops, and neither its loops nor anything
/// around them wait for something, run unknown code, or leave the work to a native library.
pub fn is_cpu_bound(file: &SourceFile, function: Node<'_>) -> bool {
    let plain = function.decorators().into_iter().all(|decorator| {
        file.is_one_of(
            decorator,
            &["builtins.staticmethod", "builtins.classmethod"],
        )
    });
    let Some(body) = function
        .field("body")
        .filter(|_| plain && !function.is_async())
    else {
        return false;
    };
    let nodes = body.walk_while(|n| !n.is_any(&["function_definition", "class_definition"]));
    let loops: Vec<Node<'_>> = nodes
        .iter()
        .copied()
        .filter(|n| n.is_any(&["for_statement", "while_statement"]))
        .collect();
    let repeated = |node: Node<'_>| loops.iter().any(|l| l.contains(node));
    !loops.is_empty()
        && nodes
            .iter()
            .all(|node| computes(file, *node, repeated(*node)))
}

fn computes(file: &SourceFile, node: Node<'_>, repeated: bool) -> bool {
    match node.kind() {
        "await" | "yield" | "with_statement" => false,
        "for_statement" | "for_in_clause" => !node.is_async(),
        // `while not done: pass` waits for somebody.
        "while_statement" => node.body().iter().any(|s| !s.is("pass_statement")),
        "call" => call_computes(file, node, repeated),
        "identifier" => !is_variable(node) || is_plain_value(file, node) || in_annotation(node),
        "block" => {
            let known = |statement: Node<'_>| statement.is_any(&LOOP_STATEMENTS);
            !repeated || node.children().into_iter().all(known)
        }
        _ => true,
    }
}

/// Whether a name stands for a variable, a builtin, or something from a module that only computes.
fn is_plain_value(file: &SourceFile, identifier: Node<'_>) -> bool {
    let Some(resolution) = file.names().resolve(identifier, Certainty::Any) else {
        return true;
    };
    let module = resolution.name.split('.').next().unwrap_or_default();
    resolution.builtin || module == "time" || PURE_MODULES.contains(&module)
}

fn call_computes(file: &SourceFile, call: Node<'_>, repeated: bool) -> bool {
    let Some(callee) = call.callee().map(Node::unparenthesized) else {
        return false;
    };
    if let Some(name) = file.qualified_name(callee) {
        let (module, function) = name.split_once('.').unwrap_or(("", &name));
        return match module {
            "builtins" => !(NOT_COMPUTING.contains(&function) || repeated && function == "print"),
            "math" | "cmath" => true,
            _ if repeated => false,
            _ => PURE_MODULES.contains(&module) || CLOCKS.contains(&name.as_str()),
        };
    }
    let (Some(object), Some(method)) = (callee.field("object"), callee.last_name()) else {
        return false;
    };
    let first = call.positional().first().map(|n| n.unparenthesized());
    let with_string = || first.is_some_and(|n| n.is("string"));
    let shared = SHARED_METHODS.contains(&method);
    let of_string = STRING_METHODS.contains(&method);
    PLAIN_METHODS.contains(&method)
        || CONTAINER_METHODS.contains(&method)
        || (of_string && with_string())
        || ((of_string || shared) && is_container(file, object))
        || (method == "get" && has_plain_default(call))
}

/// Whether an expression is surely a container or a string.
fn is_container(file: &SourceFile, object: Node<'_>) -> bool {
    file.value(object).is_some_and(|value| {
        value.is_any(&["string", "concatenated_string", "tuple"])
            || mutable_value(file, value).is_some()
    })
}

/// `get(key, 0)`: no client takes a number, a string or the like there.
fn has_plain_default(call: Node<'_>) -> bool {
    let default = call.positional().get(1).map(|n| n.unparenthesized());
    default.is_some_and(|d| {
        let plain = is_literal(d) || is_display(d);
        d.is("string") || plain && d.children().is_empty()
    })
}
