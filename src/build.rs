//! Finds the checks and rewrites, so that adding a file is all it takes to add one, and prepares the questions.
//!
//! For every `src/analysis/checks/<name>.rs` and `src/fixes/rewrites/<name>.rs` the generated `checks.rs` and
//! `rewrites.rs` in `OUT_DIR` declare the module and list it, under its name in kebab-case and with its leading `//!`
//! lines, in a table `ALL` of the `Entry` type of the module that includes the file.
//!
//! The questions in `content/questions` are copied to `questions` in `OUT_DIR` without the cases of their patterns and the
//! examples of their fixes: these are most of the text, nothing but tests reads them, and every start would have to read
//! past them.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo:rerun-if-changed=src/build.rs");
    println!("cargo:rerun-if-changed=content");
    copy_questions(&root.join("content/questions"), &out.join("questions"))?;
    // What stands in the table for a module `{}`: a check may answer in several forms, which the caller makes one.
    let check =
        "|cx, node, hit| crate::analysis::IntoReports::into_reports({}::check(cx, node), hit)";
    for (folder, function) in [
        ("src/analysis/checks", check),
        ("src/fixes/rewrites", "{}::rewrite"),
    ] {
        println!("cargo:rerun-if-changed={folder}");
        let name = folder.rsplit('/').next().unwrap_or(folder);
        let table = module_table(&root.join(folder), function)?;
        fs::write(out.join(name).with_extension("rs"), table)?;
    }
    Ok(())
}

/// Copies `<section>/<id>.md` from one folder to the other, without cases and examples.
fn copy_questions(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    if to.is_dir() {
        fs::remove_dir_all(to)?;
    }
    for section in fs::read_dir(from)? {
        let section = section?.path();
        if !section.is_dir() {
            continue;
        }
        let folder = to.join(section.file_name().unwrap_or_default());
        fs::create_dir_all(&folder)?;
        for file in fs::read_dir(&section)? {
            let file = file?.path();
            let text = fs::read_to_string(&file)?;
            let copy = folder.join(file.file_name().unwrap_or_default());
            fs::write(copy, without_tests(&text))?;
        }
    }
    Ok(())
}

/// The text without fences like "```python match" and "```python before".
fn without_tests(text: &str) -> String {
    const TESTS: [&str; 4] = ["match", "no-match", "before", "after"];
    let mut kept = String::with_capacity(text.len());
    let mut in_tests = false;
    for line in text.split_inclusive('\n') {
        if let Some(info) = line.strip_prefix("```") {
            let begins = info.split_whitespace().any(|word| TESTS.contains(&word));
            if begins || in_tests {
                in_tests = begins;
                continue;
            }
        }
        if !in_tests {
            kept.push_str(line);
        }
    }
    kept
}

/// The modules of a folder and the table that lists them, in the order of their names.
fn module_table(folder: &Path, function: &str) -> Result<String, Box<dyn Error>> {
    let mut modules = String::new();
    let mut entries = String::new();
    for file in rust_files(folder)? {
        println!("cargo:rerun-if-changed={}", file.display());
        let stem = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let documentation = leading_documentation(&fs::read_to_string(&file)?);
        writeln!(
            modules,
            "#[path = {:?}]\npub mod {stem};",
            file.display().to_string()
        )?;
        writeln!(
            entries,
            "    Entry {{ name: {:?}, doc: {documentation:?}, run: {} }},",
            stem.replace('_', "-"),
            function.replace("{}", &stem)
        )?;
    }
    Ok(format!(
        "{modules}\n/// Every one of them, in the order of their names.\npub static ALL: &[Entry] = &[\n{entries}];\n"
    ))
}

/// The files of a folder that are a module each; none if the folder does not exist.
fn rust_files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_module = path.extension().is_some_and(|e| e == "rs")
            && path.file_stem().is_some_and(|s| s != "mod");
        if is_module {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The text of the `//!` lines at the top of a file, joined to one line.
fn leading_documentation(source: &str) -> String {
    let lines: Vec<&str> = source
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .collect();
    lines.join(" ").trim().to_owned()
}
