//! The lines above definitions that lead to questions.

use std::ops::Range;

use super::{Lens, Preset, Snapshot, render};
use crate::analysis::Match;
use crate::analysis::syntax::Node;

/// The lenses of a file in source order. Each question has at most one: where the file first touches it.
pub fn lenses(snapshot: &Snapshot, preset: Preset) -> Vec<Lens> {
    match preset {
        Preset::Learn => one_per_question(snapshot),
        Preset::Quiet => summary(snapshot).into_iter().collect(),
        Preset::Off => Vec::new(),
    }
}

fn one_per_question(snapshot: &Snapshot) -> Vec<Lens> {
    let firsts = snapshot.first_of_each_question();
    let mut lenses: Vec<(usize, Lens)> = firsts
        .iter()
        .map(|found| {
            let place = snapshot.catalog.patterns[found.pattern].question;
            let question = &snapshot.catalog.questions[place];
            let lens = Lens {
                range: line_for(snapshot, found),
                title: render::related_question(question),
                question: question.id.clone(),
            };
            (place, lens)
        })
        .collect();
    lenses.sort_by_key(|(place, lens)| (lens.range.start, *place));
    lenses.into_iter().map(|(_, lens)| lens).collect()
}

fn summary(snapshot: &Snapshot) -> Option<Lens> {
    let firsts = snapshot.first_of_each_question();
    let first = firsts.first()?;
    let title = match firsts.len() {
        1 => "hotseat: 1 interview question in this file".to_owned(),
        number => format!("hotseat: {number} interview questions in this file"),
    };
    Some(Lens {
        range: 0..0,
        title,
        question: snapshot.catalog.question_of(first.pattern).id.clone(),
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
        let lenses = lenses(&snapshot, preset);
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
        let lenses = lenses(&snapshot("assert x\n"), Preset::Learn);
        assert_eq!(
            lenses[0].title,
            "Related interview question: When do you write assert, and when do you raise an…"
        );
    }

    #[test]
    fn quiet_is_one_summary_and_off_is_nothing() {
        let text = "x = 1\nassert x\nassert not not x\n";
        check(text, Preset::Quiet, &[("", "assert-or-raise")]);
        check(text, Preset::Off, &[]);
        check("x = 1\n", Preset::Quiet, &[]);
        let title = |text| lenses(&snapshot(text), Preset::Quiet).remove(0).title;
        assert_eq!(title(text), "hotseat: 2 interview questions in this file");
        assert_eq!(
            title("assert x\n"),
            "hotseat: 1 interview question in this file"
        );
    }
}
