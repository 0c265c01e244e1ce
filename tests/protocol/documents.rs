//! The server's text is the client's text.

use serde_json::{Value, json};

use crate::client::{Client, URI, at, change, range};

const GATHER: &str = "import asyncio\nasyncio.gather()\n";

#[test]
fn ten_thousand_edits_and_hovers_without_waiting_each_answer_for_their_moment() {
    const ROUNDS: usize = 10_000;
    let name = |round: usize| "v".repeat(round % 40 + 1);
    let mut client = Client::start(json!({}));
    client.open(&format!("import asyncio\n{} = asyncio.gather()\n", name(0)));
    let mut requests = Vec::new();
    for round in 1..=ROUNDS {
        let old = name(round - 1).len() as u32;
        client.change(
            round as i32 + 1,
            json!([change((1, 0), (1, old), &name(round))]),
        );
        let column = name(round).len() as u32 + 3;
        requests.push((
            client.request("textDocument/hover", at(1, column + 8)),
            column,
        ));
    }
    for (id, column) in requests {
        let answer = client.answer(id);
        assert_eq!(
            answer["result"]["range"],
            range((1, column), (1, column + 14)),
            "{answer}"
        );
    }
    client.finish();
}

#[test]
fn several_changes_in_one_notification_apply_in_order() {
    let mut client = Client::start(json!({}));
    client.open("");
    client.change(
        2,
        json!([
            change((0, 0), (0, 0), "import asyncio\n"),
            change((1, 0), (1, 0), "asyncio.gather()"),
            change((1, 0), (1, 0), "x = "),
        ]),
    );
    assert_eq!(client.hover(1, 12)["range"], range((1, 4), (1, 18)));
    client.finish();
}

#[test]
fn a_change_without_a_range_replaces_everything() {
    let mut client = Client::start(json!({}));
    client.open("nothing");
    client.change(2, json!([{"text": GATHER}]));
    assert_ne!(client.hover(1, 10), Value::Null);
    client.finish();
}

#[test]
fn an_end_beyond_the_text_is_clamped() {
    let mut client = Client::start(json!({}));
    client.open("a\nb\n");
    client.change(2, json!([change((0, 0), (4_000_000, 7), GATHER)]));
    assert_eq!(client.hover(1, 10)["range"], range((1, 0), (1, 14)));
    client.change(3, json!([change((1, 8), (1, 999), "run()")]));
    assert_eq!(client.hover(1, 999), Value::Null);
    client.finish();
}

#[test]
fn impossible_ranges_silence_the_document_until_its_whole_text_arrives() {
    let negative = json!({"range": {"start": {"line": -1, "character": 0}, "end": {"line": 0, "character": 0}}, "text": ""});
    let recoveries: [fn(&mut Client); 3] = [
        |client| client.change(9, json!([{"text": GATHER}])),
        |client| {
            client.notify(
                "textDocument/didSave",
                json!({"textDocument": {"uri": URI}, "text": GATHER}),
            );
        },
        |client| {
            client.close();
            client.open(GATHER);
        },
    ];
    for impossible in [
        change((1, 4), (1, 2), ""),
        change((1, 0), (0, 0), ""),
        change((99, 0), (99, 1), ""),
        negative,
    ] {
        let mut client = Client::start(json!({"textDocument": {"diagnostic": {}}}));
        client.open(GATHER);
        for (round, recover) in recoveries.iter().enumerate() {
            assert_ne!(client.hover(1, 10), Value::Null, "{impossible} {round}");
            client.change(7, json!([impossible]));
            client.change(8, json!([change((0, 0), (0, 0), "")]));
            assert_eq!(client.hover(1, 10), Value::Null, "{impossible} {round}");
            assert_eq!(client.pull(None)["items"], json!([]));
            recover(&mut client);
        }
        assert_ne!(client.hover(1, 10), Value::Null, "{impossible}");
        client.finish();
    }
}

#[test]
fn carriage_returns_break_lines_and_form_feeds_do_not() {
    let mut client = Client::start(json!({}));
    client.open("import asyncio\r\r\n# \u{c}\u{2028}\u{85}\nasyncio.gather()");
    assert_eq!(client.hover(3, 10)["range"], range((3, 0), (3, 14)));
    client.finish();
}

#[test]
fn a_closed_document_is_forgotten() {
    let mut client = Client::start(json!({}));
    client.open(GATHER);
    client.close();
    assert_eq!(client.hover(1, 10), Value::Null);
    client.finish();
}
