//! Comparing and inspecting expressions by their structure.

use super::source_file::is_variable;
use super::syntax::Node;

/// Whether two pieces of code are the same but for white space, line breaks and comments.
pub fn same_code(a: Node<'_>, b: Node<'_>) -> bool {
    let (a, b) = (a.unparenthesized(), b.unparenthesized());
    if a.kind() != b.kind() {
        return false;
    }
    let (parts, others) = (significant(a), significant(b));
    if parts.is_empty() || others.is_empty() {
        return a.text() == b.text();
    }
    parts.len() == others.len() && parts.iter().zip(&others).all(|(a, b)| same_code(*a, *b))
}

/// Whether an expression is a literal: a string (an f-string, too), a number, `True`, `False` or `None`.
pub fn is_literal(expression: Node<'_>) -> bool {
    expression.is_any(&[
        "string",
        "concatenated_string",
        "integer",
        "float",
        "true",
        "false",
        "none",
    ])
}

/// Whether an expression is a display: the items of a list, tuple, set or dict in its brackets.
pub fn is_display(expression: Node<'_>) -> bool {
    expression.is_any(&["list", "tuple", "set", "dictionary"])
}

/// Whether an expression is a comprehension or a generator expression.
pub fn is_comprehension(expression: Node<'_>) -> bool {
    expression.is_any(&[
        "list_comprehension",
        "set_comprehension",
        "dictionary_comprehension",
        "generator_expression",
    ])
}

fn significant(node: Node<'_>) -> Vec<Node<'_>> {
    let mut parts = node.tokens();
    parts.retain(|part| !part.is_any(&["comment", "line_continuation"]));
    parts
}

/// Whether a part of an expression is the same code as `wanted`, a name or a chain of attributes.
pub fn contains_code(node: Node<'_>, wanted: Node<'_>) -> bool {
    node.descendants().into_iter().any(|n| {
        n.is(wanted.kind()) && (!n.is("identifier") || is_variable(n)) && same_code(n, wanted)
    })
}

/// Whether evaluating an expression twice is surely the same as evaluating it once: no call, `await`, `yield`, walrus,
/// lambda or comprehension is in it.
pub fn is_repeatable(node: Node<'_>) -> bool {
    !node.descendants().into_iter().any(|n| {
        n.is_any(&["call", "await", "yield", "named_expression", "lambda"])
            || n.kind().ends_with("comprehension")
            || n.is("generator_expression")
    })
}

/// What stands between the square brackets of a subscript, or a single expression, taken as the key of a mapping:
/// `d[a, b]` and `d[(a, b)]` have the same one.
#[derive(Debug, Clone)]
pub struct Key<'t> {
    tuple: bool,
    parts: Vec<Node<'t>>,
}

impl<'t> Key<'t> {
    /// The key of a subscript; `None` for slices and `*parts`.
    pub fn of_subscript(subscript: Node<'t>) -> Option<Self> {
        let parts = subscript.fields("subscript");
        match parts.as_slice() {
            [only] if !subscript.has_token(",") => Self::of_expression(*only),
            _ => Self { tuple: true, parts }.hashable(),
        }
    }

    /// An expression that is used as a key.
    pub fn of_expression(expression: Node<'t>) -> Option<Self> {
        let expression = expression.unparenthesized();
        let key = if expression.is("tuple") {
            Self {
                tuple: true,
                parts: expression.children(),
            }
        } else {
            Self {
                tuple: false,
                parts: vec![expression],
            }
        };
        key.hashable()
    }

    fn hashable(self) -> Option<Self> {
        let plain = self
            .parts
            .iter()
            .all(|part| !part.is_any(&["slice", "list_splat"]));
        plain.then_some(self)
    }

    /// Whether both are written the same.
    pub fn same_as(&self, other: &Self) -> bool {
        self.tuple == other.tuple
            && self.parts.len() == other.parts.len()
            && self
                .parts
                .iter()
                .zip(&other.parts)
                .all(|(a, b)| same_code(*a, *b))
    }

    /// The parts of a tuple, or the one expression.
    pub fn parts(&self) -> &[Node<'t>] {
        &self.parts
    }

    /// The key as a single argument.
    pub fn text(&self) -> String {
        let parts: Vec<&str> = self.parts.iter().map(|part| part.text()).collect();
        match parts.as_slice() {
            [only] if self.tuple => format!("({only},)"),
            _ if self.tuple => format!("({})", parts.join(", ")),
            _ => parts.join(", "),
        }
    }

    /// Whether it is a string or number that stands in the code.
    pub fn is_literal(&self) -> bool {
        self.parts.iter().all(|part| {
            part.is_any(&[
                "integer",
                "float",
                "true",
                "false",
                "none",
                "unary_operator",
            ]) || (part.is("string") && !part.children().iter().any(|c| c.is("interpolation")))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::analysis::SourceFile;

    fn check(code: &str, test: impl Fn(&[Node<'_>])) {
        let file = SourceFile::parse(Path::new("a.py"), code);
        let expressions: Vec<Node<'_>> = file
            .statements()
            .iter()
            .filter_map(|s| s.children().first().copied())
            .collect();
        test(&expressions);
    }

    #[test]
    fn layout_makes_no_difference() {
        for (code, expected) in [
            ("d[a.b]\nd[ a . b ]", true),
            ("f(a, b)\nf(\n  a,  # one\n  b)", true),
            ("(a)\na", true),
            ("'a'\n'b'", false),
            ("'a b'\n'ab'", false),
            ("a + b\na - b", false),
            ("a.b\na.c", false),
        ] {
            check(code, |e| {
                assert_eq!(same_code(e[0], e[1]), expected, "{code}");
            });
        }
    }

    #[test]
    fn a_tuple_is_the_same_key_with_and_without_parentheses() {
        for (code, expected, text) in [
            ("d[a, b]\nd[(a, b)]", true, "(a, b)"),
            ("d[a,]\nd[(a,)]", true, "(a,)"),
            ("d[a]\nd[(a)]", true, "a"),
            ("d[a,]\nd[a]", false, "(a,)"),
        ] {
            check(code, |e| {
                let keys: Vec<Key<'_>> = e.iter().filter_map(|s| Key::of_subscript(*s)).collect();
                assert_eq!(keys[0].same_as(&keys[1]), expected, "{code}");
                assert_eq!(keys[0].text(), text);
            });
        }
        check("d[1:2]\nd[*a]", |e| {
            assert!(e.iter().all(|s| Key::of_subscript(*s).is_none()));
        });
    }
}
