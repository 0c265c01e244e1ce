//! The function returns a wrapper around a function that it takes; it decorates something in this file, or its wrapper
//! hands every argument on. Silent where the wrapper gets the function's name in another way, where what is wrapped is
//! visibly a class, and in a test that expects an error: there the missing name may be the point.

use crate::analysis::annotations;
use crate::analysis::parameters::parameters;
use crate::analysis::syntax::Node;
use crate::analysis::wrappers::Decorator;
use crate::analysis::{Context, Report, SourceFile, is_written};

/// What a decorator usually calls the function that it takes.
const FUNCTION_NAMES: [&str; 7] = ["f", "fn", "func", "function", "meth", "method", "wrapped"];

/// What is called back is called something else; its name matters to nobody.
const CALLBACK_NAMES: [&str; 5] = ["callback", "cb", "handler", "hook", "listener"];

/// Reports the name of the wrapper. The hit is a `return`.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    hit.children().first().filter(|n| n.is("identifier"))?;
    let function = hit.function().filter(|f| f.body().last() == Some(&hit))?;
    let decorator = Decorator::of(cx.file, function)?;
    if !decorator.is_general() || !decorator.takes_one_function() {
        return None;
    }
    let decorates = decorator.is_used_as_decorator(cx.file) || looks_like_decorator(&decorator);
    if !decorates
        || keeps_name(cx, &decorator)
        || takes_class(cx.file, &decorator)
        || expects_error(function)
    {
        return None;
    }
    let name = decorator.wrapper.field("name")?;
    let factory = function.function().and_then(|f| f.field("name"));
    Some(
        Report::at(name)
            .capture("wrapper", name)
            .capture("function", decorator.parameter)
            .capture(
                "decorator",
                factory
                    .filter(|_| !is_used(cx.file, function))
                    .or_else(|| function.field("name"))?,
            ),
    )
}

/// Whether what is decorated is a class by its name or its annotation: `wraps` would copy all its attributes.
fn takes_class(file: &SourceFile, decorator: &Decorator<'_>) -> bool {
    let name = decorator.parameter.text().to_lowercase();
    let named = ["cls", "klass"].iter().any(|start| name.starts_with(start))
        || ["class", "_cls"].iter().any(|end| name.ends_with(end));
    let all = parameters(decorator.function);
    let annotation = all
        .iter()
        .find(|p| p.name == decorator.parameter)
        .and_then(|p| p.annotation);
    let base = annotation.and_then(|annotation| annotations::base(file, annotation));
    named || base.is_some_and(|base| ["builtins.type", "typing.Type"].contains(&base.as_str()))
}

/// Whether a function belongs to a test that expects an error.
fn expects_error(function: Node<'_>) -> bool {
    let outer = function.ancestors().filter(|n| {
        let name = n.field("name").filter(|_| n.is("function_definition"));
        name.is_some_and(|name| name.text().starts_with("test"))
    });
    outer.into_iter().any(|test| {
        test.own_scope().into_iter().any(|n| {
            let called = n.callee().and_then(Node::last_name);
            called.is_some_and(|name| name == "raises" || name.starts_with("assertRaises"))
        })
    })
}

/// Whether something other than the `return` of the function around it reads the name of a function.
fn is_used(file: &SourceFile, function: Node<'_>) -> bool {
    let name = function.field("name");
    name.is_some_and(|name| {
        file.reads(name)
            .into_iter()
            .any(|read| read.parent().is_none_or(|p| !p.is("return_statement")))
    })
}

fn looks_like_decorator(decorator: &Decorator<'_>) -> bool {
    let parameter = decorator.parameter.text();
    let named = FUNCTION_NAMES.contains(&parameter) && decorator.takes_anything();
    let callback = CALLBACK_NAMES.iter().any(|name| parameter.ends_with(name));
    let name = decorator.function.field("name").map_or("", Node::text);
    let makes = name
        .trim_start_matches('_')
        .split('_')
        .next()
        .is_some_and(|word| ["make", "create", "build", "get", "partial"].contains(&word));
    (named || decorator.hands_everything_on()) && !callback && !makes
}

/// Whether a decorator on the wrapper, or a statement of the function, gives the wrapper the name of what it wraps.
fn keeps_name(cx: &Context<'_>, decorator: &Decorator<'_>) -> bool {
    let by_decorator = decorator.wrapper.decorators().into_iter().any(|d| {
        let named_so = d.callee().unwrap_or(d).last_name();
        let takes_function = d
            .arguments()
            .iter()
            .any(|a| a.text() == decorator.parameter.text());
        takes_function || named_so.is_some_and(|name| name.contains("wrap") || name == "decorator")
    });
    by_decorator
        || decorator
            .wrapper
            .field("name")
            .is_some_and(|name| cx.file.reads(name).into_iter().any(gives_name))
}

/// Whether a use of the wrapper may give it a name: `wrapper.__name__ = …`, `update_wrapper(wrapper, function)`,
/// `setattr(wrapper, …)`.
fn gives_name(read: Node<'_>) -> bool {
    let Some(parent) = read.parent() else {
        return false;
    };
    match parent.kind() {
        "attribute" => match parent.last_name() {
            Some("__name__" | "__wrapped__" | "__qualname__" | "__doc__") => is_written(parent),
            Some("__dict__") => true,
            _ => false,
        },
        "argument_list" => parent
            .parent()
            .and_then(Node::callee)
            .and_then(Node::last_name)
            .is_some_and(|name| {
                ["wrap", "setattr", "copy", "name", "meta", "sign"]
                    .iter()
                    .any(|word| name.contains(word))
            }),
        _ => false,
    }
}
