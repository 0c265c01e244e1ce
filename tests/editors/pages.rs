//! What the pages of the editors say: every block can be read by its editor, or as its language, and starts the server.

use std::fs;
use std::io::{BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::{program, repository, said};

/// A fenced block of a page.
struct Block {
    language: String,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => {
                open = Some(Block {
                    language: language.to_owned(),
                    text: String::new(),
                });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => block.text += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block does not end");
    blocks
}

/// The command lines in a configuration: `command` with its arguments beside it or behind it.
fn commands(value: &Value, found: &mut Vec<Vec<String>>) {
    let words = |value: &Value| -> Vec<String> {
        let list = value.as_array().into_iter().flatten();
        list.filter_map(|word| Some(word.as_str()?.to_owned()))
            .collect()
    };
    match value {
        Value::Object(object) => {
            match object.get("command") {
                Some(Value::String(command)) => {
                    let arguments = object.get("args").map(words).unwrap_or_default();
                    found.push([vec![command.clone()], arguments].concat());
                }
                Some(list) => found.push(words(list)),
                None => {}
            }
            object.values().for_each(|value| commands(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| commands(value, found)),
        _ => {}
    }
}

fn assert_reads(reader: &mut Command, block: &Block) {
    let output = reader.stdin(Stdio::null()).output().expect("it runs");
    assert!(output.status.success(), "{}{}", block.text, said(&output));
}

/// Reads a block as its editor does, and returns the command lines in it.
fn read(block: &Block, scratch: &Path) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let file = scratch.join("block");
    fs::write(&file, &block.text).expect("a file");
    match block.language.as_str() {
        "toml" => {
            let value: toml::Value = toml::from_str(&block.text).expect("TOML");
            commands(&serde_json::to_value(value).expect("JSON"), &mut found);
        }
        "json" => {
            let value = serde_json::from_str(&block.text).expect("JSON");
            commands(&value, &mut found);
        }
        "elisp" => {
            let mut emacs = Command::new(program("HOTSEAT_TEST_EMACS", "emacs"));
            // Reads all forms: the end of the text is where a form must begin.
            let forms = "(with-temp-buffer (insert-file-contents (getenv \"BLOCK\")) (emacs-lisp-mode) (check-parens) \
                         (while (progn (forward-comment 1000) (not (eobp))) (read (current-buffer))))";
            emacs.env("BLOCK", &file).args(["--batch", "--eval", forms]);
            assert_reads(&mut emacs, block);
            if block.text.contains("hotseat\" \"lsp") {
                found.push(vec!["hotseat".to_owned(), "lsp".to_owned()]);
            }
        }
        "vim" => {
            let mut vim = Command::new(program("HOTSEAT_TEST_VIM", "vim"));
            vim.args(["-N", "-u", "NONE", "-i", "NONE", "-es", "-S"])
                .arg(&file);
            assert_reads(vim.args(["-c", "qall!"]), block);
            if block.text.contains("'hotseat', 'lsp'") {
                found.push(vec!["hotseat".to_owned(), "lsp".to_owned()]);
            }
        }
        "lua" => {
            let mut neovim = Command::new(program("HOTSEAT_TEST_NVIM", "nvim"));
            neovim
                .args(["--clean", "--headless", "-i", "NONE", "-l"])
                .arg(&file);
            assert_reads(&mut neovim, block);
        }
        "sh" => {}
        other => panic!("nobody reads `{other}`"),
    }
    found
}

#[test]
fn every_block_can_be_read_and_starts_the_server() {
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let mut starting = Vec::new();
    for folder in fs::read_dir(repository().join("editors")).expect("the editors") {
        let folder = folder.expect("an editor").path();
        let page = fs::read_to_string(folder.join("README.md")).expect("every editor has a page");
        for block in blocks(&page) {
            for command in read(&block, scratch.path()) {
                assert_eq!(command, ["hotseat", "lsp"], "{}", folder.display());
                starting.push(folder.file_name().expect("a name").to_owned());
            }
        }
    }
    starting.sort();
    starting.dedup();
    assert_eq!(starting, ["emacs", "helix", "kate", "sublime", "vim"]);
}

/// What editors that cannot be installed for a test announce, as far as the server looks at it.
fn announced() -> [(&'static str, Value); 4] {
    let literals =
        json!({"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}});
    [
        (
            "helix",
            json!({
                "general": {"positionEncodings": ["utf-8", "utf-32", "utf-16"]},
                "textDocument": {
                    "codeAction": literals,
                    "publishDiagnostics": {"versionSupport": true, "tagSupport": {"valueSet": [1, 2]}},
                },
                "window": {"workDoneProgress": true, "showDocument": {"support": true}},
                "workspace": {"configuration": true, "applyEdit": true, "didChangeConfiguration": {"dynamicRegistration": false}},
            }),
        ),
        (
            "kate",
            json!({
                "textDocument": {"codeAction": literals, "publishDiagnostics": {"relatedInformation": true}},
                "workspace": {"applyEdit": true, "workspaceFolders": true},
            }),
        ),
        (
            "sublime",
            json!({
                "general": {"positionEncodings": ["utf-16"]},
                "textDocument": {
                    "codeAction": literals,
                    "codeLens": {"dynamicRegistration": true},
                    "publishDiagnostics": {"codeDescriptionSupport": true, "dataSupport": true},
                },
                "window": {"showDocument": {"support": true}},
                "workspace": {"configuration": true, "applyEdit": true},
            }),
        ),
        (
            "zed",
            json!({
                "general": {"positionEncodings": ["utf-16"]},
                "textDocument": {"codeAction": literals, "publishDiagnostics": {"codeDescriptionSupport": true}},
                "workspace": {"configuration": true, "applyEdit": true, "codeLens": {"refreshSupport": true}},
            }),
        ),
    ]
}

#[test]
fn editors_that_are_not_here_are_told_what_is_found() {
    for (editor, capabilities) in announced() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let mut server = Command::new(env!("CARGO_BIN_EXE_hotseat"))
            .arg("lsp")
            .env("HOME", home.path())
            .env("XDG_STATE_HOME", home.path())
            .env("XDG_CACHE_HOME", home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut to = server.stdin.take().expect("a pipe");
        let mut send = |message: Value| {
            let text = message.to_string();
            write!(to, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("the server reads");
        };
        send(json!({"jsonrpc": "2.0", "id": 1, "method": "initialize",
            "params": {"processId": null, "rootUri": null, "capabilities": capabilities}}));
        send(json!({"jsonrpc": "2.0", "method": "initialized", "params": {}}));
        let document = json!({"uri": "file:///project/a.py", "languageId": "python", "version": 0,
            "text": "def remember(fact, facts=[]):\n    facts.append(fact)\n    return facts\n"});
        send(
            json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": document}}),
        );
        let mut from = BufReader::new(server.stdout.take().expect("a pipe"));
        let told = std::iter::from_fn(|| message(&mut from))
            .find(|message| message["method"] == "textDocument/publishDiagnostics")
            .expect("diagnostics");
        let codes = told["params"]["diagnostics"][0]["code"].clone();
        assert_eq!(codes, "mutable-default-argument", "{editor}");
        send(json!({"jsonrpc": "2.0", "id": 2, "method": "shutdown"}));
        send(json!({"jsonrpc": "2.0", "method": "exit"}));
        while message(&mut from).is_some() {}
        assert!(server.wait().expect("it ends").success(), "{editor}");
    }
}

/// The next message of the server, if there is one.
fn message(from: &mut impl std::io::BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        from.read_line(&mut line).ok().filter(|read| *read > 0)?;
        match line.trim_end().strip_prefix("Content-Length: ") {
            Some(number) => length = number.parse().ok()?,
            None if line.trim_end().is_empty() => break,
            None => {}
        }
    }
    let mut text = vec![0; length];
    from.read_exact(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}
