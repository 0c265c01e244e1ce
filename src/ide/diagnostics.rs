//! The findings of a file, held back so that hints do not flood it.

use rustc_hash::FxHashMap as HashMap;

use super::{Diagnostic, Snapshot};
use crate::analysis::{Match, Slot};
use crate::catalog::{PatternIndex, Severity};

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
    let mut made = Made::default();
    let shown = made.shown(snapshot, max_hints, shown_elsewhere, |diagnostic, _| {
        diagnostic
    });
    shown
        .into_iter()
        .map(|(_, diagnostic)| diagnostic.clone())
        .collect()
}

/// What is made of the findings of a file, and kept while its versions follow each other: only what is new is made.
#[derive(Debug)]
pub struct Made<T> {
    segments: HashMap<Slot, Segment<T>>,
}

/// What is made of the findings of one segment.
#[derive(Debug)]
struct Segment<T> {
    /// The search that found them; `None` if this must be made anew each time.
    search: Option<u64>,
    findings: Vec<Finding<T>>,
}

#[derive(Debug)]
struct Finding<T> {
    /// Its place in the segment.
    index: usize,
    /// What findings are sorted by, with bytes counted from the segment's start.
    order: (usize, usize, PatternIndex),
    /// Its line, counted from the segment's first one; it may be before that, as wrapping arithmetic has it.
    line: usize,
    severity: Severity,
    made: T,
}

impl<T> Default for Made<T> {
    fn default() -> Self {
        Self {
            segments: HashMap::default(),
        }
    }
}

impl<T> Made<T> {
    /// What is made of each of the [`diagnostics`], with the first line of the segment that it stands in. `make` is given
    /// that line too: as long as nothing but that line changes, neither it nor `shown_elsewhere` is asked again.
    pub fn shown(
        &mut self,
        snapshot: &Snapshot,
        max_hints: usize,
        shown_elsewhere: &dyn Fn(&Match) -> bool,
        mut make: impl FnMut(Diagnostic, usize) -> T,
    ) -> Vec<(usize, &T)> {
        let (file, results) = (&snapshot.file, &snapshot.results);
        let reported = results.reported(file);
        for segment in &reported {
            let known = self.segments.get(&segment.slot);
            if known.is_some_and(|known| known.search.is_some() && known.search == segment.search) {
                continue;
            }
            let findings = results.findings_in(file, &snapshot.catalog, *segment);
            let findings = findings.iter().map(|(index, found)| {
                let (start, end, pattern) = found.order();
                let back = |byte: usize| byte.wrapping_sub(segment.start);
                let mut diagnostic = diagnostic(snapshot, found);
                if shown_elsewhere(found) {
                    diagnostic.severity = Severity::Hint;
                }
                Finding {
                    index: *index,
                    order: (back(start), back(end), pattern),
                    line: file.line_of(start).wrapping_sub(segment.line),
                    severity: diagnostic.severity,
                    made: make(diagnostic, segment.line),
                }
            });
            let made = Segment {
                search: segment.search,
                findings: findings.collect(),
            };
            self.segments.insert(segment.slot, made);
        }
        if self.segments.len() > 2 * reported.len() {
            let live = |slot: &Slot| reported.iter().any(|segment| segment.slot == *slot);
            self.segments.retain(|slot, _| live(slot));
        }
        let mut shown: Vec<_> = reported
            .iter()
            .filter_map(|segment| Some((segment, self.segments.get(&segment.slot)?)))
            .flat_map(|(segment, made)| made.findings.iter().map(move |one| (segment, one)))
            .filter(|(segment, one)| !results.is_beaten(segment.slot, one.index))
            .collect();
        shown.sort_by_key(|(segment, one)| {
            let (start, end, pattern) = one.order;
            let absolute = |byte: usize| byte.wrapping_add(segment.start);
            (absolute(start), absolute(end), pattern)
        });
        let mut ration = Ration::new(max_hints);
        shown.retain(|(segment, one)| {
            one.severity != Severity::Hint || ration.grants(segment.line.wrapping_add(one.line))
        });
        shown
            .into_iter()
            .map(|(segment, one)| (segment.line, &one.made))
            .collect()
    }
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
