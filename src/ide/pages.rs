//! Whole pages, Markdown: one question, one pattern, and the list of all questions.

use std::fmt::Write as _;

use super::{Snapshot, render};
use crate::analysis::Match;
use crate::analysis::syntax::Node;
use crate::catalog::{Catalog, FixExample, FixSpec, PatternIndex, Question, Tier};

/// How many places of the person's own code a page lists.
const MOST_OCCURRENCES: usize = 50;

/// The page of a question: everything that its file says to the reader. `None` if there is no such question.
pub fn question_page(catalog: &Catalog, id: &str) -> Option<String> {
    let question = catalog.question(id)?;
    let mut page = Page::new(&question.title);
    page.paragraph(&render::facts(question));
    page.paragraph(&question.short_answer);
    page.section("Answer", &question.answer);
    page.list("Key points", &question.key_points);
    page.section("In LLM work", &question.llm_context);
    page.list("Common mistakes", &question.mistakes);
    let follow_ups = question.follow_ups.iter();
    page.subsections(
        "Follow-ups",
        follow_ups.map(|f| (f.question.as_str(), f.answer.as_str())),
    );
    let corrections = question.corrections.iter();
    page.subsections(
        "Corrections",
        corrections.map(|c| (c.claim.as_str(), c.body.as_str())),
    );
    page.list("What hotseat looks for", &patterns(catalog, question));
    page.list(
        "Links",
        &question
            .links
            .iter()
            .map(|link| format!("<{link}>"))
            .collect::<Vec<_>>(),
    );
    Some(page.text)
}

/// A place in somebody's code that a question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The line, counted from 1.
    pub line: usize,
    /// The function or class it is in, with those around it: `Store.load`. Empty at module level.
    pub symbol: String,
    /// The code that the hover shows on, on one line.
    pub code: String,
    /// What the finding says; `None` for a mere mention, and for what a comment silences.
    pub message: Option<String>,
}

/// Something that is wrong with a project as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectPlace {
    /// The file that it is shown on, below the project's folder.
    pub file: String,
    /// The file's address.
    pub address: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// The part of a question's page about projects as a whole. Empty if there is nothing.
pub fn in_your_project(places: &[ProjectPlace]) -> String {
    let place = |place: &ProjectPlace| {
        let (file, line, address) = (&place.file, place.line, &place.address);
        format!("[{file}:{line}]({address}#L{line}): {}", place.message)
    };
    let items: Vec<String> = places.iter().map(place).collect();
    let mut page = Page {
        text: String::new(),
    };
    page.list("In your project", &items);
    page.text
}

/// The places of a question in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InFile {
    /// What the file is called.
    pub name: String,
    /// The file's address.
    pub address: String,
    /// The places.
    pub occurrences: Vec<Occurrence>,
}

/// Where a question occurs in a file, in source order.
pub fn occurrences(snapshot: &Snapshot, question: &str) -> Vec<Occurrence> {
    let catalog = &snapshot.catalog;
    let matches = snapshot.matches().into_iter();
    let of_question = matches.filter(|m| catalog.question_of(m.pattern).id == question);
    of_question
        .map(|found| occurrence(snapshot, &found))
        .collect()
}

/// Where questions occur in a file, in source order, with the questions' ids.
pub fn all_occurrences(snapshot: &Snapshot) -> Vec<(String, Occurrence)> {
    let matches = snapshot.matches().into_iter();
    let with_question = |found: Match| {
        let question = snapshot.catalog.question_of(found.pattern);
        (question.id.clone(), occurrence(snapshot, &found))
    };
    matches.map(with_question).collect()
}

fn occurrence(snapshot: &Snapshot, found: &Match) -> Occurrence {
    let catalog = &snapshot.catalog;
    let code = snapshot.file.slice(found.anchor.clone());
    let finding = catalog.patterns[found.pattern].tier == Tier::Finding;
    Occurrence {
        line: snapshot.file.line_of(found.anchor.start) + 1,
        symbol: symbol(snapshot, found),
        code: code.lines().next().unwrap_or_default().trim().to_owned(),
        message: (finding && !snapshot.silences(found))
            .then(|| found.message(catalog, &snapshot.file)),
    }
}

/// The function or class that a match is in, with those around it: `Store.load`. Empty at module level.
fn symbol(snapshot: &Snapshot, found: &Match) -> String {
    let Some(node) = snapshot.file.covering(found.anchor.clone()) else {
        return String::new();
    };
    let around = std::iter::once(node).chain(node.ancestors());
    let definitions = around.filter(|n| n.is_any(&["function_definition", "class_definition"]));
    let names = definitions.filter_map(|definition| definition.field("name"));
    let mut names: Vec<&str> = names.map(Node::text).collect();
    names.reverse();
    names.join(".")
}

/// The part of a question's page about the person's own code: findings first, each a link. `missing` says why the list may
/// not be complete. Empty if there is nothing to say.
pub fn in_your_code(files: &[InFile], missing: Option<&str>) -> String {
    let mut items = places(files);
    let rest = items.len().saturating_sub(MOST_OCCURRENCES);
    items.truncate(MOST_OCCURRENCES);
    if rest > 0 {
        items.push(format!("and {rest} more"));
    }
    let mut page = Page {
        text: String::new(),
    };
    page.list("In your code", &items);
    if let Some(missing) = missing {
        if items.is_empty() {
            page.section("In your code", missing);
        } else {
            page.paragraph(missing);
        }
    }
    page.text
}

/// The places in files, findings first, each a line with a link.
pub fn places(files: &[InFile]) -> Vec<String> {
    let mut lines: Vec<(bool, String)> = Vec::new();
    for file in files {
        for found in &file.occurrences {
            let (name, address, line) = (&file.name, &file.address, found.line);
            let mut text = format!("[{name}:{line}]({address}#L{line}) ");
            if !found.symbol.is_empty() {
                text.push_str(&format!("in {}: ", code(&found.symbol)));
            }
            text.push_str(&code(&found.code));
            if let Some(message) = &found.message {
                text.push_str(&format!(": {message}"));
            }
            lines.push((found.message.is_none(), text));
        }
    }
    lines.sort_by_key(|(mention, _)| *mention);
    lines.into_iter().map(|(_, line)| line).collect()
}

/// Code inside a line of Markdown.
fn code(text: &str) -> String {
    if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}

fn patterns(catalog: &Catalog, question: &Question) -> Vec<String> {
    let line = |&index: &PatternIndex| {
        let pattern = &catalog.patterns[index];
        format!(
            "{} ({})",
            render::pattern_line(pattern),
            render::rank(pattern)
        )
    };
    question.patterns.iter().map(line).collect()
}

/// The page of a pattern: what it watches for, what it says, and its fixes. `None` if there is no such pattern.
pub fn pattern_page(catalog: &Catalog, id: &str) -> Option<String> {
    let index = catalog.pattern_index(id)?;
    let pattern = &catalog.patterns[index];
    let question = catalog.question_of(index);
    let mut page = Page::new(&format!("`{}`", pattern.id));
    page.paragraph(&format!(
        "*{} · belongs to the question `{}`*",
        render::rank(pattern),
        question.id
    ));
    page.paragraph(&render::general_message(pattern));
    page.paragraph(&pattern.prose);
    if let Some(version) = pattern.min_python {
        page.paragraph(&format!(
            "Only when the project targets Python {version} or newer."
        ));
    }
    for fix in &pattern.fixes {
        page.fix(fix);
    }
    if !pattern.rules.is_empty() {
        page.paragraph(&format!(
            "Said by other linters as well: {}.",
            pattern.rules.join(", ")
        ));
    }
    page.section(
        "The question",
        &format!("{}\n\n{}", question.title, question.short_answer),
    );
    Some(page.text)
}

/// The list of all questions by section.
pub fn index_page(catalog: &Catalog) -> String {
    let mut page = Page::new("Interview questions");
    for (section, questions) in render::sections(catalog) {
        let lines: Vec<String> = questions
            .iter()
            .map(|q| format!("`{}`: {} ({})", q.id, q.title, q.level))
            .collect();
        page.list(&render::section_title(section), &lines);
    }
    page.text
}

/// A page while it grows. Parts without content leave no heading behind.
struct Page {
    text: String,
}

impl Page {
    fn new(title: &str) -> Self {
        Self {
            text: format!("# {title}\n"),
        }
    }

    fn paragraph(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.write(format_args!("\n{text}\n"));
        }
    }

    fn section(&mut self, heading: &str, text: &str) {
        if !text.trim().is_empty() {
            self.write(format_args!("\n## {heading}\n"));
            self.paragraph(text);
        }
    }

    fn list(&mut self, heading: &str, items: &[String]) {
        let items: Vec<String> = items.iter().map(|item| format!("- {item}")).collect();
        self.section(heading, &items.join("\n"));
    }

    fn subsections<'a>(&mut self, heading: &str, parts: impl Iterator<Item = (&'a str, &'a str)>) {
        let parts: Vec<String> = parts
            .map(|(title, text)| format!("### {title}\n\n{}", text.trim()))
            .collect();
        self.section(heading, &parts.join("\n\n"));
    }

    fn fix(&mut self, fix: &FixSpec) {
        let mut text = format!("`{}`, {}.", fix.id, render::safety(fix.safety));
        if !fix.prose.trim().is_empty() {
            let _ = write!(text, " {}", fix.prose.trim());
        }
        if let Some(FixExample { before, after, .. }) = fix.examples.first() {
            let _ = write!(
                text,
                "\n\n```python\n{}\n```\n\nbecomes\n\n```python\n{}\n```",
                before.trim_end(),
                after.trim_end()
            );
        }
        self.section(&format!("Fix: {}", fix.title), &text);
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.text.write_fmt(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::testing::engine;

    #[test]
    fn the_places_in_files_are_links_and_findings_come_first() {
        let text = "class A:\n    def f(x):\n        assert x\nassert True\nassert False  # hotseat: ignore\n";
        let snapshot = crate::ide::testing::snapshot(text);
        let question = "assert-or-raise";
        let found = occurrences(&snapshot, question);
        let all = all_occurrences(&snapshot).into_iter();
        let of_question = all.filter(|(id, _)| id == question).map(|(_, found)| found);
        assert_eq!(of_question.collect::<Vec<_>>(), found);
        let files = [InFile {
            name: "a.py".to_owned(),
            address: "file:///p/a.py".to_owned(),
            occurrences: found,
        }];
        let expected = "## In your code\n\n\
             - [a.py:4](file:///p/a.py#L4) `assert True`: `assert True` never fails: remove it or test something.\n\
             - [a.py:3](file:///p/a.py#L3) in `A.f`: `assert x`\n\
             - [a.py:5](file:///p/a.py#L5) `assert False`";
        assert_eq!(in_your_code(&files, None).trim(), expected);
        let more = in_your_code(&files, Some("More is to come."));
        assert_eq!(more.trim(), format!("{expected}\n\nMore is to come."));
        assert_eq!(in_your_code(&[], None), "");
        let nothing = in_your_code(&[], Some("More is to come."));
        assert_eq!(nothing.trim(), "## In your code\n\nMore is to come.");
    }

    #[test]
    fn what_is_wrong_with_the_project_is_listed() {
        let places = [ProjectPlace {
            file: ".env".into(),
            address: "file:///p/.env".into(),
            line: 1,
            message: "Not ignored.".into(),
        }];
        let expected = "## In your project\n\n- [.env:1](file:///p/.env#L1): Not ignored.";
        assert_eq!(in_your_project(&places).trim(), expected);
        assert_eq!(in_your_project(&[]), "");
    }

    #[test]
    fn the_page_of_a_question_has_every_part_in_order() {
        let page = question_page(engine().catalog(), "assert-or-raise").unwrap();
        let headings: Vec<&str> = page.lines().filter(|line| line.starts_with('#')).collect();
        assert_eq!(
            headings,
            [
                "# When do you write `assert`, and when do you raise an exception of your own instead?",
                "## Answer",
                "## Key points",
                "## In LLM work",
                "## Common mistakes",
                "## Follow-ups",
                "### And then?",
                "## Corrections",
                "### \"An assert always runs\"",
                "## What hotseat looks for",
                "## Links",
            ]
        );
        for part in [
            "*mid · Basics · question 1*",
            "- three\n",
            "```python\nprint(1)\n```\n\n```output\n1\n```",
            "- `m-assert`: Every assert statement. (mention)",
            "- `assert-true`: `assert …` never fails: remove it or test something. (warning)",
            "- <https://docs.python.org/3/>",
        ] {
            assert!(page.contains(part), "{part}\n---\n{page}");
        }
    }

    #[test]
    fn what_a_question_lacks_leaves_no_heading() {
        let page = question_page(engine().catalog(), "not-operator").unwrap();
        assert!(!page.contains("Corrections"));
    }

    #[test]
    fn the_page_of_a_pattern_says_what_counts_and_shows_its_fixes() {
        let page = pattern_page(engine().catalog(), "assert-true").unwrap();
        for part in [
            "# `assert-true`",
            "*warning · belongs to the question `assert-or-raise`*",
            "An assert that cannot fail.",
            "## Fix: Replace by pass\n\n`drop-assert`, safe.",
            "```python\nassert True\n```\n\nbecomes\n\n```python\npass\n```",
        ] {
            assert!(page.contains(part), "{part}\n---\n{page}");
        }
    }

    #[test]
    fn the_list_has_every_question_below_its_section() {
        assert_eq!(
            index_page(engine().catalog()),
            "# Interview questions\n\n\
             ## Basics\n\n\
             - `assert-or-raise`: When do you write `assert`, and when do you raise an exception of your own instead? (mid)\n\
             - `not-operator`: What does `not not x` give? (mid)\n\n\
             ## Classes\n\n\
             - `why-dataclass`: Why a dataclass? (mid)\n"
        );
    }
}
