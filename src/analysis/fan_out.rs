//! One awaitable per item: what `gather(*…)` and the loops of a `TaskGroup` start, over what, and whether anything
//! limits how many run at once.

use std::sync::LazyLock;

use regex::Regex;

use super::awaits::awaited_call;
use super::source_file::SourceFile;
use super::syntax::Node;

/// As many items as this are few: starting them together needs no limit.
const FEW: u64 = 20;

/// A callee that says it is limited.
static LIMITED_NAME: LazyLock<Regex> =
    LazyLock::new(|| pattern("(?i)bounded|limited|throttl|sem|guard"));

/// A context manager or a receiver that limits.
static LIMITER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)bounded|limit|throttl|sem(aphore)?(_|\d|\b)|guard|slot"));

/// An argument that limits; `limit` may as well be a number of results.
static LIMITER_ARGUMENT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)limiter|throttl|sem(aphore)?(_|\d|\b)"));

/// A callee that ends something: there is no request to limit.
static ENDING: LazyLock<Regex> = LazyLock::new(|| {
    pattern("^_*a?(close|stop|cancel|join|shutdown|wait|disconnect|terminate|kill)(_|$)")
});

/// A part of a larger collection.
static PART: LazyLock<Regex> = LazyLock::new(|| pattern("(?i)batch|chunk|window|slice"));

/// A constant's name.
static CONSTANT: LazyLock<Regex> = LazyLock::new(|| pattern("^_*[A-Z][A-Z0-9_]*$"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap_or_else(|error| unreachable!("{error}"))
}

/// The functions that pass their first argument on to the loop.
const WRAPPERS: [&str; 4] = [
    "asyncio.create_task",
    "asyncio.ensure_future",
    "asyncio.wait_for",
    "asyncio.shield",
];

/// What starts one awaitable per item.
#[derive(Debug, Clone, Copy)]
pub enum FanOut<'t> {
    /// A list comprehension or generator expression, and the call in its body.
    Comprehension {
        /// The whole comprehension.
        comprehension: Node<'t>,
        /// The call that makes the coroutine.
        call: Node<'t>,
    },
    /// `map(function, …)`.
    Map {
        /// The call of `map`.
        map: Node<'t>,
        /// What it calls for each item.
        function: Node<'t>,
    },
    /// `for … in …: group.create_task(call)`.
    Loop {
        /// The `for` statement.
        statement: Node<'t>,
        /// The call that makes the coroutine.
        call: Node<'t>,
    },
}

impl<'t> FanOut<'t> {
    /// What an expression starts that is unpacked into `gather`: itself, or the value of the local name that it is.
    pub fn of_collection(file: &'t SourceFile, collection: Node<'t>) -> Option<Self> {
        let value = file.value(collection)?;
        match value.kind() {
            "list_comprehension" | "generator_expression" => {
                let call = coroutine_call(file, value.field("body")?)?;
                Some(Self::Comprehension {
                    comprehension: value,
                    call,
                })
            }
            "call" if file.is_builtin(value.callee()?, "map") => {
                let function = *value.positional().first()?;
                Some(Self::Map {
                    map: value,
                    function,
                })
            }
            _ => None,
        }
    }

    /// What a call of `create_task` starts that is a statement of a `for` loop's body.
    pub fn of_loop(file: &'t SourceFile, create_task: Node<'t>) -> Option<Self> {
        let block = create_task.statement().parent()?;
        let statement = block
            .parent()
            .filter(|p| p.is("for_statement") && p.field("body") == Some(block))?;
        let call = coroutine_call(file, *create_task.positional().first()?)?;
        (!statement.is_async()).then_some(Self::Loop { statement, call })
    }

    /// The call that is made for each item; for `map` over a lambda the lambda's body.
    pub fn call(&self) -> Option<Node<'t>> {
        match self {
            Self::Comprehension { call, .. } | Self::Loop { call, .. } => Some(*call),
            Self::Map { function, .. } if function.is("lambda") => function
                .field("body")
                .map(Node::unparenthesized)
                .filter(|b| b.is("call")),
            Self::Map { .. } => None,
        }
    }

    /// The function that is called for each item.
    pub fn callee(&self) -> Option<Node<'t>> {
        match (self.call(), self) {
            (Some(call), _) => call.callee(),
            (None, Self::Map { function, .. }) if !function.is("lambda") => Some(*function),
            _ => None,
        }
    }

    /// Whether there may be many items, all started at once.
    pub fn is_unbounded(&self, file: &SourceFile) -> bool {
        let Some(callee) = self.callee() else {
            return false;
        };
        self.has_many_items(file)
            && !is_limited(file, callee)
            && !self.is_worker_pool(file, callee)
            && !self.call().is_some_and(has_limiter_argument)
    }

    fn has_many_items(&self, file: &SourceFile) -> bool {
        match self {
            Self::Comprehension { comprehension, .. } => clauses(*comprehension)
                .iter()
                .filter_map(|c| c.field("right"))
                .any(|i| !has_few_items(file, i)),
            Self::Map { map, .. } => {
                let iterables = map.positional();
                iterables.len() > 1 && !iterables.iter().skip(1).any(|i| has_few_items(file, *i))
            }
            Self::Loop { statement, .. } => statement
                .field("right")
                .is_some_and(|i| !has_few_items(file, i)),
        }
    }

    /// `worker(queue) for _ in range(n)`: the workers are the limit.
    fn is_worker_pool(&self, file: &SourceFile, callee: Node<'_>) -> bool {
        let name = callee.last_name().unwrap_or_default().to_lowercase();
        let counted = |i: Node<'_>| file.calls(i, &["builtins.range"]);
        (name.contains("worker") || name.contains("consume"))
            && match self {
                Self::Comprehension { comprehension, .. } => clauses(*comprehension)
                    .iter()
                    .filter_map(|c| c.field("right"))
                    .all(counted),
                Self::Map { map, .. } => map.positional().get(1).copied().is_some_and(counted),
                Self::Loop { statement, .. } => statement.field("right").is_some_and(counted),
            }
    }
}

/// The `for` clauses of a comprehension.
pub fn clauses(comprehension: Node<'_>) -> Vec<Node<'_>> {
    comprehension
        .children()
        .into_iter()
        .filter(|c| c.is("for_in_clause"))
        .collect()
}

/// The call that makes a coroutine, without `create_task(…)`, `wait_for(…)` and the like around it. `None` for calls
/// that wait for something else than a request: `asyncio.sleep(…)`, or a function that runs in a pool of threads.
fn coroutine_call<'t>(file: &'t SourceFile, expression: Node<'t>) -> Option<Node<'t>> {
    let call = Some(expression.unparenthesized()).filter(|n| n.is("call"))?;
    let name = file.callee_name(call);
    let method = call.callee().and_then(Node::last_name);
    if name.as_deref().is_some_and(|name| WRAPPERS.contains(&name)) || method == Some("create_task")
    {
        return coroutine_call(file, *call.positional().first()?);
    }
    let of_asyncio = name.is_some_and(|name| name.starts_with("asyncio."));
    let in_executor = method == Some("run_in_executor");
    (!of_asyncio && !in_executor).then_some(call)
}

/// Whether the number of items is known to be small, or somebody has cut the collection to a size.
fn has_few_items(file: &SourceFile, iterable: Node<'_>) -> bool {
    let iterable = iterable.unparenthesized();
    match iterable.kind() {
        "list" | "tuple" | "set" | "dictionary" | "expression_list" => is_display(iterable),
        "string" | "concatenated_string" => true,
        "identifier" if CONSTANT.is_match(iterable.text()) => file
            .local_value(iterable)
            .is_some_and(|v| is_display(v) || v.is_any(&["string", "concatenated_string"])),
        "identifier" => is_part(file, iterable),
        "subscript" => is_cut(iterable),
        "call" => call_has_few_items(file, iterable),
        _ => false,
    }
}

/// A display whose size can be read off.
fn is_display(node: Node<'_>) -> bool {
    node.is_any(&["list", "tuple", "set", "dictionary", "expression_list"])
        && !node
            .children()
            .iter()
            .any(|c| c.is_any(&["list_splat", "dictionary_splat"]))
}

/// A batch: the variable of a loop that is called so, or a name for `items[i : i + n]`.
fn is_part(file: &SourceFile, identifier: Node<'_>) -> bool {
    let of_loop = PART.is_match(identifier.text())
        && identifier.ancestors().any(|n| {
            n.is_any(&["for_statement", "for_in_clause"])
                && n.field("left").is_some_and(|left| {
                    left.descendants()
                        .iter()
                        .any(|t| t.is("identifier") && t.text() == identifier.text())
                })
        });
    of_loop
        || file
            .local_value(identifier)
            .is_some_and(|v| v.is("subscript") && is_cut(v))
}

/// `items[:n]` and `items[i : i + n]`, but not `items[1:]` or `items[:-1]`.
fn is_cut(subscript: Node<'_>) -> bool {
    let [slice] = subscript.fields("subscript")[..] else {
        return false;
    };
    let tokens = slice.tokens();
    let colon = tokens.iter().position(|t| t.is(":"));
    let end = colon.and_then(|at| tokens.iter().skip(at + 1).find(|t| !t.is("comment")));
    slice.is("slice") && end.is_some_and(|end| !end.is(":") && !end.is("unary_operator"))
}

fn call_has_few_items(file: &SourceFile, call: Node<'_>) -> bool {
    let arguments = call.positional();
    let Some(callee) = call.callee() else {
        return false;
    };
    if callee.is("attribute")
        && ["items", "keys", "values"].contains(&callee.last_name().unwrap_or_default())
    {
        return callee
            .field("object")
            .is_some_and(|object| has_few_items(file, object));
    }
    let Some(name) = file.qualified_name(callee) else {
        return false;
    };
    let few = |argument: &Node<'_>| has_few_items(file, *argument);
    match name.as_str() {
        "builtins.range" => range_length(file, &arguments).is_some_and(|length| length <= FEW),
        "builtins.zip" => arguments.iter().any(few),
        "builtins.enumerate" | "builtins.reversed" | "builtins.sorted" | "builtins.list"
        | "builtins.tuple" | "builtins.set" => arguments.first().is_some_and(few),
        _ => false,
    }
}

/// How many numbers a `range` of literal integers (or of constants for such) gives; `None` if that is not known.
fn range_length(file: &SourceFile, arguments: &[Node<'_>]) -> Option<u64> {
    let numbers: Option<Vec<u64>> = arguments.iter().map(|a| integer(file, *a)).collect();
    match numbers?[..] {
        [stop] => Some(stop),
        [start, stop] => Some(stop.saturating_sub(start)),
        [start, stop, step] if step > 0 => Some(stop.saturating_sub(start).div_ceil(step)),
        _ => None,
    }
}

fn integer(file: &SourceFile, node: Node<'_>) -> Option<u64> {
    if node.is("identifier") && CONSTANT.is_match(node.text()) {
        return file
            .local_value(node)
            .filter(|v| v.is("integer"))?
            .text()
            .parse()
            .ok();
    }
    if node.is("integer") {
        node.text().parse().ok()
    } else {
        None
    }
}

/// Whether a callee takes care of the limit itself, or is nothing that needs one.
fn is_limited(file: &SourceFile, callee: Node<'_>) -> bool {
    let name = callee.last_name().unwrap_or_default();
    LIMITED_NAME.is_match(name)
        || ENDING.is_match(name)
        || callee
            .field("object")
            .is_some_and(|receiver| LIMITER.is_match(receiver.text()))
        || file
            .called_function(callee)
            .is_some_and(|function| limits_itself(file, function))
}

/// Whether a function of this file takes a semaphore, calls something that does, or is decorated with a limit.
fn limits_itself(file: &SourceFile, function: Node<'_>) -> bool {
    let decorated = function
        .decorators()
        .iter()
        .any(|d| LIMITER.is_match(d.text()));
    decorated
        || function.descendants().into_iter().any(|n| match n.kind() {
            "with_item" => n
                .field("value")
                .is_some_and(|value| is_limiter(file, value)),
            "call" => n.callee().is_some_and(|callee| {
                let name = callee.last_name().unwrap_or_default();
                LIMITED_NAME.is_match(name) || name == "acquire" && awaited(n)
            }),
            _ => false,
        })
}

fn awaited(call: Node<'_>) -> bool {
    call.parent().is_some_and(|p| awaited_call(p) == Some(call))
}

/// Whether the value of a `with` limits: by its name, or because it is a semaphore or a lock of `asyncio`.
fn is_limiter(file: &SourceFile, value: Node<'_>) -> bool {
    let value = if value.is("as_pattern") {
        value.children().first().copied().unwrap_or(value)
    } else {
        value
    };
    let made = match value.kind() {
        "attribute" => file.attribute_value(value),
        _ => file.value(value),
    };
    LIMITER.is_match(value.text())
        || made.is_some_and(|call| {
            file.calls(
                call,
                &[
                    "asyncio.Semaphore",
                    "asyncio.BoundedSemaphore",
                    "asyncio.Lock",
                ],
            )
        })
}

/// Whether the call is given something that limits: `fetch(url, semaphore)`.
fn has_limiter_argument(call: Node<'_>) -> bool {
    call.arguments().into_iter().any(|argument| {
        let value = argument
            .field("value")
            .filter(|_| argument.is("keyword_argument"));
        let name = value.unwrap_or(argument).last_name();
        name.is_some_and(|name| LIMITER_ARGUMENT.is_match(name))
    })
}
