//! `for` statements that do nothing but fill a list, set or dict, item by item.

use super::annotations;
use super::coroutine::lone_expression;
use super::names::{Binding, BindingKind, MODULE};
use super::source_file::{SourceFile, is_variable};
use super::syntax::Node;

/// What a loop fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// By `append`.
    List,
    /// By `add`.
    Set,
    /// By assigning to a subscript.
    Dict,
}

/// A part of the comprehension that a loop amounts to.
#[derive(Debug, Clone, Copy)]
pub enum Clause<'t> {
    /// A `for` statement.
    For {
        /// What it assigns to.
        target: Node<'t>,
        /// What it iterates over.
        iterable: Node<'t>,
    },
    /// The condition of an `if` statement.
    If(Node<'t>),
}

/// A `for` statement that fills a container, and what the comprehension in its place consists of.
#[derive(Debug, Clone)]
pub struct Building<'t> {
    /// The `for` statement.
    pub statement: Node<'t>,
    /// What it fills.
    pub container: Container,
    /// The container's name where it is filled.
    pub name: Node<'t>,
    /// The `for` and `if` clauses, outermost first.
    pub clauses: Vec<Clause<'t>>,
    /// The item; of a dict the parts of the key.
    pub item: Vec<Node<'t>>,
    /// The value of a dict.
    pub value: Option<Node<'t>>,
}

/// Where the container comes from.
#[derive(Debug, Clone, Copy)]
pub enum Origin<'t> {
    /// `name = []` in the same block, and nothing in between touches it.
    Empty {
        /// The assignment.
        assignment: Node<'t>,
        /// Whether it stands directly above the loop.
        adjacent: bool,
    },
    /// It may hold something already.
    Filled,
}

impl<'t> Building<'t> {
    /// Reads a `for` statement; `None` if it does anything else, or a comprehension could not do the same.
    pub fn of(file: &'t SourceFile, statement: Node<'t>) -> Option<Self> {
        let mut clauses = vec![for_clause(statement)?];
        let mut inner = only_statement(statement.field("body")?)?;
        if inner.is("for_statement") {
            clauses.push(for_clause(inner)?);
            inner = only_statement(inner.field("body")?)?;
        }
        if inner.is("if_statement") {
            if inner.field("alternative").is_some() {
                return None;
            }
            clauses.push(Clause::If(inner.field("condition")?));
            inner = only_statement(inner.field("consequence")?)?;
        }
        let (container, name, item, value) = filling(inner)?;
        let found = Self {
            statement,
            container,
            name,
            clauses,
            item,
            value,
        };
        (found.is_self_contained() && found.targets_stay_inside(file)).then_some(found)
    }

    /// Every expression of the comprehension, the targets left out.
    pub fn expressions(&self) -> impl Iterator<Item = Node<'t>> {
        let in_clauses = self.clauses.iter().map(|clause| match clause {
            Clause::For { iterable, .. } => *iterable,
            Clause::If(condition) => *condition,
        });
        in_clauses
            .chain(self.item.iter().copied())
            .chain(self.value)
    }

    /// The names that the loops bind.
    pub fn targets(&self) -> impl Iterator<Item = Node<'t>> {
        self.clauses
            .iter()
            .filter_map(|clause| match clause {
                Clause::For { target, .. } => Some(*target),
                Clause::If(_) => None,
            })
            .flat_map(Node::descendants)
            .filter(|n| n.is("identifier"))
    }

    /// Whether the container occurs nowhere but where it is filled, and nothing is awaited or yielded.
    fn is_self_contained(&self) -> bool {
        let first = match self.clauses.first() {
            Some(Clause::For { iterable, .. }) => Some(*iterable),
            _ => None,
        };
        self.expressions().all(|expression| {
            expression
                .descendants()
                .into_iter()
                .all(|n| match n.kind() {
                    "yield" => false,
                    "await" => Some(expression) == first,
                    "identifier" => n.text() != self.name.text() || !is_variable(n),
                    _ => true,
                })
        }) && self.targets().all(|t| t.text() != self.name.text())
    }

    /// Whether nobody reads a loop variable outside the loop: a comprehension keeps its variables to itself.
    fn targets_stay_inside(&self, file: &SourceFile) -> bool {
        let names = file.names();
        let here = match self.statement.definition() {
            Some(definition) => names.scope_opened_by(definition),
            None => Some(MODULE),
        };
        self.targets()
            .all(|t| names.owner(t) == here && !is_read_outside(file, self.statement, t))
    }

    /// Where the container comes from; `None` if it is no container of this kind for sure.
    pub fn origin(&self, file: &'t SourceFile) -> Option<Origin<'t>> {
        let mut before = file.occurrences(self.name);
        before.retain(|n| n.start() < self.statement.start());
        if let Some(last) = before.last()
            && let Some(assignment) = self.empty_assignment(file, *last)
        {
            let made = assignment.parent()?;
            return Some(Origin::Empty {
                assignment,
                adjacent: made.next() == Some(self.statement),
            });
        }
        (self.container == Container::List && is_list(file, self.name)).then_some(Origin::Filled)
    }

    /// The assignment of an empty container to `name`, in the block of the loop.
    fn empty_assignment(&self, file: &SourceFile, name: Node<'t>) -> Option<Node<'t>> {
        let assignment = name
            .parent()
            .filter(|p| p.is("assignment") && p.field("left") == Some(name))?;
        let statement = assignment
            .parent()
            .filter(|p| p.is("expression_statement"))?;
        let value = assignment.field("right")?;
        let (display, builtin) = match self.container {
            Container::List => ("list", "builtins.list"),
            Container::Set => ("", "builtins.set"),
            Container::Dict => ("dictionary", "builtins.dict"),
        };
        let empty = (value.is(display) && value.children().is_empty())
            || (file.calls(value, &[builtin]) && value.arguments().is_empty());
        (empty && statement.parent() == self.statement.parent()).then_some(assignment)
    }
}

/// A `for` statement without `else` and `async` that assigns to plain names, also in tuples.
fn for_clause(statement: Node<'_>) -> Option<Clause<'_>> {
    let plain = statement.is("for_statement")
        && !statement.is_async()
        && statement.field("alternative").is_none();
    let target = statement.field("left").filter(|_| plain)?;
    let iterable = statement.field("right")?;
    let names_only = target
        .descendants()
        .into_iter()
        .all(|n| n.is_any(&["identifier", "pattern_list", "tuple_pattern", "comment"]));
    names_only.then_some(Clause::For { target, iterable })
}

fn only_statement(block: Node<'_>) -> Option<Node<'_>> {
    match block.children()[..] {
        [only] => Some(only),
        _ => None,
    }
}

type Filling<'t> = (Container, Node<'t>, Vec<Node<'t>>, Option<Node<'t>>);

/// What the innermost statement does: `name.append(item)`, `name.add(item)`, `name[item] = value`.
fn filling(statement: Node<'_>) -> Option<Filling<'_>> {
    let expression = lone_expression(statement)?;
    match expression.kind() {
        "call" => {
            let callee = expression.callee().filter(|c| c.is("attribute"))?;
            let container = match callee.last_name()? {
                "append" => Container::List,
                "add" => Container::Set,
                _ => return None,
            };
            let name = callee.field("object").filter(|o| o.is("identifier"))?;
            match expression.arguments()[..] {
                [item] if !item.is_any(&["keyword_argument", "list_splat", "dictionary_splat"]) => {
                    Some((container, name, vec![item], None))
                }
                _ => None,
            }
        }
        "assignment" => {
            let target = expression
                .field("left")
                .filter(|left| left.is("subscript") && expression.field("type").is_none())?;
            let name = target.field("value").filter(|v| v.is("identifier"))?;
            let key = target.fields("subscript");
            let value = expression.field("right").filter(|v| !v.is("assignment"))?;
            let plain = !key.is_empty()
                && !key.iter().any(|k| k.is_any(&["slice", "list_splat"]))
                && !value
                    .children()
                    .iter()
                    .any(|v| v.is("list_splat") && value.is("expression_list"));
            plain.then_some((Container::Dict, name, key, Some(value)))
        }
        _ => None,
    }
}

/// Whether a loop variable is read outside the loop before it gets another value.
pub fn is_read_outside(file: &SourceFile, statement: Node<'_>, target: Node<'_>) -> bool {
    let names = file.names();
    let function = statement.function();
    let mut outside = file.occurrences(target);
    outside.retain(|n| !statement.contains(*n) && !in_loop_over(*n, target.text()));
    if outside
        .iter()
        .any(|n| n.function() != function && !is_parameter(file, *n))
    {
        return true;
    }
    outside.retain(|n| n.function() == function);
    let (before, after): (Vec<Node<'_>>, Vec<Node<'_>>) = outside
        .into_iter()
        .partition(|n| n.start() < statement.start());
    let around = statement
        .ancestors()
        .take_while(|n| !n.is_any(&["function_definition", "class_definition"]))
        .filter(|n| n.is_any(&["for_statement", "while_statement"]))
        .last();
    let next_round = before
        .into_iter()
        .find(|n| around.is_some_and(|around| around.contains(*n)));
    if next_round.is_some_and(|n| !names.is_binding_site(n)) {
        return true;
    }
    for other in after {
        if !names.is_binding_site(other) || is_changed(other) {
            return true;
        }
        if sets_anew(other, statement) {
            return false;
        }
    }
    false
}

/// Whether an occurrence is a parameter of the function that the loop stands in.
fn is_parameter(file: &SourceFile, name: Node<'_>) -> bool {
    file.names().is_binding_site(name)
        && name
            .ancestors()
            .take_while(|n| !n.is("block"))
            .any(|n| n.is("parameters"))
}

/// Whether a binding needs the value that the name has: `x += 1`, `del x`.
fn is_changed(name: Node<'_>) -> bool {
    name.parent().is_some_and(|p| {
        p.is_any(&["augmented_assignment", "delete_statement"])
            || (p.is("expression_list") && p.parent().is_some_and(|p| p.is("delete_statement")))
    })
}

/// Whether a binding is an assignment in the block of the loop that does not read the name itself.
fn sets_anew(name: Node<'_>, statement: Node<'_>) -> bool {
    let Some(assignment) = name
        .parent()
        .filter(|p| p.is("assignment") && p.field("left") == Some(name))
    else {
        return false;
    };
    let reads = assignment.field("right").is_none_or(|right| {
        right
            .descendants()
            .into_iter()
            .any(|n| n.is("identifier") && n.text() == name.text())
    });
    !reads && assignment.statement().parent() == statement.parent()
}

/// Whether a name belongs to a `for` loop that gives it its value.
fn in_loop_over(name: Node<'_>, spelled: &str) -> bool {
    name.ancestors()
        .take_while(|n| !n.is_any(&["function_definition", "class_definition"]))
        .any(|n| {
            let part = |field: &str| n.field(field).is_some_and(|part| part.contains(name));
            n.is("for_statement")
                && (part("body") || part("left"))
                && n.field("left").is_some_and(|left| {
                    left.descendants()
                        .into_iter()
                        .any(|t| t.is("identifier") && t.text() == spelled)
                })
        })
}

/// Whether a name stands for a list, as far as its bindings tell: values that make one, or a parameter that its
/// annotation does not call anything else.
fn is_list(file: &SourceFile, name: Node<'_>) -> bool {
    let names = file.names();
    let Some(owner) = names.owner(name) else {
        return false;
    };
    let bindings = names.bindings_in(owner, name.text());
    let known = bindings
        .iter()
        .filter(|b| b.kind != BindingKind::Annotation)
        .count();
    known > 0 && bindings.iter().all(|binding| binds_list(file, binding))
}

fn binds_list(file: &SourceFile, binding: &Binding) -> bool {
    match &binding.kind {
        BindingKind::Annotation => true,
        BindingKind::Value(value) => file
            .node(*value)
            .is_some_and(|value| makes_list(file, value)),
        BindingKind::Parameter => file.node(binding.name).is_some_and(|name| {
            let Some(parameter) = name
                .parent()
                .filter(|_| file.receiver_class(name).is_none())
            else {
                return false;
            };
            let lists = [
                "None",
                "builtins.list",
                "collections.abc.MutableSequence",
                "collections.deque",
                "typing.Deque",
                "typing.List",
                "typing.MutableSequence",
            ];
            match parameter.field("type") {
                Some(annotation) => annotations::members(file, annotation)
                    .iter()
                    .all(|m| m.as_ref().is_some_and(|m| lists.contains(&m.as_str()))),
                None => parameter.is_any(&["parameters", "default_parameter"]),
            }
        }),
        BindingKind::Other => file
            .node(binding.name)
            .and_then(Node::parent)
            .is_some_and(|p| p.is("augmented_assignment")),
        _ => false,
    }
}

/// Whether an expression surely makes a list or a deque.
fn makes_list(file: &SourceFile, value: Node<'_>) -> bool {
    let value = value.unparenthesized();
    match value.kind() {
        "list" | "list_comprehension" => true,
        "binary_operator" => {
            let operand = |side: &str| value.field(side).is_some_and(|n| makes_list(file, n));
            operand("left") || operand("right")
        }
        "call" => {
            let method = value.callee().filter(|c| c.is("attribute"));
            file.calls(
                value,
                &["builtins.list", "builtins.sorted", "collections.deque"],
            ) || method.is_some_and(|m| {
                ["readlines", "split", "splitlines"].contains(&m.last_name().unwrap_or_default())
            })
        }
        _ => false,
    }
}
