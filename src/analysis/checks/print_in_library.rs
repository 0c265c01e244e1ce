//! The call of the builtin, without `file=`, stands in a module of a package or below `src/` that is no command line, script, example,
//! notebook or test, and not in a function that is made for printing or for a command. Reports the first such call of a
//! function.

use crate::analysis::script::{in_main_guard, is_below};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Files that are run.
const RUN: [&str; 6] = [
    "__main__.py",
    "cli.py",
    "conftest.py",
    "manage.py",
    "noxfile.py",
    "setup.py",
];

/// Folders of files that are run.
const FOLDERS_RUN: [&str; 4] = ["examples", "scripts", "test", "tests"];

/// How functions begin that are made for printing.
const PRINTING: [&str; 4] = ["cli", "dump", "print_", "show_"];

/// Decides about a call of `print`.
pub fn check(cx: &Context<'_>, call: Node<'_>) -> Option<Report> {
    if cx.settings.test_file || !is_library(cx) || !is_eligible(call) {
        return None;
    }
    let function = call.function().map(Node::range);
    let earlier = cx
        .file
        .spelled("print")
        .into_iter()
        .rev()
        .skip_while(|n| n.start() >= call.start())
        .take_while(|n| function.as_ref().is_none_or(|f| f.start < n.start()))
        .filter(|n| n.function().map(Node::range) == function)
        .filter_map(|n| n.parent().filter(|p| p.callee() == Some(n)));
    let mut eligible =
        earlier.filter(|other| is_eligible(*other) && cx.calls(*other, &["builtins.print"]));
    eligible.next().is_none().then(|| Report::at(call))
}

/// Whether others import the file: it stands in a package or below `src/`, and is not made to be run.
fn is_library(cx: &Context<'_>) -> bool {
    let path = cx.file.path();
    let name = path.file_name().unwrap_or_default();
    (cx.settings.in_package || is_below(path, &["src"]))
        && !is_below(path, &FOLDERS_RUN)
        && !RUN.iter().any(|file| name == *file)
        && path.extension().is_some_and(|e| e == "py")
}

/// Whether a call of `print` is not where printing is the purpose.
fn is_eligible(call: Node<'_>) -> bool {
    let made_for_printing = |function: Node<'_>| {
        let name = function.field("name").map_or("", Node::text);
        let name = name.trim_start_matches('_');
        let command = function.decorators().into_iter().any(|decorator| {
            let name = decorator.callee().unwrap_or(decorator).last_name();
            name.is_some_and(|name| ["callback", "command", "group"].contains(&name))
        });
        name == "main"
            || name.ends_with("print")
            || command
            || PRINTING.iter().any(|prefix| name.starts_with(prefix))
    };
    call.keyword("file").is_none()
        && !call
            .ancestors()
            .filter(|n| n.is("function_definition"))
            .any(made_for_printing)
        && !in_main_guard(call)
}
