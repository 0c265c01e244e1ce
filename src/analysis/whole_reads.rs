//! Files that are read into memory as a whole and then gone through line by line.

use super::files::{is_path, opens_file};
use super::iteration::{Use, use_of};
use super::names::BindingKind;
use super::source_file::SourceFile;
use super::syntax::Node;

/// A call that makes all lines of a file at once.
#[derive(Debug, Clone, Copy)]
pub enum WholeRead<'t> {
    /// `handle.readlines()`.
    Lines {
        /// The open file.
        handle: Node<'t>,
    },
    /// `handle.read().splitlines()`.
    Text {
        /// The open file.
        handle: Node<'t>,
    },
    /// `path.read_text().splitlines()`.
    Path {
        /// The path.
        path: Node<'t>,
        /// The call of `read_text`.
        read: Node<'t>,
    },
}

impl<'t> WholeRead<'t> {
    /// Reads a call.
    pub fn of(file: &'t SourceFile, call: Node<'t>) -> Option<Self> {
        let (object, method) = method_call(call)?;
        if method == "readlines" {
            let whole = call.arguments().is_empty() && is_handle(file, object);
            return whole.then_some(Self::Lines { handle: object });
        }
        if !splits_lines(call) {
            return None;
        }
        let read = object.unparenthesized();
        let (source, method) = method_call(read)?;
        match method {
            "read" if read.arguments().is_empty() && is_handle(file, source) => {
                Some(Self::Text { handle: source })
            }
            "read_text" if is_path(file, source) => Some(Self::Path { path: source, read }),
            _ => None,
        }
    }
}

fn method_call(call: Node<'_>) -> Option<(Node<'_>, &str)> {
    let callee = call.callee().filter(|c| c.is("attribute"))?;
    Some((
        callee.field("object")?.unparenthesized(),
        callee.last_name()?,
    ))
}

/// Whether a call is `….splitlines()` or `….split("\n")`.
pub fn splits_lines(call: Node<'_>) -> bool {
    match (
        call.callee().and_then(Node::last_name),
        &call.arguments()[..],
    ) {
        (Some("splitlines"), []) => true,
        (Some("split"), [separator]) => {
            matches!(
                separator.text(),
                "\"\\n\"" | "'\\n'" | "b\"\\n\"" | "b'\\n'"
            )
        }
        _ => false,
    }
}

/// Whether an expression is surely an open file: a call that opens one, or a name that stands for nothing else.
fn is_handle(file: &SourceFile, expression: Node<'_>) -> bool {
    !openings(file, expression).is_empty()
}

/// The calls that open the file which an expression stands for; none if it may be something else.
pub fn openings<'t>(file: &'t SourceFile, expression: Node<'t>) -> Vec<Node<'t>> {
    let node = expression.unparenthesized();
    if !node.is("identifier") {
        return Vec::from_iter(opens_file(file, node).then_some(node));
    }
    let bindings = file.names().lookup_at(node.text(), node);
    let calls: Option<Vec<Node<'t>>> = bindings
        .map_or(&[][..], |(_, bindings)| bindings)
        .iter()
        .map(|binding| match binding.kind {
            BindingKind::With(value) | BindingKind::Value(value) => file
                .node(value)
                .map(Node::unparenthesized)
                .filter(|value| opens_file(file, *value)),
            _ => None,
        })
        .collect();
    calls.unwrap_or_default()
}

/// The `for` statement or clause that goes through what a call makes, numbered by `enumerate` or not.
pub fn loop_over<'t>(file: &'t SourceFile, call: Node<'t>) -> Option<Node<'t>> {
    let mut node = call.with_parentheses();
    let list = node.parent()?;
    if list.is("argument_list") {
        let outer = list.parent()?;
        if !file.calls(outer, &["builtins.enumerate"]) || outer.positional().first() != Some(&node)
        {
            return None;
        }
        node = outer.with_parentheses();
    }
    let parent = node.parent()?;
    let over = parent.is_any(&["for_statement", "for_in_clause"])
        && parent.field("right") == Some(node)
        && parent.fields("right").len() == 1
        && !parent.is_async();
    over.then_some(parent)
}

/// Whether a comprehension that goes through a file is done when its statement is: a generator expression may not be.
pub fn is_read_at_once(file: &SourceFile, around: Node<'_>) -> bool {
    around.is("for_statement")
        || around.parent().is_some_and(|comprehension| {
            !comprehension.is("generator_expression")
                || matches!(use_of(file, comprehension), Use::Eager | Use::Loop)
        })
}
