//! Opening a question.

use serde_json::{Value, json};

use crate::client::Client;

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
