//! The lines above definitions that lead to questions.

use std::ops::Range;

use super::{Lens, Mark, Marks, Preset, Snapshot, render};
use crate::analysis::Match;
use crate::analysis::syntax::Node;

/// The lenses of a file in source order. Each question has at most one: where the file first touches it. Questions that are
/// known well have none.
pub fn lenses(snapshot: &Snapshot, preset: Preset, marks: &Marks) -> Vec<Lens> {
    match preset {
        Preset::Learn => one_per_question(snapshot, marks),
        Preset::Quiet => summary(snapshot, marks).into_iter().collect(),
        Preset::Off => Vec::new(),
    }
}

fn firsts(snapshot: &Snapshot, marks: &Marks) -> Vec<Match> {
    let mut firsts = snapshot.first_of_each_question();
    let question = |found: &Match| snapshot.catalog.question_of(found.pattern);
    firsts.retain(|found| marks.get(&question(found).id) != Some(&Mark::Known));
    firsts
}

fn one_per_question(snapshot: &Snapshot, marks: &Marks) -> Vec<Lens> {
    let firsts = firsts(snapshot, marks);
    let mut lenses: Vec<(usize, Lens)> = firsts
        .iter()
        .map(|found| {
            let place = snapshot.catalog.patterns[found.pattern].question;
            let question = &snapshot.catalog.questions[place];
            let lens = Lens {
                range: line_for(snapshot, found),
                title: render::related_question(question) + mark(marks, &question.id),
                question: question.id.clone(),
                due: marks.get(&question.id) == Some(&Mark::Due),
            };
            (place, lens)
        })
        .collect();
    lenses.sort_by_key(|(place, lens)| (lens.range.start, *place));
    lenses.into_iter().map(|(_, lens)| lens).collect()
}

/// What a lens says about how its question stands.
fn mark(marks: &Marks, question: &str) -> &'static str {
    match marks.get(question) {
        Some(Mark::New) => " · new",
        Some(Mark::Due) => " · due",
        Some(Mark::Known) | None => "",
    }
}

fn summary(snapshot: &Snapshot, marks: &Marks) -> Option<Lens> {
    let firsts = firsts(snapshot, marks);
    let first = firsts.first()?;
    let title = match firsts.len() {
        1 => "hotseat: 1 interview question in this file".to_owned(),
        number => format!("hotseat: {number} interview questions in this file"),
    };
    Some(Lens {
        range: 0..0,
        title,
        question: snapshot.catalog.question_of(first.pattern).id.clone(),
        due: false,
    })
}

/// The first line of the nearest definition around a match (which may be the definition itself), with its decorators;
/// in module-level code the first line of the statement. Lenses stay there so that text does not jump while typing.
fn line_for(snapshot: &Snapshot, found: &Match) -> Range<usize> {
    let Some(node) = snapshot.file.covering(found.range.clone()) else {
        return found.range.start..found.range.start;
    };
    let definition = std::iter::once(node).chain(node.ancestors()).find(|n| {
        n.is_any(&[
            "function_definition",
            "class_definition",
            "decorated_definition",
        ])
    });
    let above = definition.map_or_else(|| node.statement(), Node::decorated);
    if above.is("module") {
        return found.range.start..found.range.start;
    }
    snapshot.file.line_from(above.start())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::testing::{snapshot, source};

    /// For each lens the text of its line and its question.
    fn check(text: &str, preset: Preset, expected: &[(&str, &str)]) {
        let snapshot = snapshot(text);
        let lenses = lenses(&snapshot, preset, &Marks::new());
        let found: Vec<(&str, &str)> = lenses
            .iter()
            .map(|lens| (source(&snapshot, &lens.range), lens.question.as_str()))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_nearest_definition_has_the_lens_and_each_question_only_one() {
        let text = "class A:\n    async def f(self, x):\n        assert x\n    def g(self):\n        assert True\n        return not not self\n";
        check(
            text,
            Preset::Learn,
            &[
                ("async def f(self, x):", "assert-or-raise"),
                ("def g(self):", "not-operator"),
            ],
        );
    }

    #[test]
    fn decorators_belong_to_the_definition() {
        check(
            "from dataclasses import dataclass\n@other\n@dataclass\nclass A:\n    x = not not 1\n",
            Preset::Learn,
            &[("@other", "not-operator"), ("@other", "why-dataclass")],
        );
    }

    #[test]
    fn module_level_code_has_it_on_its_own_line() {
        check(
            "x = 1\ny = (\n    not not x\n)\n",
            Preset::Learn,
            &[("y = (", "not-operator")],
        );
    }

    #[test]
    fn the_title_is_the_question_in_one_short_plain_line() {
        let lenses = lenses(&snapshot("assert x\n"), Preset::Learn, &Marks::new());
        assert_eq!(
            lenses[0].title,
            "Related interview question: When do you write assert, and when do you raise an…"
        );
    }

    #[test]
    fn a_lens_says_what_is_due_and_is_not_there_for_what_is_known() {
        let snapshot = snapshot("assert x\nassert not not x\n");
        let ends = |marks: &[(&str, Mark)]| {
            let marks = marks.iter().map(|(id, mark)| ((*id).to_owned(), *mark));
            let lenses = lenses(&snapshot, Preset::Learn, &marks.collect());
            let end = |lens: &Lens| lens.title.rsplit_once('…').map(|(_, end)| end.to_owned());
            lenses.iter().filter_map(end).collect::<Vec<_>>()
        };
        assert_eq!(ends(&[("assert-or-raise", Mark::Due)]), [" · due"]);
        assert_eq!(ends(&[("assert-or-raise", Mark::New)]), [" · new"]);
        assert_eq!(ends(&[("not-operator", Mark::Known)]), [""]);
        assert!(ends(&[("assert-or-raise", Mark::Known)]).is_empty());
        let all = [
            ("assert-or-raise", Mark::Known),
            ("not-operator", Mark::Known),
        ];
        let all = all.map(|(id, mark)| (id.to_owned(), mark)).into();
        assert_eq!(super::lenses(&snapshot, Preset::Quiet, &all), []);
    }

    #[test]
    fn quiet_is_one_summary_and_off_is_nothing() {
        let text = "x = 1\nassert x\nassert not not x\n";
        check(text, Preset::Quiet, &[("", "assert-or-raise")]);
        check(text, Preset::Off, &[]);
        check("x = 1\n", Preset::Quiet, &[]);
        let title = |text| {
            let mut lenses = lenses(&snapshot(text), Preset::Quiet, &Marks::new());
            lenses.remove(0).title
        };
        assert_eq!(title(text), "hotseat: 2 interview questions in this file");
        assert_eq!(
            title("assert x\n"),
            "hotseat: 1 interview question in this file"
        );
    }
}
