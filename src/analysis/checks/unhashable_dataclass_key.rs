//! What is hashed is made on the spot, by the call of a standard dataclass of this file without a hash: a key or an item of
//! a display, the subscript of a known dict, the argument of a known set's `add` or of a cached function. Code that
//! expects an exception is left alone.

use crate::analysis::ancestry::class_keyword;
use crate::analysis::coroutine::expects_exception;
use crate::analysis::dataclasses::Dataclass;
use crate::analysis::hashing::hashed;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report, SourceFile, is_written};

/// Decorators of a class that leave its hash alone.
const HARMLESS: [&str; 3] = [
    "dataclasses.dataclass",
    "functools.total_ordering",
    "typing.final",
];

/// Decides about a key, an item, a subscript or a call.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let in_display = hit.parent().is_some_and(|parent| match parent.kind() {
        "pair" => parent.field("key") == Some(hit),
        "set" => true,
        "set_comprehension" => parent.field("body") == Some(hit),
        _ => false,
    });
    let own = unhashable(cx.file, hit).filter(|_| in_display);
    let found = own.or_else(|| {
        // What the object is takes longer to find out than whether an instance is made at all.
        let parts = parts(hit);
        let mut instances = parts
            .into_iter()
            .filter_map(|part| Some((part, unhashable(cx.file, part)?)));
        let (first, dataclass) = instances.next()?;
        let keys = hashed(cx.file, hit);
        if keys.contains(&first) {
            return Some(dataclass);
        }
        instances
            .find(|(part, _)| keys.contains(part))
            .map(|(_, dataclass)| dataclass)
    })?;
    if expects_exception(hit) {
        return None;
    }
    let name = found.class.field("name")?;
    Some(
        Report::at(hit)
            .capture("class", name)
            .related(name, format!("`{}` is declared here", name.text())),
    )
}

/// The arguments of a call, or the keys of a subscript.
fn parts(node: Node<'_>) -> Vec<Node<'_>> {
    match node.kind() {
        "subscript" => node.fields("subscript"),
        "call" => node
            .arguments()
            .into_iter()
            .filter_map(|argument| match argument.kind() {
                "keyword_argument" => argument.field("value"),
                _ => Some(argument),
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The dataclass whose instance an expression makes, if that cannot be hashed.
fn unhashable<'t>(file: &'t SourceFile, expression: Node<'t>) -> Option<Dataclass<'t>> {
    let call = expression.unparenthesized();
    let callee = call.callee().filter(|c| c.is("identifier"))?;
    let class = file.class(callee)?;
    let dataclass = Dataclass::of(file, class)?;
    let plain = class.decorators().into_iter().all(|decorator| {
        let decorator = decorator.callee().unwrap_or(decorator);
        decorator == dataclass.decorator || file.is_one_of(decorator, &HARMLESS)
    });
    (plain
        && dataclass.is_unhashable(file)
        && class_keyword(class, "metaclass").is_none()
        && !gets_hash_later(file, class))
    .then_some(dataclass)
}

/// Whether somebody sets `__hash__` on the class from outside.
fn gets_hash_later(file: &SourceFile, class: Node<'_>) -> bool {
    file.spelled("__hash__").into_iter().any(|n| {
        n.parent().is_some_and(|attribute| {
            attribute.is("attribute")
                && is_written(attribute)
                && attribute
                    .field("object")
                    .is_some_and(|o| file.class(o) == Some(class))
        })
    })
}
