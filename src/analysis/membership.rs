//! Lists that are only asked whether they hold something.

use super::repetition::{is_short_display, repeated_by};
use super::source_file::SourceFile;
use super::syntax::Node;

/// A list of so few items is searched as fast as a set.
const SHORT: usize = 4;

/// A list that a loop searches again and again.
#[derive(Debug, Clone, Copy)]
pub struct SearchedList<'t> {
    /// What makes the list.
    pub value: Node<'t>,
    /// Whether it is also iterated.
    pub iterated: bool,
}

impl<'t> SearchedList<'t> {
    /// Reads a `comparison_operator`: `item in names`, `item not in list(names)`.
    pub fn of(file: &'t SourceFile, comparison: Node<'t>) -> Option<Self> {
        let searched = searched(comparison)?;
        let loops = repeated_by(comparison);
        let outermost = loops.last()?;
        if searched.is("call") {
            return is_list_call(file, searched).then_some(Self {
                value: searched,
                iterated: false,
            });
        }
        if !searched.is("identifier") {
            return None;
        }
        let value = file.local_value(searched)?;
        let site = file.binding_site(searched)?;
        let outside = !outermost.contains(site) || loops.iter().any(|n| !n.contains(site));
        let before = site.function() != comparison.function() || site.start() < comparison.start();
        if !outside || !before || !makes_list(file, value) {
            return None;
        }
        let mut iterated = false;
        for read in file.reads(searched) {
            let node = read.with_parentheses();
            let parent = node.parent()?;
            match parent.kind() {
                "comparison_operator" if searched_in(parent, node) => {}
                "for_statement" | "for_in_clause" if parent.fields("right").contains(&node) => {
                    iterated = true;
                }
                _ => return None,
            }
        }
        Some(Self { value, iterated })
    }
}

/// What a membership test of one item looks in.
fn searched(comparison: Node<'_>) -> Option<Node<'_>> {
    let membership = comparison.has_token("in") || comparison.has_token("not in");
    match comparison.children()[..] {
        [_, searched] if membership => Some(searched.unparenthesized()),
        _ => None,
    }
}

fn searched_in(comparison: Node<'_>, node: Node<'_>) -> bool {
    searched(comparison) == Some(node.unparenthesized())
}

/// Whether an expression is `list(…)` of something.
fn is_list_call(file: &SourceFile, call: Node<'_>) -> bool {
    file.calls(call, &["builtins.list"])
        && (call.positional().len() == 1 && call.arguments().len() == 1)
}

/// Whether an expression surely makes a list that is worth a set.
fn makes_list(file: &SourceFile, value: Node<'_>) -> bool {
    match value.kind() {
        "list" => !is_short_display(value, SHORT),
        "list_comprehension" => true,
        "call" => {
            let method = value.callee().filter(|c| c.is("attribute"));
            let object = method
                .and_then(|m| m.field("object"))
                .map(Node::unparenthesized);
            match method.and_then(Node::last_name) {
                Some("readlines") => true,
                Some("split") => object.is_some_and(|o| {
                    !o.is("string") || o.text().split_whitespace().count() > SHORT
                }),
                _ => is_list_call(file, value),
            }
        }
        _ => false,
    }
}
