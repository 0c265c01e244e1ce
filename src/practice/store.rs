//! The log of practice on the disk: one `SQLite` file that several editors and the command line write to at once.
//!
//! Entries are only ever added. A file that is damaged is set aside, never written to.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use etcetera::BaseStrategy as _;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, params};

use super::event::Entry;

/// The name of the file.
const FILE: &str = "practice.db";

/// How long a writer waits for others.
const PATIENCE: Duration = Duration::from_secs(20);

/// Each step brings the file from the version that is its place to the next one. Never change a step: add one.
const MIGRATIONS: [&str; 1] = ["
    CREATE TABLE entry (
        -- In the order of arrival here; `at` is what the clock showed there.
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        at INTEGER NOT NULL,
        line TEXT NOT NULL CHECK (json_valid(line))
    ) STRICT;
    CREATE VIEW review AS
        SELECT id, line ->> 'card' AS card, line ->> 'revision' AS revision, line ->> 'grade' AS grade,
            line ->> 'at' AS at, line ->> 'seconds' AS seconds, line ->> 'scheduler' AS scheduler,
            line ->> 'source' AS source, line ->> 'session' AS session
        FROM entry WHERE line ->> 'type' = 'review' ORDER BY number;
"];

/// Why the store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system does not say where the user's data is kept.
    #[error("there is no folder for the user's data: {0}")]
    NoFolder(String),
    /// A newer version has written the file.
    #[error(
        "{} was written by a newer hotseat (format {found}, this one knows {}): update hotseat",
        .path.display(), MIGRATIONS.len()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: usize,
    },
    /// A file cannot be read or written.
    #[error("{}: {error}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// `SQLite` refuses.
    #[error("{}: {error}", .path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What it says.
        error: rusqlite::Error,
    },
}

/// The log, open.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    connection: Connection,
    /// Where a damaged file was put when the store was opened.
    set_aside: Option<PathBuf>,
}

/// The file in the folder for the user's data.
///
/// # Errors
///
/// If the system does not name that folder.
pub fn default_path() -> Result<PathBuf, StoreError> {
    let folders = etcetera::choose_base_strategy();
    let folders = folders.map_err(|error| StoreError::NoFolder(error.to_string()))?;
    Ok(folders.data_dir().join(env!("CARGO_PKG_NAME")).join(FILE))
}

impl Store {
    /// Opens the log, which is made if there is none. Blocks while another process opens it.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or written, or is of a newer version. A damaged file is no error: it is set aside.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let io = |error| StoreError::Io {
            path: path.to_owned(),
            error,
        };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(io)?;
        }
        // One at a time: two could both find the file damaged, and set the new one aside.
        let lock = File::create(path.with_extension("lock")).map_err(io)?;
        lock.lock().map_err(io)?;
        let mut set_aside = None;
        let connection = match connect(path) {
            Err(error) if is_damage(&error) => {
                set_aside = Some(put_aside(path).map_err(io)?);
                connect(path)
            }
            result => result,
        };
        let sqlite = |error| StoreError::Sqlite {
            path: path.to_owned(),
            error,
        };
        let mut connection = connection.map_err(sqlite)?;
        let version: i64 = connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(sqlite)?;
        let version = usize::try_from(version).unwrap_or(usize::MAX);
        let steps = MIGRATIONS.get(version..).ok_or(StoreError::Newer {
            path: path.to_owned(),
            found: version,
        })?;
        if !steps.is_empty() {
            migrate(&mut connection, steps).map_err(sqlite)?;
        }
        Ok(Self {
            path: path.to_owned(),
            connection,
            set_aside,
        })
    }

    /// Opens the log if there is one. Nothing is written for somebody who does not practise.
    ///
    /// # Errors
    ///
    /// As for [`Self::open`].
    pub fn open_existing(path: &Path) -> Result<Option<Self>, StoreError> {
        match path.try_exists() {
            Ok(false) => Ok(None),
            _ => Self::open(path).map(Some),
        }
    }

    /// What to tell the person about a damaged file.
    pub fn warning(&self) -> Option<String> {
        let aside = self.set_aside.as_ref()?;
        Some(format!(
            "{} is damaged. It was kept as {}, and practice begins with an empty log; `hotseat progress merge FILE` brings \
             back what you have exported.",
            self.path.display(),
            aside.display()
        ))
    }

    /// Adds entries; those whose id is known already are left out. Either all are on the disk when this returns, or none.
    /// Answers how many were new.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn add(&mut self, entries: &[Entry]) -> Result<usize, StoreError> {
        let lines = entries.iter().map(|entry| (entry.clone(), entry.line()));
        self.add_lines(lines)
    }

    /// As [`Self::add`], with each entry as it was written, which may hold more than this version knows.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn add_lines(
        &mut self,
        entries: impl IntoIterator<Item = (Entry, String)>,
    ) -> Result<usize, StoreError> {
        let add = |connection: &mut Connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut new = 0;
            {
                let insert = "INSERT INTO entry (id, at, line) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO NOTHING";
                let mut insert = transaction.prepare_cached(insert)?;
                for (entry, line) in entries {
                    let id = entry.id.to_string();
                    new += insert.execute(params![id, entry.at.millis(), line])?;
                }
            }
            transaction.commit()?;
            Ok(new)
        };
        add(&mut self.connection).map_err(|error| self.error(error))
    }

    /// All entries in the order of their arrival.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn entries(&self) -> Result<Vec<Entry>, StoreError> {
        let lines = self.lines()?;
        // What is in the file was an entry when it was written; what a newer version means by it does not count here.
        let entries = lines
            .iter()
            .filter_map(|line| serde_json::from_str(line).ok());
        Ok(entries.collect())
    }

    /// All entries as they were written, in the order of their arrival.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn lines(&self) -> Result<Vec<String>, StoreError> {
        let read = || {
            let mut select = self
                .connection
                .prepare_cached("SELECT line FROM entry ORDER BY number")?;
            let lines = select.query_map([], |row| row.get(0))?;
            lines.collect::<rusqlite::Result<Vec<String>>>()
        };
        read().map_err(|error| self.error(error))
    }

    /// A number that is another one after any entry was added, by anybody.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn last_number(&self) -> Result<i64, StoreError> {
        let last = "SELECT coalesce(max(number), 0) FROM entry";
        let last = self.connection.query_row(last, [], |row| row.get(0));
        last.map_err(|error| self.error(error))
    }

    fn error(&self, error: rusqlite::Error) -> StoreError {
        StoreError::Sqlite {
            path: self.path.clone(),
            error,
        }
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    // What is acknowledged survives a loss of power, too.
    connection.pragma_update(None, "synchronous", "full")?;
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" {
        Ok(connection)
    } else {
        let damage = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
        Err(rusqlite::Error::SqliteFailure(damage, Some(verdict)))
    }
}

fn migrate(connection: &mut Connection, steps: &[&str]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in steps {
        transaction.execute_batch(step)?;
    }
    let version = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    transaction.pragma_update(None, "user_version", version)?;
    transaction.commit()
}

fn is_damage(error: &rusqlite::Error) -> bool {
    let damage = [ErrorCode::DatabaseCorrupt, ErrorCode::NotADatabase];
    error
        .sqlite_error_code()
        .is_some_and(|code| damage.contains(&code))
}

/// Renames a file, and what `SQLite` keeps beside it, to a name that is free.
fn put_aside(path: &Path) -> io::Result<PathBuf> {
    let named = |number: usize, end: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".damaged-{number}{end}"));
        PathBuf::from(name)
    };
    let mut number = 1;
    while named(number, "").try_exists()? {
        number += 1;
    }
    for end in ["-wal", "-shm", ""] {
        let mut from = path.as_os_str().to_owned();
        from.push(end);
        match fs::rename(&from, named(number, end)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !end.is_empty() => {}
            result => result?,
        }
    }
    Ok(named(number, ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::event::Event;

    fn mute(card: &str) -> Entry {
        Entry::now(Event::Mute { card: card.into() })
    }

    fn in_folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data").join(FILE);
        (folder, path)
    }

    #[test]
    fn what_is_added_is_there_once_for_everybody() {
        let (_folder, path) = in_folder();
        assert!(Store::open_existing(&path).unwrap().is_none());
        assert!(!path.exists());
        let mut store = Store::open(&path).unwrap();
        let entries = [mute("a"), mute("b")];
        assert_eq!(store.add(&entries).unwrap(), 2);
        assert_eq!(store.add(&entries).unwrap(), 0);
        let other = Store::open_existing(&path).unwrap().unwrap();
        assert_eq!(other.entries().unwrap(), entries);
        assert_eq!(other.last_number().unwrap(), 2);
        assert_eq!(store.warning(), None);
    }

    #[test]
    fn a_damaged_file_is_kept_under_another_name() {
        let (_folder, path) = in_folder();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        for number in 1..=2 {
            let damaged = format!("this is no database, {number}").repeat(100);
            fs::write(&path, &damaged).unwrap();
            let store = Store::open(&path).unwrap();
            let aside = path.with_extension(format!("db.damaged-{number}"));
            assert!(
                store
                    .warning()
                    .unwrap()
                    .contains(&aside.display().to_string())
            );
            assert_eq!(fs::read_to_string(aside).unwrap(), damaged);
            assert_eq!(store.entries().unwrap(), []);
            drop(store);
        }
    }

    #[test]
    fn a_file_with_a_damaged_page_is_kept_as_well() {
        let (_folder, path) = in_folder();
        let mut store = Store::open(&path).unwrap();
        let entries: Vec<Entry> = (0..500).map(|n| mute(&format!("card-{n}"))).collect();
        store.add(&entries).unwrap();
        drop(store);
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle..middle + 8192].fill(0xff);
        fs::write(&path, &bytes).unwrap();
        let store = Store::open(&path).unwrap();
        assert!(store.warning().is_some());
        assert_eq!(
            fs::read(path.with_extension("db.damaged-1")).unwrap(),
            bytes
        );
    }

    #[test]
    fn a_file_of_a_newer_version_is_left_alone() {
        let (_folder, path) = in_folder();
        let store = Store::open(&path).unwrap();
        store
            .connection
            .pragma_update(None, "user_version", 99)
            .unwrap();
        drop(store);
        let error = Store::open(&path).unwrap_err().to_string();
        assert!(error.contains("newer hotseat (format 99"), "{error}");
    }

    #[test]
    fn lines_of_newer_versions_are_kept_as_they_are() {
        let (_folder, path) = in_folder();
        let mut store = Store::open(&path).unwrap();
        let line = r#"{"id":"0197c7a0-0000-7000-8000-000000000001","at":"2026-11-22T21:45:10Z","type":"dream","of":1}"#;
        let entry: Entry = serde_json::from_str(line).unwrap();
        store.add_lines([(entry, line.to_owned())]).unwrap();
        assert_eq!(store.lines().unwrap(), [line]);
    }
}
