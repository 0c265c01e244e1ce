//! Damaged messages cost nothing but themselves.

use serde_json::{Value, json};

use crate::client::Client;

const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;

/// Sends something odd, then checks that the server still works.
fn survives(send: impl FnOnce(&mut Client)) {
    let mut client = Client::start(json!({}));
    client.open("import asyncio\nasyncio.gather()\n");
    send(&mut client);
    assert_ne!(client.hover(1, 10), Value::Null);
    client.finish();
}

/// Sends damaged bytes together with a good request, which must be answered after the error.
fn recovers(damaged: &str) {
    survives(|client| {
        let body = r#"{"jsonrpc":"2.0","id":"good","method":"workspace/executeCommand","params":{"command":"x"}}"#;
        client.send_raw(damaged.as_bytes());
        client.send_body(body);
        assert_eq!(client.stray_error(), PARSE_ERROR, "{damaged}");
        client.answer_to("good");
    });
}

#[test]
fn malformed_headers() {
    for damaged in [
        "Content-Length: many\r\n\r\n{}",
        "Content-Length: -5\r\n\r\n{}",
        "Content-Length: 18446744073709551616\r\n\r\n{}",
        "Content-Type: text\r\n\r\n{}",
        "\u{0}\u{1}\r\n\r\n",
    ] {
        recovers(damaged);
    }
}

#[test]
fn a_wrong_length() {
    let body = r#"{"jsonrpc":"2.0","method":"$/nothing"}"#;
    recovers(&format!("Content-Length: {}\r\n\r\n{body}", body.len() - 4));
    survives(|client| {
        // Too long: the message is complete, and the next one begins inside it.
        let message = r#"{"jsonrpc":"2.0","id":"long","method":"workspace/executeCommand","params":{"command":"x"}}"#;
        let header = format!("Content-Length: {}\r\n\r\n", message.len() + 30);
        client.send_raw(header.as_bytes());
        client.send_raw(message.as_bytes());
        client.send_body(&message.replace("long", "next"));
        client.answer_to("long");
        client.answer_to("next");
    });
}

#[test]
fn headers_in_lower_case_and_unknown_fields() {
    survives(|client| {
        let message = r#"{"jsonrpc":"2.0","id":"low","method":"workspace/executeCommand","params":{"command":"x"}}"#;
        let length = message.len();
        for header in [
            format!("content-length: {length}\r\n\r\n"),
            format!(
                "X-Trace: 1\r\nContent-Length: {length}\r\nContent-Type: a/b; charset=utf-8\r\n\r\n"
            ),
        ] {
            client.send_raw(format!("{header}{message}").as_bytes());
            client.answer_to("low");
        }
    });
}

#[test]
fn invalid_json() {
    for body in [
        "{",
        "",
        "nonsense",
        "{\"jsonrpc\": \"2.0\", \"method\": \"\u{1}\"}",
    ] {
        survives(|client| {
            client.send_body(body);
            assert_eq!(client.stray_error(), PARSE_ERROR, "{body}");
        });
    }
    survives(|client| {
        client.send_raw(b"Content-Length: 4\r\n\r\n\"\xff\xfe\"");
        assert_eq!(client.stray_error(), PARSE_ERROR);
    });
}

#[test]
fn json_that_is_no_message() {
    for body in [
        "[]",
        "17",
        "null",
        "{}",
        r#"{"jsonrpc":"2.0"}"#,
        r#"{"jsonrpc":"1.0","method":"x"}"#,
        r#"[{"jsonrpc":"2.0","id":1,"method":"shutdown"}]"#,
    ] {
        survives(|client| {
            client.send_body(body);
            assert_eq!(client.stray_error(), INVALID_REQUEST, "{body}");
        });
    }
}

#[test]
fn half_an_emoji_in_a_document() {
    survives(|client| {
        let change = r#"{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///project/example.py","version":2},"contentChanges":[{"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":0}},"text":"'\ud83d'; "}]}}"#;
        client.send_body(change);
    });
}

#[test]
fn answers_to_questions_that_nobody_asked() {
    survives(|client| {
        client.respond(&json!(12345), Value::Null);
        client.send_body(r#"{"jsonrpc":"2.0","id":77}"#);
    });
}

#[test]
fn unknown_methods_and_wrong_parameters() {
    survives(|client| {
        assert_eq!(client.call_in_vain("hotseat/nothing", json!({})), -32601);
        assert_eq!(
            client.call_in_vain("textDocument/hover", json!({"x": 1})),
            -32602
        );
        client.notify("hotseat/nothing", json!({}));
        client.notify("$/setTrace", json!({"value": "off"}));
        client.notify("textDocument/didChange", json!({"x": 1}));
    });
}

#[test]
fn an_emoji_cut_in_two_is_still_one_unit() {
    let mut client = Client::start(json!({}));
    client.send_body(
        r#"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///project/example.py","languageId":"python","version":1,"text":"import asyncio\n'\ud83d'; asyncio.gather()\n"}}}"#,
    );
    assert_eq!(client.hover(1, 13)["range"]["start"]["character"], 5);
    client.finish();
}
