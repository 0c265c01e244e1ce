//! VS Code: its own server and workbench, in Chromium, with the packed extension.

use std::path::PathBuf;
use std::process::{Command, Output};

use crate::{program, repository, said};

/// Where `tests/run` has installed VS Code.
fn installed() -> PathBuf {
    let folder = std::env::var_os("HOTSEAT_TEST_VSCODE").map(PathBuf::from);
    let folder = folder.filter(|folder| folder.join("node_modules/code-server").is_dir());
    folder.expect("VS Code is needed: run tests/run, which installs it below tests/.build and packs the extension")
}

fn node() -> Command {
    let mut node = Command::new(program("HOTSEAT_TEST_NODE", "node"));
    node.current_dir(repository().join("tests/editors/vscode"));
    node
}

fn assert_success(output: &Output) {
    assert!(output.status.success(), "{}", said(output));
}

#[test]
fn the_extension_finds_the_server_and_the_question() {
    installed();
    let output = node().args(["--test", "units.test.mjs"]).output();
    assert_success(&output.expect("node runs"));
}

#[test]
fn vs_code_does_what_a_person_does_with_it() {
    let output = node()
        .arg("run.mjs")
        .env("HOTSEAT_VSCODE", installed())
        .env("HOTSEAT_PROGRAM", env!("CARGO_BIN_EXE_hotseat"))
        .env(
            "HOTSEAT_SCREENSHOTS",
            repository().join("tests/.build/screenshots"),
        )
        .output();
    assert_success(&output.expect("node runs"));
}

#[test]
fn the_extension_is_as_new_as_the_server() {
    let text = std::fs::read_to_string(repository().join("editors/vscode/package.json"));
    let manifest: serde_json::Value =
        serde_json::from_str(&text.expect("a manifest")).expect("JSON");
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
}
