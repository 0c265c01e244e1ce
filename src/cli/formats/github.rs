//! Workflow commands that GitHub Actions turns into annotations.

use std::fmt::Write as _;

use super::{Item, Report};
use crate::catalog::{Severity, Tier};

/// One command for each occurrence.
pub fn render(report: &Report) -> String {
    let mut text = String::new();
    for item in &report.items {
        command(&mut text, report, item);
    }
    text
}

fn command(text: &mut String, report: &Report, item: &Item) {
    let level = match (item.tier, item.severity) {
        (Tier::Finding, Severity::Warning) => "warning",
        _ => "notice",
    };
    let start = report.place_in_file(item.range.start);
    let end = report.place_in_file(item.range.end);
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "::{level} file={},line={},endLine={}",
        property(&report.name()),
        start.line,
        end.line
    );
    // Columns are refused for a range of several lines.
    if start.line == end.line {
        let _ = write!(text, ",col={},endColumn={}", start.column, end.column);
    }
    let title = format!("hotseat ({})", item.pattern);
    let cell = report.cell_and_line(item).map(|place| place + ": ");
    let message = cell.unwrap_or_default() + &item.message;
    let _ = writeln!(text, ",title={}::{}", property(&title), data(&message));
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
