//! `hotseat practice`: questions in the terminal, by single keys.

mod wrap;

use std::process::ExitCode;
use std::time::Instant;

use uuid::Uuid;

use super::terminal::{self, Key};
use super::{Content, Failure, Outcome, did_you_mean, progress as log};
use crate::catalog::Catalog;
use crate::ide::render;
use crate::practice::event::{Entry, Event, Grade, Moment, Point, Review};
use crate::practice::face::{self, Face};
use crate::practice::progress::{CardProgress, Progress};
use crate::practice::queue;
use crate::practice::scheduler::SCHEDULER;
use crate::practice::store::Store;
use crate::practice::{point_key, suggested};

/// The keys that mean the same everywhere.
const OTHERS: &str = "s: skip · b: bury · m: mute · u: undo · q: quit";

/// The columns of text that are easy to read.
const READABLE: usize = 88;

/// The arguments of `hotseat practice`.
#[derive(Debug, clap::Args)]
pub struct Practice {
    /// Ask these, due or not
    #[arg(value_name = "QUESTION")]
    questions: Vec<String>,
    /// Go on beyond the limits of the day: what would be forgotten first, then what is new
    #[arg(long)]
    more: bool,
    #[command(flatten)]
    content: Content,
}

impl Practice {
    /// Runs the command.
    pub fn run(self) -> Outcome {
        let engine = self.content.engine()?;
        let catalog = engine.catalog();
        for id in &self.questions {
            if catalog.question(id).is_none() {
                let hint = did_you_mean(id, catalog.questions.iter().map(|q| q.id.as_str()));
                return Err(Failure(format!("there is no question `{id}`{hint}")));
            }
        }
        if !terminal::is_interactive() {
            return Err(Failure(
                "practice needs a terminal for its keys; `hotseat progress show` says what is due"
                    .to_owned(),
            ));
        }
        let mut session = Session {
            catalog,
            store: log::store()?,
            id: Uuid::now_v7(),
            begun: false,
            wanted: self.questions.into_iter().rev().collect(),
            named: false,
            more: self.more,
            skipped: Vec::new(),
            written: Vec::new(),
        };
        session.named = !session.wanted.is_empty();
        let ended = session.ask_all();
        // Whatever happened, what was graded is saved, and the session is over.
        let closed = session.end();
        ended.and(closed)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Questions one after another.
struct Session<'c> {
    catalog: &'c Catalog,
    store: Store,
    id: Uuid,
    begun: bool,
    /// What is asked before anything else, the last first.
    wanted: Vec<String>,
    /// Whether only what was wanted is asked.
    named: bool,
    more: bool,
    skipped: Vec<String>,
    /// What can be taken back.
    written: Vec<Written>,
}

/// What was written in this session.
struct Written {
    entry: Uuid,
    card: String,
    is_answer: bool,
}

/// What a person wants at a question or its answer.
enum Wish {
    Grade(Grade, Vec<Point>),
    Skip,
    Bury,
    Mute,
    Undo,
    Quit,
}

impl Session<'_> {
    fn ask_all(&mut self) -> Result<(), Failure> {
        loop {
            let progress = Progress::of(&self.store.entries()?, Moment::now());
            let Some((card, left)) = self.next(&progress) else {
                return self.say_goodbye(&progress);
            };
            let Some(face) = face::face(self.catalog, &card) else {
                self.skipped.push(card);
                continue;
            };
            if !self.begun {
                self.begun = true;
                self.write(Event::Session {
                    session: self.id,
                    ended: false,
                })?;
            }
            let begin = Instant::now();
            let asked = Asked::new(self.catalog, &card, &face, &progress, left);
            match asked.ask()? {
                Wish::Quit => return Ok(()),
                Wish::Skip => self.skipped.push(card),
                Wish::Undo => self.undo(card)?,
                Wish::Bury => {
                    let today = progress.today();
                    let until = today.tomorrow().unwrap_or(today);
                    let bury = Event::Bury {
                        card: card.clone(),
                        until,
                    };
                    self.remember(bury, card, false)?;
                    say("Not before tomorrow. (u takes that back)")?;
                }
                Wish::Mute => {
                    let mute = Event::Mute { card: card.clone() };
                    self.remember(mute, card, false)?;
                    say("Not any more. (u takes that back)")?;
                }
                Wish::Grade(grade, points) => {
                    let review = Event::Review(Review {
                        card: card.clone(),
                        revision: face.revision,
                        grade,
                        seconds: Some(rounded(begin.elapsed().as_secs_f64())),
                        scheduler: SCHEDULER.to_owned(),
                        source: "terminal".to_owned(),
                        session: Some(self.id),
                        points,
                    });
                    self.remember(review, card, true)?;
                    let wait = asked.wait(grade);
                    say(&format!(
                        "{}: asked again in {wait}. (u takes that back)",
                        title(grade)
                    ))?;
                }
            }
        }
    }

    /// What is asked next, and how many there are with it.
    fn next(&mut self, progress: &Progress) -> Option<(String, usize)> {
        if let Some(card) = self.wanted.pop() {
            return Some((card, self.wanted.len() + 1));
        }
        if self.named {
            return None;
        }
        let subjects = queue::subjects(self.catalog, progress);
        let mut cards = queue::agenda(progress, &subjects).cards;
        if cards.is_empty() && self.more {
            let today: Vec<&str> = progress
                .reviews_today()
                .map(|counted| counted.review.card.as_str())
                .collect();
            cards = queue::beyond(progress, &subjects);
            cards.retain(|card| !today.contains(&card.as_str()));
        }
        cards.retain(|card| !self.skipped.contains(card));
        let left = cards.len();
        Some((cards.into_iter().next()?, left))
    }

    fn write(&mut self, event: Event) -> Result<Uuid, Failure> {
        let entry = Entry::now(event);
        self.store.add(std::slice::from_ref(&entry))?;
        Ok(entry.id)
    }

    /// Writes what can be taken back.
    fn remember(&mut self, event: Event, card: String, is_answer: bool) -> Result<(), Failure> {
        let entry = self.write(event)?;
        self.written.push(Written {
            entry,
            card,
            is_answer,
        });
        Ok(())
    }

    /// Takes back the last answer, and asks its question again.
    fn undo(&mut self, card: String) -> Result<(), Failure> {
        self.wanted.push(card);
        let Some(Written { entry, card, .. }) = self.written.pop() else {
            return say("There is nothing to take back in this session.");
        };
        self.write(Event::Undo { entry })?;
        self.wanted.push(card);
        say("Taken back.")
    }

    fn end(&mut self) -> Result<(), Failure> {
        if !self.begun {
            return Ok(());
        }
        self.write(Event::Session {
            session: self.id,
            ended: true,
        })?;
        let answers = self.written.iter().filter(|w| w.is_answer).count();
        let answers = log::counted(answers, "answer");
        terminal::show(&format!("{answers} in this session, all saved.\n"))
    }

    fn say_goodbye(&self, progress: &Progress) -> Result<(), Failure> {
        let subjects = queue::subjects(self.catalog, progress);
        let agenda = queue::agenda(progress, &subjects);
        let mut text = match self.skipped.len() {
            0 => "That is all for today.".to_owned(),
            skipped => format!("That is all but {skipped} skipped."),
        };
        if let Some(next) = agenda.next {
            text.push_str(&format!(
                " The next question is due on {}.",
                next.readable()
            ));
        }
        if !self.more && !self.named {
            text.push_str(" `hotseat practice --more` goes on.");
        }
        say(&text)
    }
}

fn rounded(seconds: f64) -> f64 {
    (seconds * 10.0).round() / 10.0
}

/// `Good`.
fn title(grade: Grade) -> &'static str {
    match grade {
        Grade::Again => "Again",
        Grade::Hard => "Hard",
        Grade::Good => "Good",
        Grade::Easy => "Easy",
    }
}

/// Markdown without its blocks of code, and without the empty lines that they leave.
fn without_code(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut in_fence = false;
    for line in markdown.lines() {
        let is_fence = line.trim_start().starts_with("```");
        in_fence ^= is_fence;
        let repeats = line.is_empty() && text.ends_with("\n\n");
        if !is_fence && !in_fence && !repeats {
            text.push_str(line);
            text.push('\n');
        }
    }
    text.trim_end().to_owned()
}

fn columns() -> usize {
    terminal::columns().saturating_sub(1).clamp(20, READABLE)
}

/// Writes Markdown for the width of the terminal.
fn say(markdown: &str) -> Result<(), Failure> {
    terminal::show(&terminal::markdown(&wrap::wrapped(markdown, columns())))
}

/// Something that a good answer contains.
struct KeyPoint<'f> {
    key: String,
    text: &'f str,
    /// Whether the last answer that said so did not contain it.
    missed: bool,
}

/// The key points of a card: those that were missed last time first.
fn key_points<'f>(face: &'f Face, known: Option<&CardProgress>) -> Vec<KeyPoint<'f>> {
    let points = face.points.iter().map(|text| {
        let key = point_key(text);
        let made = known.and_then(|known| known.points.get(&key));
        let missed = made == Some(&false);
        KeyPoint { key, text, missed }
    });
    let (mut first, rest): (Vec<_>, Vec<_>) = points.partition(|point| point.missed);
    first.extend(rest);
    first
}

/// One card while it is asked.
struct Asked<'f> {
    face: &'f Face,
    points: Vec<KeyPoint<'f>>,
    facts: String,
    changed: bool,
    waits: [String; 4],
}

impl<'f> Asked<'f> {
    fn new(
        catalog: &Catalog,
        card: &str,
        face: &'f Face,
        progress: &Progress,
        left: usize,
    ) -> Self {
        let known = progress.cards.get(card);
        let standing = match progress.recall(card) {
            Some(recall) => format!("recall {:.0} %", recall * 100.0),
            None => "new".to_owned(),
        };
        let question = catalog.question(&face.question);
        let question = question.map(|question| {
            let section = render::section_title(&question.section);
            format!("{section} · {} · ", question.level)
        });
        let waits = Grade::ALL.map(|grade| {
            let card = known.map(|known| &known.card);
            let after = progress.scheduler.review(card, grade, progress.now);
            let wait = progress.due(&after).millis() - progress.now.millis();
            duration(wait)
        });
        Self {
            face,
            points: key_points(face, known),
            facts: format!("{left} left · {}{standing}", question.unwrap_or_default()),
            changed: known.is_some_and(|known| known.revision < face.revision),
            waits,
        }
    }

    fn wait(&self, grade: Grade) -> &str {
        &self.waits[grade.index()]
    }

    /// Shows the question, then its answer, until the person decides.
    fn ask(&self) -> Result<Wish, Failure> {
        let rule = "─".repeat(columns());
        terminal::show(&format!("\n{}\n", terminal::faint(&rule)))?;
        say(&format!("{}\n\n# {}\n\n", self.facts, self.face.title))?;
        if self.changed {
            say("The answer was changed since you gave yours.\n")?;
        }
        let mut hints = self.points.iter();
        loop {
            let mut prompt = Prompt::default();
            prompt.draw(&format!("Space: answer · h: hint · {OTHERS}"))?;
            let key = terminal::key()?;
            prompt.clear()?;
            match key {
                Key::Char(' ') | Key::Enter => break,
                Key::Char('h') => match hints.next() {
                    Some(hint) => say(&format!("- {}", hint.text))?,
                    None => say("There are no more hints.")?,
                },
                key => {
                    if let Some(wish) = wish(&key) {
                        return Ok(wish);
                    }
                }
            }
        }
        self.show_answer()?;
        self.grade()
    }

    /// The key points come last, beside the keys that tick them.
    fn show_answer(&self) -> Result<(), Failure> {
        let Face { short, parts, .. } = self.face;
        say(&format!("\n## In short\n\n{short}"))?;
        for (place, (heading, text)) in parts.iter().enumerate() {
            // What proves that a claim is wrong is long, and is on the question's page.
            let text = if place == 0 {
                text.clone()
            } else {
                without_code(text)
            };
            if !text.is_empty() {
                say(&format!("\n## {heading}\n\n{text}"))?;
            }
        }
        if self.points.is_empty() {
            return Ok(());
        }
        let points = (1..).zip(&self.points).map(|(number, point)| {
            let missed = if point.missed {
                "(missed last time) "
            } else {
                ""
            };
            format!("{number}. {missed}{}\n", point.text)
        });
        say(&format!(
            "\n## Key points\n\n{}\n",
            points.collect::<String>()
        ))
    }

    /// Key points are ticked, then there is a grade.
    fn grade(&self) -> Result<Wish, Failure> {
        let mut made = vec![false; self.points.len()];
        loop {
            let suggestion = made
                .contains(&true)
                .then(|| suggested(made.iter().filter(|made| **made).count(), made.len()));
            let mut prompt = Prompt::default();
            if !made.is_empty() {
                prompt.draw(&ticks(&made, suggestion))?;
            }
            prompt.draw(&self.grades(suggestion))?;
            prompt.draw(OTHERS)?;
            let key = terminal::key()?;
            prompt.clear()?;
            let grade = match key {
                Key::Char('a') => Some(Grade::Again),
                Key::Char('h') => Some(Grade::Hard),
                Key::Char('g') => Some(Grade::Good),
                Key::Char('e') => Some(Grade::Easy),
                Key::Enter => suggestion,
                Key::Char('*') => {
                    made.fill(true);
                    None
                }
                Key::Char(digit @ '1'..='9') => {
                    let place = digit as usize - '1' as usize;
                    if let Some(made) = made.get_mut(place) {
                        *made = !*made;
                    }
                    None
                }
                key => match wish(&key) {
                    Some(wish) => return Ok(wish),
                    None => None,
                },
            };
            if let Some(grade) = grade {
                return Ok(Wish::Grade(grade, self.stored(&made)));
            }
        }
    }

    /// The points as they are stored: none if none was ticked.
    fn stored(&self, made: &[bool]) -> Vec<Point> {
        if !made.contains(&true) {
            return Vec::new();
        }
        let points = self.points.iter().zip(made);
        let point = |(point, made): (&KeyPoint<'_>, &bool)| Point {
            key: point.key.clone(),
            made: *made,
        };
        points.map(point).collect()
    }

    fn grades(&self, suggestion: Option<Grade>) -> String {
        let choice = |grade: Grade| {
            let key = &grade.name()[..1];
            let mark = if suggestion == Some(grade) { "›" } else { "" };
            format!("{mark}{key}: {} {}", title(grade), self.wait(grade))
        };
        Grade::ALL.map(choice).join(" · ")
    }
}

/// The boxes of the key points, and what they suggest.
fn ticks(made: &[bool], suggestion: Option<Grade>) -> String {
    let boxes = (1..).zip(made).map(|(number, made)| {
        if *made {
            format!("[x]{number}")
        } else {
            format!("[ ]{number}")
        }
    });
    let boxes = boxes.collect::<Vec<_>>().join(" ");
    let suggestion = suggestion.map_or_else(
        || "which did you make? *: all".to_owned(),
        |grade| format!("Enter: {}", title(grade)),
    );
    format!("{boxes}  {suggestion}")
}

/// What the keys mean that are the same everywhere.
fn wish(key: &Key) -> Option<Wish> {
    match key {
        Key::Char('s' | 'n') => Some(Wish::Skip),
        Key::Char('b') => Some(Wish::Bury),
        Key::Char('m') => Some(Wish::Mute),
        Key::Char('u') => Some(Wish::Undo),
        Key::Char('q') | Key::Escape | Key::CtrlC => Some(Wish::Quit),
        _ => None,
    }
}

/// Lines at the end that are written anew after each key.
#[derive(Default)]
struct Prompt {
    lines: usize,
}

impl Prompt {
    fn draw(&mut self, text: &str) -> Result<(), Failure> {
        let text = wrap::wrapped(text, columns());
        self.lines += text.lines().count();
        let styled: String = text
            .lines()
            .map(|line| terminal::faint(line) + "\n")
            .collect();
        terminal::show(&styled)
    }

    fn clear(self) -> Result<(), Failure> {
        terminal::clear_lines(self.lines)
    }
}

/// `10 min`, `3 h`, `4 days`.
fn duration(millis: i64) -> String {
    let minutes = (millis / 60_000).max(0);
    match minutes {
        ..60 => format!("{minutes} min"),
        60..1440 => format!("{} h", minutes / 60),
        _ => match (minutes + 720) / 1440 {
            1 => "1 day".to_owned(),
            days => format!("{days} days"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_left_out_without_a_trace() {
        let text = "One.\n\n```python\nx\n\ny\n```\n\n```output\nz\n```\n\nTwo.\n\n```\nz\n```\n";
        assert_eq!(without_code(text), "One.\n\nTwo.");
    }

    #[test]
    fn waits_are_said_in_the_unit_that_fits() {
        const MINUTE: i64 = 60_000;
        let said = [-5, 0, 59, 60, 1439, 1440, 4 * 1440].map(|minutes| duration(minutes * MINUTE));
        assert_eq!(
            said,
            ["0 min", "0 min", "59 min", "1 h", "23 h", "1 day", "4 days"]
        );
    }
}
