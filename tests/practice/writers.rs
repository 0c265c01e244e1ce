//! Many processes write at once, and some are killed while they do.

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::process::Stdio;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use hotseat::practice::event::{Entry, Event, Grade, Moment, Review};
use hotseat::practice::store::Store;
use uuid::Uuid;

use crate::Person;

/// How many answers a process writes. They are one transaction: all of them or none.
const ANSWERS: usize = 5;

fn answer() -> Entry {
    Entry {
        id: Uuid::now_v7(),
        at: Moment::now(),
        event: Event::Review(Review {
            card: "gather-vs-wait".to_owned(),
            revision: 1,
            grade: Grade::Good,
            seconds: None,
            scheduler: "fsrs-6".to_owned(),
            source: "test".to_owned(),
            session: None,
            points: Vec::new(),
        }),
    }
}

/// The answers of one process.
fn answers() -> Vec<Entry> {
    (0..ANSWERS).map(|_| answer()).collect()
}

fn lines(answers: &[Entry]) -> String {
    answers.iter().map(|entry| entry.line() + "\n").collect()
}

/// Writes answers by a process that is killed after a while, if it still runs. Whether it has said that they are saved.
fn write(person: &Person, answers: &[Entry], patience: Option<Duration>) -> bool {
    let mut child = person
        .command(env!("CARGO_BIN_EXE_hotseat"))
        .args(["progress", "merge", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("hotseat runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A process that was killed does not read.
    let _ = stdin.write_all(lines(answers).as_bytes());
    drop(stdin);
    if let Some(patience) = patience {
        thread::sleep(patience);
        // One that has ended cannot be killed.
        let _ = child.kill();
    }
    let mut said = String::new();
    let mut stdout = child.stdout.take().expect("a pipe");
    stdout.read_to_string(&mut said).expect("UTF-8");
    let status = child.wait().expect("it has ended");
    assert!(patience.is_some() || status.success(), "nobody fails");
    status.success() || said.contains("5 new entries")
}

fn times_found(person: &Person) -> HashMap<Uuid, usize> {
    let mut found = HashMap::new();
    for entry in person.entries() {
        *found.entry(entry.id).or_default() += 1;
    }
    found
}

#[test]
fn eight_processes_at_once_lose_nothing() {
    let person = Person::new();
    let written = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..12 {
                    let answers = answers();
                    assert!(write(&person, &answers, None));
                    let mut written = written.lock().expect("no thread has panicked");
                    written.extend(answers.iter().map(|entry| entry.id));
                }
            });
        }
    });
    let written = written.into_inner().expect("no thread has panicked");
    let found = times_found(&person);
    assert_eq!(
        (written.len(), found.len()),
        (8 * 12 * ANSWERS, 8 * 12 * ANSWERS)
    );
    assert!(written.iter().all(|id| found.get(id) == Some(&1)));
}

/// Times that look random (`SplitMix64`), the same in each run.
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ (mixed >> 27)
}

#[test]
fn a_thousand_kills_lose_and_double_nothing_that_was_saved() {
    const KILLS: u64 = 1_000;
    const AT_ONCE: u64 = 8;
    let person = Person::new();
    // How long a process takes here, while others do the same: kills come at any moment of its life.
    let usual = {
        let begin = Instant::now();
        thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| assert!(write(&person, &answers(), None)));
            }
        });
        begin.elapsed()
    };
    let rounds = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for thread in 0..AT_ONCE {
            let (person, rounds) = (&person, &rounds);
            scope.spawn(move || {
                for kill in 0..KILLS / AT_ONCE {
                    let part = u32::try_from(mixed(thread * KILLS + kill) % 1000).expect("small");
                    let patience = usual / 1000 * part;
                    let answers = answers();
                    let saved = write(person, &answers, Some(patience));
                    let mut rounds = rounds.lock().expect("no thread has panicked");
                    rounds.push((answers, saved));
                    let number = rounds.len();
                    drop(rounds);
                    if number % 50 == 0 {
                        let store = Store::open(&person.store_path()).expect("the log opens");
                        assert_eq!(store.warning(), None);
                    }
                }
            });
        }
    });
    let rounds = rounds.into_inner().expect("no thread has panicked");
    assert_eq!(rounds.len() as u64, KILLS);
    let found = times_found(&person);
    assert!(
        found.values().all(|times| *times == 1),
        "nothing is there twice"
    );
    let (mut saved, mut lost) = (0, 0);
    for (answers, was_saved) in &rounds {
        let there = answers
            .iter()
            .filter(|entry| found.contains_key(&entry.id))
            .count();
        assert!(
            there == 0 || there == ANSWERS,
            "{there} of {ANSWERS} answers"
        );
        assert!(there == ANSWERS || !was_saved, "what was saved is there");
        saved += usize::from(*was_saved);
        lost += usize::from(there == 0);
    }
    // Kills came before as well as after the moment of writing: otherwise this test says nothing.
    assert!(
        saved >= 20 && lost >= 20,
        "{saved} saved, {lost} not written"
    );
}
