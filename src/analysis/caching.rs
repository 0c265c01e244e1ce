//! The caches of `functools`, and the functions they decorate.

use super::source_file::SourceFile;
use super::syntax::Node;

/// The decorators that cache results by arguments.
pub const CACHES: [&str; 2] = ["functools.lru_cache", "functools.cache"];

/// Whether an expression is `lru_cache` or `cache`, called with options or not.
pub fn is_cache(file: &SourceFile, expression: Node<'_>) -> bool {
    file.is_one_of(expression, &CACHES) || is_cache_with_options(file, expression)
}

/// Whether an expression is `lru_cache(…)` with options, which makes a decorator.
pub fn is_cache_with_options(file: &SourceFile, expression: Node<'_>) -> bool {
    file.calls(expression, &["functools.lru_cache"])
        && expression
            .arguments()
            .iter()
            .all(|argument| argument.is_any(&["keyword_argument", "integer", "none"]))
}

/// Whether a cache never drops anything: `cache`, or `lru_cache` with `maxsize=None`.
pub fn is_unbounded(file: &SourceFile, expression: Node<'_>) -> bool {
    let size = expression
        .keyword("maxsize")
        .or_else(|| expression.positional().first().copied());
    file.is_one_of(expression, &["functools.cache"]) || size.is_some_and(|size| size.is("none"))
}

/// The `def` below a decorator.
pub fn decorated_function(decorator: Node<'_>) -> Option<Node<'_>> {
    decorator
        .parent()
        .map(Node::undecorated)
        .filter(|n| n.is("function_definition"))
}

/// The class in whose body a function is defined as a method.
pub fn class_of_method(function: Node<'_>) -> Option<Node<'_>> {
    function.definition().filter(|d| d.is("class_definition"))
}

/// The calls of a function by its name, or of a method through `self`, `cls` or the name of its class.
pub fn calls_of<'t>(file: &'t SourceFile, function: Node<'t>) -> Vec<Node<'t>> {
    let Some(name) = function.field("name") else {
        return Vec::new();
    };
    let references = match class_of_method(function) {
        None => file.reads(name),
        Some(class) => file
            .spelled(name.text())
            .into_iter()
            .filter_map(|n| n.parent().filter(|p| p.field("attribute") == Some(n)))
            .filter(|attribute| {
                attribute.field("object").is_some_and(|object| {
                    object.is("identifier")
                        && (file.receiver_class(object) == Some(class)
                            || file.class(object) == Some(class))
                })
            })
            .collect(),
    };
    references
        .into_iter()
        .filter(|n| file.called_function(*n) == Some(function) || n.is("attribute"))
        .filter_map(|n| n.parent().filter(|p| p.callee() == Some(n)))
        .collect()
}
