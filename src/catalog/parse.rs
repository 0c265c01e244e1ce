//! Reads a question file: Markdown for the prose, TOML for the facts, fences for the code.
//!
//! The result may be incomplete; then there is at least one error that says why.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::cases::{self, CodeFacts};
use super::error::{ContentError, ContentErrorKind, closest};
use super::fields::Fields;
use super::markdown::{Block, BlockKind, Fence, Lines, outline};
use super::model::{
    Correction, FixEdit, FixExample, FixKind, FixSpec, FollowUp, Pattern, PythonVersion, Question,
    Safety, Script, Severity, Tier, Trigger,
};

/// The second-level headings of a question in their order; the last two may be left out.
const HEADINGS: [&str; 7] = [
    "Answer",
    "Key points",
    "In LLM work",
    "Common mistakes",
    "Follow-ups",
    "Corrections",
    "Patterns",
];

/// The heading that a question may do without.
const OPTIONAL_HEADING: &str = "Corrections";

/// The file name of code that does not state one.
const DEFAULT_PATH: &str = "snippet.py";

/// A file as it was read, before names are looked up.
#[derive(Debug, Default)]
pub(super) struct ParsedFile {
    /// The question, still without its patterns.
    pub(super) question: Question,
    /// The lines of the keys in the front matter.
    pub(super) keys: KeyLines,
    /// The line of the title.
    pub(super) title_line: u32,
    /// The line of the list of key points.
    pub(super) key_points_line: u32,
    /// The patterns in the order they are written.
    pub(super) patterns: Vec<ParsedPattern>,
    /// Every link in the prose with its line.
    pub(super) links: Vec<(String, u32)>,
    /// Python in the prose with the line where it starts.
    pub(super) snippets: Vec<(u32, String)>,
    /// What is wrong.
    pub(super) errors: Vec<ContentError>,
}

/// A pattern with the places of its facts.
#[derive(Debug)]
pub(super) struct ParsedPattern {
    /// The pattern.
    pub(super) pattern: Pattern,
    /// The lines of its keys.
    pub(super) keys: KeyLines,
    /// The line on which the text of the query starts.
    pub(super) query_line: u32,
    /// The lines of the keys of each fix.
    pub(super) fix_keys: Vec<KeyLines>,
    /// Whether there is a `match` fence.
    pub(super) has_match: bool,
    /// Whether there is a `no-match` fence.
    pub(super) has_no_match: bool,
}

/// The lines of the keys in a TOML block.
pub(super) type KeyLines = HashMap<String, u32>;

/// A heading with everything up to the next one of its level.
struct Part<'b> {
    title: &'b str,
    line: u32,
    blocks: &'b [Block],
}

/// Reads one file. `path` is what errors name; its stem is the id.
pub(super) fn parse(path: &Path, source: &str) -> ParsedFile {
    let source = source
        .strip_prefix('\u{feff}')
        .unwrap_or(source)
        .replace("\r\n", "\n");
    let mut reader = Reader {
        path: path.to_owned(),
        text: "",
        file: ParsedFile::default(),
        pattern: None,
    };
    path.clone_into(&mut reader.file.question.path);
    reader.file.question.id = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let Some((facts, body)) = split_front_matter(&source) else {
        reader.error(1, ContentErrorKind::NoFrontMatter);
        return reader.file;
    };
    reader.front_matter(facts);
    let first_line = Lines::new(&source, 1).at(source.len() - body.len());
    let outline = outline(body, first_line);
    reader.text = body;
    for &line in &outline.nested_fences {
        reader.error(
            line,
            ContentErrorKind::Misplaced {
                what: "an indented fence",
                reason: "fences start in the first column",
            },
        );
    }
    reader.file.links = outline.links;
    reader.document(&outline.blocks, first_line);
    reader.file
}

/// The text between the two `+++` lines, and the text after them.
fn split_front_matter(source: &str) -> Option<(&str, &str)> {
    let rest = source.strip_prefix("+++\n")?;
    if let Some(body) = rest.strip_prefix("+++\n") {
        return Some(("", body));
    }
    let (facts, body) = rest.split_once("\n+++\n")?;
    Some((facts, body))
}

struct Reader<'t> {
    path: PathBuf,
    text: &'t str,
    file: ParsedFile,
    pattern: Option<String>,
}

impl Reader<'_> {
    fn error(&mut self, line: u32, kind: ContentErrorKind) {
        self.file.errors.push(ContentError {
            path: self.path.clone(),
            line,
            pattern: self.pattern.clone(),
            kind,
        });
    }

    fn misplaced(&mut self, line: u32, what: &'static str, reason: &'static str) {
        self.error(line, ContentErrorKind::Misplaced { what, reason });
    }

    fn finish_fields(&mut self, fields: Fields<'_>) -> KeyLines {
        let (lines, errors) = fields.finish();
        for (line, kind) in errors {
            self.error(line, kind);
        }
        lines
    }

    fn required<T: Default>(
        &mut self,
        value: Option<T>,
        fields: &Fields<'_>,
        key: &'static str,
        line: u32,
    ) -> T {
        if value.is_none() && !fields.lines.contains_key(key) {
            self.error(line, ContentErrorKind::MissingKey { key, reason: "" });
        }
        value.unwrap_or_default()
    }

    fn front_matter(&mut self, text: &str) {
        let mut fields = Fields::parse(text, 2);
        let section = fields.string("section");
        let order = fields.positive("order");
        let level = fields.string("level");
        let section = self.required(section, &fields, "section", 1);
        let order = self.required(order, &fields, "order", 1);
        let level = self.required(level, &fields, "level", 1);
        let question = &mut self.file.question;
        question.section = section;
        question.order = order;
        question.level = level;
        question.tags = fields.strings("tags");
        question.topics = fields.strings("topics");
        question.revision = fields.positive("revision").unwrap_or(1);
        question.exercise = fields.string("exercise");
        question.links = fields.strings("links");
        self.file.keys = self.finish_fields(fields);
    }

    fn document(&mut self, blocks: &[Block], first_line: u32) {
        for block in blocks {
            if let BlockKind::Fence(fence) = &block.kind
                && !fence.closed
            {
                self.error(block.line, ContentErrorKind::UnclosedFence);
            }
        }
        let (before, titles) = split(blocks, 1);
        if let Some(block) = before.first() {
            self.misplaced(
                block.line,
                "text above the title",
                "the file's prose starts with `# The question`",
            );
        }
        let Some((title, others)) = titles.split_first() else {
            self.error(
                first_line,
                ContentErrorKind::Missing("the title `# The question`"),
            );
            return;
        };
        for other in others {
            self.misplaced_heading(1, other.title, other.line, "a file holds one question");
        }
        if title.title.is_empty() {
            self.error(
                title.line,
                ContentErrorKind::Missing("the text of the title"),
            );
        }
        self.file.title_line = title.line;
        title.title.clone_into(&mut self.file.question.title);
        let (short_answer, sections) = split(title.blocks, 2);
        self.file.question.short_answer =
            self.leaf(short_answer, title.line, "the short answer below the title");
        self.sections(&sections, title.line);
    }

    fn sections(&mut self, sections: &[Part<'_>], title_line: u32) {
        let mut seen = Vec::new();
        for section in sections {
            let Some(place) = HEADINGS
                .iter()
                .position(|heading| *heading == section.title)
            else {
                let suggestion = closest(section.title, HEADINGS);
                let name = format!("## {}", section.title);
                let suggestion = suggestion.map(|heading| format!("## {heading}"));
                self.error(
                    section.line,
                    ContentErrorKind::UnknownName {
                        what: "heading",
                        name,
                        suggestion,
                    },
                );
                continue;
            };
            if seen.contains(&place) {
                self.misplaced_heading(
                    2,
                    section.title,
                    section.line,
                    "it stands here a second time",
                );
                continue;
            }
            if seen.iter().any(|&earlier| earlier > place) {
                self.misplaced_heading(
                    2,
                    section.title,
                    section.line,
                    "the order is Answer, Key points, In LLM work, Common mistakes, Follow-ups, Corrections, Patterns",
                );
            }
            seen.push(place);
            self.section(section);
        }
        for (place, heading) in HEADINGS.into_iter().enumerate() {
            if !seen.contains(&place) && heading != OPTIONAL_HEADING {
                self.error(title_line, ContentErrorKind::MissingHeading(heading));
            }
        }
    }

    fn section(&mut self, section: &Part<'_>) {
        match section.title {
            "Answer" => {
                self.file.question.answer = self.leaf(section.blocks, section.line, "the answer");
            }
            "Key points" => {
                self.file.key_points_line = section.line;
                self.file.question.key_points = self.items(section);
            }
            "In LLM work" => {
                self.file.question.llm_context =
                    self.leaf(section.blocks, section.line, "the text of this part");
            }
            "Common mistakes" => self.file.question.mistakes = self.items(section),
            "Follow-ups" => self.follow_ups(section),
            "Corrections" => self.corrections(section),
            _ => self.patterns(section),
        }
    }

    fn misplaced_heading(&mut self, level: u8, title: &str, line: u32, reason: &'static str) {
        let heading = format!("{} {title}", "#".repeat(usize::from(level)));
        self.error(line, ContentErrorKind::MisplacedHeading { heading, reason });
    }

    fn reject_headings(&mut self, blocks: &[Block]) {
        for block in blocks {
            if let BlockKind::Heading(level, title) = &block.kind {
                self.misplaced_heading(
                    *level,
                    title,
                    block.line,
                    "there are no headings inside this part",
                );
            }
        }
    }

    /// The text of a part that has no parts itself.
    fn leaf(&mut self, blocks: &[Block], line: u32, what: &'static str) -> String {
        self.reject_headings(blocks);
        self.keep_snippets(blocks);
        let text = self.text_of(blocks);
        if text.is_empty() {
            self.error(line, ContentErrorKind::Missing(what));
        }
        text
    }

    fn text_of(&self, blocks: &[Block]) -> String {
        let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else {
            return String::new();
        };
        self.text
            .get(first.range.start..last.range.end)
            .unwrap_or_default()
            .trim()
            .to_owned()
    }

    fn keep_snippets(&mut self, blocks: &[Block]) {
        for (line, fence) in fences(blocks) {
            if fence.info.split_whitespace().next() == Some("python") {
                self.file
                    .snippets
                    .push((line.saturating_add(1), fence.text.clone()));
            }
        }
    }

    /// The items of a part that is one list.
    fn items(&mut self, section: &Part<'_>) -> Vec<String> {
        self.reject_headings(section.blocks);
        let mut texts = Vec::new();
        for block in section.blocks {
            match &block.kind {
                BlockKind::List(items) => {
                    for item in items {
                        if item.nested {
                            self.misplaced(
                                item.line,
                                "a block inside an item",
                                "an item is one paragraph",
                            );
                        }
                        if item.text.is_empty() {
                            self.error(
                                item.line,
                                ContentErrorKind::Missing("the text of the item"),
                            );
                        }
                        texts.push(item.text.clone());
                    }
                }
                BlockKind::Heading(..) => {}
                _ => self.misplaced(block.line, "text outside the list", "this part is one list"),
            }
        }
        if texts.is_empty() {
            self.error(
                section.line,
                ContentErrorKind::Missing("the list of this part"),
            );
        }
        texts
    }

    /// The third-level parts of a section that has nothing else.
    fn parts<'b>(&mut self, section: &Part<'b>, what: &'static str) -> Vec<Part<'b>> {
        let (before, parts) = split(section.blocks, 3);
        if let Some(block) = before.first() {
            self.misplaced(
                block.line,
                "text above the first `###` heading",
                "it belongs below one",
            );
        }
        if parts.is_empty() {
            self.error(section.line, ContentErrorKind::Missing(what));
        }
        parts
    }

    fn follow_ups(&mut self, section: &Part<'_>) {
        for part in self.parts(section, "a `### follow-up question`") {
            let answer = self.leaf(part.blocks, part.line, "the answer to this follow-up");
            self.file.question.follow_ups.push(FollowUp {
                question: part.title.to_owned(),
                answer,
            });
        }
    }

    fn corrections(&mut self, section: &Part<'_>) {
        for part in self.parts(section, "a `### claim`") {
            self.reject_headings(part.blocks);
            let body = self.text_of(part.blocks);
            if body.is_empty() {
                self.error(part.line, ContentErrorKind::Missing("what is true instead"));
            }
            let scripts = self.scripts(part.blocks);
            self.file.question.corrections.push(Correction {
                claim: part.title.to_owned(),
                body,
                scripts,
            });
        }
    }

    fn scripts(&mut self, blocks: &[Block]) -> Vec<Script> {
        let mut scripts: Vec<Script> = Vec::new();
        // Whether the block before this one is a script that may still get its output.
        let mut open = false;
        for block in blocks {
            let BlockKind::Fence(fence) = &block.kind else {
                open = false;
                continue;
            };
            let mut words = fence.info.split_whitespace();
            match words.next() {
                Some("python") => {
                    let versions = self.script_versions(words, block.line);
                    let line = block.line;
                    scripts.push(Script {
                        line,
                        source: fence.text.clone(),
                        output: None,
                        versions,
                    });
                    open = true;
                }
                Some("output") if open => {
                    if let Some(script) = scripts.last_mut() {
                        script.output = Some(fence.text.clone());
                    }
                    open = false;
                }
                Some("output") => self.misplaced(
                    block.line,
                    "an `output` fence",
                    "it follows its script directly",
                ),
                Some("text") => open = false,
                _ => {
                    self.unknown_fence(fence, block.line, "here are `python`, `output` and `text`");
                }
            }
        }
        scripts
    }

    fn script_versions<'w>(
        &mut self,
        words: impl Iterator<Item = &'w str>,
        line: u32,
    ) -> Vec<PythonVersion> {
        let mut versions = Vec::new();
        for word in words {
            match word.strip_prefix("python=") {
                Some(list) => {
                    for version in list.split(',') {
                        versions.extend(self.version(version, line));
                    }
                }
                None => self.unknown_info_word(word, line, ["python"]),
            }
        }
        versions
    }

    fn version(&mut self, text: &str, line: u32) -> Option<PythonVersion> {
        let version = text.parse().ok();
        if version.is_none() {
            let expected = "a Python version such as `3.12`".to_owned();
            self.error(
                line,
                ContentErrorKind::WrongValue {
                    key: "python".to_owned(),
                    expected,
                },
            );
        }
        version
    }

    fn unknown_fence(&mut self, fence: &Fence, line: u32, expected: &'static str) {
        self.error(
            line,
            ContentErrorKind::UnknownFence {
                info: fence.info.clone(),
                expected,
            },
        );
    }

    fn unknown_info_word<const N: usize>(
        &mut self,
        word: &str,
        line: u32,
        known: [&'static str; N],
    ) {
        let key = word.split('=').next().unwrap_or(word).to_owned();
        let suggestion = closest(&key, known);
        self.error(line, ContentErrorKind::UnknownKey { key, suggestion });
    }

    /// The `path=` and `python=` words of a fence.
    fn code_facts<'w>(&mut self, words: impl Iterator<Item = &'w str>, line: u32) -> CodeFacts {
        let mut facts = CodeFacts {
            path: DEFAULT_PATH.to_owned(),
            python: None,
        };
        for word in words {
            match word.split_once('=') {
                Some(("path", path)) if !path.is_empty() => path.clone_into(&mut facts.path),
                Some(("python", version)) => facts.python = self.version(version, line),
                _ => self.unknown_info_word(word, line, ["path", "python"]),
            }
        }
        facts
    }

    fn patterns(&mut self, section: &Part<'_>) {
        for part in self.parts(section, "a `### pattern-id`") {
            self.pattern = Some(part.title.to_owned());
            self.pattern(&part);
            self.pattern = None;
        }
    }

    /// Cuts a part into prose, TOML block and the other fences, all in that order.
    fn prose_facts_fences<'b>(
        &mut self,
        blocks: &'b [Block],
        line: u32,
    ) -> (String, Option<Located<'b>>, Vec<Located<'b>>) {
        let facts_at = blocks.iter().position(
            |block| matches!(&block.kind, BlockKind::Fence(fence) if fence.info == "toml"),
        );
        let (prose, rest) = blocks.split_at(facts_at.unwrap_or(blocks.len()));
        for (line, fence) in fences(prose) {
            self.unknown_fence(fence, line, "the `toml` block comes first");
        }
        self.reject_headings(prose);
        let mut located = Vec::new();
        for block in rest {
            match &block.kind {
                BlockKind::Fence(fence) => located.push((block.line, fence)),
                BlockKind::Heading(level, title) => {
                    self.misplaced_heading(
                        *level,
                        title,
                        block.line,
                        "below a pattern are `####` headings only",
                    );
                }
                _ => self.misplaced(
                    block.line,
                    "text below the `toml` block",
                    "prose stands above it",
                ),
            }
        }
        if facts_at.is_none() {
            self.error(line, ContentErrorKind::Missing("the `toml` block"));
            return (self.text_of(prose), None, located);
        }
        let facts = located.first().copied();
        located.drain(..1.min(located.len()));
        (self.text_of(prose), facts, located)
    }

    #[allow(
        clippy::too_many_lines,
        reason = "one key after the other, in the order of the format"
    )]
    fn pattern(&mut self, part: &Part<'_>) {
        let (own, fixes) = split(part.blocks, 4);
        let (prose, facts, fences) = self.prose_facts_fences(own, part.line);
        if prose.is_empty() {
            self.error(
                part.line,
                ContentErrorKind::Missing("the prose that says what counts and why"),
            );
        }
        let (facts_line, text) =
            facts.map_or((part.line, ""), |(line, fence)| (line, fence.text.as_str()));
        let mut fields = Fields::parse(text, facts_line.saturating_add(1));
        let tier = fields.choice(
            "tier",
            &[("mention", Tier::Mention), ("finding", Tier::Finding)],
        );
        if tier.is_none() && facts.is_some() && !fields.lines.contains_key("tier") {
            self.error(
                facts_line,
                ContentErrorKind::MissingKey {
                    key: "tier",
                    reason: "",
                },
            );
        }
        let severities = [
            ("hint", Severity::Hint),
            ("info", Severity::Info),
            ("warning", Severity::Warning),
        ];
        let severity = fields.choice("severity", &severities);
        let message = fields.string("message").unwrap_or_default();
        let query = fields.string_with_line("query");
        let query_line = query.as_ref().map_or(0, |(_, line)| *line);
        let mut pattern = Pattern {
            id: part.title.to_owned(),
            question: 0,
            line: part.line,
            // Without a tier the id decides, so that one mistake is not reported as several.
            tier: tier.unwrap_or(if part.title.starts_with("m-") {
                Tier::Mention
            } else {
                Tier::Finding
            }),
            severity: severity.unwrap_or(Severity::Hint),
            message,
            variants: fields.table("variants").into_iter().collect(),
            remark: fields.string("remark").unwrap_or_default(),
            unnecessary: fields.boolean("unnecessary"),
            trigger: Trigger {
                calls: fields.strings("calls"),
                refers: fields.strings("refers"),
                decorates: fields.strings("decorates"),
                inherits: fields.strings("inherits"),
                query: query.map(|(text, _)| text),
            },
            check: fields.string("check"),
            min_python: fields.parsed("python", "a Python version such as `3.12`"),
            also: fields.strings("also"),
            wins_over: fields.strings("wins-over"),
            absorbs: fields.strings("absorbs"),
            rules: fields.strings("rules"),
            prose,
            cases: Vec::new(),
            fixes: Vec::new(),
        };
        let keys = self.finish_fields(fields);
        let (mut has_match, mut has_no_match) = (false, false);
        for (line, fence) in fences {
            let mut words = fence.info.split_whitespace();
            let matches = match (words.next(), words.next()) {
                (Some("python"), Some("match")) => true,
                (Some("python"), Some("no-match")) => false,
                _ => {
                    self.unknown_fence(
                        fence,
                        line,
                        "here are `python match` and `python no-match`",
                    );
                    continue;
                }
            };
            has_match |= matches;
            has_no_match |= !matches;
            let facts = self.code_facts(words, line);
            let (cases, errors) = cases::read(&fence.text, line.saturating_add(1), matches, &facts);
            for (line, kind) in errors {
                self.error(line, kind);
            }
            pattern.cases.extend(cases);
        }
        let mut fix_keys = Vec::new();
        for part in fixes {
            let (fix, keys) = self.fix(&part);
            pattern.fixes.push(fix);
            fix_keys.push(keys);
        }
        self.file.patterns.push(ParsedPattern {
            pattern,
            keys,
            query_line,
            fix_keys,
            has_match,
            has_no_match,
        });
    }

    fn fix(&mut self, part: &Part<'_>) -> (FixSpec, KeyLines) {
        let (prose, facts, fences) = self.prose_facts_fences(part.blocks, part.line);
        let (facts_line, text) =
            facts.map_or((part.line, ""), |(line, fence)| (line, fence.text.as_str()));
        let mut fields = Fields::parse(text, facts_line.saturating_add(1));
        let title = fields.string("title");
        let title = if facts.is_some() {
            self.required(title, &fields, "title", facts_line)
        } else {
            String::new()
        };
        let kind = fields
            .choice(
                "kind",
                &[
                    ("quickfix", FixKind::QuickFix),
                    ("refactor.rewrite", FixKind::Refactor),
                ],
            )
            .unwrap_or(FixKind::QuickFix);
        let safety = fields
            .choice(
                "safety",
                &[("safe", Safety::Safe), ("review", Safety::Review)],
            )
            .unwrap_or(Safety::Review);
        let min_python = fields.parsed("python", "a Python version such as `3.12`");
        let rewrite = fields.string("rewrite");
        let templates = fields.table("each");
        match (&rewrite, templates.is_empty()) {
            (Some(_), false) => self.error(
                facts_line,
                ContentErrorKind::MisplacedKey {
                    key: "each",
                    reason: "a fix has either `rewrite` or `each`",
                },
            ),
            (None, true) if facts.is_some() && !fields.lines.contains_key("each") => {
                let reason = ": a fix needs `rewrite` or `each.<capture>`";
                self.error(
                    facts_line,
                    ContentErrorKind::MissingKey {
                        key: "rewrite",
                        reason,
                    },
                );
            }
            _ => {}
        }
        let keys = self.finish_fields(fields);
        let examples = self.examples(&fences);
        let edit = rewrite.map_or(FixEdit::Template(templates), FixEdit::Rewrite);
        let fix = FixSpec {
            id: part.title.to_owned(),
            line: part.line,
            title,
            kind,
            safety,
            min_python,
            edit,
            prose,
            examples,
        };
        (fix, keys)
    }

    fn examples(&mut self, fences: &[Located<'_>]) -> Vec<FixExample> {
        const BEFORE: &str = "a `before` fence";
        let mut examples = Vec::new();
        let mut before: Option<FixExample> = None;
        for &(line, fence) in fences {
            let mut words = fence.info.split_whitespace();
            match (words.next(), words.next()) {
                (Some("python"), Some("before")) => {
                    if let Some(lonely) = &before {
                        self.misplaced(
                            lonely.line.saturating_sub(1),
                            BEFORE,
                            "an `after` fence must follow it",
                        );
                    }
                    let facts = self.code_facts(words, line);
                    before = Some(FixExample {
                        line: line.saturating_add(1),
                        path: facts.path,
                        python: facts.python,
                        before: fence.text.clone(),
                        after: String::new(),
                    });
                }
                (Some("python"), Some("after")) => match before.take() {
                    Some(example) => examples.push(FixExample {
                        after: fence.text.clone(),
                        ..example
                    }),
                    None => self.misplaced(
                        line,
                        "an `after` fence",
                        "a `before` fence must stand above it",
                    ),
                },
                _ => self.unknown_fence(fence, line, "here are `python before` and `python after`"),
            }
        }
        if let Some(lonely) = before {
            self.misplaced(
                lonely.line.saturating_sub(1),
                BEFORE,
                "an `after` fence must follow it",
            );
        }
        examples
    }
}

/// A fence and the file line it starts on.
type Located<'b> = (u32, &'b Fence);

fn fences(blocks: &[Block]) -> impl Iterator<Item = Located<'_>> {
    blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::Fence(fence) => Some((block.line, fence)),
        _ => None,
    })
}

/// Cuts blocks at the headings of a level: what stands before the first one, and each heading with what follows it.
fn split(blocks: &[Block], level: u8) -> (&[Block], Vec<Part<'_>>) {
    let is_cut = |block: &Block| matches!(block.kind, BlockKind::Heading(l, _) if l == level);
    let mut rest = blocks.split_at(blocks.iter().position(is_cut).unwrap_or(blocks.len()));
    let before = rest.0;
    let mut parts = Vec::new();
    while let Some((heading, after)) = rest.1.split_first() {
        rest = after.split_at(after.iter().position(is_cut).unwrap_or(after.len()));
        if let BlockKind::Heading(_, title) = &heading.kind {
            parts.push(Part {
                title,
                line: heading.line,
                blocks: rest.0,
            });
        }
    }
    (before, parts)
}
