//! On paper what an editor shows: lenses above definitions, findings below their lines, and the hovers.

use std::collections::HashSet;
use std::fmt::Write as _;

use clap::builder::styling::{AnsiColor, Style};

use crate::catalog::Severity;
use crate::cli::terminal;
use crate::fixes::{Layout, Offer, offers};
use crate::ide::code_lenses::lenses;
use crate::ide::diagnostics::diagnostics;
use crate::ide::hover::hover;
use crate::ide::{Diagnostic, Marks, Preset, Snapshot, render};

const LENS: Style = AnsiColor::BrightBlack.on_default();
const HEADING: Style = Style::new().bold();
const MARGIN: Style = AnsiColor::BrightBlack.on_default();

/// The width of a hover box.
const HOVER_COLUMNS: usize = 80;

/// How many hints are shown at most on a screenful, as in an editor.
const MAX_HINTS: usize = 5;

/// The file with everything an editor would show, styled for a terminal.
pub fn render(snapshot: &Snapshot) -> String {
    let mut page = format!(
        "{HEADING}{}{HEADING:#}, as an editor with hotseat shows it\n\n",
        snapshot.file.path().display()
    );
    annotated_source(&mut page, snapshot);
    hovers(&mut page, snapshot);
    page
}

fn annotated_source(page: &mut String, snapshot: &Snapshot) {
    let lenses = lenses(snapshot, Preset::Learn, &Marks::new());
    let diagnostics = diagnostics(snapshot, MAX_HINTS, &|_| false);
    let mut start = 0;
    for (number, line) in (1..).zip(snapshot.file.text().split_inclusive('\n')) {
        let range = start..start + line.len();
        let content = line.trim_end_matches(['\n', '\r']);
        let indentation = &content[..content.len() - content.trim_start().len()];
        for lens in lenses.iter().filter(|l| range.contains(&l.range.start)) {
            // Writing to a String cannot fail, here and below.
            let _ = writeln!(
                page,
                "{MARGIN}     │{MARGIN:#} {indentation}{LENS}{}{LENS:#}",
                lens.title
            );
        }
        let _ = writeln!(page, "{MARGIN}{number:4} │{MARGIN:#} {content}");
        for diagnostic in diagnostics
            .iter()
            .filter(|d| range.contains(&d.range.start))
        {
            finding(page, snapshot, diagnostic, content, start);
        }
        start = range.end;
    }
}

fn finding(page: &mut String, snapshot: &Snapshot, found: &Diagnostic, line: &str, start: usize) {
    let style = match found.severity {
        Severity::Warning => AnsiColor::Yellow,
        Severity::Info => AnsiColor::Blue,
        Severity::Hint => AnsiColor::Cyan,
    }
    .on_default();
    let from = (found.range.start - start).min(line.len());
    let to = (found.range.end - start).min(line.len());
    let before = line.get(..from).unwrap_or_default();
    // Tabs stay tabs, so that the carets stand below the code however wide a tab is.
    let padding: String = before
        .chars()
        .map(|c| if c == '\t' { '\t' } else { ' ' })
        .collect();
    let width = line
        .get(from..to)
        .unwrap_or_default()
        .chars()
        .count()
        .max(1);
    let more = if found.range.end > start + line.len() {
        "…"
    } else {
        ""
    };
    let _ = writeln!(
        page,
        "{MARGIN}     │{MARGIN:#} {padding}{style}{}{more} {}: {} [{}]{style:#}",
        "^".repeat(width),
        render::severity(found.severity),
        found.message,
        found.pattern
    );
    for title in fix_titles(snapshot, found) {
        let _ = writeln!(
            page,
            "{MARGIN}     │{MARGIN:#} {padding}{style}fix: {title}{style:#}"
        );
    }
}

fn fix_titles(snapshot: &Snapshot, found: &Diagnostic) -> Vec<String> {
    let catalog = &snapshot.catalog;
    let is_it = |m: &&crate::analysis::Match| {
        m.range == found.range && catalog.patterns[m.pattern].id == found.pattern
    };
    let matches = snapshot.matches();
    let Some(found) = matches.iter().find(is_it) else {
        return Vec::new();
    };
    offers(
        &snapshot.file,
        &snapshot.settings,
        catalog,
        found,
        Layout::Draft,
    )
    .into_iter()
    .filter_map(|offer| match offer {
        Offer::Fix(fix) => Some(fix.title),
        Offer::Withheld { .. } => None,
    })
    .collect()
}

/// The hover of each question, where it shows first.
fn hovers(page: &mut String, snapshot: &Snapshot) {
    let mut seen = HashSet::new();
    for found in &snapshot.matches() {
        let Some(hover) = hover(snapshot, found.anchor.start) else {
            continue;
        };
        if !seen.insert(hover.question) {
            continue;
        }
        let text = snapshot.file.text();
        let line = text[..hover.range.start].matches('\n').count() + 1;
        let code = text[hover.range].lines().next().unwrap_or_default();
        let _ = writeln!(page, "\n{HEADING}Hover on line {line}: {code}{HEADING:#}\n");
        for line in terminal::markdown(&wrapped(&hover.markdown)).lines() {
            let _ = writeln!(page, "{}", format!("  {line}").trim_end());
        }
    }
}

/// Markdown with its lines wrapped as a hover box does; code stays on one line.
fn wrapped(markdown: &str) -> String {
    let mut text = String::new();
    for line in markdown.lines() {
        let mut width = 0;
        let mut in_code = false;
        for word in line.split(' ') {
            let length = word.chars().count();
            if width > 0 && !in_code && width + 1 + length > HOVER_COLUMNS {
                text.push('\n');
                width = 0;
            } else if width > 0 {
                text.push(' ');
                width += 1;
            }
            text.push_str(word);
            width += length;
            in_code ^= !word.matches('`').count().is_multiple_of(2);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_are_wrapped_between_words_and_never_inside_code() {
        let word = "x".repeat(30);
        assert_eq!(
            wrapped(&format!("{word} {word} {word}\n\nb")),
            format!("{word} {word}\n{word}\n\nb\n")
        );
        let code = format!("`{word} {word} {word}`");
        assert_eq!(wrapped(&format!("a {code} b")), format!("a {code}\nb\n"));
    }
}
