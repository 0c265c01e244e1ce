//! `dict.fromkeys(keys, value)` becomes `{key: value for key in keys}`; an `OrderedDict` stays one.

use crate::analysis::awaits::mentions;
use crate::fixes::{Draft, FixContext, Withheld, factory, withhold};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let call = cx.hit_of_kind("call")?;
    let (keys, value) = (cx.capture("keys")?, cx.capture("value")?);
    let class = cx.capture("class")?;
    factory::can_move(cx.file, value)?;
    if keys
        .descendants()
        .into_iter()
        .any(|n| n.is_any(&["named_expression", "yield"]))
    {
        return withhold("the keys bind or yield something");
    }
    let key = (1..=u32::MAX)
        .map(|n| match n {
            1 => "key".to_owned(),
            n => format!("key{n}"),
        })
        .find(|name| !mentions(keys, name) && !mentions(value, name))
        .unwrap_or_default();
    let keys = if keys.is_any(&["conditional_expression", "lambda"]) {
        format!("({})", keys.text())
    } else {
        keys.text().to_owned()
    };
    let value = value.text();
    let mut draft = cx.draft();
    draft.review();
    let ordered = cx.file.is_one_of(class, &["collections.OrderedDict"]);
    let text = if ordered {
        format!("{}(({key}, {value}) for {key} in {keys})", class.text())
    } else {
        format!("{{{key}: {value} for {key} in {keys}}}")
    };
    draft.replace(call, text);
    Ok(draft)
}
