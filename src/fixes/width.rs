//! How long the lines of a file may be.

use super::spacing::is_spaced;
use super::wrapping::Pair;
use crate::analysis::syntax::Node;
use crate::analysis::{FileSettings, SourceFile};

/// What formatters allow where nobody says otherwise.
const DEFAULT: usize = 88;

/// How many columns a line may have: as many as the project says; or, where it does not say, as many as formatters allow,
/// or as the longest line has that a formatter would have broken. Where nothing is laid out as a formatter does it, and no
/// line was ever broken or grew long, the file does not say where its lines end: then as many as it takes.
pub fn allowed(file: &SourceFile, settings: &FileSettings) -> usize {
    settings.line_length.unwrap_or_else(|| {
        let longest = file.longest_breakable_line();
        if longest > DEFAULT || is_spaced(file) || breaks_lines(file) {
            longest.max(DEFAULT)
        } else {
            usize::MAX
        }
    })
}

/// How many columns a line may have in any case: what [`allowed`] never falls below. Known without a look at the file.
pub fn always_allowed(settings: &FileSettings) -> usize {
    settings.line_length.unwrap_or(DEFAULT)
}

/// Whether the content of some brackets begins a line.
fn breaks_lines(file: &SourceFile) -> bool {
    let begins_line = |element: &Node<'_>| element.line_prefix().trim().is_empty();
    file.nodes()
        .filter_map(Pair::of)
        .any(|pair| pair.elements().iter().any(begins_line))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[track_caller]
    fn allows(text: &str, expected: usize) {
        for text in [text.to_owned(), text.replace('\n', "\r\n")] {
            let file = SourceFile::parse(Path::new("a.py"), &text);
            assert_eq!(allowed(&file, &FileSettings::default()), expected, "{text}");
        }
    }

    #[test]
    fn a_file_that_a_formatter_would_have_laid_out_so_has_its_line_length() {
        allows("", DEFAULT);
        allows("x = f(1)\n", DEFAULT);
        allows("import a\n\n\ndef f():\n    return a.b(1)\n", DEFAULT);
        allows(
            "class A:\n    x = 1\n\n    def f(self):\n        pass\n\n    # g\n    def g(self):\n        pass\n",
            DEFAULT,
        );
        allows(
            "@overload\ndef f(x: int) -> int: ...\n@overload\ndef f(x: str) -> str: ...\n",
            DEFAULT,
        );
        allows("def f(x): ...\ndef g(x): ...\n", DEFAULT);
    }

    #[test]
    fn a_file_in_another_layout_has_one_if_it_breaks_lines_or_has_long_ones() {
        allows("import a\ndef f():\n    return a.b(1)\n", usize::MAX);
        allows(
            "class A:\n    def f(self):\n        pass\n    def g(self):\n        pass\n",
            usize::MAX,
        );
        allows(
            "import a\ndef f():\n    return a.b(1,\n               2)\n",
            DEFAULT,
        );
        let long = format!("import a\ndef f():\n    return a.b({})\n", "x".repeat(90));
        allows(&long, 106);
    }
}
