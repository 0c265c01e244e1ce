//! Dataclasses of the standard library: which classes they are, their options, their fields.
//!
//! Only `dataclasses.dataclass` counts, under whatever name it was imported or assigned; the look-alikes of pydantic,
//! attrs and others follow other rules and are none of these.

use super::annotations;
use super::names::{BindingKind, ScopeId};
use super::source_file::SourceFile;
use super::syntax::Node;

/// A class decorated with `dataclasses.dataclass`.
#[derive(Debug, Clone, Copy)]
pub struct Dataclass<'t> {
    /// The `class_definition`.
    pub class: Node<'t>,
    /// The name or attribute in the decorator that stands for `dataclasses.dataclass`, without its arguments.
    pub decorator: Node<'t>,
    /// The decorator's call, if it is called.
    call: Option<Node<'t>>,
}

impl<'t> Dataclass<'t> {
    /// Reads a `class_definition`; `None` if it is no dataclass of the standard library.
    pub fn of(file: &'t SourceFile, class: Node<'t>) -> Option<Self> {
        if !class.is("class_definition") {
            return None;
        }
        class.decorators().into_iter().find_map(|decorator| {
            let name = decorator.callee().unwrap_or(decorator);
            is_decorator(file, name).then_some(Self {
                class,
                decorator: name,
                call: decorator.callee().and(Some(decorator)),
            })
        })
    }

    /// The dataclass of this file that a call creates an instance of.
    pub fn instantiated(file: &'t SourceFile, call: Node<'t>) -> Option<Self> {
        Self::of(file, file.class(call.callee()?)?)
    }

    /// An option of the decorator (`frozen`, `eq`, `kw_only`, …), or its default; `None` if it is not a plain `True` or
    /// `False`, or might be hidden in a `**` argument.
    pub fn option(&self, name: &str) -> Option<bool> {
        let default = matches!(name, "init" | "repr" | "eq" | "match_args");
        let Some(call) = self.call else {
            return Some(default);
        };
        if let Some(value) = call.keyword(name) {
            match value.unparenthesized().kind() {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            }
        } else {
            let hidden = call.arguments().iter().any(|a| a.is("dictionary_splat"));
            (!hidden).then_some(default)
        }
    }

    /// Whether `frozen=True` is certain.
    pub fn is_frozen(&self) -> bool {
        self.option("frozen") == Some(true)
    }

    /// Whether its instances surely cannot be hashed: `eq` is on, and neither `frozen`, `unsafe_hash` nor a
    /// `__hash__` in the class gives them a hash.
    pub fn is_unhashable(&self, file: &SourceFile) -> bool {
        self.option("eq") == Some(true)
            && self.option("frozen") == Some(false)
            && self.option("unsafe_hash") == Some(false)
            && !self.defines(file, "__hash__")
    }

    /// Whether the class body itself binds a name (an annotation without a value does not).
    pub fn defines(&self, file: &SourceFile, name: &str) -> bool {
        self.bindings(file, name) > 0
    }

    /// How often the class body gives a name a value.
    fn bindings(&self, file: &SourceFile, name: &str) -> usize {
        let bindings = self
            .scope(file)
            .map(|scope| file.names().bindings_in(scope, name))
            .unwrap_or_default();
        let with_value = bindings
            .iter()
            .filter(|binding| binding.kind != BindingKind::Annotation);
        with_value.count()
    }

    /// The scope of the class body.
    pub fn scope(&self, file: &SourceFile) -> Option<ScopeId> {
        file.names().scope_opened_by(self.class)
    }

    /// The fields that stand directly in the class body, in order; those of base classes are not among them.
    pub fn fields(&self, file: &'t SourceFile) -> Vec<Field<'t>> {
        let statements = self.class.body().into_iter();
        statements
            .filter_map(|statement| statement.children().first().copied())
            .filter_map(|assignment| Field::in_dataclass(file, *self, assignment))
            .collect()
    }
}

/// Whether an expression stands for `dataclasses.dataclass`, directly or as a name that was assigned it.
fn is_decorator(file: &SourceFile, expression: Node<'_>) -> bool {
    let is_it = |node: Node<'_>| file.is_one_of(node, &["dataclasses.dataclass"]);
    is_it(expression)
        || (expression.is("identifier") && file.local_value(expression).is_some_and(is_it))
}

/// What an annotated name in the body of a dataclass is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A field: an attribute of every instance.
    Regular,
    /// `InitVar[…]`: only a parameter of `__init__`, handed to `__post_init__`.
    InitVar,
    /// `ClassVar[…]`: an attribute of the class, no field.
    ClassVar,
    /// `_: KW_ONLY`: makes the following fields keyword-only, no field.
    KwOnly,
}

/// An annotated name directly in the body of a dataclass.
#[derive(Debug, Clone, Copy)]
pub struct Field<'t> {
    /// The class it belongs to.
    pub dataclass: Dataclass<'t>,
    /// The `assignment`.
    pub assignment: Node<'t>,
    /// The identifier.
    pub name: Node<'t>,
    /// The `type` node.
    pub annotation: Node<'t>,
    /// What stands behind the `=`.
    pub value: Option<Node<'t>>,
    /// What the annotation makes of it.
    pub kind: FieldKind,
}

impl<'t> Field<'t> {
    /// The field that an `assignment` declares, if it stands directly in the body of a dataclass.
    pub fn of(file: &'t SourceFile, assignment: Node<'t>) -> Option<Self> {
        assignment.field("type")?;
        let class = assignment
            .parent()
            .filter(|p| p.is("expression_statement"))?
            .parent()
            .filter(|p| p.is("block"))?
            .parent()?;
        Self::in_dataclass(file, Dataclass::of(file, class)?, assignment)
    }

    fn in_dataclass(
        file: &'t SourceFile,
        dataclass: Dataclass<'t>,
        assignment: Node<'t>,
    ) -> Option<Self> {
        if !assignment.is("assignment") {
            return None;
        }
        let annotation = assignment.field("type")?;
        Some(Self {
            dataclass,
            assignment,
            name: assignment.field("left").filter(|n| n.is("identifier"))?,
            annotation,
            value: assignment.field("right"),
            kind: kind(file, annotation),
        })
    }

    /// Whether the class body binds the name nowhere else, so that this value is the one the decorator sees.
    pub fn is_only_binding(&self, file: &SourceFile) -> bool {
        self.dataclass.bindings(file, self.name.text()) == 1
    }

    /// The call of `dataclasses.field` that is its value.
    pub fn field_call(&self, file: &SourceFile) -> Option<Node<'t>> {
        let value = self.value?.unparenthesized();
        file.calls(value, &["dataclasses.field"]).then_some(value)
    }
}

/// The run time recognises the two special forms by their object, or in a string by its beginning. A name that cannot be
/// resolved (a star import, a compatibility module) is taken at its word.
fn kind(file: &SourceFile, annotation: Node<'_>) -> FieldKind {
    let base = annotations::base(file, annotation);
    let last_name = if let Some(name) = &base {
        match name.as_str() {
            "typing.ClassVar" => return FieldKind::ClassVar,
            "dataclasses.InitVar" => return FieldKind::InitVar,
            "dataclasses.KW_ONLY" => return FieldKind::KwOnly,
            other => other.rsplit('.').next().unwrap_or(other).to_owned(),
        }
    } else {
        let text = annotation.text().trim_matches(['"', '\'']);
        let head = text.split('[').next().unwrap_or(text).trim();
        head.rsplit('.').next().unwrap_or(head).trim().to_owned()
    };
    match last_name.as_str() {
        "ClassVar" => FieldKind::ClassVar,
        "InitVar" => FieldKind::InitVar,
        "KW_ONLY" => FieldKind::KwOnly,
        _ => FieldKind::Regular,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Dataclass, FieldKind};
    use crate::analysis::SourceFile;

    fn file(source: &str) -> SourceFile {
        SourceFile::parse(Path::new("a.py"), source)
    }

    /// What is known about the first class.
    fn first<T>(source: &str, ask: impl Fn(&SourceFile, Dataclass<'_>) -> T) -> Option<T> {
        let file = file(source);
        let class = file.nodes().find(|n| n.is("class_definition"))?;
        Dataclass::of(&file, class).map(|found| ask(&file, found))
    }

    #[test]
    fn only_the_standard_decorator_makes_a_dataclass() {
        let class = "class A:\n    x: int\n";
        for (decorated, expected) in [
            ("from dataclasses import dataclass\n@dataclass\n", true),
            (
                "from dataclasses import dataclass as d\n@d(frozen=True)\n",
                true,
            ),
            ("import dataclasses as dc\n@dc.dataclass\n", true),
            (
                "import dataclasses\ndataclass = dataclasses.dataclass\n@dataclass\n",
                true,
            ),
            (
                "from dataclasses import dataclass\n@other\n@dataclass()\n",
                true,
            ),
            (
                "from pydantic.dataclasses import dataclass\n@dataclass\n",
                false,
            ),
            ("from .dataclasses import dataclass\n@dataclass\n", false),
            ("def dataclass(c): return c\n@dataclass\n", false),
            ("", false),
        ] {
            let found = first(&format!("{decorated}{class}"), |_, _| ()).is_some();
            assert_eq!(found, expected, "{decorated}");
        }
    }

    #[test]
    fn options_decide_whether_instances_can_be_hashed() {
        for (options, body, expected) in [
            ("", "", true),
            ("()", "", true),
            ("(frozen=False)", "", true),
            ("(frozen=True)", "", false),
            ("(eq=False)", "", false),
            ("(unsafe_hash=True)", "", false),
            ("(frozen=FLAG)", "", false),
            ("(**options)", "", false),
            ("", "    def __hash__(self): return 1\n", false),
            ("", "    __hash__ = object.__hash__\n", false),
        ] {
            let source = format!(
                "from dataclasses import dataclass\n@dataclass{options}\nclass A:\n    x: int\n{body}"
            );
            let found = first(&source, |file, class| class.is_unhashable(file));
            assert_eq!(found, Some(expected), "{options} {body}");
        }
    }

    #[test]
    fn annotations_tell_fields_from_class_variables() {
        let imports = "import typing as t, dataclasses as dc\nfrom dataclasses import dataclass\n\
                       from .compat import ClassVar\n";
        for (annotation, expected) in [
            ("list", FieldKind::Regular),
            ("t.ClassVar[list]", FieldKind::ClassVar),
            ("'t.ClassVar[list]'", FieldKind::ClassVar),
            ("t.ClassVar", FieldKind::ClassVar),
            ("ClassVar[list]", FieldKind::ClassVar),
            ("dc.InitVar[list]", FieldKind::InitVar),
            ("dc.KW_ONLY", FieldKind::KwOnly),
            ("list[t.ClassVar]", FieldKind::Regular),
        ] {
            let source = format!("{imports}@dataclass\nclass A:\n    x: {annotation}\n    y = 1\n");
            let kinds = first(&source, |file, class| {
                let fields = class.fields(file);
                fields.iter().map(|field| field.kind).collect::<Vec<_>>()
            });
            assert_eq!(kinds, Some(vec![expected]), "{annotation}");
        }
    }
}
