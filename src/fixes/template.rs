//! Fixes that the content states as text: each captured range is replaced by a filled template.

use std::ops::Range;

use super::draft::{Draft, FixContext, Withheld, withhold};
use super::imports::Style;

/// Replaces every range captured under each name. `{name}` in a template is the source text of the capture of that
/// name (of the range being replaced, if it is its own name), `{module.name}` a symbol imported the way the file does
/// it, `{{` and `}}` are braces. The capture `hit` is the whole reported range.
///
/// # Errors
///
/// If nothing was captured under a name that the templates use, or a symbol cannot be written there.
pub fn fill<'t>(
    cx: &FixContext<'t>,
    replacements: &[(String, String)],
) -> Result<Draft<'t>, Withheld> {
    let mut draft = cx.draft();
    for (name, template) in replacements {
        let ranges: Vec<Range<usize>> = if name == "hit" {
            vec![cx.found.range.clone()]
        } else {
            cx.found.captures(name).collect()
        };
        if ranges.is_empty() {
            return withhold(format!("nothing is captured as `{name}`"));
        }
        for range in ranges {
            let text = filled(cx, &mut draft, template, name, &range)?;
            draft.replace_range(range, text);
        }
    }
    Ok(draft)
}

fn filled<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    template: &str,
    own: &str,
    range: &Range<usize>,
) -> Result<String, Withheld> {
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, tail) = rest.split_at(at);
        text.push_str(before);
        if let Some(after) = tail.strip_prefix("{{").or_else(|| tail.strip_prefix("}}")) {
            text.push_str(&tail[..1]);
            rest = after;
            continue;
        }
        let Some((name, after)) = tail.strip_prefix('{').and_then(|t| t.split_once('}')) else {
            return withhold("the template has a lone brace");
        };
        if name.contains('.') {
            let Some(at) = cx.file.covering(range.clone()) else {
                return withhold("the code has changed");
            };
            text.push_str(&draft.symbol(name, at, Style::Module)?);
        } else if name == own {
            text.push_str(cx.file.slice(range.clone()));
        } else if name == "hit" {
            text.push_str(cx.file.slice(cx.found.range.clone()));
        } else {
            match cx.found.capture_text(name, cx.file) {
                Some(captured) => text.push_str(captured),
                None => return withhold(format!("nothing is captured as `{name}`")),
            }
        }
        rest = after;
    }
    Ok(text + rest)
}
