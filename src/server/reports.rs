//! What a document's diagnostics look like on the wire.
//!
//! A report names every finding of the file, and a keystroke changes few of them. So each one is kept as JSON text with
//! holes where the lines belong.

use tower_lsp::ls_types::Diagnostic;

use crate::analysis::Match;
use crate::ide::Snapshot;
use crate::ide::diagnostics::Made;

/// The diagnostics of one version of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Names this set of diagnostics, so that a client can ask whether it has changed.
    pub id: String,
    /// The diagnostics: a JSON array.
    pub items: String,
}

impl Report {
    /// Without diagnostics.
    pub fn empty() -> Self {
        Reports::joined(&[])
    }

    /// The same with more diagnostics, which belong to no version.
    pub fn with(mut self, more: &[Diagnostic]) -> Self {
        // No diagnostic fails to be written; one that did would only be missing.
        let texts = more.iter().filter_map(|d| serde_json::to_string(d).ok());
        for text in texts {
            self.items.pop();
            if self.items.len() > 1 {
                self.items.push(',');
            }
            self.items.push_str(&text);
            self.items.push(']');
            let before = u64::from_str_radix(&self.id, 16).unwrap_or_default();
            self.id = format!("{:016x}", hashed(before, &text));
        }
        self
    }

    /// The same for the protocol's library.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        // They were made of nothing else.
        serde_json::from_str(&self.items).unwrap_or_default()
    }
}

/// The diagnostics of a document, kept while its versions follow each other.
#[derive(Debug, Default)]
pub struct Reports {
    made: Made<Fragment>,
}

impl Reports {
    /// The report about a version. `shown_elsewhere` and `make` are asked only about diagnostics that are new.
    pub fn report(
        &mut self,
        snapshot: &Snapshot,
        max_hints: usize,
        shown_elsewhere: &dyn Fn(&Match) -> bool,
        make: impl Fn(crate::ide::Diagnostic) -> Diagnostic,
    ) -> Report {
        let shown = self
            .made
            .shown(snapshot, max_hints, shown_elsewhere, |found, line| {
                Fragment::new(&make(found), line)
            });
        Self::joined(&shown)
    }

    fn joined(shown: &[(usize, &Fragment)]) -> Report {
        let length: usize = shown
            .iter()
            .map(|(_, fragment)| fragment.text.len() + 16)
            .sum();
        let mut items = String::with_capacity(length + 2);
        let mut id = shown.len() as u64;
        items.push('[');
        for (index, (line, fragment)) in shown.iter().enumerate() {
            if index > 0 {
                items.push(',');
            }
            fragment.write(*line, &mut items);
            id = mixed(mixed(id, fragment.hash), *line as u64);
        }
        items.push(']');
        Report {
            id: format!("{id:016x}"),
            items,
        }
    }
}

/// What stands before a line in JSON text.
const LINE: &str = r#""line":"#;

/// A diagnostic as JSON text without its lines.
#[derive(Debug)]
struct Fragment {
    text: String,
    /// Where lines belong in the text, each with its distance to the line that they are counted from (which may be
    /// negative, as wrapping arithmetic has it).
    lines: Vec<(usize, u32)>,
    hash: u64,
}

impl Fragment {
    fn new(diagnostic: &Diagnostic, base: usize) -> Self {
        // No diagnostic fails to be written; one that did would only be missing.
        let whole = serde_json::to_string(diagnostic).unwrap_or_default();
        let mut fragment = Self {
            text: String::with_capacity(whole.len()),
            lines: Vec::new(),
            hash: 0,
        };
        // Nothing but a position has a line, and inside of a string the quotes would be escaped.
        let mut parts = whole.split(LINE);
        fragment.text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let digits = part.bytes().take_while(u8::is_ascii_digit).count();
            let (line, rest) = part.split_at(digits);
            let line: u32 = line.parse().unwrap_or_default();
            fragment.text.push_str(LINE);
            let hole = (fragment.text.len(), line.wrapping_sub(low(base)));
            fragment.lines.push(hole);
            fragment.text.push_str(rest);
        }
        let lines = fragment.lines.iter().map(|(_, line)| u64::from(*line));
        fragment.hash = lines.fold(hashed(0, &fragment.text), mixed);
        fragment
    }

    fn write(&self, base: usize, into: &mut String) {
        let mut number = itoa::Buffer::new();
        let mut from = 0;
        for (at, line) in &self.lines {
            into.push_str(&self.text[from..*at]);
            into.push_str(number.format(line.wrapping_add(low(base))));
            from = *at;
        }
        into.push_str(&self.text[from..]);
    }
}

/// A line as the protocol counts: no file has more than fit.
fn low(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

/// Adds a text to a hash.
fn hashed(hash: u64, text: &str) -> u64 {
    let words = text.as_bytes().chunks(8).map(|chunk| {
        let bytes = chunk.iter().rev();
        bytes.fold(0, |word, byte| word << 8 | u64::from(*byte))
    });
    words.fold(hash, mixed)
}

/// Adds a word to a hash: the step of FNV-1a with a rotation, on words instead of bytes.
fn mixed(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(23) ^ word).wrapping_mul(0x0100_0000_01b3 | 1 << 63)
}

#[cfg(test)]
mod tests {
    use tower_lsp::ls_types::{
        DiagnosticRelatedInformation, DiagnosticTag, Location, Position, Range,
    };

    use super::*;

    fn diagnostic(line: u32) -> Diagnostic {
        let range = |line| Range::new(Position::new(line, 4), Position::new(line + 2, 0));
        let uri = "file:///a.py".parse().unwrap();
        Diagnostic {
            message: "says \"line\": 3, and é\n".to_owned(),
            tags: Some(vec![DiagnosticTag::UNNECESSARY]),
            related_information: Some(vec![DiagnosticRelatedInformation {
                location: Location::new(uri, range(line - 3)),
                message: String::new(),
            }]),
            ..Diagnostic::new_simple(range(line), String::new())
        }
    }

    #[test]
    fn a_fragment_is_the_diagnostic_wherever_its_segment_moves() {
        let fragment = Fragment::new(&diagnostic(12), 10);
        for base in [10, 1, 1_000_001] {
            let report = Reports::joined(&[(base, &fragment), (base, &fragment)]);
            let expected = diagnostic(low(base) + 2);
            assert_eq!(report.diagnostics(), [expected.clone(), expected]);
        }
    }

    #[test]
    fn reports_that_differ_have_different_names() {
        let (one, two) = (
            Fragment::new(&diagnostic(12), 10),
            Fragment::new(&diagnostic(13), 10),
        );
        let shown: [&[(usize, &Fragment)]; 7] = [
            &[],
            &[(1, &one)],
            &[(2, &one)],
            &[(1, &two)],
            &[(1, &one), (1, &one)],
            &[(1, &one), (1, &two)],
            &[(1, &two), (1, &one)],
        ];
        let ids: std::collections::HashSet<String> = shown
            .iter()
            .map(|shown| Reports::joined(shown).id)
            .collect();
        assert_eq!(ids.len(), shown.len());
        let more = [diagnostic(12), diagnostic(13)];
        for number in 1..=2 {
            let with = Reports::joined(&[(10, &one)]).with(&more[..number]);
            assert!(!ids.contains(&with.id));
            assert_eq!(with.diagnostics().len(), 1 + number);
        }
        assert_eq!(Report::empty().with(&more).diagnostics(), more);
        assert_eq!(Report::empty().with(&[]), Report::empty());
        assert_eq!(Report::empty().items, "[]");
    }
}
