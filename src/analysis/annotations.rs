//! What a type annotation says, whichever way it is spelled: quoted, dotted, through `Annotated`, as a union.

use std::ops::Range;

use super::builtins::is_builtin;
use super::canonical;
use super::names::BindingKind;
use super::source_file::SourceFile;
use super::syntax::{Node, Syntax};

/// The members of a union (`X | Y`, `Union[X, Y]`, `Optional[X]`) by the qualified name of each without its
/// arguments: `builtins.list` of `list[int]`, `None` of `None`. An annotation that is no union has one member;
/// `Annotated[X, …]` counts as `X`. A member whose name is unknown is `None`.
///
/// `annotation` is the `type` node of an assignment or a parameter.
pub fn members(file: &SourceFile, annotation: Node<'_>) -> Vec<Option<String>> {
    let mut found = Vec::new();
    let plain = |name: Node<'_>| file.qualified_name(name);
    collect(file, annotation, annotation, &plain, &mut found);
    found
}

/// The qualified name of an annotation that is no union, without its arguments: `typing.ClassVar` of
/// `"t.ClassVar[dict]"`.
pub fn base(file: &SourceFile, annotation: Node<'_>) -> Option<String> {
    match members(file, annotation).as_slice() {
        [Some(only)] => Some(only.clone()),
        _ => None,
    }
}

/// Whether `None` is a value of the annotated type as far as the annotation itself tells.
pub fn admits_none(file: &SourceFile, annotation: Node<'_>) -> bool {
    members(file, annotation)
        .iter()
        .flatten()
        .any(|name| ["None", "typing.Any", "builtins.object"].contains(&name.as_str()))
}

/// What an annotation of one name subscripts, or that name: its bytes, inside the quotes if there are any, and what it
/// stands for.
pub fn head(file: &SourceFile, annotation: Node<'_>) -> Option<(Range<usize>, Option<String>)> {
    let expression = *annotation.children().first()?;
    if !expression.is("string") {
        let head = subscripted_or_name(expression)?;
        return Some((head.range(), file.qualified_name(head)));
    }
    let content = plain_content(expression)?;
    let start = content.end() - content.text().trim_start().len();
    let syntax = Syntax::of(content.text().trim());
    let statements = syntax.root().children();
    let [statement] = statements.as_slice() else {
        return None;
    };
    let inner = statement.children();
    let head = subscripted_or_name(*inner.first().filter(|_| !syntax.root().has_error())?)?;
    let range = start + head.start()..start + head.end();
    Some((range, dotted_name(file, annotation, head.text())))
}

fn subscripted_or_name(expression: Node<'_>) -> Option<Node<'_>> {
    let head = match expression.kind() {
        "generic_type" | "subscript" => subscripted(expression)?.0,
        _ => expression,
    };
    head.is_any(&["identifier", "attribute"]).then_some(head)
}

type Resolver<'r> = &'r dyn Fn(Node<'_>) -> Option<String>;

/// What a subscripted annotation subscripts, and its arguments, however the grammar reads it: `list` and `int` of
/// `list[int]`.
pub fn subscripted(annotation: Node<'_>) -> Option<(Node<'_>, Vec<Node<'_>>)> {
    let children = annotation.children();
    let (head, rest) = children.split_first()?;
    let arguments = rest.iter().flat_map(|n| match n.kind() {
        "type_parameter" => n.children(),
        _ => vec![*n],
    });
    Some((*head, arguments.collect()))
}

/// `at` is where quoted names are looked up.
fn collect(
    file: &SourceFile,
    at: Node<'_>,
    annotation: Node<'_>,
    resolve: Resolver<'_>,
    found: &mut Vec<Option<String>>,
) {
    let mut left: Vec<Node<'_>> = vec![annotation];
    while let Some(node) = left.pop() {
        let node = node.unparenthesized();
        match node.kind() {
            "type" | "union_type" | "expression_statement" => {
                left.extend(node.children().into_iter().rev());
            }
            "binary_operator" if node.has_token("|") => {
                left.extend(node.field("right"));
                left.extend(node.field("left"));
            }
            "none" => found.push(Some("None".to_owned())),
            "string" => quoted(file, at, node, found),
            "generic_type" | "subscript" => {
                let Some((head, mut arguments)) = subscripted(node) else {
                    continue;
                };
                arguments.reverse();
                let name = resolve(head);
                match name.as_deref() {
                    Some("typing.Annotated") => left.extend(arguments.pop()),
                    Some("typing.Union") => left.extend(arguments),
                    Some("typing.Optional") => {
                        found.push(Some("None".to_owned()));
                        left.extend(arguments);
                    }
                    _ => found.push(name),
                }
            }
            "identifier" | "attribute" => found.push(resolve(node)),
            _ => found.push(None),
        }
    }
}

/// Reads a quoted annotation; what is no plain string (an f-string, an escape) stays unknown.
fn quoted(file: &SourceFile, at: Node<'_>, string: Node<'_>, found: &mut Vec<Option<String>>) {
    let Some(content) = plain_content(string) else {
        return found.push(None);
    };
    let syntax = Syntax::of(content.text().trim());
    let statements = syntax.root().children();
    let by_text = |name: Node<'_>| dotted_name(file, at, name.text());
    match statements.as_slice() {
        [only] if !syntax.root().has_error() => collect(file, at, *only, &by_text, found),
        _ => found.push(None),
    }
}

/// The text of a string that means what it says: no f-string, no escapes.
fn plain_content(string: Node<'_>) -> Option<Node<'_>> {
    match string.children().as_slice() {
        [_, content, _] if content.is("string_content") && content.children().is_empty() => {
            Some(*content)
        }
        _ => None,
    }
}

/// What a dotted name that is only text stands for where `at` stands.
fn dotted_name(file: &SourceFile, at: Node<'_>, text: &str) -> Option<String> {
    let text: String = text.split_whitespace().collect();
    let (first, rest) = match text.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (text.as_str(), None),
    };
    let root = match file.names().lookup_at(first, at) {
        Some((_, [binding, others @ ..])) => {
            let BindingKind::Import(target) = &binding.kind else {
                return None;
            };
            if others.iter().any(|other| other.kind != binding.kind) {
                return None;
            }
            target.clone()
        }
        None if is_builtin(first) => format!("builtins.{first}"),
        _ => return None,
    };
    Some(canonical(match rest {
        Some(rest) => format!("{root}.{rest}"),
        None => root,
    }))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::analysis::SourceFile;

    /// The members of the last annotation, `?` for an unknown one.
    fn members(source: &str) -> Vec<String> {
        let file = SourceFile::parse(Path::new("a.py"), source);
        let annotation = file
            .nodes()
            .filter(|n| n.is("assignment"))
            .last()
            .and_then(|n| n.field("type"));
        annotation.map_or(Vec::new(), |annotation| {
            super::members(&file, annotation)
                .into_iter()
                .map(|name| name.unwrap_or("?".to_owned()))
                .collect()
        })
    }

    #[test]
    fn every_spelling_gives_the_same_members() {
        let imports = "import typing as t\nfrom typing import Annotated, ClassVar, Optional\n\
                       from collections.abc import Sequence as Seq\n";
        for (annotation, expected) in [
            ("list[int]", "builtins.list"),
            ("'list[int]'", "builtins.list"),
            ("t.ClassVar[dict]", "typing.ClassVar"),
            ("' t . ClassVar [dict]'", "typing.ClassVar"),
            ("Annotated[ClassVar[dict], 1]", "typing.ClassVar"),
            ("Seq[str] | None", "collections.abc.Sequence None"),
            ("'Seq[str] | None'", "collections.abc.Sequence None"),
            ("Optional[Seq[str]]", "None collections.abc.Sequence"),
            (
                "t.Union[Seq, 'dict', None]",
                "collections.abc.Sequence builtins.dict None",
            ),
            (
                "int | t.Sequence | None",
                "builtins.int collections.abc.Sequence None",
            ),
            ("'a b'", "?"),
            ("f'{x}'", "?"),
            ("'x' 'y'", "?"),
        ] {
            let found = members(&format!("{imports}x: {annotation} = 1\n"));
            assert_eq!(found.join(" "), expected, "{annotation}");
        }
    }
}
