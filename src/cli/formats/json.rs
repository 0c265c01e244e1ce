//! The form for scripts: one array, keys in a fixed order, lines and UTF-8-byte columns from 1.

use serde::Serialize;

use super::{Item, OfferedFix, Place, Report};
use crate::catalog::{Safety, Severity, Tier};

#[derive(Serialize)]
struct Entry<'r> {
    path: String,
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

/// The reports as one JSON array.
pub fn render(reports: &[Report]) -> String {
    let entries: Vec<Entry<'_>> = reports
        .iter()
        .flat_map(|report| report.items.iter().map(|item| entry(report, item)))
        .collect();
    // Strings and numbers always serialise.
    serde_json::to_string_pretty(&entries).unwrap_or_default() + "\n"
}

fn entry<'r>(report: &Report, item: &'r Item) -> Entry<'r> {
    let fix = |fix: &'r OfferedFix| FixEntry {
        id: &fix.id,
        title: &fix.title,
        safety: fix.safety,
    };
    Entry {
        path: report.name(),
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
