//! The parameters of a function, whichever way they are written.

use super::syntax::Node;

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// One argument.
    One,
    /// `*args`: all further positional arguments.
    Positional,
    /// `**kwargs`: all further keyword arguments.
    Keywords,
}

/// A parameter of a function or lambda.
#[derive(Debug, Clone, Copy)]
pub struct Parameter<'t> {
    /// All of it: `prompt: str = ""`, `*args: int`.
    pub node: Node<'t>,
    /// Its name.
    pub name: Node<'t>,
    /// What it takes.
    pub kind: ParameterKind,
    /// The `type` node.
    pub annotation: Option<Node<'t>>,
    /// Whether it has a default value.
    pub has_default: bool,
}

/// The parameters of a function or lambda in their order; the markers `/` and `*` are none.
pub fn parameters(function: Node<'_>) -> Vec<Parameter<'_>> {
    function
        .field("parameters")
        .map(Node::children)
        .unwrap_or_default()
        .into_iter()
        .filter_map(Parameter::of)
        .collect()
}

impl<'t> Parameter<'t> {
    fn of(node: Node<'t>) -> Option<Self> {
        let (pattern, has_default) = match node.kind() {
            "default_parameter" | "typed_default_parameter" => (node.field("name")?, true),
            "typed_parameter" => (node.children().first().copied()?, false),
            _ => (node, false),
        };
        let kind = match pattern.kind() {
            "identifier" => ParameterKind::One,
            "list_splat_pattern" => ParameterKind::Positional,
            "dictionary_splat_pattern" => ParameterKind::Keywords,
            _ => return None,
        };
        let name = if pattern.is("identifier") {
            pattern
        } else {
            pattern.children().first().copied()?
        };
        Some(Self {
            node,
            name,
            kind,
            annotation: node.field("type"),
            has_default,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::syntax::Syntax;

    #[test]
    fn every_way_to_write_a_parameter_is_understood() {
        let text = "def f(a, /, b: int, c=1, d: int = 2, *args: int, e, **kw): ...\n\
                    def g(a, *, b): ...\n";
        let syntax = Syntax::of(text);
        let read = |function: Node<'_>| -> Vec<String> {
            parameters(function)
                .iter()
                .map(|p| {
                    let default = if p.has_default { "=" } else { "" };
                    let annotation = p.annotation.map_or("", |_| ":");
                    format!("{}{annotation}{default} {:?}", p.name.text(), p.kind)
                })
                .collect()
        };
        let functions = syntax.root().children();
        assert_eq!(
            functions.into_iter().map(read).collect::<Vec<_>>(),
            [
                vec![
                    "a One",
                    "b: One",
                    "c= One",
                    "d:= One",
                    "args: Positional",
                    "e One",
                    "kw Keywords"
                ],
                vec!["a One", "b One"],
            ]
        );
    }
}
