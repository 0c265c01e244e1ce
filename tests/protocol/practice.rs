//! Practice on a sheet, by an editor that does what the server asks.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::client::{Client, uri_of};

/// A client that changes documents and opens what it is told to, with a sheet.
struct Editor {
    client: Client,
    folder: tempfile::TempDir,
    text: String,
    version: i32,
}

impl Editor {
    /// An editor in which practice has started.
    fn practising() -> Self {
        Self::practising_with(json!({}))
    }

    fn practising_with(settings: Value) -> Self {
        let mut editor = Self::new(settings);
        editor.start(json!([]));
        let path = editor.path();
        editor.text = fs::read_to_string(&path).unwrap();
        let (uri, text) = (editor.uri(), editor.text.clone());
        editor.client.open_as(&uri, "markdown", &text);
        editor
    }

    fn new(settings: Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let capabilities = json!({
            "workspace": {"applyEdit": true, "workspaceEdit": {"documentChanges": true}},
            "window": {"showDocument": {"support": true}},
            "textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}},
        });
        let client = Client::start_with(json!({
            "capabilities": capabilities,
            "workspaceFolders": [{"uri": uri_of(folder.path()), "name": "project"}],
            "initializationOptions": settings,
        }));
        Self {
            client,
            folder,
            text: String::new(),
            version: 1,
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(".hotseat").join("practice.md")
    }

    fn uri(&self) -> String {
        uri_of(&self.path())
    }

    fn store(&self) -> PathBuf {
        self.client
            .home
            .path()
            .join(".local/share/hotseat/practice.db")
    }

    /// Runs the command that starts practice, and opens what is shown.
    fn start(&mut self, arguments: Value) {
        let command = json!({"command": "hotseat.startPractice", "arguments": arguments});
        self.client.call("workspace/executeCommand", command);
        if !self.text.is_empty() {
            self.change_as_told();
        }
        let (id, params) = self.client.server_request("window/showDocument");
        assert_eq!(params["uri"], self.uri());
        self.client.respond(&id, json!({"success": true}));
    }

    /// Applies the next edit of the server.
    fn change_as_told(&mut self) {
        self.change_as_told_and(|_| {});
    }

    /// The same with a change of the person's own, before the server is told of either.
    fn change_as_told_and(&mut self, own: impl FnOnce(&mut String)) {
        let (id, params) = self.client.server_request("workspace/applyEdit");
        let change = &params["edit"]["documentChanges"][0];
        assert_eq!(change["textDocument"]["version"], self.version, "{params}");
        let edit = &change["edits"][0];
        let text = self.text.clone();
        let offset = |place: &Value| {
            let line = place["line"].as_u64().unwrap();
            let start: usize = text
                .split_inclusive('\n')
                .take(usize::try_from(line).unwrap())
                .map(str::len)
                .sum();
            let units = usize::try_from(place["character"].as_u64().unwrap()).unwrap();
            let characters = text[start..].char_indices();
            let mut passed = 0;
            for (at, character) in characters {
                if passed >= units {
                    return start + at;
                }
                passed += character.len_utf16();
            }
            text.len()
        };
        let range = offset(&edit["range"]["start"])..offset(&edit["range"]["end"]);
        let mut text = self.text.clone();
        text.replace_range(range, edit["newText"].as_str().unwrap());
        own(&mut text);
        self.type_all(&text);
        self.client.respond(&id, json!({"applied": true}));
    }

    /// Makes the document this text.
    fn type_all(&mut self, text: &str) {
        self.version += 1;
        text.clone_into(&mut self.text);
        let document = json!({"uri": self.uri(), "version": self.version});
        let params = json!({"textDocument": document, "contentChanges": [{"text": text}]});
        self.client.notify("textDocument/didChange", params);
    }

    fn lenses(&mut self) -> Vec<Value> {
        let document = json!({"textDocument": {"uri": self.uri()}});
        let lenses = self.client.call("textDocument/codeLens", document);
        lenses
            .as_array()
            .unwrap()
            .iter()
            .map(|lens| lens["command"].clone())
            .collect()
    }

    fn titles(&mut self) -> Vec<String> {
        let title = |command: &Value| command["title"].as_str().unwrap().to_owned();
        self.lenses().iter().map(title).collect()
    }

    fn run(&mut self, command: &Value) {
        let params = json!({"command": command["command"], "arguments": command["arguments"]});
        self.client.call("workspace/executeCommand", params);
    }

    /// Runs the lens whose title starts like this.
    fn choose(&mut self, title: &str) {
        let lenses = self.lenses();
        let lens = lenses
            .iter()
            .find(|l| l["title"].as_str().unwrap().starts_with(title));
        let lens = lens
            .unwrap_or_else(|| panic!("{title} in {lenses:?}"))
            .clone();
        self.run(&lens);
        self.change_as_told();
    }

    fn ticked(&self, label: &str) -> String {
        let item = format!("- [ ] {label}\n");
        assert!(self.text.contains(&item), "{label} in {}", self.text);
        self.text.replacen(&item, &format!("- [x] {label}\n"), 1)
    }

    /// The card of the sheet.
    fn card(&self) -> String {
        self.text.split(' ').nth(3).unwrap().to_owned()
    }

    /// The lines of the log, by another process.
    fn log(&self) -> Vec<Value> {
        let Ok(store) = rusqlite::Connection::open(self.store()) else {
            return Vec::new();
        };
        let mut select = store
            .prepare("SELECT line FROM entry ORDER BY number")
            .unwrap();
        let lines = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
        lines
            .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
            .collect()
    }

    fn reviews(&self) -> Vec<(String, String)> {
        let word = |entry: &Value, key: &str| entry[key].as_str().unwrap().to_owned();
        let log = self.log();
        let reviews = log.iter().filter(|entry| entry["type"] == "review");
        reviews
            .map(|entry| (word(entry, "card"), word(entry, "grade")))
            .collect()
    }

    /// Waits until the server has done what was asked for before.
    fn settled(&mut self) {
        let document = json!({"textDocument": {"uri": self.uri()}});
        self.client.call("textDocument/codeLens", document);
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}

#[test]
fn a_question_is_asked_revealed_graded_and_followed_by_another_one() {
    let mut editor = Editor::practising();
    let ignored = fs::read_to_string(editor.folder.path().join(".hotseat/.gitignore"));
    assert_eq!(ignored.unwrap(), "*\n");
    let first = editor.card();
    assert!(!editor.text.contains("### Key points"));
    editor.type_all(
        &editor
            .text
            .replace("said aloud:\n\n", "said aloud:\n\nWell, é𝄞.\n"),
    );
    editor.choose("Hint");
    assert!(editor.text.contains("> Hint: "), "{}", editor.text);
    editor.choose("Reveal");
    assert!(editor.text.contains("### Key points"), "{}", editor.text);
    assert!(editor.text.contains("Well, é𝄞.\n"));
    assert_eq!(editor.titles()[2], "Good");
    let list = editor.text.split("### Key points").nth(1).unwrap();
    let list = list.split("\n\n").nth(1).unwrap().to_owned();
    let points = list.lines().count();
    let ticked = list.replace("- [ ]", "- [x]");
    editor.type_all(&editor.text.replace(&list, &ticked));
    assert_eq!(editor.titles()[2], "Good (suggested)");
    editor.choose("Good");
    assert!(
        editor
            .text
            .contains("**Good.** It comes again in 10 minutes."),
        "{}",
        editor.text
    );
    assert_eq!(editor.reviews(), [(first.clone(), "good".to_owned())]);
    let log = editor.log();
    let review = log.iter().find(|entry| entry["type"] == "review").unwrap();
    assert_eq!(review["points"].as_array().unwrap().len(), points);
    assert_eq!(review["source"], "sheet");
    assert!(review["seconds"].as_f64().unwrap() < 60.0);
    editor.choose("Next");
    assert_ne!(editor.card(), first);
    editor.choose("Finish");
    assert!(
        editor.text.contains("One answer in this session: 1 good."),
        "{}",
        editor.text
    );
    editor.client.finish();
}

#[test]
fn a_ticked_box_does_what_the_lens_does() {
    let mut editor = Editor::practising();
    for (label, expected) in [
        ("Reveal", "### Key points"),
        ("Hard", "**Hard.**"),
        ("Next", "Your answer"),
    ] {
        editor.type_all(&editor.ticked(label));
        editor.change_as_told();
        assert!(editor.text.contains(expected), "{}", editor.text);
    }
    assert_eq!(editor.reviews().len(), 1);
    editor.client.finish();
}

#[test]
fn actions_and_completions_offer_the_same() {
    let mut editor = Editor::practising();
    let titles = editor.titles();
    let place = json!({"line": 0, "character": 0});
    let document = json!({"uri": editor.uri()});
    let params = json!({"textDocument": document, "range": {"start": place, "end": place}, "context": {"diagnostics": []}});
    let actions = editor.client.call("textDocument/codeAction", params);
    let actions: Vec<String> = actions
        .as_array()
        .unwrap()
        .iter()
        .map(|a| a["title"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(actions, titles);
    editor.type_all(
        &editor
            .text
            .replace("said aloud:\n\n", "said aloud:\n\n/re\n"),
    );
    let line = editor.text.lines().position(|line| line == "/re").unwrap();
    let params = json!({"textDocument": document, "position": {"line": line, "character": 3}});
    let items = editor.client.call("textDocument/completion", params);
    let reveal = &items[0];
    assert_eq!(reveal["label"], "/reveal");
    assert_eq!(reveal["textEdit"]["newText"], "");
    assert_eq!(reveal["textEdit"]["range"]["start"]["character"], 0);
    editor.type_all(&editor.text.replace("/re\n", "\n"));
    editor.run(&reveal["command"]);
    editor.change_as_told();
    assert!(editor.text.contains("### Key points"));
    editor.client.finish();
}

#[test]
fn a_grade_is_taken_back_and_given_again() {
    let mut editor = Editor::practising();
    let card = editor.card();
    editor.choose("Reveal");
    editor.choose("Again");
    editor.choose("Next");
    editor.choose("Undo last grade");
    assert_eq!(editor.card(), card);
    assert!(
        editor.text.contains("Taken back: Again (I forgot)."),
        "{}",
        editor.text
    );
    assert!(editor.text.contains("### Key points"));
    editor.choose("Easy");
    assert!(
        editor.text.contains("**Easy.** It comes again in 8 days"),
        "{}",
        editor.text
    );
    editor.client.finish();
}

#[test]
fn what_was_graded_is_graded_once() {
    let mut editor = Editor::practising();
    editor.choose("Reveal");
    let revealed = editor.text.clone();
    let hard = editor.lenses()[1].clone();
    editor.choose("Good");
    // The same lens again, the other one, and the editor's own undo.
    editor.run(&hard);
    editor.settled();
    assert_eq!(editor.reviews().len(), 1);
    editor.type_all(&revealed);
    editor.settled();
    assert_eq!(editor.reviews().len(), 1);
    editor.choose("Hard");
    assert!(editor.text.contains("**Good.**"), "{}", editor.text);
    assert_eq!(editor.reviews().len(), 1);
    editor.client.finish();
}

#[test]
fn damage_grades_nothing_and_is_told() {
    let mut editor = Editor::practising();
    editor.choose("Reveal");
    let revealed = editor.text.clone();
    let good = editor.ticked("Good");
    let lens = editor.lenses()[0].clone();
    for text in [
        good.split_once('\n').unwrap().1.to_owned(),
        format!("{revealed}{good}"),
        String::new(),
        good.replace("- [ ] Easy\n", "- [x] Easy\n"),
    ] {
        editor.type_all(&text);
        editor.settled();
    }
    assert_eq!(editor.reviews(), []);
    editor.type_all("");
    editor.run(&lens);
    let told = editor.client.notification("window/showMessage");
    assert!(
        told["message"].as_str().unwrap().contains("damaged"),
        "{told}"
    );
    assert_eq!(editor.reviews(), []);
    editor.type_all(&revealed);
    editor.choose("Good");
    assert_eq!(editor.reviews().len(), 1);
    editor.client.finish();
}

#[test]
fn an_edit_that_comes_too_late_is_made_anew() {
    let mut editor = Editor::practising();
    let reveal = editor.lenses()[0].clone();
    editor.run(&reveal);
    let (id, _) = editor.client.server_request("workspace/applyEdit");
    editor.type_all(
        &editor
            .text
            .replace("said aloud:\n\n", "said aloud:\n\nWait!\n"),
    );
    editor.client.respond(&id, json!({"applied": false}));
    editor.change_as_told();
    assert!(editor.text.contains("Wait!\n") && editor.text.contains("### Key points"));
    editor.client.finish();
}

#[test]
fn a_box_ticked_before_the_edit_was_told_counts() {
    let mut editor = Editor::practising();
    let reveal = editor.lenses()[0].clone();
    editor.run(&reveal);
    editor.change_as_told_and(|text| *text = text.replace("- [ ] Easy\n", "- [x] Easy\n"));
    editor.change_as_told();
    assert!(editor.text.contains("**Easy.**"), "{}", editor.text);
    editor.client.finish();
}

#[test]
fn a_sheet_is_taken_up_again_where_it_was_left() {
    let mut editor = Editor::practising();
    let before = editor.text.clone();
    let command = json!({"command": "hotseat.startPractice", "arguments": []});
    editor.client.call("workspace/executeCommand", command);
    let (id, _) = editor.client.server_request("window/showDocument");
    editor.client.respond(&id, json!({"success": true}));
    assert_eq!(editor.text, before);
    editor.start(json!(["gather-vs-wait"]));
    assert_eq!(editor.card(), "gather-vs-wait");
    editor.client.finish();
}

#[test]
fn the_persons_own_code_is_a_part_of_the_question() {
    let mut editor = Editor::new(json!({}));
    let file = editor.folder.path().join("fetch.py");
    let code = "import asyncio\n\nasync def f(xs):\n    return await asyncio.gather(*xs)\n";
    fs::write(&file, code).unwrap();
    editor.client.open_as(&uri_of(&file), "python", code);
    editor.client.published();
    editor.start(json!(["gather-vs-wait"]));
    let text = fs::read_to_string(editor.path()).unwrap();
    assert!(
        text.contains("[fetch.py:4](../fetch.py#L4) in `f`: `asyncio.gather`"),
        "{text}"
    );
    let uri = uri_of(&file);
    editor.client.notify(
        "textDocument/didClose",
        json!({"textDocument": {"uri": uri}}),
    );
    editor.client.finish_clearing(&[uri]);
}

#[test]
fn nothing_is_written_for_somebody_who_does_not_practise() {
    let mut editor = Editor::new(json!({"hotseat": {"interviewDate": "2099-01-01"}}));
    editor.client.open("x = 1\n");
    editor.client.hover(0, 0);
    editor.settled();
    assert!(!editor.store().exists());
    assert!(!editor.path().exists());
    editor.client.finish();
}

#[test]
fn the_interview_counts() {
    let editor = Editor::practising_with(
        json!({"hotseat": {"interviewDate": "2099-01-01", "minutesPerDay": 90}}),
    );
    assert!(editor.text.contains("interview in "), "{}", editor.text);
    let log = editor.log();
    let plan = log.iter().find(|entry| entry["type"] == "plan").unwrap();
    assert_eq!(plan["interviewDate"], "2099-01-01");
    assert_eq!(plan["minutesPerDay"], 90);
    editor.client.finish();
}

#[test]
fn claims_of_what_was_learnt_are_asked_as_true_or_false() {
    let mut editor = Editor::practising();
    while !editor.text.contains("# True or false, and why?") {
        editor.choose("Reveal");
        editor.choose("Easy");
        assert!(editor.reviews().len() < 10, "{}", editor.text);
        editor.choose("Next");
    }
    assert!(editor.card().contains('#'));
    editor.choose("Reveal");
    assert!(
        editor.text.contains("### In short\n\nFalse.\n"),
        "{}",
        editor.text
    );
    editor.choose("Good");
    assert!(editor.text.contains("**Good.**"));
    editor.client.finish();
}

#[test]
fn an_answer_that_has_changed_since_is_told_and_keeps_its_history() {
    let mut editor = Editor::practising();
    let line = json!({
        "id": "0197c7a0-0000-7000-8000-000000000001", "at": "2026-01-01T12:00:00+00:00", "type": "review",
        "card": "gather-vs-wait", "revision": 0, "grade": "easy", "scheduler": "fsrs-6", "source": "sheet",
        "points": [{"key": "0", "made": true}],
    });
    let store = rusqlite::Connection::open(editor.store()).unwrap();
    let insert = "INSERT INTO entry (id, at, line) VALUES (?1, 0, ?2)";
    let id = line["id"].as_str().unwrap();
    store.execute(insert, (id, line.to_string())).unwrap();
    editor.start(json!(["gather-vs-wait"]));
    assert!(
        editor
            .text
            .contains("The answer changed since you saw it last."),
        "{}",
        editor.text
    );
    assert!(editor.text.contains(" · due · "), "{}", editor.text);
    editor.client.finish();
}

#[test]
fn what_is_due_is_asked_by_its_lens_and_what_is_known_has_none() {
    let mut editor = Editor::practising();
    let file = editor.folder.path().join("fetch.py");
    let uri = uri_of(&file);
    editor.start(json!(["gather-vs-wait"]));
    editor.choose("Reveal");
    editor.choose("Again");
    let code = "import asyncio\n\nasync def f(xs):\n    return await asyncio.gather(*xs)\n";
    editor.client.open_as(&uri, "python", code);
    editor.client.published();
    let mut lens = |title: &str| {
        let document = json!({"textDocument": {"uri": uri}});
        let lenses = editor.client.call("textDocument/codeLens", document);
        let lenses = lenses
            .as_array()
            .unwrap()
            .iter()
            .map(|lens| &lens["command"]);
        let lens = lenses.filter(|command| command["title"].as_str().unwrap().contains(title));
        let lens: Vec<Value> = lens.cloned().collect();
        lens.first().cloned().unwrap_or_default()
    };
    let due = lens("asyncio.gather()");
    assert!(due["title"].as_str().unwrap().ends_with(" · due"), "{due}");
    assert_eq!(due["command"], "hotseat.startPractice");
    let new = lens("async/await");
    assert!(new["title"].as_str().unwrap().ends_with(" · new"), "{new}");
    assert_eq!(new["command"], "hotseat.openQuestion");
    for _ in 0..2 {
        editor.start(json!(["gather-vs-wait"]));
        editor.choose("Reveal");
        editor.choose("Easy");
    }
    editor.settled();
    let document = json!({"textDocument": {"uri": uri}});
    let lenses = editor
        .client
        .call("textDocument/codeLens", document.clone());
    assert!(!lenses.to_string().contains("asyncio.gather()"), "{lenses}");
    editor.client.notify("textDocument/didClose", document);
    editor.client.finish_clearing(&[uri]);
}
