//! The page of `hotseat progress show --html` in Chromium: everything has its size, nothing overflows, everything can be read.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::{Person, output_of};

/// Sixty days of practice until now, with an interview in three weeks.
fn practised() -> Person {
    use hotseat::practice::event::{Entry, Event, Grade, Moment, Plan, Review};
    let person = Person::new();
    let now = Moment::now();
    let cards = [
        "gather-vs-wait",
        "list-vs-tuple",
        "raise-forms",
        "generator-vs-list",
        "gil-implications",
    ];
    let mut lines = String::new();
    let mut write = |at, event| {
        let id = uuid::Uuid::now_v7();
        lines.push_str(&(Entry { id, at, event }.line() + "\n"));
    };
    for day in 0..60_i64 {
        for (place, card) in (0..).zip(cards) {
            if (day * 7 + place * 3) % 5 > 1 {
                continue;
            }
            let review = Review {
                card: card.into(),
                revision: 0,
                grade: if (day + place) % 6 == 0 {
                    Grade::Again
                } else {
                    Grade::Good
                },
                seconds: Some(70.0),
                scheduler: "fsrs-6".into(),
                source: "test".into(),
                session: None,
                points: Vec::new(),
            };
            write(now.plus_days(day - 60), Event::Review(review));
        }
    }
    let interview_date = Some(Some(now.plus_days(21).day()));
    write(
        now,
        Event::Plan(Plan {
            interview_date,
            ..Plan::default()
        }),
    );
    person.hotseat_with(&["progress", "merge", "-"], &lines);
    person
}

/// What Chromium measures in the page at several widths, light and dark.
fn measured(person: &Person) -> Vec<Value> {
    let page = person.path("page.html");
    person.hotseat(&["progress", "show", "--html", page.to_str().expect("UTF-8")]);
    let looking = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/practice/looking.html");
    let looking = std::fs::read_to_string(looking).expect("the file");
    let place = person.path("looking.html");
    std::fs::write(&place, looking).expect("written");
    let chromium = std::env::var_os("HOTSEAT_TEST_CHROMIUM");
    let chromium = chromium.expect("tests/run names a Chromium");
    let profile = format!("--user-data-dir={}", person.path("profile").display());
    let text = output_of(
        Command::new(chromium)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--allow-file-access-from-files",
            ])
            .args([profile.as_str(), "--window-size=1400,2000", "--dump-dom"])
            .arg(format!("file://{}", place.display())),
    );
    let begin = text.find("<pre>").expect("a result") + "<pre>".len();
    let end = text.find("</pre>").expect("a result");
    let json = text[begin..end]
        .replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&amp;", "&");
    serde_json::from_str(&json).expect("JSON")
}

#[test]
fn the_page_fits_every_width_in_the_light_and_in_the_dark() {
    let views = measured(&practised());
    assert_eq!(views.len(), 8);
    for view in &views {
        assert_eq!(view["overflowing"], Value::Array(Vec::new()), "{view}");
        assert!(
            view["scrollWidth"].as_f64() <= view["width"].as_f64(),
            "{view}"
        );
        assert_eq!(view["unnamed"], 0, "pictures have a text: {view}");
        assert_eq!(view["fetched"], 0, "it needs no other file: {view}");
        let forecast = &view["forecast"];
        assert!(forecast["width"].as_f64() > Some(200.0), "{view}");
        assert!(forecast["height"].as_f64() > Some(100.0), "{view}");
        assert!(view["curve"].as_f64() > Some(50.0), "it rises: {view}");
        assert!(view["heat"]["width"].as_f64() > Some(200.0), "{view}");
        assert_eq!(view["days"], 84, "{view}");
        assert!(view["active"].as_u64() > Some(40), "{view}");
        assert_eq!(view["questions"], 22, "{view}");
        let bars = view["bars"].as_array().expect("bars");
        assert_eq!(bars.len(), 11, "{view}");
        for bar in bars {
            let (said, drawn) = (bar["said"].as_f64(), bar["drawn"].as_f64());
            let (said, drawn) = (said.expect("a number"), drawn.expect("a number"));
            assert!((said - drawn).abs() < 1.0, "{bar}");
            assert!(bar["width"].as_f64() > Some(100.0), "{bar}");
        }
        assert!(
            view["contrast"].as_f64() >= Some(4.5),
            "every text can be read: {view}"
        );
    }
    let dark = views.iter().filter(|view| view["dark"] == true).count();
    assert_eq!(dark, 4, "the dark page is dark");
}
