//! Notebooks, for clients that tell about them as a whole.

use serde_json::{Value, json};

use crate::client::{Client, change, edited, range};

const NOTEBOOK: &str = "file:///project/a.ipynb";
const PROSE: &str = "vscode-notebook-cell:/project/a.ipynb#prose";
const FIRST: &str = "vscode-notebook-cell:/project/a.ipynb#first";
const SECOND: &str = "vscode-notebook-cell:/project/a.ipynb#second";
const THIRD: &str = "vscode-notebook-cell:/project/a.ipynb#third";

const IMPORTS: &str = "%pip install openai\nimport asyncio\nfrom dataclasses import dataclass";
const CLASS: &str = "%%time\n@dataclass\nclass Note:\n    \"é😀\"; tags: list[str] = []";
const TASKS: &str = "async def main():\n    asyncio.create_task(main())\n";

fn cell(uri: &str, kind: i32) -> Value {
    json!({"kind": kind, "document": uri})
}

fn text(uri: &str, text: &str) -> Value {
    json!({"uri": uri, "languageId": "python", "version": 1, "text": text})
}

/// A client with a notebook of prose, imports, a class and a task.
fn opened(text_document: Value) -> Client {
    let mut client = Client::start(json!({
        "notebookDocument": {"synchronization": {}},
        "textDocument": text_document,
        "workspace": {"workspaceEdit": {"documentChanges": true}},
    }));
    assert_eq!(
        client.announced["notebookDocumentSync"]["notebookSelector"],
        json!([{"cells": [{"language": "python"}]}])
    );
    client.notify(
        "notebookDocument/didOpen",
        json!({
            "notebookDocument": {"uri": NOTEBOOK, "notebookType": "jupyter-notebook", "version": 0,
                "cells": [cell(PROSE, 1), cell(FIRST, 2), cell(SECOND, 2), cell(THIRD, 2)]},
            "cellTextDocuments": [text(FIRST, IMPORTS), text(SECOND, CLASS), text(THIRD, TASKS)],
        }),
    );
    client
}

/// A client that understands actions and asks for diagnostics.
fn asking() -> Client {
    opened(json!({
        "diagnostic": {},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
    }))
}

/// The same for a client that asks for the edits of an action when it is chosen.
fn resolving() -> Client {
    opened(json!({
        "diagnostic": {},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}},
            "dataSupport": true,
            "resolveSupport": {"properties": ["edit"]},
        },
    }))
}

fn change_cells(client: &mut Client, cells: Value) {
    let document = json!({"uri": NOTEBOOK, "version": 1});
    let params = json!({"notebookDocument": document, "change": {"cells": cells}});
    client.notify("notebookDocument/didChange", params);
}

fn actions(client: &mut Client, uri: &str, range: Value) -> Vec<Value> {
    let params =
        json!({"textDocument": {"uri": uri}, "range": range, "context": {"diagnostics": []}});
    match client.call("textDocument/codeAction", params) {
        Value::Array(actions) => actions,
        other => panic!("no actions: {other}"),
    }
}

/// The edits of the first action with a title, by document.
fn edits(actions: &[Value], title: &str) -> Vec<(String, Value)> {
    let action = actions.iter().find(|action| action["title"] == title);
    let action = action.unwrap_or_else(|| panic!("no {title}: {actions:?}"));
    let documents = action["edit"]["documentChanges"].as_array().unwrap();
    let one = |document: &Value| {
        let uri = document["textDocument"]["uri"].as_str().unwrap();
        (uri.to_owned(), document["edits"].clone())
    };
    documents.iter().map(one).collect()
}

#[test]
fn a_cell_sees_what_the_cells_before_it_import() {
    let mut client = asking();
    assert_eq!(client.pulled(FIRST), []);
    assert_eq!(
        client.pulled(SECOND),
        [("mutable-dataclass-default".to_owned(), 2)]
    );
    assert_eq!(client.pulled(THIRD), [("dangling-task".to_owned(), 2)]);
    assert_eq!(client.pulled(PROSE), []);
    let pull = json!({"textDocument": {"uri": SECOND}});
    let report = client.call("textDocument/diagnostic", pull);
    assert_eq!(report["items"][0]["range"], range((3, 29), (3, 31)));
    let again = json!({"textDocument": {"uri": SECOND}, "previousResultId": report["resultId"]});
    assert_eq!(
        client.call("textDocument/diagnostic", again)["kind"],
        "unchanged"
    );

    let hover = |client: &mut Client, uri: &str, line: u32, character: u32| {
        let place = json!({"line": line, "character": character});
        client.call(
            "textDocument/hover",
            json!({"textDocument": {"uri": uri}, "position": place}),
        )
    };
    let shown = hover(&mut client, THIRD, 1, 14);
    assert_eq!(shown["range"], range((1, 4), (1, 31)), "{shown}");
    assert_eq!(hover(&mut client, FIRST, 0, 3), Value::Null, "a magic");
    // A place behind the end of a cell is not in the next one.
    assert_eq!(hover(&mut client, FIRST, 5, 0), Value::Null);

    let lenses = |client: &mut Client, uri: &str| -> Vec<u64> {
        let lenses = client.call(
            "textDocument/codeLens",
            json!({"textDocument": {"uri": uri}}),
        );
        let lenses = lenses.as_array().unwrap().iter();
        lenses
            .map(|lens| lens["range"]["start"]["line"].as_u64().unwrap())
            .collect()
    };
    let (of_class, of_tasks) = (lenses(&mut client, SECOND), lenses(&mut client, THIRD));
    assert!(
        !of_class.is_empty() && of_class.iter().all(|line| *line == 1),
        "{of_class:?}"
    );
    assert!(
        !of_tasks.is_empty() && of_tasks.iter().all(|line| *line == 0),
        "{of_tasks:?}"
    );
    client.finish();
}

#[test]
fn a_fix_edits_its_cell_and_the_import_that_it_needs() {
    fixes_reach_all_their_cells(asking());
}

#[test]
fn only_what_can_be_edited_in_cells_is_offered_whatever_the_client_resolves() {
    fixes_reach_all_their_cells(resolving());
}

fn fixes_reach_all_their_cells(mut client: Client) {
    let title = "Use a default factory";
    let offered = actions(&mut client, SECOND, range((3, 30), (3, 30)));
    let expected = |uri: &str, before: &str, edits: &[(String, Value)]| {
        let (_, edits) = edits.iter().find(|(of, _)| of == uri).unwrap();
        edited_utf16(before, edits)
    };
    let both = edits(&offered, title);
    assert_eq!(both.len(), 2, "{both:?}");
    assert_eq!(expected(FIRST, IMPORTS, &both), format!("{IMPORTS}, field"));
    assert_eq!(
        expected(SECOND, CLASS, &both),
        CLASS.replace("[]", "field(default_factory=list)")
    );
    // From the end to the start is the same range.
    let reversed =
        json!({"start": {"line": 3, "character": 31}, "end": {"line": 3, "character": 29}});
    assert_eq!(edits(&actions(&mut client, SECOND, reversed), title), both);

    // An import that is missing goes to the other imports and not above a line that must be the first.
    let cells = json!({"textContent": [
        {"document": {"uri": FIRST, "version": 2}, "changes": [{"text": "import time"}]},
        {"document": {"uri": SECOND, "version": 2}, "changes": [{"text": "%%time\nasync def f():\n    time.sleep(1)"}]},
    ]});
    change_cells(&mut client, cells);
    let offered = actions(&mut client, SECOND, range((2, 8), (2, 8)));
    let both = edits(&offered, "Sleep without blocking");
    assert_eq!(
        expected(FIRST, "import time", &both),
        "import time\nimport asyncio"
    );
    client.finish();
}

/// The edits of a text with characters outside of ASCII, which the edits themselves do not touch.
fn edited_utf16(text: &str, edits: &Value) -> String {
    edited(&text.replace("é😀", "xyz"), edits).replace("xyz", "é😀")
}

#[test]
fn cells_that_come_go_and_change_are_followed() {
    let mut client = asking();
    let asyncio = json!({"textContent": [{
        "document": {"uri": FIRST, "version": 2},
        "changes": [change((1, 0), (2, 0), "")],
    }]});
    change_cells(&mut client, asyncio.clone());
    assert_eq!(client.pulled(THIRD), [], "nobody imports asyncio any more");
    let fourth = "vscode-notebook-cell:/project/a.ipynb#fourth";
    let structure = json!({"structure": {
        "array": {"start": 1, "deleteCount": 0, "cells": [cell(fourth, 2)]},
        "didOpen": [text(fourth, "import asyncio")],
    }});
    change_cells(&mut client, structure);
    assert_eq!(client.pulled(THIRD), [("dangling-task".to_owned(), 2)]);
    let structure = json!({"structure": {
        "array": {"start": 1, "deleteCount": 1},
        "didClose": [{"uri": fourth}],
    }});
    change_cells(&mut client, structure);
    assert_eq!(client.pulled(THIRD), []);
    let prose = json!({"data": [cell(SECOND, 1)]});
    change_cells(&mut client, prose);
    assert_eq!(client.pulled(SECOND), [], "a cell that has become prose");
    client.finish();
}

#[test]
fn a_change_that_does_not_fit_silences_the_notebook_until_the_whole_text_comes() {
    let mut client = asking();
    for wrong in [
        range((9, 0), (9, 0)),
        json!({"start": {"line": -1, "character": 0}, "end": {"line": 0, "character": 0}}),
    ] {
        let wrong = json!({"textContent": [{"document": {"uri": FIRST, "version": 2}, "changes": [{"range": wrong, "text": "x"}]}]});
        change_cells(&mut client, wrong);
        assert_eq!(client.pulled(THIRD), []);
        let whole = json!({"textContent": [{"document": {"uri": FIRST, "version": 3}, "changes": [{"text": IMPORTS}]}]});
        change_cells(&mut client, whole);
        assert_eq!(client.pulled(THIRD), [("dangling-task".to_owned(), 2)]);
    }
    client.finish();
}

#[test]
fn impossible_structures_are_survived() {
    let mut client = asking();
    change_cells(
        &mut client,
        json!({"structure": {"array": {"start": 4_000_000_000_u32, "deleteCount": 4_000_000_000_u32}}}),
    );
    change_cells(
        &mut client,
        json!({"textContent": [{"document": {"uri": "file:///unknown", "version": 1}, "changes": []}]}),
    );
    assert_eq!(client.pulled(THIRD), [("dangling-task".to_owned(), 2)]);
    change_cells(
        &mut client,
        json!({"structure": {"array": {"start": 0, "deleteCount": 4_000_000_000_u32}}}),
    );
    assert_eq!(client.pulled(THIRD), []);
    client.notify(
        "notebookDocument/didClose",
        json!({"notebookDocument": {"uri": "file:///unknown"}, "cellTextDocuments": []}),
    );
    client.finish();
}

#[test]
fn diagnostics_are_pushed_for_each_cell_and_taken_back() {
    let mut client = opened(json!({"publishDiagnostics": {"versionSupport": true}}));
    let mut published = [client.published(), client.published()];
    published.sort();
    let expected = [
        (
            SECOND.to_owned(),
            vec![("mutable-dataclass-default".to_owned(), 2)],
        ),
        (THIRD.to_owned(), vec![("dangling-task".to_owned(), 2)]),
    ];
    assert_eq!(published, expected);
    let fixed = json!({"textContent": [{
        "document": {"uri": SECOND, "version": 7},
        "changes": [change((3, 29), (3, 31), "list()")],
    }]});
    change_cells(&mut client, fixed);
    let params = client.notification("textDocument/publishDiagnostics");
    assert_eq!(params["uri"], SECOND);
    assert_eq!(params["version"], 7);
    let structure = json!({"structure": {"array": {"start": 3, "deleteCount": 1}, "didClose": [{"uri": THIRD}]}});
    change_cells(&mut client, structure);
    assert_eq!(
        client.published(),
        (THIRD.to_owned(), vec![]),
        "of a cell that is gone"
    );
    client.notify(
        "notebookDocument/didClose",
        json!({"notebookDocument": {"uri": NOTEBOOK}, "cellTextDocuments": [{"uri": SECOND}]}),
    );
    assert_eq!(client.published(), (SECOND.to_owned(), vec![]));
    client.finish();
}
