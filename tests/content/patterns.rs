//! Every case of every pattern: what must be reported is, exactly there; what must not match does not.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use hotseat::analysis::{Engine, FileSettings, Match, SourceFile};
use hotseat::catalog::{
    Case, ExpectedFix, ExpectedHit, Pattern, PatternIndex, PythonVersion, render_carets,
};
use hotseat::fixes::{Offer, offers};

/// What is assumed about a file that has this name in a case.
pub fn settings(path: &str, python: Option<PythonVersion>, pattern: &Pattern) -> FileSettings {
    let name = Path::new(path)
        .file_name()
        .and_then(|n| n.to_str())
        .unwrap_or_default();
    let test_file =
        name.starts_with("test_") || name.ends_with("_test.py") || name == "conftest.py";
    let target = python
        .or(pattern.min_python)
        .unwrap_or(PythonVersion::DEFAULT)
        .max(PythonVersion::DEFAULT);
    FileSettings {
        target,
        test_file,
        ..FileSettings::default()
    }
}

/// Runs one case with only its pattern enabled, as it is and with Windows line endings.
pub fn run(engine: &Engine, index: PatternIndex, case: &Case) -> Result<(), String> {
    let pattern = &engine.catalog().patterns[index];
    let found = hits(engine, index, &case.source, case);
    if !same(&case.hits, &found) {
        let mut text = format!("{} line {}: case `{}`\n", pattern.id, case.line, case.name);
        let _ = writeln!(
            text,
            "expected:\n{}found:\n{}",
            annotated(&case.source, &case.hits),
            annotated(&case.source, &found)
        );
        return Err(text);
    }
    let windows = case.source.replace('\n', "\r\n");
    if !same(&case.hits, &hits(engine, index, &windows, case)) {
        return Err(format!(
            "{} line {}: case `{}` differs with \\r\\n",
            pattern.id, case.line, case.name
        ));
    }
    Ok(())
}

/// The actual hits of a case.
pub fn hits(engine: &Engine, index: PatternIndex, source: &str, case: &Case) -> Vec<ExpectedHit> {
    let pattern = &engine.catalog().patterns[index];
    let settings = settings(&case.path, case.python, pattern);
    let file = SourceFile::parse(Path::new(&case.path), Arc::from(source));
    let matches = engine.matches(&file, &settings, |p| p == index);
    matches
        .iter()
        .map(|found| hit(engine, &file, &settings, found))
        .collect()
}

fn hit(engine: &Engine, file: &SourceFile, settings: &FileSettings, found: &Match) -> ExpectedHit {
    let text = file.text();
    let line_start = text[..found.range.start].rfind('\n').map_or(0, |i| i + 1);
    let line_end = text[found.range.start..]
        .find(['\r', '\n'])
        .map_or(text.len(), |i| found.range.start + i);
    let fix = offers(file, settings, engine.catalog(), found)
        .first()
        .map(|offer| match offer {
            Offer::Fix(fix) => ExpectedFix::Offered(fix.safety),
            Offer::Withheld { .. } => ExpectedFix::Withheld,
        });
    ExpectedHit {
        line: text[..found.range.start].matches('\n').count(),
        start: found.range.start - line_start,
        end: (found.range.end <= line_end).then(|| found.range.end - line_start),
        fix,
    }
}

/// Equal, where a case that does not say what becomes of the fix accepts anything.
fn same(expected: &[ExpectedHit], found: &[ExpectedHit]) -> bool {
    expected.len() == found.len()
        && expected.iter().zip(found).all(|(e, f)| {
            (e.line, e.start, e.end) == (f.line, f.start, f.end)
                && (e.fix.is_none() || e.fix == f.fix)
        })
}

/// The code with caret lines, as a question file writes it.
pub fn annotated(source: &str, hits: &[ExpectedHit]) -> String {
    let mut text = String::new();
    for (number, line) in source.lines().enumerate() {
        let _ = writeln!(text, "{line}");
        for hit in hits.iter().filter(|hit| hit.line == number) {
            let carets =
                render_carets(hit, line).unwrap_or_else(|| format!("# cannot be marked: {hit:?}"));
            let _ = writeln!(text, "{carets}");
        }
    }
    text
}

/// Rewrites the caret lines of a case in its question file to what is found, if that agrees with the case on the
/// lines and on what becomes of the fixes: only columns are taken from the program.
pub fn bless(engine: &Engine, index: PatternIndex, case: &Case, content: &mut Vec<String>) {
    let found = hits(engine, index, &case.source, case);
    let told = |hits: &[ExpectedHit], said: &[ExpectedHit]| -> Vec<(usize, Option<ExpectedFix>)> {
        hits.iter()
            .zip(said)
            .map(|(h, s)| (h.line, s.fix.and(h.fix)))
            .collect()
    };
    if found.len() != case.hits.len() || told(&found, &case.hits) != told(&case.hits, &case.hits) {
        return;
    }
    let merged: Vec<ExpectedHit> = found
        .into_iter()
        .zip(&case.hits)
        .map(|(f, e)| ExpectedHit { fix: e.fix, ..f })
        .collect();
    let start = case.line as usize - 1;
    let is_end = |line: &String| line.starts_with("```") || line.starts_with("# --- ");
    let length = content[start..]
        .iter()
        .position(is_end)
        .unwrap_or(content.len() - start);
    let fresh: Vec<String> = annotated(&case.source, &merged)
        .lines()
        .map(str::to_owned)
        .collect();
    content.splice(start..start + length, fresh);
}
