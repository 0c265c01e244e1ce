//! Whole pages, Markdown: one question, one pattern, and the list of all questions.

use std::fmt::Write as _;

use super::{Snapshot, render};
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
    /// The code that the hover shows on, on one line.
    pub code: String,
    /// What the finding says; `None` for a mere mention.
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

/// Where a question occurs in a file, in source order.
pub fn occurrences(snapshot: &Snapshot, question: &str) -> Vec<Occurrence> {
    let catalog = &snapshot.catalog;
    let matches = snapshot.matches().into_iter();
    let of_question = matches.filter(|m| catalog.question_of(m.pattern).id == question);
    of_question
        .map(|found| {
            let code = snapshot.file.slice(found.anchor.clone());
            let finding = catalog.patterns[found.pattern].tier == Tier::Finding;
            Occurrence {
                line: snapshot.file.line_of(found.anchor.start) + 1,
                code: code.lines().next().unwrap_or_default().trim().to_owned(),
                message: finding.then(|| found.message(catalog, &snapshot.file)),
            }
        })
        .collect()
}

/// The part of a question's page about the open files: findings first, each a link. `files` are their names, their
/// addresses, and what occurs in them. Empty if there is nothing.
pub fn in_your_code(files: &[(String, String, Vec<Occurrence>)]) -> String {
    let mut lines: Vec<(bool, String)> = Vec::new();
    for (name, address, occurrences) in files {
        for found in occurrences {
            let place = format!("[{name}:{}]({address}#L{})", found.line, found.line);
            let line = match &found.message {
                Some(message) => format!("{place} {}: {message}", code(&found.code)),
                None => format!("{place} {}", code(&found.code)),
            };
            lines.push((found.message.is_none(), line));
        }
    }
    lines.sort_by_key(|(mention, _)| *mention);
    let rest = lines.len().saturating_sub(MOST_OCCURRENCES);
    let mut items: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
    items.truncate(MOST_OCCURRENCES);
    if rest > 0 {
        items.push(format!("and {rest} more"));
    }
    let mut page = Page {
        text: String::new(),
    };
    page.list("In your open files", &items);
    page.text
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
    fn the_places_in_open_files_are_links_and_findings_come_first() {
        let snapshot = crate::ide::testing::snapshot("x = 1\nassert x\nassert True\n");
        let found = occurrences(&snapshot, "assert-or-raise");
        let files = [("a.py".to_owned(), "file:///p/a.py".to_owned(), found)];
        assert_eq!(
            in_your_code(&files).trim(),
            "## In your open files\n\n\
             - [a.py:3](file:///p/a.py#L3) `assert True`: `assert True` never fails: remove it or test something.\n\
             - [a.py:2](file:///p/a.py#L2) `assert x`"
        );
        assert_eq!(in_your_code(&[]), "");
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
