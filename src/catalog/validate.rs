//! Checks what was read: within one file, and across all of them.

use std::collections::HashMap;

use tree_sitter::{Language, Parser, Query, QueryError, QueryErrorKind};

use super::Vocabulary;
use super::error::{ContentError, ContentErrorKind, closest};
use super::model::{FixEdit, FixSpec, Pattern, Tier};
use super::parse::{KeyLines, ParsedFile, ParsedPattern};
use super::placeholder::{Piece, is_qualified_name, pieces};

/// How many lines a hover shows.
const SHORT_ANSWER_LINES: usize = 8;

/// How many key points an answer can be rated by.
const KEY_POINTS: usize = 4;

/// Whether a text is an id: lower-case words and numbers joined by single `-`.
pub fn is_id(text: &str) -> bool {
    text.split('-').all(|word| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    })
}

/// Reports what is wrong within one file.
pub(super) fn check_file(file: &ParsedFile) -> Vec<ContentError> {
    let mut checker = Checker::new(file);
    checker.question();
    for pattern in &file.patterns {
        checker.in_pattern = Some(&pattern.pattern.id);
        checker.pattern(pattern);
    }
    checker.errors
}

/// Reports names that exist nowhere and ids that exist twice.
pub(super) fn check_names(files: &[ParsedFile], vocabulary: &Vocabulary) -> Vec<ContentError> {
    let questions: Vec<&str> = files.iter().map(|file| file.question.id.as_str()).collect();
    let patterns: Vec<&str> = files
        .iter()
        .flat_map(|file| &file.patterns)
        .map(|p| p.pattern.id.as_str())
        .collect();
    let mut first_questions: HashMap<&str, String> = HashMap::new();
    let mut first_patterns: HashMap<&str, String> = HashMap::new();
    let mut errors = Vec::new();
    for file in files {
        let path = file.question.path.display();
        let mut checker = Checker::new(file);
        checker.unique(
            "question",
            &file.question.id,
            1,
            format!("{path}:1"),
            &mut first_questions,
        );
        for parsed in &file.patterns {
            let pattern = &parsed.pattern;
            let line = |key: &str| parsed.keys.get(key).copied().unwrap_or(pattern.line);
            checker.in_pattern = Some(&pattern.id);
            let place = format!("{path}:{}", pattern.line);
            checker.unique(
                "pattern",
                &pattern.id,
                pattern.line,
                place,
                &mut first_patterns,
            );
            for also in &pattern.also {
                checker.known("question", also, line("also"), &questions);
            }
            for loser in &pattern.wins_over {
                checker.known("pattern", loser, line("wins-over"), &patterns);
            }
            for loser in &pattern.absorbs {
                checker.known("pattern", loser, line("absorbs"), &patterns);
            }
            if let Some(check) = &pattern.check {
                checker.known("check", check, line("check"), vocabulary.checks);
            }
            for (fix, keys) in pattern.fixes.iter().zip(&parsed.fix_keys) {
                if let FixEdit::Rewrite(rewrite) = &fix.edit {
                    let line = keys.get("rewrite").copied().unwrap_or(fix.line);
                    checker.known("rewrite", rewrite, line, vocabulary.rewrites);
                }
            }
        }
        errors.append(&mut checker.errors);
    }
    errors
}

struct Checker<'f> {
    file: &'f ParsedFile,
    in_pattern: Option<&'f str>,
    errors: Vec<ContentError>,
}

impl<'f> Checker<'f> {
    fn new(file: &'f ParsedFile) -> Self {
        Self {
            file,
            in_pattern: None,
            errors: Vec::new(),
        }
    }

    fn error(&mut self, line: u32, kind: ContentErrorKind) {
        self.errors.push(ContentError {
            path: self.file.question.path.clone(),
            line,
            pattern: self.in_pattern.map(str::to_owned),
            kind,
        });
    }

    fn known(&mut self, what: &'static str, name: &str, line: u32, known: &[&str]) {
        if !known.contains(&name) {
            let suggestion = closest(name, known.iter().copied());
            self.error(
                line,
                ContentErrorKind::UnknownName {
                    what,
                    name: name.to_owned(),
                    suggestion,
                },
            );
        }
    }

    fn unique(
        &mut self,
        what: &'static str,
        id: &'f str,
        line: u32,
        place: String,
        first: &mut HashMap<&'f str, String>,
    ) {
        if let Some(first) = first.get(id) {
            let first = first.clone();
            self.error(
                line,
                ContentErrorKind::Duplicate {
                    what,
                    id: id.to_owned(),
                    first,
                },
            );
        } else {
            first.insert(id, place);
        }
    }

    fn id(&mut self, id: &str, line: u32) {
        if !is_id(id) {
            self.error(line, ContentErrorKind::InvalidId(id.to_owned()));
        }
    }

    fn link(&mut self, link: &str, line: u32) {
        let host = link
            .strip_prefix("https://")
            .and_then(|rest| rest.split('/').next());
        let whole = host.is_some_and(|host| {
            host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
        });
        if !whole || link.contains(|c: char| c.is_whitespace() || c.is_control()) {
            self.error(line, ContentErrorKind::MalformedLink(link.to_owned()));
        }
    }

    fn python(&mut self, source: &str, first_line: u32) {
        if let Some(line) = first_syntax_error(source) {
            self.error(first_line.saturating_add(line), ContentErrorKind::Python);
        }
    }

    fn question(&mut self) {
        let file = self.file;
        let question = &file.question;
        let line = |key: &str| file.keys.get(key).copied().unwrap_or(1);
        self.id(&question.id, 1);
        let folder = question.path.parent().and_then(|parent| parent.file_name());
        let folder = folder.unwrap_or_default().to_string_lossy();
        if !question.section.is_empty() && question.section != folder {
            let kind = ContentErrorKind::SectionDiffersFromFolder {
                section: question.section.clone(),
                folder: folder.into_owned(),
            };
            self.error(line("section"), kind);
        }
        let levels = ["junior", "mid", "senior"];
        let places: Vec<_> = question
            .level
            .split('–')
            .map(|word| levels.iter().position(|level| *level == word))
            .collect();
        let is_level = matches!(places[..], [Some(_)])
            || matches!(places[..], [Some(from), Some(to)] if from < to);
        if !question.level.is_empty() && !is_level {
            let expected =
                "`junior`, `mid`, `senior`, or a range of two such as `junior–mid`".to_owned();
            self.error(
                line("level"),
                ContentErrorKind::WrongValue {
                    key: "level".to_owned(),
                    expected,
                },
            );
        }
        for link in &question.links {
            self.link(link, line("links"));
        }
        for (link, line) in &file.links {
            self.link(link, *line);
        }
        let lines = question.short_answer.lines().count();
        if lines > SHORT_ANSWER_LINES {
            self.error(file.title_line, ContentErrorKind::ShortAnswerTooLong(lines));
        }
        let points = question.key_points.len();
        if (1..KEY_POINTS).contains(&points) {
            self.error(
                file.key_points_line,
                ContentErrorKind::TooFewKeyPoints(points),
            );
        }
        for (line, snippet) in &file.snippets {
            self.python(snippet, *line);
        }
        for script in question
            .corrections
            .iter()
            .flat_map(|correction| &correction.scripts)
        {
            self.python(&script.source, script.line.saturating_add(1));
        }
    }

    fn pattern(&mut self, parsed: &ParsedPattern) {
        let pattern = &parsed.pattern;
        self.id(&pattern.id, pattern.line);
        let mention = pattern.tier == Tier::Mention;
        if pattern.id.starts_with("m-") != mention {
            self.error(pattern.line, ContentErrorKind::TierPrefix { mention });
        }
        self.tier_keys(pattern, &parsed.keys);
        let captures = self.trigger(parsed);
        // A check adds captures of its own; only without one is every name known here.
        let captures = captures.filter(|_| pattern.check.is_none());
        let captures = captures.as_deref();
        let line = |key: &str| parsed.keys.get(key).copied().unwrap_or(pattern.line);
        self.placeholders(
            "message",
            &pattern.message,
            line("message"),
            captures,
            false,
        );
        self.placeholders("remark", &pattern.remark, line("remark"), captures, false);
        for (name, message) in &pattern.variants {
            let key = format!("variants.{name}");
            self.placeholders(&key, message, line(&key), captures, false);
        }
        for rule in &pattern.rules {
            let digits = rule.trim_start_matches(|c: char| c.is_ascii_uppercase());
            if digits.is_empty()
                || digits.len() == rule.len()
                || !digits.chars().all(|c| c.is_ascii_digit())
            {
                let expected = "rule codes such as `B006`".to_owned();
                self.error(
                    line("rules"),
                    ContentErrorKind::WrongValue {
                        key: "rules".to_owned(),
                        expected,
                    },
                );
            }
        }
        for (present, name) in [
            (parsed.has_match, "match"),
            (parsed.has_no_match, "no-match"),
        ] {
            if !present {
                self.error(pattern.line, ContentErrorKind::MissingCase(name));
            }
        }
        self.cases(pattern);
        let mut seen: Vec<&str> = Vec::new();
        for (fix, keys) in pattern.fixes.iter().zip(&parsed.fix_keys) {
            if seen.contains(&fix.id.as_str()) {
                let first = format!("{}:{}", self.file.question.path.display(), pattern.line);
                self.error(
                    fix.line,
                    ContentErrorKind::Duplicate {
                        what: "fix",
                        id: fix.id.clone(),
                        first,
                    },
                );
            }
            seen.push(&fix.id);
            self.fix(fix, keys, captures);
        }
    }

    fn tier_keys(&mut self, pattern: &Pattern, keys: &KeyLines) {
        if pattern.tier == Tier::Mention {
            for key in ["severity", "message", "variants", "unnecessary", "rules"] {
                if let Some(line) = keys.get(key) {
                    let reason = "a mention reports no problem";
                    self.error(*line, ContentErrorKind::MisplacedKey { key, reason });
                }
            }
            if let Some(fix) = pattern.fixes.first() {
                let kind = ContentErrorKind::Misplaced {
                    what: "a fix",
                    reason: "a mention has nothing to repair",
                };
                self.error(fix.line, kind);
            }
        } else {
            for key in ["severity", "message"] {
                if !keys.contains_key(key) {
                    let reason = ": a finding has a severity and a message";
                    self.error(pattern.line, ContentErrorKind::MissingKey { key, reason });
                }
            }
        }
        if pattern.message.contains('\n') {
            let line = keys.get("message").copied().unwrap_or(pattern.line);
            let expected = "one line".to_owned();
            self.error(
                line,
                ContentErrorKind::WrongValue {
                    key: "message".to_owned(),
                    expected,
                },
            );
        }
    }

    /// Checks the trigger and returns the captures it makes, if they can be told.
    fn trigger(&mut self, parsed: &ParsedPattern) -> Option<Vec<String>> {
        let trigger = &parsed.pattern.trigger;
        let lists = [
            ("calls", &trigger.calls),
            ("refers", &trigger.refers),
            ("decorates", &trigger.decorates),
            ("inherits", &trigger.inherits),
        ];
        if trigger.query.is_none() && lists.iter().all(|(_, names)| names.is_empty()) {
            self.error(parsed.pattern.line, ContentErrorKind::NoTrigger);
        }
        for (key, names) in lists {
            for name in names {
                let plain = name.strip_suffix(".*").unwrap_or(name);
                let qualified =
                    is_qualified_name(plain) && (name.contains('.') && !plain.contains('-'));
                if !qualified {
                    let line = parsed.keys.get(key).copied().unwrap_or(parsed.pattern.line);
                    let expected =
                        "qualified names such as `asyncio.gather` or `builtins.open`".to_owned();
                    self.error(
                        line,
                        ContentErrorKind::WrongValue {
                            key: key.to_owned(),
                            expected,
                        },
                    );
                }
            }
        }
        let mut captures = vec!["hit".to_owned()];
        if let Some(query) = &trigger.query {
            captures.extend(self.query(query, parsed.query_line)?);
        }
        Some(captures)
    }

    fn query(&mut self, source: &str, first_line: u32) -> Option<Vec<String>> {
        let query = match Query::new(&python(), source) {
            Ok(query) => query,
            Err(error) => {
                let row = u32::try_from(error.row).unwrap_or_default();
                self.error(
                    first_line.saturating_add(row),
                    ContentErrorKind::Query(query_problem(&error)),
                );
                return None;
            }
        };
        if query.capture_index_for_name("hit").is_none() {
            self.error(first_line, ContentErrorKind::QueryWithoutHit);
        }
        for pattern in 0..query.pattern_count() {
            let row = source
                .as_bytes()
                .iter()
                .take(query.start_byte_for_pattern(pattern));
            let row = u32::try_from(row.filter(|&&byte| byte == b'\n').count()).unwrap_or_default();
            let unknown = query
                .general_predicates(pattern)
                .iter()
                .map(|p| p.operator.to_string());
            let properties = query
                .property_predicates(pattern)
                .iter()
                .map(|_| "is?".to_owned());
            let settings = query
                .property_settings(pattern)
                .iter()
                .map(|_| "set!".to_owned());
            for name in unknown.chain(properties).chain(settings) {
                let name = name.trim_start_matches('#').to_owned();
                self.error(
                    first_line.saturating_add(row),
                    ContentErrorKind::QueryPredicate(name),
                );
            }
        }
        Some(
            query
                .capture_names()
                .iter()
                .map(|name| (*name).to_owned())
                .collect(),
        )
    }

    /// Checks a text with placeholders; `captures` are the known ones if they can be told.
    fn placeholders(
        &mut self,
        key: &str,
        text: &str,
        line: u32,
        captures: Option<&[String]>,
        symbols: bool,
    ) {
        let pieces = match pieces(text) {
            Ok(pieces) => pieces,
            Err(problem) => {
                let kind = ContentErrorKind::Placeholder {
                    key: key.to_owned(),
                    problem: problem.to_string(),
                };
                self.error(line, kind);
                return;
            }
        };
        for piece in pieces {
            match piece {
                Piece::Capture(name) => self.capture(&name, line, captures),
                Piece::Symbol(name) if !symbols => {
                    let problem =
                        format!("`{{{name}}}` is a symbol; only fix templates write symbols");
                    self.error(
                        line,
                        ContentErrorKind::Placeholder {
                            key: key.to_owned(),
                            problem,
                        },
                    );
                }
                Piece::Symbol(_) | Piece::Text(_) => {}
            }
        }
    }

    fn capture(&mut self, name: &str, line: u32, captures: Option<&[String]>) {
        if let Some(known) = captures {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            self.known("capture", name, line, &known);
        }
    }

    fn cases(&mut self, pattern: &Pattern) {
        for case in &pattern.cases {
            if let Some(row) = first_syntax_error(&case.source) {
                // The model's code has no caret lines, so rows below the first one can only be told roughly: the
                // carets of the rows above are counted back in.
                let row = usize::try_from(row).unwrap_or_default();
                let carets = case.hits.iter().filter(|hit| hit.line < row).count();
                let line = u32::try_from(row + carets).unwrap_or_default();
                self.error(case.line.saturating_add(line), ContentErrorKind::Python);
            }
        }
    }

    fn fix(&mut self, fix: &FixSpec, keys: &KeyLines, captures: Option<&[String]>) {
        self.id(&fix.id, fix.line);
        if fix.examples.is_empty() && self.file.errors.is_empty() {
            let pair = "a pair of `python before` and `python after` fences";
            self.error(fix.line, ContentErrorKind::Missing(pair));
        }
        if let FixEdit::Template(templates) = &fix.edit {
            for (capture, template) in templates {
                let key = format!("each.{capture}");
                let line = keys.get(&key).copied().unwrap_or(fix.line);
                self.capture(capture, line, captures);
                self.placeholders(&key, template, line, captures, true);
            }
        }
        for example in &fix.examples {
            self.python(&example.before, example.line);
            let between = u32::try_from(example.before.lines().count()).unwrap_or_default();
            if let Some(row) = first_syntax_error(&example.after) {
                // Between the two codes stand a closing fence, an empty line and an opening fence.
                let line = example
                    .line
                    .saturating_add(between)
                    .saturating_add(3)
                    .saturating_add(row);
                self.error(line, ContentErrorKind::Python);
            }
        }
    }
}

/// What is wrong with a query, on one line.
fn query_problem(error: &QueryError) -> String {
    let name = error.message.trim_matches('"');
    match error.kind {
        QueryErrorKind::NodeType => format!("unknown node type `{name}`"),
        QueryErrorKind::Field => format!("unknown field `{name}`"),
        QueryErrorKind::Capture => format!("unknown capture `{name}`"),
        QueryErrorKind::Structure => "the grammar never builds such a node".to_owned(),
        QueryErrorKind::Syntax => format!("syntax error in column {}", error.column + 1),
        QueryErrorKind::Predicate | QueryErrorKind::Language => error.message.replace('\n', " "),
    }
}

fn python() -> Language {
    tree_sitter_python::LANGUAGE.into()
}

/// The 0-based line of the first place at which `source` is not Python.
fn first_syntax_error(source: &str) -> Option<u32> {
    let mut parser = Parser::new();
    parser.set_language(&python()).ok()?;
    let tree = parser.parse(source, None)?;
    let mut node = tree.root_node();
    if !node.has_error() {
        return None;
    }
    while !node.is_error() && !node.is_missing() {
        let mut cursor = node.walk();
        let Some(child) = node
            .children(&mut cursor)
            .find(|child| child.has_error() || child.is_missing())
        else {
            break;
        };
        node = child;
    }
    u32::try_from(node.start_position().row).ok()
}
