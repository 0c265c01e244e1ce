//! The form for people: the message, the source line with the range marked, the question and the fixes.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{Item, Report};
use crate::catalog::{Severity, Tier};

/// A report with styles for a terminal.
pub fn render(report: &Report) -> String {
    let items = report.items.iter();
    items.map(|item| one(report, item) + "\n\n").collect()
}

fn one(report: &Report, item: &Item) -> String {
    let level = match (item.tier, item.severity) {
        (Tier::Mention, _) => Level::NOTE.with_name("mention"),
        (_, Severity::Warning) => Level::WARNING,
        (_, Severity::Info) => Level::INFO,
        (_, Severity::Hint) => Level::HELP.with_name("hint"),
    };
    // Only the lines that are shown: marking a place in a whole file takes time that grows with the file.
    let text = &report.text;
    let from = text[..item.range.start]
        .rfind(['\n', '\r'])
        .map_or(0, |end| end + 1);
    let to = text[item.range.end..]
        .find(['\n', '\r'])
        .map_or(text.len(), |end| item.range.end + end);
    let place = report.byte_place(item.range.start);
    let mut path = report.name();
    if let Some(number) = report.cell_number() {
        path += &format!(":cell {number}");
    }
    let snippet = Snippet::source(&text[from..to])
        .line_start(place.line as usize)
        .path(path.as_str())
        .annotation(AnnotationKind::Primary.span(item.range.start - from..item.range.end - from));
    let mut group = level
        .primary_title(item.message.as_str())
        .id(item.pattern.as_str())
        .element(snippet);
    let question = format!(
        "{} (hotseat explain {})",
        item.question_title, item.question
    );
    if item.tier == Tier::Finding {
        group = group.element(Level::NOTE.with_name("question").message(question));
    } else {
        group = group.element(
            Level::NOTE
                .no_name()
                .message(format!("hotseat explain {}", item.question)),
        );
    }
    for fix in &item.fixes {
        let line = format!("{} [{}]", fix.title, fix.id);
        group = group.element(Level::HELP.with_name("fix").message(line));
    }
    Renderer::styled().render(&[group])
}
