//! Every before/after pair of every fix, to the letter.

use std::path::Path;
use std::sync::Arc;

use hotseat::analysis::{Engine, SourceFile};
use hotseat::catalog::{FixExample, FixSpec, PatternIndex};
use hotseat::fixes::settle;

use crate::patterns::settings;

/// Applies one fix wherever it is offered and compares the whole file, in both line endings.
pub fn run(
    engine: &Engine,
    index: PatternIndex,
    fix: &FixSpec,
    example: &FixExample,
) -> Result<(), String> {
    for (ending, name) in [("\n", "\\n"), ("\r\n", "\\r\\n")] {
        let before = example.before.replace('\n', ending);
        let after = example.after.replace('\n', ending);
        let pattern = &engine.catalog().patterns[index];
        let settings = settings(&example.path, example.python, pattern);
        let file = SourceFile::parse(Path::new(&example.path), Arc::from(before.as_str()));
        let settled = settle(engine, &file, &settings, &|p| p == index, &|_, offered| {
            offered.id == fix.id
        });
        if settled.text != after {
            return Err(format!(
                "{} line {} ({name})\nexpected:\n{after}\nfound:\n{}\n",
                fix.id, example.line, settled.text
            ));
        }
    }
    Ok(())
}
