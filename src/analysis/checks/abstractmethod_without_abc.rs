//! The class has a method with `@abstractmethod`, and all its bases are `object` or plain classes of this file: with a
//! base from elsewhere, a metaclass or an unknown class decorator it might be abstract after all.

use crate::analysis::ancestry::{Metaclass, bases, metaclass};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports a class whose abstract methods nothing enforces.
pub fn check(cx: &Context<'_>, class: Node<'_>) -> Option<Report> {
    let name = class.field("name")?;
    let is_abstract = |decorator: &Node<'_>| cx.is_one_of(*decorator, &["abc.abstractmethod"]);
    let methods: Vec<(Node<'_>, Node<'_>)> = class
        .body()
        .into_iter()
        .map(Node::undecorated)
        .filter(|n| n.is("function_definition"))
        .filter_map(|f| {
            Some((
                f.field("name")?,
                f.decorators().into_iter().find(is_abstract)?,
            ))
        })
        .collect();
    let (_, decorator) = *methods.first()?;
    if metaclass(cx.file, class) != Metaclass::Type {
        return None;
    }
    let names: Vec<String> = methods
        .iter()
        .map(|(name, _)| format!("`{}`", name.text()))
        .collect();
    let mut report = Report::at(name)
        .capture("decorator", decorator)
        .text("methods", names.join(", "));
    let object = bases(class)
        .into_iter()
        .find(|base| cx.is_one_of(*base, &["builtins.object"]));
    if let Some(object) = object {
        report = report.capture("object", object);
    }
    Some(report)
}
