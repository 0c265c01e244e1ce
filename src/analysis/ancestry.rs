//! What can be told from one file about the classes that a class inherits from.

use super::SourceFile;
use super::syntax::Node;

/// How many classes of the file a chain of bases is followed through; a class may by mistake inherit from itself.
const MAX_DEPTH: usize = 32;

/// The metaclass that a class gets from its bases and its `metaclass=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metaclass {
    /// `type`: nothing about the class is special.
    Type,
    /// `ABCMeta`, or that of protocols.
    Abstract,
    /// It cannot be told: a base from elsewhere, a metaclass of its own, `*bases`.
    Unknown,
}

/// The base classes of a class as they are written, `*bases` among them, without keyword arguments.
pub fn bases(class: Node<'_>) -> Vec<Node<'_>> {
    arguments(class)
        .into_iter()
        .filter(|n| !n.is_any(&["keyword_argument", "dictionary_splat"]))
        .collect()
}

/// Everything between the parentheses behind the name of a class.
pub fn arguments(class: Node<'_>) -> Vec<Node<'_>> {
    class
        .field("superclasses")
        .map(Node::children)
        .unwrap_or_default()
}

/// The value of a keyword argument in the header of a class.
pub fn class_keyword<'t>(class: Node<'t>, name: &str) -> Option<Node<'t>> {
    arguments(class)
        .into_iter()
        .find(|n| n.is("keyword_argument") && n.field("name").is_some_and(|n| n.text() == name))?
        .field("value")
}

/// The class expression of a base: `Base` of `Base[T]`.
pub fn base_class(base: Node<'_>) -> Node<'_> {
    let base = base.unparenthesized();
    if base.is("subscript") {
        base.field("value").unwrap_or(base)
    } else {
        base
    }
}

/// Whether one of these qualified names is among the direct bases of a class.
pub fn inherits_directly(file: &SourceFile, class: Node<'_>, names: &[&str]) -> bool {
    bases(class)
        .into_iter()
        .any(|base| file.is_one_of(base_class(base), names))
}

/// Whether a class is declared as a protocol.
pub fn is_protocol(file: &SourceFile, class: Node<'_>) -> bool {
    inherits_directly(file, class, &["typing.Protocol"])
}

/// The metaclass of a class, as far as the file tells.
pub fn metaclass<'t>(file: &'t SourceFile, class: Node<'t>) -> Metaclass {
    metaclass_within(file, class, MAX_DEPTH)
}

/// The metaclass of a base class expression, as far as the file tells.
pub fn metaclass_of_base<'t>(file: &'t SourceFile, base: Node<'t>) -> Metaclass {
    of_base(file, base, MAX_DEPTH)
}

fn metaclass_within<'t>(file: &'t SourceFile, class: Node<'t>, depth: usize) -> Metaclass {
    let stated = match class_keyword(class, "metaclass") {
        None => Metaclass::Type,
        Some(value) if file.is_one_of(value, &["abc.ABCMeta"]) => Metaclass::Abstract,
        Some(value) if file.is_one_of(value, &["builtins.type"]) => Metaclass::Type,
        Some(_) => Metaclass::Unknown,
    };
    let splat = arguments(class)
        .iter()
        .any(|n| n.is_any(&["list_splat", "dictionary_splat"]));
    if splat || depth == 0 || class.decorators().iter().any(|d| may_replace(file, *d)) {
        return Metaclass::Unknown;
    }
    bases(class)
        .into_iter()
        .map(|base| of_base(file, base, depth - 1))
        .fold(stated, Metaclass::max)
}

fn of_base<'t>(file: &'t SourceFile, base: Node<'t>, depth: usize) -> Metaclass {
    let base = base_class(base);
    match file.qualified_name(base).as_deref() {
        Some("builtins.object") => Metaclass::Type,
        Some("abc.ABC" | "typing.Protocol") => Metaclass::Abstract,
        Some(name) if name.starts_with("collections.abc.") => Metaclass::Abstract,
        Some(_) => Metaclass::Unknown,
        None => file.class(base).map_or(Metaclass::Unknown, |class| {
            metaclass_within(file, class, depth)
        }),
    }
}

/// Whether a class decorator might return a class with another metaclass, as `six.add_metaclass` does.
fn may_replace(file: &SourceFile, decorator: Node<'_>) -> bool {
    let known = [
        "dataclasses.dataclass",
        "enum.unique",
        "functools.total_ordering",
        "typing.dataclass_transform",
        "typing.final",
        "typing.runtime_checkable",
    ];
    !file.is_one_of(decorator.callee().unwrap_or(decorator), &known)
}

/// The classes of the file that inherit from `class` directly, in source order.
pub fn subclasses<'t>(file: &'t SourceFile, class: Node<'t>) -> Vec<Node<'t>> {
    let Some(name) = class.field("name") else {
        return Vec::new();
    };
    file.reads(name)
        .into_iter()
        .filter_map(inheriting)
        .collect()
}

/// The class in whose header an identifier stands as a base: `Base`, `Base[T]`.
pub fn inheriting(identifier: Node<'_>) -> Option<Node<'_>> {
    let parent = identifier.parent()?;
    let base = if parent.is("subscript") && parent.field("value") == Some(identifier) {
        parent
    } else {
        identifier
    };
    let list = base.parent().filter(|p| p.is("argument_list"))?;
    list.parent()
        .filter(|class| class.field("superclasses") == Some(list))
}
