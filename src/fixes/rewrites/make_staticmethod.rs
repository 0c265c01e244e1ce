//! Adds `@staticmethod` and removes the first parameter. Withheld where the file reaches the method through the class, and
//! to be reviewed where it is not plain that the object in front of the dot is an instance, and where other files may call
//! it.

use crate::analysis::SourceFile;
use crate::analysis::classes::family;
use crate::analysis::names::Certainty;
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Withheld, methods, withhold};

/// Turns a method into a static one.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let method = methods::reported(cx)?;
    let parameter = cx.capture("self")?;
    let Some(parameters) = parameter.parent().filter(|p| p.is("parameters")) else {
        return withhold("the first parameter has an annotation or a default");
    };
    let next = parameter.next();
    if next.is_some_and(|n| n.is("positional_separator")) {
        return withhold("the first parameter is positional-only");
    }
    let Some(class) = method.definition().filter(|d| d.is("class_definition")) else {
        return withhold("the code has changed");
    };
    let mut draft = cx.draft();
    let of_class = class
        .field("name")
        .is_some_and(|n| n.text().starts_with('_'));
    let hidden = of_class || class.function().is_some() || is_private(cx.capture("method")?);
    if !hidden {
        draft.review();
    }
    let family = family(cx.file, class);
    for access in accesses(cx.file, cx.capture("method")?) {
        match through(cx.file, access, &family) {
            Through::Instance | Through::Unrelated => {}
            Through::Unknown => draft.review(),
            Through::Class => {
                return withhold("the method is used through the class, too");
            }
        }
    }
    methods::decorate(cx, &mut draft, method, "staticmethod")?;
    let behind = parameters
        .tokens()
        .into_iter()
        .find(|t| t.is(",") && t.start() >= parameter.end());
    if next.is_none() && !parameters.has_comment() {
        draft.replace(parameters, "()");
        return Ok(draft);
    }
    let end = match (next, behind) {
        (Some(next), _) => next.start(),
        (None, Some(comma)) => comma.end(),
        (None, None) => parameter.end(),
    };
    draft.delete(parameter.start()..end);
    Ok(draft)
}

fn is_private(name: Node<'_>) -> bool {
    name.text().starts_with('_')
}

/// What stands in front of the dot.
enum Through {
    Instance,
    Class,
    Unrelated,
    Unknown,
}

/// Every attribute of the file that is called like the method.
fn accesses<'t>(file: &'t SourceFile, name: Node<'t>) -> Vec<Node<'t>> {
    let spelled = file.spelled(name.text()).into_iter();
    spelled
        .filter_map(|n| n.parent().filter(|p| p.field("attribute") == Some(n)))
        .collect()
}

fn through<'t>(file: &'t SourceFile, access: Node<'t>, family: &[Node<'t>]) -> Through {
    let Some(object) = access.field("object").map(Node::unparenthesized) else {
        return Through::Unknown;
    };
    let looks_inside = access
        .parent()
        .is_some_and(|p| p.is("attribute") && p.field("object") == Some(access));
    if looks_inside {
        return Through::Class;
    }
    if object.is("identifier")
        && let Some(class) = file.receiver_class(object)
    {
        return receiver(file, object, class, family);
    }
    if file.names().resolve(object, Certainty::Any).is_some() {
        return Through::Unrelated;
    }
    if let Some(class) = file.class(object) {
        return if family.contains(&class) {
            Through::Class
        } else {
            Through::Unrelated
        };
    }
    if object.last_name() == Some("__class__") || file.calls(object, &["builtins.type"]) {
        return Through::Class;
    }
    let made = file.value(object).and_then(Node::callee);
    match made.and_then(|callee| file.class(callee)) {
        Some(class) if family.contains(&class) => Through::Instance,
        Some(_) => Through::Unrelated,
        None if made.is_some_and(|callee| file.is_builtin(callee, "super")) => Through::Instance,
        None => Through::Unknown,
    }
}

/// `self.method`, or `cls.method` where the first parameter is the class.
fn receiver<'t>(
    file: &'t SourceFile,
    object: Node<'t>,
    class: Node<'t>,
    family: &[Node<'t>],
) -> Through {
    if !family.contains(&class) {
        return Through::Unrelated;
    }
    let method = object
        .ancestors()
        .find(|n| n.is("function_definition") && n.definition() == Some(class));
    let takes_class = method.is_some_and(|method| {
        let decorated = method
            .decorators()
            .into_iter()
            .any(|d| file.is_builtin(d, "classmethod"));
        let name = method.field("name").map_or("", Node::text);
        decorated || ["__new__", "__init_subclass__", "__class_getitem__"].contains(&name)
    });
    if takes_class {
        Through::Class
    } else {
        Through::Instance
    }
}
