//! Strings that grow by `+=` in a loop.

use super::names::{BindingKind, ScopeKind};
use super::repetition::{is_short_display, repeated_by};
use super::source_file::SourceFile;
use super::syntax::Node;

/// A loop over a display of so few items is no loop worth a word.
const SHORT: usize = 8;

/// A statement that adds a string to a name: `text += part` or `text = text + part`.
#[derive(Debug, Clone, Copy)]
pub struct Update<'t> {
    /// The assignment.
    pub assignment: Node<'t>,
    /// The name that grows.
    pub name: Node<'t>,
    /// The first operand behind the name.
    first: Node<'t>,
    /// The last operand.
    last: Node<'t>,
}

impl<'t> Update<'t> {
    /// Reads an `assignment` or `augmented_assignment` that surely adds a string.
    pub fn of(file: &'t SourceFile, assignment: Node<'t>) -> Option<Self> {
        let name = assignment.field("left").filter(|n| n.is("identifier"))?;
        let right = assignment.field("right")?;
        let statement = assignment.parent()?;
        if !statement.is("expression_statement") || assignment.field("type").is_some() {
            return None;
        }
        let mut parts = operands(right);
        let (first, last) = if assignment.is("augmented_assignment") {
            if !assignment.has_token("+=") {
                return None;
            }
            (right, right)
        } else {
            let (head, rest) = parts.split_first()?;
            if head.text() != name.text() || right.is("parenthesized_expression") {
                return None;
            }
            let ends = (*rest.first()?, *rest.last()?);
            parts.remove(0);
            ends
        };
        parts
            .into_iter()
            .any(|part| is_string(file, part))
            .then_some(Self {
                assignment,
                name,
                first,
                last,
            })
    }

    /// The text of what is added.
    pub fn added<'f>(&self, file: &'f SourceFile) -> &'f str {
        let range = self.first.start()..self.last.end();
        file.slice(range)
    }

    /// What is added, if that is one operand.
    pub fn only_operand(&self) -> Option<Node<'t>> {
        (self.first == self.last).then_some(self.first)
    }

    /// The nodes of what is added.
    pub fn added_nodes(&self) -> Vec<Node<'t>> {
        let right = self.assignment.field("right");
        let inside = |n: &Node<'t>| self.first.start() <= n.start() && n.end() <= self.last.end();
        right
            .map(Node::descendants)
            .unwrap_or_default()
            .into_iter()
            .filter(inside)
            .collect()
    }
}

/// The operands of a chain of `+`, from left to right.
fn operands(expression: Node<'_>) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut node = expression;
    while node.is("binary_operator") && node.has_token("+") {
        found.extend(node.field("right"));
        match node.field("left") {
            Some(left) => node = left,
            None => break,
        }
    }
    found.push(node);
    found.reverse();
    found
}

/// Whether an expression is surely a string: a literal, `str(…)`, `….join(…)`, `"…".format(…)`, `"…" % …`, or a sum with one
/// of them in it.
fn is_string(file: &SourceFile, expression: Node<'_>) -> bool {
    let node = expression.unparenthesized();
    match node.kind() {
        "string" | "concatenated_string" => is_text(node),
        "call" => {
            file.calls(node, &["builtins.str", "builtins.repr"])
                || node.callee().is_some_and(|callee| {
                    let of_literal = callee
                        .field("object")
                        .is_some_and(|o| is_text(o.unparenthesized()));
                    match callee.last_name() {
                        Some("join") => callee.is("attribute") && !is_module(file, callee),
                        Some("format") => of_literal,
                        _ => false,
                    }
                })
        }
        "binary_operator" if node.has_token("+") => {
            operands(node).into_iter().any(|part| is_string(file, part))
        }
        "binary_operator" if node.has_token("%") => node
            .field("left")
            .is_some_and(|left| is_text(left.unparenthesized())),
        _ => false,
    }
}

/// Whether a callee is a function of a module, like `os.path.join`, or joins bytes.
fn is_module(file: &SourceFile, callee: Node<'_>) -> bool {
    let object = callee.field("object").map(Node::unparenthesized);
    file.qualified_name(callee).is_some()
        || object.is_some_and(|o| o.is_any(&["string", "concatenated_string"]) && !is_text(o))
}

/// Whether a node is a string literal, no bytes.
pub fn is_text(node: Node<'_>) -> bool {
    let first = match node.kind() {
        "string" => Some(node),
        "concatenated_string" => node.children().first().copied(),
        _ => None,
    };
    first.is_some_and(|literal| {
        let quote = literal.text().find(['"', '\'']).unwrap_or(0);
        !literal.text()[..quote].contains(['b', 'B', 't', 'T'])
    })
}

/// The outermost loop that repeats an update and not the first value of its name, if the loop does nothing with the name
/// but let it grow, and has more than a few items.
pub fn loop_of<'t>(file: &'t SourceFile, update: &Update<'t>) -> Option<Node<'t>> {
    let names = file.names();
    let scope = names.owner(update.name)?;
    if scope != names.scope_of(update.name)
        || names.kind(scope) == ScopeKind::Class
        || !only_conditions_around(update.assignment)
    {
        return None;
    }
    let loops = repeated_by(update.assignment);
    let made = loops
        .first()
        .and_then(|inner| last_value(file, update.name, inner.start()))?;
    let around = loops
        .into_iter()
        .take_while(|around| !around.contains(made))
        .last()?;
    let short = around
        .field("right")
        .is_some_and(|iterable| is_short_display(iterable, SHORT));
    let grows_only = file
        .occurrences(update.name)
        .into_iter()
        .filter(|n| around.contains(*n))
        .all(|n| is_update(file, n));
    (!short && grows_only).then_some(around)
}

/// Whether nothing but conditions and loops stands between a statement and the nearest loop.
fn only_conditions_around(assignment: Node<'_>) -> bool {
    let above = assignment
        .statement()
        .ancestors()
        .find(|n| !n.is_any(&["block", "if_statement", "elif_clause", "else_clause"]));
    above.is_some_and(|n| n.is_any(&["for_statement", "while_statement"]))
}

/// Whether an occurrence of a name is part of a statement that lets it grow, and not of what is added.
fn is_update(file: &SourceFile, occurrence: Node<'_>) -> bool {
    let statement = occurrence.statement();
    let Some(assignment) = statement.children().first().copied() else {
        return false;
    };
    Update::of(file, assignment).is_some_and(|update| {
        update.name.text() == occurrence.text()
            && (update.name == occurrence || occurrence.end() <= update.first.start())
    })
}

/// The value of the last plain assignment to a name before a byte of the file.
fn last_value<'t>(file: &'t SourceFile, name: Node<'t>, before: usize) -> Option<Node<'t>> {
    let scope = file.names().owner(name)?;
    file.names()
        .bindings_in(scope, name.text())
        .iter()
        .filter_map(|binding| match binding.kind {
            BindingKind::Value(value) => file.node(value),
            _ => None,
        })
        .filter(|value| {
            let update = value.parent().and_then(|a| Update::of(file, a));
            value.start() < before && update.is_none()
        })
        .max_by_key(|value| value.start())
}

/// The string literal that a name starts with before a loop that lets it grow, if it is surely the value there: its
/// assignment stands in a block around the loop, and only updates come between.
pub fn first_value<'t>(
    file: &'t SourceFile,
    update: &Update<'t>,
    around: Node<'t>,
) -> Option<Node<'t>> {
    let value = last_value(file, update.name, around.start())?;
    let assignment = value
        .ancestors()
        .find(|n| !n.is("parenthesized_expression"))
        .filter(|n| n.is("assignment"))?;
    let statement = assignment
        .parent()
        .filter(|p| p.is("expression_statement"))?;
    let block = statement.parent()?;
    let between = |n: &Node<'t>| value.end() <= n.start() && n.end() <= around.start();
    let only_updates = file
        .occurrences(update.name)
        .into_iter()
        .filter(|n| between(n) && file.names().is_binding_site(*n))
        .all(|n| is_update(file, n));
    (is_text(value.unparenthesized()) && block.contains(around) && only_updates).then_some(value)
}
