//! A lower-case name in the body of a standard dataclass gets `field(…)`, or a literal or display beside annotated fields.
//! Silent where the class or a base gives the name another meaning, where it is used as an attribute of the class, and
//! for literals in classes with a base from elsewhere.

use crate::analysis::ancestry::{base_class, bases};
use crate::analysis::dataclasses::Dataclass;
use crate::analysis::expressions::{is_display, is_literal};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report, SourceFile};
use crate::catalog::Severity;

/// Bases that say nothing about attributes.
const NEUTRAL_BASES: [&str; 4] = [
    "abc.ABC",
    "builtins.object",
    "typing.Generic",
    "typing.Protocol",
];

/// How many classes of the file a chain of bases is followed through.
const MAX_DEPTH: usize = 32;

/// Reports the assignment.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let name = hit.field("left").filter(|n| n.is("identifier"))?;
    let value = hit.field("right")?.unparenthesized();
    let class = hit
        .parent()
        .filter(|p| p.is("expression_statement"))?
        .parent()?
        .parent()
        .filter(|p| p.is("class_definition"))?;
    let text = name.text();
    let constant = text == text.to_uppercase();
    if hit.field("type").is_some() || constant || text.starts_with('_') {
        return None;
    }
    let is_field = value.is("call") && cx.calls(value, &["dataclasses.field"]);
    if !is_field && !is_written_out(value) {
        return None;
    }
    let dataclass = Dataclass::of(cx.file, class)?;
    let scope = dataclass.scope(cx.file)?;
    if cx.file.names().bindings_in(scope, text).len() != 1 {
        return None;
    }
    let report = Report::at(hit)
        .capture("name", name)
        .capture("value", value)
        .capture("decorator", dataclass.decorator);
    if is_field {
        return Some(report.variant("field"));
    }
    let meant = dataclass.fields(cx.file).is_empty()
        || bases_may_have(cx.file, class, text, MAX_DEPTH)
        || is_listed(class, name)
        || is_read_through_class(cx.file, class, name);
    (!meant).then(|| report.severity(Severity::Info))
}

/// Whether an expression is a literal or a display.
fn is_written_out(value: Node<'_>) -> bool {
    let negative = value.is("unary_operator")
        && value
            .field("argument")
            .is_some_and(|n| n.is_any(&["integer", "float"]));
    negative || is_literal(value) || is_display(value)
}

/// Whether a base class gives the name a meaning, or might.
fn bases_may_have<'t>(file: &'t SourceFile, class: Node<'t>, name: &str, depth: usize) -> bool {
    bases(class).into_iter().map(base_class).any(|base| {
        if file.is_one_of(base, &NEUTRAL_BASES) {
            return false;
        }
        match file.class(base).filter(|_| depth > 0) {
            Some(known) => {
                file.names()
                    .scope_opened_by(known)
                    .is_none_or(|scope| file.names().binds(scope, name))
                    || bases_may_have(file, known, name, depth - 1)
            }
            None => true,
        }
    })
}

/// Whether a tuple or list in the class body names the attribute in a string.
fn is_listed(class: Node<'_>, name: Node<'_>) -> bool {
    class.body().into_iter().any(|statement| {
        let value = statement
            .children()
            .first()
            .and_then(|assignment| assignment.field("right"))
            .map(Node::unparenthesized);
        value
            .filter(|v| v.is_any(&["tuple", "list", "set"]))
            .is_some_and(|v| {
                v.children().into_iter().any(|item| {
                    item.is("string") && item.text().trim_matches(['"', '\'']) == name.text()
                })
            })
    })
}

/// Whether the file uses it as an attribute of the class: `Settings.retries`, `cls.retries`.
fn is_read_through_class(file: &SourceFile, class: Node<'_>, name: Node<'_>) -> bool {
    file.spelled(name.text()).into_iter().any(|n| {
        let object = n
            .parent()
            .filter(|p| p.is("attribute") && p.field("attribute") == Some(n))
            .and_then(|p| p.field("object"));
        object.is_some_and(|object| {
            object.is("identifier") && (object.text() == "cls" || file.class(object) == Some(class))
        })
    })
}
