//! Finding, reading and replacing Python files.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, WalkState};

use crate::analysis::is_notebook;
use crate::workspace;

/// What some editors put in front of UTF-8 text.
pub const BOM: &str = "\u{feff}";

/// A file to check.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Input {
    /// What reports call it: the path as given on the command line, or below the folder given there.
    pub path: PathBuf,
    /// It comes from standard input.
    pub stdin: bool,
}

/// The text of a file.
#[derive(Debug)]
pub struct Source {
    /// The text without a byte order mark.
    pub text: Arc<str>,
    /// The file on disk starts with a byte order mark.
    pub bom: bool,
}

/// The files that paths stand for, sorted, each once; and what could not be listed, one line each. In folders these
/// are the `.py` and `.ipynb` files that are neither hidden nor ignored by git nor part of a virtual environment.
pub fn collect(paths: &[PathBuf], stdin_name: Option<&Path>) -> (Vec<Input>, Vec<String>) {
    let mut inputs = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            inputs.push(Input {
                path: stdin_name.unwrap_or(path).to_owned(),
                stdin: true,
            });
        } else if path.is_dir() {
            let (found, failed) = walk(path);
            inputs.extend(found.into_iter().map(|path| Input { path, stdin: false }));
            problems.extend(failed);
        } else {
            // Whether it can be read shows when it is read.
            inputs.push(Input {
                path: path.clone(),
                stdin: false,
            });
        }
    }
    inputs.sort_by(|a, b| a.path.as_os_str().cmp(b.path.as_os_str()));
    inputs.dedup();
    (inputs, problems)
}

fn walk(folder: &Path) -> (Vec<PathBuf>, Vec<String>) {
    let found = Mutex::new((Vec::new(), Vec::new()));
    let visit = |entry: Result<DirEntry, ignore::Error>| {
        let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
        match entry {
            Ok(entry)
                if workspace::is_python_file(&entry)
                    || is_notebook(entry.path()) && entry.path().is_file() =>
            {
                found.0.push(entry.into_path());
            }
            Ok(_) => {}
            Err(error) => found.1.push(error.to_string()),
        }
        WalkState::Continue
    };
    workspace::walk(folder)
        .build_parallel()
        .run(|| Box::new(visit));
    found.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Reads a file.
///
/// # Errors
///
/// One line that names the file, if it cannot be read or is not UTF-8.
pub fn read(input: &Input) -> Result<Source, String> {
    let bytes = if input.stdin {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(&input.path)
    };
    let name = input.path.display();
    let bytes = bytes.map_err(|error| format!("{name}: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        format!(
            "{name}: not UTF-8 (byte {})",
            error.utf8_error().valid_up_to()
        )
    })?;
    let bom = text.starts_with(BOM);
    Ok(Source {
        text: text.strip_prefix(BOM).unwrap_or(&text).into(),
        bom,
    })
}

/// Replaces a file in one step: a reader sees the old text or the new one, never a part. The file's permissions are
/// kept, and a symbolic link stays one.
///
/// # Errors
///
/// One line that names the file, if it is read-only or cannot be written.
pub fn replace(path: &Path, text: &str) -> Result<(), String> {
    let failed = |error: io::Error| format!("{}: {error}", path.display());
    // The link's target, so that the link itself is not replaced.
    let target = fs::canonicalize(path).map_err(failed)?;
    let permissions = fs::metadata(&target).map_err(failed)?.permissions();
    if permissions.readonly() {
        return Err(format!("{}: read-only, not written", path.display()));
    }
    put(&target, text, Some(permissions)).map_err(failed)
}

/// Writes a file, new or not, in one step.
///
/// # Errors
///
/// One line that names the file, if it cannot be written.
pub fn write(path: &Path, text: &str) -> Result<(), String> {
    match path.try_exists() {
        Ok(true) => replace(path, text),
        _ => put(path, text, None).map_err(|error| format!("{}: {error}", path.display())),
    }
}

/// Writes beside a file, and puts the new one in its place.
fn put(path: &Path, text: &str, permissions: Option<fs::Permissions>) -> io::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let mut new = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    new.write_all(text.as_bytes())?;
    if let Some(permissions) = permissions {
        new.as_file().set_permissions(permissions)?;
    }
    new.as_file().sync_all()?;
    new.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_give_their_python_files_without_hidden_ignored_and_installed_ones() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for name in [
            "a.py",
            "b.ipynb",
            ".ipynb_checkpoints/b.ipynb",
            "b.txt",
            "c.pyi",
            "sub/d.py",
            ".hidden/e.py",
            "out/f.py",
            "venv/g.py",
        ] {
            fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
            fs::write(root.join(name), "").unwrap();
        }
        fs::write(root.join(".gitignore"), "out/\n").unwrap();
        fs::write(root.join("venv/pyvenv.cfg"), "").unwrap();
        let explicit = root.join("out/f.py");
        let (inputs, problems) = collect(
            &[root.to_owned(), explicit.clone(), root.join("a.py")],
            None,
        );
        let paths: Vec<PathBuf> = inputs.into_iter().map(|input| input.path).collect();
        let expected = [
            root.join("a.py"),
            root.join("b.ipynb"),
            explicit,
            root.join("sub/d.py"),
        ];
        assert_eq!(paths, expected);
        assert_eq!(problems, [""; 0]);
    }

    #[test]
    fn standard_input_has_the_name_it_is_given() {
        let (inputs, _) = collect(&["-".into()], Some(Path::new("src/a.py")));
        assert_eq!(
            inputs,
            [Input {
                path: "src/a.py".into(),
                stdin: true
            }]
        );
    }
}
