//! The empty dict belongs to the module, to a class, or to a function that returns the inner function which fills it. Some
//! function stores under a key that is no constant, and nothing in the file removes, replaces, counts or hands on the dict.
//! What only type checkers read is left alone, and so are keys of which the annotation allows but a few.

use crate::analysis::annotations;
use crate::analysis::mutable::{Use, constructor, use_of};
use crate::analysis::names::ScopeKind;
use crate::analysis::script::for_type_checkers;
use crate::analysis::source_file::SourceFile;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Methods that take something out.
const REMOVING: [&str; 4] = ["pop", "popitem", "clear", "__delitem__"];

/// Reports the assignment.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let name = hit.field("left").filter(|l| l.is("identifier"))?;
    let value = hit.field("right")?.unparenthesized();
    if !is_empty_dict(cx, value) || hit.parent()?.is("assignment") {
        return None;
    }
    let names = cx.file.names();
    let (scope, _) = names.single_binding(name)?;
    let kind = names.kind(scope);
    let references = match kind {
        ScopeKind::Class => attributes(cx, name)?,
        _ => cx.file.reads(name),
    };
    let store = references.iter().copied().find(|r| {
        stores_variable_key(cx.file, *r, value)
            && r.function().is_some()
            && lives_on(cx, hit, *r, kind)
    })?;
    if for_type_checkers(hit) {
        return None;
    }
    let may_shrink = references.iter().any(|r| may_shrink(cx, *r));
    (!may_shrink).then(|| {
        Report::at(hit)
            .capture("name", name)
            .related(store, "it grows here")
    })
}

/// Whether an expression makes an empty dict: `{}`, `dict()`, `defaultdict(…)`, `OrderedDict()`.
fn is_empty_dict(cx: &Context<'_>, value: Node<'_>) -> bool {
    match value.kind() {
        "dictionary" => value.children().is_empty(),
        "call" => match constructor(cx.file, value).as_deref() {
            Some("builtins.dict" | "collections.OrderedDict") => value.arguments().is_empty(),
            Some("collections.defaultdict") => value.arguments().len() <= 1,
            _ => false,
        },
        _ => false,
    }
}

/// Every attribute of the file with the name of a class attribute; `None` if an instance or the class is given another.
fn attributes<'t>(cx: &Context<'t>, name: Node<'t>) -> Option<Vec<Node<'t>>> {
    let attributes = cx
        .file
        .spelled(name.text())
        .into_iter()
        .filter_map(|n| n.parent().filter(|p| p.field("attribute") == Some(n)));
    let found: Vec<Node<'_>> = attributes.collect();
    let rebound = found.iter().any(|attribute| {
        attribute.parent().is_some_and(|p| {
            p.is_any(&["assignment", "augmented_assignment", "delete_statement"])
                && p.field("right") != Some(*attribute)
        })
    });
    (!rebound).then_some(found)
}

/// Whether a function stores something under a key that can be different each time.
fn stores_variable_key(file: &SourceFile, reference: Node<'_>, value: Node<'_>) -> bool {
    let Some(parent) = reference.parent() else {
        return false;
    };
    match parent.kind() {
        "subscript" if parent.field("value") == Some(reference) => {
            let keys = parent.fields("subscript");
            let stored = parent.parent().is_some_and(|p| {
                p.is_any(&["assignment", "augmented_assignment"]) && p.field("left") == Some(parent)
            });
            // Reading a missing key of a defaultdict stores it.
            let default = value.is("call") && !value.arguments().is_empty();
            let filled = default
                && parent.parent().is_some_and(|p| {
                    p.is("attribute") && p.parent().is_some_and(|call| call.callee() == Some(p))
                });
            (stored || filled) && !keys.into_iter().all(|key| is_one_of_few(file, key))
        }
        "attribute" => {
            let call = parent.parent().filter(|p| p.callee() == Some(parent));
            parent.last_name() == Some("setdefault")
                && call
                    .and_then(|call| call.positional().first().copied())
                    .is_some_and(|key| !is_one_of_few(file, key))
        }
        _ => false,
    }
}

/// Whether a key is a constant, or a parameter whose annotation allows but a few values.
fn is_one_of_few(file: &SourceFile, key: Node<'_>) -> bool {
    let few = |class: &Option<String>| {
        matches!(
            class.as_deref(),
            Some("None" | "builtins.bool" | "typing.Literal")
        )
    };
    let annotation = file
        .binding_site(key)
        .filter(|_| key.is("identifier"))
        .and_then(|name| name.parent()?.field("type"));
    is_constant(key) || annotation.is_some_and(|a| annotations::members(file, a).iter().all(few))
}

/// Whether a key is the same each time: a literal, a constant by its name, or a tuple of such.
fn is_constant(key: Node<'_>) -> bool {
    let key = key.unparenthesized();
    match key.kind() {
        "string" | "concatenated_string" => {
            !key.descendants().iter().any(|n| n.is("interpolation"))
        }
        "integer" | "float" | "true" | "false" | "none" => true,
        "identifier" | "attribute" => key.last_name().is_some_and(|name| {
            name.chars().any(char::is_uppercase) && name == name.to_uppercase()
        }),
        "tuple" => key.children().into_iter().all(is_constant),
        _ => false,
    }
}

/// Whether the dict outlives the call that fills it: the dict of a function does if the inner function around the store is
/// returned.
fn lives_on(cx: &Context<'_>, hit: Node<'_>, store: Node<'_>, kind: ScopeKind) -> bool {
    if kind != ScopeKind::Function {
        return true;
    }
    let Some(owner) = hit.function() else {
        return false;
    };
    let inner = store.ancestors().filter(|n| n.is("function_definition"));
    let inner = inner.into_iter().find(|n| n.function() == Some(owner));
    let Some(name) = inner.and_then(|inner| inner.field("name")) else {
        return false;
    };
    cx.file.reads(name).into_iter().any(|read| {
        let called = read.parent().is_some_and(|p| p.callee() == Some(read));
        let statement = read.statement();
        statement.is("return_statement") && statement.function() == Some(owner) && !called
    })
}

/// Whether a use may take something out of the dict, or look whether it is too large, or give it to somebody who may.
fn may_shrink(cx: &Context<'_>, reference: Node<'_>) -> bool {
    let node = reference.with_parentheses();
    let Some(parent) = node.parent() else {
        return true;
    };
    match parent.kind() {
        "attribute" => parent
            .last_name()
            .is_some_and(|name| REMOVING.contains(&name)),
        "subscript" => parent
            .ancestors()
            .take_while(|n| !n.is_any(&["block", "module"]))
            .any(|n| n.is("delete_statement")),
        "argument_list" => {
            let call = parent.parent();
            let counted = call.is_some_and(|call| {
                cx.calls(call, &["builtins.len"])
                    && call.ancestors().take_while(|n| !n.is("block")).any(|n| {
                        n.is_any(&["comparison_operator", "assignment", "binary_operator"])
                    })
            });
            counted || use_of(cx.file, node) == Use::HandedOn
        }
        _ => use_of(cx.file, node) == Use::HandedOn,
    }
}
