//! `hotseat progress`: the log shown, planned, carried about and taken back.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::Ran;

/// Somebody with a log of their own.
struct Person {
    folder: tempfile::TempDir,
}

impl Person {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    /// Somebody who has answered a question twice, ten minutes apart, some days before the other date in this log.
    fn practised() -> Self {
        let person = Self::new();
        person.write("log.jsonl", &log());
        assert_eq!(person.progress(&["merge", "log.jsonl"]).code, Some(0));
        person
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    fn progress(&self, arguments: &[&str]) -> Ran {
        self.run(&[&["progress"], arguments].concat(), "")
    }

    fn run(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hotseat"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .env("XDG_DATA_HOME", self.folder.path().join("data"))
            .env("APPDATA", self.folder.path().join("data"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that does not read its input has closed it: that is no error here.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Ran::of(&child.wait_with_output().unwrap())
    }

    fn overview(&self) -> Value {
        let ran = self.progress(&["show", "--format", "json"]);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
        serde_json::from_str(&ran.out).unwrap()
    }

    fn question(&self, card: &str) -> Value {
        let overview = self.overview();
        let questions = overview["questions"].as_array().unwrap();
        questions
            .iter()
            .find(|q| q["card"] == card)
            .unwrap()
            .clone()
    }
}

/// What a log looks like: two answers and something that only a newer version knows.
fn log() -> String {
    let review = |id: u32, minute: u32| {
        format!(
            r#"{{"id":"00000000-0000-7000-8000-{id:012}","at":"2026-01-02T20:{minute:02}:00.000+01:00","type":"review","card":"raise-forms","revision":0,"grade":"good","scheduler":"fsrs-6","source":"sheet"}}"#
        )
    };
    let newer = r#"{"id":"00000000-0000-7000-8000-000000000009","at":"2026-01-02T21:00:00.000+01:00","type":"dream","of":{"sheep":3}}"#;
    format!("{}\n{}\n{newer}\n", review(1, 0), review(2, 10))
}

#[test]
fn who_only_looks_leaves_nothing_behind() {
    let person = Person::new();
    for arguments in [
        ["show"].as_slice(),
        &["show", "--format", "json"],
        &["plan"],
        &["export"],
        &["optimize"],
    ] {
        assert_eq!(person.progress(arguments).code, Some(0), "{arguments:?}");
    }
    assert_eq!(person.progress(&["undo"]).code, Some(2));
    assert!(!person.folder.path().join("data").exists());
}

#[test]
fn a_log_is_exported_as_it_was_merged() {
    let person = Person::practised();
    assert_eq!(person.progress(&["export"]).out, log());
    let ran = person.progress(&["export", "out.jsonl"]);
    assert_eq!(
        (ran.code, ran.out.as_str(), ran.err.as_str()),
        (Some(0), "", "3 lines in out.jsonl\n")
    );
    assert_eq!(person.read("out.jsonl"), log());
    let ran = person.progress(&["export", "no/such/folder.jsonl"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("folder.jsonl: "), "{}", ran.err);
}

#[test]
fn merging_again_changes_nothing_and_standard_input_is_a_file_too() {
    let person = Person::practised();
    let ran = person.progress(&["merge", "log.jsonl", "log.jsonl"]);
    assert_eq!(ran.out, "0 new entries, 6 known already\n");
    let more = log().replace("000000000001", "000000000004");
    let ran = person.run(
        &["progress", "merge", "log.jsonl", "-"],
        &format!("\u{feff}\r\n{more}"),
    );
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (Some(0), "1 new entry, 5 known already\n")
    );
}

#[test]
fn a_wrong_line_is_named_and_nothing_is_merged() {
    let person = Person::practised();
    let (first, _) = log()
        .split_once('\n')
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    let good = first.replace("000000000001", "000000000007");
    let wrong = [
        (
            "{",
            "wrong.jsonl:2: not JSON (EOF while parsing an object, column 1)",
        ),
        (r#"{"id":"x"}"#, "wrong.jsonl:2: UUID parsing failed"),
        (
            &first.replace("good", "great"),
            "wrong.jsonl:2: unknown variant `great`, expected one of `again`",
        ),
        (
            &first.replace("20:00:00", "25:00:00"),
            "is not a time such as `2026-11-22T21:45:10+01:00`",
        ),
        (
            &first.replace(r#""card":"raise-forms","#, ""),
            "wrong.jsonl:2: missing field `card`",
        ),
        ("[1]", "wrong.jsonl:2: "),
    ];
    for (line, reason) in wrong {
        person.write("wrong.jsonl", &format!("{good}\n{line}\n"));
        let ran = person.progress(&["merge", "log.jsonl", "wrong.jsonl"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{line}");
        assert!(ran.err.contains(reason), "{line}: {}", ran.err);
        assert!(ran.err.ends_with("Nothing was merged.\n"), "{}", ran.err);
    }
    person.write("wrong.jsonl", "\u{0}\n");
    assert_eq!(person.progress(&["merge", "missing.jsonl"]).code, Some(2));
    assert_eq!(person.progress(&["merge", "wrong.jsonl"]).code, Some(2));
    assert_eq!(person.progress(&["merge"]).code, Some(2));
    assert_eq!(person.progress(&["export"]).out, log());
}

#[test]
fn json_says_how_each_question_stands() {
    let person = Person::practised();
    let overview = person.overview();
    let keys: Vec<&String> = overview.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "now",
            "today",
            "plan",
            "questions",
            "sections",
            "agenda",
            "forecast",
            "days"
        ]
    );
    let questions = overview["questions"].as_array().unwrap();
    assert_eq!(questions.len(), 22);
    let question = person.question("raise-forms");
    let keys: Vec<&String> = question.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "card",
            "title",
            "section",
            "standing",
            "reviews",
            "stability",
            "difficulty",
            "recall",
            "due",
            "due_day",
            "revision",
            "answer_changed"
        ]
    );
    assert_eq!(
        (&question["standing"], &question["reviews"]),
        (&"due".into(), &2.into())
    );
    assert_eq!(
        (&question["revision"], &question["answer_changed"]),
        (&0.into(), &true.into())
    );
    assert_eq!(
        (&question["due"], &question["due_day"]),
        (
            &"2026-01-04T20:10:00.000+01:00".into(),
            &"2026-01-04".into()
        )
    );
    assert!(question["recall"].as_f64().unwrap() < 0.8);
    let new = person.question("gather-vs-wait");
    assert_eq!(
        (&new["standing"], &new["recall"], &new["due"]),
        (&"new".into(), &Value::Null, &Value::Null)
    );
    assert_eq!(overview["agenda"]["due"], 1);
    assert_eq!(overview["forecast"], Value::Null);
}

#[test]
fn a_picture_has_a_bar_for_each_section_and_what_there_is_to_do() {
    let person = Person::practised();
    let ran = person.progress(&["show"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert!(!ran.out.contains('\u{1b}'), "plain where nobody looks");
    let line = |start: &str| {
        ran.out
            .lines()
            .find(|line| line.trim_start().starts_with(start))
            .unwrap()
    };
    assert!(line("Error handling").contains('█'));
    assert!(line("Error handling").ends_with("1 of 2 asked"));
    assert!(line("Testing").ends_with("  0 %  0 of 2 asked"));
    assert!(
        line("Today").contains("1 due, 0 new"),
        "a small restart: {}",
        line("Today")
    );
    assert!(
        ran.out
            .contains("hotseat progress plan --interview-date 20")
    );
    let long = ran.out.lines().find(|line| line.chars().count() > 80);
    assert_eq!(long, None);
}

#[test]
fn a_plan_is_kept_and_foretells() {
    let person = Person::new();
    let soon = (jiff::Zoned::now().date() + jiff::Span::new().days(20)).to_string();
    let plan = [
        "plan",
        "--interview-date",
        &soon,
        "--minutes",
        "30",
        "--new",
        "5",
        "--reviews",
        "40",
        "--retention",
        "0.85",
        "--focus",
        "performance,type-system",
    ];
    let ran = person.progress(&plan);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let again = person.progress(&["plan"]);
    assert_eq!(again.out, ran.out);
    for line in [
        soon.as_str(),
        "minutes a day          30",
        "new questions a day    5",
        "reviews a day          40",
        "asked again at recall  0.85",
        "topics that come first performance, type-system",
        "At 30 minutes a day, ",
    ] {
        assert!(ran.out.contains(line), "{}", ran.out);
    }
    let ran = person.progress(&["plan", "--interview-date", "2999-01-01"]);
    assert!(ran.out.contains("more than a year away"), "{}", ran.out);
    assert!(
        person
            .progress(&["show"])
            .out
            .contains("more than a year away")
    );
    let ran = person.progress(&["plan", "--interview-date", "none", "--focus", "none"]);
    assert!(
        ran.out.contains("interview date         none"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("minutes a day          30"),
        "the rest stays: {}",
        ran.out
    );
    assert!(
        ran.out.contains("topics that come first none"),
        "{}",
        ran.out
    );
    for _ in 0..2 {
        assert_eq!(person.progress(&["undo"]).code, Some(0));
    }
    assert_eq!(person.progress(&["plan"]).out, again.out);
}

#[test]
fn a_plan_that_makes_no_sense_is_refused() {
    let person = Person::new();
    for (arguments, reason) in [
        (["--interview-date", "soon"], "not a date such as"),
        (["--interview-date", "2020-01-01"], "that day is over"),
        (["--minutes", "0"], "0 is not in 1..=600"),
        (["--retention", "1.0"], "not between 0.7 and 0.99"),
        (["--retention", "NaN"], "not between 0.7 and 0.99"),
        (
            ["--focus", "performence"],
            "there is no topic `performence`, did you mean `performance`?",
        ),
    ] {
        let ran = person.progress(&[["plan"].as_slice(), &arguments].concat());
        assert_eq!(ran.code, Some(2));
        assert!(ran.err.contains(reason), "{}", ran.err);
    }
    assert!(!person.folder.path().join("data").exists());
}

#[test]
fn undo_says_what_it_takes_back_until_nothing_is_left() {
    let person = Person::practised();
    person.progress(&["plan", "--minutes", "10"]);
    person.progress(&["reset", "raise-forms", "--yes"]);
    assert_eq!(person.question("raise-forms")["standing"], "new");
    let expected = [
        "Taken back: forgetting everything about raise-forms, ",
        "Taken back: a change of the plan, ",
        "Taken back: `good` for raise-forms, 2 January 2026, 20:10.\n",
        "Taken back: `good` for raise-forms, 2 January 2026, 20:00.\n",
    ];
    for (place, said) in expected.into_iter().enumerate() {
        let ran = person.progress(&["undo"]);
        assert!(ran.out.starts_with(said), "{place}: {}", ran.out);
        let reviews = person.question("raise-forms")["reviews"].as_u64();
        assert_eq!(reviews, Some([2, 2, 1, 0][place]));
    }
    let ran = person.progress(&["undo"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (Some(2), "error: there is nothing to take back\n")
    );
    assert!(
        person.progress(&["export"]).out.starts_with(&log()),
        "nothing is deleted"
    );
}

#[test]
fn a_reset_wants_to_be_confirmed() {
    let person = Person::practised();
    let ran = person.progress(&["reset"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (Some(2), "error: this needs a terminal to ask, or --yes\n")
    );
    let ran = person.progress(&["reset", "raise-form", "--yes"]);
    assert!(
        ran.err.contains("did you mean `raise-forms`?"),
        "{}",
        ran.err
    );
    assert_eq!(person.progress(&["export"]).out, log());
    let ran = person.progress(&["reset", "--yes"]);
    assert_eq!(
        ran.out,
        "Everything about all questions (2 answers) is forgotten; `hotseat progress undo` takes that back.\n"
    );
    assert_eq!(person.question("raise-forms")["standing"], "new");
}

#[test]
fn with_too_few_answers_there_is_nothing_to_fit() {
    let person = Person::practised();
    let ran = person.progress(&["optimize"]);
    assert_eq!(ran.code, Some(0));
    assert!(
        ran.out
            .starts_with("There are 0 of the 200 answers that are needed"),
        "{}",
        ran.out
    );
    assert_eq!(person.progress(&["export"]).out, log());
}

#[test]
fn a_damaged_log_is_set_aside_and_said_so() {
    let person = Person::practised();
    let database = person.folder.path().join("data/hotseat/practice.db");
    fs::write(&database, "no database".repeat(1000)).unwrap();
    let ran = person.progress(&["show"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.err.contains("practice.db is damaged"), "{}", ran.err);
    assert_eq!(
        person.progress(&["merge", "log.jsonl"]).out,
        "3 new entries, 0 known already\n"
    );
}

#[test]
fn a_page_is_written_in_one_piece_and_needs_no_other() {
    let person = Person::practised();
    let ran = person.progress(&["show", "--html", "page.html"]);
    assert_eq!(
        (ran.code, ran.out.as_str(), ran.err.as_str()),
        (Some(0), "", "The page is page.html\n")
    );
    let page = person.read("page.html");
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    for foreign in ["http://", "https://", "<script", "<link", "url(", "@import"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert!(page.contains("raise NewError(...)"));
}

#[test]
fn practice_without_a_terminal_is_refused() {
    let person = Person::new();
    let ran = person.run(&["practice"], "");
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err.starts_with("error: practice needs a terminal"),
        "{}",
        ran.err
    );
    let ran = person.run(&["practice", "gather-vs-weight"], "");
    assert!(
        ran.err.contains("did you mean `gather-vs-wait`?"),
        "{}",
        ran.err
    );
    assert!(!person.folder.path().join("data").exists());
}
