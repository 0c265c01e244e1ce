//! A new statement of the module, below its imports.

use super::draft::{Draft, FixContext, Withheld, withhold};
use super::imports;
use super::layout;

/// Inserts a line below the imports of the module, with an empty line above and below it. It comes after an import that
/// the same fix adds.
///
/// # Errors
///
/// If nothing stands below the imports.
pub fn insert_below_imports(
    cx: &FixContext<'_>,
    draft: &mut Draft<'_>,
    line: &str,
) -> Result<(), Withheld> {
    let file = cx.file;
    let (imports_end, first) = imports::end_of_imports(file);
    let newline = layout::newline(file);
    let blank = |at: usize| {
        file.text()[at..layout::line_end(file, at)]
            .trim()
            .is_empty()
    };
    let below = layout::next_line(file, imports_end);
    if !first && blank(imports_end) && below > imports_end {
        // The empty line that follows the imports stays above the new one.
        draft.insert(
            below,
            format!("{line}{newline}{}", if blank(below) { "" } else { newline }),
        );
        return Ok(());
    }
    // An insertion here would come before the import that is inserted here, so the first character is replaced.
    let Some(next) = file
        .text()
        .get(imports_end..)
        .and_then(|rest| rest.chars().next())
    else {
        return withhold("nothing stands below the imports");
    };
    let above = if first { "" } else { newline };
    draft.replace_range(
        imports_end..imports_end + next.len_utf8(),
        format!("{above}{line}{newline}{newline}{next}"),
    );
    Ok(())
}
