//! A client that notices everything: a message that no test asked for fails the test.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The document of tests that need only one.
pub const URI: &str = "file:///project/example.py";

const PATIENCE: Duration = Duration::from_secs(60);

/// A running server and what it has sent.
pub struct Client {
    process: Child,
    input: Option<ChildStdin>,
    received: Receiver<Value>,
    /// Received, but not asked for yet.
    waiting: Vec<Value>,
    next_id: i64,
    /// What `initialize` announced.
    pub announced: Value,
    /// The user's folders.
    pub home: tempfile::TempDir,
}

impl Client {
    /// A server that has received nothing yet.
    pub fn spawn() -> Self {
        Self::spawn_with(&[])
    }

    /// The same with more arguments.
    pub fn spawn_with(arguments: &[&OsStr]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_hotseat"))
            .arg("lsp")
            .args(arguments)
            .env("HOME", home.path())
            .env("XDG_CACHE_HOME", home.path().join("cache"))
            .env("XDG_STATE_HOME", home.path().join("state"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let (sender, received) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read_message(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Self {
            input: process.stdin.take(),
            process,
            received,
            waiting: Vec::new(),
            next_id: 0,
            announced: Value::Null,
            home,
        }
    }

    /// A server that knows the client's capabilities.
    pub fn start(capabilities: Value) -> Self {
        Self::start_with(json!({"capabilities": capabilities}))
    }

    /// A server that was given these parameters of `initialize`.
    pub fn start_with(params: Value) -> Self {
        let mut client = Self::spawn();
        client.announced = client.call("initialize", params)["capabilities"].take();
        client.notify("initialized", json!({}));
        client
    }

    /// A server whose workspace is a folder.
    pub fn start_in(folder: &Path, capabilities: Value) -> Self {
        let folders = json!([{"uri": uri_of(folder), "name": "project"}]);
        Self::start_with(json!({"capabilities": capabilities, "workspaceFolders": folders}))
    }

    /// Sends bytes as they are.
    pub fn send_raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    /// Sends a body in a frame.
    pub fn send_body(&mut self, body: &str) {
        self.send_raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        let message = json!({"jsonrpc": "2.0", "method": method, "params": params});
        self.send_body(&message.to_string());
    }

    /// Sends a request and returns its id.
    pub fn request(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        let mut message = json!({"jsonrpc": "2.0", "id": self.next_id, "method": method});
        if !params.is_null() {
            message["params"] = params;
        }
        self.send_body(&message.to_string());
        self.next_id
    }

    /// The whole answer to a request.
    pub fn answer(&mut self, id: i64) -> Value {
        self.receive(&format!("the answer {id}"), |message| {
            message.get("method").is_none() && message["id"] == id
        })
    }

    /// The whole answer to a request that was sent with an id of its own.
    pub fn answer_to(&mut self, id: &str) -> Value {
        self.receive(&format!("the answer {id}"), |message| {
            message.get("method").is_none() && message["id"] == id
        })
    }

    /// Sends a request and returns its result.
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params);
        let mut answer = self.answer(id);
        assert_eq!(answer.get("error"), None, "{method}");
        answer["result"].take()
    }

    /// Sends a request and returns the code of the error it must cause.
    pub fn call_in_vain(&mut self, method: &str, params: Value) -> i64 {
        let id = self.request(method, params);
        let answer = self.answer(id);
        answer["error"]["code"].as_i64().unwrap()
    }

    /// The parameters of the next notification of this kind.
    pub fn notification(&mut self, method: &str) -> Value {
        let mut message = self.receive(method, |message| {
            message["method"] == method && message.get("id").is_none()
        });
        message["params"].take()
    }

    /// The id and the parameters of the server's next request of this kind.
    pub fn server_request(&mut self, method: &str) -> (Value, Value) {
        let mut message = self.receive(method, |message| {
            message["method"] == method && message.get("id").is_some()
        });
        (message["id"].take(), message["params"].take())
    }

    /// Answers a request of the server.
    pub fn respond(&mut self, id: &Value, result: Value) {
        let message = json!({"jsonrpc": "2.0", "id": id, "result": result});
        self.send_body(&message.to_string());
    }

    /// The code of the next error that belongs to no request.
    pub fn stray_error(&mut self) -> i64 {
        let message = self.receive("an error without an id", |message| {
            message["id"].is_null() && message.get("error").is_some()
        });
        message["error"]["code"].as_i64().unwrap()
    }

    /// The next message for which `wanted` holds, in whatever order they come.
    fn receive(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.waiting.iter().position(&wanted) {
            return self.waiting.remove(at);
        }
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.received.recv_timeout(left) {
                Ok(message) if wanted(&message) => return message,
                Ok(message) => self.waiting.push(message),
                Err(error) => panic!("no {what} ({error}); instead: {:?}", self.waiting),
            }
        }
    }

    /// The next message, whatever it is.
    pub fn next(&mut self) -> Value {
        self.receive("message", |_| true)
    }

    /// Opens [`URI`] as Python.
    pub fn open(&mut self, text: &str) {
        self.open_as(URI, "python", text);
    }

    pub fn open_as(&mut self, uri: &str, language: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": language, "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Changes [`URI`].
    pub fn change(&mut self, version: i32, changes: Value) {
        self.notify(
            "textDocument/didChange",
            json!({"textDocument": {"uri": URI, "version": version}, "contentChanges": changes}),
        );
    }

    pub fn close(&mut self) {
        self.notify(
            "textDocument/didClose",
            json!({"textDocument": {"uri": URI}}),
        );
    }

    /// What the server publishes next: the file's address, and code and severity of each diagnostic.
    pub fn published(&mut self) -> (String, Vec<(String, i64)>) {
        let params = self.notification("textDocument/publishDiagnostics");
        let uri = params["uri"].as_str().unwrap().to_owned();
        (uri, codes(&params["diagnostics"]))
    }

    /// Code and severity of the diagnostics that a client pulls for a file.
    pub fn pulled(&mut self, uri: &str) -> Vec<(String, i64)> {
        let document = json!({"textDocument": {"uri": uri}});
        codes(&self.call("textDocument/diagnostic", document)["items"])
    }

    /// Says that files have changed on the disk.
    pub fn changed_on_disk(&mut self, uris: &[&str]) {
        let changes: Vec<Value> = uris
            .iter()
            .map(|uri| json!({"uri": uri, "type": 2}))
            .collect();
        self.notify(
            "workspace/didChangeWatchedFiles",
            json!({"changes": changes}),
        );
    }

    /// The hover in [`URI`].
    pub fn hover(&mut self, line: u32, character: u32) -> Value {
        self.call("textDocument/hover", at(line, character))
    }

    /// The report that a client pulls for [`URI`].
    pub fn pull(&mut self, previous: Option<&str>) -> Value {
        let params = json!({"textDocument": {"uri": URI}, "previousResultId": previous});
        self.call("textDocument/diagnostic", params)
    }

    /// The code actions for a place in [`URI`].
    pub fn actions(&mut self, line: u32, character: u32, context: Value) -> Vec<Value> {
        let place = json!({"line": line, "character": character});
        let params = json!({"textDocument": {"uri": URI}, "range": {"start": place, "end": place}, "context": context});
        match self.call("textDocument/codeAction", params) {
            Value::Array(actions) => actions,
            other => panic!("no actions: {other}"),
        }
    }

    /// The code lenses of [`URI`].
    pub fn lenses(&mut self) -> Vec<Value> {
        match self.call(
            "textDocument/codeLens",
            json!({"textDocument": {"uri": URI}}),
        ) {
            Value::Array(lenses) => lenses,
            other => panic!("no lenses: {other}"),
        }
    }

    pub fn run(&mut self, command: &str, arguments: Value) -> Value {
        let params = json!({"command": command, "arguments": arguments});
        self.call("workspace/executeCommand", params)
    }

    /// How much memory the server has for itself: the pages of the program do not count, which are many without optimisation.
    #[cfg(target_os = "linux")]
    pub fn own_bytes(&self) -> u64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("RssAnon:"));
        let kilobytes = line.unwrap().trim().trim_end_matches(" kB");
        kilobytes.parse::<u64>().unwrap() << 10
    }

    /// Closes the server's input.
    pub fn close_input(&mut self) {
        self.input = None;
    }

    /// Waits for the server to end by itself.
    pub fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "the server does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Ends the session the proper way. Every message must have been asked for.
    pub fn finish(self) {
        self.finish_clearing(&[]);
    }

    /// The same where the server takes back what it has published about these files.
    pub fn finish_clearing(mut self, uris: &[String]) {
        assert_eq!(self.call("shutdown", Value::Null), Value::Null);
        for uri in uris {
            assert_eq!(self.published(), (uri.clone(), Vec::new()));
        }
        self.notify("exit", Value::Null);
        assert_eq!(self.wait().code(), Some(0));
        assert_eq!(self.rest(), [] as [Value; 0], "nobody asked for these");
    }

    /// What nobody has asked for, up to the end of the server's output.
    pub fn rest(&mut self) -> Vec<Value> {
        loop {
            match self.received.recv_timeout(PATIENCE) {
                Ok(message) => self.waiting.push(message),
                Err(RecvTimeoutError::Disconnected) => return std::mem::take(&mut self.waiting),
                Err(RecvTimeoutError::Timeout) => panic!("the server's output stays open"),
            }
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Fails only for a process that has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The address of a file.
pub fn uri_of(path: &Path) -> String {
    format!("file://{}", path.display())
}

fn codes(diagnostics: &Value) -> Vec<(String, i64)> {
    let diagnostics = diagnostics.as_array().unwrap().iter();
    diagnostics
        .map(|d| {
            let code = d["code"].as_str().unwrap().to_owned();
            (code, d["severity"].as_i64().unwrap())
        })
        .collect()
}

/// The parameters that name a place in [`URI`].
pub fn at(line: u32, character: u32) -> Value {
    json!({"textDocument": {"uri": URI}, "position": {"line": line, "character": character}})
}

/// A range as the protocol writes it.
pub fn range(start: (u32, u32), end: (u32, u32)) -> Value {
    json!({"start": {"line": start.0, "character": start.1}, "end": {"line": end.0, "character": end.1}})
}

/// A change of a range.
pub fn change(start: (u32, u32), end: (u32, u32), text: &str) -> Value {
    json!({"range": range(start, end), "text": text})
}

/// An ASCII text after the protocol's edits of it.
pub fn edited(text: &str, edits: &Value) -> String {
    let offset = |position: &Value| {
        let line = position["line"].as_u64().unwrap() as usize;
        let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        before + position["character"].as_u64().unwrap() as usize
    };
    let mut edits: Vec<_> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            let range = offset(&range["start"])..offset(&range["end"]);
            (range, edit["newText"].as_str().unwrap())
        })
        .collect();
    edits.sort_by_key(|(range, _)| range.start);
    let mut result = text.to_owned();
    for (range, new) in edits.into_iter().rev() {
        result.replace_range(range, new);
    }
    result
}

fn read_message(output: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            None => break,
            Some(("Content-Length", number)) => length = number.parse().ok(),
            Some(_) => {}
        }
    }
    let mut body = vec![0; length?];
    output.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("the server writes JSON"))
}

/// The address of the file that a page links to under a name: a page links by the way from its folder.
pub fn linked(page: &Path, name: &str) -> String {
    let text = std::fs::read_to_string(page).unwrap();
    let (_, rest) = text
        .split_once(&format!("[{name}]("))
        .unwrap_or_else(|| panic!("no link {name}: {text}"));
    let (link, _) = rest.split_once('#').unwrap();
    let mut path = page.parent().unwrap().to_owned();
    for step in link.split('/') {
        match step {
            ".." => assert!(path.pop(), "{link}"),
            step => path.push(step),
        }
    }
    uri_of(&path)
}
