//! The questions, checked: every case of every pattern, every before/after pair of every fix, every script of every
//! correction, and that all code is Python. One file per promise.
//!
//! The files are read from disk, so that a change of content needs no build. `HOTSEAT_BLESS=1` rewrites caret columns
//! and the tables in `content/README.md`. Python is needed: the one that `HOTSEAT_TEST_PYTHON` names, else that of
//! `.venv`, else `python3` on the path.

mod bless;
mod blocks;
mod corrections;
mod python;
mod reference;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use hotseat::analysis::Engine;
use hotseat::catalog::{self, Catalog, ContentError};
use hotseat::content::verify;
use hotseat::fixes::vocabulary;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut trials = match catalog::from_dir(&root.join("content/questions"), vocabulary()) {
        Ok(catalog) => trials(&Arc::new(catalog)),
        Err(errors) => vec![Trial::test("content", move || {
            Err(Failed::from(listed(&errors)))
        })],
    };
    trials.push(reference::trial());
    libtest_mimic::run(&arguments, trials).exit();
}

fn listed(errors: &[ContentError]) -> String {
    errors.iter().map(|error| format!("{error}\n")).collect()
}

fn trials(catalog: &Arc<Catalog>) -> Vec<Trial> {
    let engine = match Engine::new(Arc::clone(catalog)) {
        Ok(engine) => Arc::new(engine),
        Err(error) => {
            return vec![Trial::test("queries", move || {
                Err(Failed::from(error.to_string()))
            })];
        }
    };
    if std::env::var_os("HOTSEAT_BLESS").is_some() {
        bless_all(&engine);
    }
    let mut trials = vec![blocks::trial(catalog), embedded(catalog)];
    trials.extend(corrections::trials(catalog));
    for (index, pattern) in catalog.patterns.iter().enumerate() {
        for case in &pattern.cases {
            let kind = if case.hits.is_empty() {
                "no-match"
            } else {
                "match"
            };
            let name = format!("{}::{kind}::{} (line {})", pattern.id, case.name, case.line);
            let (engine, case) = (Arc::clone(&engine), case.clone());
            trials.push(Trial::test(name, move || {
                verify::case(&engine, index, &case).map_err(Failed::from)
            }));
        }
        for fix in &pattern.fixes {
            for example in &fix.examples {
                let name = format!("{}::fix::{} (line {})", pattern.id, fix.id, example.line);
                let (engine, fix, example) = (Arc::clone(&engine), fix.clone(), example.clone());
                trials.push(Trial::test(name, move || {
                    verify::example(&engine, index, &fix, &example).map_err(Failed::from)
                }));
            }
        }
    }
    trials
}

/// The questions in the program are those of the folder, but for the cases and the examples.
fn embedded(on_disk: &Catalog) -> Trial {
    let seen = |catalog: &Catalog| -> Vec<String> {
        let questions = catalog.questions.iter().cloned().map(|mut question| {
            question.path = std::path::PathBuf::new();
            format!("{question:?}")
        });
        let patterns = catalog.patterns.iter().cloned().map(|mut pattern| {
            pattern.cases.clear();
            pattern.line = 0;
            pattern.fixes.iter_mut().for_each(|fix| {
                fix.line = 0;
                fix.examples.clear();
            });
            let variants: BTreeMap<_, _> = pattern.variants.drain().collect();
            format!("{pattern:?} {variants:?}")
        });
        questions.chain(patterns).collect()
    };
    let expected = seen(on_disk);
    Trial::test("embedded questions", move || {
        let found = seen(&catalog::embedded().map_err(|errors| listed(&errors))?);
        match found
            .iter()
            .zip(&expected)
            .find(|(found, expected)| found != expected)
        {
            Some((found, expected)) => {
                Err(format!("the program holds\n{found}\nthe folder\n{expected}").into())
            }
            None if found.len() != expected.len() => {
                Err("the program holds other questions".into())
            }
            None => Ok(()),
        }
    })
}

/// Takes the columns of caret lines from the program, from the last case of a file to the first.
fn bless_all(engine: &Engine) {
    for question in &engine.catalog().questions {
        let Ok(text) = std::fs::read_to_string(&question.path) else {
            continue;
        };
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut cases: Vec<_> = question
            .patterns
            .iter()
            .flat_map(|&index| {
                engine.catalog().patterns[index]
                    .cases
                    .iter()
                    .map(move |case| (index, case))
            })
            .filter(|(_, case)| !case.hits.is_empty())
            .collect();
        cases.sort_by_key(|(_, case)| std::cmp::Reverse(case.line));
        for (index, case) in cases {
            bless::case(engine, index, case, &mut lines);
        }
        let blessed = lines.join("\n") + "\n";
        if blessed != text {
            std::fs::write(&question.path, blessed).expect("the question file can be written");
        }
    }
}
