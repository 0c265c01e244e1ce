//! The box that explains the code below the cursor.

use std::cmp::Reverse;

use super::{Hover, Snapshot, render};
use crate::analysis::Match;
use crate::catalog::Tier;

/// What there is to say about the byte `offset`; `None` where no pattern has its anchor, so that boxes of other
/// servers stay uncrowded. Of several anchors the smallest counts, and a finding before a mention.
pub fn hover(snapshot: &Snapshot, offset: usize) -> Option<Hover> {
    let catalog = &snapshot.catalog;
    let preference = |m: &&Match| {
        // Editors also ask with the cursor just behind a name; what the cursor is inside of goes first.
        let inside = offset < m.anchor.end;
        let tier = catalog.patterns[m.pattern].tier;
        (Reverse(inside), m.anchor.len(), Reverse(tier == Tier::Finding))
    };
    let found = snapshot
        .matches
        .iter()
        .filter(|m| m.anchor.start <= offset && offset <= m.anchor.end)
        .min_by_key(preference)?;
    let question = catalog.question_of(found.pattern);
    Some(Hover {
        range: found.anchor.clone(),
        markdown: render::hover(question, &found.remark(catalog, snapshot.file.text())),
        question: question.id.clone(),
    })
}
