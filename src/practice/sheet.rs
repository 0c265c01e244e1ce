//! The practice sheet: a card as a Markdown document, and what a person does to it.
//!
//! The document says by itself which card it shows and how far it is, in its first line, so that it can be closed, opened
//! elsewhere and undone. Its middle belongs to the person. What they choose are task list items below the mark that ends
//! their answer; a box counts as ticked only if nothing else but what is theirs has changed with it.

use std::ops::Range;

use uuid::Uuid;

use super::event::{Grade, Point};
use super::face::Face;
use super::{point_key, suggested};
use crate::text::edit::TextEdit;

/// How the first line begins.
const MARK: &str = "<!-- hotseat practice: ";

/// The line behind the person's answer.
const END_OF_ANSWER: &str = "<!-- the end of your answer -->";

/// The heading of the choices.
const CHOICES: &str = "### What next?";

/// How the heading of the key points begins.
const POINTS: &str = "### Key points";

/// What stands before a key point that the last answer lacked.
const MISSED: &str = "*(missed last time)* ";

/// How far a card is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The question stands there, with that many hints.
    Asked(usize),
    /// The answer stands there.
    Revealed,
    /// It was graded.
    Graded,
    /// There is no card: the session is over.
    Finished,
}

/// What the first line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The card; empty when the session is over.
    pub card: String,
    /// The attempt to answer it, which becomes the id of the review.
    pub attempt: Uuid,
    /// The session.
    pub session: Uuid,
    /// How far the card is.
    pub stage: Stage,
}

/// What a person can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Show a key point.
    Hint,
    /// Show the answer.
    Reveal,
    /// Say how well it was known.
    Grade(Grade),
    /// The next card.
    Next,
    /// The next card; this one later today.
    Skip,
    /// The next card; this one not before tomorrow.
    Bury,
    /// The next card; this one never again.
    Mute,
    /// The last grade does not count.
    Undo,
    /// More cards than today's.
    More,
    /// Enough for now.
    Finish,
}

impl Choice {
    const ALL: [Self; 13] = [
        Self::Reveal,
        Self::Hint,
        Self::Grade(Grade::Again),
        Self::Grade(Grade::Hard),
        Self::Grade(Grade::Good),
        Self::Grade(Grade::Easy),
        Self::Next,
        Self::Skip,
        Self::Bury,
        Self::Mute,
        Self::Undo,
        Self::More,
        Self::Finish,
    ];

    /// The word for it: in commands, and behind a slash.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reveal => "reveal",
            Self::Hint => "hint",
            Self::Grade(grade) => grade.name(),
            Self::Next => "next",
            Self::Skip => "skip",
            Self::Bury => "bury",
            Self::Mute => "mute",
            Self::Undo => "undo",
            Self::More => "more",
            Self::Finish => "finish",
        }
    }

    /// The choice of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == name)
    }

    /// What the sheet, lenses and menus say.
    pub fn label(self) -> &'static str {
        match self {
            Self::Reveal => "Reveal",
            Self::Hint => "Hint",
            Self::Grade(Grade::Again) => "Again (I forgot)",
            Self::Grade(Grade::Hard) => "Hard",
            Self::Grade(Grade::Good) => "Good",
            Self::Grade(Grade::Easy) => "Easy",
            Self::Next => "Next",
            Self::Skip => "Skip",
            Self::Bury => "Bury until tomorrow",
            Self::Mute => "Mute",
            Self::Undo => "Undo last grade",
            Self::More => "More",
            Self::Finish => "Finish",
        }
    }
}

impl Stage {
    /// What can be chosen, in the order of the sheet.
    pub fn choices(self) -> &'static [Choice] {
        use Choice::{Bury, Finish, Hint, More, Mute, Next, Reveal, Skip, Undo};
        match self {
            Self::Asked(_) => &[Reveal, Hint, Skip, Bury, Mute, Undo, Finish],
            Self::Revealed => &[
                Choice::Grade(Grade::Again),
                Choice::Grade(Grade::Hard),
                Choice::Grade(Grade::Good),
                Choice::Grade(Grade::Easy),
                Undo,
                Finish,
            ],
            Self::Graded => &[Next, Undo, Finish],
            Self::Finished => &[More, Undo],
        }
    }

    fn word(self) -> String {
        match self {
            Self::Asked(0) => "asked".to_owned(),
            Self::Asked(hints) => format!("asked+{hints}"),
            Self::Revealed => "revealed".to_owned(),
            Self::Graded => "graded".to_owned(),
            Self::Finished => "finished".to_owned(),
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        match word {
            "asked" => Some(Self::Asked(0)),
            "revealed" => Some(Self::Revealed),
            "graded" => Some(Self::Graded),
            "finished" => Some(Self::Finished),
            _ => word.strip_prefix("asked+")?.parse().ok().map(Self::Asked),
        }
    }
}

impl Mark {
    fn line(&self) -> String {
        let Self {
            card,
            attempt,
            session,
            stage,
        } = self;
        let card = if card.is_empty() { "-" } else { card };
        let (attempt, session) = (attempt.simple(), session.simple());
        format!("{MARK}{card} {} {attempt} {session} -->", stage.word())
    }

    fn of_line(line: &str) -> Option<Self> {
        let inside = line.trim_end().strip_prefix(MARK)?.strip_suffix(" -->")?;
        let mut words = inside.split(' ');
        let card = words.next()?;
        let mark = Self {
            card: if card == "-" {
                String::new()
            } else {
                card.to_owned()
            },
            stage: Stage::of_word(words.next()?)?,
            attempt: words.next()?.parse().ok()?,
            session: words.next()?.parse().ok()?,
        };
        words.next().is_none().then_some(mark)
    }
}

/// One choice on the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The choice.
    pub choice: Choice,
    /// Whether its box is ticked.
    pub ticked: bool,
    /// The bytes of its line, without the end.
    pub line: Range<usize>,
}

/// A sheet as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What the first line says.
    pub mark: Mark,
    /// The bytes of that line.
    mark_line: Range<usize>,
    /// Where everything behind the person's answer starts.
    tail: usize,
    /// Where the heading of the choices starts.
    pub heading: usize,
    /// Where the title starts.
    pub title: usize,
    /// The choices.
    pub items: Vec<Item>,
    /// The key points, whether each is ticked.
    points: Vec<Point>,
    /// The bytes of their lines.
    point_lines: Vec<Range<usize>>,
    /// Where the text ends.
    end: usize,
}

/// Reads a sheet. None if its marks are damaged: then nothing in it means anything.
pub fn read(text: &str) -> Option<Sheet> {
    let mut mark = None;
    let mut tail = None;
    let mut items = Vec::new();
    let (mut points, mut point_lines) = (Vec::new(), Vec::new());
    let (mut in_points, mut in_choices) = (false, false);
    let (mut start, mut heading, mut title) = (0, 0, None);
    for with_end in text.split_inclusive('\n') {
        let line = with_end.trim_end_matches(['\n', '\r']);
        let range = start..start + line.len();
        start += with_end.len();
        if line.starts_with(MARK) {
            // Two of them: whatever was pasted, one cannot tell which one holds.
            if mark.is_some() {
                return None;
            }
            mark = Some((Mark::of_line(line)?, range));
        } else if line.trim_end() == END_OF_ANSWER {
            if tail.is_some() {
                return None;
            }
            tail = Some(range.start);
        } else if line.starts_with('#') {
            in_points = line.starts_with(POINTS);
            in_choices = line.trim_end() == CHOICES;
            if in_choices {
                heading = range.start;
            } else if title.is_none() {
                title = Some(range.start);
            }
        } else if let Some((ticked, label)) = task(line).filter(|_| tail.is_some()) {
            if in_points {
                let label = label.strip_prefix(MISSED).unwrap_or(label);
                points.push(Point {
                    key: point_key(label),
                    made: ticked,
                });
                point_lines.push(range);
            } else if in_choices {
                let choice = Choice::ALL.into_iter().find(|c| c.label() == label);
                items.extend(choice.map(|choice| Item {
                    choice,
                    ticked,
                    line: range,
                }));
            }
        }
    }
    let (mark, mark_line) = mark?;
    let choices: Vec<Choice> = items.iter().map(|item| item.choice).collect();
    (choices == mark.stage.choices()).then_some(Sheet {
        mark,
        mark_line,
        tail: tail?,
        heading,
        title: title.unwrap_or_default(),
        items,
        points,
        point_lines,
        end: text.len(),
    })
}

/// A task list item at the start of a line: whether it is ticked, and what it says.
fn task(line: &str) -> Option<(bool, &str)> {
    let rest = line.strip_prefix("- [")?;
    let (mark, label) = rest.split_once("] ")?;
    match mark {
        " " => Some((false, label.trim_end())),
        "x" | "X" => Some((true, label.trim_end())),
        _ => None,
    }
}

/// The choice whose box was ticked between two texts of a sheet. `before` is the last text that could be read: while a box is
/// being typed the sheet cannot. None if anything else has changed as well, other than what belongs to the person: their
/// answer and the ticks at the key points, since some editors tell several changes as one.
pub fn ticked(before: &str, after: &str) -> Option<Choice> {
    let (old, new) = (read(before)?, read(after)?);
    if old.mark != new.mark || old.items.iter().any(|item| item.ticked) {
        return None;
    }
    let mut chosen = new.items.iter().filter(|item| item.ticked);
    let item = chosen.next()?;
    let rest = |sheet: &Sheet, text: &str| {
        let tail = text.get(sheet.tail..)?;
        Some(tail.replace("- [x] ", "- [ ] ").replace("- [X] ", "- [ ] "))
    };
    let alone = chosen.next().is_none() && rest(&old, before)? == rest(&new, after)?;
    alone.then_some(item.choice)
}

impl Sheet {
    /// The key points and whether each is ticked; empty if none is, since the person has not compared then.
    pub fn points(&self) -> Vec<Point> {
        if self.points.iter().any(|point| point.made) {
            self.points.clone()
        } else {
            Vec::new()
        }
    }

    /// The grade that the ticked key points suggest, if any is ticked.
    pub fn suggested(&self) -> Option<Grade> {
        let made = self.points.iter().filter(|point| point.made).count();
        (made > 0).then(|| suggested(made, self.points.len()))
    }

    /// The edit that ticks the key point on whose line a byte is, or unticks it, and whether it ticks. None elsewhere.
    pub fn toggled_at(&self, offset: usize) -> Option<(TextEdit, bool)> {
        let mut lines = self.point_lines.iter().zip(&self.points);
        let (line, point) = lines.find(|(line, _)| (line.start..=line.end).contains(&offset))?;
        let mark = if point.made { "- [ ]" } else { "- [x]" };
        let edit = TextEdit::replace(line.start..line.start + mark.len(), mark);
        Some((edit, !point.made))
    }

    /// The edits that bring the card to another stage. The person's answer stays as it is.
    pub fn to_stage(&self, stage: Stage, tail: &str) -> Vec<TextEdit> {
        let mark = Mark {
            stage,
            ..self.mark.clone()
        };
        vec![
            TextEdit::replace(self.mark_line.clone(), mark.line()),
            TextEdit::replace(self.tail..self.end, tail),
        ]
    }
}

/// What a sheet says beside the card itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Around {
    /// Below the title: what there is to do.
    pub facts: String,
    /// Places in the person's own code, Markdown lines.
    pub places: Vec<String>,
    /// What the person should know first, for example that the answer has changed.
    pub note: String,
}

/// The whole sheet for a card.
pub fn asked(mark: &Mark, face: &Face, around: &Around) -> String {
    let mut text = format!("{}\n\n# {}\n\n", mark.line(), face.title);
    text.push_str(&format!("*{}*\n\n", around.facts));
    if !around.note.is_empty() {
        text.push_str(&format!("{}\n\n", around.note));
    }
    if !around.places.is_empty() {
        text.push_str("In your code, explain this place as if the interviewer had opened it:\n\n");
        for place in &around.places {
            text.push_str(&format!("- {place}\n"));
        }
        text.push('\n');
    }
    text.push_str("Your answer, typed here or said aloud:\n\n\n\n");
    let tail = match mark.stage {
        Stage::Revealed => revealed_tail(face, &[], &|_| false),
        _ => asked_tail(face, 0),
    };
    text + &tail
}

/// What stands behind the person's answer before the answer is shown.
pub fn asked_tail(face: &Face, hints: usize) -> String {
    let mut tail = format!("{END_OF_ANSWER}\n\n");
    for hint in face.points.iter().take(hints) {
        tail.push_str(&format!("> Hint: {hint}\n\n"));
    }
    if hints > 0 && face.points.is_empty() {
        tail.push_str("> Hint: What would you run to find out?\n\n");
    }
    tail + &choices(Stage::Asked(hints))
}

/// What stands there with the answer. `points` are the ones that were ticked before, `missed` says which ones the last answer
/// lacked, by their keys: they come first.
pub fn revealed_tail(face: &Face, points: &[Point], missed: &dyn Fn(&str) -> bool) -> String {
    let compared = compared(face, points, missed);
    let (choices, rest) = (choices(Stage::Revealed), rest(face));
    format!("{END_OF_ANSWER}\n\n{compared}{choices}{rest}")
}

/// What stands there after the grade, which `result` says. Nothing has to be compared any more, so that it comes first.
pub fn graded_tail(face: &Face, points: &[Point], result: &str) -> String {
    let compared = compared(face, points, &|_| false);
    let (choices, rest) = (choices(Stage::Graded), rest(face));
    let compared = compared.trim_end();
    format!("{END_OF_ANSWER}\n\n{result}\n\n{choices}\n{compared}\n{rest}")
}

/// The short answer, and the key points to tick.
fn compared(face: &Face, points: &[Point], missed: &dyn Fn(&str) -> bool) -> String {
    let mut text = format!("### In short\n\n{}\n\n", face.short);
    if face.points.is_empty() {
        return text;
    }
    text.push_str(&format!("{POINTS}: tick those that you made\n\n"));
    let points_of_face = face.points.iter();
    let mut ordered: Vec<(bool, &String)> = points_of_face
        .map(|point| (missed(&point_key(point)), point))
        .collect();
    ordered.sort_by_key(|(missed, _)| !missed);
    for (missed, point) in ordered {
        let key = point_key(point);
        let made = points.iter().any(|known| known.key == key && known.made);
        let mark = if made { "x" } else { " " };
        let before = if missed { MISSED } else { "" };
        text.push_str(&format!("- [{mark}] {before}{point}\n"));
    }
    text + "\n"
}

/// The rest of the answer.
fn rest(face: &Face) -> String {
    let parts = face.parts.iter().filter(|(_, part)| !part.is_empty());
    parts
        .map(|(heading, part)| format!("\n### {heading}\n\n{part}\n"))
        .collect()
}

/// The sheet at the end of a session. `summary` is Markdown.
pub fn finished(session: Uuid, summary: &str) -> String {
    let mark = Mark {
        card: String::new(),
        attempt: Uuid::nil(),
        session,
        stage: Stage::Finished,
    };
    let (mark, tail) = (mark.line(), finished_tail());
    format!("{mark}\n\n# Practice\n\n{summary}\n\n{tail}")
}

/// What stands behind the summary.
pub fn finished_tail() -> String {
    format!("{END_OF_ANSWER}\n\n{}", choices(Stage::Finished))
}

fn choices(stage: Stage) -> String {
    let items = stage.choices().iter();
    let items: String = items
        .map(|choice| format!("- [ ] {}\n", choice.label()))
        .collect();
    format!("{CHOICES}\n\n{items}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face() -> Face {
        Face {
            question: "q".into(),
            revision: 1,
            title: "Why?".into(),
            short: "Because.".into(),
            points: ["One.", "Two `x`.", "Three."].map(str::to_owned).into(),
            parts: vec![("Answer", "At length.\n\n- [ ] Good\n".into())],
        }
    }

    fn mark(stage: Stage) -> Mark {
        Mark {
            card: "q".into(),
            attempt: Uuid::from_u128(1),
            session: Uuid::from_u128(2),
            stage,
        }
    }

    /// The sheet of a card at a stage, with an answer typed.
    fn sheet(stage: Stage) -> String {
        let face = face();
        let text = asked(&mark(Stage::Asked(0)), &face, &Around::default());
        let text = text.replace("said aloud:\n\n", "said aloud:\n\nI think so.\n");
        let tail = match stage {
            Stage::Asked(hints) => asked_tail(&face, hints),
            Stage::Revealed => revealed_tail(&face, &[], &|key| key == point_key("Two `x`.")),
            _ => graded_tail(&face, &[], "Good."),
        };
        let edits = read(&text).unwrap().to_stage(stage, &tail);
        crate::text::edit::apply(&text, &edits).unwrap()
    }

    fn tick(text: &str, label: &str) -> String {
        text.replacen(&format!("- [ ] {label}\n"), &format!("- [x] {label}\n"), 1)
    }

    #[test]
    fn a_sheet_says_by_itself_how_far_it_is() {
        for stage in [
            Stage::Asked(0),
            Stage::Asked(2),
            Stage::Revealed,
            Stage::Graded,
        ] {
            let text = sheet(stage);
            let sheet = read(&text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(sheet.mark, mark(stage));
            assert!(text.contains("I think so.\n"), "{text}");
        }
        let text = finished(Uuid::from_u128(2), "Done.");
        assert_eq!(read(&text).unwrap().mark.stage, Stage::Finished);
    }

    #[test]
    fn the_answer_is_not_there_before_it_is_revealed() {
        assert!(!sheet(Stage::Asked(1)).contains("Because."));
        assert!(sheet(Stage::Asked(1)).contains("> Hint: One."));
        assert!(!sheet(Stage::Asked(1)).contains("Two"));
        assert!(sheet(Stage::Revealed).contains("Because."));
    }

    #[test]
    fn what_was_missed_comes_first() {
        let text = sheet(Stage::Revealed);
        let expected = "- [ ] *(missed last time)* Two `x`.\n- [ ] One.\n- [ ] Three.\n";
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn ticked_key_points_suggest_the_grade_but_choose_nothing() {
        let mut text = sheet(Stage::Revealed);
        assert_eq!(read(&text).unwrap().suggested(), None);
        assert_eq!(read(&text).unwrap().points(), []);
        for (label, expected) in [
            ("One.", Grade::Again),
            ("*(missed last time)* Two `x`.", Grade::Hard),
            ("Three.", Grade::Good),
        ] {
            let after = tick(&text, label);
            let (edit, ticks) = read(&text)
                .unwrap()
                .toggled_at(text.find(label).unwrap())
                .unwrap();
            assert!(ticks);
            assert_eq!(crate::text::edit::apply(&text, &[edit]).unwrap(), after);
            assert_eq!(ticked(&text, &after), None);
            text = after;
            assert_eq!(read(&text).unwrap().suggested(), Some(expected));
        }
        assert!(read(&text).unwrap().points().iter().all(|point| point.made));
    }

    #[test]
    fn a_box_alone_chooses() {
        for stage in [Stage::Asked(0), Stage::Revealed, Stage::Graded] {
            let text = sheet(stage);
            for choice in stage.choices() {
                let after = tick(&text, choice.label());
                assert_eq!(ticked(&text, &after), Some(*choice));
            }
        }
    }

    #[test]
    fn a_box_typed_in_two_steps_chooses() {
        let text = sheet(Stage::Revealed);
        let half = text.replacen("- [ ] Good\n", "- [] Good\n", 1);
        assert_eq!(read(&half), None);
        assert_eq!(ticked(&text, &half), None);
        assert_eq!(
            ticked(&text, &tick(&text, "Good")),
            Some(Choice::Grade(Grade::Good))
        );
    }

    #[test]
    fn what_is_the_persons_may_change_at_once() {
        let text = sheet(Stage::Revealed);
        let answered = text.replace("I think so.", "I know.\n\nReally.");
        for before in [&text, &answered, &tick(&text, "One.")] {
            let good = tick(&tick(&answered, "Three."), "Good");
            assert_eq!(ticked(before, &good), Some(Choice::Grade(Grade::Good)));
        }
    }

    #[test]
    fn anything_else_chooses_nothing() {
        let text = sheet(Stage::Revealed);
        let good = tick(&text, "Good");
        for (what, before, after) in [
            ("two boxes", &text, tick(&good, "Easy")),
            ("a second box", &good, tick(&good, "Easy")),
            (
                "a box and something else",
                &text,
                good.replace("Because.", "Because of that."),
            ),
            ("a pasted copy", &text, format!("{text}{good}")),
            (
                "the mark is gone",
                &text,
                good.split_once('\n').unwrap().1.to_owned(),
            ),
            (
                "the end of the answer is gone",
                &text,
                good.replace(END_OF_ANSWER, ""),
            ),
            ("a choice is gone", &text, good.replace("- [ ] Easy\n", "")),
            (
                "a choice twice",
                &text,
                good.replace("- [ ] Easy\n", "- [ ] Easy\n- [ ] Easy\n"),
            ),
            (
                "another card",
                &text,
                good.replace(MARK, &format!("{MARK}x")),
            ),
            ("another stage", &sheet(Stage::Asked(0)), good.clone()),
            ("unticked", &good, text.clone()),
            ("everything gone", &text, String::new()),
        ] {
            assert_eq!(ticked(before, &after), None, "{what}");
        }
    }

    #[test]
    fn boxes_in_the_persons_answer_are_theirs() {
        let text = sheet(Stage::Asked(0));
        let own = text.replace("I think so.\n", "- [ ] Good\n- [x] Reveal\n");
        let read = read(&own).unwrap();
        assert!(read.items.iter().all(|item| !item.ticked));
        assert_eq!(ticked(&text, &own), None);
    }

    #[test]
    fn windows_line_ends_change_nothing() {
        let text = sheet(Stage::Revealed).replace('\n', "\r\n");
        let after = text.replacen("- [ ] Hard\r\n", "- [x] Hard\r\n", 1);
        assert_eq!(ticked(&text, &after), Some(Choice::Grade(Grade::Hard)));
    }
}
