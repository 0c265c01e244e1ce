//! Projects: their settings are followed, and what is wrong with them as a whole is shown.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::client::{Client, linked, uri_of};

const MISTAKE: &str = "def f(x=[]):\n    return x\n";
const FOUND: &str = "mutable-default-argument";

/// A project that nothing is wrong with but a `.env` file that git does not ignore.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "pyproject.toml", "[project]\nname = 'a'\n");
    write(folder.path(), "a.py", MISTAKE);
    write(folder.path(), ".env", "API_KEY=hunter2hunter2\n");
    let git = std::process::Command::new("git")
        .args(["init", "-q"])
        .current_dir(folder.path())
        .status();
    assert!(git.unwrap().success());
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
}

fn uri(folder: &tempfile::TempDir, name: &str) -> String {
    uri_of(&folder.path().join(name))
}

fn ids(published: (String, Vec<(String, i64)>)) -> (String, Vec<String>) {
    let (uri, codes) = published;
    (uri, codes.into_iter().map(|(code, _)| code).collect())
}

/// What the server publishes next.
fn published(client: &mut Client) -> (String, Vec<String>) {
    ids(client.published())
}

fn expected(uri: &str, codes: &[&str]) -> (String, Vec<String>) {
    let codes = codes.iter().map(|code| (*code).to_owned());
    (uri.to_owned(), codes.collect())
}

#[test]
fn what_is_wrong_with_a_project_is_published_on_its_files_and_taken_back() {
    let folder = project();
    let env = uri(&folder, ".env");
    let mut client = Client::start_in(folder.path(), json!({}));
    let params = client.notification("textDocument/publishDiagnostics");
    assert_eq!(params["uri"], env);
    assert_eq!(params["diagnostics"][0]["code"], "ws-env-not-ignored");
    assert_eq!(params["diagnostics"][0]["source"], "hotseat");
    assert!(!params.to_string().contains("hunter2"), "{params}");
    write(folder.path(), ".gitignore", ".env\n");
    client.changed_on_disk(&[&uri(&folder, ".gitignore")]);
    assert_eq!(published(&mut client), expected(&env, &[]));
    write(folder.path(), ".gitignore", "");
    client.changed_on_disk(&[&uri(&folder, ".gitignore")]);
    assert_eq!(
        published(&mut client),
        expected(&env, &["ws-env-not-ignored"])
    );
    client.finish_clearing(&[env]);
}

#[test]
fn without_a_client_that_watches_files_changes_are_noticed() {
    let folder = project();
    let env = uri(&folder, ".env");
    let mut client = Client::start_in(folder.path(), json!({}));
    assert_eq!(
        published(&mut client),
        expected(&env, &["ws-env-not-ignored"])
    );
    write(folder.path(), ".gitignore", ".env\n");
    assert_eq!(published(&mut client), expected(&env, &[]));
    client.finish();
}

#[test]
fn settings_written_right_after_a_document_was_opened_are_noticed() {
    let [earlier, later] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let [first, second] = [&earlier, &later].map(|folder| uri(folder, "a.py"));
    let mut client = Client::start(json!({}));
    client.open_as(&first, "python", MISTAKE);
    assert_eq!(published(&mut client), expected(&first, &[FOUND]));
    client.open_as(&second, "python", MISTAKE);
    assert_eq!(published(&mut client), expected(&second, &[FOUND]));
    let off = "[tool.hotseat]\npreset = 'off'\n";
    write(later.path(), "pyproject.toml", off);
    assert_eq!(published(&mut client), expected(&second, &[]));
    client.finish();
}

#[test]
fn a_client_that_watches_files_is_asked_to() {
    let folder = project();
    let capabilities = json!({
        "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}},
        "textDocument": {"synchronization": {"dynamicRegistration": true}},
    });
    let mut client = Client::start_in(folder.path(), capabilities);
    let (id, params) = client.server_request("client/registerCapability");
    let registrations = params["registrations"].as_array().unwrap();
    let options = |method: &str| {
        let found = registrations.iter().find(|r| r["method"] == method);
        &found.unwrap()["registerOptions"]
    };
    let watchers = options("workspace/didChangeWatchedFiles")["watchers"].clone();
    for watcher in watchers.as_array().unwrap() {
        // All that eglot of Emacs 28 and 29 reads.
        let pattern = watcher["globPattern"].as_str().unwrap();
        let braces = pattern.split('{').skip(1);
        let mut inside = braces.map(|rest| rest.split('}').next().unwrap());
        assert!(inside.all(|names| !names.contains('*')), "{pattern}");
    }
    let watchers = watchers.to_string();
    assert!(watchers.contains("pyproject.toml") && watchers.contains(".gitignore"));
    for method in ["didOpen", "didChange", "didSave", "didClose"] {
        let selector = options(&format!("textDocument/{method}"))["documentSelector"].to_string();
        assert!(selector.contains("**/pyproject.toml"), "{selector}");
        assert!(!selector.contains(".py\""), "{selector}");
    }
    client.respond(&id, Value::Null);
    let env = uri(&folder, ".env");
    assert_eq!(
        published(&mut client),
        expected(&env, &["ws-env-not-ignored"])
    );
    client.finish_clearing(&[env]);
}

#[test]
fn the_page_of_the_question_lists_what_is_wrong_with_the_project() {
    let folder = project();
    let env = uri(&folder, ".env");
    let mut client = Client::start_in(folder.path(), json!({}));
    assert_eq!(
        published(&mut client),
        expected(&env, &["ws-env-not-ignored"])
    );
    client.run("hotseat.openQuestion", json!(["llm-project-structure"]));
    client.notification("window/showMessage");
    let page = "cache/hotseat/questions/llm-project-structure.md";
    let page = client.home.path().join(page);
    let text = fs::read_to_string(&page).unwrap();
    assert!(text.contains("## In your project\n\n- [.env:1]("), "{text}");
    assert!(
        text.contains("#L1): `.env` is not ignored by git"),
        "{text}"
    );
    assert_eq!(linked(&page, ".env:1"), env);
    assert!(!text.contains("hunter2"));
    client.finish_clearing(&[env]);
}

#[test]
fn settings_silence_checks_of_projects() {
    for settings in [
        "ignore = ['ws-env-not-ignored']",
        "ignore = ['llm-project-structure']",
        "per-file-ignores = { '.env' = ['ws-env-not-ignored'] }",
        "preset = 'quiet'",
    ] {
        let folder = project();
        let env = uri(&folder, ".env");
        let mut client = Client::start_in(folder.path(), json!({}));
        assert_eq!(
            published(&mut client),
            expected(&env, &["ws-env-not-ignored"])
        );
        write(
            folder.path(),
            "pyproject.toml",
            &format!("[tool.hotseat]\n{settings}\n"),
        );
        client.changed_on_disk(&[&uri(&folder, "pyproject.toml")]);
        assert_eq!(published(&mut client), expected(&env, &[]), "{settings}");
        client.finish();
    }
}

#[test]
fn nothing_is_looked_at_outside_of_a_workspace_folder() {
    let folder = project();
    let mut client = Client::start(json!({"textDocument": {"diagnostic": {}}}));
    let file = uri(&folder, "a.py");
    client.open_as(&file, "python", MISTAKE);
    assert_eq!(client.pulled(&file)[0].0, FOUND);
    // A publication would be one that no test asked for.
    std::thread::sleep(std::time::Duration::from_millis(500));
    client.finish();
}

/// A project with a module that hides one of the standard library.
fn shadowing() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "pyproject.toml", "[project]\nname = 'a'\n");
    write(folder.path(), "email.py", MISTAKE);
    let file = uri(&folder, "email.py");
    (folder, file)
}

#[test]
fn on_an_open_document_both_kinds_of_findings_come_the_same_way() {
    const SHADOW: &str = "ws-stdlib-shadow";
    let (folder, file) = shadowing();
    let mut client = Client::start_in(folder.path(), json!({}));
    assert_eq!(published(&mut client), expected(&file, &[SHADOW]));
    client.open_as(&file, "python", MISTAKE);
    assert_eq!(published(&mut client), expected(&file, &[FOUND, SHADOW]));
    let document = json!({"textDocument": {"uri": file}});
    client.notify("textDocument/didClose", document.clone());
    assert_eq!(published(&mut client), expected(&file, &[SHADOW]));
    client.finish_clearing(std::slice::from_ref(&file));

    let (folder, file) = shadowing();
    let pulls = json!({"textDocument": {"diagnostic": {}}});
    let mut client = Client::start_in(folder.path(), pulls);
    assert_eq!(published(&mut client), expected(&file, &[SHADOW]));
    client.open_as(&file, "python", MISTAKE);
    assert_eq!(published(&mut client), expected(&file, &[]), "pulled now");
    let pulled = client.pulled(&file);
    assert_eq!(
        ids((file.clone(), pulled)),
        expected(&file, &[FOUND, SHADOW])
    );
    let document = json!({"textDocument": {"uri": file}});
    client.notify("textDocument/didClose", document);
    assert_eq!(published(&mut client), expected(&file, &[SHADOW]));
    client.finish_clearing(&[file]);
}

/// A client that pulls and can be asked to pull and to show lenses again.
fn refreshing() -> Value {
    json!({
        "textDocument": {"diagnostic": {}},
        "workspace": {
            "diagnostics": {"refreshSupport": true},
            "codeLens": {"refreshSupport": true},
        },
    })
}

fn refreshed(client: &mut Client, what: &str) {
    let (id, _) = client.server_request(&format!("workspace/{what}/refresh"));
    client.respond(&id, Value::Null);
}

#[test]
fn what_is_shown_follows_the_settings_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let file = uri(&folder, "a.py");
    let settings = uri(&folder, "pyproject.toml");
    let mut client = Client::start(refreshing());
    client.open_as(&file, "python", MISTAKE);
    assert_eq!(client.pulled(&file)[0].0, FOUND);
    let document = json!({"textDocument": {"uri": file}});
    assert_ne!(client.call("textDocument/codeLens", document), json!([]));
    write(
        folder.path(),
        "pyproject.toml",
        "[tool.hotseat]\npreset = 'off'\n",
    );
    client.changed_on_disk(&[&settings]);
    refreshed(&mut client, "diagnostic");
    assert_eq!(client.pulled(&file), []);
    refreshed(&mut client, "codeLens");
    client.finish();
}

#[test]
fn an_open_buffer_counts_more_than_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let file = uri(&folder, "a.py");
    let settings = uri(&folder, "pyproject.toml");
    write(folder.path(), "pyproject.toml", "[tool.hotseat]\n");
    let mut client = Client::start(refreshing());
    client.open_as(&file, "python", MISTAKE);
    client.open_as(&settings, "toml", "[tool.hotseat]\n");
    refreshed(&mut client, "diagnostic");
    assert_eq!(client.pulled(&file)[0].0, FOUND);
    let text = format!("[tool.hotseat]\nignore = ['{FOUND}']\n");
    let document = json!({"uri": settings, "version": 2});
    client.notify(
        "textDocument/didChange",
        json!({"textDocument": document, "contentChanges": [{"text": text}]}),
    );
    refreshed(&mut client, "diagnostic");
    assert_eq!(client.pulled(&file), []);
    // Closed without being saved: the disk counts again.
    client.notify(
        "textDocument/didClose",
        json!({"textDocument": {"uri": settings}}),
    );
    refreshed(&mut client, "diagnostic");
    assert_eq!(client.pulled(&file)[0].0, FOUND);
    client.finish();
}

#[test]
fn folders_come_and_go() {
    let folder = project();
    let env = uri(&folder, ".env");
    let mut client = Client::start(json!({}));
    let change =
        |added: Value, removed: Value| json!({"event": {"added": added, "removed": removed}});
    let here = json!([{"uri": uri_of(folder.path()), "name": "project"}]);
    let method = "workspace/didChangeWorkspaceFolders";
    client.notify(method, change(here.clone(), json!([])));
    assert_eq!(
        published(&mut client),
        expected(&env, &["ws-env-not-ignored"])
    );
    client.notify(method, change(json!([]), here));
    assert_eq!(published(&mut client), expected(&env, &[]));
    client.finish();
}
