//! What is known about ruff in the same editor.
//!
//! The protocol shows no server what another one reports. Clients send the diagnostics of all of them along when they ask
//! for actions, though: that tells that ruff runs, what it selects, and what it has said about a line.

use std::collections::{BTreeSet, HashMap, HashSet};

use tower_lsp::ls_types::{Diagnostic, NumberOrString, Uri};

/// What ruff was seen to report.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    runs: bool,
    rules: BTreeSet<String>,
    /// Rules with the text of a line, by document. The text and not the number, so that other edits do no harm.
    lines: HashMap<Uri, HashSet<(String, String)>>,
}

impl Seen {
    /// Whether ruff runs in this editor.
    pub fn runs(&self) -> bool {
        self.runs
    }

    /// What is left of this after ruff's settings may have changed: only that it runs.
    pub fn outdated(&self) -> Self {
        Self {
            runs: self.runs,
            ..Self::default()
        }
    }

    /// Whether ruff was seen to report a rule anywhere.
    pub fn selects(&self, rule: &str) -> bool {
        self.rules.contains(rule)
    }

    /// Whether ruff was seen to report a rule on a line of this text.
    pub fn reports(&self, uri: &Uri, rule: &str, line: &str) -> bool {
        let lines = self.lines.get(uri);
        lines.is_some_and(|lines| lines.contains(&(rule.to_owned(), line.trim().to_owned())))
    }

    /// Notes what a client shows for a document; `text_of` gives the text of a line. True if something in it is new.
    pub fn note(
        &mut self,
        uri: &Uri,
        shown: &[Diagnostic],
        text_of: &dyn Fn(u32) -> Option<String>,
    ) -> bool {
        let mut new = false;
        for diagnostic in shown {
            let Some(NumberOrString::String(rule)) = &diagnostic.code else {
                continue;
            };
            if !is_ruff(diagnostic) {
                continue;
            }
            new |= !std::mem::replace(&mut self.runs, true);
            new |= self.rules.insert(rule.clone());
            if let Some(line) = text_of(diagnostic.range.start.line) {
                let lines = self.lines.entry(uri.clone()).or_default();
                new |= lines.insert((rule.clone(), line.trim().to_owned()));
            }
        }
        new
    }

    /// Forgets the lines of a document.
    pub fn forget(&mut self, uri: &Uri) {
        self.lines.remove(uri);
    }
}

/// Whether a diagnostic comes from ruff.
pub fn is_ruff(diagnostic: &Diagnostic) -> bool {
    let source = diagnostic.source.as_deref();
    source.is_some_and(|source| source.eq_ignore_ascii_case("ruff"))
}
