//! Holds questions to their own examples: every case of every pattern, every before and after of every fix.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use crate::analysis::{Engine, FileSettings, Match, SourceFile};
use crate::catalog::{
    Case, ExpectedFix, ExpectedHit, FixExample, FixSpec, Pattern, PatternIndex, PythonVersion,
    render_carets,
};
use crate::fixes::{Layout, Offer, offers, settle};

/// Every case and example of a catalog; one text for each that does not hold.
pub fn all(engine: &Engine) -> Vec<String> {
    let mut problems = Vec::new();
    for (index, pattern) in engine.catalog().patterns.iter().enumerate() {
        let cases = pattern.cases.iter().map(|c| case(engine, index, c));
        problems.extend(cases.filter_map(Result::err));
        for fix in &pattern.fixes {
            let examples = fix.examples.iter().map(|e| example(engine, index, fix, e));
            problems.extend(examples.filter_map(Result::err));
        }
    }
    problems
}

/// Runs one case with only its pattern enabled, as it is and with Windows line endings.
///
/// # Errors
///
/// What was expected and what was found.
pub fn case(engine: &Engine, index: PatternIndex, case: &Case) -> Result<(), String> {
    let found = hits(engine, index, &case.source, case);
    let place = place(engine, index, case.line);
    if !same(&case.hits, &found) {
        return Err(format!(
            "{place}: case `{}`\nexpected:\n{}found:\n{}",
            case.name,
            annotated(&case.source, &case.hits),
            annotated(&case.source, &found)
        ));
    }
    let windows = case.source.replace('\n', "\r\n");
    if !same(&case.hits, &hits(engine, index, &windows, case)) {
        return Err(format!("{place}: case `{}` differs with \\r\\n", case.name));
    }
    Ok(())
}

/// Applies one fix wherever it is offered and compares the whole file: as it is, with Windows line endings, and with tabs
/// for its indentation.
///
/// # Errors
///
/// What was expected and what came out.
pub fn example(
    engine: &Engine,
    index: PatternIndex,
    fix: &FixSpec,
    example: &FixExample,
) -> Result<(), String> {
    for layout in ["as it is", "with \\r\\n", "with tabs"] {
        let laid_out = |text: &str| match layout {
            "with \\r\\n" => text.replace('\n', "\r\n"),
            "with tabs" => with_tabs(text),
            _ => text.to_owned(),
        };
        let (before, after) = (laid_out(&example.before), laid_out(&example.after));
        let pattern = &engine.catalog().patterns[index];
        let settings = settings(&example.path, example.python, pattern);
        let file = SourceFile::parse(Path::new(&example.path), &before);
        let settled = settle(&alone(engine, index), &file, &settings, &|_, offered| {
            offered.id == fix.id
        });
        if settled.text != after {
            return Err(format!(
                "{}: fix `{}` ({layout})\nexpected:\n{after}\nfound:\n{}\n",
                place(engine, index, example.line),
                fix.id,
                settled.text
            ));
        }
    }
    Ok(())
}

/// A text with a tab for each four spaces at the start of a line, strings included; as it is, if it is indented by fewer.
fn with_tabs(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let code = line.trim_start_matches(' ');
        let spaces = line.len() - code.len();
        if (1..4).contains(&spaces) {
            return text.to_owned();
        }
        result.extend(std::iter::repeat_n('\t', spaces / 4));
        result.extend(std::iter::repeat_n(' ', spaces % 4));
        result.push_str(code);
    }
    result
}

fn place(engine: &Engine, index: PatternIndex, line: u32) -> String {
    let path = engine.catalog().question_of(index).path.display();
    format!(
        "{path}:{line}: pattern `{}`",
        engine.catalog().patterns[index].id
    )
}

/// An engine with one pattern.
fn alone(engine: &Engine, index: PatternIndex) -> Engine {
    Engine::with_patterns(Arc::clone(engine.catalog()), |pattern| pattern == index)
        .unwrap_or_else(|error| unreachable!("it compiled before: {error}"))
}

/// What is assumed about a file that has this name in a case.
fn settings(path: &str, python: Option<PythonVersion>, pattern: &Pattern) -> FileSettings {
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

/// What a pattern reports in a case whose source is replaced by `source`.
pub fn hits(engine: &Engine, index: PatternIndex, source: &str, case: &Case) -> Vec<ExpectedHit> {
    let pattern = &engine.catalog().patterns[index];
    let settings = settings(&case.path, case.python, pattern);
    let file = SourceFile::parse(Path::new(&case.path), source);
    let matches = alone(engine, index).matches(&file, &settings);
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
    let fix = offers(file, settings, engine.catalog(), found, Layout::Draft)
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

/// Code with caret lines, as a question file writes it.
pub fn annotated(source: &str, hits: &[ExpectedHit]) -> String {
    let mut text = String::new();
    for (number, line) in source.lines().enumerate() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{line}");
        for hit in hits.iter().filter(|hit| hit.line == number) {
            let carets =
                render_carets(hit, line).unwrap_or_else(|| format!("# cannot be marked: {hit:?}"));
            let _ = writeln!(text, "{carets}");
        }
    }
    text
}
