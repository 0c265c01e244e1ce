//! What a person sees, as plain data: byte ranges and strings, no LSP types, no clock, no disk.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::analysis::{Engine, FileSettings, Match, Results, Search, SourceFile, is_generated};
use crate::catalog::{Catalog, FixKind, PatternIndex, Severity};
use crate::text::edit::TextEdit;

pub mod code_actions;
pub mod code_lenses;
pub mod diagnostics;
pub mod hover;
pub mod pages;
pub mod render;
#[cfg(test)]
mod testing;

/// How much is shown without being asked for. Hovers and code actions are always there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preset {
    /// A lens per question, and findings.
    #[default]
    Learn,
    /// One summary lens on line 1, no findings.
    Quiet,
    /// Nothing.
    Off,
}

/// One file at one moment with everything that was found in it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The parsed file.
    pub file: Arc<SourceFile>,
    /// The questions.
    pub catalog: Arc<Catalog>,
    /// What the project says about this file.
    pub settings: Arc<FileSettings>,
    results: Arc<Results>,
}

impl Snapshot {
    /// Parses `text` and runs every pattern over it. `path` is only a name. A file that says it is generated becomes
    /// read-only, whatever the settings say.
    pub fn new(engine: &Engine, path: &Path, text: &str, settings: Arc<FileSettings>) -> Self {
        Self::with_patterns(engine, path, text, settings, &|_| true)
    }

    /// As [`Snapshot::new`], with only those patterns for which `enabled` holds.
    pub fn with_patterns(
        engine: &Engine,
        path: &Path,
        text: &str,
        mut settings: Arc<FileSettings>,
        enabled: &dyn Fn(PatternIndex) -> bool,
    ) -> Self {
        if !settings.read_only && is_generated(text) {
            Arc::make_mut(&mut settings).read_only = true;
        }
        let file = SourceFile::parse(path, text);
        let search = Search {
            engine,
            settings: &settings,
            enabled,
        };
        Self {
            results: Arc::new(Results::of(search, &file)),
            file: Arc::new(file),
            catalog: Arc::clone(engine.catalog()),
            settings,
        }
    }

    /// The same file after changes, each to the text behind the one before it. With every pattern. What nobody else holds
    /// is changed in place.
    pub fn edited(mut self, engine: &Engine, edits: &[TextEdit]) -> Self {
        let file = Arc::make_mut(&mut self.file);
        let results = Arc::make_mut(&mut self.results);
        let search = Search {
            engine,
            settings: &self.settings,
            enabled: &|_| true,
        };
        for edit in edits {
            let (changes, names) = file.edit(edit);
            results.update(search, file, &changes, &names);
        }
        self
    }

    /// All matches, mentions too, sorted by where they start.
    pub fn matches(&self) -> Vec<Match> {
        self.results.all(&self.file)
    }

    /// The matches of patterns that report a problem, in the same order.
    pub fn findings(&self) -> Vec<Match> {
        self.results.findings(&self.file, &self.catalog)
    }

    /// The matches that touch a range of bytes, in the same order.
    pub fn touching(&self, range: &Range<usize>) -> Vec<Match> {
        self.results.touching(&self.file, range)
    }
}

/// A hover box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// The bytes it explains.
    pub range: Range<usize>,
    /// The text, Markdown.
    pub markdown: String,
    /// The question it links to.
    pub question: String,
}

/// A line above a definition that leads to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    /// The bytes whose line it belongs to: the header of the `def` or `class`, or line 1.
    pub range: Range<usize>,
    /// What it says.
    pub title: String,
    /// The question it opens.
    pub question: String,
}

/// A finding as an editor shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The underlined bytes.
    pub range: Range<usize>,
    /// How serious it is.
    pub severity: Severity,
    /// The pattern's id.
    pub pattern: String,
    /// The question whose page explains it.
    pub question: String,
    /// One plain line.
    pub message: String,
    /// Dead code, to be greyed out.
    pub unnecessary: bool,
    /// Other places that belong to it.
    pub related: Vec<(Range<usize>, String)>,
}

/// Which actions a client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    /// `quickfix`
    QuickFix,
    /// `refactor.rewrite`
    Refactor,
    /// `source.fixAll.hotseat`
    FixAll,
    /// An action that opens something instead of editing; shown without a kind filter only.
    Open,
}

impl From<FixKind> for ActionKind {
    fn from(kind: FixKind) -> Self {
        match kind {
            FixKind::QuickFix => Self::QuickFix,
            FixKind::Refactor => Self::Refactor,
        }
    }
}

/// An entry of the code action menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What the menu says.
    pub title: String,
    /// Which menu it belongs to.
    pub kind: ActionKind,
    /// What it does.
    pub effect: ActionEffect,
    /// The one that the editor's "fix" key applies.
    pub preferred: bool,
    /// The pattern it answers to and the reported range, to tie it to its diagnostic.
    pub fixes: Option<(String, Range<usize>)>,
}

/// What an action does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionEffect {
    /// Changes this file.
    Edit(Vec<TextEdit>),
    /// Opens a question's page.
    OpenQuestion(String),
    /// Nothing: it is shown greyed out with the reason.
    Disabled(String),
}
