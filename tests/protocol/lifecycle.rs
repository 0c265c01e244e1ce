//! How a session begins and ends.

use serde_json::{Value, json};

use crate::client::Client;

#[test]
fn exit_after_shutdown_ends_with_0_while_the_input_is_still_open() {
    let mut client = Client::start(json!({}));
    client.call("shutdown", Value::Null);
    client.notify("exit", Value::Null);
    assert_eq!(client.wait().code(), Some(0));
}

#[test]
fn exit_without_shutdown_ends_with_1() {
    let mut client = Client::start(json!({}));
    client.notify("exit", Value::Null);
    assert_eq!(client.wait().code(), Some(1));
}

#[test]
fn the_end_of_the_input_ends_with_1() {
    let mut client = Client::start(json!({}));
    client.close_input();
    assert_eq!(client.wait().code(), Some(1));
    let mut client = Client::spawn();
    client.close_input();
    assert_eq!(client.wait().code(), Some(1));
}

#[cfg(unix)]
#[test]
fn the_server_ends_with_the_process_of_its_client() {
    let mut editor = std::process::Command::new("sleep")
        .arg("600")
        .spawn()
        .unwrap();
    let mut client = Client::start_with(json!({"processId": editor.id(), "capabilities": {}}));
    assert_eq!(client.hover(0, 0), Value::Null);
    editor.kill().unwrap();
    editor.wait().unwrap();
    assert_eq!(client.wait().code(), Some(1));
}

#[test]
fn requests_before_initialize_and_after_shutdown_are_refused() {
    let mut client = Client::spawn();
    let params = crate::client::at(0, 0);
    assert_eq!(
        client.call_in_vain("textDocument/hover", params.clone()),
        -32002
    );
    client.call("initialize", json!({"capabilities": {}}));
    assert_eq!(
        client.call_in_vain("initialize", json!({"capabilities": {}})),
        -32600
    );
    client.call("shutdown", Value::Null);
    assert_eq!(client.call_in_vain("textDocument/hover", params), -32600);
    client.notify("exit", Value::Null);
    assert_eq!(client.wait().code(), Some(0));
}

#[test]
fn every_command_of_lenses_and_actions_is_announced() {
    let literal = json!({"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}});
    for (action, commands) in [
        (
            literal,
            json!([
                "hotseat.openQuestion",
                "hotseat.questions",
                "hotseat.startPractice",
                "hotseat.practice"
            ]),
        ),
        (
            json!({}),
            json!([
                "hotseat.openQuestion",
                "hotseat.questions",
                "hotseat.startPractice",
                "hotseat.practice",
                "hotseat.applyFix"
            ]),
        ),
    ] {
        let client = Client::start(
            json!({"textDocument": {"codeAction": action}, "workspace": {"applyEdit": true}}),
        );
        assert_eq!(
            client.announced["executeCommandProvider"]["commands"],
            commands
        );
        client.finish();
    }
}

#[test]
fn an_empty_folder_is_left_alone_and_nothing_is_said_about_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = Client::start_in(folder.path(), json!({}));
    let listed = client.run("hotseat.questions", json!([]));
    assert!(!listed.as_array().unwrap().is_empty());
    // What is done in the background is not announced: this is long for it, and short for a person.
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    assert!(!client.home.path().join("cache").exists());
    #[cfg(target_os = "linux")]
    assert!(
        client.own_bytes() < 20 << 20,
        "{} MiB",
        client.own_bytes() >> 20
    );
    // Nothing but the answers has arrived.
    client.finish();
}
