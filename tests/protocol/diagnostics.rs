//! Diagnostics: pulled or pushed, never both.

use serde_json::{Value, json};

use crate::client::{Client, URI, change, range};

const MISTAKE: &str = "from dataclasses import dataclass, field\n\n@dataclass\nclass Note:\n    tags: list[str] = []\n";
const PULLS: &str = r#"{"textDocument": {"diagnostic": {}}}"#;

fn pulling_client() -> Client {
    Client::start(serde_json::from_str(PULLS).unwrap())
}

fn published(client: &mut Client) -> (Value, Vec<Value>) {
    let mut params = client.notification("textDocument/publishDiagnostics");
    assert_eq!(params["uri"], URI);
    let Value::Array(diagnostics) = params["diagnostics"].take() else {
        panic!("no diagnostics");
    };
    (params["version"].take(), diagnostics)
}

fn mistake(diagnostics: &[Value]) -> &Value {
    diagnostics
        .iter()
        .find(|diagnostic| diagnostic["code"] == "mutable-dataclass-default")
        .unwrap_or_else(|| panic!("not found: {diagnostics:?}"))
}

fn check_mistake(diagnostics: &[Value]) {
    let mistake = mistake(diagnostics);
    assert_eq!(mistake["source"], "hotseat");
    assert_eq!(mistake["range"], range((4, 22), (4, 24)));
}

#[test]
fn a_client_that_pulls_gets_reports_and_no_notifications() {
    let mut client = pulling_client();
    assert_ne!(client.announced.get("diagnosticProvider"), None);
    client.open(MISTAKE);
    let report = client.pull(None);
    assert_eq!(report["kind"], "full");
    check_mistake(report["items"].as_array().unwrap());
    client.close();
    assert_eq!(client.pull(None)["items"], json!([]));
    client.finish();
}

#[test]
fn an_unchanged_report_is_short() {
    let mut client = pulling_client();
    client.open(MISTAKE);
    let first = client.pull(None);
    let id = first["resultId"].as_str().unwrap();
    let again = client.pull(Some(id));
    assert_eq!(again, json!({"kind": "unchanged", "resultId": id}));
    client.change(2, json!([change((5, 0), (5, 0), "# a comment below\n")]));
    assert_eq!(client.pull(Some(id))["kind"], "unchanged");
    client.change(3, json!([change((0, 0), (0, 0), "# a comment above\n")]));
    let moved = client.pull(Some(id));
    assert_eq!(moved["kind"], "full");
    assert_ne!(moved["resultId"], id);
    assert_eq!(
        mistake(moved["items"].as_array().unwrap())["range"],
        range((5, 22), (5, 24))
    );
    client.finish();
}

/// A client that is told, and looks at the version.
fn pushing() -> Client {
    Client::start(json!({"textDocument": {"publishDiagnostics": {"versionSupport": true}}}))
}

#[test]
fn clients_that_know_no_versions_are_told_none() {
    let mut client = Client::start(json!({}));
    client.open(MISTAKE);
    let (version, diagnostics) = published(&mut client);
    assert_eq!(version, Value::Null);
    check_mistake(&diagnostics);
    client.finish();
}

#[test]
fn other_clients_get_notifications_with_the_version() {
    let mut client = pushing();
    assert_eq!(client.announced.get("diagnosticProvider"), None);
    client.open(MISTAKE);
    let (version, diagnostics) = published(&mut client);
    assert_eq!(version, 1);
    check_mistake(&diagnostics);
    client.change(
        2,
        json!([change((4, 22), (4, 24), "field(default_factory=list)")]),
    );
    assert_eq!(published(&mut client), (json!(2), vec![]));
    client.finish();
}

#[test]
fn equal_sets_are_not_sent_again() {
    let mut client = pushing();
    client.open(MISTAKE);
    check_mistake(&published(&mut client).1);
    client.change(2, json!([change((5, 0), (5, 0), "# a comment below\n")]));
    // Waits for the analysis of this version, so that its diagnostics are not simply skipped.
    assert_eq!(client.hover(5, 3), Value::Null);
    client.change(3, json!([change((0, 0), (0, 0), "# a comment above\n")]));
    let (version, diagnostics) = published(&mut client);
    assert_eq!(
        (version, &mistake(&diagnostics)["range"]),
        (json!(3), &range((5, 22), (5, 24)))
    );
    client.finish();
}

#[test]
fn a_clean_document_publishes_nothing() {
    let mut client = pushing();
    client.open("x = 1\n");
    assert_eq!(client.hover(0, 0), Value::Null);
    client.close();
    client.finish();
}

#[test]
fn closing_and_losing_step_clear_what_was_published() {
    let mut client = pushing();
    client.open(MISTAKE);
    check_mistake(&published(&mut client).1);
    client.change(2, json!([change((1, 0), (0, 0), "")]));
    assert_eq!(published(&mut client), (json!(2), vec![]));
    client.change(3, json!([{"text": MISTAKE}]));
    check_mistake(&published(&mut client).1);
    client.close();
    assert_eq!(published(&mut client).1, [] as [Value; 0]);
    client.finish();
}

#[test]
fn links_to_pages_are_for_clients_that_show_them_and_the_pages_exist() {
    let mut client = Client::start(
        json!({"textDocument": {"diagnostic": {}, "publishDiagnostics": {"codeDescriptionSupport": true}}}),
    );
    client.open(MISTAKE);
    let report = client.pull(None);
    let href = mistake(report["items"].as_array().unwrap())["codeDescription"]["href"]
        .as_str()
        .unwrap();
    let page = client
        .home
        .path()
        .join("cache/hotseat/questions/dataclass-default-factory.md");
    assert_eq!(href, format!("file://{}", page.display()));
    assert!(page.exists());
    client.finish();

    let mut client = pulling_client();
    client.open(MISTAKE);
    assert_eq!(
        mistake(client.pull(None)["items"].as_array().unwrap()).get("codeDescription"),
        None
    );
    client.finish();
}
