//! Takes the columns of caret lines from the program.

use hotseat::analysis::Engine;
use hotseat::catalog::{Case, ExpectedFix, ExpectedHit, PatternIndex};
use hotseat::content::verify::{annotated, hits};

/// Rewrites the caret lines of a case in its question file to what is found, if that agrees with the case on the
/// lines and on what becomes of the fixes: only columns are taken from the program.
pub fn case(engine: &Engine, index: PatternIndex, case: &Case, content: &mut Vec<String>) {
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
