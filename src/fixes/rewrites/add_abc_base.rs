//! Adds `ABC` behind the other bases, in the place of `object` if that is one. To be reviewed: a subclass may lack one of
//! the methods, or have a metaclass that does not go with `ABCMeta`.

use crate::analysis::SourceFile;
use crate::analysis::ancestry::{base_class, bases, subclasses};
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld, withhold};

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
    draft.review();
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
