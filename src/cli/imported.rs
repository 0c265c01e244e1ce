//! Names that files import one by one, from whatever module: fixes keep what binds them.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::files::{self, Input};

/// The names in the `from … import …` statements of all files. Read from the text alone, so that a statement inside a string
/// counts as well: one name too many does no harm. What cannot be read imports nothing.
pub fn names(inputs: &[Input]) -> Arc<BTreeSet<String>> {
    let all = inputs.par_iter().filter(|input| !input.stdin);
    let all = all.filter_map(|input| files::read(input).ok());
    let names = all.map(|source| imported(&source.text));
    Arc::new(names.reduce(BTreeSet::new, |mut all, some| {
        all.extend(some);
        all
    }))
}

/// The names that one text imports.
fn imported(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let line = line.trim_start();
        let after = line
            .strip_prefix("from ")
            .and_then(|rest| rest.split_once(" import"));
        let Some((_, list)) = after else { continue };
        let mut list = without_comment(list).to_owned();
        let goes_on = |list: &str| {
            list.trim_end().ends_with('\\') || list.contains('(') && !list.contains(')')
        };
        while goes_on(&list) {
            let Some(line) = lines.next() else { break };
            list.truncate(list.trim_end().trim_end_matches('\\').len());
            list.push(' ');
            list.push_str(without_comment(line));
        }
        let statement = list.split(';').next().unwrap_or_default();
        let parts = statement.split([',', '(', ')']);
        let imported = parts.filter_map(|part| part.split_whitespace().next());
        names.extend(imported.map(str::to_owned));
    }
    names
}

fn without_comment(line: &str) -> &str {
    line.split('#').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::imported;

    #[test]
    fn names_are_imported_one_by_one() {
        for (text, expected) in [
            ("from a import T\n", vec!["T"]),
            ("from .a import T as U, V  # W\n", vec!["T", "V"]),
            (
                "from a import (\n    T,  # U, V\n    W as X,\n)\nY = 1\n",
                vec!["T", "W"],
            ),
            ("from a import(T)\r\nfrom b import U\r\n", vec!["T", "U"]),
            ("from a import T, \\\n    U\n", vec!["T", "U"]),
            ("    from a import T; x = 1\n", vec!["T"]),
            ("import a\nfrom_here = important\n", vec![]),
            ("from a import (T,\n", vec!["T"]),
        ] {
            let names: Vec<String> = imported(text).into_iter().collect();
            assert_eq!(names, expected, "{text}");
        }
    }
}
