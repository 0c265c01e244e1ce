//! Declares the type variables in brackets behind the name, removes a `Generic[…]` base, and removes the declarations that
//! nothing else uses. Withheld where a variable is used in a nested class, another base, a decorator or a default value.

use std::ops::Range;

use crate::analysis::is_variable;
use crate::analysis::syntax::Node;
use crate::analysis::type_variables::{generic_base, own_variables};
use crate::fixes::{Draft, FixContext, Withheld, withhold};

/// Names with which a program looks at the type arguments of a class.
const RUN_TIME: [&str; 5] = [
    "get_args",
    "get_origin",
    "get_original_bases",
    "__orig_bases__",
    "__parameters__",
];

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let definition = cx
        .hit_of_kind("function_definition")
        .or_else(|_| cx.hit_of_kind("class_definition"))?;
    let Some(variables) = own_variables(cx.file, definition) else {
        return withhold("the code has changed");
    };
    let Some(name) = definition.field("name") else {
        return withhold("the code has changed");
    };
    let generic = generic_base(cx.file, definition).filter(|_| definition.is("class_definition"));
    let mut draft = cx.draft();
    draft.release_imports();
    draft.review();
    let mut parameters = Vec::new();
    for (variable, declaration) in variables {
        stays_in_scope(cx, definition, generic, variable)?;
        let Some(parameter) = declaration.inline(variable, cx.settings.target) else {
            return withhold("the code has changed");
        };
        parameters.push(parameter);
        if !cx.settings.imported_elsewhere.contains(variable) {
            draft.retire(declaration.call, variable, definition);
        }
    }
    draft.insert(name.end(), format!("[{}]", parameters.join(", ")));
    if let Some(generic) = generic {
        if RUN_TIME
            .iter()
            .any(|name| !cx.file.spelled(name).is_empty())
        {
            return withhold("code in this file looks at the type arguments of classes");
        }
        draft.delete(base_range(definition, generic)?);
    }
    Ok(draft)
}

/// Refuses where a use of the variable would be outside of the scope that the brackets open, or in a class inside it.
fn stays_in_scope(
    cx: &FixContext<'_>,
    definition: Node<'_>,
    generic: Option<Node<'_>>,
    name: &str,
) -> Result<(), Withheld> {
    let bases = definition.field("superclasses");
    let uses = cx
        .file
        .spelled(name)
        .into_iter()
        .filter(|n| is_variable(*n));
    for reference in uses.filter(|n| definition.decorated().contains(*n)) {
        let in_class = reference
            .ancestors()
            .take_while(|n| *n != definition)
            .any(|n| n.is("class_definition"));
        if in_class {
            return withhold(format!("`{name}` is used in a nested class"));
        }
        let in_base = bases.is_some_and(|b| b.contains(reference))
            && !generic.is_some_and(|g| g.contains(reference));
        if in_base {
            return withhold(format!("`{name}` is used in another base class"));
        }
        let in_default = reference
            .ancestors()
            .take_while(|n| *n != definition)
            .any(|n| {
                n.is_any(&["default_parameter", "typed_default_parameter"])
                    && n.parent().and_then(Node::parent) == Some(definition)
                    && n.field("value").is_some_and(|v| v.contains(reference))
            });
        if in_default || !definition.contains(reference) {
            return withhold(format!(
                "`{name}` is used outside of the signature and the body"
            ));
        }
    }
    Ok(())
}

/// What goes with the base: a comma beside it, or the parentheses.
fn base_range(class: Node<'_>, generic: Node<'_>) -> Result<Range<usize>, Withheld> {
    let Some(list) = class.field("superclasses") else {
        return withhold("the code has changed");
    };
    Ok(match (generic.previous(), generic.next()) {
        (Some(previous), _) => previous.end()..generic.end(),
        (None, Some(next)) => generic.start()..next.start(),
        (None, None) => list.range(),
    })
}
