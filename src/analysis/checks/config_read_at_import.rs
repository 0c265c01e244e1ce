//! The read must run when the module is imported: at module level, in a class body, or in a default value or decorator
//! outside every function; not below `if __name__ == "__main__":`. In files that are made for settings, and in
//! tests, only `os.environ[…]` counts, as a hint. Conditions under which tests are skipped, and switches such as `DEBUG` of a script,
//! are left alone.

use crate::analysis::environment::{is_read_at_import, is_settings_file};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};
use crate::catalog::Severity;

/// Decides about a call of `os.getenv` or `os.environ.get`, or about a subscript.
pub fn check(cx: &Context<'_>, read: Node<'_>) -> Option<Report> {
    if !is_read_at_import(cx.file, cx.settings, read) {
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
    Some(if is_settings_file(cx.file, cx.settings) {
        report.severity(Severity::Hint)
    } else {
        report
    })
}
