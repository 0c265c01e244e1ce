//! Practice against the world: the reference scheduler, Anki, a terminal, a browser, and many writers at once.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use hotseat::practice::event::Entry;
use hotseat::practice::store::Store;

mod anki;
mod page;
mod reference;
#[cfg(unix)]
mod terminal;
mod writers;

/// Somebody with a log of their own.
struct Person {
    folder: tempfile::TempDir,
}

impl Person {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command that finds this person's data, whatever the system calls its folder.
    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env("HOME", self.folder.path())
            .env("XDG_DATA_HOME", self.folder.path())
            .env("APPDATA", self.folder.path());
        command
    }

    fn hotseat(&self, arguments: &[&str]) -> Output {
        self.hotseat_with(arguments, "")
    }

    fn hotseat_with(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self
            .command(env!("CARGO_BIN_EXE_hotseat"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("hotseat runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        // A program that does not read its input has closed it: that is no error here.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("hotseat ends");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        output
    }

    fn store_path(&self) -> PathBuf {
        self.folder.path().join("hotseat").join("practice.db")
    }

    fn entries(&self) -> Vec<Entry> {
        let store = Store::open(&self.store_path()).expect("the log opens");
        assert_eq!(store.warning(), None);
        store.entries().expect("the log can be read")
    }
}

/// A script of these tests, to be run by the Python that has what they need.
fn python(person: &Person, script: &str) -> Command {
    let python = std::env::var_os("HOTSEAT_TEST_PYTHON");
    let python = python.expect("tests/run names a Python that has what these tests need");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/practice");
    let mut command = person.command(python);
    command.args(["-X", "utf8"]).arg(folder.join(script));
    command
}

/// What a command wrote to standard output; it must succeed.
fn output_of(command: &mut Command) -> String {
    let output = command.output().expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(output.status.success(), "{text}{said}");
    text
}
