//! The findings of a file, held back so that hints do not flood it.

use super::{Diagnostic, Snapshot};
use crate::analysis::Match;
use crate::catalog::Severity;

/// The lines that a person sees at once.
const SCREENFUL: usize = 40;

/// The findings in source order. Hints are rationed: at most one on a line and at most `max_hints` in any
/// 40 consecutive lines; the earlier ones stay. Everything more serious is always there.
pub fn diagnostics(snapshot: &Snapshot, max_hints: usize) -> Vec<Diagnostic> {
    let mut ration = Ration::new(snapshot.file.text(), max_hints);
    snapshot
        .findings()
        .filter(|m| m.severity != Severity::Hint || ration.grants(m.range.start))
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
        message: found.message(catalog, snapshot.file.text()),
        unnecessary: pattern.unnecessary,
        related: found.related.clone(),
    }
}

/// Counts hints by line; must be asked in source order.
struct Ration<'t> {
    text: &'t str,
    max_hints: usize,
    /// The last byte asked about and its line.
    place: (usize, usize),
    /// The lines of the granted hints, ascending.
    granted: Vec<usize>,
}

impl<'t> Ration<'t> {
    fn new(text: &'t str, max_hints: usize) -> Self {
        Self {
            text,
            max_hints,
            place: (0, 0),
            granted: Vec::new(),
        }
    }

    fn grants(&mut self, offset: usize) -> bool {
        let between = self.text.get(self.place.0..offset).unwrap_or_default();
        let line = self.place.1 + between.matches('\n').count();
        self.place = (offset, line);
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
