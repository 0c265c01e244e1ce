//! Makes the dataclass frozen. Withheld where an instance is changed, where a base or a subclass would have to be frozen as
//! well, and where a field would still have no hash.

use crate::analysis::ancestry::{base_class, bases, subclasses};
use crate::analysis::annotations;
use crate::analysis::dataclasses::{Dataclass, Field, FieldKind};
use crate::analysis::mutable::mutable_value;
use crate::analysis::syntax::Node;
use crate::analysis::{SourceFile, is_written};
use crate::fixes::{Draft, FixContext, Withheld, arguments, withhold};

/// Bases that are no dataclasses.
const NEUTRAL_BASES: [&str; 4] = [
    "abc.ABC",
    "builtins.object",
    "typing.Generic",
    "typing.Protocol",
];

/// Types whose objects have no hash.
const UNHASHABLE: [&str; 17] = [
    "builtins.bytearray",
    "builtins.dict",
    "builtins.list",
    "builtins.set",
    "collections.ChainMap",
    "collections.Counter",
    "collections.OrderedDict",
    "collections.abc.MutableMapping",
    "collections.abc.MutableSequence",
    "collections.abc.MutableSet",
    "collections.defaultdict",
    "collections.deque",
    "typing.DefaultDict",
    "typing.Deque",
    "typing.Dict",
    "typing.List",
    "typing.Set",
];

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let class = cx.capture("class")?.parent();
    let Some(dataclass) = class.and_then(|class| Dataclass::of(cx.file, class)) else {
        return withhold("the code has changed");
    };
    check_relatives(cx.file, dataclass)?;
    for field in dataclass.fields(cx.file) {
        if field.kind == FieldKind::Regular && is_mutable(cx.file, field) {
            return withhold(format!(
                "`{}` cannot be hashed, frozen or not",
                field.name.text()
            ));
        }
    }
    if let Some(written) = write(cx.file, dataclass) {
        return withhold(format!("`{}` is assigned to", written.text()));
    }
    let mut draft = cx.draft();
    draft.review();
    let call = dataclass
        .decorator
        .parent()
        .filter(|p| p.callee() == Some(dataclass.decorator));
    match call {
        None => draft.insert(dataclass.decorator.end(), "(frozen=True)"),
        Some(call) => match call.keyword("frozen") {
            Some(value) => draft.replace(value, "True"),
            None => {
                for edit in arguments::append(cx.file, call, "frozen=True") {
                    draft.replace_range(edit.range(), edit.text.clone());
                }
            }
        },
    }
    Ok(draft)
}

/// A frozen dataclass cannot inherit from one that is not, nor the other way round.
fn check_relatives<'t>(file: &'t SourceFile, dataclass: Dataclass<'t>) -> Result<(), Withheld> {
    if !subclasses(file, dataclass.class).is_empty() {
        return withhold("a subclass would have to be frozen, too");
    }
    let unfit = bases(dataclass.class)
        .into_iter()
        .map(base_class)
        .any(|base| {
            let frozen = file
                .class(base)
                .and_then(|class| Dataclass::of(file, class))
                .is_some_and(|d| d.is_frozen());
            !frozen && !file.is_one_of(base, &NEUTRAL_BASES)
        });
    if unfit {
        return withhold("a base class would have to be frozen, too");
    }
    Ok(())
}

/// Whether the value of a field surely has no hash.
fn is_mutable(file: &SourceFile, field: Field<'_>) -> bool {
    let unhashable_type = annotations::members(file, field.annotation)
        .iter()
        .flatten()
        .any(|member| UNHASHABLE.contains(&member.as_str()));
    let of_file = field.annotation.children().into_iter().any(|n| {
        n.is("identifier")
            && file
                .class(n)
                .and_then(|class| Dataclass::of(file, class))
                .is_some_and(|d| d.is_unhashable(file))
    });
    let made = field.field_call(file).is_some_and(|call| {
        call.keyword("default_factory").is_some_and(|made| {
            let body = made.field("body").filter(|_| made.is("lambda"));
            body.is_some_and(|body| mutable_value(file, body).is_some())
                || file.is_one_of(made, &UNHASHABLE)
        })
    });
    unhashable_type || of_file || made
}

/// An attribute of an instance that is assigned to, or might be one.
fn write<'t>(file: &'t SourceFile, dataclass: Dataclass<'t>) -> Option<Node<'t>> {
    let fields = dataclass.fields(file);
    let is_field = |name: &str| fields.iter().any(|f| f.name.text() == name);
    file.nodes().find(|node| {
        if file.calls(*node, &["builtins.setattr", "builtins.delattr"]) {
            return node.positional().get(1).is_some_and(|name| {
                !name.is("string") || is_field(name.text().trim_matches(['"', '\'']))
            });
        }
        if !node.is("attribute") || !is_written(*node) {
            return false;
        }
        let Some(object) = node.field("object") else {
            return false;
        };
        match class_of(file, object) {
            Some(class) => class == dataclass.class,
            None => node.last_name().is_some_and(is_field),
        }
    })
}

/// The class of this file that an object is surely an instance of.
fn class_of<'t>(file: &'t SourceFile, object: Node<'t>) -> Option<Node<'t>> {
    let object = object.unparenthesized();
    let receiver = Some(object)
        .filter(|o| o.is("identifier"))
        .and_then(|o| file.receiver_class(o));
    receiver.or_else(|| file.class(file.value(object)?.callee()?))
}
