//! All code in the questions is Python for the compiler too: the grammar of the editor forgives more.

use std::io::Write;
use std::process::Stdio;

use hotseat::catalog::{Catalog, PythonVersion};
use libtest_mimic::{Failed, Trial};
use serde_json::json;

use super::python;

/// Compiles each block that standard input lists and prints what is wrong with it.
const COMPILE: &str = r#"
import json, sys, warnings
warnings.simplefilter("ignore")
for place, source in json.load(sys.stdin):
    try:
        compile(source, place, "exec")
    except SyntaxError as error:
        print(f"{place}: {error}")
"#;

struct Block {
    place: String,
    source: String,
    needs: Option<PythonVersion>,
}

/// Compiles every case, example and script that the installed Python is new enough for.
pub fn trial(catalog: &Catalog) -> Trial {
    let blocks = blocks(catalog);
    Trial::test("blocks compile", move || {
        let version = python::version()?;
        let fitting: Vec<_> = blocks
            .iter()
            .filter(|block| block.needs.is_none_or(|needs| needs <= version))
            .map(|block| json!([block.place, block.source]))
            .collect();
        if fitting.is_empty() {
            return Err("there is no code at all".into());
        }
        let problems = compile(&json!(fitting).to_string())?;
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems.into())
        }
    })
}

fn blocks(catalog: &Catalog) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut add = |place: String, source: &str, needs| {
        blocks.push(Block {
            place,
            source: source.to_owned(),
            needs,
        });
    };
    for question in &catalog.questions {
        let place = |line: u32| format!("{}:{line}", question.path.display());
        for script in question
            .corrections
            .iter()
            .flat_map(|correction| &correction.scripts)
        {
            add(
                place(script.line),
                &script.source,
                script.versions.iter().min().copied(),
            );
        }
        for pattern in question
            .patterns
            .iter()
            .map(|&index| &catalog.patterns[index])
        {
            for case in &pattern.cases {
                add(place(case.line), &case.source, case.python);
            }
            for example in pattern.fixes.iter().flat_map(|fix| &fix.examples) {
                add(
                    format!("{} (before)", place(example.line)),
                    &example.before,
                    example.python,
                );
                add(
                    format!("{} (after)", place(example.line)),
                    &example.after,
                    example.python,
                );
            }
        }
    }
    blocks
}

fn compile(blocks: &str) -> Result<String, Failed> {
    let mut child = python::command()
        .args(["-c", COMPILE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    child
        .stdin
        .take()
        .ok_or("no standard input")?
        .write_all(blocks.as_bytes())?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(format!("the compiler script ended with {}", output.status).into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
