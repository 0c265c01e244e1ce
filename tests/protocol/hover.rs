//! Hover boxes, and the unit in which positions count.

use serde_json::{Value, json};

use crate::client::{Client, range};

const BEFORE: &str = "    print(\"😀é\", await ";

fn text() -> String {
    format!("import asyncio as aio\n\nasync def main(a):\n{BEFORE}aio.gather(a()))\n")
}

/// Hovers over `gather` with a client that offers these encodings; returns the announced encoding.
fn check(offered: Value, units_before: usize) -> Value {
    let mut client = Client::start(json!({"general": {"positionEncodings": offered}}));
    client.open(&text());
    let start = units_before as u32;
    for character in [start, start + 9] {
        let hover = client.hover(3, character);
        assert_eq!(
            hover["range"],
            range((3, start), (3, start + 10)),
            "{hover}"
        );
        let contents = hover["contents"]["value"].as_str().unwrap();
        assert!(contents.contains("gather"), "{contents}");
    }
    // Inside the string.
    assert_eq!(client.hover(3, 13), Value::Null);
    let encoding = client.announced["positionEncoding"].clone();
    client.finish();
    encoding
}

#[test]
fn ranges_behind_an_emoji_are_right_in_utf_16() {
    let units = BEFORE.encode_utf16().count();
    assert_eq!(check(json!(["utf-16"]), units), "utf-16");
    assert_eq!(check(json!(["utf-16", "utf-8"]), units), "utf-16");
    assert_eq!(check(Value::Null, units), "utf-16");
}

#[test]
fn ranges_behind_an_emoji_are_right_in_utf_8() {
    assert_eq!(check(json!(["utf-8", "utf-16"]), BEFORE.len()), "utf-8");
}

#[test]
fn ranges_behind_an_emoji_are_right_in_utf_32() {
    let units = BEFORE.chars().count();
    assert_eq!(check(json!(["utf-32", "utf-16"]), units), "utf-32");
}

#[test]
fn only_what_really_is_the_function_has_a_hover() {
    let mut client = Client::start(json!({}));
    client.open("import asyncio\n\nobj = object()\nobj.gather()\nasyncio.gather()\n");
    assert_eq!(client.hover(3, 6), Value::Null);
    assert_eq!(client.hover(2, 0), Value::Null);
    assert_ne!(client.hover(4, 10), Value::Null);
    client.finish();
}

#[test]
fn a_client_without_markdown_gets_plain_text_and_others_a_link_to_a_page_that_exists() {
    let kind = |formats: Value| {
        let mut client = Client::start(json!({"textDocument": {"hover": formats}}));
        client.open("import asyncio\nasyncio.gather()\n");
        let contents = client.hover(1, 10)["contents"].take();
        let page = client
            .home
            .path()
            .join("cache/hotseat/questions/gather-vs-wait.md");
        let text = contents["value"].as_str().unwrap().to_owned();
        let linked = text.contains("gather-vs-wait.md");
        let exists = page.exists();
        client.finish();
        (contents["kind"].clone(), text, linked, exists)
    };
    let (format, text, linked, _) = kind(json!({"contentFormat": ["plaintext"]}));
    assert_eq!((format, linked), (json!("plaintext"), false));
    assert!(
        !text.contains(['`', '*']) && text.contains("\n\n"),
        "{text}"
    );
    let (format, text, linked, exists) = kind(json!({"contentFormat": ["markdown", "plaintext"]}));
    assert_eq!((format, linked, exists), (json!("markdown"), true, true));
    assert!(text.contains("**"), "{text}");
}

#[test]
fn unknown_documents_and_other_languages_have_none() {
    let mut client = Client::start(json!({}));
    assert_eq!(client.hover(0, 0), Value::Null);
    client.open_as(
        crate::client::URI,
        "rust",
        "import asyncio\nasyncio.gather()\n",
    );
    assert_eq!(client.hover(1, 10), Value::Null);
    client.finish();
}

#[test]
fn documents_of_any_scheme_are_read() {
    for uri in [
        "untitled:Untitled-1",
        "vscode-notebook-cell:/a/b.ipynb#W0",
        "file:///a%20b/%C3%A9.py",
    ] {
        let mut client = Client::start(json!({}));
        client.open_as(uri, "python", "import asyncio\nasyncio.gather()\n");
        let hover = client.call(
            "textDocument/hover",
            json!({"textDocument": {"uri": uri}, "position": {"line": 1, "character": 10}}),
        );
        assert_ne!(hover, Value::Null, "{uri}");
        client.finish();
    }
}
