//! Every script of a correction prints what the correction says.

use std::fs;
use std::io::Read;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use hotseat::catalog::{Catalog, Script};
use libtest_mimic::{Failed, Trial};

use super::python;

/// How long a script may take.
const LIMIT: Duration = Duration::from_secs(60);

/// One trial per script. Scripts for other Python versions are listed as ignored; without Python all fail.
pub fn trials(catalog: &Catalog) -> Vec<Trial> {
    let version = python::version();
    let mut trials = Vec::new();
    for question in &catalog.questions {
        for script in question
            .corrections
            .iter()
            .flat_map(|correction| &correction.scripts)
        {
            let name = format!("corrections: {}:{}", question.id, script.line);
            let applies = match &version {
                Ok(version) => script.versions.is_empty() || script.versions.contains(version),
                Err(_) => true,
            };
            let (script, version) = (script.clone(), version.clone());
            trials.push(
                Trial::test(name, move || {
                    version?;
                    check(&script)
                })
                .with_ignored_flag(!applies),
            );
        }
    }
    trials
}

fn check(script: &Script) -> Result<(), Failed> {
    let printed = run(&script.source)?;
    match &script.output {
        Some(expected) if *expected != printed => {
            Err(format!("it should print\n{expected}\nand prints\n{printed}").into())
        }
        _ => Ok(()),
    }
}

/// Runs a script in an empty folder and returns what it prints to standard output.
fn run(source: &str) -> Result<String, Failed> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("script.py"), source)?;
    let mut child = python::command()
        .arg("script.py")
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let output = drained(child.stdout.take());
    let errors = drained(child.stderr.take());
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if start.elapsed() > LIMIT {
            child.kill()?;
            child.wait()?;
            return Err("the script does not end".into());
        }
        thread::sleep(Duration::from_millis(10));
    };
    let output = output.join().map_err(|_| "the output cannot be read")?;
    let errors = errors
        .join()
        .map_err(|_| "the error output cannot be read")?;
    if !status.success() {
        return Err(format!("{status}\n{errors}").into());
    }
    Ok(output)
}

/// Reads a pipe to its end, so that the script never waits for room in it.
fn drained(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read before an error is still worth comparing.
            let _ = pipe.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).replace("\r\n", "\n")
    })
}
