//! The read must run when the module is imported: at module level, in a class body, or in a default value or decorator
//! outside every function; not below `if __name__ == "__main__":`. In files that are made for settings only
//! `os.environ[…]` counts, as a hint. Conditions under which tests are skipped, and switches such as `DEBUG` of a script,
//! are left alone.

use crate::analysis::environment::{is_environ_item, key};
use crate::analysis::names::in_annotation;
use crate::analysis::script::{has_shebang, runs_at_import};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};
use crate::catalog::Severity;

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

/// Decides about a call of `os.getenv` or `os.environ.get`, or about a subscript.
pub fn check(cx: &Context<'_>, read: Node<'_>) -> Option<Report> {
    let item = read.is("subscript");
    if item && !is_environ_item(cx, read) || !runs_at_import(read) || in_annotation(read) {
        return None;
    }
    let name = cx.file.path().file_name().unwrap_or_default();
    let settings_file = SETTINGS_FILES.iter().any(|file| name == *file);
    if settings_file && !item || decides_about_tests(read) || is_switch(cx, read) {
        return None;
    }
    let in_default = read
        .ancestors()
        .take_while(|n| !n.is_any(&["block", "module"]))
        .any(|n| n.is_any(&["default_parameter", "typed_default_parameter"]));
    let report = Report::at(read);
    let report = if in_default {
        report.variant("default")
    } else {
        report
    };
    Some(if settings_file {
        report.severity(Severity::Hint)
    } else {
        report
    })
}

fn decides_about_tests(read: Node<'_>) -> bool {
    read.ancestors()
        .filter_map(Node::callee)
        .filter_map(Node::last_name)
        .any(|name| SKIPPING.contains(&name))
}

fn is_switch(cx: &Context<'_>, read: Node<'_>) -> bool {
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
        && has_shebang(cx.file)
}
