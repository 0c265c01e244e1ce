//! How long it takes what a person waits for: `cargo bench` measures everything and ends with a table, `cargo bench --
//! WORDS` measures what has these words in its name.
#![expect(clippy::print_stdout, reason = "the table is for the terminal")]

mod corpus;
mod typing;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use corpus::{Corpus, Module, Place};
use criterion::{Bencher, Criterion};
use hotseat::analysis::Engine;
use hotseat::content;
use hotseat::ide::code_lenses::lenses;
use hotseat::ide::hover::hover;
use hotseat::ide::{Marks, Preset, Snapshot};
use hotseat::practice::event::{Entry, Event, Grade, Moment, Plan, Review};
use hotseat::practice::forecast::forecast;
use hotseat::practice::progress::Progress;
use hotseat::practice::queue;
use hotseat::practice::scheduler::SCHEDULER;
use hotseat::text::edit::TextEdit;
use rayon::prelude::*;
use serde_json::Value;
use typing::{HEADER, Typist};
use uuid::Uuid;

/// Lines of a file as people write them.
const USUAL: usize = 1_000;
const LENGTHS: [usize; 3] = [USUAL, 10_000, 50_000];

/// What is typed character by character: most of the time the file does not parse.
const TYPED: &str =
    "total = max(((len(str(item)), {\"item\": [item]}) for item in items), default=(0, {}))\n";

/// Measures, and remembers what was measured.
struct Bench {
    criterion: Criterion,
    measured: Vec<String>,
}

impl Bench {
    fn new() -> Self {
        let criterion = Criterion::default()
            .without_plots()
            .warm_up_time(Duration::from_millis(500))
            .measurement_time(Duration::from_secs(2))
            .output_directory(&folder());
        Self {
            criterion: criterion.configure_from_args(),
            measured: Vec::new(),
        }
    }

    fn measure(&mut self, name: &str, mut run: impl FnMut(&mut Bencher)) {
        let mut is_wanted = false;
        self.criterion.bench_function(name, |bencher| {
            is_wanted = true;
            run(bencher);
        });
        if is_wanted {
            self.measured.push(name.to_owned());
        }
    }

    fn table(&self) {
        println!(
            "\n{:<52} {:>10}   {:>10} – {:>10}",
            "", "median", "95 % of", "medians"
        );
        for name in &self.measured {
            if let Some([median, from, to]) = estimate(name).map(|times| times.map(readable)) {
                println!("{name:<52} {median:>10}   {from:>10} – {to:>10}");
            }
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("speed")
}

/// The median of a measured time and the ends of its confidence interval, in nanoseconds.
fn estimate(name: &str) -> Option<[f64; 3]> {
    let file = folder().join(name).join("new").join("estimates.json");
    let estimates: Value = serde_json::from_str(&fs::read_to_string(file).ok()?).ok()?;
    let median = &estimates["median"];
    let interval = &median["confidence_interval"];
    Some([
        median["point_estimate"].as_f64()?,
        interval["lower_bound"].as_f64()?,
        interval["upper_bound"].as_f64()?,
    ])
}

fn readable(nanoseconds: f64) -> String {
    if nanoseconds < 1e6 {
        format!("{:.1} µs", nanoseconds / 1e3)
    } else {
        format!("{:.2} ms", nanoseconds / 1e6)
    }
}

fn keystrokes(bench: &mut Bench, corpus: &Corpus, engine: &Arc<Engine>) {
    let everywhere = [
        ("top", Place::Top),
        ("middle", Place::Middle),
        ("end", Place::End),
    ];
    let in_all = LENGTHS.map(|lines| everywhere.map(|(name, place)| (lines, name, place)));
    let mut cases = in_all.concat();
    cases.push((50_000, "middle of a long class", Place::LongClass));
    for (lines, name, place) in cases {
        let Module { text, header } = corpus.module(lines, place);
        let at = format!("{name} of {lines} lines");
        type_with(bench, &format!("toggle, {at}"), || {
            Typist::toggling(engine, &text, header)
        });
        type_with(bench, &format!("typing, {at}"), || {
            Typist::new(engine, &text, characters(&text, header))
        });
    }
}

/// Measures one edit. The file is opened only if it is wanted, and only once.
fn type_with(bench: &mut Bench, name: &str, open: impl Fn() -> Typist) {
    let mut typist = None;
    bench.measure(name, |bencher| {
        let typist = typist.get_or_insert_with(&open);
        bencher.iter(|| typist.type_on());
    });
}

/// [`TYPED`] as a new first line of the function that starts at `header`, one character after the other; then it is
/// deleted.
fn characters(text: &str, header: usize) -> Vec<TextEdit> {
    let line = header + HEADER.len();
    let indentation = text[line..].len() - text[line..].trim_start_matches(' ').len();
    let typed = format!("{}{TYPED}", &text[line..line + indentation]);
    let insert = |(at, character): (usize, char)| TextEdit::insert(line + at, character);
    let mut edits: Vec<TextEdit> = typed.char_indices().map(insert).collect();
    edits.push(TextEdit::replace(line..line + typed.len(), ""));
    edits
}

fn requests(bench: &mut Bench, corpus: &Corpus, engine: &Arc<Engine>) {
    let text = corpus.module(USUAL, Place::Middle).text;
    let open = || Snapshot::new(engine, Path::new("module.py"), &text, Arc::default());
    let snapshot = open();
    let places: Vec<usize> = snapshot.matches().iter().map(|m| m.anchor.start).collect();
    assert!(!places.is_empty(), "there is something to hover over");
    let mut next = places.iter().cycle();
    bench.measure(&format!("hover, {USUAL} lines"), |bencher| {
        bencher.iter(|| next.next().and_then(|place| hover(&snapshot, *place)));
    });
    bench.measure(&format!("lenses, {USUAL} lines"), |bencher| {
        bencher.iter(|| lenses(&snapshot, Preset::Learn, &Marks::new()));
    });
    bench.measure(&format!("opening, {USUAL} lines"), |bencher| {
        bencher.iter_with_large_drop(open);
    });
}

/// What a check of a folder does with the texts of its files.
fn scan(bench: &mut Bench, corpus: &Corpus, engine: &Arc<Engine>) {
    let findings = |text: &String| {
        let snapshot = Snapshot::new(engine, Path::new("module.py"), text, Arc::default());
        snapshot.findings().len()
    };
    let modules = corpus.modules();
    let lines: usize = modules.iter().map(|text| text.lines().count()).sum();
    let name = format!("scan, {} modules of {lines} lines in all", modules.len());
    bench.measure(&name, |bencher| {
        bencher.iter(|| modules.par_iter().map(findings).sum::<usize>());
    });
}

/// Someone who has practised for a long time looks at the forecast.
fn practice(bench: &mut Bench, engine: &Arc<Engine>) {
    const REVIEWS: i64 = 5_000;
    const HOURS: i64 = 60 * 60 * 1000;
    let questions = &engine.catalog().questions;
    let now = Moment::from_millis(1_800_000_000_000, 3600).expect("a time");
    let mut entries: Vec<Entry> = (0..REVIEWS)
        .map(|number| Entry {
            id: Uuid::from_u128(number.unsigned_abs().into()),
            at: now.plus_millis((number - REVIEWS) * HOURS),
            event: Event::Review(Review {
                card: questions[usize::try_from(number).expect("small") % questions.len()]
                    .id
                    .clone(),
                revision: 1,
                grade: if number % 5 == 0 {
                    Grade::Again
                } else {
                    Grade::Good
                },
                seconds: Some(60.0),
                scheduler: SCHEDULER.into(),
                source: "bench".into(),
                session: None,
                points: Vec::new(),
            }),
        })
        .collect();
    entries.push(Entry {
        id: Uuid::nil(),
        at: now,
        event: Event::Plan(Plan {
            interview_date: Some(Some(now.plus_days(60).day())),
            ..Plan::default()
        }),
    });
    bench.measure(&format!("progress of {REVIEWS} reviews"), |bencher| {
        bencher.iter_with_large_drop(|| Progress::of(&entries, now));
    });
    let progress = Progress::of(&entries, now);
    let subjects = queue::questions(engine.catalog(), &progress);
    bench.measure(&format!("forecast of {REVIEWS} reviews"), |bencher| {
        bencher.iter(|| forecast(&progress, &subjects));
    });
    let start = Progress::of(&entries[entries.len() - 1..], now);
    bench.measure("forecast of no reviews", |bencher| {
        bencher.iter(|| forecast(&start, &subjects));
    });
}

fn main() {
    let corpus = Corpus::read();
    let engine = content::engine(None).expect("the built-in questions");
    let mut bench = Bench::new();
    bench.measure("engine start", |bencher| {
        bencher.iter_with_large_drop(|| content::engine(None));
    });
    requests(&mut bench, &corpus, &engine);
    keystrokes(&mut bench, &corpus, &engine);
    scan(&mut bench, &corpus, &engine);
    practice(&mut bench, &engine);
    bench.table();
}
