//! Settings, by whatever way they come.

use serde_json::{Value, json};

use crate::client::Client;

const GATHER: &str = "import asyncio\nasyncio.gather()\n";
const MISTAKE: &str =
    "from dataclasses import dataclass\n\n@dataclass\nclass Note:\n    tags: list[str] = []\n";

fn change(client: &mut Client, settings: Value) {
    client.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": settings}),
    );
}

#[test]
fn off_means_nothing_is_shown() {
    for options in [
        json!({"preset": "off"}),
        json!({"hotseat": {"preset": "off"}}),
    ] {
        let mut client = Client::start_with(
            json!({"capabilities": {"textDocument": {"diagnostic": {}}}, "initializationOptions": options}),
        );
        client.open(&format!("{MISTAKE}{GATHER}"));
        assert_eq!(client.hover(6, 10), Value::Null);
        assert_eq!(client.lenses(), [] as [Value; 0]);
        assert_eq!(
            client.actions(4, 23, json!({"diagnostics": []})),
            [] as [Value; 0]
        );
        assert_eq!(client.pull(None)["items"], json!([]));
        client.finish();
    }
}

#[test]
fn pushed_diagnostics_follow_the_settings() {
    let mut client = Client::start(json!({}));
    client.open(MISTAKE);
    let published = |client: &mut Client| {
        let params = client.notification("textDocument/publishDiagnostics");
        !params["diagnostics"].as_array().unwrap().is_empty()
    };
    assert!(published(&mut client));
    change(&mut client, json!({"hotseat": {"preset": "quiet"}}));
    assert!(!published(&mut client));
    change(&mut client, json!({"hotseat": {}}));
    assert!(published(&mut client));
    change(&mut client, json!({"other": {}}));
    change(&mut client, Value::Null);
    client.finish();
}

#[test]
fn pulled_diagnostics_are_asked_for_again_if_the_client_can() {
    let mut client = Client::start(
        json!({"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": true}}}),
    );
    client.open(MISTAKE);
    assert_ne!(client.pull(None)["items"], json!([]));
    change(&mut client, json!({"hotseat": {"preset": "quiet"}}));
    let (id, _) = client.server_request("workspace/diagnostic/refresh");
    client.respond(&id, Value::Null);
    assert_eq!(client.pull(None)["items"], json!([]));
    client.finish();
}

#[test]
fn a_client_that_answers_questions_is_asked() {
    let mut client = Client::start(
        json!({"workspace": {"configuration": true, "didChangeConfiguration": {"dynamicRegistration": true}}}),
    );
    let (id, params) = client.server_request("client/registerCapability");
    assert_eq!(
        params["registrations"][0]["method"],
        "workspace/didChangeConfiguration"
    );
    client.respond(&id, Value::Null);
    client.open(GATHER);
    assert_ne!(client.hover(1, 10), Value::Null);
    let (id, params) = client.server_request("workspace/configuration");
    assert_eq!(params["items"], json!([{"section": "hotseat"}]));
    client.respond(&id, json!([null]));
    change(&mut client, Value::Null);
    let (id, _) = client.server_request("workspace/configuration");
    client.respond(&id, json!([{"preset": "loud"}]));
    let message = client.notification("window/showMessage");
    assert!(
        message["message"]
            .as_str()
            .unwrap()
            .contains("hotseat.preset")
    );
    client.finish();
}

#[test]
fn wrong_values_are_told_once_and_unknown_keys_are_ignored() {
    let mut client = Client::start_with(
        json!({"capabilities": {}, "initializationOptions": {"preset": 7, "maxHints": "many", "colour": "red"}}),
    );
    let message = client.notification("window/showMessage");
    let text = message["message"].as_str().unwrap();
    for part in [
        "hotseat.preset",
        "\"quiet\"",
        "hotseat.maxHints",
        "whole number",
    ] {
        assert!(text.contains(part), "{text}");
    }
    client.open(GATHER);
    assert_ne!(client.hover(1, 10), Value::Null);
    client.finish();
}

#[test]
fn the_log_is_in_the_users_state_folder() {
    let client =
        Client::start_with(json!({"capabilities": {}, "initializationOptions": {"colour": "red"}}));
    let log = client.home.path().join("state/hotseat/server.log");
    let text = std::fs::read_to_string(log).unwrap();
    assert!(text.contains("`hotseat.colour`"), "{text}");
    client.finish();
}

#[test]
fn mistakes_in_a_folder_of_questions_are_told_and_the_built_in_questions_serve() {
    let folder = tempfile::tempdir().unwrap();
    let section = folder.path().join("async-programming");
    std::fs::create_dir(&section).unwrap();
    std::fs::write(section.join("half-done.md"), "# Half done\n").unwrap();
    let mut client = Client::spawn_with(&["--content".as_ref(), folder.path().as_os_str()]);
    client.call("initialize", json!({"capabilities": {}}));
    client.notify("initialized", json!({}));
    let details = client.notification("window/logMessage");
    assert!(
        details["message"]
            .as_str()
            .unwrap()
            .contains("half-done.md")
    );
    client.notification("window/showMessage");
    client.open(GATHER);
    assert_ne!(client.hover(1, 10), Value::Null);
    client.finish();
}

/// A folder with a `pyproject.toml` that has this section for us, and the address of a file in it.
fn project(section: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("[tool.hotseat]\n{section}\n");
    std::fs::write(folder.path().join("pyproject.toml"), text).unwrap();
    let uri = format!("file://{}/a.py", folder.path().display());
    (folder, uri)
}

/// The codes of the diagnostics of a file.
fn codes(client: &mut Client, uri: &str) -> Vec<String> {
    let document = json!({"textDocument": {"uri": uri}});
    let report = client.call("textDocument/diagnostic", document);
    let items = report["items"].as_array().unwrap();
    let code = |item: &Value| item["code"].as_str().unwrap().to_owned();
    items.iter().map(code).collect()
}

#[test]
fn the_project_decides_what_the_editor_leaves_open() {
    let capabilities = json!({"textDocument": {"diagnostic": {}}});
    let (_folder, uri) = project("preset = 'quiet'");
    let mut client = Client::start(capabilities.clone());
    client.open_as(&uri, "python", MISTAKE);
    assert_eq!(codes(&mut client, &uri), [""; 0]);
    change(&mut client, json!({"hotseat": {"preset": "learn"}}));
    assert_eq!(codes(&mut client, &uri), ["mutable-dataclass-default"]);
    client.finish();

    let (_folder, uri) = project("ignore = ['dataclass-default-factory']");
    let mut client = Client::start(capabilities);
    client.open_as(&uri, "python", MISTAKE);
    assert_eq!(codes(&mut client, &uri), [""; 0]);
    client.finish();
}

#[test]
fn what_is_wrong_with_a_projects_settings_is_told_once() {
    let (_folder, uri) = project("preset = 'loud'");
    let mut client = Client::start(json!({"textDocument": {"diagnostic": {}}}));
    client.open_as(&uri, "python", MISTAKE);
    client.open_as(&uri.replace("a.py", "b.py"), "python", MISTAKE);
    let message = client.notification("window/showMessage");
    let text = message["message"].as_str().unwrap();
    let expected = "pyproject.toml:2: `tool.hotseat.preset` must be";
    assert!(text.contains(expected), "{text}");
    assert_eq!(codes(&mut client, &uri), ["mutable-dataclass-default"]);
    // A second message would be one that no test asked for.
    client.finish();
}
