//! Methods: what their first parameter is, and what other code in the file does with them.

use super::ancestry::{arguments, bases};
use super::classes::known_bases;
use super::context::Context;
use super::source_file::SourceFile;
use super::syntax::Node;

/// Methods that receive the class without being decorated.
pub const IMPLICIT_CLASS_METHODS: [&str; 2] = ["__init_subclass__", "__class_getitem__"];

/// The class in whose body a function is defined, directly or inside an `if`, `try` or `with` there.
pub fn class_of(function: Node<'_>) -> Option<Node<'_>> {
    function.definition().filter(|d| d.is("class_definition"))
}

/// Whether a decorator of a function is the builtin `classmethod`.
pub fn is_class_method(cx: &Context<'_>, function: Node<'_>) -> bool {
    function
        .decorators()
        .into_iter()
        .any(|d| cx.is_one_of(d, &["builtins.classmethod"]))
}

/// What a function takes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First<'t> {
    /// A parameter that a positional argument can fill: the identifier that names it.
    Named(Node<'t>),
    /// `*args`, which takes whatever is passed.
    Any,
    /// Nothing that is passed by position.
    Nothing,
}

/// The first parameter of a function.
pub fn first_parameter(function: Node<'_>) -> First<'_> {
    let parameters = function.field("parameters").map(Node::children);
    let Some(first) = parameters.and_then(|all| all.first().copied()) else {
        return First::Nothing;
    };
    match first.kind() {
        "identifier" => First::Named(first),
        "default_parameter" | "typed_default_parameter" => {
            first.field("name").map_or(First::Any, First::Named)
        }
        "typed_parameter" => match first.children().first() {
            Some(name) if name.is("identifier") => First::Named(*name),
            Some(splat) if splat.is("dictionary_splat_pattern") => First::Nothing,
            _ => First::Any,
        },
        "keyword_separator" | "dictionary_splat_pattern" => First::Nothing,
        _ => First::Any,
    }
}

/// Whether a name is one with two underscores on both sides.
pub fn is_dunder(name: &str) -> bool {
    name.len() > 4 && name.starts_with("__") && name.ends_with("__")
}

/// Whether a class may be a metaclass, whose ordinary methods receive a class: it inherits from `type` or from a
/// metaclass of the standard library, or from something unknown that is named like one, or is itself named so.
pub fn may_be_metaclass<'t>(file: &'t SourceFile, class: Node<'t>) -> bool {
    let named_so = |name: &str| {
        let name = name.to_lowercase();
        name.contains("meta") || name.ends_with("type")
    };
    let own_name = class.field("name").map_or("", Node::text);
    if arguments(class).iter().any(|n| n.is("list_splat")) {
        return true;
    }
    let has_bases = !bases(class).is_empty();
    (has_bases && named_so(own_name))
        || known_bases(file, class).into_iter().any(|base| {
            let made = base.is("call") && file.calls(base, &["builtins.type"]);
            made || base.last_name().is_some_and(named_so)
        })
}

/// Whether the body of a class itself, outside its methods, reads one of its names: `run = staticmethod(run)`.
pub fn is_read_in_class_body(file: &SourceFile, name: Node<'_>) -> bool {
    let scope = file.names().scope_of(name);
    file.reads(name)
        .into_iter()
        .any(|read| file.names().scope_of(read) == scope)
}

/// Whether the function looks at its own variables by name, or runs code that may.
pub fn inspects_its_variables(file: &SourceFile, function: Node<'_>) -> bool {
    let Some(body) = function.field("body") else {
        return false;
    };
    let inspectors = [
        "builtins.eval",
        "builtins.exec",
        "builtins.locals",
        "inspect.currentframe",
        "inspect.stack",
        "sys._getframe",
    ];
    body.descendants()
        .into_iter()
        .filter(|n| n.is("call"))
        .any(|call| {
            file.calls(call, &inspectors)
                || (file.calls(call, &["builtins.vars"]) && call.arguments().is_empty())
        })
}
