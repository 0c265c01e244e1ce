//! What a person sees, as plain data: byte ranges and strings, no LSP types, no clock, no disk.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::analysis::{
    Engine, Fate, FileSettings, Match, Results, Search, SourceFile, is_generated,
};
use crate::catalog::{Catalog, FixKind, PatternIndex, Severity};
use crate::text::edit::TextEdit;

pub mod code_actions;
pub mod code_lenses;
pub mod diagnostics;
pub mod hover;
pub mod ignoring;
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

impl Preset {
    /// The preset of that name, as settings have it.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "learn" => Some(Self::Learn),
            "quiet" => Some(Self::Quiet),
            "off" => Some(Self::Off),
            _ => None,
        }
    }
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
    fate: Fate,
}

impl Snapshot {
    /// Parses `text` and runs the engine's patterns over it. `path` is only a name. A file that says it is generated becomes
    /// read-only, whatever the settings say.
    pub fn new(engine: &Engine, path: &Path, text: &str, settings: Arc<FileSettings>) -> Self {
        Self::of(engine, path, text, settings, Fate::Followed)
    }

    /// The same for a file that nobody edits, which takes less time and memory.
    pub fn once(engine: &Engine, path: &Path, text: &str, settings: Arc<FileSettings>) -> Self {
        Self::of(engine, path, text, settings, Fate::Left)
    }

    fn of(
        engine: &Engine,
        path: &Path,
        text: &str,
        mut settings: Arc<FileSettings>,
        fate: Fate,
    ) -> Self {
        if !settings.read_only && is_generated(text) {
            Arc::make_mut(&mut settings).read_only = true;
        }
        let file = SourceFile::parse(path, text);
        let search = Search {
            engine,
            settings: &settings,
            fate,
        };
        Self {
            fate,
            results: Arc::new(Results::of(search, &file)),
            file: Arc::new(file),
            catalog: Arc::clone(engine.catalog()),
            settings,
        }
    }

    /// The same file after changes, each to the text behind the one before it. What nobody else holds
    /// is changed in place.
    pub fn edited(mut self, engine: &Engine, edits: &[TextEdit]) -> Self {
        let file = Arc::make_mut(&mut self.file);
        let results = Arc::make_mut(&mut self.results);
        let search = Search {
            engine,
            settings: &self.settings,
            fate: self.fate,
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

    /// The matches of patterns that report a problem and that no comment silences, in the same order.
    pub fn findings(&self) -> Vec<Match> {
        self.results.findings(&self.file, &self.catalog)
    }

    /// The first match of each question, mentions too, in source order.
    pub fn first_of_each_question(&self) -> Vec<Match> {
        let question = |pattern: PatternIndex| self.catalog.patterns[pattern].question;
        self.results.firsts(&self.file, question)
    }

    /// Whether a pattern reports more than one problem that no comment silences.
    pub fn reports_several(&self, pattern: PatternIndex) -> bool {
        self.results
            .reports_several(&self.file, &self.catalog, pattern)
    }

    /// Whether a comment silences a match that reports a problem.
    pub fn silences(&self, found: &Match) -> bool {
        self.results.silences(&self.file, &self.catalog, found)
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

/// How the questions stand that a lens says something about, by their ids.
pub type Marks = HashMap<String, Mark>;

/// How a question stands in practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It was never asked.
    New,
    /// It is to be asked today.
    Due,
    /// It is known well, or not to be asked any more.
    Known,
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
    /// Whether the question is due: then it is better asked than opened with its answer.
    pub due: bool,
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

/// Of which entries of a menu the edits are computed with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edits<'a> {
    /// Of all.
    All,
    /// Of none where that takes time. They are computed when the person has chosen: so the menu is there at once, in any
    /// file.
    Later,
    /// Of the one that the person has chosen.
    Of(&'a Choice),
}

/// What tells the entries of a menu apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What the menu says.
    pub title: String,
    /// The pattern it answers to and the reported range.
    pub fixes: Option<(String, Range<usize>)>,
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
    /// Whether the person has to look at what it changes.
    pub review: bool,
    /// The pattern it answers to and the reported range, to tie it to its diagnostic.
    pub fixes: Option<(String, Range<usize>)>,
}

/// What an action does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionEffect {
    /// Changes this file.
    Edit(Vec<TextEdit>),
    /// Changes this file; the edits are computed when the person has chosen.
    Later,
    /// Changes what the project's `pyproject.toml` says to this program.
    Project(ProjectChange),
    /// Opens a question's page.
    OpenQuestion(String),
    /// Asks a question on the practice sheet.
    Practise(String),
    /// Nothing: it is shown greyed out with the reason.
    Disabled(String),
}

/// A change of `[tool.hotseat]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProjectChange {
    /// A pattern or check does not run any more.
    Ignore(String),
    /// It does not run in this file any more.
    IgnoreInFile(String),
    /// How much is shown.
    Preset(Preset),
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::*;
    use crate::content;

    static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
        content::engine(Some(&folder)).expect("the questions")
    });

    /// The code of all cases of the questions.
    static CASES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let engine: &'static Engine = &ENGINE;
        let patterns = engine.catalog().patterns.iter();
        let cases = patterns.flat_map(|pattern| &pattern.cases);
        cases.map(|case| case.source.as_str()).collect()
    });

    fn parsed(text: &str) -> Snapshot {
        Snapshot::new(&ENGINE, Path::new("a.py"), text, Arc::default())
    }

    /// A module of some cases; some of them inside of a class or a function.
    fn module(picked: &[(Index, u8)]) -> String {
        let mut text = String::new();
        for (case, around) in picked {
            let case = case.get(&CASES);
            match around % 4 {
                1 => {
                    text.push_str(
                        "class Around:\n    \"\"\"Some\nwords.\"\"\"\n\n    size = 1\n\n",
                    );
                }
                2 => text.push_str("async def around(self):\n"),
                _ => {}
            }
            for line in case.split_inclusive('\n') {
                let inside = matches!(around % 4, 1 | 2) && !line.trim().is_empty();
                text.push_str(if inside { "    " } else { "" });
                text.push_str(line);
            }
            if !text.ends_with('\n') {
                text.push('\n');
            }
        }
        text
    }

    fn picked(most: usize) -> impl Strategy<Value = Vec<(Index, u8)>> {
        prop::collection::vec((any::<Index>(), any::<u8>()), 1..most)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        #[test]
        fn cut_files_are_searched_like_whole_ones(picked in picked(8)) {
            let text = module(&picked);
            let whole = SourceFile::in_one_piece(Path::new("a.py"), &text);
            prop_assume!(!whole.syntax().root().has_error());
            let settings = FileSettings::default();
            let in_whole = ENGINE.matches(&whole, &settings);
            prop_assert_eq!(parsed(&text).matches(), in_whole, "{}", text);
        }

        #[test]
        fn what_is_found_follows_every_edit(
            picked in picked(5),
            edits in prop::collection::vec((any::<Index>(), 0..60usize, any::<Index>(), "(\n|\"\"\"|\\(|\\)|:|await |import asyncio\n|@|#|# hotseat: ignore\\[x\\]|# hotseat: ignore(-file)?\n|    |[a-z]|)"), 1..10),
        ) {
            let mut text = module(&picked);
            let mut snapshot = parsed(&text);
            for (at, length, case, typed) in edits {
                let clip = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
                let start = clip(at.index(text.len() + 1));
                let end = clip(start + length.saturating_sub(30));
                let typed = if length == 30 { case.get(&CASES).to_string() } else { typed };
                text.replace_range(start..end, &typed);
                snapshot = snapshot.edited(&ENGINE, &[TextEdit::replace(start..end, typed)]);
                let fresh = parsed(&text);
                prop_assert_eq!(snapshot.matches(), fresh.matches(), "{}", text);
                prop_assert_eq!(snapshot.findings(), fresh.findings(), "{}", text);
            }
        }

        #[test]
        fn what_is_found_follows_typing(picked in picked(4), typed in any::<Index>(), line in any::<Index>(), indented: bool, closes: bool) {
            let mut text = module(&picked);
            let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
            let mut at = *line.get(&starts);
            let typed = typed.get(&CASES);
            let typed = if indented { format!("    {}", typed.replace('\n', "\n    ")) } else { (*typed).to_owned() };
            let mut snapshot = parsed(&text);
            for (number, character) in typed.chars().take(160).enumerate() {
                let mut insert = character.to_string();
                // Editors close brackets themselves.
                if closes {
                    insert.extend(match character { '(' => Some(')'), '[' => Some(']'), '{' => Some('}'), _ => None });
                }
                text.insert_str(at, &insert);
                snapshot = snapshot.edited(&ENGINE, &[TextEdit::insert(at, insert)]);
                at += character.len_utf8();
                if number % 16 == 0 || number > 150 {
                    let (followed, fresh) = (snapshot.matches(), parsed(&text).matches());
                    prop_assert_eq!(followed, fresh, "{}", text);
                }
            }
        }
    }
}
