//! Which expressions surely make something that cannot be hashed.

use super::syntax::Node;

/// The builtin class of a display or comprehension whose value cannot be hashed: `list`, `dict` or `set`.
pub fn unhashable_class(expression: Node<'_>) -> Option<&'static str> {
    match expression.unparenthesized().kind() {
        "list" | "list_comprehension" => Some("list"),
        "dictionary" | "dictionary_comprehension" => Some("dict"),
        "set" | "set_comprehension" => Some("set"),
        _ => None,
    }
}

/// The displays and comprehensions that keep the value of an expression from being hashed: itself, or the items of a
/// tuple at any depth.
pub fn unhashable_parts(expression: Node<'_>) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut left = vec![expression.unparenthesized()];
    while let Some(node) = left.pop() {
        if unhashable_class(node).is_some() {
            found.push(node);
        } else if node.is("tuple") {
            left.extend(node.children().into_iter().rev().map(Node::unparenthesized));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::analysis::SourceFile;

    #[test]
    fn a_tuple_is_as_hashable_as_its_items() {
        for (expression, expected) in [
            ("[1]", &["[1]"][..]),
            ("([1])", &["[1]"]),
            ("(1, [2], ({3}, 'a'))", &["[2]", "{3}"]),
            ("{x: 1 for x in y}", &["{x: 1 for x in y}"]),
            ("(1, x, f([2]))", &[]),
            ("(*[1], 2)", &[]),
        ] {
            let file = SourceFile::parse(Path::new("a.py"), expression);
            let statement = file.statements()[0].children()[0];
            let parts: Vec<&str> = unhashable_parts(statement)
                .iter()
                .map(|n| n.text())
                .collect();
            assert_eq!(parts, expected, "{expression}");
        }
    }
}
