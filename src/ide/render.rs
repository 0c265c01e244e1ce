//! How a question and its patterns are put into words: the pieces that hover, lens, page and command line share.

use pulldown_cmark::{Event, Parser};

use crate::catalog::{Catalog, Pattern, Question, Safety, Tier};

/// The columns for which the height of a hover is estimated: Neovim's floats and VS Code's hovers wrap about there.
const HOVER_COLUMNS: usize = 80;

/// The lines of text a hover may have, the last line included.
const HOVER_LINES: usize = 8;

/// Markdown as one line of plain text: no marks, no line breaks.
pub fn plain(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    for event in Parser::new(markdown) {
        match event {
            Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part) => {
                text.push_str(&part);
            }
            Event::SoftBreak | Event::HardBreak | Event::End(_) => text.push(' '),
            _ => {}
        }
    }
    // The end of an emphasis leaves a space as well: what follows it decides whether one belongs there.
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() && !word.starts_with([',', '.', '?', '!', ':', ';']) {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// The same for a text of several paragraphs, which stay apart.
pub fn plain_paragraphs(markdown: &str) -> String {
    let paragraphs = markdown.split("\n\n").map(plain);
    let paragraphs: Vec<String> = paragraphs.filter(|text| !text.is_empty()).collect();
    paragraphs.join("\n\n")
}

/// A text cut after a whole word, with an ellipsis, if it has more than `most` characters.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let needed = word.chars().count() + usize::from(length > 0);
        // One place is kept for the ellipsis.
        if length + needed > most.saturating_sub(1) {
            break;
        }
        if length > 0 {
            short.push(' ');
        }
        short.push_str(word);
        length += needed;
    }
    short.truncate(short.trim_end_matches([',', ';', ':']).len());
    short + "…"
}

/// What a lens and a mention say about a question.
pub fn related_question(question: &Question) -> String {
    format!(
        "Related interview question: {}",
        shortened(&plain(&question.title), 60)
    )
}

/// What the entry of the action menu that leads to a question says.
pub fn open_question(question: &Question) -> String {
    format!("Open the interview question: {}", plain(&question.title))
}

/// What the entry of the action menu that asks a question says.
pub fn practise(question: &Question) -> String {
    let title = shortened(&plain(&question.title), 60);
    format!("Practise this question now: {title}")
}

/// The heading of a section: `Async programming` for `async-programming`. Keys whose words need an "and" between them
/// are listed.
pub fn section_title(section: &str) -> String {
    const LISTED: [(&str, &str); 2] = [
        ("dataclasses-type-hints", "Dataclasses and type hints"),
        ("memory-performance", "Memory and performance"),
    ];
    if let Some((_, title)) = LISTED.iter().find(|(key, _)| *key == section) {
        return (*title).to_owned();
    }
    let words = section.replace('-', " ");
    let mut characters = words.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => words,
    }
}

/// The hover about a question: its title, what there is to say about this very place, and the short answer, in about
/// eight lines. The last line names the question for `hotseat explain`.
pub fn hover(question: &Question, remark: &str) -> String {
    let title = format!("**{}**", question.title);
    let last = format!("hotseat: {}", question.id);
    let used = lines(&title) + lines(remark) + lines(&last);
    let short = first_lines(&question.short_answer, HOVER_LINES.saturating_sub(used));
    let parts = [title.as_str(), remark, &short, &last];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}

/// How many lines a text takes when it is wrapped; empty ones do not count.
fn lines(text: &str) -> usize {
    text.lines()
        .map(|line| line.chars().count().div_ceil(HOVER_COLUMNS))
        .sum()
}

/// As many whole sentences as fit into that many lines, at least one.
fn first_lines(text: &str, most: usize) -> String {
    let text = text.trim();
    if lines(text) <= most {
        return text.to_owned();
    }
    let ends = text
        .match_indices(". ")
        .map(|(at, _)| at + 1)
        .filter(|&end| text[..end].matches('`').count().is_multiple_of(2));
    let mut cut = text.len();
    for end in ends {
        if cut == text.len() || lines(&text[..end]) <= most {
            cut = end;
        }
    }
    text[..cut].to_owned()
}

/// The line below a page's title: level, section and number.
pub fn facts(question: &Question) -> String {
    format!(
        "*{} · {} · question {}*",
        question.level,
        section_title(&question.section),
        question.order
    )
}

/// A pattern in one line: its id, and its message or what it watches for.
pub fn pattern_line(pattern: &Pattern) -> String {
    let what = if pattern.message.is_empty() {
        first_sentence(&pattern.prose)
    } else {
        general_message(pattern)
    };
    if what.is_empty() {
        format!("`{}`", pattern.id)
    } else {
        format!("`{}`: {what}", pattern.id)
    }
}

/// A pattern's message before it is about one place: an ellipsis stands for what depends on the place.
pub fn general_message(pattern: &Pattern) -> String {
    let mut general = String::new();
    let mut rest = pattern.message.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let Some((_, after)) = after.split_once('}') else {
            break;
        };
        general.push_str(before);
        general.push('…');
        rest = after;
    }
    general + rest
}

/// The first sentence of a text, on one line, with its Markdown marks.
fn first_sentence(markdown: &str) -> String {
    let paragraph = markdown.trim().split("\n\n").next().unwrap_or_default();
    let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = line
        .match_indices(". ")
        .map(|(at, _)| at + 1)
        .find(|&end| line[..end].matches('`').count().is_multiple_of(2));
    end.map_or(line.clone(), |end| line[..end].to_owned())
}

/// How a pattern is reported: `mention`, or the severity of a finding.
pub fn rank(pattern: &Pattern) -> &'static str {
    match pattern.tier {
        Tier::Mention => "mention",
        Tier::Finding => severity(pattern.severity),
    }
}

/// The word for a severity.
pub fn severity(severity: crate::catalog::Severity) -> &'static str {
    match severity {
        crate::catalog::Severity::Hint => "hint",
        crate::catalog::Severity::Info => "info",
        crate::catalog::Severity::Warning => "warning",
    }
}

/// The word for how far a fix can be trusted.
pub fn safety(safety: Safety) -> &'static str {
    match safety {
        Safety::Safe => "safe",
        Safety::Review => "review",
    }
}

/// The questions of each section, in the order of the curriculum. A section stands where its first question does.
pub fn sections(catalog: &Catalog) -> Vec<(&str, Vec<&Question>)> {
    let mut sections: Vec<(&str, Vec<&Question>)> = Vec::new();
    for question in &catalog.questions {
        match sections
            .iter_mut()
            .find(|(section, _)| *section == question.section)
        {
            Some((_, questions)) => questions.push(question),
            None => sections.push((&question.section, vec![question])),
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_loses_its_marks_and_keeps_its_words() {
        assert_eq!(
            plain("When do you use `asyncio.gather()`, and *when* [wait](x)?"),
            "When do you use asyncio.gather(), and when wait?"
        );
    }

    #[test]
    fn a_long_text_is_cut_between_words() {
        assert_eq!(shortened("short enough", 12), "short enough");
        assert_eq!(shortened("one two, three", 9), "one two…");
        assert_eq!(shortened("ééé ééé ééé", 8), "ééé ééé…");
    }

    #[test]
    fn a_hover_is_at_most_eight_lines_whatever_the_answer() {
        let sentence =
            "Use `a. b` because it is what the interviewer asks about in nearly every round. ";
        let question = Question {
            id: "some-question".into(),
            title: "Which?".into(),
            short_answer: sentence.repeat(20).trim().into(),
            ..Question::default()
        };
        let hover = hover(&question, "Two awaits above do not depend on each other.");
        assert!(
            hover.starts_with("**Which?**\n\nTwo awaits above do not depend on each other.\n\nUse")
        );
        assert!(
            hover.ends_with("every round.\n\nhotseat: some-question"),
            "{hover}"
        );
        assert!((6..=HOVER_LINES).contains(&lines(&hover)), "{hover}");
    }

    #[test]
    fn the_first_sentence_does_not_end_inside_code() {
        assert_eq!(
            first_sentence("Calls of `a. b`\nand more. Not this."),
            "Calls of `a. b` and more."
        );
        assert_eq!(
            first_sentence("No full stop\n\nsecond paragraph"),
            "No full stop"
        );
    }

    #[test]
    fn a_section_is_named_like_a_heading() {
        assert_eq!(section_title("async-programming"), "Async programming");
    }
}
