//! Annotates an attribute of a class as `ClassVar`: around its annotation, or with the type of its value if that is
//! plain to see. Not for `field(…)`, which only a field may have.

use crate::fixes::literal_type::type_of;
use crate::fixes::{Draft, FixContext, Style, Withheld, not_meant, withhold};

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
    if cx.file.calls(value, &["dataclasses.field"]) {
        return not_meant();
    }
    let annotation = match type_of(cx.file, value) {
        Some(class) => format!("{class_var}[{class}]"),
        None => class_var,
    };
    draft.insert(name.end(), format!(": {annotation}"));
    Ok(draft)
}
