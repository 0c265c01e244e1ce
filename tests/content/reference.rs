//! `content/README.md`: its tables of checks and rewrites are those of the code (`HOTSEAT_BLESS=1` writes them), and its
//! worked example passes the checker.

use std::path::{Path, PathBuf};
use std::{env, fs};

use hotseat::analysis::checks;
use hotseat::catalog::from_sources;
use hotseat::catalog::reference::{checks_table, rewrites_table};
use hotseat::fixes::{rewrites, vocabulary};
use libtest_mimic::{Failed, Trial};

/// Compares the tables with the code, and checks the example.
pub fn trial() -> Trial {
    Trial::test("content/README.md", || {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/README.md");
        let written = fs::read_to_string(&path)?.replace("\r\n", "\n");
        check_example(&written)?;
        let expected = with_tables(&written)?;
        if written == expected {
            return Ok(());
        }
        if env::var_os("HOTSEAT_BLESS").is_some() {
            fs::write(&path, expected)?;
            return Ok(());
        }
        Err("the tables are out of date; run this test again with HOTSEAT_BLESS=1".into())
    })
}

fn with_tables(text: &str) -> Result<String, Failed> {
    let checks: Vec<_> = checks::ALL
        .iter()
        .map(|entry| (entry.name, entry.doc))
        .collect();
    let rewrites: Vec<_> = rewrites::ALL
        .iter()
        .map(|entry| (entry.name, entry.doc))
        .collect();
    let text = with_table(text, "checks", &checks_table(&checks))?;
    with_table(&text, "rewrites", &rewrites_table(&rewrites))
}

/// The text with another table between the two comments of that name.
fn with_table(text: &str, name: &str, table: &str) -> Result<String, Failed> {
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let missing = || format!("there is no `{}`", open.trim_end());
    let (before, rest) = text.split_once(&open).ok_or_else(missing)?;
    let (_, after) = rest.split_once(&close).ok_or_else(missing)?;
    Ok(format!("{before}{open}\n{table}\n{close}{after}"))
}

fn check_example(text: &str) -> Result<(), Failed> {
    let (_, rest) = text
        .split_once("`````markdown\n")
        .ok_or("there is no example")?;
    let (example, _) = rest
        .split_once("\n`````\n")
        .ok_or("the example has no end")?;
    let path = PathBuf::from("data-structures/empty-set.md");
    match from_sources(vec![(path, format!("{example}\n"))], vocabulary()) {
        Ok(catalog) if catalog.patterns.len() == 1 => Ok(()),
        Ok(_) => Err("the example has no pattern".into()),
        Err(errors) => Err(super::listed(&errors).into()),
    }
}
