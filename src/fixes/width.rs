//! How long the lines of a file may be.

use crate::analysis::syntax::Node;
use crate::analysis::{FileSettings, SourceFile};

/// What formatters allow where nobody says otherwise.
const DEFAULT: usize = 88;

/// How many columns a tab counts for, as for formatters.
const TAB: usize = 4;

/// How many columns a line may have: as many as the project says, else as many as formatters allow; or, where it does not
/// say, as many as the longest line that a formatter would have broken.
pub fn allowed(file: &SourceFile, settings: &FileSettings) -> usize {
    settings
        .line_length
        .unwrap_or_else(|| longest(file).max(DEFAULT))
}

/// How many columns a line may have in any case: what [`allowed`] never falls below. Known without a look at the file.
pub fn always_allowed(settings: &FileSettings) -> usize {
    settings.line_length.unwrap_or(DEFAULT)
}

/// The columns of a line.
pub fn of(line: &str) -> usize {
    line.chars().map(|c| if c == '\t' { TAB } else { 1 }).sum()
}

/// The longest line of code that has brackets, in which it could be broken, and neither a string nor a comment, which
/// cannot.
fn longest(file: &SourceFile) -> usize {
    let text = file.text();
    let mut candidates: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let code = line.trim_end();
        if of(code) > DEFAULT && code.contains(['(', '[', '{']) {
            candidates.push((at, code));
        }
        at += line.len();
    }
    if candidates.is_empty() {
        return 0;
    }
    let rigid: Vec<_> = file
        .nodes()
        .into_iter()
        .filter(|n| n.is_any(&["string", "comment"]))
        .map(Node::range)
        .collect();
    candidates
        .into_iter()
        .filter(|(start, code)| {
            let end = start + code.len();
            !rigid.iter().any(|r| r.start < end && *start < r.end)
        })
        .map(|(_, code)| of(code))
        .max()
        .unwrap_or(0)
}
