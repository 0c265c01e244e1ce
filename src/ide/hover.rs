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
        (
            Reverse(inside),
            m.anchor.len(),
            Reverse(tier == Tier::Finding),
        )
    };
    let touching = snapshot.touching(&(offset..offset));
    let found = touching
        .iter()
        .filter(|m| m.anchor.start <= offset && offset <= m.anchor.end)
        .min_by_key(preference)?;
    let question = catalog.question_of(found.pattern);
    Some(Hover {
        range: found.anchor.clone(),
        markdown: render::hover(question, &found.remark(catalog, &snapshot.file)),
        question: question.id.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::testing::{at_mark, source};

    /// What the hover at the mark explains, and its question.
    fn check(text: &str, expected: Option<(&str, &str)>) {
        let (snapshot, offset) = at_mark(text);
        let hover = hover(&snapshot, offset);
        let found = hover
            .as_ref()
            .map(|h| (source(&snapshot, &h.range), h.question.as_str()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn it_shows_on_the_anchor_and_just_behind_it() {
        let expected = Some(("assert x", "assert-or-raise"));
        check("|assert x\n", expected);
        check("ass|ert x\n", expected);
        check("assert x|\n", expected);
        check("y = |1\nassert x\n", None);
    }

    #[test]
    fn the_smallest_anchor_counts() {
        check("assert not |not x\n", Some(("not not x", "not-operator")));
        check(
            "asser|t not not x\n",
            Some(("assert not not x", "assert-or-raise")),
        );
    }

    #[test]
    fn it_says_the_question_the_remark_the_short_answer_and_the_id() {
        let (snapshot, offset) = at_mark("assert |x\n");
        assert_eq!(
            hover(&snapshot, offset).unwrap().markdown,
            "**When do you write `assert`, and when do you raise an exception of your own instead?**\n\n\
             `x` is not tested with `-O`.\n\n\
             Assert what can only be wrong by your own mistake. Raise for everything that can happen.\n\n\
             hotseat: assert-or-raise"
        );
    }
}
