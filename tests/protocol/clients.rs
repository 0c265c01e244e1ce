//! Sessions with the clients of real editors, by what each says about itself.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::announced::Announced;
use crate::client::{Client, change, uri_of};

/// Findings, lenses, related places, dead code, and characters that each encoding counts in another way.
const CODE: &str = "\
import asyncio
import logging
import time
from dataclasses import dataclass


def remember(fact=\"é😀\", facts=[]):
    facts.append(fact)
    return facts


@dataclass
class Note:
    tags: list[str] = []


async def fetch(urls):
    time.sleep(1)
    asyncio.create_task(ask(urls[0]))
    first = await asyncio.gather(ask(urls[0]), ask(urls[1]))
    try:
        return first
    except ValueError:
        logging.info(f\"{urls}\")
        raise RuntimeError(\"no answer\")


async def ask(url):
    return url
";

/// A client that does what it has announced, and notices what it has not.
struct Editor {
    client: Client,
    capabilities: Value,
    /// Diagnostics that were published for the document, the last ones.
    published: Option<Value>,
    /// Methods of what the server has sent, with their parameters.
    sent: Vec<(String, Value)>,
    wrong: Vec<String>,
}

impl Editor {
    fn start(params: Value) -> Self {
        let mut editor = Self {
            client: Client::spawn(),
            capabilities: params["capabilities"].clone(),
            published: None,
            sent: Vec::new(),
            wrong: Vec::new(),
        };
        editor.client.announced = editor.ask("initialize", params)["capabilities"].take();
        editor.client.notify("initialized", json!({}));
        editor
    }

    /// Sends a request and does what the server wants meanwhile.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.client.request(method, params);
        loop {
            let mut message = self.client.next();
            if message.get("method").is_some() {
                self.take(message);
                continue;
            }
            assert_eq!(message["id"], id, "{message}");
            assert_eq!(message.get("error"), None, "{method}");
            let result = message["result"].take();
            let wrong = Announced::new(&self.capabilities).wrong_with_answer(method, &result);
            self.blame(method, &result, wrong);
            return result;
        }
    }

    /// Waits until the server has sent something for which `seen` holds.
    fn wait(&mut self, seen: impl Fn(&Self) -> bool) {
        while !seen(self) {
            let message = self.client.next();
            self.take(message);
        }
    }

    fn take(&mut self, mut message: Value) {
        let method = message["method"].as_str().unwrap().to_owned();
        let params = message["params"].take();
        let wrong = Announced::new(&self.capabilities).wrong_with_message(&method, &params);
        self.blame(&method, &params, wrong);
        if let Some(id) = message.get("id").filter(|id| !id.is_null()) {
            let answer = match method.as_str() {
                "workspace/configuration" => json!([null]),
                "window/showDocument" => json!({"success": true}),
                "workspace/applyEdit" => json!({"applied": true}),
                _ => Value::Null,
            };
            self.client.respond(id, answer);
        } else if method == "textDocument/publishDiagnostics"
            && params["uri"].as_str().unwrap().ends_with("example.py")
        {
            self.published = Some(params["diagnostics"].clone());
        }
        self.sent.push((method, params));
    }

    fn blame(&mut self, method: &str, content: &Value, wrong: Vec<String>) {
        let blamed = wrong
            .into_iter()
            .map(|what| format!("{method}: {what}: {content}"));
        self.wrong.extend(blamed);
    }

    fn has_sent(&self, method: &str) -> bool {
        self.sent.iter().any(|(sent, _)| sent == method)
    }

    fn finish(mut self) -> Vec<String> {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        self.client.notify("exit", Value::Null);
        assert_eq!(self.client.wait().code(), Some(0));
        for message in self.client.rest() {
            self.take_last(message);
        }
        self.wrong
    }

    /// What arrives after the end can be looked at, but not answered.
    fn take_last(&mut self, mut message: Value) {
        let method = message["method"].as_str().unwrap_or("an answer").to_owned();
        let params = message["params"].take();
        let wrong = Announced::new(&self.capabilities).wrong_with_message(&method, &params);
        self.blame(&method, &params, wrong);
    }
}

/// The units before a text on its line, as an encoding counts.
fn column(line: &str, text: &str, encoding: &str) -> usize {
    let before = line.split(text).next().unwrap();
    match encoding {
        "utf-8" => before.len(),
        "utf-16" => before.encode_utf16().count(),
        _ => before.chars().count(),
    }
}

fn actions(editor: &mut Editor, uri: &str, line: usize, only: Option<&str>) -> Vec<Value> {
    let length = CODE.lines().nth(line).map_or(0, str::len);
    let mut context = json!({"diagnostics": []});
    if let Some(only) = only {
        context["only"] = json!([only]);
    }
    let range = json!({"start": {"line": line, "character": 0}, "end": {"line": line, "character": length}});
    let params = json!({"textDocument": {"uri": uri}, "range": range, "context": context});
    match editor.ask("textDocument/codeAction", params) {
        Value::Array(actions) => actions,
        other => panic!("no actions: {other}"),
    }
}

/// What an action or a lens runs.
fn command(of: &Value) -> Option<(&Value, &Value)> {
    let command = if of["command"].is_string() {
        of
    } else {
        &of["command"]
    };
    Some((command.get("command")?, command.get("arguments")?))
}

/// The diagnostics of the document, in the way in which the client gets them.
fn diagnostics(editor: &mut Editor, uri: &str) -> Vec<Value> {
    let diagnostics = if Announced::new(&editor.capabilities).pulls() {
        let document = json!({"textDocument": {"uri": uri}});
        editor.ask("textDocument/diagnostic", document)["items"].take()
    } else {
        editor.wait(|editor| editor.published.is_some());
        editor.published.take().unwrap()
    };
    diagnostics.as_array().unwrap().clone()
}

/// Sees what is found, at its place in the units of the client.
fn look(editor: &mut Editor, uri: &str) -> usize {
    let diagnostics = diagnostics(editor, uri);
    let found = |code: &str| diagnostics.iter().find(|d| d["code"] == code);
    let encoding = editor.client.announced["positionEncoding"]
        .as_str()
        .unwrap();
    let line = CODE.lines().nth(6).unwrap();
    let shared = found("mutable-default-argument").unwrap_or_else(|| panic!("{diagnostics:?}"));
    let expected = json!({"line": 6, "character": column(line, "[]", encoding)});
    assert_eq!(shared["range"]["start"], expected);
    for code in ["dangling-task", "mutable-dataclass-default"] {
        assert!(found(code).is_some(), "{diagnostics:?}");
    }
    let gather = json!({"line": 19, "character": 27});
    let place = json!({"textDocument": {"uri": uri}, "position": gather});
    let hover = editor.ask("textDocument/hover", place);
    let text = hover["contents"]["value"].as_str();
    assert!(text.is_some_and(|text| text.contains("gather")), "{hover}");
    diagnostics.len()
}

/// Asks for actions everywhere; one of them does what each lens does.
fn reach(editor: &mut Editor, uri: &str) -> Value {
    let lenses = editor.ask(
        "textDocument/codeLens",
        json!({"textDocument": {"uri": uri}}),
    );
    let lenses = lenses.as_array().unwrap();
    assert!(lenses.len() > 3, "{lenses:?}");
    let mut reachable = Vec::new();
    for number in 0..CODE.lines().count() {
        reachable.extend(actions(editor, uri, number, None));
        for only in ["quickfix", "refactor", "source.fixAll"] {
            for action in actions(editor, uri, number, Some(only)) {
                let kind = action["kind"].as_str();
                assert!(kind.is_some_and(|kind| kind.starts_with(only)), "{action}");
            }
        }
    }
    let later = |action: &&Value| action.get("data").is_some() && action.get("edit").is_none();
    if let Some(later) = reachable.iter().find(later) {
        let resolved = editor.ask("codeAction/resolve", later.clone());
        assert!(resolved["edit"].is_object(), "{resolved}");
    }
    for lens in lenses {
        let run = command(lens).unwrap();
        let does = |action: &Value| command(action) == Some(run);
        assert!(
            reachable.iter().any(does),
            "no action does what {lens} does"
        );
    }
    lenses[0].clone()
}

/// Runs what a lens runs: the page is shown, or the client is told where it is.
fn run(editor: &mut Editor, lens: &Value) {
    let (name, arguments) = command(lens).unwrap();
    let command = json!({"command": name, "arguments": arguments});
    editor.ask("workspace/executeCommand", command);
    let shows = Announced::new(&editor.capabilities).says("/window/showDocument/support");
    let method = if shows {
        "window/showDocument"
    } else {
        "window/showMessage"
    };
    editor.wait(|editor| editor.has_sent(method));
}

/// A session as a person has it; answers what should not have been sent.
fn converse(params: Value, folder: &Path) -> Vec<String> {
    let uri = uri_of(&folder.join("example.py"));
    let mut editor = Editor::start(params);
    editor.client.open_as(&uri, "python", CODE);
    let found = look(&mut editor, &uri);
    let lens = reach(&mut editor, &uri);
    run(&mut editor, &lens);

    editor.published = None;
    let version = json!({"uri": uri, "version": 2});
    let change =
        json!({"textDocument": version, "contentChanges": [change((0, 0), (0, 0), "# é\n")]});
    editor.client.notify("textDocument/didChange", change);
    assert_eq!(diagnostics(&mut editor, &uri).len(), found);

    // Settings that change what is shown: the client is told in every way that it has announced, and in no other.
    let off = json!({"settings": {"hotseat": {"preset": "off"}}});
    editor
        .client
        .notify("workspace/didChangeConfiguration", off);
    let document = json!({"textDocument": {"uri": uri}});
    editor.ask("textDocument/codeLens", document.clone());
    editor.client.notify("textDocument/didClose", document);
    editor.finish()
}

/// The parameters of an editor, for a project in a folder.
fn recorded(path: &Path, folder: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains("file:///project"), "{}", path.display());
    let text = text.replace("/project\"", &format!("{}\"", folder.display()));
    serde_json::from_str(&text).unwrap()
}

#[test]
fn every_editor_gets_what_it_has_announced_and_nothing_else() {
    let recordings = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/protocol/clients");
    let mut seen = Vec::new();
    for entry in fs::read_dir(recordings).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let folder = tempfile::tempdir().unwrap();
        // A project with something wrong about it, so that there is something to say beside the document.
        fs::write(
            folder.path().join("pyproject.toml"),
            "[project]\nname = \"a\"\nversion = \"1\"\n",
        )
        .unwrap();
        fs::write(folder.path().join("example.py"), CODE).unwrap();
        let wrong = converse(recorded(&path, folder.path()), folder.path());
        assert_eq!(wrong, [""; 0], "{name}");
        seen.push(name);
    }
    seen.sort();
    let editors = [
        "ale",
        "eglot",
        "helix",
        "kate",
        "lsp-mode",
        "neovim-0.10",
        "neovim-0.11",
        "neovim-0.12",
        "sublime",
        "vscode",
        "zed",
    ];
    assert_eq!(seen, editors);
}
