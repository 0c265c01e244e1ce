//! What the handlers of a `try` are there for: the failures that their classes stand for, and the operations that can
//! fail that way, as far as names tell.

use std::sync::LazyLock;

use regex::Regex;

use super::builtins::PLAIN_METHODS;
use super::context::Context;
use super::handlers::{caught, clauses, is_bare};
use super::source_file::is_variable;
use super::syntax::Node;

/// A kind of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// `except Exception` and the like.
    Any,
    /// Text or data of the wrong form: `ValueError`, `JSONDecodeError`.
    Parsing,
    /// A missing key or index.
    Lookup,
    /// The file system and its like.
    Files,
    /// A service that does not answer.
    Network,
    /// A missing attribute.
    Attribute,
    /// A missing module.
    Import,
    /// Division by zero and the like.
    Arithmetic,
    /// An operation on the wrong type.
    Type,
    /// A failed `assert`.
    Assertion,
    /// What can come from any line: `KeyboardInterrupt`, `MemoryError`.
    Anywhere,
    /// Whatever the class stands for.
    Unknown,
}

/// The failures that the handlers of a `try` catch.
pub fn failures(cx: &Context<'_>, try_statement: Node<'_>) -> Vec<Failure> {
    let mut found = Vec::new();
    for clause in clauses(try_statement) {
        if is_bare(clause) {
            found.push(Failure::Any);
        }
        found.extend(caught(clause).into_iter().map(|class| failure(cx, class)));
    }
    found
}

/// Packages whose exceptions tell about a service.
const SERVICES: [&str; 9] = [
    "aiohttp",
    "anthropic",
    "http",
    "httpx",
    "openai",
    "requests",
    "socket",
    "urllib",
    "urllib3",
];

static SERVICE_CLASS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("(?i)timeout|connect|http|api|network|request|rate_?limit|client|server|unavailable")
        .ok()
});

static PARSING_CLASS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("(?i)decod|pars|json|valid|syntax").ok());

fn failure(cx: &Context<'_>, class: Node<'_>) -> Failure {
    let qualified = cx.qualified_name(class);
    if let Some(builtin) = qualified
        .as_deref()
        .and_then(|name| name.strip_prefix("builtins."))
    {
        return builtin_failure(builtin);
    }
    let package = qualified.as_deref().and_then(|name| name.split('.').next());
    if package.is_some_and(|package| SERVICES.contains(&package)) {
        return Failure::Network;
    }
    let name = class.last_name().unwrap_or_default();
    if matches_name(&PARSING_CLASS, name) {
        Failure::Parsing
    } else if matches_name(&SERVICE_CLASS, name) {
        Failure::Network
    } else {
        Failure::Unknown
    }
}

fn builtin_failure(class: &str) -> Failure {
    match class {
        "BaseException" | "Exception" => Failure::Any,
        "ValueError" | "UnicodeError" | "UnicodeDecodeError" | "UnicodeEncodeError" => {
            Failure::Parsing
        }
        "KeyError" | "IndexError" | "LookupError" => Failure::Lookup,
        "TimeoutError"
        | "ConnectionError"
        | "ConnectionAbortedError"
        | "ConnectionRefusedError"
        | "ConnectionResetError"
        | "BrokenPipeError" => Failure::Network,
        "OSError" | "IOError" | "EnvironmentError" | "BlockingIOError" | "ChildProcessError"
        | "FileExistsError" | "FileNotFoundError" | "InterruptedError" | "IsADirectoryError"
        | "NotADirectoryError" | "PermissionError" | "ProcessLookupError" => Failure::Files,
        "AttributeError" => Failure::Attribute,
        "ImportError" | "ModuleNotFoundError" => Failure::Import,
        "ArithmeticError" | "OverflowError" | "ZeroDivisionError" => Failure::Arithmetic,
        "TypeError" => Failure::Type,
        "AssertionError" => Failure::Assertion,
        "KeyboardInterrupt" | "MemoryError" | "RecursionError" => Failure::Anywhere,
        _ => Failure::Unknown,
    }
}

fn matches_name(regex: &LazyLock<Option<Regex>>, name: &str) -> bool {
    regex.as_ref().is_some_and(|regex| regex.is_match(name))
}

static PARSING_CALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("loads|pars|^int$|^float$|decod|encod|valid|strptime|fromiso|literal_eval|unpack|^index$|^remove$|convert|^complex$|^Decimal$|^UUID$|^chr$|^bytes$")
        .ok()
});

static FILE_CALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("open|read|write|load|dump|save|close|connect|^(accept|bind|chdir|chmod|copy.*|execute|flush|getsize|glob|iterdir|kill|link|listdir|listen|makedirs|mkdir|move|remove|rename|rmdir|rmtree|run|Popen|check_call|check_output|communicate|scandir|seek|send.*|recv.*|stat|symlink|touch|truncate|unlink|walk)$")
        .ok()
});

static SERVICE_CALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("send|recv|request|fetch|post|connect|query|download|upload|complet|generat|urlopen|stream|publish|raise_for_status|^(ask|call|chat|embed|ping|poll|wait)")
        .ok()
});

static SERVICE_OBJECT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("(?i)client|session|requests|http|api|conn|socket|openai|anthropic|llm|model|redis|channel|server").ok()
});

/// Whether a statement may fail in that way when it runs.
pub fn may_fail(cx: &Context<'_>, failure: Failure, statement: Node<'_>) -> bool {
    statement
        .own_scope()
        .into_iter()
        .any(|node| fails(cx, failure, node))
}

fn fails(cx: &Context<'_>, failure: Failure, node: Node<'_>) -> bool {
    let called = node
        .callee()
        .map(|callee| callee.last_name().unwrap_or_default());
    let called_like =
        |regex: &LazyLock<Option<Regex>>| called.is_some_and(|name| matches_name(regex, name));
    match failure {
        Failure::Any | Failure::Unknown => called.is_some() && !is_harmless(cx, node),
        Failure::Parsing => {
            called_like(&PARSING_CALL)
                || (node.is("assignment") && node.field("left").is_some_and(is_unpacking))
        }
        Failure::Lookup => {
            node.is("subscript")
                || called.is_some_and(|name| ["pop", "popitem", "remove", "index"].contains(&name))
        }
        Failure::Files => called_like(&FILE_CALL) || is_system_call(cx, node),
        Failure::Network => {
            called_like(&SERVICE_CALL)
                || node
                    .callee()
                    .and_then(|callee| callee.field("object"))
                    .is_some_and(|object| matches_name(&SERVICE_OBJECT, object.text()))
        }
        Failure::Attribute => node.is("attribute"),
        Failure::Import => node.is_any(&["import_statement", "import_from_statement"]),
        Failure::Arithmetic => {
            let divides = ["/", "//", "%", "**"]
                .into_iter()
                .any(|operator| node.has_token(operator));
            (is_operation(node) && divides) || (called.is_some() && !is_harmless(cx, node))
        }
        Failure::Type => {
            is_operation(node)
                || node.is("subscript")
                || (called.is_some() && !is_harmless(cx, node))
        }
        Failure::Assertion => {
            node.is("assert_statement") || called.is_some_and(|name| name.starts_with("assert"))
        }
        Failure::Anywhere => true,
    }
}

fn is_operation(node: Node<'_>) -> bool {
    node.is_any(&["binary_operator", "augmented_assignment"])
}

/// Modules whose functions talk to the operating system.
const SYSTEM_MODULES: [&str; 7] = [
    "fcntl.",
    "io.",
    "os.",
    "shutil.",
    "socket.",
    "subprocess.",
    "tempfile.",
];

fn is_system_call(cx: &Context<'_>, node: Node<'_>) -> bool {
    cx.callee_name(node)
        .is_some_and(|name| SYSTEM_MODULES.iter().any(|module| name.starts_with(module)))
        && !is_harmless(cx, node)
}

fn is_unpacking(target: Node<'_>) -> bool {
    target.is_any(&["pattern_list", "tuple_pattern", "list_pattern"])
}

/// Builtins that hardly ever fail.
const HARMLESS_BUILTINS: [&str; 34] = [
    "abs",
    "all",
    "any",
    "bool",
    "callable",
    "dict",
    "enumerate",
    "filter",
    "format",
    "frozenset",
    "getattr",
    "hasattr",
    "hash",
    "id",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "map",
    "max",
    "min",
    "print",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "sorted",
    "str",
    "sum",
    "tuple",
    "zip",
];

/// More methods of builtin containers and strings that hardly ever fail.
const HARMLESS_METHODS: [&str; 12] = [
    "appendleft",
    "clear",
    "count",
    "find",
    "format",
    "get",
    "insert",
    "join",
    "replace",
    "rsplit",
    "total_seconds",
    "update",
];

/// Functions of the standard library that only tell the time or put names together.
const HARMLESS_FUNCTIONS: [&str; 12] = [
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "os.environ.get",
    "os.getenv",
    "os.path.basename",
    "os.path.dirname",
    "os.path.join",
    "pathlib.Path",
    "time.monotonic",
    "time.perf_counter",
    "time.time",
];

const LOG_METHODS: [&str; 8] = [
    "critical",
    "debug",
    "error",
    "exception",
    "info",
    "log",
    "warn",
    "warning",
];

/// Whether a call is one that nobody writes a handler for: `print`, `len`, logging, `append`, `strip`, the clock.
pub fn is_harmless(cx: &Context<'_>, call: Node<'_>) -> bool {
    let Some(callee) = call.callee() else {
        return false;
    };
    if let Some(name) = cx.qualified_name(callee) {
        let builtin = name.strip_prefix("builtins.");
        return builtin.is_some_and(|name| HARMLESS_BUILTINS.contains(&name))
            || HARMLESS_FUNCTIONS.contains(&name.as_str())
            || name.starts_with("logging.");
    }
    let Some(method) = callee.last_name().filter(|_| callee.is("attribute")) else {
        return false;
    };
    let object = callee.field("object").map_or("", Node::text);
    PLAIN_METHODS.contains(&method)
        || HARMLESS_METHODS.contains(&method)
        || (LOG_METHODS.contains(&method) && object.to_lowercase().contains("log"))
}

/// The names that a statement binds where it runs.
pub fn bound_names<'t>(cx: &super::SourceFile, statement: Node<'t>) -> Vec<Node<'t>> {
    statement
        .own_scope()
        .into_iter()
        .filter_map(|node| match node.kind() {
            "function_definition" | "class_definition" => node.field("name"),
            "identifier" if is_variable(node) => Some(node),
            _ => None,
        })
        .filter(|name| cx.names().is_binding_site(*name))
        .collect()
}
