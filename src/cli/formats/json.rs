//! The form for scripts: one array, keys in a fixed order, lines and UTF-8-byte columns from 1. In notebooks they are those of
//! the cell that is named.

use serde::Serialize;

use super::{Item, OfferedFix, Place, Report};
use crate::catalog::{Safety, Severity, Tier};

#[derive(Serialize)]
struct Entry<'r> {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<usize>,
    pattern: &'r str,
    question: &'r str,
    tier: Tier,
    severity: Severity,
    message: &'r str,
    start: Place,
    end: Place,
    fixes: Vec<FixEntry<'r>>,
}

#[derive(Serialize)]
struct FixEntry<'r> {
    id: &'r str,
    title: &'r str,
    safety: Safety,
}

/// The reports as one JSON array, written piece by piece.
#[derive(Debug, Default)]
pub struct Array {
    begun: bool,
}

impl Array {
    /// The next piece.
    pub fn render(&mut self, report: &Report) -> String {
        let mut text = String::new();
        for item in &report.items {
            text.push_str(if self.begun { ",\n" } else { "[\n" });
            self.begun = true;
            // Strings and numbers always serialise.
            let entry = serde_json::to_string_pretty(&entry(report, item)).unwrap_or_default();
            let lines: Vec<String> = entry.lines().map(|line| format!("  {line}")).collect();
            text.push_str(&lines.join("\n"));
        }
        text
    }

    /// The last piece.
    pub fn end(self) -> &'static str {
        if self.begun { "\n]\n" } else { "[]\n" }
    }
}

fn entry<'r>(report: &Report, item: &'r Item) -> Entry<'r> {
    let fix = |fix: &'r OfferedFix| FixEntry {
        id: &fix.id,
        title: &fix.title,
        safety: fix.safety,
    };
    Entry {
        path: report.name(),
        cell: report.cell_number(),
        pattern: &item.pattern,
        question: &item.question,
        tier: item.tier,
        severity: item.severity,
        message: &item.message,
        start: report.byte_place(item.range.start),
        end: report.byte_place(item.range.end),
        fixes: item.fixes.iter().map(fix).collect(),
    }
}
