//! A new statement of the module, below its imports.

use super::draft::{Draft, FixContext, Withheld, withhold};
use super::{imports, layout, spacing};
use crate::analysis::SourceFile;
use crate::analysis::syntax::Node;

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
    let imports_end = if first {
        imports_end
    } else {
        end_of_head(file, imports_end)
    };
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
    let imports = draft.imports.iter_mut();
    let added = imports.filter_map(|import| import.gap_at(imports_end));
    let added = added.map(|gap| *gap = false).count() > 0;
    let above = if first && !added { "" } else { newline };
    let gap = if first {
        spacing::above(file, imports_end)
    } else {
        1
    };
    let text = format!("{above}{line}{newline}{}", newline.repeat(gap));
    insert_behind_import(file, draft, imports_end, &text)
}

/// The byte below the imports that go on at `from`: those under a condition, or in a `try`, count.
pub fn end_of_head(file: &SourceFile, from: usize) -> usize {
    let statements = file.statements().into_iter();
    let head = statements
        .filter(|statement| statement.start() >= from)
        .take_while(|statement| imports_only(*statement));
    head.last()
        .map_or(from, |last| layout::next_line(file, last.end()))
}

/// Whether a statement does nothing but import, be it under a condition or with a value in the place of what is missing.
fn imports_only(statement: Node<'_>) -> bool {
    const IMPORTS: [&str; 2] = ["import_statement", "import_from_statement"];
    statement.is_any(&IMPORTS)
        || statement.is_any(&["if_statement", "try_statement"]) && {
            let blocks = statement
                .field("consequence")
                .or_else(|| statement.field("body"));
            let body = blocks.map(Node::children).unwrap_or_default();
            !body.is_empty() && body.into_iter().all(|s| s.is_any(&IMPORTS))
        }
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
