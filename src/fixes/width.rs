//! How long the lines of a file may be.

use crate::analysis::{FileSettings, SourceFile};

/// What formatters allow where nobody says otherwise.
const DEFAULT: usize = 88;

/// How many columns a line may have: as many as the project says, else as many as formatters allow; or, where it does not
/// say, as many as the longest line that a formatter would have broken.
pub fn allowed(file: &SourceFile, settings: &FileSettings) -> usize {
    settings
        .line_length
        .unwrap_or_else(|| file.longest_breakable_line().max(DEFAULT))
}

/// How many columns a line may have in any case: what [`allowed`] never falls below. Known without a look at the file.
pub fn always_allowed(settings: &FileSettings) -> usize {
    settings.line_length.unwrap_or(DEFAULT)
}
