//! Values that can be changed in place, and what code does with them.

use super::source_file::{SourceFile, is_written};
use super::syntax::Node;

/// The classes whose call makes a fresh container that can be changed.
const CONSTRUCTORS: [&str; 9] = [
    "builtins.list",
    "builtins.dict",
    "builtins.set",
    "builtins.bytearray",
    "collections.deque",
    "collections.defaultdict",
    "collections.OrderedDict",
    "collections.Counter",
    "collections.ChainMap",
];

/// The methods that change a container in place.
const MUTATORS: [&str; 25] = [
    "__delitem__",
    "__setitem__",
    "add",
    "append",
    "appendleft",
    "clear",
    "difference_update",
    "discard",
    "extend",
    "extendleft",
    "insert",
    "intersection_update",
    "move_to_end",
    "pop",
    "popitem",
    "popleft",
    "remove",
    "reverse",
    "rotate",
    "setdefault",
    "sort",
    "subtract",
    "symmetric_difference_update",
    "update",
    "__ior__",
];

/// The functions that change their first argument in place.
const MUTATING_FUNCTIONS: [&str; 9] = [
    "bisect.insort",
    "bisect.insort_left",
    "bisect.insort_right",
    "heapq.heapify",
    "heapq.heappop",
    "heapq.heappush",
    "heapq.heappushpop",
    "heapq.heapreplace",
    "random.shuffle",
];

/// The builtins that look at an argument and do not keep it.
const READING_FUNCTIONS: [&str; 19] = [
    "builtins.all",
    "builtins.any",
    "builtins.bool",
    "builtins.dict",
    "builtins.frozenset",
    "builtins.isinstance",
    "builtins.len",
    "builtins.list",
    "builtins.max",
    "builtins.min",
    "builtins.print",
    "builtins.repr",
    "builtins.set",
    "builtins.sorted",
    "builtins.str",
    "builtins.sum",
    "builtins.tuple",
    "builtins.type",
    "builtins.bytes",
];

/// An expression that makes a container which can be changed: a display, a comprehension, or a call of `list`,
/// `dict`, `set`, `bytearray`, `deque`, `defaultdict`, `OrderedDict`, `Counter` or `ChainMap`.
#[derive(Debug, Clone, Copy)]
pub struct MutableValue<'t> {
    /// The expression without the parentheses around it.
    pub node: Node<'t>,
    /// The qualified name of its class: `builtins.list`, `collections.deque`.
    pub class: &'static str,
}

/// The mutable container that an expression makes, if it surely makes one.
pub fn mutable_value<'t>(file: &SourceFile, expression: Node<'t>) -> Option<MutableValue<'t>> {
    let node = expression.unparenthesized();
    let class = match node.kind() {
        "list" | "list_comprehension" => "builtins.list",
        "dictionary" | "dictionary_comprehension" => "builtins.dict",
        "set" | "set_comprehension" => "builtins.set",
        "call" => {
            let called = constructor(file, node)?;
            CONSTRUCTORS.into_iter().find(|name| *name == called)?
        }
        _ => return None,
    };
    Some(MutableValue { node, class })
}

/// The qualified name of what a call calls, type arguments left out: `builtins.list` of `list[int]()`.
pub fn constructor(file: &SourceFile, call: Node<'_>) -> Option<String> {
    let callee = call.callee()?;
    let class = if callee.is("subscript") {
        callee.field("value")?
    } else {
        callee
    };
    file.qualified_name(class)
}

impl MutableValue<'_> {
    /// The class without its module: `deque`.
    pub fn short_class(&self) -> &'static str {
        self.class.rsplit('.').next().unwrap_or(self.class)
    }
}

/// What one expression does with the container that it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Looks at it: iterates, compares, subscripts, calls a method that changes nothing.
    Read,
    /// Changes it, or something in it, in place.
    Mutated,
    /// Hands it on: returns, yields, stores or passes it. What happens to it then is unknown.
    HandedOn,
}

/// What happens to a container where a name or attribute (`history`, `self.messages`) stands for it.
pub fn use_of(file: &SourceFile, reference: Node<'_>) -> Use {
    let mut node = reference;
    // An element is looked at: handing that on says nothing about the container.
    let mut element = false;
    while let Some(parent) = node.parent() {
        match parent.kind() {
            "parenthesized_expression" => {}
            "subscript" if parent.field("value") == Some(node) => {
                if is_written(parent) {
                    return Use::Mutated;
                }
                element = true;
            }
            "attribute" => {
                let method = parent.field("attribute").map(Node::text);
                let mutates = method.is_some_and(|name| MUTATORS.contains(&name));
                return if mutates || is_written(parent) {
                    Use::Mutated
                } else {
                    Use::Read
                };
            }
            "augmented_assignment" if parent.field("left") == Some(node) => return Use::Mutated,
            "argument_list" => return argument(file, parent, node, element),
            "boolean_operator" | "conditional_expression" | "named_expression"
                if !element && !is_condition(parent, node) => {}
            _ if element || only_looks(parent, node) => return Use::Read,
            _ => return Use::HandedOn,
        }
        node = parent;
    }
    Use::Read
}

fn argument(file: &SourceFile, arguments: Node<'_>, node: Node<'_>, element: bool) -> Use {
    let call = arguments.parent();
    let called = call.and_then(|call| file.callee_name(call));
    let first = arguments.children().first() == Some(&node);
    match called.as_deref() {
        Some(name) if first && MUTATING_FUNCTIONS.contains(&name) => Use::Mutated,
        Some(name) if READING_FUNCTIONS.contains(&name) => Use::Read,
        _ if element => Use::Read,
        _ => Use::HandedOn,
    }
}

/// Whether the value of `node` is only tested for truth by the conditional expression around it.
fn is_condition(parent: Node<'_>, node: Node<'_>) -> bool {
    parent.is("conditional_expression") && parent.children().get(1) == Some(&node)
}

/// Whether the construct around a reference looks at the container without keeping it.
fn only_looks(parent: Node<'_>, node: Node<'_>) -> bool {
    match parent.kind() {
        "for_statement" | "for_in_clause" => parent.field("right") == Some(node),
        "if_statement" | "elif_clause" | "while_statement" => {
            parent.field("condition") == Some(node)
        }
        "conditional_expression" => is_condition(parent, node),
        "comparison_operator"
        | "not_operator"
        | "binary_operator"
        | "unary_operator"
        | "interpolation"
        | "list_splat"
        | "dictionary_splat"
        | "assert_statement"
        | "if_clause"
        | "expression_statement"
        | "delete_statement"
        | "match_statement" => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Use, mutable_value, use_of};
    use crate::analysis::SourceFile;

    #[test]
    fn a_use_reads_changes_or_hands_on() {
        for (statement, expected) in [
            ("p.append(1)", Use::Mutated),
            ("p[0] = 1", Use::Mutated),
            ("p['a'].append(1)", Use::Mutated),
            ("p[0][1] += 2", Use::Mutated),
            ("del p[0]", Use::Mutated),
            ("p += [1]", Use::Mutated),
            ("p[0], q = 1, 2", Use::Mutated),
            ("import heapq; heapq.heappush(p, 1)", Use::Mutated),
            ("add = p.append", Use::Mutated),
            ("(p).sort()", Use::Mutated),
            ("for x in p: pass", Use::Read),
            ("x = [y for y in p]", Use::Read),
            ("x = p[0]", Use::Read),
            ("f(p[0])", Use::Read),
            ("x = len(p)", Use::Read),
            ("x = p.get(1)", Use::Read),
            ("if p: pass", Use::Read),
            ("x = 1 if p else 2", Use::Read),
            ("x = f'{p}'", Use::Read),
            ("f(*p)", Use::Read),
            ("x = 1 in p", Use::Read),
            ("x = p", Use::HandedOn),
            ("x = p or []", Use::HandedOn),
            ("x = p if 1 else 2", Use::HandedOn),
            ("self.x = p", Use::HandedOn),
            ("f(p)", Use::HandedOn),
            ("f(a=p)", Use::HandedOn),
            ("x = [p]", Use::HandedOn),
            ("x = lambda: p", Use::HandedOn),
        ] {
            let file = SourceFile::parse(Path::new("a.py"), statement);
            let nodes = file.nodes();
            let reference = nodes
                .into_iter()
                .find(|n| n.is("identifier") && n.text() == "p");
            let found = reference.map(|p| use_of(&file, p));
            assert_eq!(found, Some(expected), "{statement}");
        }
    }

    #[test]
    fn displays_comprehensions_and_constructors_are_mutable() {
        for (expression, expected) in [
            ("[]", Some("builtins.list")),
            ("([1])", Some("builtins.list")),
            ("{x: 1 for x in y}", Some("builtins.dict")),
            ("{1}", Some("builtins.set")),
            ("list[int]()", Some("builtins.list")),
            ("dict(a=1)", Some("builtins.dict")),
            ("()", None),
            ("(x for x in y)", None),
            ("frozenset()", None),
            ("dict.fromkeys('ab')", None),
            ("deque()", None),
        ] {
            let file = SourceFile::parse(Path::new("a.py"), expression);
            let nodes = file.nodes();
            let statement = nodes.into_iter().find(|n| n.is("expression_statement"));
            let value = statement.and_then(|s| s.children().first().copied());
            let found = value.and_then(|v| mutable_value(&file, v)).map(|m| m.class);
            assert_eq!(found, expected, "{expression}");
        }
    }
}
