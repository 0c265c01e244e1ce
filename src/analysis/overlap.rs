//! Which pattern speaks where several report the same code.

use super::found::Match;
use super::source_file::SourceFile;
use crate::catalog::{Catalog, Tier};

/// Which matches lose against an overlapping one: those that another pattern wins over, and mentions of a question below
/// a finding of the same question. The winner takes over what it absorbs. `matches` is sorted by start.
pub fn settle(catalog: &Catalog, file: &SourceFile, matches: &mut [Match]) -> Vec<bool> {
    let mut lost = vec![false; matches.len()];
    let mut absorbed = Vec::new();
    for (i, a) in matches.iter().enumerate() {
        for (j, b) in matches
            .iter()
            .enumerate()
            .skip(i + 1)
            .take_while(|(_, b)| b.range.start < a.range.end)
        {
            for (winner, loser, w, l) in [(i, j, a, b), (j, i, b, a)] {
                if absorbs(catalog, w, l) {
                    absorbed.push((winner, l.message(catalog, file), l.clone()));
                    lost[loser] = true;
                }
                lost[loser] |= outranks(catalog, w, l);
            }
        }
    }
    for (winner, message, loser) in absorbed {
        let winner = &mut matches[winner];
        winner.related.push((loser.range.clone(), message));
        winner.absorbed.push(loser);
    }
    lost
}

/// Whether a match silences an overlapping one.
pub fn outranks(catalog: &Catalog, winner: &Match, loser: &Match) -> bool {
    let (w, l) = (
        &catalog.patterns[winner.pattern],
        &catalog.patterns[loser.pattern],
    );
    let finding_over_mention =
        w.tier == Tier::Finding && l.tier == Tier::Mention && w.question == l.question;
    finding_over_mention || w.wins_over.contains(&l.id)
}

fn absorbs(catalog: &Catalog, winner: &Match, loser: &Match) -> bool {
    winner.range == loser.range
        && catalog.patterns[winner.pattern]
            .absorbs
            .contains(&catalog.patterns[loser.pattern].id)
}
