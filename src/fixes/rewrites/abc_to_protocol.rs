//! Replaces `ABC` (or `metaclass=ABCMeta`) by `Protocol` and keeps `@abstractmethod`. An imported name that nothing else
//! uses goes. Withheld where a subclass could not be created any more.

use crate::analysis::SourceFile;
use crate::analysis::ancestry::{base_class, bases, is_protocol, subclasses};
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld, withhold};

/// Turns an abstract base class into a protocol.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let Some(class) = cx.hit()?.parent().filter(|n| n.is("class_definition")) else {
        return withhold("the code has changed");
    };
    let base = cx.capture("base")?;
    for subclass in subclasses(cx.file, class) {
        if is_protocol(cx.file, subclass) && has_other_base(cx.file, subclass, class) {
            return withhold("a protocol that extends it has a base that is no protocol");
        }
        if generic_comes_first(cx.file, subclass, class) {
            return withhold("a subclass names `Generic` before it");
        }
    }
    let mut draft = cx.draft();
    draft.release_imports();
    let protocol = draft.symbol("typing.Protocol", class, Style::From)?;
    draft.replace(base, protocol);
    Ok(draft)
}

/// Whether a subclass has a base that is neither `class` nor a protocol.
fn has_other_base<'t>(file: &'t SourceFile, subclass: Node<'t>, class: Node<'t>) -> bool {
    bases(subclass).into_iter().map(base_class).any(|base| {
        let own = file.class(base);
        let allowed = own == Some(class)
            || own.is_some_and(|b| is_protocol(file, b))
            || file.qualified_name(base).is_some_and(|name| {
                matches!(
                    name.as_str(),
                    "typing.Protocol" | "typing.Generic" | "builtins.object"
                ) || name.starts_with("collections.abc.")
            });
        !allowed
    })
}

/// `class Sub(Generic[T], Port)`: a protocol is itself generic, so it must come first.
fn generic_comes_first<'t>(file: &'t SourceFile, subclass: Node<'t>, class: Node<'t>) -> bool {
    bases(subclass)
        .into_iter()
        .map(base_class)
        .take_while(|base| file.class(*base) != Some(class))
        .any(|base| file.is_one_of(base, &["typing.Generic"]))
}
