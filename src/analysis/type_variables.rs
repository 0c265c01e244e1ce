//! Type variables that a file declares, and the signatures that mention them.

use super::names::{BindingKind, MODULE};
use super::source_file::{SourceFile, is_variable};
use super::syntax::Node;
use crate::catalog::PythonVersion;

/// The release since which type parameters can have defaults.
const DEFAULTS: PythonVersion = PythonVersion {
    major: 3,
    minor: 13,
};

/// What a type variable stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A type.
    TypeVar,
    /// The parameters of a callable.
    ParamSpec,
    /// Any number of types.
    TypeVarTuple,
}

/// A type variable that is declared at the top level of the file, and bound nowhere else.
#[derive(Debug, Clone, Copy)]
pub struct TypeVariable<'t> {
    /// The call that makes it: `TypeVar("T")`.
    pub call: Node<'t>,
    /// What it stands for.
    pub kind: Kind,
}

impl<'t> TypeVariable<'t> {
    /// The type variable that a word stands for where `at` stands, also if the word is part of a string.
    pub fn named(file: &'t SourceFile, word: &str, at: Node<'_>) -> Option<Self> {
        let (scope, bindings) = file.names().lookup_at(word, at)?;
        let [binding] = bindings else { return None };
        let BindingKind::Value(value) = binding.kind else {
            return None;
        };
        if scope != MODULE || binding.type_checking {
            return None;
        }
        let call = file.node(value)?.unparenthesized();
        let kind = match file.callee_name(call)?.as_str() {
            "typing.TypeVar" => Kind::TypeVar,
            "typing.ParamSpec" => Kind::ParamSpec,
            "typing.TypeVarTuple" => Kind::TypeVarTuple,
            _ => return None,
        };
        Some(Self { call, kind })
    }

    /// Whether it stands for exactly one of several types.
    pub fn is_constrained(&self) -> bool {
        self.call
            .arguments()
            .into_iter()
            .skip(1)
            .any(|a| !a.is("keyword_argument"))
    }

    /// How it is declared in brackets under this name: `T`, `M: int`, `S: (str, bytes)`, `**P`. `None` where that would
    /// mean something else.
    pub fn inline(&self, name: &str, target: PythonVersion) -> Option<String> {
        let arguments = self.call.arguments();
        let (first, rest) = arguments.split_first()?;
        let content = first.children();
        let same = first.is("string")
            && content
                .iter()
                .any(|c| c.is("string_content") && c.text() == name);
        let mut constraints = Vec::new();
        let (mut bound, mut default) = (None, None);
        for argument in rest {
            let keyword = argument
                .field("name")
                .filter(|_| argument.is("keyword_argument"));
            match keyword.map(Node::text) {
                Some("bound") => bound = argument.field("value"),
                Some("default") => default = argument.field("value"),
                None if !argument.is_any(&["list_splat", "dictionary_splat"]) => {
                    constraints.push(argument.text());
                }
                _ => return None,
            }
        }
        if !same || (default.is_some() && target < DEFAULTS) {
            return None;
        }
        let stars = match self.kind {
            Kind::TypeVar => "",
            Kind::ParamSpec => "**",
            Kind::TypeVarTuple => "*",
        };
        let limit = match (bound, constraints.as_slice()) {
            (Some(bound), []) => format!(": {}", bound.text()),
            (None, []) => String::new(),
            (None, several) if several.len() > 1 => format!(": ({})", several.join(", ")),
            _ => return None,
        };
        let default = default.map_or(String::new(), |d| format!(" = {}", d.text()));
        Some(format!("{stars}{name}{limit}{default}"))
    }
}

/// The annotations of a function's parameters and result, in source order.
pub fn signature(function: Node<'_>) -> Vec<Node<'_>> {
    let parameters = function
        .field("parameters")
        .map(Node::children)
        .unwrap_or_default();
    let mut annotations: Vec<Node<'_>> = parameters
        .into_iter()
        .filter_map(|p| p.field("type"))
        .collect();
    annotations.extend(function.field("return_type"));
    annotations
}

/// Every name that an expression reads, with the node it stands in, in source order. Strings count as the names that
/// their text consists of.
pub fn words(expression: Node<'_>) -> Vec<(&str, Node<'_>)> {
    let mut found = Vec::new();
    for node in expression.descendants() {
        match node.kind() {
            "identifier" if is_variable(node) => found.push((node.text(), node)),
            "string_content" => {
                let names = node
                    .text()
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
                    .filter(|word| !word.is_empty());
                found.extend(names.map(|word| (word, node)));
            }
            _ => {}
        }
    }
    found
}

/// Whether an expression reads a name, quoted or not.
pub fn mentions_word(expression: Node<'_>, name: &str) -> bool {
    words(expression).iter().any(|(word, _)| *word == name)
}

/// Whether a type variable belongs to a class or function around a definition: a base class or the signature there
/// mentions it.
pub fn belongs_to_outer(definition: Node<'_>, name: &str) -> bool {
    definition.ancestors().any(|outer| match outer.kind() {
        "class_definition" => outer
            .field("superclasses")
            .is_some_and(|bases| mentions_word(bases, name)),
        "function_definition" => signature(outer)
            .into_iter()
            .any(|annotation| mentions_word(annotation, name)),
        _ => false,
    })
}

/// The type variables that a function or generic class could declare itself: name and declaration in the order in which
/// they would stand. `None` if there are none, or one of them cannot be declared in brackets.
pub fn own_variables<'t>(
    file: &'t SourceFile,
    definition: Node<'t>,
) -> Option<Vec<(&'t str, TypeVariable<'t>)>> {
    if definition.field("type_parameters").is_some() {
        return None;
    }
    let mut found: Vec<(&str, TypeVariable<'t>)> = Vec::new();
    if definition.is("class_definition") {
        let generic = generic_base(file, definition)?;
        for index in generic.fields("subscript") {
            let variable = TypeVariable::named(file, index.text(), index)
                .filter(|v| v.kind != Kind::TypeVarTuple && index.is("identifier"))?;
            found.push((index.text(), variable));
        }
        if found
            .iter()
            .any(|(name, _)| belongs_to_outer(definition, name))
        {
            return None;
        }
    } else {
        for (word, at) in signature(definition).into_iter().flat_map(words) {
            if found.iter().any(|(name, _)| *name == word) {
                continue;
            }
            match TypeVariable::named(file, word, at) {
                Some(variable) if !belongs_to_outer(definition, word) => {
                    found.push((word, variable));
                }
                None if may_be_foreign_variable(file, word, at) => return None,
                _ => {}
            }
        }
    }
    let any_type = found.iter().any(|(_, v)| v.kind == Kind::TypeVar);
    any_type.then_some(found)
}

/// Whether an imported name looks like a type variable, which must not be mixed with type parameters in brackets.
fn may_be_foreign_variable(file: &SourceFile, word: &str, at: Node<'_>) -> bool {
    let imported = file
        .names()
        .lookup_at(word, at)
        .is_some_and(|(_, bindings)| {
            bindings
                .iter()
                .any(|b| matches!(b.kind, BindingKind::Import(_)))
        });
    let bare = word
        .trim_start_matches('_')
        .trim_end_matches(|c: char| c.is_ascii_digit());
    let short = bare.len() <= 2 && bare.chars().all(|c| c.is_ascii_uppercase());
    imported && (short || word == "AnyStr" || word.ends_with("_co") || word.ends_with("_contra"))
}

/// The base `Generic[…]` of a class.
pub fn generic_base<'t>(file: &SourceFile, class: Node<'t>) -> Option<Node<'t>> {
    super::ancestry::bases(class).into_iter().find(|base| {
        base.is("subscript")
            && base
                .field("value")
                .is_some_and(|value| file.is_one_of(value, &["typing.Generic"]))
    })
}
