//! The findings of a file, held back so that hints do not flood it.

use super::{Diagnostic, Snapshot};
use crate::analysis::Match;
use crate::catalog::Severity;

/// The lines that a person sees at once.
const SCREENFUL: usize = 40;

/// The findings in source order. What the same editor shows elsewhere already, because another linter reports it, is no
/// more than a hint. Hints are rationed: at most one on a line and at most `max_hints` in any 40 consecutive lines; the
/// earlier ones stay. Everything more serious is always there.
pub fn diagnostics(
    snapshot: &Snapshot,
    max_hints: usize,
    shown_elsewhere: &dyn Fn(&Match) -> bool,
) -> Vec<Diagnostic> {
    let mut ration = Ration::new(max_hints);
    let mut findings = snapshot.findings();
    for found in &mut findings {
        if shown_elsewhere(found) {
            found.severity = Severity::Hint;
        }
    }
    findings
        .iter()
        .filter(|m| {
            m.severity != Severity::Hint || ration.grants(snapshot.file.line_of(m.range.start))
        })
        .map(|m| diagnostic(snapshot, m))
        .collect()
}

fn diagnostic(snapshot: &Snapshot, found: &Match) -> Diagnostic {
    let catalog = &snapshot.catalog;
    let pattern = &catalog.patterns[found.pattern];
    Diagnostic {
        range: found.range.clone(),
        severity: found.severity,
        pattern: pattern.id.clone(),
        question: catalog.question_of(found.pattern).id.clone(),
        message: found.message(catalog, &snapshot.file),
        unnecessary: pattern.unnecessary,
        related: found.related.clone(),
    }
}

/// Counts hints by line; must be asked in source order.
struct Ration {
    max_hints: usize,
    /// The lines of the granted hints, ascending.
    granted: Vec<usize>,
}

impl Ration {
    fn new(max_hints: usize) -> Self {
        Self {
            max_hints,
            granted: Vec::new(),
        }
    }

    fn grants(&mut self, line: usize) -> bool {
        let on_screen = self
            .granted
            .iter()
            .rev()
            .take_while(|&&granted| granted + SCREENFUL > line)
            .count();
        let granted = self.granted.last() != Some(&line) && on_screen < self.max_hints;
        if granted {
            self.granted.push(line);
        }
        granted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::testing::snapshot;

    /// The lines (from 1) and patterns that are shown.
    fn shown(text: &str, max_hints: usize) -> Vec<(usize, String)> {
        diagnostics(&snapshot(text), max_hints, &|_| false)
            .into_iter()
            .map(|d| (text[..d.range.start].matches('\n').count() + 1, d.pattern))
            .collect()
    }

    #[test]
    fn mentions_are_no_diagnostics_and_messages_are_filled_in() {
        let found = diagnostics(&snapshot("assert x\nassert True\n"), 5, &|_| false);
        let messages: Vec<&str> = found.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(
            messages,
            ["`assert True` never fails: remove it or test something."]
        );
        assert_eq!(found[0].severity, Severity::Warning);
        assert_eq!(found[0].question, "assert-or-raise");
    }

    #[test]
    fn a_comment_silences_its_line_or_the_file() {
        let text = "assert True  # hotseat: ignore\nassert True\n";
        assert_eq!(shown(text, 5), [(2, "assert-true".to_owned())]);
        let text = "assert True\n# hotseat: ignore-file\n";
        assert_eq!(shown(text, 5), []);
    }

    #[test]
    fn a_line_has_one_hint_and_any_number_of_the_others() {
        let text = "y = [not not a, not not b]\nassert True; z = not not c; assert True\n";
        let expected = [
            (1, "double-not"),
            (2, "assert-true"),
            (2, "double-not"),
            (2, "assert-true"),
        ];
        assert_eq!(
            shown(text, 5),
            expected.map(|(line, id)| (line, id.to_owned()))
        );
    }

    #[test]
    fn forty_lines_have_no_more_hints_than_allowed() {
        let text = "y = not not x\n".repeat(100);
        let lines: Vec<usize> = shown(&text, 2).into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [1, 2, 41, 42, 81, 82]);
        assert_eq!(shown(&text, 0), []);
    }

    #[test]
    fn what_another_linter_shows_is_a_hint_and_counts_as_one() {
        let text = "assert True; y = not not x\nassert True\nassert True\n";
        let snapshot = snapshot(text);
        let is_assert = |m: &Match| snapshot.catalog.patterns[m.pattern].id == "assert-true";
        let shown = diagnostics(&snapshot, 2, &is_assert);
        let shown = shown.iter().map(|d| (d.range.start, d.severity));
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [(0, Severity::Hint), (27, Severity::Hint)]
        );
    }
}
