//! The server's log file.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use etcetera::BaseStrategy;
use tracing_subscriber::EnvFilter;

/// The environment variable that says what is logged, as `tracing_subscriber`'s filters say it.
const FILTER_VARIABLE: &str = "HOTSEAT_LOG";
const DEFAULT_FILTER: &str = "info,tower_lsp_server=warn";
/// A larger file is moved aside when the server starts.
const MAX_SIZE: u64 = 1 << 20;

/// Starts logging to `file`, or else to the user's state folder. Without a place to log to, nothing is logged.
pub fn start(file: Option<PathBuf>) {
    let Some(path) = file.or_else(default_path) else {
        return;
    };
    match open(&path) {
        Ok(file) => {
            let filter = EnvFilter::try_from_env(FILTER_VARIABLE)
                .unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
            let subscriber = tracing_subscriber::fmt()
                .with_env_filter(filter)
                .with_writer(Mutex::new(file))
                .finish();
            // Fails only if a log has been started already, and then that one goes on.
            let _ = tracing::subscriber::set_global_default(subscriber);
        }
        Err(error) => eprintln!("hotseat: cannot log to {}: {error}", path.display()),
    }
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        tracing::error!("{panic}");
        print(panic);
    }));
}

fn default_path() -> Option<PathBuf> {
    let base = etcetera::choose_base_strategy().ok()?;
    let folder = base.state_dir().unwrap_or_else(|| base.cache_dir());
    Some(folder.join("hotseat").join("server.log"))
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    if fs::metadata(path).is_ok_and(|file| file.len() > MAX_SIZE) {
        fs::rename(path, path.with_extension("old.log"))?;
    }
    OpenOptions::new().create(true).append(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_has_grown_too_large_is_moved_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep").join("server.log");
        open(&path).unwrap().set_len(MAX_SIZE + 1).unwrap();
        assert_eq!(open(&path).unwrap().metadata().unwrap().len(), 0);
        let old = path.with_extension("old.log");
        assert_eq!(fs::metadata(old).unwrap().len(), MAX_SIZE + 1);
    }
}
