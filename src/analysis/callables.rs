//! Annotations of callables: `Callable[[int], str]`, quoted or not, alone or beside `None`.

use std::ops::Range;

use super::annotations;
use super::names::{Binding, BindingKind};
use super::source_file::SourceFile;
use super::syntax::Node;

/// How many names a chain of aliases or base classes is followed through.
const MAX_DEPTH: usize = 8;

/// Parts of names that say, in lower case, that something can be awaited.
const HINTS: [&str; 9] = [
    "await",
    "coro",
    "future",
    "task",
    "async",
    "deferred",
    "promise",
    "generator",
    "maybe",
];

/// The result of an annotated callable.
#[derive(Debug, Clone)]
pub struct CallableResult {
    /// The bytes of the file where the result's type stands, inside the quotes if there are any.
    pub range: Range<usize>,
    /// Its text.
    pub text: String,
    /// What stands before `Callable[`, with the dot: `typing.`.
    pub prefix: String,
}

/// The result that an annotation promises for a `Callable` with two arguments, which may be `None` instead.
///
/// `annotation` is the `type` node of a parameter.
pub fn result(file: &SourceFile, annotation: Node<'_>) -> Option<CallableResult> {
    let members = annotations::members(file, annotation);
    let mut others = members.iter().filter(|m| m.as_deref() != Some("None"));
    let callable = |m: &Option<String>| m.as_deref() == Some("collections.abc.Callable");
    if !others.next().is_some_and(callable) || others.next().is_some() {
        return None;
    }
    let text = annotation.text();
    let open = bracket_after_callable(file, annotation)?;
    let arguments = arguments(text, open)?;
    let [_, result] = arguments.as_slice() else {
        return None;
    };
    let start = text[..open]
        .rfind(|c: char| !is_dotted(c))
        .map_or(0, |at| at + 1);
    let name = &text[start..open];
    let prefix = name.rfind('.').map_or("", |dot| &name[..=dot]).to_owned();
    let at = annotation.start();
    Some(CallableResult {
        range: at + result.start..at + result.end,
        text: text[result.clone()].to_owned(),
        prefix,
    })
}

fn is_dotted(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

/// The offset of the bracket behind the word in an annotation that stands for `Callable`.
fn bracket_after_callable(file: &SourceFile, annotation: Node<'_>) -> Option<usize> {
    let text = annotation.text();
    let mut found = text.match_indices('[').filter(|(open, _)| {
        let before = &text[..*open];
        let start = before.rfind(|c: char| !is_dotted(c)).map_or(0, |at| at + 1);
        stands_for_callable(file, &before[start..], annotation)
    });
    Some(found.next()?.0)
}

fn stands_for_callable(file: &SourceFile, name: &str, at: Node<'_>) -> bool {
    let (first, rest) = name.split_once('.').unwrap_or((name, ""));
    let Some((_, bindings)) = file.names().lookup_at(first, at) else {
        return false;
    };
    bindings.iter().any(|binding| match &binding.kind {
        BindingKind::Import(target) => {
            let full = if rest.is_empty() {
                target.clone()
            } else {
                format!("{target}.{rest}")
            };
            super::canonical(full) == "collections.abc.Callable"
        }
        _ => false,
    })
}

/// The parts between commas of what stands in the bracket that opens at `open`, without white space around them.
fn arguments(text: &str, open: usize) -> Option<Vec<Range<usize>>> {
    let mut depth = 0_usize;
    let mut start = open + 1;
    let mut parts = Vec::new();
    let mut push = |range: Range<usize>| {
        let part = &text[range.clone()];
        let trimmed = part.trim_start();
        let from = range.end - trimmed.len();
        let to = from + trimmed.trim_end().len();
        if from < to {
            parts.push(from..to);
        }
    };
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at <= open) {
        match c {
            '[' | '(' => depth += 1,
            ']' if depth == 0 => {
                push(start..at);
                return Some(parts);
            }
            ']' | ')' => depth = depth.checked_sub(1)?,
            ',' if depth == 0 => {
                push(start..at);
                start = at + 1;
            }
            '#' => return None,
            _ => {}
        }
    }
    None
}

/// Whether a type, given as text, might be one that can be awaited, or one that nobody knows.
pub fn may_be_awaitable(file: &SourceFile, text: &str, at: Node<'_>) -> bool {
    may_be(file, text, at, MAX_DEPTH)
}

fn may_be(file: &SourceFile, text: &str, at: Node<'_>, depth: usize) -> bool {
    if depth == 0 {
        return true;
    }
    let dotted = text
        .split(|c: char| !is_dotted(c))
        .filter(|name| name.starts_with(|c: char| c.is_alphabetic() || c == '_'));
    for name in dotted {
        if hints(name) {
            return true;
        }
        let first = name.split('.').next().unwrap_or(name);
        let Some((_, bindings)) = file.names().lookup_at(first, at) else {
            continue;
        };
        if bindings.iter().any(|b| binding_may_be(file, b, depth)) {
            return true;
        }
    }
    false
}

fn hints(name: &str) -> bool {
    let lower = name.to_lowercase();
    let last = name.rsplit('.').next().unwrap_or(name);
    last == "Any" || HINTS.iter().any(|hint| lower.contains(hint))
}

fn binding_may_be(file: &SourceFile, binding: &Binding, depth: usize) -> bool {
    match &binding.kind {
        BindingKind::Import(target) => hints(target),
        BindingKind::Class(class) => file.node(*class).is_none_or(|class| {
            file.method(class, "__await__").is_some()
                || super::ancestry::arguments(class)
                    .into_iter()
                    .any(|base| may_be(file, base.text(), class, depth - 1))
        }),
        BindingKind::Value(value) => file.node(*value).is_none_or(|value| {
            let value = value.unparenthesized();
            let variable = file
                .callee_name(value)
                .is_some_and(|name| matches!(name.as_str(), "typing.TypeVar" | "typing.NewType"));
            let limits = value.arguments().into_iter().skip(1);
            !variable
                || limits
                    .into_iter()
                    .any(|limit| may_be(file, limit.text(), value, depth - 1))
        }),
        BindingKind::Other => file.node(binding.name).is_none_or(|name| {
            let parameter = name
                .ancestors()
                .find(|n| n.parent().is_some_and(|p| p.is("type_parameter")));
            let limit = parameter.and_then(|p| p.text().split_once(':').map(|(_, limit)| limit));
            parameter.is_none() || limit.is_some_and(|limit| may_be(file, limit, name, depth - 1))
        }),
        _ => true,
    }
}
