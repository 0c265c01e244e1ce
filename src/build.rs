//! Finds the checks and rewrites, so that adding a file is all it takes to add one.
//!
//! For every `src/analysis/checks/<name>.rs` and `src/fixes/rewrites/<name>.rs` the generated `checks.rs` and
//! `rewrites.rs` in `OUT_DIR` declare the module and list it, under its name in kebab-case and with its leading `//!`
//! lines, in a table `ALL` of the `Entry` type of the module that includes the file.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo:rerun-if-changed=src/build.rs");
    // The questions are compiled in by a macro that cargo does not watch: a run of this script is what recompiles them.
    println!("cargo:rerun-if-changed=content");
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
