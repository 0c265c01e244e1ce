//! What fixes do to programs that run. A safe fix changes nothing but what certainly fails: generated programs do the same
//! before and after it. A fix to be reviewed can change something, and for each there is a program that shows what.
//!
//! The programs lie in `programs` and `differences`; `differential.py` says how they are written. Python is needed: the
//! one that `HOTSEAT_TEST_PYTHON` names, else `python3` on the path.

use std::path::Path;
use std::process::Command;

/// Fails with what the script has to say.
fn compare(what: &str) {
    let python = std::env::var_os("HOTSEAT_TEST_PYTHON");
    let usual = if cfg!(windows) { "python" } else { "python3" };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/safety/differential.py");
    let output = Command::new(python.unwrap_or_else(|| usual.into()))
        .args(["-X", "utf8"])
        .arg(script)
        .args([env!("CARGO_BIN_EXE_hotseat"), what])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("Python runs");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn safe_fixes_change_nothing_that_works() {
    compare("safe");
}

#[test]
fn each_fix_to_be_reviewed_can_change_something() {
    compare("review");
}
