//! Awaited calls that stand one after another: which of them could run at the same time.
//!
//! Nothing here knows types. A call counts as independent only if its text says so: a name that sounds like reading, a
//! receiver that does not sound like a connection, arguments without calls.

use std::sync::LazyLock;

use regex::Regex;

use super::names::Names;
use super::source_file::{SourceFile, is_variable};
use super::syntax::Node;

/// The last name of a call that asks for something.
static READING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^a?(get|fetch|load|read|list|count|find|search|query|retrieve|lookup|call|ask|complete|chat|generate|embed|\
         classify|summari[sz]e|extract|translate|score|rank|rerank|judge|moderate|predict|infer|invoke|check|describe)\
         (_|[A-Z0-9]|$)",
    )
});

/// The last name of a call that changes something or takes its turn.
static ORDERED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(?i)write|save|commit|insert|update|delete|send|put|publish|close|open|connect|begin|lock|acquire|release|\
         flush|drain|sleep|init|setup|start|stop|login|auth|next|anext|receive|recv|wait|join",
    )
});

/// The last name of a call that reads on from where the last one stopped.
static READS_ON: LazyLock<Regex> =
    LazyLock::new(|| pattern("(?i)read_?(line|exactly|until|into|chunk|frame|message|packet)"));

/// What a `with` holds while the order inside matters.
static ORDERING_CONTEXT: LazyLock<Regex> = LazyLock::new(|| {
    pattern("(?i)lock|semaphore|transaction|begin|session|tx|conn|cursor|ws|stream|pipeline")
});

/// Words in the name, class or maker of a thing that answers one request at a time.
const ONE_AT_A_TIME: [&str; 29] = [
    "acquire",
    "begin",
    "channel",
    "conn",
    "connect",
    "connection",
    "cur",
    "cursor",
    "lock",
    "open",
    "pipe",
    "pipeline",
    "queue",
    "reader",
    "semaphore",
    "session",
    "sessionmaker",
    "sock",
    "socket",
    "stderr",
    "stdin",
    "stdout",
    "stream",
    "transaction",
    "tx",
    "txn",
    "websocket",
    "writer",
    "ws",
];

/// The kinds of node that an argument without side effects is made of.
const SIMPLE: [&str; 27] = [
    "argument_list",
    "attribute",
    "comment",
    "concatenated_string",
    "dictionary",
    "dictionary_splat",
    "ellipsis",
    "escape_interpolation",
    "escape_sequence",
    "false",
    "float",
    "format_specifier",
    "identifier",
    "integer",
    "interpolation",
    "keyword_argument",
    "line_continuation",
    "list",
    "list_splat",
    "none",
    "pair",
    "set",
    "slice",
    "string",
    "subscript",
    "true",
    "tuple",
];

/// The parts of a string and of what stands in its braces.
const STRING_PARTS: [&str; 4] = [
    "string_start",
    "string_content",
    "string_end",
    "type_conversion",
];

fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap_or_else(|error| unreachable!("{error}"))
}

/// A statement of the form `await call(…)`, `target = await call(…)` or `target: T = await call(…)`.
#[derive(Debug, Clone, Copy)]
pub struct AwaitStatement<'t> {
    /// The whole statement.
    pub statement: Node<'t>,
    /// What is on the left of the `=`.
    pub target: Option<Node<'t>>,
    /// The annotation of the target.
    pub annotation: Option<Node<'t>>,
    /// The awaited call.
    pub call: Node<'t>,
}

impl<'t> AwaitStatement<'t> {
    /// Reads a statement; `None` if it has another form or did not parse.
    pub fn of(statement: Node<'t>) -> Option<Self> {
        if !statement.is("expression_statement") || statement.has_error() {
            return None;
        }
        let [expression] = statement.children()[..] else {
            return None;
        };
        let (target, annotation, value) = if expression.is("assignment") {
            let target = expression.field("left")?;
            (
                Some(target),
                expression.field("type"),
                expression.field("right")?,
            )
        } else {
            (None, None, expression)
        };
        let call = awaited_call(value)?;
        Some(Self {
            statement,
            target,
            annotation,
            call,
        })
    }

    /// The names on the left of the `=`: of `a = …` or of a flat `a, b = …`; `None` if anything else stands there.
    pub fn names(&self) -> Option<Vec<Node<'t>>> {
        let Some(target) = self.target else {
            return Some(Vec::new());
        };
        let names = match target.kind() {
            "identifier" => vec![target],
            "pattern_list" | "tuple_pattern" => target.children(),
            _ => return None,
        };
        names.iter().all(|n| n.is("identifier")).then_some(names)
    }

    fn callee(&self) -> &'t str {
        self.call.callee().map(Node::text).unwrap_or_default()
    }

    fn reads(&self) -> bool {
        self.call.callee().is_some_and(sounds_like_reading)
    }
}

/// The call of `await call(…)`.
pub fn awaited_call(node: Node<'_>) -> Option<Node<'_>> {
    if !node.is("await") {
        return None;
    }
    node.children().first().copied().filter(|n| n.is("call"))
}

/// The runs of adjacent awaits that could run at the same time, in a row of statements that starts with `first`. The
/// row ends at the first statement of another form.
pub fn independent_runs<'t>(file: &SourceFile, first: Node<'t>) -> Vec<Vec<AwaitStatement<'t>>> {
    let row = std::iter::successors(Some(first), |n| n.next()).map_while(AwaitStatement::of);
    let row: Vec<AwaitStatement<'t>> = row.collect();
    let asked = |call: Node<'t>| row.iter().filter(|s| s.call.text() == call.text()).count();
    let mut runs: Vec<Vec<AwaitStatement<'t>>> = Vec::new();
    let mut open = false;
    for statement in row.iter().copied() {
        // Nobody asks the same thing twice for its answer: such a call reads on.
        let alone = could_move(file, &statement) && asked(statement.call) == 1;
        match runs.last_mut() {
            Some(run) if open && alone && fits(file, run, &statement) => run.push(statement),
            _ if alone => runs.push(vec![statement]),
            _ => {}
        }
        open = alone;
    }
    runs.retain(|run| run.len() > 1 && run.iter().any(|s| s.target.is_some()));
    runs
}

/// Whether nothing in the statement itself ties it to its place.
fn could_move(file: &SourceFile, statement: &AwaitStatement<'_>) -> bool {
    let (Some(names), Some(callee)) = (statement.names(), statement.call.callee()) else {
        return false;
    };
    let arguments = statement.call.arguments();
    // Nobody wants the result: the call is made for what it does, unless it is a check such as `await check_quota()`.
    // `await model.load()` prepares what follows.
    let acts = statement.target.is_none()
        && (!sounds_like_reading(callee)
            || callee
                .last_name()
                .is_some_and(|n| n.trim_start_matches('a').starts_with("load")));
    are_plain_locals(file, &names)
        && distinct(&names)
        && !acts
        && is_simple(callee)
        && arguments.into_iter().all(is_simple)
        && !names.iter().any(|n| mentions(statement.call, n.text()))
        && may_overlap(file, callee)
        && !file.is_one_of(callee, &["asyncio.gather"])
}

/// Whether a statement can join a run: it neither needs nor replaces a name of the run, shares no connection with it,
/// and reads as the run does.
fn fits(file: &SourceFile, run: &[AwaitStatement<'_>], next: &AwaitStatement<'_>) -> bool {
    let texts = |s: &AwaitStatement<'_>| -> Vec<String> {
        s.names()
            .unwrap_or_default()
            .iter()
            .map(|n| n.text().to_owned())
            .collect()
    };
    let bound: Vec<String> = run.iter().flat_map(texts).collect();
    let targets = texts(next);
    let independent = !bound.iter().any(|name| mentions(next.statement, name))
        && !targets
            .iter()
            .any(|name| run.iter().any(|s| mentions(s.statement, name)))
        && !passed_connections(file, next.call)
            .iter()
            .any(|name| run.iter().any(|s| mentions(s.call, name)));
    let same_callee = run.iter().all(|s| s.callee() == next.callee());
    independent && (same_callee || next.reads() && run.iter().all(AwaitStatement::reads))
}

/// Whether two calls of this callee may overlap, as far as names tell: it does not sound like a change or a turn, and
/// its receiver not like a connection.
pub fn may_overlap(file: &SourceFile, callee: Node<'_>) -> bool {
    callee
        .last_name()
        .is_some_and(|name| !ORDERED.is_match(name) && !READS_ON.is_match(name))
        && !answers_one_at_a_time(file, callee)
}

/// The names among a call's arguments that sound like a connection: calls that get the same one cannot overlap, whatever
/// they are called on.
pub fn passed_connections<'t>(file: &SourceFile, call: Node<'t>) -> Vec<&'t str> {
    let arguments = call.field("arguments").map(Node::descendants);
    let names = arguments.unwrap_or_default().into_iter();
    names
        .filter(|n| n.is("identifier") && is_variable(*n))
        .filter(|n| {
            has_word(n.text(), &ONE_AT_A_TIME)
                || has_word(n.text(), &["db"])
                || annotation(file, *n).is_some_and(|t| has_word(t.text(), &ONE_AT_A_TIME))
                || made_by_connecting(file, *n)
        })
        .map(Node::text)
        .collect()
}

/// Whether a callee's last name sounds like a question: `get_user`, `embed`, `aretrieve`.
pub fn sounds_like_reading(callee: Node<'_>) -> bool {
    callee
        .last_name()
        .is_some_and(|name| READING.is_match(name))
}

/// Whether a node stands inside a `with` of its function that holds a lock, a transaction, a connection or the like.
pub fn in_ordering_context(node: Node<'_>) -> bool {
    node.ancestors()
        .take_while(|n| !n.is_any(&["function_definition", "lambda", "class_definition"]))
        .filter(|n| n.is("with_statement"))
        .flat_map(Node::children)
        .filter(|n| n.is("with_clause"))
        .any(|clause| ORDERING_CONTEXT.is_match(clause.text()))
}

/// Whether the thing that a method is called on sounds like a connection, a stream or a queue: by its name, by its
/// annotation, or by the call that made it.
fn answers_one_at_a_time(file: &SourceFile, callee: Node<'_>) -> bool {
    let Some(receiver) = callee.field("object") else {
        return false;
    };
    let parts = receiver.descendants();
    let named = parts
        .iter()
        .filter(|n| n.is("identifier"))
        .any(|n| has_word(n.text(), &ONE_AT_A_TIME));
    let root = parts.into_iter().find(|n| n.is("identifier"));
    named
        || root.is_some_and(|root| {
            annotation(file, root).is_some_and(|t| has_word(t.text(), &ONE_AT_A_TIME))
        })
        || [receiver]
            .into_iter()
            .chain(root)
            .any(|n| made_by_connecting(file, n))
}

/// Whether a name or attribute is a local value of a call such as `sessionmaker()`, `await connect(…)`.
fn made_by_connecting(file: &SourceFile, receiver: Node<'_>) -> bool {
    let value = match receiver.kind() {
        "identifier" => file
            .local_value(receiver)
            .or_else(|| file.with_value(receiver)),
        "attribute" => file.attribute_value(receiver),
        _ => None,
    };
    let Some(value) = value else { return false };
    let call = awaited_call(value).unwrap_or(value);
    call.callee()
        .and_then(Node::last_name)
        .is_some_and(|maker| has_word(maker, &ONE_AT_A_TIME))
}

/// The annotation of a parameter.
fn annotation<'t>(file: &'t SourceFile, name: Node<'t>) -> Option<Node<'t>> {
    let site = file.binding_site(name)?;
    site.parent()
        .filter(|p| p.is_any(&["typed_parameter", "typed_default_parameter", "assignment"]))?
        .field("type")
}

/// Whether one of the words that an identifier (or a longer text) is made of is among `words`.
fn has_word(text: &str, words: &[&str]) -> bool {
    let mut word = String::new();
    let mut after_lower = false;
    for c in text.chars().chain(['_']) {
        let boundary = !c.is_alphabetic() || c.is_uppercase() && after_lower;
        if boundary {
            if words.contains(&word.as_str()) {
                return true;
            }
            word.clear();
        }
        after_lower = c.is_lowercase();
        word.extend(c.to_lowercase().filter(|c| c.is_alphabetic()));
    }
    false
}

/// Whether an expression is made of names, attributes, subscripts, literals, displays and f-strings alone.
pub fn is_simple(expression: Node<'_>) -> bool {
    expression
        .descendants()
        .into_iter()
        .all(|n| match n.kind() {
            "unary_operator" => n
                .field("argument")
                .is_some_and(|a| a.is_any(&["integer", "float"])),
            kind => SIMPLE.contains(&kind) || STRING_PARTS.contains(&kind),
        })
}

/// Whether a variable of this name occurs inside a node.
pub fn mentions(node: Node<'_>, name: &str) -> bool {
    node.descendants()
        .into_iter()
        .any(|n| n.is("identifier") && n.text() == name && is_variable(n))
}

fn distinct(names: &[Node<'_>]) -> bool {
    names
        .iter()
        .enumerate()
        .all(|(i, n)| names.iter().skip(i + 1).all(|m| m.text() != n.text()))
}

/// Whether all names are variables of the function itself: neither `global` nor `nonlocal`.
fn are_plain_locals(file: &SourceFile, identifiers: &[Node<'_>]) -> bool {
    let names: &Names = file.names();
    identifiers.iter().all(|n| {
        let own = n.function().and_then(|f| names.scope_opened_by(f));
        own.is_some() && names.owner(*n) == own
    })
}

/// Whether a call gives something else than a coroutine, which `create_task` of a task group refuses: it certainly calls a
/// function of this file that makes none, or one that, by all signs, makes a future or a task.
pub fn makes_no_coroutine(file: &SourceFile, call: Node<'_>) -> bool {
    const FUTURES: [&str; 6] = [
        "asyncio.create_task",
        "asyncio.ensure_future",
        "asyncio.gather",
        "asyncio.shield",
        "asyncio.wrap_future",
        "asyncio.run_coroutine_threadsafe",
    ];
    let Some(callee) = call.callee() else {
        return true;
    };
    let local = file.called_function(callee).is_some_and(|f| !f.is_async());
    let asynchronous = file.called_function(callee).is_some_and(Node::is_async);
    let future = !asynchronous && callee.last_name().is_some_and(starts_something);
    local || future || file.is_one_of(callee, &FUTURES)
}

/// Whether the name of a function says that it starts what it gives: `create_eager_task`, `run_in_executor`, `submit`.
fn starts_something(name: &str) -> bool {
    const STARTING: [&str; 7] = [
        "add", "create", "ensure", "make", "schedule", "start", "wrap",
    ];
    const STARTED: [&str; 2] = ["future", "task"];
    let words: Vec<&str> = name.split('_').collect();
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    has(&["executor"]) || ["spawn", "submit"].contains(&name) || has(&STARTING) && has(&STARTED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_at_underscores_capitals_and_digits() {
        for (text, expected) in [
            ("db_session", true),
            ("AsyncSession", true),
            ("ws2", true),
            ("conn", true),
            ("sessions_client", false),
            ("news", false),
            ("Optional[AsyncSession]", true),
        ] {
            assert_eq!(has_word(text, &ONE_AT_A_TIME), expected, "{text}");
        }
    }

    #[test]
    fn reading_names_begin_with_a_verb_that_asks() {
        for (name, expected) in [
            ("get", true),
            ("aget", true),
            ("getUser", true),
            ("get2", true),
            ("getter", false),
            ("summarise_text", true),
            ("process", false),
        ] {
            assert_eq!(READING.is_match(name), expected, "{name}");
        }
    }
}
