//! Adds `ABC` behind the other bases, in the place of `object` if that is one. To be reviewed where the file creates an
//! instance of the class, hands it around, or has a subclass that would become abstract or might have a metaclass that
//! does not go with `ABCMeta`.

use crate::analysis::SourceFile;
use crate::analysis::ancestry::{Metaclass, base_class, bases, inheriting, metaclass, subclasses};
use crate::analysis::names::in_annotation;
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld, withhold};

/// How far subclasses are followed.
const MAX_DEPTH: usize = 32;

/// Makes the class abstract.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let name = cx.hit()?;
    let Some(class) = name.parent().filter(|n| n.is("class_definition")) else {
        return withhold("the code has changed");
    };
    if precedes_abc(cx.file, class) {
        return withhold("a subclass names `ABC` before this class");
    }
    let mut draft = cx.draft();
    let base = draft.symbol("abc.ABC", class, Style::Like(cx.capture("decorator")?))?;
    add_base(cx, &mut draft, class, &base);
    let methods: Vec<&str> = cx.captures("method").into_iter().map(Node::text).collect();
    if may_break(cx.file, class, &methods, MAX_DEPTH) {
        draft.review();
    }
    Ok(draft)
}

fn add_base(cx: &FixContext<'_>, draft: &mut Draft<'_>, class: Node<'_>, name: &str) {
    let object = cx.found.capture("object");
    match (object, bases(class).last(), class.field("superclasses")) {
        (Some(object), _, _) => draft.replace_range(object, name),
        (None, Some(last), _) => draft.insert(last.end(), format!(", {name}")),
        (None, None, Some(list)) if list.children().is_empty() => {
            draft.insert(list.start() + 1, name);
        }
        (None, None, Some(list)) => draft.insert(list.start() + 1, format!("{name}, ")),
        (None, None, None) => {
            let head = class
                .field("type_parameters")
                .or_else(|| class.field("name"));
            if let Some(head) = head {
                draft.insert(head.end(), format!("({name})"));
            }
        }
    }
}

/// Whether a subclass lists `ABC` before the class: with `ABC` behind both there would be no order for them.
fn precedes_abc<'t>(file: &'t SourceFile, class: Node<'t>) -> bool {
    subclasses(file, class).into_iter().any(|subclass| {
        bases(subclass)
            .into_iter()
            .take_while(|base| file.class(base_class(*base)) != Some(class))
            .any(|base| file.is_one_of(base, &["abc.ABC"]))
    })
}

/// Whether code of the file may not work any more when the methods are enforced.
fn may_break<'t>(file: &'t SourceFile, class: Node<'t>, methods: &[&str], depth: usize) -> bool {
    let Some(name) = class.field("name") else {
        return true;
    };
    if depth == 0 || creates_instance_of_itself(class) {
        return true;
    }
    file.reads(name).into_iter().any(|read| {
        let Some(subclass) = inheriting(read) else {
            return !is_harmless(read);
        };
        let scope = file.names().scope_opened_by(subclass);
        let missing: Vec<&str> = methods
            .iter()
            .copied()
            .filter(|m| scope.is_none_or(|s| !file.names().binds(s, m)))
            .collect();
        metaclass(file, subclass) == Metaclass::Unknown
            || (!missing.is_empty() && may_break(file, subclass, &missing, depth - 1))
    })
}

/// `cls(…)` in a method of the class, `type(self)(…)`, `self.__class__(…)`.
fn creates_instance_of_itself(class: Node<'_>) -> bool {
    class
        .descendants()
        .into_iter()
        .filter_map(Node::callee)
        .any(|callee| {
            callee.text() == "cls"
                || callee.last_name() == Some("__class__")
                || callee.callee().is_some_and(|c| c.text() == "type")
        })
}

/// Whether a use of the class's name cannot create an instance: an annotation, an attribute of the class, an
/// `isinstance`, the bound of a type variable.
fn is_harmless(read: Node<'_>) -> bool {
    let parent = read.parent();
    let attribute = parent.is_some_and(|p| p.is("attribute"));
    let checked = read
        .ancestors()
        .take_while(|n| !n.is("block"))
        .filter_map(Node::callee)
        .any(|callee| {
            matches!(
                callee.last_name(),
                Some("isinstance" | "issubclass" | "TypeVar" | "cast")
            )
        });
    let called = parent.is_some_and(|p| p.callee() == Some(read));
    !called && (attribute || checked || in_annotation(read))
}
