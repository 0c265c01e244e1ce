//! How an iterable is used: consumed on the spot, passed on lazily, or something else.

use super::source_file::SourceFile;
use super::syntax::Node;

/// Builtins that read their iterable to the end (or to the first answer) before they return.
const EAGER: [&str; 14] = [
    "builtins.list",
    "builtins.tuple",
    "builtins.set",
    "builtins.frozenset",
    "builtins.dict",
    "builtins.sum",
    "builtins.any",
    "builtins.all",
    "builtins.min",
    "builtins.max",
    "builtins.sorted",
    "builtins.bytes",
    "builtins.bytearray",
    "builtins.dict.fromkeys",
];

/// Whether code asks an iterator for its next item without saying what comes after the last one: the `StopIteration` ends
/// a `map`, leaves a list comprehension, and is an error in a generator.
pub fn may_stop(file: &SourceFile, code: Node<'_>) -> bool {
    code.descendants()
        .into_iter()
        .any(|n| file.calls(n, &["builtins.next"]) && n.arguments().len() == 1)
}

/// Builtins whose result reads the iterable later, item by item.
const LAZY: [&str; 7] = [
    "builtins.enumerate",
    "builtins.filter",
    "builtins.iter",
    "builtins.map",
    "builtins.reversed",
    "builtins.zip",
    "builtins.aiter",
];

/// Builtins whose result can be iterated only once.
const ONE_SHOT: [&str; 6] = [
    "builtins.map",
    "builtins.filter",
    "builtins.zip",
    "builtins.enumerate",
    "builtins.reversed",
    "builtins.iter",
];

/// What the expression around an iterable does with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// The iterable of a `for` statement.
    Loop,
    /// Read to the end where it stands: a comprehension, `list(…)`, `"".join(…)`, `*iterable`, `yield from`.
    Eager,
    /// Wrapped by something that reads it later: `map(…)`, a generator expression.
    Lazy,
    /// Anything else.
    Other,
}

/// How an expression is used as an iterable.
pub fn use_of(file: &SourceFile, expression: Node<'_>) -> Use {
    let node = expression.with_parentheses();
    let Some(parent) = node.parent() else {
        return Use::Other;
    };
    match parent.kind() {
        "for_statement" if parent.field("right") == Some(node) => Use::Loop,
        "for_in_clause" if parent.fields("right").contains(&node) => {
            let comprehension = parent.parent();
            let first = comprehension
                .and_then(|c| c.children().into_iter().find(|n| n.is("for_in_clause")))
                == Some(parent);
            match comprehension {
                Some(c) if first && c.is("generator_expression") => use_through(file, c),
                Some(_) if first => Use::Eager,
                _ => Use::Other,
            }
        }
        "list_splat" => Use::Eager,
        "yield" if parent.has_token("from") => Use::Eager,
        // A lone generator expression shares its parentheses with the call.
        "call" if parent.field("arguments") == Some(node) => argument_use(file, parent, node),
        "argument_list" => parent
            .parent()
            .map_or(Use::Other, |call| argument_use(file, call, node)),
        _ => Use::Other,
    }
}

/// How a generator expression uses what it iterates over: it is read to the end where that happens to the expression itself.
fn use_through(file: &SourceFile, generator: Node<'_>) -> Use {
    let call = generator.with_parentheses().parent();
    let call = call.and_then(|p| {
        if p.is("argument_list") {
            p.parent()
        } else {
            Some(p)
        }
    });
    // They leave the rest once they have found something.
    let stops = call.is_some_and(|call| file.calls(call, &["builtins.all", "builtins.any"]));
    if !stops && use_of(file, generator) == Use::Eager {
        Use::Eager
    } else {
        Use::Lazy
    }
}

fn argument_use(file: &SourceFile, call: Node<'_>, argument: Node<'_>) -> Use {
    let positional = call.positional();
    if is_join(call) {
        return if positional.first() == Some(&argument) {
            Use::Eager
        } else {
            Use::Other
        };
    }
    let Some(callee) = file.callee_name(call) else {
        return Use::Other;
    };
    // `max(a, b)` compares its arguments instead of reading them.
    let compares =
        matches!(callee.as_str(), "builtins.min" | "builtins.max") && positional.len() != 1;
    if EAGER.contains(&callee.as_str()) && positional.first() == Some(&argument) && !compares {
        Use::Eager
    } else if LAZY.contains(&callee.as_str()) && positional.contains(&argument) {
        Use::Lazy
    } else {
        Use::Other
    }
}

/// Whether a call is `"…".join(…)` on a string literal.
fn is_join(call: Node<'_>) -> bool {
    call.callee().is_some_and(|callee| {
        callee.last_name() == Some("join")
            && callee
                .field("object")
                .is_some_and(|o| o.unparenthesized().is("string"))
    })
}

/// Whether a value can be iterated only once: a generator expression, `map(…)` and its like, or the call of an
/// undecorated generator function of this file.
pub fn is_one_shot(file: &SourceFile, value: Node<'_>) -> bool {
    match value.kind() {
        "generator_expression" => !is_async_comprehension(value),
        "call" => {
            file.calls(value, &ONE_SHOT)
                || generator_called(file, value)
                    .is_some_and(|f| f.decorators().is_empty() && !f.is_async())
        }
        _ => false,
    }
}

fn is_async_comprehension(comprehension: Node<'_>) -> bool {
    comprehension
        .children()
        .iter()
        .any(|c| c.is("for_in_clause") && c.is_async())
}

/// The generator function of this file that a call calls.
pub fn generator_called<'t>(file: &'t SourceFile, call: Node<'t>) -> Option<Node<'t>> {
    file.called_function(call.callee()?)
        .filter(|function| is_generator(*function))
}

/// Whether a function is a generator function: a `yield` stands in its own scope.
pub fn is_generator(function: Node<'_>) -> bool {
    function
        .field("body")
        .is_some_and(|body| body.own_scope().iter().any(|n| n.is("yield")))
}
