//! Writing a callable without arguments that makes a value: `list`, `deque`, `lambda: ["a"]`.

use super::draft::{Draft, FixContext, Withheld, withhold};
use super::imports::Style;
use super::layout;
use crate::analysis::names::ScopeKind;
use crate::analysis::syntax::Node;
use crate::analysis::{SourceFile, is_variable};

/// The callable for a field's default: a class or function that is called without arguments itself, or else a lambda.
///
/// # Errors
///
/// If the value would mean something else inside a lambda.
pub fn of_default<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    value: Node<'t>,
) -> Result<String, Withheld> {
    if is_empty_builtin(cx.file, value) {
        return of_builtin(cx, draft, value);
    }
    match callee(value) {
        Some(callee) if !value.has_comment() => Ok(callee.text().to_owned()),
        _ => lambda(cx, draft, value),
    }
}

/// The callable for a value that is no callable: the class of an empty list, dict or set, or else a lambda.
///
/// # Errors
///
/// If the value would mean something else inside a lambda.
pub fn of_value<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    value: Node<'t>,
) -> Result<String, Withheld> {
    if is_empty_builtin(cx.file, value) {
        of_builtin(cx, draft, value)
    } else {
        lambda(cx, draft, value)
    }
}

/// `lambda: ` and the value as it is written. With comments in it, the fix is one to be reviewed: formatters move them.
///
/// # Errors
///
/// If the value would mean something else inside a lambda.
pub fn lambda<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    value: Node<'t>,
) -> Result<String, Withheld> {
    can_move(cx.file, value)?;
    if value.has_comment() {
        draft.review();
    }
    doubt_builtins(cx.file, draft);
    Ok(format!("lambda: {}", value.text()))
}

/// Whether an expression means the same in the body of a function or lambda at its place.
///
/// # Errors
///
/// If it reads a name of the class body around it, waits, yields or binds a name.
pub fn can_move(file: &SourceFile, value: Node<'_>) -> Result<(), Withheld> {
    for node in value.descendants() {
        match node.kind() {
            "await" | "yield" | "named_expression" => {
                return withhold(format!("`{}` would run in another function", node.text()));
            }
            "identifier" if is_variable(node) => {
                let of_class = file
                    .names()
                    .owner(node)
                    .is_some_and(|scope| file.names().kind(scope) == ScopeKind::Class);
                if of_class {
                    return withhold(format!(
                        "`{}` belongs to the class body, which a function cannot see",
                        node.text()
                    ));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// How `dataclasses.field` is written for a field of the class with this decorator: the way the decorator is.
///
/// # Errors
///
/// If the class body has bound the name it would need to something else by then.
pub fn field<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    decorator: Node<'t>,
    at: Node<'t>,
) -> Result<String, Withheld> {
    let written = draft.symbol("dataclasses.field", decorator, Style::Like(decorator))?;
    let root = written.split('.').next().unwrap_or(&written);
    let names = cx.file.names();
    let outside = names.lookup_at(root, decorator).map(|(scope, _)| scope);
    if names.lookup_at(root, at).map(|(scope, _)| scope) == outside {
        Ok(written)
    } else {
        withhold(format!("the class body gives `{root}` another meaning"))
    }
}

/// `field(default_factory=made)` for a field whose default is `value`. A display keeps its lines; a call of several lines gets
/// lines of its own.
///
/// # Errors
///
/// If the class body reads the field: it would find what `field` returns there.
pub fn field_with<'t>(
    cx: &FixContext<'t>,
    field: &str,
    value: Node<'t>,
    made: &str,
) -> Result<String, Withheld> {
    let assignment = value.with_parentheses().parent();
    let name = assignment
        .and_then(|a| a.field("left"))
        .filter(|n| n.is("identifier"));
    let read_below = |name: Node<'t>| {
        let reads = cx.file.reads(name);
        reads.into_iter().any(|read| read.start() > value.end())
    };
    if name.is_some_and(read_below) {
        return withhold("the class body reads the field");
    }
    if !made.contains(['\n', '\r']) || !value.is("call") {
        return Ok(format!("{field}(default_factory={made})"));
    }
    let (newline, outer) = (layout::newline(cx.file), value.indentation());
    let inner = format!("{outer}{}", layout::indent_unit(cx.file));
    let made = made.replacen(value.text(), &layout::reindented(value, &inner), 1);
    Ok(format!(
        "{field}({newline}{inner}default_factory={made}{newline}{outer})"
    ))
}

/// `list`, `dict` or `set`; a lambda where the name is taken, also by the class body.
fn of_builtin<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    value: Node<'t>,
) -> Result<String, Withheld> {
    let name = match value.unparenthesized().kind() {
        "list" => "list",
        "dictionary" => "dict",
        "set" => "set",
        _ => callee(value).map(Node::text).unwrap_or_default(),
    };
    match draft.symbol(&format!("builtins.{name}"), value, Style::From) {
        Ok(text) => {
            doubt_builtins(cx.file, draft);
            Ok(text)
        }
        Err(_) => lambda(cx, draft, value),
    }
}

/// An empty display, or `list()`, `dict()`, `set()`, without a comment in it.
fn is_empty_builtin(file: &SourceFile, value: Node<'_>) -> bool {
    let inner = value.unparenthesized();
    let empty = match inner.kind() {
        "list" | "dictionary" | "set" => inner.children().is_empty(),
        "call" => {
            let callee = inner.callee();
            let builtin = |name: &str| callee.is_some_and(|callee| file.is_builtin(callee, name));
            inner.arguments().is_empty() && ["list", "dict", "set"].into_iter().any(builtin)
        }
        _ => false,
    };
    empty && !value.has_comment()
}

/// The name or attribute chain that a call without arguments calls.
fn callee(value: Node<'_>) -> Option<Node<'_>> {
    let call = value.unparenthesized();
    let callee = call.callee().filter(|_| call.arguments().is_empty())?;
    let mut root = callee;
    while root.is("attribute") {
        root = root.field("object")?;
    }
    root.is("identifier").then_some(callee)
}

/// With a star import nobody knows what a builtin's name stands for.
fn doubt_builtins(file: &SourceFile, draft: &mut Draft<'_>) {
    if !file.names().star_imports().is_empty() {
        draft.review();
    }
}
