//! Annotates an attribute of a class as `ClassVar`: around its annotation, or with the type of its value if that is
//! plain to see.

use crate::analysis::mutable::mutable_value;
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld, withhold};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let assignment = cx.hit_of_kind("assignment")?;
    let mut draft = cx.draft();
    let class_var = draft.symbol("typing.ClassVar", assignment, Style::From)?;
    if let Some(annotation) = assignment.field("type") {
        draft.replace(annotation, format!("{class_var}[{}]", annotation.text()));
        return Ok(draft);
    }
    let (Some(name), Some(value)) = (assignment.field("left"), assignment.field("right")) else {
        return withhold("the code has changed");
    };
    let annotation = match type_of(cx, value) {
        Some(class) => format!("{class_var}[{class}]"),
        None => class_var,
    };
    draft.insert(name.end(), format!(": {annotation}"));
    Ok(draft)
}

/// The type of a literal, display, comprehension or call of a class of the file, as it is written there.
fn type_of<'t>(cx: &FixContext<'t>, value: Node<'t>) -> Option<&'t str> {
    let value = value.unparenthesized();
    let builtin = match value.kind() {
        "integer" => "int",
        "float" => "float",
        "true" | "false" => "bool",
        "string" if value.text().to_ascii_lowercase().starts_with(['b', 'r']) => {
            let prefix = value.children().first()?.text().to_ascii_lowercase();
            if prefix.contains('b') { "bytes" } else { "str" }
        }
        "string" | "concatenated_string" => "str",
        "tuple" => "tuple",
        "list" | "list_comprehension" => "list",
        "dictionary" | "dictionary_comprehension" => "dict",
        "set" | "set_comprehension" => "set",
        "call" => {
            let callee = value.callee()?;
            let makes_container = mutable_value(cx.file, value).is_some();
            return (makes_container || cx.file.class(callee).is_some()).then(|| callee.text());
        }
        _ => return None,
    };
    cx.file
        .names()
        .lookup_at(builtin, value)
        .is_none()
        .then_some(builtin)
}
