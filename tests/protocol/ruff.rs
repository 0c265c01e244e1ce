//! What ruff shows in the same editor is no more than a hint.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::client::{Client, range, uri_of};

/// A warning here, B006 for ruff.
const MISTAKE: &str = "def f(x=[]):\n    return x\n";
const FOUND: &str = "mutable-default-argument";
const WARNING: i64 = 2;
const HINT: i64 = 4;

/// A client that pulls and can be asked to pull again.
fn start(folder: &Path, options: Value) -> (Client, String) {
    let capabilities = json!({
        "textDocument": {"diagnostic": {}},
        "workspace": {"diagnostics": {"refreshSupport": true}},
    });
    let mut client =
        Client::start_with(json!({"capabilities": capabilities, "initializationOptions": options}));
    let uri = uri_of(&folder.join("a.py"));
    client.open_as(&uri, "python", MISTAKE);
    (client, uri)
}

/// A project with these settings for ruff.
fn project(ruff: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ruff.toml"), ruff).unwrap();
    folder
}

/// Asks for actions and sends along what the client shows.
fn asks_for_actions(client: &mut Client, uri: &str, source: &str, code: &str) {
    let place = range((0, 8), (0, 10));
    let shown = json!([{"range": place, "source": source, "code": code, "message": "…"}]);
    let params =
        json!({"textDocument": {"uri": uri}, "range": place, "context": {"diagnostics": shown}});
    client.call("textDocument/codeAction", params);
}

fn severity(client: &mut Client, uri: &str) -> i64 {
    let pulled = client.pulled(uri);
    let found = pulled.into_iter().find(|(code, _)| code == FOUND);
    found.unwrap().1
}

fn refreshed(client: &mut Client) {
    let (id, _) = client.server_request("workspace/diagnostic/refresh");
    client.respond(&id, Value::Null);
}

#[test]
fn what_ruff_was_seen_to_report_is_a_hint_from_then_on() {
    let folder = tempfile::tempdir().unwrap();
    let (mut client, uri) = start(folder.path(), json!({}));
    assert_eq!(severity(&mut client, &uri), WARNING);
    asks_for_actions(&mut client, &uri, "hotseat", "B006");
    assert_eq!(severity(&mut client, &uri), WARNING);
    asks_for_actions(&mut client, &uri, "Ruff", "B006");
    refreshed(&mut client);
    assert_eq!(severity(&mut client, &uri), HINT);
    // Nothing new: no other refresh.
    asks_for_actions(&mut client, &uri, "Ruff", "B006");
    client.finish();
}

#[test]
fn once_ruff_is_seen_its_configuration_tells_what_it_reports() {
    for (ruff, expected) in [
        ("lint.select = ['B']", HINT),
        ("lint.select = ['ALL']", HINT),
        ("lint.select = ['S']", WARNING),
        ("lint.select = ['B']\nlint.ignore = ['B006']", WARNING),
        (
            "lint.select = ['B']\nlint.per-file-ignores = { 'a.py' = ['B'] }",
            WARNING,
        ),
    ] {
        let folder = project(ruff);
        let (mut client, uri) = start(folder.path(), json!({}));
        assert_eq!(
            severity(&mut client, &uri),
            WARNING,
            "ruff may not run in this editor"
        );
        asks_for_actions(&mut client, &uri, "Ruff", "E501");
        refreshed(&mut client);
        assert_eq!(severity(&mut client, &uri), expected, "{ruff}");
        client.finish();
    }
}

#[test]
fn a_setting_says_that_ruff_runs_or_that_it_does_not_matter() {
    let folder = project("lint.select = ['B']");
    let always = json!({"deduplicateWithRuff": "always"});
    let (mut client, uri) = start(folder.path(), always);
    assert_eq!(severity(&mut client, &uri), HINT);
    client.finish();

    let (mut client, uri) = start(folder.path(), json!({"deduplicateWithRuff": false}));
    asks_for_actions(&mut client, &uri, "Ruff", "B006");
    // Whoever sees ruff asks again; the answer stays the same.
    refreshed(&mut client);
    assert_eq!(severity(&mut client, &uri), WARNING);
    client.finish();
}

#[test]
fn what_was_seen_counts_until_the_settings_change() {
    let folder = project("lint.select = ['B']");
    let (mut client, uri) = start(folder.path(), json!({}));
    asks_for_actions(&mut client, &uri, "Ruff", "B006");
    refreshed(&mut client);
    assert_eq!(severity(&mut client, &uri), HINT);
    let settings = folder.path().join("ruff.toml");
    fs::write(&settings, "lint.select = ['S']").unwrap();
    client.changed_on_disk(&[&uri_of(&settings)]);
    refreshed(&mut client);
    assert_eq!(severity(&mut client, &uri), WARNING);
    client.finish();
}

#[test]
fn pushed_diagnostics_follow() {
    let folder = tempfile::tempdir().unwrap();
    let uri = uri_of(&folder.path().join("a.py"));
    let mut client = Client::start(json!({}));
    client.open_as(&uri, "python", MISTAKE);
    let published = |severity| (uri.clone(), vec![(FOUND.to_owned(), severity)]);
    assert_eq!(client.published(), published(WARNING));
    asks_for_actions(&mut client, &uri, "Ruff", "B006");
    assert_eq!(client.published(), published(HINT));
    client.finish();
}
