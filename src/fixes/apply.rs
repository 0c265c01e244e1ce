//! Applying many fixes at once.

use std::collections::BTreeMap;

use super::wrapping::wrapped;
use super::{Fix, ImportEdit, Offer, import_edits, offers};
use crate::analysis::{Engine, FileSettings, Match, Results, Search, SourceFile};
use crate::catalog::Catalog;
use crate::text::edit::{self, TextEdit};

/// How often a text is fixed and matched again before it counts as settled: a fix can uncover another, as where only the
/// first of many places is reported, but never this often unless two fixes undo each other.
const MAX_ROUNDS: usize = 100;

/// The edits of several fixes that do not get in each other's way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// All edits, each import line touched once.
    pub edits: Vec<TextEdit>,
    /// How many fixes of each id they make.
    pub counts: BTreeMap<String, usize>,
}

/// Takes for each match its first fix that `select` accepts, in source order, and leaves out those that touch what
/// another one already changes.
pub fn combine(
    file: &SourceFile,
    settings: &FileSettings,
    catalog: &Catalog,
    matches: &[Match],
    select: &dyn Fn(&Match, &Fix) -> bool,
) -> Applied {
    let mut applied = Applied::default();
    let mut import_changes: Vec<ImportEdit> = Vec::new();
    let mut import_places: Vec<TextEdit> = Vec::new();
    for found in matches {
        let accepted = offers(file, settings, catalog, found)
            .into_iter()
            .find_map(|offer| match offer {
                Offer::Fix(fix) if select(found, &fix) => Some(fix),
                _ => None,
            });
        let Some(fix) = accepted else { continue };
        let places = import_edits(file, settings, &fix.imports);
        let blocked = fix.local.iter().any(|e| {
            applied
                .edits
                .iter()
                .chain(&import_places)
                .any(|other| other.conflicts_with(e))
        }) || places
            .iter()
            .any(|e| applied.edits.iter().any(|other| other.conflicts_with(e)));
        if blocked {
            continue;
        }
        applied.edits.extend(fix.local);
        import_changes.extend(fix.imports);
        import_places.extend(places);
        *applied.counts.entry(fix.id).or_default() += 1;
    }
    // Of two insertions at the same place the import comes first.
    applied
        .edits
        .splice(0..0, import_edits(file, settings, &import_changes));
    // Two short edits can make one long line.
    applied.edits = wrapped(file, settings, applied.edits);
    applied
}

/// A text after all rounds of fixing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The text.
    pub text: String,
    /// How many fixes of each id were applied.
    pub counts: BTreeMap<String, usize>,
}

/// Fixes a file until the accepted fixes find nothing more to do. What a comment silences stays as it is.
pub fn settle(
    engine: &Engine,
    file: &SourceFile,
    settings: &FileSettings,
    select: &dyn Fn(&Match, &Fix) -> bool,
) -> Settled {
    let mut settled = Settled {
        text: file.text().to_owned(),
        counts: BTreeMap::new(),
    };
    for _ in 0..MAX_ROUNDS {
        let current = SourceFile::parse(file.path(), &settled.text);
        let search = Search { engine, settings };
        let results = Results::of(search, &current);
        let mut matches = results.all(&current);
        matches.retain(|found| !results.silences(&current, engine.catalog(), found));
        let applied = combine(&current, settings, engine.catalog(), &matches, select);
        let Ok(text) = edit::apply(&settled.text, &applied.edits) else {
            break;
        };
        if applied.edits.is_empty() || text == settled.text {
            break;
        }
        settled.text = text;
        for (id, count) in applied.counts {
            *settled.counts.entry(id).or_default() += count;
        }
    }
    settled
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn fixes_that_make_a_line_too_long_only_together_break_it() {
        let engine = crate::content::engine(None).expect("the questions");
        let text = "def index():\n    levels = [[]] * 2; codes = [[]] * 2\n    return build(\n        [[]] * 2, [[]] * 2, names=[\"first\", \"second\"], default=codes, levels=levels\n    )\n";
        let file = SourceFile::parse(Path::new("a.py"), text);
        let all = |_: &Match, fix: &Fix| fix.id == "comprehend-rows";
        let settled = settle(&engine, &file, &FileSettings::default(), &all);
        let made = "[[] for _ in range(2)]";
        assert_eq!(
            settled.text,
            format!(
                "def index():\n    levels = {made}; codes = {made}\n    return build(\n        {made},\n        {made},\n        names=[\"first\", \"second\"],\n        default=codes,\n        levels=levels,\n    )\n"
            )
        );
    }
}
