//! Where code reads environment variables.

use super::names::in_annotation;
use super::script::{has_shebang, runs_at_import};
use super::settings::FileSettings;
use super::source_file::{SourceFile, is_written};
use super::syntax::Node;

/// Files whose purpose is to read settings, or that are only ever run.
const SETTINGS_FILES: [&str; 9] = [
    "asgi.py",
    "conf.py",
    "config.py",
    "conftest.py",
    "manage.py",
    "noxfile.py",
    "settings.py",
    "setup.py",
    "wsgi.py",
];

/// What decides whether a test runs.
const SKIPPING: [&str; 4] = ["skipif", "skipIf", "skipUnless", "xfail"];

/// Switches for whoever runs a script.
const SWITCHES: [&str; 8] = [
    "DEBUG",
    "DRY_RUN",
    "LOGLEVEL",
    "LOG_LEVEL",
    "NO_COLOR",
    "QUIET",
    "TRACE",
    "VERBOSE",
];

/// Whether a node reads the environment: `os.getenv(…)`, `os.environ.get(…)`, or `os.environ[…]` that is neither stored
/// nor deleted.
pub fn is_read(file: &SourceFile, node: Node<'_>) -> bool {
    match node.kind() {
        "call" => file.calls(node, &["os.getenv", "os.environ.get"]),
        "subscript" => {
            let environ = node.field("value");
            environ.is_some_and(|value| file.is_one_of(value, &["os.environ"])) && !is_written(node)
        }
        _ => false,
    }
}

/// Whether a file is made for settings, or only ever run: a `settings.py`, a file of tests.
pub fn is_settings_file(file: &SourceFile, settings: &FileSettings) -> bool {
    let name = file.path().file_name().unwrap_or_default();
    settings.test_file || SETTINGS_FILES.iter().any(|settings| name == *settings)
}

/// Whether a node reads the environment when the module is imported, although it could do so later.
pub fn is_read_at_import(file: &SourceFile, settings: &FileSettings, node: Node<'_>) -> bool {
    is_read(file, node)
        && runs_at_import(node)
        && !in_annotation(node)
        && (node.is("subscript") || !is_settings_file(file, settings))
        && !decides_about_tests(node)
        && !is_switch(file, node)
}

fn decides_about_tests(read: Node<'_>) -> bool {
    read.ancestors()
        .filter_map(Node::callee)
        .filter_map(Node::last_name)
        .any(|name| SKIPPING.contains(&name))
}

/// Whether a script reads a switch such as `DEBUG`.
fn is_switch(file: &SourceFile, read: Node<'_>) -> bool {
    let is_word = |text: &str| {
        let text = text.trim_matches(['"', '\'', '_']).to_ascii_uppercase();
        SWITCHES
            .iter()
            .any(|switch| text == *switch || text.ends_with(&format!("_{switch}")))
    };
    let assigned = read
        .ancestors()
        .take_while(|n| !n.is_any(&["block", "module"]))
        .find(|n| n.is("assignment"))
        .and_then(|n| n.field("left"));
    (key(read).is_some_and(|k| is_word(k.text())) || assigned.is_some_and(|n| is_word(n.text())))
        && has_shebang(file)
}

/// The name of the variable that a read asks for, as it is written.
pub fn key(read: Node<'_>) -> Option<Node<'_>> {
    let key = if read.is("subscript") {
        read.field("subscript")
    } else {
        read.positional()
            .first()
            .copied()
            .or_else(|| read.keyword("key"))
    };
    key.map(Node::unparenthesized)
}

/// Whether the code above, or the condition around a read, takes care that the variable of this name is there: it tests
/// it, or sets it.
pub fn is_guarded(file: &SourceFile, read: Node<'_>, key: Node<'_>) -> bool {
    let function = read.function().map(Node::range);
    let mut mentions = ["getenv", "environ"]
        .into_iter()
        .flat_map(|word| file.spelled(word));
    mentions.any(|mention| {
        let place = || mention.function().map(Node::range);
        (mention.end() <= read.start() || mention.statement() == read.statement())
            && names_key(mention, key)
            && !read.contains(mention)
            && (is_tested(mention) || is_set(mention))
            && place().is_none_or(|place| Some(place) == function)
    })
}

/// Whether the expression around `getenv` or `environ` speaks about the same variable.
fn names_key(mention: Node<'_>, key: Node<'_>) -> bool {
    let around = mention
        .ancestors()
        .take_while(|n| !n.is_any(&["block", "module"]))
        .find(|n| n.is_any(&["call", "subscript", "comparison_operator"]));
    around.is_some_and(|n| {
        n.descendants()
            .iter()
            .any(|part| part.is(key.kind()) && part.text() == key.text())
    })
}

/// Whether an expression stands in the condition of an `if`, an `assert` or a `while`, or on the left of `and`.
fn is_tested(expression: Node<'_>) -> bool {
    let steps = std::iter::once(expression).chain(expression.ancestors());
    steps
        .zip(expression.ancestors())
        .take_while(|(_, outer)| !outer.is_any(&["block", "module"]))
        .any(|(inner, outer)| match outer.kind() {
            "if_statement" | "elif_clause" | "while_statement" => {
                outer.field("condition") == Some(inner)
            }
            "assert_statement" | "if_clause" => true,
            "conditional_expression" => outer.children().get(1) == Some(&inner),
            "boolean_operator" => outer.field("left") == Some(inner) && outer.has_token("and"),
            _ => false,
        })
}

/// Whether `environ` is what an item of is set, or `setdefault` or `update` is called on.
fn is_set(environ: Node<'_>) -> bool {
    let object = environ
        .parent()
        .filter(|p| p.is("attribute") && p.field("attribute") == Some(environ))
        .unwrap_or(environ);
    object.parent().is_some_and(|p| match p.kind() {
        "subscript" => is_written(p),
        "attribute" => p
            .last_name()
            .is_some_and(|name| ["setdefault", "update"].contains(&name)),
        _ => false,
    })
}
