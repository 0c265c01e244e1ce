//! Opening a question.

use serde_json::{Value, json};

use crate::client::{Client, URI, linked, uri_of};

const OPEN: &str = "hotseat.openQuestion";

fn page(client: &Client) -> std::path::PathBuf {
    client
        .home
        .path()
        .join("cache/hotseat/questions/gather-vs-wait.md")
}

#[test]
fn a_question_opens_in_the_editor_and_nobody_waits_for_it() {
    let mut client = Client::start(json!({"window": {"showDocument": {"support": true}}}));
    assert_eq!(client.run(OPEN, json!(["gather-vs-wait"])), Value::Null);
    let (id, params) = client.server_request("window/showDocument");
    assert_eq!(params["uri"], format!("file://{}", page(&client).display()));
    assert_eq!(params["takeFocus"], true);
    let text = std::fs::read_to_string(page(&client)).unwrap();
    assert!(text.contains("gather"), "{text}");
    client.respond(&id, json!({"success": true}));
    client.finish();
}

#[test]
fn a_client_that_cannot_or_does_not_open_documents_is_told_the_path() {
    for window in [json!({}), json!({"showDocument": {"support": true}})] {
        let asked = window.get("showDocument").is_some();
        let mut client = Client::start(json!({"window": window}));
        assert_eq!(client.run(OPEN, json!(["gather-vs-wait"])), Value::Null);
        if asked {
            let (id, _) = client.server_request("window/showDocument");
            client.respond(&id, json!({"success": false}));
        }
        let message = client.notification("window/showMessage");
        let path = page(&client);
        assert!(path.exists());
        assert!(
            message["message"]
                .as_str()
                .unwrap()
                .contains(path.to_str().unwrap())
        );
        client.finish();
    }
}

#[test]
fn all_questions_are_listed_by_section() {
    let mut client = Client::start(json!({}));
    let listed = client.run("hotseat.questions", json!([]));
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), 22);
    assert_eq!(
        listed[0],
        json!({
            "id": "list-vs-tuple",
            "title": "How do Python's `list` and `tuple` differ, and how do you decide which one a piece of code should use?",
            "section": "Language fundamentals",
            "level": "junior",
            "standing": null,
        })
    );
    let mut sections: Vec<&Value> = listed.iter().map(|question| &question["section"]).collect();
    sections.dedup();
    assert_eq!(sections.len(), 11, "{sections:?}");
    client.finish();
}

#[test]
fn unknown_questions_commands_and_arguments_are_errors() {
    let mut client = Client::start(json!({"window": {"showDocument": {"support": true}}}));
    for (command, arguments) in [
        (OPEN, json!(["no-such-question"])),
        (OPEN, json!(["../../escape"])),
        (OPEN, json!([])),
        (OPEN, json!([17])),
        ("hotseat.applyFix", json!([{}])),
        ("hotseat.nothing", json!([])),
    ] {
        let params = json!({"command": command, "arguments": arguments});
        assert_eq!(
            client.call_in_vain("workspace/executeCommand", params),
            -32602
        );
    }
    client.finish();
}

#[test]
fn the_page_lists_where_the_question_occurs_in_the_workspace() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(
        "app/run.py",
        "import asyncio\nasync def main(x):\n    await asyncio.gather(x)\n",
    );
    write("app/other.py", "x = 1\n");
    write("skipped/run.py", "import asyncio\nasyncio.gather(1)\n");
    write(".gitignore", "skipped/\n");
    let mut client = Client::start_in(
        folder.path(),
        json!({"window": {"showDocument": {"support": true}}, "textDocument": {"diagnostic": {}}}),
    );
    client.open_as(URI, "python", "import asyncio\nasyncio.gather(2)\n");
    let open = |client: &mut Client| {
        client.run(OPEN, json!(["gather-vs-wait"]));
        let (id, _) = client.server_request("window/showDocument");
        client.respond(&id, json!({"success": true}));
        // What takes long is added later.
        for _ in 0..600 {
            let text = std::fs::read_to_string(page(client)).unwrap();
            let (_, list) = text.split_once("## In your code").unwrap();
            if !list.contains("still being searched") {
                return list.to_owned();
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("the search does not end");
    };
    let list = open(&mut client);
    let file = uri_of(&folder.path().join("app/run.py"));
    assert!(list.contains("#L3) in `main`: `asyncio.gather`"), "{list}");
    let page = page(&client);
    assert_eq!(linked(&page, "app/run.py:3"), file);
    assert_eq!(linked(&page, "example.py:2"), URI);
    assert!(
        !list.contains("skipped") && !list.contains("other.py"),
        "{list}"
    );
    write("app/run.py", "x = 1\n");
    assert!(!open(&mut client).contains("app/run.py"));
    client.finish();
}
