//! The value must be the default of a field (not of a `ClassVar`) of a standard dataclass and surely be mutable: made
//! on the spot, in `field(default=…)`, by a constant of the file, or an instance of an unhashable dataclass of the file.

use crate::analysis::dataclasses::{Dataclass, Field, FieldKind};
use crate::analysis::mutable::mutable_value;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};
use crate::catalog::PythonVersion;

/// Since then every unhashable default is refused; before, only lists, dicts, sets and their subclasses.
const HASHABILITY_DECIDES: PythonVersion = PythonVersion {
    major: 3,
    minor: 11,
};

/// Decides about the right side of an annotated assignment in a class body.
pub fn check(cx: &Context<'_>, right: Node<'_>) -> Option<Report> {
    let field = Field::of(cx.file, right.parent()?)?;
    let pseudo = matches!(field.kind, FieldKind::ClassVar | FieldKind::KwOnly);
    if pseudo || !field.is_only_binding(cx.file) {
        return None;
    }
    let call = field.field_call(cx.file);
    let default = match call {
        Some(call) => call.keyword("default")?,
        None => right,
    };
    let Unhashable {
        kind,
        refused_before,
    } = unhashable(cx, default)?;
    let report = Report::at(right)
        .capture("default", default)
        .capture("decorator", field.dataclass.decorator)
        .capture("name", field.name)
        .text("kind", kind);
    if call.is_some_and(|call| call.keyword("default_factory").is_some()) {
        return Some(
            report
                .variant("both")
                .withhold("it is not clear which of the two defaults is meant"),
        );
    }
    if field.kind == FieldKind::InitVar {
        return Some(
            report
                .variant("init-var")
                .withhold("an InitVar cannot have a default factory"),
        );
    }
    if !refused_before && cx.settings.target < HASHABILITY_DECIDES {
        return Some(report.variant("shared").review());
    }
    Some(report)
}

/// A default that Python refuses because it cannot be hashed.
struct Unhashable<'t> {
    /// Its class: `list`.
    kind: &'t str,
    /// Whether Python 3.10 and older refuse it too.
    refused_before: bool,
}

/// What kind of unhashable object the default surely is.
fn unhashable<'t>(cx: &Context<'t>, default: Node<'t>) -> Option<Unhashable<'t>> {
    let default = default.unparenthesized();
    let value = match default.kind() {
        "identifier" => cx.file.local_value(default)?,
        _ => default,
    };
    if let Some(mutable) = mutable_value(cx.file, value) {
        let other = [
            "builtins.bytearray",
            "collections.deque",
            "collections.ChainMap",
        ];
        Some(Unhashable {
            kind: mutable.short_class(),
            refused_before: !other.contains(&mutable.class),
        })
    } else {
        let instantiated = Dataclass::instantiated(cx.file, default)?;
        instantiated.is_unhashable(cx.file).then_some(Unhashable {
            kind: instantiated.class.field("name")?.text(),
            refused_before: false,
        })
    }
}
