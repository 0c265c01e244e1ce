//! Code actions.

use std::path::Path;

use serde_json::{Value, json};

use crate::client::{Client, URI, change, edited, uri_of};

const MISTAKE: &str = "from dataclasses import dataclass, field\n\n@dataclass\nclass Note:\n    tags: list[str] = []\n";

/// A client that understands code actions, with more about its workspace.
fn client(workspace: Value) -> Client {
    let literals = json!({"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}, "isPreferredSupport": true, "honorsChangeAnnotations": true});
    Client::start(
        json!({"textDocument": {"diagnostic": {}, "codeAction": literals}, "workspace": workspace}),
    )
}

fn of_kind<'a>(actions: &'a [Value], kind: &str) -> &'a Value {
    actions
        .iter()
        .find(|action| action["kind"] == kind)
        .unwrap_or_else(|| panic!("no {kind}: {actions:?}"))
}

fn context() -> Value {
    json!({"diagnostics": []})
}

#[test]
fn the_range_alone_leads_to_the_quick_fix() {
    let mut client = client(json!({}));
    client.open(MISTAKE);
    let actions = client.actions(4, 23, context());
    let fix = of_kind(&actions, "quickfix");
    assert_eq!(fix["isPreferred"], true);
    assert_eq!(
        edited(MISTAKE, &fix["edit"]["changes"][URI]),
        MISTAKE.replace("[]", "field(default_factory=list)")
    );
    assert_eq!(
        client.actions(2, 0, json!({"diagnostics": [], "only": ["quickfix"]})),
        [] as [Value; 0]
    );
    client.finish();
}

#[test]
fn the_fix_uses_the_imports_of_the_file() {
    let text = "import dataclasses as dc\n\n@dc.dataclass\nclass Note:\n    tags: list[str] = []\n";
    let mut client = client(json!({}));
    client.open(text);
    let actions = client.actions(4, 23, context());
    assert_eq!(
        edited(text, &of_kind(&actions, "quickfix")["edit"]["changes"][URI]),
        text.replace("[]", "dc.field(default_factory=list)")
    );
    client.finish();
}

#[test]
fn edits_name_the_version_for_clients_that_know_versions() {
    let mut client = client(json!({"workspaceEdit": {"documentChanges": true}}));
    client.open(MISTAKE);
    client.change(5, json!([change((0, 0), (0, 0), "# comment\n")]));
    let actions = client.actions(5, 23, context());
    let edit = &of_kind(&actions, "quickfix")["edit"];
    assert_eq!(edit.get("changes"), None);
    assert_eq!(
        edit["documentChanges"][0]["textDocument"],
        json!({"uri": URI, "version": 5})
    );
    client.finish();
}

#[test]
fn only_the_kinds_that_were_asked_for_come() {
    let mut client = client(json!({}));
    client.open(MISTAKE);
    let mut kinds = |only: Value| -> Vec<Value> {
        let actions = client.actions(4, 23, json!({"diagnostics": [], "only": only}));
        actions
            .iter()
            .map(|action| action["kind"].clone())
            .collect()
    };
    let fixes = kinds(json!(["quickfix"]));
    assert!(!fixes.is_empty() && fixes.iter().all(|kind| kind == "quickfix"));
    for source in ["source", "source.fixAll", "source.fixAll.hotseat"] {
        assert_eq!(kinds(json!([source])), ["source.fixAll.hotseat"]);
    }
    assert_eq!(kinds(json!(["refactor.extract"])), [] as [Value; 0]);
    assert_eq!(kinds(json!(["source.organizeImports"])), [] as [Value; 0]);
    client.finish();
}

#[test]
fn a_fix_names_the_diagnostic_it_answers() {
    let mut client = client(json!({}));
    client.open(MISTAKE);
    let shown = client.pull(None)["items"].take();
    let actions = client.actions(4, 23, json!({"diagnostics": shown}));
    let answered = &of_kind(&actions, "quickfix")["diagnostics"];
    assert_eq!(answered[0]["code"], "mutable-dataclass-default");
    assert!(shown.as_array().unwrap().contains(&answered[0]));
    client.finish();
}

#[test]
fn the_question_can_be_opened() {
    let mut client = client(json!({}));
    client.open(MISTAKE);
    let actions = client.actions(4, 23, context());
    let open = actions
        .iter()
        .find(|action| action["command"]["arguments"] == json!(["dataclass-default-factory"]))
        .unwrap();
    assert_eq!(open["command"]["command"], "hotseat.openQuestion");
    client.finish();
}

#[test]
fn clients_without_code_actions_get_commands_that_apply_edits() {
    let mut client = Client::start(
        json!({"textDocument": {"diagnostic": {}}, "workspace": {"applyEdit": true}}),
    );
    client.open(MISTAKE);
    let actions = client.actions(4, 23, context());
    let fix = actions
        .iter()
        .find(|command| command["command"] == "hotseat.applyFix")
        .unwrap();
    client.run("hotseat.applyFix", fix["arguments"].clone());
    let (id, params) = client.server_request("workspace/applyEdit");
    assert_eq!(
        edited(MISTAKE, &params["edit"]["changes"][URI]),
        MISTAKE.replace("[]", "field(default_factory=list)")
    );
    client.respond(&id, json!({"applied": true}));
    client.finish();
}

#[test]
fn a_fix_that_does_not_fit_any_more_is_refused() {
    let mut client = Client::start(
        json!({"textDocument": {"diagnostic": {}}, "workspace": {"applyEdit": true}}),
    );
    client.open(MISTAKE);
    let actions = client.actions(4, 23, context());
    let fix = actions
        .iter()
        .find(|command| command["command"] == "hotseat.applyFix")
        .unwrap();
    client.change(2, json!([{"text": "x = 1\n"}]));
    client.run("hotseat.applyFix", fix["arguments"].clone());
    let message = client.notification("window/showMessage");
    assert!(message["message"].as_str().unwrap().contains("changed"));
    client.finish();
}

#[test]
fn a_client_that_can_neither_edit_gets_no_fixes() {
    let mut client = Client::start(json!({"textDocument": {"diagnostic": {}}}));
    client.open(MISTAKE);
    let actions = client.actions(4, 23, context());
    assert!(!actions.is_empty());
    for action in actions {
        assert_eq!(action["command"], "hotseat.openQuestion");
    }
    client.finish();
}

#[test]
fn a_comment_that_silences_is_offered_and_works() {
    let mut client = client(json!({}));
    client.open(MISTAKE);
    let actions = client.actions(4, 23, context());
    let title = "Ignore this here: add `# hotseat: ignore[mutable-dataclass-default]`";
    let ignore = actions.iter().find(|action| action["title"] == title);
    let ignore = ignore.unwrap_or_else(|| panic!("{actions:?}"));
    assert_eq!(ignore["kind"], "quickfix");
    assert_eq!(ignore.get("isPreferred"), None);
    let silenced = edited(MISTAKE, &ignore["edit"]["changes"][URI]);
    assert_eq!(
        silenced,
        MISTAKE.replace("[]", "[]  # hotseat: ignore[mutable-dataclass-default]")
    );
    client.change(2, json!([{"text": silenced}]));
    assert_eq!(client.pull(None)["items"], json!([]));
    assert_ne!(client.hover(4, 23), Value::Null);
    assert_ne!(client.lenses(), [] as [Value; 0]);
    client.finish();
}

#[test]
fn questions_of_ones_own_are_served_like_those_that_come_along() {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packs/zip-strict");
    let mut client = Client::spawn_with(&["--content".as_ref(), pack.as_os_str()]);
    let literals =
        json!({"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}});
    let capabilities = json!({"textDocument": {"diagnostic": {}, "codeAction": literals}});
    client.call("initialize", json!({"capabilities": capabilities}));
    client.notify("initialized", json!({}));
    let text = "rows = zip(names, ages)\n";
    client.open(text);
    assert_eq!(client.pulled(URI), [("zip-without-strict".to_owned(), 4)]);
    let actions = client.actions(0, 8, context());
    let fix = of_kind(&actions, "quickfix");
    assert_eq!(fix["title"], "Add strict=True (review)");
    let expected = "rows = zip(names, ages, strict=True)\n";
    assert_eq!(edited(text, &fix["edit"]["changes"][URI]), expected);
    client.finish();
}

/// The edit of an action on the mistake in `a.py` of a folder; null if it is not offered.
fn project_edit(client: &mut Client, folder: &Path, title: &str) -> Value {
    let uri = uri_of(&folder.join("a.py"));
    let place = json!({"line": 4, "character": 23});
    let params = json!({"textDocument": {"uri": uri}, "range": {"start": place, "end": place}, "context": context()});
    let mut actions = client.call("textDocument/codeAction", params);
    let actions = actions.as_array_mut().unwrap().iter_mut();
    let action = actions.into_iter().find(|action| action["title"] == title);
    action
        .map(|action| action["edit"].take())
        .unwrap_or_default()
}

const IN_PROJECT: &str = "Ignore `mutable-dataclass-default` in this project (pyproject.toml)";
const IN_FILE: &str = "Ignore `mutable-dataclass-default` in this file (pyproject.toml)";

#[test]
fn the_projects_settings_are_changed_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("pyproject.toml");
    let before = "[project] # why\nname = 'a'\n\n[tool.hotseat]\nmax-hints = 3\n";
    std::fs::write(&settings, before).unwrap();
    let (file, settings) = (uri_of(&folder.path().join("a.py")), uri_of(&settings));
    let mut client = client(json!({"workspaceEdit": {"documentChanges": true}}));
    client.open_as(&file, "python", MISTAKE);
    for (title, line) in [
        (IN_PROJECT, "ignore = [\"mutable-dataclass-default\"]"),
        (
            IN_FILE,
            "per-file-ignores = { \"/a.py\" = [\"mutable-dataclass-default\"] }",
        ),
        (
            "Show no lenses and findings in this project (pyproject.toml)",
            "preset = \"quiet\"",
        ),
        (
            "Switch hotseat off in this project (pyproject.toml)",
            "preset = \"off\"",
        ),
    ] {
        let edit = project_edit(&mut client, folder.path(), title);
        let change = &edit["documentChanges"][0];
        assert_eq!(
            change["textDocument"],
            json!({"uri": settings, "version": null})
        );
        let after = edited(before, &change["edits"]);
        assert_eq!(after, format!("{before}{line}\n"), "{title}");
    }
    // What the client has open is changed as it is there, at its version and by the address that the client has for it.
    let unsaved = "[tool.hotseat]\nignore = ['a']\n";
    let settings = settings.replace("pyproject", "%70yproject");
    client.open_as(&settings, "toml", unsaved);
    let edit = project_edit(&mut client, folder.path(), IN_PROJECT);
    let change = &edit["documentChanges"][0];
    assert_eq!(
        change["textDocument"],
        json!({"uri": settings, "version": 1})
    );
    let after = edited(unsaved, &change["edits"]);
    assert_eq!(
        after,
        unsaved.replace("'a'", "'a', \"mutable-dataclass-default\"")
    );
    client.finish();
}

#[test]
fn a_missing_pyproject_is_created_where_the_client_can() {
    let folder = tempfile::tempdir().unwrap();
    let file = uri_of(&folder.path().join("a.py"));
    let settings = uri_of(&folder.path().join("pyproject.toml"));
    let literals =
        json!({"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}});
    let client = |edits: Value| {
        let capabilities = json!({
            "textDocument": {"diagnostic": {}, "codeAction": literals},
            "workspace": {"workspaceEdit": edits},
        });
        let mut client = Client::start_in(folder.path(), capabilities);
        client.open_as(&file, "python", MISTAKE);
        client
    };
    let mut creating = client(json!({"documentChanges": true, "resourceOperations": ["create"]}));
    let edit = project_edit(&mut creating, folder.path(), IN_PROJECT);
    let changes = &edit["documentChanges"];
    assert_eq!(
        (&changes[0]["kind"], &changes[0]["uri"]),
        (&json!("create"), &json!(settings))
    );
    assert_eq!(
        changes[0]["options"],
        json!({"overwrite": false, "ignoreIfExists": false})
    );
    let text = edited("", &changes[1]["edits"]);
    assert_eq!(
        text,
        "[tool.hotseat]\nignore = [\"mutable-dataclass-default\"]\n"
    );
    creating.finish();

    let mut other = client(json!({"documentChanges": true}));
    assert_eq!(
        project_edit(&mut other, folder.path(), IN_PROJECT),
        Value::Null
    );
    other.finish();
}

#[test]
fn a_pyproject_that_is_no_toml_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pyproject.toml"), "[tool\n").unwrap();
    let mut client = client(json!({}));
    client.open_as(&uri_of(&folder.path().join("a.py")), "python", MISTAKE);
    assert_eq!(
        project_edit(&mut client, folder.path(), IN_FILE),
        Value::Null
    );
    client.finish();
}

#[test]
fn a_whole_file_is_silenced_by_a_comment() {
    let mut client = client(json!({}));
    client.open(MISTAKE);
    let actions = client.actions(4, 23, context());
    let title = "Ignore everything in this file: add `# hotseat: ignore-file`";
    let ignore = actions.iter().find(|action| action["title"] == title);
    let silenced = edited(MISTAKE, &ignore.unwrap()["edit"]["changes"][URI]);
    assert_eq!(silenced, format!("# hotseat: ignore-file\n{MISTAKE}"));
    client.change(2, json!([{"text": silenced}]));
    assert_eq!(client.pull(None)["items"], json!([]));
    client.finish();
}

/// A default that may be shared on purpose: its fix has to be reviewed.
const SHARED: &str = "def add(item, seen=[]):\n    seen.append(item)\n    return seen\n";

fn titled<'a>(actions: &'a [Value], title: &str) -> &'a Value {
    actions
        .iter()
        .find(|action| action["title"] == title)
        .unwrap_or_else(|| panic!("no {title}: {actions:?}"))
}

#[test]
fn fixes_to_be_reviewed_ask_for_confirmation_where_the_client_can() {
    let title = "Use None and create it inside (review)";
    let edit = |workspace_edit: Value| {
        let mut client = client(json!({"workspaceEdit": workspace_edit}));
        client.open(SHARED);
        let actions = client.actions(0, 19, context());
        let action = titled(&actions, title).clone();
        assert_eq!(action.get("isPreferred"), None);
        client.finish();
        action["edit"].clone()
    };
    let notes = json!({"groupsOnLabel": true});
    let asked = edit(json!({"documentChanges": true, "changeAnnotationSupport": notes}));
    let expected = json!({"review": {"label": title, "needsConfirmation": true}});
    assert_eq!(asked["changeAnnotations"], expected);
    let edits = asked["documentChanges"][0]["edits"].as_array().unwrap();
    assert!(!edits.is_empty());
    for edit in edits {
        assert_eq!(edit["annotationId"], "review");
    }
    for plain in [json!({"documentChanges": true}), json!({})] {
        let edit = edit(plain);
        assert_eq!(edit.get("changeAnnotations"), None);
        assert!(!edit.to_string().contains("annotationId"), "{edit}");
    }
}

#[test]
fn a_safe_fix_needs_no_confirmation() {
    let notes = json!({"documentChanges": true, "changeAnnotationSupport": {}});
    let mut client = client(json!({"workspaceEdit": notes}));
    client.open(MISTAKE);
    let actions = client.actions(4, 23, context());
    let edit = &of_kind(&actions, "quickfix")["edit"];
    assert_eq!(edit.get("changeAnnotations"), None);
    assert_eq!(
        edit["documentChanges"][0]["edits"][0].get("annotationId"),
        None
    );
    client.finish();
}

/// A client that asks for the edits of an action when it is chosen, and the text with two places for one fix.
fn resolving() -> (Client, String) {
    let action = json!({
        "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}},
        "dataSupport": true,
        "resolveSupport": {"properties": ["edit"]},
    });
    let mut client =
        Client::start(json!({"textDocument": {"diagnostic": {}, "codeAction": action}}));
    let text = format!("{MISTAKE}    more: list[str] = []\n");
    client.open(&text);
    (client, text)
}

#[test]
fn a_fix_for_all_places_of_the_file_comes_when_it_is_chosen() {
    let (mut client, text) = resolving();
    let actions = client.actions(4, 23, context());
    let all = titled(&actions, "Fix all: Use a default factory");
    assert_eq!(all.get("edit"), None);
    let resolved = client.call("codeAction/resolve", all.clone());
    assert_eq!(
        edited(&text, &resolved["edit"]["changes"][URI]),
        text.replace("[]", "field(default_factory=list)")
    );
    client.finish();
}

#[test]
fn of_two_fixes_with_one_title_each_changes_its_own_place() {
    let (mut client, text) = resolving();
    let lines = json!({"start": {"line": 4, "character": 0}, "end": {"line": 6, "character": 0}});
    let document = json!({"uri": URI});
    let params = json!({"textDocument": document, "range": lines, "context": context()});
    let actions = client.call("textDocument/codeAction", params);
    let fixes = actions.as_array().unwrap().iter();
    let fixes = fixes.filter(|action| action["title"] == "Use a default factory");
    let mut after: Vec<String> = fixes
        .map(|fix| {
            assert_eq!(fix.get("edit"), None, "{fix}");
            let resolved = client.call("codeAction/resolve", fix.clone());
            let after = edited(&text, &resolved["edit"]["changes"][URI]);
            after.replace("field(default_factory=list)", "CHANGED")
        })
        .collect();
    after.sort_by_key(|text| text.find("CHANGED"));
    let changed = |field: &str| {
        text.replace(
            &format!("{field}: list[str] = []"),
            &format!("{field}: list[str] = CHANGED"),
        )
    };
    assert_eq!(after, [changed("tags"), changed("more")]);
    client.finish();
}

#[test]
fn an_action_of_an_earlier_version_never_changes_a_later_one() {
    for title in ["Use a default factory", "Fix all: Use a default factory"] {
        let (mut client, text) = resolving();
        let actions = client.actions(4, 23, context());
        let fix = titled(&actions, title).clone();
        client.change(2, json!([change((0, 0), (0, 0), "# comment\n")]));
        let content_modified = -32801;
        assert_eq!(
            client.call_in_vain("codeAction/resolve", fix.clone()),
            content_modified
        );
        // Not even if the text is the same again.
        client.change(3, json!([{"text": text}]));
        assert_eq!(
            client.call_in_vain("codeAction/resolve", fix),
            content_modified
        );
        client.finish();
    }
}

#[test]
fn a_refactoring_that_would_do_damage_is_shown_with_the_reason_to_clients_that_ask() {
    let text = "# @generated\nclass A:\n    def size(self, text):\n        return len(text) + 1\n";
    let reason_of = |support: bool, only: Value| {
        let kinds = json!({"codeActionKind": {"valueSet": ["refactor"]}});
        let action = json!({"codeActionLiteralSupport": kinds, "disabledSupport": support});
        let mut client =
            Client::start(json!({"textDocument": {"diagnostic": {}, "codeAction": action}}));
        client.open(text);
        let actions = client.actions(2, 9, json!({"diagnostics": [], "only": only}));
        client.finish();
        let title = "Make it a static method";
        let found = actions.into_iter().find(|action| action["title"] == title);
        found.map(|action| action["disabled"]["reason"].clone())
    };
    let reason = json!("stubs and generated files are left alone");
    assert_eq!(reason_of(true, json!(["refactor"])), Some(reason));
    assert_eq!(reason_of(false, json!(["refactor"])), None);
    assert_eq!(reason_of(true, Value::Null), None, "the light bulb");
}
