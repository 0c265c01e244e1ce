//! The Python interpreter that runs the content's code.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use hotseat::catalog::PythonVersion;

/// The interpreter to use.
pub fn interpreter() -> PathBuf {
    if let Some(path) = env::var_os("HOTSEAT_TEST_PYTHON") {
        return path.into();
    }
    let venv = Path::new(env!("CARGO_MANIFEST_DIR")).join(".venv");
    let places = [
        venv.join("bin").join("python3"),
        venv.join("Scripts").join("python.exe"),
    ];
    let usual = if cfg!(windows) { "python" } else { "python3" };
    places
        .into_iter()
        .find(|place| place.exists())
        .unwrap_or_else(|| usual.into())
}

/// A command that runs Python without what the environment would change about it.
pub fn command() -> Command {
    let mut command = Command::new(interpreter());
    command.args(["-X", "utf8"]);
    for name in [
        "PYTHONPATH",
        "PYTHONWARNINGS",
        "PYTHONASYNCIODEBUG",
        "PYTHONSTARTUP",
        "PYTHONOPTIMIZE",
    ] {
        command.env_remove(name);
    }
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// The interpreter's own version.
pub fn version() -> Result<PythonVersion, String> {
    let output = command()
        .args(["-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
        .output()
        .map_err(|error| format!("cannot run {}: {error}", interpreter().display()))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    String::from_utf8_lossy(&output.stdout).trim().parse()
}
