//! Gives the attribute an annotation, with the type of its value if that is plain to see; a mutable display becomes
//! `field(default_factory=…)`. Withheld where a field without a default follows.

use crate::analysis::dataclasses::{Dataclass, Field, FieldKind};
use crate::analysis::mutable::mutable_value;
use crate::analysis::syntax::Node;
use crate::analysis::{SourceFile, ancestry};
use crate::fixes::literal_type::type_of;
use crate::fixes::{Draft, FixContext, Withheld, factory, withhold};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let assignment = cx.hit_of_kind("assignment")?;
    let dataclass = assignment
        .definition()
        .and_then(|class| Dataclass::of(cx.file, class));
    let parts = (assignment.field("left"), assignment.field("right"));
    let (Some(dataclass), (Some(name), Some(value))) = (dataclass, parts) else {
        return withhold("the code has changed");
    };
    let call = cx
        .file
        .calls(value.unparenthesized(), &["dataclasses.field"]);
    let annotation = if call {
        type_of_field(cx.file, value.unparenthesized())
    } else {
        type_of(cx.file, value)
    };
    let Some(annotation) = annotation else {
        return withhold("the type cannot be told from the value");
    };
    order_allows(cx.file, dataclass, assignment)?;
    let mut draft = cx.draft();
    draft.review();
    draft.insert(name.end(), format!(": {annotation}"));
    if mutable_value(cx.file, value).is_some() {
        let made = factory::of_default(cx, &mut draft, value)?;
        let field = factory::field(cx, &mut draft, dataclass.decorator, value)?;
        draft.replace(value, format!("{field}(default_factory={made})"));
    }
    Ok(draft)
}

/// The type that `field(default=…)` or `field(default_factory=…)` tells.
fn type_of_field<'t>(file: &SourceFile, call: Node<'t>) -> Option<&'t str> {
    if let Some(default) = call.keyword("default") {
        return type_of(file, default);
    }
    let made = call.keyword("default_factory")?.unparenthesized();
    if made.is("lambda") {
        return type_of(file, made.field("body")?);
    }
    let plain = ["list", "dict", "set"]
        .into_iter()
        .any(|name| file.is_builtin(made, name));
    (plain || file.class(made).is_some()).then(|| made.text())
}

/// Refuses where the new field, which has a default, would stand before one without.
fn order_allows<'t>(
    file: &'t SourceFile,
    dataclass: Dataclass<'t>,
    assignment: Node<'t>,
) -> Result<(), Withheld> {
    if dataclass.option("kw_only") == Some(true) {
        return Ok(());
    }
    let after_marker = dataclass
        .fields(file)
        .into_iter()
        .any(|f| f.kind == FieldKind::KwOnly && f.assignment.start() < assignment.start());
    if after_marker {
        return Ok(());
    }
    let required_follows = dataclass
        .fields(file)
        .into_iter()
        .skip_while(|f| f.assignment.start() < assignment.start())
        .take_while(|f| f.kind != FieldKind::KwOnly)
        .any(|f| is_required(file, f));
    let required_below = ancestry::subclasses(file, dataclass.class)
        .into_iter()
        .filter_map(|class| Dataclass::of(file, class))
        .filter(|below| below.option("kw_only") != Some(true))
        .any(|below| {
            below
                .fields(file)
                .into_iter()
                .take_while(|f| f.kind != FieldKind::KwOnly)
                .any(|f| is_required(file, f))
        });
    if required_follows || required_below {
        return withhold("a field without a default follows");
    }
    Ok(())
}

/// Whether a field is a parameter of `__init__` that must be given.
fn is_required(file: &SourceFile, field: Field<'_>) -> bool {
    if !matches!(field.kind, FieldKind::Regular | FieldKind::InitVar) {
        return false;
    }
    match field.field_call(file) {
        None => field.value.is_none(),
        Some(call) => {
            let is = |option: &str, kind: &str| call.keyword(option).is_some_and(|v| v.is(kind));
            call.keyword("default").is_none()
                && call.keyword("default_factory").is_none()
                && !is("init", "false")
                && !is("kw_only", "true")
        }
    }
}
