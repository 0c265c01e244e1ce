//! The action menu: fixes for what a range touches, and the questions behind it.

use std::collections::HashSet;
use std::ops::Range;

use super::{Action, ActionEffect, ActionKind, Edits, Snapshot, ignoring, render};
use crate::analysis::Match;
use crate::catalog::{FixKind, Question, Safety};
use crate::fixes::{self, Fix, Layout, Offer};
use crate::text::edit::TextEdit;

/// The title of the action that applies every safe fix.
const FIX_ALL: &str = "Fix all safe hotseat findings";

/// The actions for a range of bytes: the fixes of every match that it touches and no comment silences (the innermost match first), the same
/// fix for the whole file, the comment that silences a finding, all safe fixes of the file, and each question once. Without `kinds` every kind is listed.
pub fn actions(
    snapshot: &Snapshot,
    range: Range<usize>,
    kinds: Option<&[ActionKind]>,
    edits: Edits<'_>,
) -> Vec<Action> {
    let wanted = |kind| kinds.is_none_or(|kinds| kinds.contains(&kind));
    let touching = snapshot.touching(&range);
    let mut touched: Vec<&Match> = touching.iter().collect();
    touched.sort_by_key(|m| m.range.len());
    let fixes = ActionKind::QuickFix;
    let offered: Vec<(&Match, Vec<Offer>)> =
        if [fixes, ActionKind::Refactor].map(wanted) == [false; 2] {
            Vec::new()
        } else {
            let offered = touched
                .iter()
                .filter(|found| !snapshot.silences(found))
                .map(|found| (*found, offers(snapshot, found, edits)));
            offered.collect()
        };
    let mut actions = Vec::new();
    for (found, offers) in &offered {
        let entries = fixes_of(snapshot, found, offers, edits);
        actions.extend(entries.into_iter().filter(|action| wanted(action.kind)));
    }
    if wanted(fixes) {
        actions.extend(everywhere(snapshot, &offered, edits));
        actions.extend(ignoring::ignoring(snapshot, &touched));
    }
    if wanted(ActionKind::FixAll) {
        let asked_for = kinds.is_some_and(|kinds| !kinds.contains(&fixes));
        let safe_here = offered.iter().any(|(_, offers)| offers.iter().any(is_safe));
        if asked_for || edits.are_of_entry(FIX_ALL) {
            actions.extend(fix_all(snapshot));
        } else if safe_here {
            actions.push(fix_all_action(ActionEffect::Later));
        }
    }
    if wanted(ActionKind::Open) {
        actions.extend(questions(snapshot, &touched));
    }
    actions
}

impl Edits<'_> {
    /// Whether they include those of the entries that answer to a match.
    fn are_of_match(self, snapshot: &Snapshot, found: &Match) -> bool {
        let pattern = &snapshot.catalog.patterns[found.pattern].id;
        let is_it = |fixes: &(String, _)| fixes.0 == *pattern && fixes.1 == found.range;
        match self {
            Self::All => true,
            Self::Later => false,
            Self::Of(choice) => choice.fixes.as_ref().is_some_and(is_it),
        }
    }

    /// Whether they include those of the entry with this title, which answers to no match.
    fn are_of_entry(self, title: &str) -> bool {
        match self {
            Self::All => true,
            Self::Later => false,
            Self::Of(choice) => choice.fixes.is_none() && choice.title == title,
        }
    }
}

fn offers(snapshot: &Snapshot, found: &Match, edits: Edits<'_>) -> Vec<Offer> {
    let Snapshot {
        file,
        settings,
        catalog,
        ..
    } = snapshot;
    let layout = if edits.are_of_match(snapshot, found) {
        Layout::Final
    } else {
        Layout::Draft
    };
    fixes::offers(file, settings, catalog, found, layout)
}

fn is_safe_quick_fix(fix: &Fix) -> bool {
    fix.kind == FixKind::QuickFix && fix.safety == Safety::Safe
}

fn is_safe(offer: &Offer) -> bool {
    matches!(offer, Offer::Fix(fix) if is_safe_quick_fix(fix))
}

fn fixes_of(snapshot: &Snapshot, found: &Match, offers: &[Offer], edits: Edits<'_>) -> Vec<Action> {
    let now = edits.are_of_match(snapshot, found);
    // With two safe ways nobody but the person can choose.
    let one_safe = offers.iter().filter(|offer| is_safe(offer)).count() == 1;
    let pattern = &snapshot.catalog.patterns[found.pattern];
    let to_action = |offer: &Offer| {
        let preferred = one_safe && is_safe(offer);
        let (title, kind, effect) = match offer.clone() {
            Offer::Fix(fix) if now => (fix.title, fix.kind, ActionEffect::Edit(fix.edits)),
            Offer::Fix(fix) => (fix.title, fix.kind, ActionEffect::Later),
            Offer::Withheld {
                title,
                kind,
                reason,
                ..
            } => (title, kind, ActionEffect::Disabled(reason)),
        };
        Action {
            title,
            kind: kind.into(),
            effect,
            preferred,
            review: matches!(offer, Offer::Fix(fix) if fix.safety == Safety::Review),
            fixes: Some((pattern.id.clone(), found.range.clone())),
        }
    };
    offers.iter().map(to_action).collect()
}

/// Each safe quick fix of the touched matches for all places of its pattern, if there are at least two.
fn everywhere(
    snapshot: &Snapshot,
    touched: &[(&Match, Vec<Offer>)],
    edits: Edits<'_>,
) -> Vec<Action> {
    let mut seen = HashSet::new();
    let mut actions = Vec::new();
    for (found, offers) in touched {
        for offer in offers.iter().filter(|offer| is_safe(offer)) {
            let Offer::Fix(fix) = offer else { continue };
            if !seen.insert((found.pattern, fix.id.clone())) {
                continue;
            }
            if !snapshot.reports_several(found.pattern) {
                continue;
            }
            let title = format!("Fix all: {}", fix.title);
            let effect = if edits.are_of_entry(&title) {
                ActionEffect::Edit(apply_to_file(snapshot, &|m, other| {
                    m.pattern == found.pattern && other.id == fix.id && is_safe_quick_fix(other)
                }))
            } else {
                ActionEffect::Later
            };
            actions.push(Action {
                title,
                kind: ActionKind::QuickFix,
                effect,
                preferred: false,
                review: false,
                fixes: None,
            });
        }
    }
    actions
}

fn fix_all(snapshot: &Snapshot) -> Option<Action> {
    let edits = apply_to_file(snapshot, &|_, fix| is_safe_quick_fix(fix));
    (!edits.is_empty()).then(|| fix_all_action(ActionEffect::Edit(edits)))
}

fn fix_all_action(effect: ActionEffect) -> Action {
    Action {
        title: FIX_ALL.to_owned(),
        kind: ActionKind::FixAll,
        effect,
        preferred: false,
        review: false,
        fixes: None,
    }
}

/// What the selected fixes change together.
fn apply_to_file(snapshot: &Snapshot, select: &dyn Fn(&Match, &Fix) -> bool) -> Vec<TextEdit> {
    let mut matches = snapshot.matches();
    matches.retain(|found| !snapshot.silences(found));
    fixes::combine(
        &snapshot.file,
        &snapshot.settings,
        &snapshot.catalog,
        &matches,
        select,
    )
    .edits
}

/// The questions of the touched matches, and those their patterns lead to as well.
fn questions(snapshot: &Snapshot, touched: &[&Match]) -> Vec<Action> {
    let mut seen = HashSet::new();
    let catalog = &snapshot.catalog;
    let own = touched.iter().map(|m| catalog.question_of(m.pattern));
    let also = touched
        .iter()
        .flat_map(|m| &catalog.patterns[m.pattern].also)
        .filter_map(|id| catalog.question(id));
    let all = own.chain(also);
    let questions: Vec<&Question> = all.filter(|q| seen.insert(&q.id)).collect();
    let open = questions.iter().map(|question| {
        let effect = ActionEffect::OpenQuestion(question.id.clone());
        (render::open_question(question), effect)
    });
    let practise = questions.iter().map(|question| {
        let effect = ActionEffect::Practise(question.id.clone());
        (render::practise(question), effect)
    });
    open.chain(practise)
        .map(|(title, effect)| Action {
            title,
            kind: ActionKind::Open,
            effect,
            preferred: false,
            review: false,
            fixes: None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::Choice;
    use crate::ide::testing::{at_mark, snapshot};
    use crate::text::edit::apply;

    /// The titles of the actions at the mark.
    fn titles(text: &str, kinds: Option<&[ActionKind]>) -> Vec<String> {
        let (snapshot, offset) = at_mark(text);
        actions(&snapshot, offset..offset, kinds, Edits::All)
            .into_iter()
            .map(|action| action.title)
            .collect()
    }

    #[test]
    fn fixes_come_first_then_the_questions() {
        let expected = [
            "Replace by pass",
            "Raise an AssertionError (review)",
            "Ignore this here: add `# hotseat: ignore[assert-true]`",
            "Ignore `assert-true` in this file (pyproject.toml)",
            "Ignore `assert-true` in this project (pyproject.toml)",
            "Ignore everything in this file: add `# hotseat: ignore-file`",
            "Fix all safe hotseat findings",
            "Open the interview question: When do you write assert, and when do you raise an exception of your own instead?",
            "Practise this question now: When do you write assert, and when do you raise an…",
        ];
        assert_eq!(titles("assert |True\n", None), expected);
        assert_eq!(
            titles("assert True|\n", None),
            expected,
            "the end of the range counts"
        );
    }

    #[test]
    fn other_questions_of_a_pattern_are_offered_too() {
        let expected = [
            "Open the interview question: When do you write assert, and when do you raise an exception of your own instead?",
            "Open the interview question: What does not not x give?",
            "Practise this question now: When do you write assert, and when do you raise an…",
            "Practise this question now: What does not not x give?",
        ];
        assert_eq!(titles("assert |x\n", Some(&[ActionKind::Open])), expected);
    }

    #[test]
    fn only_the_kinds_asked_for_are_listed() {
        let only = |kind| titles("assert |True\n", Some(&[kind]));
        assert_eq!(
            only(ActionKind::QuickFix),
            [
                "Replace by pass",
                "Ignore this here: add `# hotseat: ignore[assert-true]`",
                "Ignore `assert-true` in this file (pyproject.toml)",
                "Ignore `assert-true` in this project (pyproject.toml)",
                "Ignore everything in this file: add `# hotseat: ignore-file`"
            ]
        );
        assert_eq!(
            only(ActionKind::Refactor),
            ["Raise an AssertionError (review)"]
        );
        assert_eq!(only(ActionKind::FixAll), ["Fix all safe hotseat findings"]);
        assert_eq!(
            titles("x = |not not y\n", Some(&[ActionKind::FixAll])),
            [""; 0]
        );
    }

    #[test]
    fn the_only_safe_quick_fix_of_a_match_is_preferred() {
        let (snapshot, offset) = at_mark("assert |True\n");
        let actions = actions(&snapshot, offset..offset, None, Edits::All);
        let preferred: Vec<&str> = actions
            .iter()
            .filter(|action| action.preferred)
            .map(|action| action.title.as_str())
            .collect();
        assert_eq!(preferred, ["Replace by pass"]);
        assert_eq!(actions[0].fixes, Some(("assert-true".to_owned(), 0..11)));
    }

    #[test]
    fn a_safe_fix_for_several_places_can_be_applied_to_all_of_them() {
        let text = "assert True\nx = 1\nassert True\n";
        let snapshot = snapshot(text);
        let actions = actions(&snapshot, 0..1, Some(&[ActionKind::QuickFix]), Edits::All);
        let all = &actions[1];
        assert_eq!(all.title, "Fix all: Replace by pass");
        let ActionEffect::Edit(edits) = &all.effect else {
            panic!("{all:?}");
        };
        assert_eq!(apply(text, edits).unwrap(), "pass\nx = 1\npass\n");
    }

    #[test]
    fn what_fixes_change_can_wait_until_one_is_chosen() {
        let snapshot = snapshot("assert True\nx = 1\nassert True\n");
        let later = |kinds| {
            let actions = actions(&snapshot, 0..1, kinds, Edits::Later);
            let waiting = actions
                .into_iter()
                .filter(|a| a.effect == ActionEffect::Later);
            waiting.map(|a| a.title).collect::<Vec<_>>()
        };
        assert_eq!(
            later(None),
            [
                "Replace by pass",
                "Raise an AssertionError (review)",
                "Fix all: Replace by pass",
                "Fix all safe hotseat findings"
            ]
        );
        assert_eq!(
            later(Some(&[ActionKind::FixAll])),
            [""; 0],
            "asked for on save"
        );
    }

    #[test]
    fn of_what_is_chosen_the_edits_are_there() {
        let text = "assert True\nassert True\n";
        let snapshot = snapshot(text);
        for (title, fixes, after) in [
            (
                "Replace by pass",
                Some(("assert-true".to_owned(), 12..23)),
                "assert True\npass\n",
            ),
            ("Fix all: Replace by pass", None, "pass\npass\n"),
            ("Fix all safe hotseat findings", None, "pass\npass\n"),
        ] {
            let choice = Choice {
                title: title.to_owned(),
                fixes,
            };
            let actions = actions(&snapshot, 0..text.len(), None, Edits::Of(&choice));
            let is_chosen = |a: &&Action| a.title == choice.title && a.fixes == choice.fixes;
            let mut chosen = actions.iter().filter(is_chosen);
            let (Some(action), None) = (chosen.next(), chosen.next()) else {
                panic!("{title}: {actions:?}");
            };
            let ActionEffect::Edit(edits) = &action.effect else {
                panic!("{action:?}");
            };
            assert_eq!(apply(text, edits).unwrap(), after);
        }
    }

    #[test]
    fn what_a_comment_silences_is_not_fixed_and_keeps_its_question() {
        let text = "assert |True  # hotseat: ignore\n";
        let questions = [
            "Open the interview question: When do you write assert, and when do you raise an exception of your own instead?",
            "Practise this question now: When do you write assert, and when do you raise an…",
        ];
        assert_eq!(titles(text, None), questions);
        let fix_all = [ActionKind::FixAll];
        let text = "assert True  # hotseat: ignore\n|assert True\n";
        let (snapshot, offset) = at_mark(text);
        let actions = actions(&snapshot, offset..offset, Some(&fix_all), Edits::All);
        let ActionEffect::Edit(edits) = &actions[0].effect else {
            panic!("{actions:?}");
        };
        let expected = "assert True  # hotseat: ignore\npass\n";
        assert_eq!(apply(snapshot.file.text(), edits).unwrap(), expected);
    }

    #[test]
    fn a_fix_that_would_do_damage_says_why_it_is_not_offered() {
        let (snapshot, offset) = at_mark("# @generated\nassert |True\n");
        let actions = actions(
            &snapshot,
            offset..offset,
            Some(&[ActionKind::QuickFix]),
            Edits::All,
        );
        assert_eq!(
            actions[0].effect,
            ActionEffect::Disabled("stubs and generated files are left alone".into())
        );
    }
}
