//! Makes the method a `functools.cached_property`, and takes the parentheses from its calls in this file. Withheld unless
//! `self` is all it takes, every use is such a call, and instances have a `__dict__`.

use crate::analysis::SourceFile;
use crate::analysis::caching::{class_of_method, decorated_function};
use crate::analysis::parameters::parameters;
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld, withhold};

/// Rewrites the reported decorator and the calls of the method.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let decorator = cx.hit_of_kind("decorator")?;
    let parts = decorated_function(decorator).and_then(|function| {
        let expression = decorator.children().first().copied()?;
        Some((
            function,
            class_of_method(function)?,
            function.field("name")?,
            expression,
        ))
    });
    let Some((function, class, name, expression)) = parts else {
        return withhold("the code has changed");
    };
    let only_self = parameters(function).len() == 1
        && function
            .field("parameters")
            .is_some_and(|p| p.children().len() == 1);
    if !only_self || function.is_async() {
        return withhold("only a method without arguments can be a property");
    }
    if function.decorators().len() > 1 || is_special(name.text()) {
        return withhold("the method is used in another way as well");
    }
    if has_slots(class) {
        return withhold("instances have no `__dict__` that could keep the value");
    }
    let mut draft = cx.draft();
    draft.release_imports();
    draft.review();
    let cache = expression.callee().unwrap_or(expression);
    let nothing = function
        .field("return_type")
        .is_some_and(|t| t.text() == "None");
    if nothing {
        return withhold("the method is called for what it does");
    }
    for call in calls(cx.file, class, name)? {
        let Some(arguments) = call.field("arguments") else {
            return withhold("the code has changed");
        };
        draft.delete(arguments.range());
    }
    let property = draft.symbol("functools.cached_property", decorator, Style::Like(cache))?;
    draft.replace(expression, property);
    Ok(draft)
}

/// Python itself calls such methods.
fn is_special(name: &str) -> bool {
    name.starts_with("__") && name.ends_with("__")
}

/// Whether the class declares its attributes, and no `__dict__` among them.
fn has_slots(class: Node<'_>) -> bool {
    class.body().into_iter().any(|statement| {
        let assignment = statement.children().first().copied();
        assignment.is_some_and(|a| {
            a.field("left").is_some_and(|l| l.text() == "__slots__")
                && !a.text().contains("__dict__")
        })
    })
}

/// The calls of the method, if it is used in no other way, and no other class of the file has one of that name.
fn calls<'t>(
    file: &'t SourceFile,
    class: Node<'t>,
    name: Node<'t>,
) -> Result<Vec<Node<'t>>, Withheld> {
    let mut found = Vec::new();
    for word in file.spelled(name.text()) {
        if word == name {
            continue;
        }
        let Some(parent) = word.parent() else {
            continue;
        };
        if parent.field("attribute") == Some(word) {
            let object = parent.field("object");
            let through_instance = object.is_some_and(|o| {
                file.resolve(o).is_none() && file.class(o).is_none() && !is_super(o)
            });
            let call = parent.parent().filter(|p| p.callee() == Some(parent));
            match call {
                Some(call) if through_instance && is_empty(call) => found.push(call),
                _ => return withhold("the method is used in another way as well"),
            }
        } else if class.contains(word) && parent.is("function_definition") {
            return withhold("the class defines the method twice");
        } else if parent.is("function_definition") && class_of_method(parent).is_some() {
            return withhold("another class has a method of that name");
        }
    }
    Ok(found)
}

fn is_super(object: Node<'_>) -> bool {
    object
        .callee()
        .is_some_and(|callee| callee.text() == "super")
}

/// Whether a call has no arguments.
fn is_empty(call: Node<'_>) -> bool {
    call.field("arguments")
        .is_some_and(|list| list.is("argument_list") && list.children().is_empty())
}
