//! The call must run in a coroutine and must not be handed to a thread; methods count on a client, path or loop that
//! the file itself makes. Files are reported less loudly.

use crate::analysis::coroutine::{is_event_loop, method_call, runs_in_coroutine};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};
use crate::catalog::Severity;

const HTTP_CLIENTS: [&str; 3] = ["requests.Session", "requests.session", "httpx.Client"];
const HTTP_METHODS: [&str; 10] = [
    "delete", "get", "head", "options", "patch", "post", "put", "request", "send", "stream",
];
const PATH_METHODS: [&str; 5] = [
    "open",
    "read_bytes",
    "read_text",
    "write_bytes",
    "write_text",
];
/// Files that are no files: reading them waits for nothing.
const MEMORY_FILES: [&str; 3] = ["io.StringIO", "io.BytesIO", "tempfile.SpooledTemporaryFile"];

/// What a call waits for.
enum Group {
    Http,
    Process,
    File,
    /// An event loop in an event loop: raises instead of waiting.
    Loop,
    /// A clock, a person.
    Other,
}

/// See the module.
pub fn check(cx: &Context<'_>, call: Node<'_>) -> Option<Report> {
    if !runs_in_coroutine(call) || is_handed_over(cx, call) {
        return None;
    }
    let name = blocking_function(cx, call).or_else(|| blocking_method(cx, call))?;
    let report = Report::at(call).text("name", name.trim_start_matches("builtins."));
    Some(match group(&name) {
        Group::Http => report.variant("http"),
        Group::Process => report.variant("process"),
        Group::File => report.variant("file").severity(Severity::Info),
        Group::Loop => report.variant("loop"),
        Group::Other => report,
    })
}

fn group(name: &str) -> Group {
    match name.split('.').next().unwrap_or_default() {
        "requests" | "httpx" | "urllib" => Group::Http,
        "subprocess" | "os" => Group::Process,
        "json" | "pickle" | "pathlib" => Group::File,
        "asyncio" => Group::Loop,
        _ if name == "builtins.open" => Group::File,
        _ => Group::Other,
    }
}

/// The qualified name of a function that the pattern lists.
fn blocking_function(cx: &Context<'_>, call: Node<'_>) -> Option<String> {
    let name = cx.callee_name(call)?;
    let listed = cx.pattern.trigger.calls.contains(&name);
    (listed && !uses_memory_file(cx, call)).then_some(name)
}

/// `json.load` of a text in memory reads no file.
fn uses_memory_file(cx: &Context<'_>, call: Node<'_>) -> bool {
    call.arguments()
        .into_iter()
        .map(|a| {
            a.field("value")
                .filter(|_| a.is("keyword_argument"))
                .unwrap_or(a)
        })
        .filter_map(|a| cx.file.value(a).or_else(|| cx.file.with_value(a)))
        .any(|value| cx.calls(value, &MEMORY_FILES))
}

/// The qualified name of a method of something that this file makes.
fn blocking_method(cx: &Context<'_>, call: Node<'_>) -> Option<String> {
    let (object, method) = method_call(call)?;
    if method == "run_until_complete" {
        return is_event_loop(cx, object)
            .then(|| "asyncio.AbstractEventLoop.run_until_complete".to_owned());
    }
    let object = object.unparenthesized();
    let made = cx
        .file
        .value(object)
        .or_else(|| cx.file.with_value(object))?;
    let class = cx.callee_name(made)?;
    let waits = if HTTP_CLIENTS.contains(&class.as_str()) {
        HTTP_METHODS.contains(&method)
    } else {
        class == "pathlib.Path" && PATH_METHODS.contains(&method)
    };
    waits.then(|| format!("{class}.{method}"))
}

/// Whether the call stands where a function belongs: as an argument of what would run it in a thread.
fn is_handed_over(cx: &Context<'_>, call: Node<'_>) -> bool {
    let mut argument = call.with_parentheses();
    while let Some(parent) = argument.parent() {
        if parent.is("argument_list") {
            return parent.parent().is_some_and(|outer| {
                cx.calls(outer, &["asyncio.to_thread", "functools.partial"])
                    || method_call(outer).is_some_and(|(_, method)| method == "run_in_executor")
            });
        }
        if !parent.is_any(&["keyword_argument", "list_splat", "dictionary_splat"]) {
            return false;
        }
        argument = parent;
    }
    false
}
