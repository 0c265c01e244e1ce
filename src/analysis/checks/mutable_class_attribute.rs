//! The class must be an ordinary one whose bases are all known. The name is lower-case, bound once, neither `ClassVar`
//! nor `Final`; a method changes the object through `self`, and none assigns the attribute.

use crate::analysis::annotations;
use crate::analysis::mutable::{Use, mutable_value, use_of};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report, SourceFile, is_written};

/// Base classes that neither treat attributes in a special way nor assign any.
const PLAIN_BASES: [&str; 4] = [
    "abc.ABC",
    "builtins.object",
    "contextlib.ContextDecorator",
    "typing.Generic",
];

/// Builtin classes that read something into the class body, or make classes.
const SPECIAL_BUILTINS: [&str; 2] = ["builtins.property", "builtins.type"];

/// Decorators that change nothing about a class's attributes.
const PLAIN_DECORATORS: [&str; 2] = ["functools.total_ordering", "typing.final"];

/// Decides about a statement in a class body.
pub fn check(cx: &Context<'_>, statement: Node<'_>) -> Option<Report> {
    let assignment = statement
        .children()
        .first()
        .copied()
        .filter(|n| n.is("assignment"))?;
    let class = statement.parent()?.parent()?;
    if !class.is("class_definition") {
        return None;
    }
    let name = assignment.field("left").filter(|n| n.is("identifier"))?;
    mutable_value(cx.file, assignment.field("right")?)?;
    let lower_case = name.text() == name.text().to_lowercase() && !is_dunder(name.text());
    let declared = assignment
        .field("type")
        .is_some_and(|annotation| is_declared_shared(cx.file, annotation));
    if !lower_case || declared || !is_ordinary(cx, class) || !is_bound_once(cx, class, name) {
        return None;
    }
    let change = first_change(cx, class, name.text())?;
    let assigned = lineage(cx, class)
        .into_iter()
        .any(|user| may_assign(cx, user, name.text()));
    if assigned {
        return None;
    }
    let method = method_around(class, change)?.field("name")?;
    Some(
        Report::at(assignment)
            .capture("name", name)
            .capture("method", method)
            .capture("class", class.field("name")?)
            .related(change, "changed here"),
    )
}

fn is_dunder(name: &str) -> bool {
    name.starts_with("__") && name.ends_with("__")
}

fn is_declared_shared(file: &SourceFile, annotation: Node<'_>) -> bool {
    let base = annotations::base(file, annotation);
    let text = base.as_deref().unwrap_or_else(|| annotation.text());
    ["ClassVar", "Final"].iter().any(|word| text.contains(word))
}

fn is_bound_once(cx: &Context<'_>, class: Node<'_>, name: Node<'_>) -> bool {
    let scope = cx.file.names().scope_opened_by(class);
    scope.is_some_and(|scope| cx.file.names().bindings_in(scope, name.text()).len() == 1)
}

/// The bases of a class, keywords such as `metaclass=` included.
fn bases(class: Node<'_>) -> Vec<Node<'_>> {
    let superclasses = class.field("superclasses");
    superclasses.map(Node::children).unwrap_or_default()
}

/// Whether the class, and every class of this file that it inherits from, is one that leaves its attributes alone.
fn is_ordinary(cx: &Context<'_>, class: Node<'_>) -> bool {
    let decorated_plainly = class
        .decorators()
        .into_iter()
        .all(|d| cx.is_one_of(d, &PLAIN_DECORATORS));
    decorated_plainly
        && bases(class).into_iter().all(|base| {
            if base.is("keyword_argument") {
                return base
                    .field("value")
                    .is_some_and(|v| cx.is_one_of(v, &["abc.ABCMeta", "builtins.type"]));
            }
            let base = if base.is("subscript") {
                base.field("value").unwrap_or(base)
            } else {
                base
            };
            if let Some(known) = cx.file.class(base) {
                return known != class && is_ordinary(cx, known);
            }
            cx.qualified_name(base).is_some_and(|name| {
                PLAIN_BASES.contains(&name.as_str())
                    || (name.starts_with("builtins.") && !SPECIAL_BUILTINS.contains(&name.as_str()))
            })
        })
}

/// The class and the classes of this file that it inherits from, directly or not, or that inherit from it.
fn lineage<'t>(cx: &Context<'t>, class: Node<'t>) -> Vec<Node<'t>> {
    let mut found = vec![class];
    let mut next = 0;
    while let Some(known) = found.get(next).copied() {
        next += 1;
        for base in bases(known).into_iter().filter_map(|b| cx.file.class(b)) {
            if !found.contains(&base) {
                found.push(base);
            }
        }
    }
    let name = class.field("name").map_or("", Node::text);
    let mentions = cx.file.spelled(name).into_iter();
    let in_bases = mentions.filter_map(|n| {
        let list = n.ancestors().find(|a| a.is("argument_list"))?;
        list.parent().filter(|p| p.is("class_definition"))
    });
    for other in in_bases {
        let inherits = bases(other)
            .into_iter()
            .any(|base| cx.file.class(base) == Some(class));
        if inherits && !found.contains(&other) {
            found.push(other);
        }
    }
    found
}

/// Whether code in the class might give an instance, or the class, an attribute of that name.
fn may_assign(cx: &Context<'_>, class: Node<'_>, name: &str) -> bool {
    class
        .descendants()
        .into_iter()
        .any(|node| match node.kind() {
            "attribute" => {
                let attribute = node.field("attribute").map(Node::text);
                let assigned = attribute == Some(name) && is_written(node) && !is_augmented(node);
                assigned || attribute == Some("__dict__")
            }
            "call" => {
                let sets = cx.calls(node, &["builtins.setattr"])
                    || node.callee().and_then(Node::last_name) == Some("__setattr__");
                let written_out = node.positional().into_iter().find(|a| a.is("string"));
                let other = written_out.is_some_and(|s| s.text().trim_matches(['"', '\'']) != name);
                (sets && !other) || cx.calls(node, &["builtins.vars"])
            }
            _ => false,
        })
}

/// `self.items += …` changes the shared list before it assigns it.
fn is_augmented(attribute: Node<'_>) -> bool {
    attribute
        .parent()
        .is_some_and(|p| p.is("augmented_assignment"))
}

/// The first place where a method changes the object through its instance.
fn first_change<'t>(cx: &Context<'_>, class: Node<'t>, name: &str) -> Option<Node<'t>> {
    class
        .descendants()
        .into_iter()
        .filter(|n| n.is("attribute") && n.field("attribute").is_some_and(|a| a.text() == name))
        .find(|attribute| {
            let through_instance = attribute
                .field("object")
                .is_some_and(|object| is_instance(cx.file, class, object));
            through_instance
                && (is_augmented(*attribute) || use_of(cx.file, *attribute) == Use::Mutated)
        })
}

/// Whether an expression is the `self` of a method of the class.
fn is_instance(file: &SourceFile, class: Node<'_>, object: Node<'_>) -> bool {
    if !object.is("identifier") || file.receiver_class(object) != Some(class) {
        return false;
    }
    method_around(class, object).is_some_and(|method| !takes_class(file, method))
}

/// The method of the class in whose body a node stands.
fn method_around<'t>(class: Node<'t>, node: Node<'t>) -> Option<Node<'t>> {
    node.ancestors()
        .filter(|n| n.is("function_definition"))
        .find(|n| n.definition() == Some(class))
}

/// Whether a method's first parameter is the class.
fn takes_class(file: &SourceFile, method: Node<'_>) -> bool {
    let implicit = ["__new__", "__init_subclass__", "__class_getitem__"];
    method
        .field("name")
        .is_some_and(|name| implicit.contains(&name.text()))
        || method
            .decorators()
            .into_iter()
            .any(|d| file.is_builtin(d, "classmethod"))
}
