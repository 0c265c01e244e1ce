//! Which calls open a file.

use super::source_file::SourceFile;
use super::syntax::Node;

/// Functions that return an open file.
const OPENERS: [&str; 7] = [
    "builtins.open",
    "gzip.open",
    "bz2.open",
    "lzma.open",
    "codecs.open",
    "tempfile.NamedTemporaryFile",
    "tempfile.TemporaryFile",
];

/// Whether a call opens a file: one of the known functions, or `.open()` on a `pathlib.Path`.
pub fn opens_file(file: &SourceFile, call: Node<'_>) -> bool {
    let Some(callee) = call.callee() else {
        return false;
    };
    if file.is_one_of(callee, &OPENERS) {
        return true;
    }
    let method = callee.is("attribute") && callee.last_name() == Some("open");
    method
        && callee
            .field("object")
            .is_some_and(|object| is_path(file, object))
}

/// Whether an expression is surely a `pathlib.Path`: a call of it, a name for one, or one joined with `/`.
pub fn is_path(file: &SourceFile, expression: Node<'_>) -> bool {
    let Some(mut value) = file.value(expression) else {
        return false;
    };
    while value.is("binary_operator") && value.has_token("/") {
        match value.field("left").and_then(|left| file.value(left)) {
            Some(left) => value = left,
            None => return false,
        }
    }
    file.calls(
        value,
        &[
            "pathlib.Path",
            "pathlib.PosixPath",
            "pathlib.WindowsPath",
            "pathlib.Path.cwd",
            "pathlib.Path.home",
        ],
    )
}

/// The variable that an open file is assigned to: `f` of `f = open(path)`, with the assignment statement.
pub fn assigned_name(call: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    let value = call.with_parentheses();
    let assignment = value
        .parent()
        .filter(|p| p.is("assignment") && p.field("right") == Some(value))?;
    let statement = assignment
        .parent()
        .filter(|p| p.is("expression_statement"))?;
    Some((
        assignment.field("left").filter(|l| l.is("identifier"))?,
        statement,
    ))
}

/// The statement `name.close()` that a read of the name stands in, if it does nothing else.
pub fn close_statement(read: Node<'_>) -> Option<Node<'_>> {
    let method = read
        .parent()
        .filter(|p| p.is("attribute") && p.last_name() == Some("close"))?;
    let call = method
        .parent()
        .filter(|p| p.callee() == Some(method) && p.arguments().is_empty())?;
    call.parent().filter(|p| p.is("expression_statement"))
}
