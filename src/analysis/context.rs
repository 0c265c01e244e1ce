//! What a check sees and what it answers.

use std::cell::Cell;
use std::ops::Range;

use super::found::{Capture, FixLimit};
use super::names::{Certainty, Resolution};
use super::settings::FileSettings;
use super::source_file::SourceFile;
use super::syntax::Node;
use crate::catalog::{Pattern, Safety, Severity, Tier};

/// Everything a check may look at.
pub struct Context<'t> {
    /// The file: syntax and names.
    pub file: &'t SourceFile,
    /// What the project says about the file.
    pub settings: &'t FileSettings,
    /// The pattern whose check runs.
    pub pattern: &'t Pattern,
    /// A builtin decided: with a star import in the file that is not certain.
    pub(super) relied_on_builtin: Cell<bool>,
}

impl Context<'_> {
    /// What an expression stands for, with the certainty that the pattern's tier asks for.
    pub fn resolve(&self, node: Node<'_>) -> Option<Resolution> {
        let certainty = match self.pattern.tier {
            Tier::Mention => Certainty::Any,
            Tier::Finding => Certainty::All,
        };
        let resolution = self.file.names().resolve(node, certainty)?;
        self.relied_on_builtin
            .set(self.relied_on_builtin.get() || resolution.builtin);
        Some(resolution)
    }

    /// The qualified name of an expression: `asyncio.gather`, `builtins.open`.
    pub fn qualified_name(&self, node: Node<'_>) -> Option<String> {
        self.resolve(node).map(|r| r.name)
    }

    /// Whether an expression stands for one of these qualified names.
    pub fn is_one_of(&self, node: Node<'_>, names: &[&str]) -> bool {
        self.qualified_name(node)
            .is_some_and(|name| names.contains(&name.as_str()))
    }

    /// The qualified name of what a call calls.
    pub fn callee_name(&self, call: Node<'_>) -> Option<String> {
        self.qualified_name(call.callee()?)
    }

    /// Whether a node is a call of one of these qualified names.
    pub fn calls(&self, node: Node<'_>, names: &[&str]) -> bool {
        node.callee()
            .is_some_and(|callee| self.is_one_of(callee, names))
    }
}

/// A place that a check reports.
#[derive(Debug)]
pub struct Report {
    pub(super) range: Range<usize>,
    pub(super) anchor: Option<Range<usize>>,
    pub(super) severity: Option<Severity>,
    pub(super) variant: Option<&'static str>,
    pub(super) captures: Vec<(&'static str, Capture)>,
    pub(super) fix_limit: FixLimit,
    pub(super) related: Vec<(Range<usize>, String)>,
}

impl Report {
    /// Reports a node.
    pub fn at(node: Node<'_>) -> Self {
        Self::range(node.range())
    }

    /// Reports a range of bytes.
    pub fn range(range: Range<usize>) -> Self {
        let fix_limit = FixLimit::Offered(Safety::Safe);
        Self {
            range,
            anchor: None,
            severity: None,
            variant: None,
            captures: Vec::new(),
            fix_limit,
            related: Vec::new(),
        }
    }

    /// Shows the hover here instead of on the whole range.
    pub fn anchor(mut self, range: Range<usize>) -> Self {
        self.anchor = Some(range);
        self
    }

    /// Reports with this severity instead of the pattern's own.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Uses another message of the pattern.
    pub fn variant(mut self, name: &'static str) -> Self {
        self.variant = Some(name);
        self
    }

    /// Names a node for messages, templates and rewrites.
    pub fn capture(mut self, name: &'static str, node: Node<'_>) -> Self {
        self.captures.push((name, Capture::Range(node.range())));
        self
    }

    /// Names a text for messages and remarks.
    pub fn text(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.captures.push((name, Capture::Text(text.into())));
        self
    }

    /// Trusts fixes no more than a review fix here.
    pub fn review(mut self) -> Self {
        if self.fix_limit == FixLimit::Offered(Safety::Safe) {
            self.fix_limit = FixLimit::Offered(Safety::Review);
        }
        self
    }

    /// Offers no fix here; the reason is one plain phrase.
    pub fn withhold(mut self, reason: &'static str) -> Self {
        self.fix_limit = FixLimit::Withheld(reason);
        self
    }

    /// Points at another place that belongs to the report.
    pub fn related(mut self, node: Node<'_>, text: impl Into<String>) -> Self {
        self.related.push((node.range(), text.into()));
        self
    }
}

/// What a check may answer: yes or no, one report, or several.
pub trait IntoReports {
    /// The reports about the candidate `hit`.
    fn into_reports(self, hit: Range<usize>) -> Vec<Report>;
}

impl IntoReports for bool {
    fn into_reports(self, hit: Range<usize>) -> Vec<Report> {
        if self {
            vec![Report::range(hit)]
        } else {
            Vec::new()
        }
    }
}

impl IntoReports for Option<Report> {
    fn into_reports(self, _: Range<usize>) -> Vec<Report> {
        self.into_iter().collect()
    }
}

impl IntoReports for Vec<Report> {
    fn into_reports(self, _: Range<usize>) -> Vec<Report> {
        self
    }
}
