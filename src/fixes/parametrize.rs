//! Writing `@pytest.mark.parametrize` above a test, and the parameters into its signature.

use super::draft::{Draft, FixContext, Withheld, withhold};
use super::imports::Style;
use super::layout;
use super::module_line::insert_behind_import;
use crate::analysis::syntax::Node;

/// Inserts the decorator above the others of a test. `values` is the list of cases, laid out for a line that is indented
/// by one step more than the test if it has several; then it stands below the names.
///
/// # Errors
///
/// If pytest's name means something else here.
pub fn decorate<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    function: Node<'t>,
    names: &[String],
    values: &str,
) -> Result<(), Withheld> {
    let first = function.decorated();
    let mark = draft.symbol("pytest.mark", first, Style::Module)?;
    let newline = layout::newline(cx.file);
    let outer = first.indentation();
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let names = match quoted.as_slice() {
        [one] => one.clone(),
        several => format!("({})", several.join(", ")),
    };
    let arguments = if values.contains(['\n', '\r']) {
        let inner = format!("{newline}{outer}{}", layout::indent_unit(cx.file));
        format!("{inner}{names},{inner}{values},{newline}{outer}")
    } else {
        format!("{names}, {values}")
    };
    let line = format!("@{mark}.parametrize({arguments}){newline}{outer}");
    insert_behind_import(cx.file, draft, first.start(), &line)
}

/// Adds parameters behind the last one of a test.
///
/// # Errors
///
/// If the last parameter has a default value or collects arguments.
pub fn add_parameters(
    cx: &FixContext<'_>,
    draft: &mut Draft<'_>,
    function: Node<'_>,
    names: &[String],
) -> Result<(), Withheld> {
    let newline = layout::newline(cx.file);
    let Some(list) = function.field("parameters") else {
        return withhold("the code has changed");
    };
    let added = names.join(", ");
    match list.children().last() {
        None => draft.insert(list.start() + 1, added),
        Some(last)
            if last.is_any(&["identifier", "typed_parameter"]) && !last.text().starts_with('*') =>
        {
            let first_of_line = last.line_prefix().trim().is_empty();
            let comma = list.tokens().into_iter().rfind(|t| t.is(","));
            let trailing = comma.filter(|comma| first_of_line && comma.start() >= last.end());
            match trailing {
                Some(comma) => {
                    let line = format!("{newline}{}", last.indentation());
                    let lines: String = names.iter().map(|n| format!("{line}{n},")).collect();
                    draft.insert(layout::line_end(cx.file, comma.end()), lines);
                }
                None => draft.insert(last.end(), format!(", {added}")),
            }
        }
        Some(_) => return withhold("the parameters of the test leave no room for more"),
    }
    Ok(())
}
