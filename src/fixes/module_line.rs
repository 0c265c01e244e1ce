//! A new statement of the module, below its imports.

use super::draft::{Draft, FixContext, Withheld, withhold};
use super::{imports, layout, spacing};
use crate::analysis::SourceFile;

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
        // The empty line that follows the imports stays above the new one; below it there are as many as before.
        draft.insert(below, format!("{line}{newline}{newline}"));
        return Ok(());
    }
    // The empty line below an import that the same fix adds stays above the new one.
    let added = draft.imports.iter_mut().fold(false, |added, import| {
        import.leave_no_gap(imports_end) || added
    });
    let above = if first && !added { "" } else { newline };
    let gap = if first {
        spacing::above(file, imports_end)
    } else {
        1
    };
    let text = format!("{above}{line}{newline}{}", newline.repeat(gap));
    insert_behind_import(file, draft, imports_end, &text)
}

/// Inserts text before a byte, but behind an import that the same fix inserts there: the character at that place is replaced
/// together with what is in front of it.
///
/// # Errors
///
/// At the end of the file.
pub fn insert_behind_import(
    file: &SourceFile,
    draft: &mut Draft<'_>,
    at: usize,
    text: &str,
) -> Result<(), Withheld> {
    let Some(next) = file.text().get(at..).and_then(|rest| rest.chars().next()) else {
        return withhold("nothing stands below the imports");
    };
    draft.replace_range(at..at + next.len_utf8(), format!("{text}{next}"));
    Ok(())
}
