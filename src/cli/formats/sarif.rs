//! SARIF 2.1.0, the interchange format of static analysis results.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

use serde_json::{Value, json};

use super::{BOM_COLUMNS, Item, Report};
use crate::catalog::{Catalog, Pattern, Severity, Tier};
use crate::ide::render;
use crate::workspace;

/// The reports as one SARIF log with one run. `problems` are files that could not be read.
pub fn render(catalog: &Catalog, reports: &[Report], problems: &[String]) -> String {
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for item in reports.iter().flat_map(|report| &report.items) {
        rules.insert(&item.pattern, 0);
    }
    for (index, place) in rules.values_mut().enumerate() {
        *place = index;
    }
    let described: Vec<Value> = rules
        .keys()
        .map(|id| match catalog.pattern_index(id) {
            Some(index) => rule(catalog, &catalog.patterns[index]),
            None => project_rule(id),
        })
        .collect();
    let results: Vec<Value> = reports
        .iter()
        .flat_map(|report| report.items.iter().map(|item| result(report, item, &rules)))
        .collect();
    let notifications: Vec<Value> = problems
        .iter()
        .map(|problem| json!({"level": "error", "message": {"text": problem}}))
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "hotseat",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": described,
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": problems.is_empty(),
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    });
    // Strings and numbers always serialise.
    serde_json::to_string_pretty(&log).unwrap_or_default() + "\n"
}

fn rule(catalog: &Catalog, pattern: &Pattern) -> Value {
    let question = &catalog.questions[pattern.question];
    let mut rule = json!({
        "id": pattern.id,
        "shortDescription": {"text": render::plain(&render::pattern_line(pattern))},
        "fullDescription": {"text": render::plain(&question.title)},
        "help": {
            "text": render::plain(&question.short_answer),
            "markdown": render::hover(question, ""),
        },
        "defaultConfiguration": {"level": level(pattern.tier, pattern.severity)},
        "properties": {"tags": question.tags},
    });
    if let Some(link) = question.links.first() {
        rule["helpUri"] = json!(link);
    }
    rule
}

fn project_rule(id: &str) -> Value {
    let check = workspace::CHECKS.iter().find(|check| check.id == id);
    let Some(check) = check else {
        return json!({"id": id});
    };
    json!({
        "id": check.id,
        "shortDescription": {"text": render::plain(check.title)},
        "defaultConfiguration": {"level": level(Tier::Finding, check.severity)},
    })
}

fn result(report: &Report, item: &Item, rules: &BTreeMap<&str, usize>) -> Value {
    let artifact = json!({"uri": uri(&report.path)});
    let location = |range: &Range<usize>| json!({"artifactLocation": artifact, "region": region(report, range)});
    let mut result = json!({
        "ruleId": item.pattern,
        "ruleIndex": rules.get(item.pattern.as_str()),
        "kind": match item.tier {
            Tier::Finding => "fail",
            Tier::Mention => "informational",
        },
        "level": level(item.tier, item.severity),
        "message": {"text": item.message},
        "locations": [{"physicalLocation": location(&item.range)}],
    });
    if let Some(place) = report.cell_and_line(item) {
        result["locations"][0]["logicalLocations"] = json!([{"name": place}]);
    }
    if !item.related.is_empty() {
        let related = |(range, text): &(Range<usize>, String)| json!({"physicalLocation": location(range), "message": {"text": text}});
        result["relatedLocations"] = item.related.iter().map(related).collect();
    }
    // What a fix inserts into a cell is not what is to be inserted into its file.
    if !item.fixes.is_empty() && report.cell.is_none() {
        let fixes = item.fixes.iter().map(|fix| {
            let replacements: Vec<Value> = fix
                .edits
                .iter()
                .map(|edit| {
                    json!({
                        "deletedRegion": region(report, &edit.range()),
                        "insertedContent": {"text": edit.text},
                    })
                })
                .collect();
            json!({
                "description": {"text": fix.title},
                "artifactChanges": [{"artifactLocation": artifact, "replacements": replacements}],
            })
        });
        result["fixes"] = fixes.collect();
    }
    result
}

/// What is informational has no level: the format demands it.
fn level(tier: Tier, severity: Severity) -> &'static str {
    match (tier, severity) {
        (Tier::Mention, _) => "none",
        (_, Severity::Warning) => "warning",
        (_, Severity::Info | Severity::Hint) => "note",
    }
}

fn region(report: &Report, range: &Range<usize>) -> Value {
    let start = report.place_in_file(range.start);
    let end = report.place_in_file(range.end);
    let bytes = report.offset_in_file(range.start)..report.offset_in_file(range.end);
    let bom = if report.bom { BOM_COLUMNS as usize } else { 0 };
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "byteOffset": bytes.start + bom,
        "byteLength": bytes.len(),
    })
}

/// A relative path as a relative reference, an absolute one as a `file:` URI.
fn uri(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let mut uri = String::new();
    if path.is_absolute() {
        uri.push_str(if text.starts_with('/') {
            "file://"
        } else {
            "file:///"
        });
    }
    for byte in text.strip_prefix("./").unwrap_or(&text).bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            // Writing to a String cannot fail.
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references_that_any_reader_accepts() {
        assert_eq!(uri(Path::new("./src/a b#é.py")), "src/a%20b%23%C3%A9.py");
        #[cfg(unix)]
        assert_eq!(uri(Path::new("/a.py")), "file:///a.py");
    }
}
