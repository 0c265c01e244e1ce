//! Texts for tests in which the places of edits are marked: `f(‹a›)`.

use std::path::Path;

use crate::analysis::{FileSettings, SourceFile};
use crate::text::edit::{self, TextEdit};

/// The text after edits, laid out by `lay_out` for lines of at most 40 columns. For what stands between two marks `edit`
/// adds to the text so far what stands there before, and says what becomes of it.
pub fn laid_out(
    marked: &str,
    edit: fn(&mut String, &str) -> TextEdit,
    lay_out: fn(&SourceFile, &FileSettings, Vec<TextEdit>) -> Vec<TextEdit>,
) -> String {
    let mut before = String::new();
    let mut edits = Vec::new();
    let mut rest = marked;
    while let Some((text, tail)) = rest.split_once('‹') {
        before.push_str(text);
        let (inside, tail) = tail.split_once('›').expect("a closing mark");
        edits.push(edit(&mut before, inside));
        rest = tail;
    }
    before.push_str(rest);
    let file = SourceFile::parse(Path::new("a.py"), &before);
    let settings = FileSettings {
        line_length: Some(40),
        ..FileSettings::default()
    };
    let edits = lay_out(&file, &settings, edits);
    edit::apply(&before, &edits).expect("edits that fit")
}
