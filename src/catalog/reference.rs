//! The parts of the content's documentation that are written from the code.

use std::fmt::Write as _;

/// The table of all checks as Markdown: name and documentation of each.
pub fn checks_table(entries: &[(&str, &str)]) -> String {
    table("Check", entries)
}

/// The table of all rewrites as Markdown: name and documentation of each.
pub fn rewrites_table(entries: &[(&str, &str)]) -> String {
    table("Rewrite", entries)
}

fn table(what: &str, entries: &[(&str, &str)]) -> String {
    let mut text = format!("| {what} | What it does |\n| --- | --- |\n");
    for (name, documentation) in entries {
        let documentation = documentation.replace('|', "\\|");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| `{name}` | {documentation} |");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_row_for_each_entry() {
        assert_eq!(
            checks_table(&[("missing-await", "A coroutine | nobody awaits.")]),
            "| Check | What it does |\n| --- | --- |\n| `missing-await` | A coroutine \\| nobody awaits. |\n"
        );
    }
}
