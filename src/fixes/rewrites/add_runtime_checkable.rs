//! Puts the decorator directly above each protocol that the check names. `issubclass` stays an error for a protocol with
//! data members, so nothing is offered then.

use crate::analysis::SourceFile;
use crate::analysis::ancestry::{base_class, bases};
use crate::analysis::syntax::Node;
use crate::fixes::layout::newline;
use crate::fixes::{Draft, FixContext, Style, Withheld, withhold};

/// How far protocols that extend each other are followed.
const MAX_DEPTH: usize = 32;

/// Makes the protocols checkable at run time.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let mut draft = cx.draft();
    let names = cx.captures("protocol");
    let mut classes: Vec<Node<'t>> = names.into_iter().filter_map(Node::parent).collect();
    classes.sort_by_key(|class| class.start());
    classes.dedup();
    for class in classes {
        let for_subclasses = cx.found.variant == Some("issubclass");
        if for_subclasses && has_data_members(cx.file, class, MAX_DEPTH) {
            return withhold("`issubclass` does not work with data members in a protocol");
        }
        let protocol = bases(class)
            .into_iter()
            .map(base_class)
            .find(|base| cx.file.is_one_of(*base, &["typing.Protocol"]));
        let style = protocol.map_or(Style::From, Style::Like);
        let decorator = draft.symbol("typing.runtime_checkable", class, style)?;
        let line = format!("@{decorator}{}{}", newline(cx.file), class.indentation());
        draft.insert(class.start(), line);
    }
    Ok(draft)
}

/// Whether a protocol, or one of this file that it extends, has members that are no methods.
fn has_data_members<'t>(file: &'t SourceFile, class: Node<'t>, depth: usize) -> bool {
    class.body().into_iter().any(|s| is_data_member(file, s))
        || bases(class).into_iter().any(|base| {
            file.class(base_class(base))
                .is_some_and(|b| depth > 0 && has_data_members(file, b, depth - 1))
        })
}

fn is_data_member(file: &SourceFile, statement: Node<'_>) -> bool {
    if statement.is("expression_statement") {
        return statement
            .children()
            .iter()
            .filter(|n| n.is("assignment"))
            .any(|n| {
                n.field("left")
                    .is_none_or(|left| left.text() != "__slots__")
            });
    }
    let properties = [
        "builtins.property",
        "functools.cached_property",
        "abc.abstractproperty",
    ];
    statement
        .undecorated()
        .decorators()
        .into_iter()
        .any(|decorator| file.is_one_of(decorator, &properties))
}
