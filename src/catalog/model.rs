//! The typed form of a question file: what reading produces and everything else uses.
//!
//! All positions here are 1-based line numbers in the question file, kept so that an error or a link can point at
//! the place in the content.

use std::collections::HashMap;
use std::path::PathBuf;

/// All questions that are loaded, with their patterns flattened into one table.
#[derive(Debug, Default)]
pub struct Catalog {
    /// The questions in the order they are asked: by `order`, then by id.
    pub questions: Vec<Question>,
    /// Every pattern of every question; [`PatternIndex`] points in here.
    pub patterns: Vec<Pattern>,
    pub(super) questions_by_id: HashMap<String, usize>,
    pub(super) patterns_by_id: HashMap<String, PatternIndex>,
}

/// The place of a pattern in [`Catalog::patterns`].
pub type PatternIndex = usize;

impl Catalog {
    /// The question with this id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions_by_id
            .get(id)
            .map(|&index| &self.questions[index])
    }

    /// The place of the pattern with this id.
    pub fn pattern_index(&self, id: &str) -> Option<PatternIndex> {
        self.patterns_by_id.get(id).copied()
    }

    /// The question that a pattern belongs to.
    pub fn question_of(&self, pattern: PatternIndex) -> &Question {
        &self.questions[self.patterns[pattern].question]
    }
}

/// One interview question: its prose, and the patterns that link it to code.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// The stable id, which is also the file's name: `gather-vs-wait`.
    pub id: String,
    /// The file it was read from: `content/questions/…` when embedded, as given when read from disk.
    pub path: PathBuf,
    /// The key of its section, which is also the folder's name: `async-programming`.
    pub section: String,
    /// Its place in the curriculum, from 1.
    pub order: u32,
    /// `junior`, `mid`, `senior`, or a range of two such as `junior–mid`.
    pub level: String,
    /// Search words.
    pub tags: Vec<String>,
    /// Practice topics it belongs to.
    pub topics: Vec<String>,
    /// Raised when the answer changes, so that practice can say so.
    pub revision: u32,
    /// The id of the coding exercise that goes with it.
    pub exercise: Option<String>,
    /// Documentation pages.
    pub links: Vec<String>,
    /// The question as it is asked (the file's title), Markdown.
    pub title: String,
    /// The short answer that the hover shows, Markdown.
    pub short_answer: String,
    /// The full answer, Markdown.
    pub answer: String,
    /// What a good answer contains, one Markdown line each.
    pub key_points: Vec<String>,
    /// Why it matters in LLM work, Markdown.
    pub llm_context: String,
    /// What people get wrong, one Markdown line each.
    pub mistakes: Vec<String>,
    /// What the interviewer asks next.
    pub follow_ups: Vec<FollowUp>,
    /// Widespread claims that are wrong, with code that proves it.
    pub corrections: Vec<Correction>,
    /// Its patterns, as places in [`Catalog::patterns`].
    pub patterns: Vec<PatternIndex>,
}

/// A follow-up question and its answer, Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// The question (a third-level heading).
    pub question: String,
    /// The answer (the prose below the heading).
    pub answer: String,
}

/// A widespread claim and what is true instead.
#[derive(Debug, Clone)]
pub struct Correction {
    /// The claim (a third-level heading).
    pub claim: String,
    /// Everything below the heading as written, Markdown.
    pub body: String,
    /// The runnable scripts in the body.
    pub scripts: Vec<Script>,
}

/// A Python script in a correction together with what it prints.
#[derive(Debug, Clone)]
pub struct Script {
    /// The line of its opening fence.
    pub line: u32,
    /// The Python source.
    pub source: String,
    /// What it prints to standard output; `None` if the content does not say.
    pub output: Option<String>,
    /// The Python versions for which the output holds (`3.12`); empty means every supported one.
    pub versions: Vec<PythonVersion>,
}

/// A Python minor version such as 3.11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PythonVersion {
    /// The part before the dot.
    pub major: u8,
    /// The part after the dot.
    pub minor: u8,
}

impl PythonVersion {
    /// The version that is assumed when a project does not name one.
    pub const DEFAULT: Self = Self {
        major: 3,
        minor: 11,
    };
}

impl std::str::FromStr for PythonVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a Python version such as `3.12`");
        let (major, minor) = text.split_once('.').ok_or_else(wrong)?;
        Ok(Self {
            major: major.parse().map_err(|_| wrong())?,
            minor: minor.parse().map_err(|_| wrong())?,
        })
    }
}

impl std::fmt::Display for PythonVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// How loudly a pattern speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// The code contains something a question is about: hover and lens, no diagnostic.
    Mention,
    /// The code probably has a problem or a clearly better form: a diagnostic.
    Finding,
}

/// How serious a finding is. Nothing is ever an error: this is a tutor, not a compiler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Style, idiom, opportunity.
    Hint,
    /// Usually a defect, sometimes intended.
    Info,
    /// Raises or misbehaves at run time.
    Warning,
}

/// How far a fix can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Normally right, but can change results, order, laziness, types or exceptions.
    Review,
    /// Preserves behaviour, or changes only behaviour that is certainly an error.
    Safe,
}

/// What to look for in code and what to say about it.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// The stable id: `wait-on-coroutines`; mentions start with `m-`.
    pub id: String,
    /// The place of its question in [`Catalog::questions`].
    pub question: usize,
    /// The line of its heading in the question file.
    pub line: u32,
    /// Mention or finding.
    pub tier: Tier,
    /// The default severity; a check may lower or raise it for one match. Mentions have `Hint`.
    pub severity: Severity,
    /// One plain line: what happens and what to do. May contain `{capture}` placeholders. Empty for mentions.
    pub message: String,
    /// Other messages by name, chosen by the check for special situations.
    pub variants: HashMap<String, String>,
    /// What the hover says about this very place, with `{capture}` placeholders; may be empty.
    pub remark: String,
    /// The code is dead: editors grey it out.
    pub unnecessary: bool,
    /// What makes a place a candidate.
    pub trigger: Trigger,
    /// The Rust check that decides about a candidate (a file of `analysis/checks`).
    pub check: Option<String>,
    /// Silent when the project targets an older Python.
    pub min_python: Option<PythonVersion>,
    /// Other questions that this pattern leads to as well.
    pub also: Vec<String>,
    /// Patterns that stay silent where this one reports an overlapping range.
    pub wins_over: Vec<String>,
    /// Patterns that this one says as well: reported as its related information where both report the same range.
    pub absorbs: Vec<String>,
    /// Rule codes of ruff (and flake8) that say the same: for `# noqa: CODE` and for not saying it twice.
    pub rules: Vec<String>,
    /// The prose below the heading: what counts, and why, Markdown.
    pub prose: String,
    /// Code that must or must not match.
    pub cases: Vec<Case>,
    /// The fixes, the main one first.
    pub fixes: Vec<FixSpec>,
}

/// What makes a place a candidate for a pattern. At least one of the fields is set.
#[derive(Debug, Clone, Default)]
pub struct Trigger {
    /// Qualified names whose call is a candidate (`asyncio.gather`, `builtins.open`); the hit is the call.
    /// A trailing `.*` stands for every name below a module: `secrets.*`.
    pub calls: Vec<String>,
    /// Qualified names whose mention in an expression is a candidate; the hit is the name or attribute.
    pub refers: Vec<String>,
    /// Qualified names whose use as a decorator (called or not) is a candidate; the hit is the decorator.
    pub decorates: Vec<String>,
    /// Qualified names whose use as a base class (subscripted or not) or `metaclass=` is a candidate; the hit is the class.
    pub inherits: Vec<String>,
    /// A tree-sitter query; the hit runs from the first to the last node captured as `@hit`, and the hover shows from the
    /// first to the last captured as `@anchor`, if there is one.
    pub query: Option<String>,
}

/// Code with the answer it must get.
#[derive(Debug, Clone)]
pub struct Case {
    /// The line in the question file where the code starts.
    pub line: u32,
    /// What it shows: the text after `# ---`, or empty.
    pub name: String,
    /// The code, without the caret lines.
    pub source: String,
    /// The file name the code pretends to have: `snippet.py` unless stated.
    pub path: String,
    /// The target version to assume.
    pub python: Option<PythonVersion>,
    /// The ranges that must be reported, in order; empty for code that must not match.
    pub hits: Vec<ExpectedHit>,
}

/// A range that a case must report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedHit {
    /// The 0-based line in [`Case::source`].
    pub line: usize,
    /// The byte column where the range starts.
    pub start: usize,
    /// The byte column where the range ends; `None` when it goes on over the following lines.
    pub end: Option<usize>,
    /// What becomes of the pattern's first fix here; `None` when the case does not say.
    pub fix: Option<ExpectedFix>,
}

/// What becomes of a fix at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedFix {
    /// Offered with this safety.
    Offered(Safety),
    /// Not offered.
    Withheld,
}

/// A fix as the content describes it.
#[derive(Debug, Clone)]
pub struct FixSpec {
    /// The stable id: `use-default-factory`.
    pub id: String,
    /// The line of its heading in the question file.
    pub line: u32,
    /// What the menu shows, without the `(review)` that is added for review fixes.
    pub title: String,
    /// Quick fix or refactoring.
    pub kind: FixKind,
    /// The most it can be trusted; the rewrite or the match may lower it.
    pub safety: Safety,
    /// Withheld when the project targets an older Python.
    pub min_python: Option<PythonVersion>,
    /// How the edit is made.
    pub edit: FixEdit,
    /// The prose below the heading, Markdown.
    pub prose: String,
    /// Whole files before and after this one fix is applied everywhere it is offered.
    pub examples: Vec<FixExample>,
}

/// Which menu a fix belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub enum FixKind {
    /// `quickfix`.
    #[serde(rename = "quickfix")]
    QuickFix,
    /// `refactor.rewrite`.
    #[serde(rename = "refactor.rewrite")]
    Refactor,
}

/// How a fix makes its edit.
#[derive(Debug, Clone)]
pub enum FixEdit {
    /// Each captured range is replaced by a text. `{name}` is the source text of a capture, `{asyncio.create_task}`
    /// (a dotted name) is that symbol, imported the way the file does it.
    Template(Vec<(String, String)>),
    /// A Rust rewrite (a file of `fixes/rewrites`).
    Rewrite(String),
}

/// A file before and after a fix.
#[derive(Debug, Clone)]
pub struct FixExample {
    /// The line in the question file where the code before starts.
    pub line: u32,
    /// The file name the code pretends to have.
    pub path: String,
    /// The target version to assume.
    pub python: Option<PythonVersion>,
    /// The whole file before.
    pub before: String,
    /// The whole file after.
    pub after: String,
}
