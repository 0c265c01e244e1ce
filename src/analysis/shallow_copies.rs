//! Expressions that make a shallow copy of something that has a name.

use super::coroutine::method_call;
use super::gathered::is_slice;
use super::iteration;
use super::source_file::{SourceFile, is_written};
use super::syntax::Node;

/// A shallow copy.
#[derive(Debug, Clone)]
pub struct ShallowCopy<'t> {
    /// The whole expression.
    pub node: Node<'t>,
    /// What is copied: a name, an attribute or an entry.
    pub original: Node<'t>,
    /// How it is copied.
    pub form: Form,
    /// The keys that the copy has instead of those of the original: `"a"` of `{**x, "a": 1}`; the texts of literals.
    pub replaced: Vec<String>,
}

/// How a shallow copy is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `copy.copy(x)`.
    Function,
    /// `x.copy()`.
    Method,
    /// `x[:]`.
    Slice,
    /// `dict(x)`, `list(x)`.
    Class,
    /// `{**x}`, `[*x]`.
    Display,
}

/// Whether a subscript is `x[:]` and is read.
pub fn is_full_slice(subscript: Node<'_>) -> bool {
    let indices = subscript.fields("subscript");
    let full =
        matches!(indices.as_slice(), [only] if only.is("slice") && only.children().is_empty());
    full && !subscript.has_token(",") && !is_written(subscript)
}

/// Reads an expression; `None` if it is no shallow copy of something with a name.
pub fn shallow_copy<'t>(file: &'t SourceFile, expression: Node<'t>) -> Option<ShallowCopy<'t>> {
    let node = expression.unparenthesized();
    let (original, form, replaced) = match node.kind() {
        "call" => of_call(file, node)?,
        "subscript" if is_full_slice(node) => (node.field("value")?, Form::Slice, Vec::new()),
        "dictionary" => of_display(node)?,
        "list" => match node.children().as_slice() {
            [splat] if splat.is("list_splat") => {
                (*splat.children().first()?, Form::Display, Vec::new())
            }
            _ => return None,
        },
        _ => return None,
    };
    let original = original.unparenthesized();
    let one_shot = file
        .value(original)
        .is_some_and(|value| iteration::is_one_shot(file, value));
    (has_name(original) && !one_shot).then_some(ShallowCopy {
        node,
        original,
        form,
        replaced,
    })
}

type Parts<'t> = (Node<'t>, Form, Vec<String>);

fn of_call<'t>(file: &SourceFile, call: Node<'t>) -> Option<Parts<'t>> {
    let arguments = call.arguments();
    if let (Some((object, "copy")), []) = (method_call(call), arguments.as_slice()) {
        return Some((object, Form::Method, Vec::new()));
    }
    let (first, rest) = arguments.split_first()?;
    if first.is_any(&["keyword_argument", "list_splat", "dictionary_splat"]) {
        return None;
    }
    match file.callee_name(call)?.as_str() {
        "copy.copy" if rest.is_empty() => Some((*first, Form::Function, Vec::new())),
        "builtins.list" if rest.is_empty() => Some((*first, Form::Class, Vec::new())),
        "builtins.dict" => {
            let names = rest.iter().map(|argument| {
                let name = argument
                    .field("name")
                    .filter(|_| argument.is("keyword_argument"));
                name.map(|name| name.text().to_owned())
            });
            Some((*first, Form::Class, names.collect::<Option<_>>()?))
        }
        _ => None,
    }
}

/// `{**x}`, with other keys behind it or not.
fn of_display(display: Node<'_>) -> Option<Parts<'_>> {
    let mut original = None;
    let mut replaced = Vec::new();
    for part in display.children() {
        if part.is("dictionary_splat") {
            if original.is_some() {
                return None;
            }
            original = part.children().first().copied();
        } else {
            replaced.push(literal_key(part.field("key")?)?);
        }
    }
    Some((original?, Form::Display, replaced))
}

/// The text of a key that is a plain string or a number.
pub fn literal_key(key: Node<'_>) -> Option<String> {
    let key = key.unparenthesized();
    match key.kind() {
        "integer" => Some(key.text().to_owned()),
        "string" => {
            let parts = key.children();
            match parts.as_slice() {
                [_, content, _]
                    if content.is("string_content") && content.children().is_empty() =>
                {
                    Some(content.text().to_owned())
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// A name, or attributes and entries of one. What a call returns may belong to nobody else, and `self.copy()` may do
/// anything.
fn has_name(original: Node<'_>) -> bool {
    if original.is("identifier") {
        return !matches!(original.text(), "self" | "cls");
    }
    let mut node = original;
    loop {
        node = match node.kind() {
            "attribute" => match node.field("object") {
                Some(object) => object,
                None => return false,
            },
            "subscript" if !is_slice(node) => match node.field("value") {
                Some(value) => value,
                None => return false,
            },
            kind => return kind == "identifier",
        };
    }
}
