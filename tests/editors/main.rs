//! hotseat in real editors, on a copy of a real module.
//!
//! The editors come from `tests/run`; without them the tests fail and say what is missing.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

mod pages;
mod vscode;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Everything that a program has written.
fn said(output: &Output) -> String {
    let text = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    text.concat()
}

/// A program that `tests/run` provides: named by an environment variable, else found on the path.
fn program(variable: &str, name: &str) -> PathBuf {
    let path = std::env::var_os(variable).map_or_else(|| PathBuf::from(name), PathBuf::from);
    let works = Command::new(&path)
        .arg("--version")
        .output()
        .is_ok_and(|o| o.status.success());
    assert!(
        works,
        "{name} is needed: run tests/run, which installs it, or name it in {variable}"
    );
    path
}

/// A module of Python's standard library, copied to where it may be changed.
fn copy_of(module: &str, folder: &Path) -> PathBuf {
    let python = program("HOTSEAT_TEST_PYTHON", "python3");
    let script =
        "import os, sys; sys.stdout.write(os.path.join(os.path.dirname(os.__file__), sys.argv[1]))";
    let output = Command::new(python)
        .args(["-c", script, module])
        .output()
        .expect("python runs");
    let source = PathBuf::from(String::from_utf8(output.stdout).expect("a path"));
    let copy = folder.join(source.file_name().expect("a file name"));
    std::fs::copy(&source, &copy).expect("the module can be copied");
    copy
}

/// What an editor must show for a module, and what a fix must do to it.
struct Expected<'a> {
    module: &'a str,
    /// A code whose hover contains `hover_says`.
    hover: &'a str,
    hover_says: &'a str,
    /// The pattern of a finding in the module, its message, the start of its fix's title, and what the fix appends to a
    /// line that has the finding.
    finding: &'a str,
    finding_says: &'a str,
    fix: &'a str,
    fix_adds: &'a str,
}

/// Runs an editor with a script that says whether it has shown what it must, on a copy of the module that may change.
fn see(mut editor: Command, expected: &Expected<'_>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let module = copy_of(expected.module, folder.path());
    let home = folder.path().join("home");
    std::fs::create_dir(&home).expect("a folder");
    for variable in [
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "XDG_CACHE_HOME",
    ] {
        editor.env(variable, home.join(variable));
    }
    let result = home.join("result");
    let output = editor
        .stdin(Stdio::null())
        .env("HOME", &home)
        .env("HOTSEAT_SCRATCH", &home)
        .env("HOTSEAT_RESULT", &result)
        .env("HOTSEAT_REPOSITORY", repository())
        .env("HOTSEAT_PROGRAM", env!("CARGO_BIN_EXE_hotseat"))
        .env("HOTSEAT_FILE", module)
        .env("HOTSEAT_HOVER", expected.hover)
        .env("HOTSEAT_HOVER_SAYS", expected.hover_says)
        .env("HOTSEAT_FINDING", expected.finding)
        .env("HOTSEAT_FINDING_SAYS", expected.finding_says)
        .env("HOTSEAT_FIX", expected.fix)
        .env("HOTSEAT_FIX_ADDS", expected.fix_adds)
        .output()
        .expect("the editor runs");
    let text = said(&output) + &std::fs::read_to_string(result).unwrap_or_default();
    let seen = text.contains("ok   ") && !text.contains("FAIL");
    assert!(output.status.success() && seen, "{text}");
}

const UNIX_EVENTS: Expected<'_> = Expected {
    module: "asyncio/unix_events.py",
    hover: "async def",
    hover_says: "cooperative",
    finding: "raise-without-from",
    finding_says: "State the relation",
    fix: "Name the exception as the cause",
    fix_adds: " from exc",
};

fn script(name: &str) -> PathBuf {
    repository().join("tests/editors").join(name)
}

#[test]
fn neovim_shows_and_fixes_a_real_module() {
    let mut neovim = Command::new(program("HOTSEAT_TEST_NVIM", "nvim"));
    neovim
        .args(["--clean", "--headless", "-i", "NONE", "-n", "-l"])
        .arg(script("neovim.lua"));
    see(neovim, &UNIX_EVENTS);
}

/// A program that `tests/run` installs beside Python.
fn beside_python(name: &str) -> PathBuf {
    let python = program("HOTSEAT_TEST_PYTHON", "python3");
    let path = python.with_file_name(name);
    let works = Command::new(&path)
        .arg("--version")
        .output()
        .is_ok_and(|o| o.status.success());
    assert!(
        works,
        "{name} is needed: run tests/run, which installs it beside the Python of HOTSEAT_TEST_PYTHON"
    );
    path
}

#[test]
fn neovim_shows_nothing_twice_beside_ruff_and_a_type_checker() {
    let mut neovim = Command::new(program("HOTSEAT_TEST_NVIM", "nvim"));
    neovim
        .args(["--clean", "--headless", "-i", "NONE", "-n", "-l"])
        .arg(script("neovim_beside.lua"))
        .env("HOTSEAT_RUFF", beside_python("ruff"))
        .env("HOTSEAT_TY", beside_python("ty"));
    see(neovim, &UNIX_EVENTS);
}

#[test]
fn five_questions_are_practised_by_keys_in_neovim() {
    let mut neovim = Command::new(program("HOTSEAT_TEST_NVIM", "nvim"));
    neovim
        .args(["--clean", "--headless", "-i", "NONE", "-n", "-l"])
        .arg(script("neovim_practice.lua"))
        .env("HOTSEAT_SCREENS", repository().join("tests/.build/screens"));
    see(neovim, &UNIX_EVENTS);
}

#[test]
fn emacs_shows_and_fixes_a_real_module() {
    for client in ["eglot", "lsp-mode"] {
        let mut emacs = Command::new(program("HOTSEAT_TEST_EMACS", "emacs"));
        emacs.env("CLIENT", client).args(["--batch", "-l"]);
        emacs.arg(script("emacs.el"));
        see(emacs, &UNIX_EVENTS);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn vim_shows_and_fixes_a_real_module() {
    let vim = program("HOTSEAT_TEST_VIM", "vim");
    let command = format!(
        "{} -N -u NONE -i NONE -S {}",
        vim.display(),
        script("vim.vim").display()
    );
    // Vim wants a terminal; this one is looked at by nobody.
    let mut terminal = Command::new("script");
    terminal.env("TERM", "xterm");
    terminal.args(["--quiet", "--return", "--command", &command, "/dev/null"]);
    see(terminal, &UNIX_EVENTS);
}
