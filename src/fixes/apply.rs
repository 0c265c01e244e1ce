//! Applying many fixes at once.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::wrapping::wrapped;
use super::{Fix, ImportEdit, Layout, Offer, import_edits, layout, offers};
use crate::analysis::{Engine, Fate, FileSettings, Match, Results, Search, SourceFile};
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

/// Takes for each match its first fix that `select` accepts, in source order whatever the order of `matches`, and leaves
/// out those that touch what another one already changes, give a name to something that another one gives to something else, or change what another one repeats.
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
    let mut claimed: HashSet<String> = HashSet::new();
    let mut relied_on: Vec<Range<usize>> = Vec::new();
    let mut matches: Vec<&Match> = matches.iter().collect();
    matches.sort_by_key(|found| found.order());
    for found in matches {
        let accepted = offers(file, settings, catalog, found, Layout::Final)
            .into_iter()
            .find_map(|offer| match offer {
                Offer::Fix(fix) if select(found, &fix) => Some(fix),
                _ => None,
            });
        let Some(fix) = accepted else { continue };
        let places = import_edits(file, settings, &fix.imports);
        let blocked = fix.local.iter().any(|e| {
            applied.edits.iter().any(|other| meet(file, other, e))
                || import_places.iter().any(|other| other.conflicts_with(e))
        }) || places
            .iter()
            .any(|e| applied.edits.iter().any(|other| other.conflicts_with(e)))
            || fix.claimed.iter().any(|name| claimed.contains(name))
            || changes(&fix.local, &relied_on)
            || changes(&applied.edits, &fix.relied_on);
        if blocked {
            continue;
        }
        claimed.extend(fix.claimed);
        relied_on.extend(fix.relied_on);
        applied.edits.extend(fix.local);
        import_changes.extend(fix.imports);
        import_places.extend(places);
        *applied.counts.entry(fix.id).or_default() += 1;
    }
    let mut places = import_edits(file, settings, &import_changes);
    let in_the_way = |place: &TextEdit| applied.edits.iter().any(|e| e.conflicts_with(place));
    if places.iter().any(in_the_way) {
        // What only all of them together make superfluous goes in another round.
        import_changes.retain(|change| !matches!(change, ImportEdit::Retire { .. }));
        places = import_edits(file, settings, &import_changes);
    }
    // Of two insertions at the same place the import comes first.
    applied.edits.splice(0..0, places);
    // Two short edits can make one long line.
    applied.edits = wrapped(file, settings, applied.edits);
    applied
}

/// Whether edits change one of these ranges.
fn changes(edits: &[TextEdit], ranges: &[Range<usize>]) -> bool {
    let inside =
        |edit: &TextEdit, range: &Range<usize>| edit.start < range.end && range.start < edit.end;
    edits
        .iter()
        .any(|edit| ranges.iter().any(|range| inside(edit, range)))
}

/// Whether edits of two fixes touch the same text, or one inserts beside what the other replaces: neither knows what it
/// would then stand beside. Whole lines do not mind.
fn meet(file: &SourceFile, a: &TextEdit, b: &TextEdit) -> bool {
    let inserts = a.start == a.end || b.start == b.end;
    let beside = a.end == b.start || b.end == a.start;
    let at = a.start.max(b.start);
    a.conflicts_with(b) || inserts && beside && layout::line_start(file, at) != at
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
    settle_by(engine, file, settings, select, &|text, edits| {
        edit::apply(text, edits).ok()
    })
}

/// The same for a text that is edited in another way than as one piece: `edited` makes the edits and answers the text that
/// follows from them, or nothing if they cannot be made.
pub fn settle_by(
    engine: &Engine,
    file: &SourceFile,
    settings: &FileSettings,
    select: &dyn Fn(&Match, &Fix) -> bool,
    edited: &dyn Fn(&str, &[TextEdit]) -> Option<String>,
) -> Settled {
    let mut settled = Settled {
        text: file.text().to_owned(),
        counts: BTreeMap::new(),
    };
    for _ in 0..MAX_ROUNDS {
        let current = SourceFile::parse(file.path(), &settled.text);
        let search = Search {
            engine,
            settings,
            fate: Fate::Left,
        };
        let results = Results::of(search, &current);
        let mut matches = results.all(&current);
        matches.retain(|found| !results.silences(&current, engine.catalog(), found));
        let applied = combine(&current, settings, engine.catalog(), &matches, select);
        if applied.edits.is_empty() {
            break;
        }
        let text = edited(&settled.text, &applied.edits);
        let Some(text) = text.filter(|text| *text != settled.text) else {
            break;
        };
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
    use std::sync::Arc;

    use super::*;

    #[track_caller]
    fn settles(fix: &str, before: &str, after: &str) {
        settles_with(&|_, offered| offered.id == fix, before, after);
    }

    #[track_caller]
    fn settles_with(select: &dyn Fn(&Match, &Fix) -> bool, before: &str, after: &str) {
        let engine = crate::content::engine(None).expect("the questions");
        let file = SourceFile::parse(Path::new("a.py"), before);
        let settings = FileSettings {
            target: "3.12".parse().expect("a version"),
            ..FileSettings::default()
        };
        assert_eq!(settle(&engine, &file, &settings, select).text, after);
    }

    #[test]
    fn a_fix_does_not_write_beside_what_another_one_replaces() {
        settles_with(
            &|_, _| true,
            "def f():\n    try:\n        g()\n    except:\n        raise ValueError(\"x\")\n",
            "def f():\n    try:\n        g()\n    except Exception as err:\n        raise ValueError(\"x\") from err\n",
        );
    }

    #[test]
    fn a_fix_waits_for_one_that_changes_what_it_repeats() {
        settles_with(
            &|_, _| true,
            "class Spec(Base):\n    @classmethod\n    def of(self, module):\n        return Spec(module)\n",
            "class Spec(Base):\n    @classmethod\n    def of(cls, module):\n        return cls(module)\n",
        );
    }

    #[test]
    fn what_several_fixes_make_superfluous_together_goes() {
        settles(
            "inline-type-parameters",
            "from typing import TypeVar\n\nT = TypeVar(\"T\")\nS = TypeVar(\"S\")\n\ndef first(xs: list[T]) -> T:\n    return xs[0]\n\ndef last(xs: list[T], s: list[S]) -> tuple[T, S]:\n    return xs[-1], s[0]\n",
            "def first[T](xs: list[T]) -> T:\n    return xs[0]\n\ndef last[T, S](xs: list[T], s: list[S]) -> tuple[T, S]:\n    return xs[-1], s[0]\n",
        );
        // One more use, or a mention for others, keeps it.
        for rest in ["Pair = tuple[T, T]\n", "__all__ = [\"T\", \"first\"]\n"] {
            settles(
                "inline-type-parameters",
                &format!(
                    "from typing import TypeVar\n\nT = TypeVar(\"T\")\n\ndef first(xs: list[T]) -> T:\n    return xs[0]\n\n{rest}"
                ),
                &format!(
                    "from typing import TypeVar\n\nT = TypeVar(\"T\")\n\ndef first[T](xs: list[T]) -> T:\n    return xs[0]\n\n{rest}"
                ),
            );
        }
    }

    /// The examples of all questions as one file each, with all that is found in them.
    fn examples(engine: &Engine, settings: &FileSettings) -> Vec<(SourceFile, Vec<Match>)> {
        let patterns = engine.catalog().patterns.iter();
        let examples = patterns.flat_map(|p| p.fixes.iter().flat_map(|fix| &fix.examples));
        examples
            .map(|example| {
                let file = SourceFile::parse(Path::new(&example.path), &example.before);
                let matches = engine.matches(&file, settings);
                (file, matches)
            })
            .collect()
    }

    #[test]
    fn the_order_in_which_fixes_are_proposed_does_not_matter() {
        // The questions in the program have no examples.
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/questions");
        let catalog = crate::catalog::from_dir(&folder, crate::fixes::vocabulary());
        let engine = Engine::new(Arc::new(catalog.expect("the questions"))).expect("an engine");
        let settings = FileSettings {
            target: "3.12".parse().expect("a version"),
            test_file: true,
            ..FileSettings::default()
        };
        let mut several = 0;
        for (file, matches) in examples(&engine, &settings) {
            let combined = |matches: &[Match]| {
                combine(&file, &settings, engine.catalog(), matches, &|_, _| true)
            };
            let expected = combined(&matches);
            several += usize::from(expected.counts.values().sum::<usize>() > 1);
            let mut shuffled = matches;
            for round in 1..=4 {
                // Every place comes first once in a while.
                let count = shuffled.len().max(1);
                shuffled.rotate_left((round * 7) % count);
                shuffled.reverse();
                assert_eq!(combined(&shuffled), expected, "{}", file.text());
            }
        }
        assert!(several > 50, "examples with several fixes: {several}");
    }

    #[test]
    fn fixes_that_make_a_line_too_long_only_together_break_it() {
        let text = "def index():\n    levels = [[]] * 2; codes = [[]] * 2\n    return build(\n        [[]] * 2, [[]] * 2, names=[\"first\", \"second\"], default=codes, levels=levels\n    )\n";
        let made = "[[] for _ in range(2)]";
        settles(
            "comprehend-rows",
            text,
            &format!(
                "def index():\n    levels = {made}; codes = {made}\n    return build(\n        {made},\n        {made},\n        names=[\"first\", \"second\"],\n        default=codes,\n        levels=levels,\n    )\n"
            ),
        );
    }
}
