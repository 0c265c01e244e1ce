//! Anki reads the questions, and its answers are read.

use std::collections::BTreeMap;
use std::path::PathBuf;

use hotseat::practice::Event;
use serde_json::Value;

use crate::{Person, output_of, python};

/// A person with an empty collection, and all questions as a file.
struct Learner {
    person: Person,
    collection: PathBuf,
    file: PathBuf,
}

impl Learner {
    fn new() -> Self {
        let person = Person::new();
        let learner = Self {
            collection: person.path("collection.anki2"),
            file: person.path("questions.txt"),
            person,
        };
        let file = learner.file.to_str().expect("UTF-8");
        learner.person.hotseat(&["progress", "anki", file]);
        learner
    }

    /// What is in the collection after the file was imported.
    fn import(&self) -> Value {
        let mut anki = python(&self.person, "collection.py");
        anki.arg("import").args([&self.collection, &self.file]);
        serde_json::from_str(&output_of(&mut anki)).expect("JSON")
    }

    /// Answers four questions in Anki.
    fn review(&self) -> BTreeMap<String, usize> {
        let mut anki = python(&self.person, "collection.py");
        anki.arg("review").arg(&self.collection);
        serde_json::from_str(&output_of(&mut anki)).expect("JSON")
    }

    /// What hotseat says about reading the collection.
    fn read_back(&self) -> String {
        let collection = self.collection.to_str().expect("UTF-8");
        let output = self
            .person
            .hotseat(&["progress", "import-anki", collection]);
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

#[test]
fn anki_takes_every_question_once_and_updates_it_later() {
    let learner = Learner::new();
    let first = learner.import();
    assert_eq!((&first["new"], &first["updated"]), (&22.into(), &0.into()));
    let notes = first["notes"].as_array().expect("notes");
    let note = notes.iter().find(|n| n["guid"] == "hotseat:gather-vs-wait");
    let note = note.expect("its stable id");
    assert_eq!(note["type"], "Basic");
    assert_eq!(note["deck"], "hotseat::Async programming");
    let (front, back) = (note["fields"][0].as_str(), note["fields"][1].as_str());
    let (front, back) = (front.expect("a front"), back.expect("a back"));
    assert!(
        front.starts_with("<p><code>asyncio.gather()</code> and"),
        "{front}"
    );
    for part in [
        "<h2>Key points</h2>\n<ul>\n<li><code>gather</code>",
        "After <code>FIRST_COMPLETED</code> the race is over",
    ] {
        assert!(back.contains(part), "{back}");
    }
    let tags = note["tags"].as_array().expect("tags");
    assert!(tags.contains(&"hotseat".into()) && tags.contains(&"async-patterns".into()));

    let second = learner.import();
    assert_eq!((&second["new"], &second["updated"]), (&0.into(), &0.into()));
    assert_eq!(second["notes"], first["notes"]);

    let text = std::fs::read_to_string(&learner.file).expect("the file");
    std::fs::write(&learner.file, text.replace("Key points", "Main points")).expect("written");
    let third = learner.import();
    assert_eq!((&third["new"], &third["updated"]), (&0.into(), &22.into()));
    assert_eq!(third["notes"].as_array().map(Vec::len), Some(22));
}

#[test]
fn answers_in_anki_count_once_however_often_they_are_read() {
    let learner = Learner::new();
    learner.import();
    assert_eq!(learner.read_back(), "0 new answers, 0 known already\n");
    assert!(!learner.person.store_path().exists(), "nothing to write");
    let grades = learner.review();
    assert_eq!(grades.len(), 4);
    assert_eq!(learner.read_back(), "4 new answers, 0 known already\n");
    assert_eq!(learner.read_back(), "0 new answers, 4 known already\n");
    let entries = learner.person.entries();
    let read: BTreeMap<String, usize> = entries
        .iter()
        .map(|entry| match &entry.event {
            Event::Review(review) => {
                assert_eq!((review.source.as_str(), review.revision), ("anki", 1));
                (format!("hotseat:{}", review.card), review.grade.index() + 1)
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(read, grades);
    // Another machine reads the same answers from its copy of the collection.
    let other = Person::new();
    let collection = learner.collection.to_str().expect("UTF-8");
    other.hotseat(&["progress", "import-anki", collection]);
    let ids = |person: &Person| person.entries().iter().map(|e| e.id).collect::<Vec<_>>();
    assert_eq!(ids(&other), ids(&learner.person));
}

#[test]
fn what_is_no_collection_is_refused_with_a_reason() {
    let person = Person::new();
    for (name, text, reason) in [
        ("missing.anki2", None, "there is no such file"),
        (
            "text.anki2",
            Some("no database at all, but long enough to be one".repeat(50)),
            "no collection of Anki",
        ),
        (
            "all.colpkg",
            Some("PK\u{3}\u{4}".to_owned()),
            "give the file `collection.anki2`",
        ),
    ] {
        let path = person.path(name);
        if let Some(text) = text {
            std::fs::write(&path, text).expect("written");
        }
        let mut hotseat = person.command(env!("CARGO_BIN_EXE_hotseat"));
        let output = hotseat
            .args(["progress", "import-anki"])
            .arg(&path)
            .output();
        let output = output.expect("hotseat runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2));
        assert!(said.contains(reason), "{said}");
    }
    assert!(!person.store_path().exists());
}
