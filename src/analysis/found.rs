//! What a pattern found in a file.

use std::ops::Range;

use super::source_file::SourceFile;
use crate::catalog::{Catalog, PatternIndex, Safety, Severity};

/// A place that a pattern reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The pattern, as a place in [`crate::catalog::Catalog::patterns`].
    pub pattern: PatternIndex,
    /// The reported range, in bytes of the file.
    pub range: Range<usize>,
    /// Where the hover shows: the callee of a call, the header of a definition; inside `range`.
    pub anchor: Range<usize>,
    /// How serious it is here.
    pub severity: Severity,
    /// The message variant of the pattern that fits here; `None` for the usual message.
    pub variant: Option<&'static str>,
    /// What the check found out, for messages, remarks and fixes. A name may occur several times.
    pub captures: Vec<(&'static str, Capture)>,
    /// The most that a fix may be trusted here.
    pub fix_limit: FixLimit,
    /// Other places that belong to it, each with a plain line of text.
    pub related: Vec<(Range<usize>, String)>,
    /// Matches of the same range that this one speaks for; their fixes are offered with its own.
    pub absorbed: Vec<Match>,
}

/// A thing that a check found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Capture {
    /// A node, by its byte range in the file.
    Range(Range<usize>),
    /// A text that is not in the file.
    Text(String),
}

/// The most that a fix may be trusted at one match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixLimit {
    /// Offered, with no more than this safety.
    Offered(Safety),
    /// Not offered; the reason is shown to people who ask for it.
    Withheld(&'static str),
}

impl Match {
    /// What matches are sorted by: where they start, then where they end, then by pattern.
    pub fn order(&self) -> (usize, usize, PatternIndex) {
        (self.range.start, self.range.end, self.pattern)
    }

    /// All ranges that it names.
    pub(super) fn ranges(&self) -> impl Iterator<Item = &Range<usize>> {
        let captures = self
            .captures
            .iter()
            .filter_map(|(_, capture)| match capture {
                Capture::Range(range) => Some(range),
                Capture::Text(_) => None,
            });
        let related = self.related.iter().map(|(range, _)| range);
        [&self.range, &self.anchor]
            .into_iter()
            .chain(captures)
            .chain(related)
    }

    /// The same with every byte counted from another start; `by` may be negative, as wrapping arithmetic has it.
    pub(super) fn shifted(&self, by: usize) -> Self {
        let shift = |range: &mut Range<usize>| {
            *range = range.start.wrapping_add(by)..range.end.wrapping_add(by);
        };
        let mut shifted = self.clone();
        shift(&mut shifted.range);
        shift(&mut shifted.anchor);
        for (_, capture) in &mut shifted.captures {
            if let Capture::Range(range) = capture {
                shift(range);
            }
        }
        for (range, _) in &mut shifted.related {
            shift(range);
        }
        shifted.absorbed = self.absorbed.iter().map(|one| one.shifted(by)).collect();
        shifted
    }

    /// The first capture of that name that is a range.
    pub fn capture(&self, name: &str) -> Option<Range<usize>> {
        self.captures(name).next()
    }

    /// All captures of that name that are ranges, in the order they were found.
    pub fn captures<'m>(&'m self, name: &'m str) -> impl Iterator<Item = Range<usize>> + 'm {
        self.captures
            .iter()
            .filter(move |(n, _)| *n == name)
            .filter_map(|(_, capture)| match capture {
                Capture::Range(range) => Some(range.clone()),
                Capture::Text(_) => None,
            })
    }

    /// What the first capture of that name reads: the text given, or the file's text of the range.
    pub fn capture_text<'s>(&'s self, name: &str, file: &'s SourceFile) -> Option<&'s str> {
        self.captures
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, capture)| match capture {
                Capture::Range(range) => file.slice(range.clone()),
                Capture::Text(text) => text,
            })
    }

    /// The pattern's message for this place, captures filled in.
    pub fn message(&self, catalog: &Catalog, file: &SourceFile) -> String {
        let pattern = &catalog.patterns[self.pattern];
        let template = self
            .variant
            .and_then(|name| pattern.variants.get(name))
            .unwrap_or(&pattern.message);
        self.fill(template, file)
    }

    /// What the hover says about this place, captures filled in; empty if the pattern has nothing to say.
    pub fn remark(&self, catalog: &Catalog, file: &SourceFile) -> String {
        self.fill(&catalog.patterns[self.pattern].remark, file)
    }

    /// Replaces `{name}` by what that capture reads; an unknown name stays as it is.
    fn fill(&self, template: &str, file: &SourceFile) -> String {
        let mut filled = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let known = after
                .split_once('}')
                .and_then(|(name, tail)| Some((self.capture_text(name, file)?, tail)));
            if let Some((text, tail)) = known {
                filled.push_str(text);
                rest = tail;
            } else {
                filled.push('{');
                rest = after;
            }
        }
        filled + rest
    }
}
