//! The value must be the default of a field of a standard dataclass. Clocks, random numbers and locks are reported as
//! stated; calls of unknown functions as a hint; calls that make something immutable, descriptors and wrappers of
//! `field` not at all.

use crate::analysis::dataclasses::{Dataclass, Field, FieldKind};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};
use crate::catalog::Severity;

/// Every call of these gives another value, or an object that must not be shared.
const FRESH: [&str; 29] = [
    "asyncio.BoundedSemaphore",
    "asyncio.Condition",
    "asyncio.Event",
    "asyncio.Lock",
    "asyncio.LifoQueue",
    "asyncio.PriorityQueue",
    "asyncio.Queue",
    "asyncio.Semaphore",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "itertools.count",
    "os.getpid",
    "os.urandom",
    "threading.Condition",
    "threading.Event",
    "threading.Lock",
    "threading.RLock",
    "threading.Semaphore",
    "time.monotonic",
    "time.monotonic_ns",
    "time.perf_counter",
    "time.perf_counter_ns",
    "time.time",
    "time.time_ns",
    "uuid.uuid1",
    "uuid.uuid4",
    "uuid.uuid7",
];

/// Everything in these modules counts as fresh.
const FRESH_MODULES: [&str; 2] = ["random.", "secrets."];

/// The results of these cannot change, or are meant to be one object (a logger, a sentinel, a descriptor).
const IMMUTABLE: [&str; 46] = [
    "builtins.bool",
    "builtins.bytes",
    "builtins.complex",
    "builtins.float",
    "builtins.frozenset",
    "builtins.hex",
    "builtins.int",
    "builtins.len",
    "builtins.object",
    "builtins.property",
    "builtins.range",
    "builtins.repr",
    "builtins.round",
    "builtins.slice",
    "builtins.str",
    "builtins.tuple",
    "dataclasses.field",
    "datetime.date",
    "datetime.datetime",
    "datetime.time",
    "datetime.timedelta",
    "datetime.timezone",
    "decimal.Decimal",
    "enum.auto",
    "fractions.Fraction",
    "functools.partial",
    "ipaddress.ip_address",
    "ipaddress.ip_network",
    "logging.getLogger",
    "operator.attrgetter",
    "operator.itemgetter",
    "operator.methodcaller",
    "os.path.join",
    "pathlib.Path",
    "pathlib.PosixPath",
    "pathlib.PurePath",
    "pathlib.PurePosixPath",
    "pathlib.PureWindowsPath",
    "pathlib.WindowsPath",
    "pydantic.Field",
    "re.compile",
    "types.MappingProxyType",
    "typing.NewType",
    "typing.TypeVar",
    "uuid.UUID",
    "zoneinfo.ZoneInfo",
];

/// Base classes whose instances are immutable, or chosen from a fixed set.
const IMMUTABLE_BASES: [&str; 13] = [
    "builtins.bytes",
    "builtins.float",
    "builtins.frozenset",
    "builtins.int",
    "builtins.str",
    "builtins.tuple",
    "enum.Enum",
    "enum.Flag",
    "enum.IntEnum",
    "enum.IntFlag",
    "enum.ReprEnum",
    "enum.StrEnum",
    "typing.NamedTuple",
];

/// Methods that make a class a descriptor: the attribute is managed, not stored.
const DESCRIPTOR_METHODS: [&str; 3] = ["__get__", "__set__", "__set_name__"];

/// Decides about the right side of an annotated assignment in a class body.
pub fn check(cx: &Context<'_>, right: Node<'_>) -> Option<Report> {
    let field = Field::of(cx.file, right.parent()?)?;
    if field.kind != FieldKind::Regular || !field.is_only_binding(cx.file) {
        return None;
    }
    let value = right.unparenthesized();
    let severity = if is_fresh(cx, value) {
        cx.pattern.severity
    } else if value.is("call") && !is_harmless(cx, value) {
        Severity::Hint
    } else {
        return None;
    };
    let report = Report::at(right)
        .capture("default", right)
        .capture("decorator", field.dataclass.decorator)
        .capture("name", field.name);
    Some(report.severity(severity))
}

/// Whether an expression is a call of a fresh function, or a conversion, method or attribute of one.
fn is_fresh(cx: &Context<'_>, value: Node<'_>) -> bool {
    let value = value.unparenthesized();
    match value.kind() {
        "call" => {
            let name = cx.callee_name(value);
            if let Some(name) = &name {
                let in_module = FRESH_MODULES.iter().any(|module| name.starts_with(module));
                if in_module || FRESH.contains(&name.as_str()) {
                    return true;
                }
            }
            let converts = name.is_some_and(|name| IMMUTABLE.contains(&name.as_str()));
            (converts && value.positional().into_iter().any(|a| is_fresh(cx, a)))
                || value.callee().is_some_and(|callee| is_fresh(cx, callee))
        }
        "attribute" => value.field("object").is_some_and(|o| is_fresh(cx, o)),
        _ => false,
    }
}

/// Whether sharing the result of a call is known to do no harm.
fn is_harmless(cx: &Context<'_>, call: Node<'_>) -> bool {
    let Some(callee) = call.callee() else {
        return true;
    };
    match cx.callee_name(call).as_deref() {
        Some("typing.cast") => {
            let value = call.positional().get(1).map(|v| v.unparenthesized());
            return value.is_none_or(|v| !v.is("call") || is_harmless(cx, v));
        }
        // What declares a column of a table belongs to the class.
        Some(name) if IMMUTABLE.contains(&name) || name.starts_with("sqlalchemy.") => return true,
        _ => {}
    }
    // `frozenset[str]()`
    if let Some(class) = callee.field("value").filter(|_| callee.is("subscript"))
        && cx.is_one_of(class, &IMMUTABLE)
    {
        return true;
    }
    is_harmless_function(cx, callee)
        || is_string_method(callee)
        || is_new_type(cx, callee)
        || cx
            .file
            .class(callee)
            .is_some_and(|class| is_harmless_class(cx, class))
}

/// A function that is called like `field`, or all of whose results are fields, literals or members of an enumeration.
fn is_harmless_function(cx: &Context<'_>, callee: Node<'_>) -> bool {
    let named = callee
        .last_name()
        .is_some_and(|name| name.to_ascii_lowercase().ends_with("field"));
    named
        || cx.file.called_function(callee).is_some_and(|function| {
            let results = results(function);
            !results.is_empty() && results.into_iter().all(|r| is_harmless_result(cx, r))
        })
}

/// What the `return` statements of a function return.
fn results(function: Node<'_>) -> Vec<Node<'_>> {
    let body = function.field("body").map(Node::own_scope);
    body.unwrap_or_default()
        .into_iter()
        .filter(|n| n.is("return_statement"))
        .filter_map(|n| n.children().first().copied())
        .map(Node::unparenthesized)
        .collect()
}

fn is_harmless_result(cx: &Context<'_>, result: Node<'_>) -> bool {
    let is_enumeration = |object: Node<'_>| {
        cx.file
            .class(object)
            .is_some_and(|class| is_harmless_class(cx, class))
    };
    match result.kind() {
        "string" | "integer" | "float" | "true" | "false" | "none" => true,
        "attribute" => result.field("object").is_some_and(is_enumeration),
        _ => cx.calls(result, &["dataclasses.field"]),
    }
}

/// `", ".join(…)`: the methods of a text that is written out give texts again, or at least the same value each time.
fn is_string_method(callee: Node<'_>) -> bool {
    let object = callee.field("object").map(Node::unparenthesized);
    let splits = callee
        .last_name()
        .is_some_and(|name| name.contains("split"));
    object.is_some_and(|o| o.is_any(&["string", "concatenated_string"])) && !splits
}

/// `UserId("")` where `UserId = NewType("UserId", str)`.
fn is_new_type(cx: &Context<'_>, callee: Node<'_>) -> bool {
    let made_by = cx.file.value(callee).filter(|value| value.is("call"));
    made_by.is_some_and(|call| {
        let base = call.positional().get(1).copied();
        cx.calls(call, &["collections.namedtuple"])
            || (cx.calls(call, &["typing.NewType"])
                && base.is_some_and(|base| cx.is_one_of(base, &IMMUTABLE)))
    })
}

/// A class of this file whose instances cannot change, or that manages the attribute itself.
fn is_harmless_class(cx: &Context<'_>, class: Node<'_>) -> bool {
    let bases = class
        .field("superclasses")
        .map(Node::children)
        .unwrap_or_default();
    let inherits = |base: Node<'_>| {
        cx.is_one_of(base, &IMMUTABLE_BASES)
            || cx
                .file
                .class(base)
                .is_some_and(|base| base != class && is_harmless_class(cx, base))
    };
    Dataclass::of(cx.file, class).is_some_and(|dataclass| dataclass.is_frozen())
        || DESCRIPTOR_METHODS
            .iter()
            .any(|name| cx.file.method(class, name).is_some())
        || bases.into_iter().any(inherits)
}
