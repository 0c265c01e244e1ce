//! The actions that write a comment which silences a finding.

use std::collections::HashSet;

use super::{Action, ActionEffect, ActionKind, Snapshot};
use crate::analysis::Match;
use crate::analysis::suppression;
use crate::catalog::Tier;
use crate::text::edit::TextEdit;

/// For each finding among the matches that no comment silences yet: the comment that does so.
pub fn ignoring(snapshot: &Snapshot, touched: &[&Match]) -> Vec<Action> {
    let mut seen = HashSet::new();
    if snapshot.settings.read_only {
        return Vec::new();
    }
    let findings = touched.iter().filter(|found| {
        let pattern = &snapshot.catalog.patterns[found.pattern];
        pattern.tier == Tier::Finding && !snapshot.silences(found)
    });
    let actions = findings.filter_map(|found| {
        let id = &snapshot.catalog.patterns[found.pattern].id;
        let edit = comment(snapshot, found, id)?;
        seen.insert(edit.clone()).then(|| Action {
            title: format!("Ignore this here: add `# hotseat: ignore[{id}]`"),
            kind: ActionKind::QuickFix,
            effect: ActionEffect::Edit(vec![edit]),
            preferred: false,
            fixes: Some((id.clone(), found.range.clone())),
        })
    });
    actions.collect()
}

/// The edit that puts an id into the comment at the end of a match's first line. `None` if no comment can stand there.
fn comment(snapshot: &Snapshot, found: &Match, id: &str) -> Option<TextEdit> {
    let file = &snapshot.file;
    let line = file.line_from(found.range.start);
    if let Some(list) = suppression::listed_ids(file, &line) {
        let ids = file.slice(list.clone()).trim_end();
        let end = list.start + ids.len();
        let separator = match ids.trim_start() {
            "" => "",
            ids if ids.ends_with(',') => " ",
            _ => ", ",
        };
        return Some(TextEdit::insert(end, format!("{separator}{id}")));
    }
    let open = suppression::comment_on(file, &line).is_none()
        && (file.slice(line.clone()).ends_with('\\') || is_in_string(snapshot, line.end));
    (!open).then(|| TextEdit::insert(line.end, format!("  # hotseat: ignore[{id}]")))
}

/// Whether a string goes on behind this byte.
fn is_in_string(snapshot: &Snapshot, end: usize) -> bool {
    let Some(node) = snapshot.file.covering(end..end + 1) else {
        return false;
    };
    std::iter::once(node)
        .chain(node.ancestors())
        .any(|node| node.is("string") && node.start() < end && end < node.end())
}

#[cfg(test)]
mod tests {
    use crate::ide::testing::at_mark;
    use crate::ide::{ActionEffect, ActionKind, WholeFile, code_actions::actions};
    use crate::text::edit::apply;

    /// The texts after each action at the mark that silences something.
    fn ignored(text: &str) -> Vec<String> {
        let (snapshot, offset) = at_mark(text);
        let kinds = [ActionKind::QuickFix];
        let actions = actions(&snapshot, offset..offset, Some(&kinds), WholeFile::Later);
        let ignoring = actions
            .into_iter()
            .filter(|action| action.title.starts_with("Ignore"));
        ignoring
            .map(|action| match action.effect {
                ActionEffect::Edit(edits) => apply(snapshot.file.text(), &edits).unwrap(),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn the_comment_ends_the_first_line_of_the_finding() {
        for (before, after) in [
            (
                "assert |True\n",
                "assert True  # hotseat: ignore[assert-true]\n",
            ),
            (
                "assert |True",
                "assert True  # hotseat: ignore[assert-true]",
            ),
            (
                "assert |True\r\nx = 1\r\n",
                "assert True  # hotseat: ignore[assert-true]\r\nx = 1\r\n",
            ),
            (
                "y = [not not |(\n    x)]\n",
                "y = [not not (  # hotseat: ignore[double-not]\n    x)]\n",
            ),
        ] {
            assert_eq!(ignored(before), [after]);
        }
    }

    #[test]
    fn what_stands_in_a_comment_there_is_kept() {
        for (before, after) in [
            ("# why", "# why  # hotseat: ignore[assert-true]"),
            (
                "# hotseat: ignore[other] why",
                "# hotseat: ignore[other, assert-true] why",
            ),
            (
                "# hotseat: ignore[other, ]",
                "# hotseat: ignore[other, assert-true ]",
            ),
            ("# hotseat: ignore[]", "# hotseat: ignore[assert-true]"),
        ] {
            assert_eq!(
                ignored(&format!("assert |True  {before}\n")),
                [format!("assert True  {after}\n")]
            );
        }
    }

    #[test]
    fn two_findings_of_one_kind_on_a_line_need_one_comment() {
        assert_eq!(ignored("y = not not |not not x\n").len(), 1);
    }

    #[test]
    fn where_no_comment_can_stand_or_help_none_is_offered() {
        for text in [
            "y = not not |x + \\\n    1\n",
            "y = not not |x, '''\n'''\n",
            "assert |True  # hotseat: ignore\n",
            "# hotseat: ignore-file\nassert |True\n",
            "# @generated\nassert |True\n",
            "assert |x\n",
        ] {
            assert_eq!(ignored(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn after_it_the_finding_is_gone() {
        for text in ["assert |True\n", "assert |True  # hotseat: ignore[other]\n"] {
            let after = ignored(text).remove(0);
            let snapshot = crate::ide::testing::snapshot(&after);
            assert_eq!(snapshot.findings(), [], "{after}");
        }
    }
}
