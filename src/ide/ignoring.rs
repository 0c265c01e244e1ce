//! The actions that silence findings: by a comment, or by the settings of the project.

use std::collections::HashSet;

use super::{Action, ActionEffect, ActionKind, Preset, ProjectChange, Snapshot};
use crate::analysis::Match;
use crate::analysis::suppression;
use crate::catalog::Tier;
use crate::text::edit::TextEdit;

/// For each finding among the matches that no comment silences yet: the comment that does so, and the settings that keep its
/// pattern from running in the file or the project. Then the comment that silences the whole file.
pub fn ignoring(snapshot: &Snapshot, touched: &[&Match]) -> Vec<Action> {
    let findings = touched.iter().filter(|found| {
        let pattern = &snapshot.catalog.patterns[found.pattern];
        pattern.tier == Tier::Finding && !snapshot.silences(found)
    });
    let findings: Vec<&Match> = findings.copied().collect();
    let mut actions = Vec::new();
    if !snapshot.settings.read_only {
        let mut seen = HashSet::new();
        for found in &findings {
            let id = &snapshot.catalog.patterns[found.pattern].id;
            let edit = comment(snapshot, found, id);
            let new = edit.filter(|edit| seen.insert(edit.clone()));
            actions.extend(new.map(|edit| Action {
                title: format!("Ignore this here: add `# hotseat: ignore[{id}]`"),
                kind: ActionKind::QuickFix,
                effect: ActionEffect::Edit(vec![edit]),
                preferred: false,
                review: false,
                fixes: Some((id.clone(), found.range.clone())),
            }));
        }
    }
    let mut seen = HashSet::new();
    for found in &findings {
        let id = &snapshot.catalog.patterns[found.pattern].id;
        if seen.insert(id) {
            let fixes = Some((id.clone(), found.range.clone()));
            actions.extend(in_project(id, fixes));
        }
    }
    if !findings.is_empty() && !snapshot.settings.read_only {
        actions.push(Action {
            title: "Ignore everything in this file: add `# hotseat: ignore-file`".to_owned(),
            kind: ActionKind::QuickFix,
            effect: ActionEffect::Edit(vec![comment_for_file(snapshot)]),
            preferred: false,
            review: false,
            fixes: None,
        });
    }
    actions
}

/// The settings that keep a pattern or a check of projects from reporting anything in this file, and anywhere.
pub fn in_project(id: &str, fixes: Option<(String, std::ops::Range<usize>)>) -> [Action; 2] {
    let action = |title: String, change: ProjectChange| Action {
        title,
        kind: ActionKind::QuickFix,
        effect: ActionEffect::Project(change),
        preferred: false,
        review: false,
        fixes: fixes.clone(),
    };
    [
        action(
            format!("Ignore `{id}` in this file (pyproject.toml)"),
            ProjectChange::IgnoreInFile(id.to_owned()),
        ),
        action(
            format!("Ignore `{id}` in this project (pyproject.toml)"),
            ProjectChange::Ignore(id.to_owned()),
        ),
    ]
}

/// The settings that show less, or more, in the whole project.
pub fn presets(present: Preset) -> Vec<Action> {
    let all = [
        (Preset::Learn, "Show lenses and findings in this project"),
        (Preset::Quiet, "Show no lenses and findings in this project"),
        (Preset::Off, "Switch hotseat off in this project"),
    ];
    let others = all.into_iter().filter(|(preset, _)| *preset != present);
    others
        .map(|(preset, title)| Action {
            title: format!("{title} (pyproject.toml)"),
            kind: ActionKind::Open,
            effect: ActionEffect::Project(ProjectChange::Preset(preset)),
            preferred: false,
            review: false,
            fixes: None,
        })
        .collect()
}

/// The edit that silences a file: a line of its own above the first one that is code, or a comment of another kind than
/// those which must stand at the top.
fn comment_for_file(snapshot: &Snapshot) -> TextEdit {
    let text = snapshot.file.text();
    let newline = if text
        .split('\n')
        .next()
        .is_some_and(|line| line.ends_with('\r'))
    {
        "\r\n"
    } else {
        "\n"
    };
    let must_be_first = |line: &&str| {
        let line = line.trim_start_matches('\u{feff}');
        line.starts_with("#!") || line.starts_with('#') && line.contains("coding")
    };
    let top = text.split_inclusive('\n').take(2).take_while(must_be_first);
    let at: usize = top.map(str::len).sum();
    let open = at > 0 && !text[..at].ends_with('\n');
    let before = if open { newline } else { "" };
    let after = if open { "" } else { newline };
    TextEdit::insert(at, format!("{before}# hotseat: ignore-file{after}"))
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
    use crate::ide::{ActionEffect, ActionKind, Edits, ProjectChange, code_actions::actions};
    use crate::text::edit::apply;

    /// The texts after each action at the mark that silences something.
    fn ignored(text: &str) -> Vec<String> {
        let (snapshot, offset) = at_mark(text);
        let kinds = [ActionKind::QuickFix];
        let actions = actions(&snapshot, offset..offset, Some(&kinds), Edits::Later);
        let ignoring = actions
            .into_iter()
            .filter(|action| action.title.starts_with("Ignore this here"));
        ignoring
            .map(|action| match action.effect {
                ActionEffect::Edit(edits) => apply(snapshot.file.text(), &edits).unwrap(),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    /// The text with the comment that silences all of it.
    fn ignored_file(text: &str) -> String {
        let snapshot = crate::ide::testing::snapshot(text);
        apply(text, &[super::comment_for_file(&snapshot)]).unwrap()
    }

    #[test]
    fn the_comment_for_a_file_stands_above_all_that_need_not_be_first() {
        for (before, after) in [
            ("assert True\n", "# hotseat: ignore-file\nassert True\n"),
            (
                "assert True\r\n",
                "# hotseat: ignore-file\r\nassert True\r\n",
            ),
            (
                "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n# why\n",
                "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n# hotseat: ignore-file\n# why\n",
            ),
            ("#!python", "#!python\n# hotseat: ignore-file"),
        ] {
            assert_eq!(ignored_file(before), after);
        }
        let after = ignored_file("assert True\n");
        assert_eq!(crate::ide::testing::snapshot(&after).findings(), []);
    }

    #[test]
    fn settings_silence_a_pattern_in_the_file_and_the_project() {
        let (snapshot, offset) = at_mark("y = [not not a, not not |b]\n");
        let actions = actions(&snapshot, 0..offset, None, Edits::Later);
        let changes: Vec<_> = actions
            .into_iter()
            .filter_map(|action| match action.effect {
                ActionEffect::Project(change) => Some((action.title, change)),
                _ => None,
            })
            .collect();
        assert_eq!(
            changes,
            [
                (
                    "Ignore `double-not` in this file (pyproject.toml)".to_owned(),
                    ProjectChange::IgnoreInFile("double-not".to_owned())
                ),
                (
                    "Ignore `double-not` in this project (pyproject.toml)".to_owned(),
                    ProjectChange::Ignore("double-not".to_owned())
                ),
            ]
        );
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
