//! What a keystroke costs, counted in instructions: the same on a busy machine as on an idle one.
//!
//! A program of this repository (`tests/benches/keystrokes.rs`) runs under valgrind. What it costs more with more keystrokes
//! is compared with `tests/benches/instructions.txt`. The figure there is for x86-64 Linux.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

const FEW: u64 = 50;
const MANY: u64 = 150;

/// By how many percent the cost may grow before the test fails. The order of hash tables, which is another in each run,
/// changes it by much less.
const ALLOWED_GROWTH: u64 = 20;

fn run(command: &mut Command) -> (String, String) {
    let output = command.output();
    let output = output.unwrap_or_else(|error| panic!("{command:?} cannot be run: {error}"));
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    assert!(output.status.success(), "{command:?} failed:\n{stderr}");
    (stdout, stderr)
}

/// Builds the program as it is released, and answers where it is.
fn program() -> PathBuf {
    let (messages, _) = run(Command::new(env!("CARGO"))
        .args(["build", "--release", "--locked", "--bench", "keystrokes"])
        .args(["--message-format", "json"])
        .current_dir(env!("CARGO_MANIFEST_DIR")));
    let messages = messages.lines().map(serde_json::from_str::<Value>);
    let built = messages
        .filter_map(Result::ok)
        .filter(|message| message["target"]["name"] == "keystrokes")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from));
    built.expect("cargo says what it has built")
}

/// The instructions that the program takes for so many keystrokes and for everything before them.
fn instructions(program: &Path, keystrokes: u64) -> u64 {
    let (_, report) = run(Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .arg(keystrokes.to_string()));
    let collected = report
        .lines()
        .find_map(|line| line.split_once("Collected :"));
    let number = collected.and_then(|(_, number)| number.trim().parse().ok());
    number.unwrap_or_else(|| panic!("valgrind counts instructions:\n{report}"))
}

#[test]
fn a_keystroke_costs_no_more_than_it_did() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/benches/instructions.txt");
    let program = program();
    let more = instructions(&program, MANY).checked_sub(instructions(&program, FEW));
    let cost = more.expect("more keystrokes cost more") / (MANY - FEW);
    if env::var_os("HOTSEAT_BLESS").is_some() {
        fs::write(&file, format!("{cost}\n")).expect("the figure can be stored");
    }
    let stored = fs::read_to_string(&file).expect("the figure is stored");
    let stored: u64 = stored.trim().parse().expect("a number");
    eprintln!("{cost} instructions per keystroke, {stored} stored");
    assert!(
        cost * 100 <= stored * (100 + ALLOWED_GROWTH),
        "a keystroke costs {cost} instructions, more than {ALLOWED_GROWTH} % above the {stored} of {}; if that is \
         meant, store it: HOTSEAT_BLESS=1 cargo test --test instructions",
        file.display(),
    );
}
