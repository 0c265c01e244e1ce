//! Practice in the editor: the log, how the questions stand, and what lenses and status bars say about it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::MessageType;
use tower_lsp::ls_types::notification::Notification;

use super::session::{Session, blocking};
use crate::ide::{Mark, Marks};
use crate::practice::progress::{Progress, Standing};
use crate::practice::{Entry, Event, Moment, Store, StoreError, queue, store};

/// How often the log is looked at: other editors and the command line write to it, and time makes cards due.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// What the session knows about practice.
#[derive(Debug)]
pub struct Practice {
    /// The file of the log, or why there is none.
    path: Result<PathBuf, String>,
    store: Mutex<Option<Store>>,
    /// The cards that are to come last.
    skipped: Mutex<Vec<String>>,
    /// More was asked for than today's agenda.
    beyond: AtomicBool,
    /// Whoever changes a sheet.
    pub turn: tokio::sync::Mutex<()>,
    /// The last status that the client was told.
    told: Mutex<Option<Status>>,
}

/// How much there is to do: the parameters of `hotseat/status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// How many cards are due.
    pub due: usize,
    /// How many new ones are planned for today.
    pub new: usize,
}

/// `hotseat/status`: for clients that announce `experimental.hotseatStatus`.
#[derive(Debug)]
enum StatusNotification {}

impl Notification for StatusNotification {
    type Params = Status;
    const METHOD: &'static str = "hotseat/status";
}

impl Practice {
    /// With the log in the user's data folder, which is not touched before somebody practises.
    pub fn in_user_data() -> Self {
        Self {
            path: store::default_path().map_err(|error| error.to_string()),
            store: Mutex::default(),
            skipped: Mutex::default(),
            beyond: AtomicBool::new(false),
            turn: tokio::sync::Mutex::default(),
            told: Mutex::default(),
        }
    }

    /// The cards that are to come last.
    pub fn skipped(&self) -> MutexGuard<'_, Vec<String>> {
        self.skipped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for more than today's agenda, or no more.
    pub fn go_beyond(&self, beyond: bool) {
        self.beyond.store(beyond, Ordering::Relaxed);
    }

    /// Whether more was asked for than today's agenda.
    pub fn goes_beyond(&self) -> bool {
        self.beyond.load(Ordering::Relaxed)
    }

    fn store(&self) -> MutexGuard<'_, Option<Store>> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    /// Does something with the log, which is made if there is none. Blocks.
    ///
    /// # Errors
    ///
    /// If the log cannot be used: a line for the user.
    pub fn with_log<T>(
        self: &Arc<Self>,
        action: impl FnOnce(&mut Store) -> Result<T, StoreError>,
    ) -> Result<T, String> {
        let practice = &self.practice;
        let path = practice.path.as_ref().map_err(String::clone)?;
        let mut store = practice.store();
        let open = match &mut *store {
            Some(open) => open,
            none => {
                let new = Store::open(path).map_err(|error| error.to_string())?;
                if let Some(warning) = new.warning() {
                    self.tell(MessageType::WARNING, warning);
                }
                none.insert(new)
            }
        };
        action(open).map_err(|error| {
            // Whatever is wrong with this connection, the next one may do better.
            *store = None;
            error.to_string()
        })
    }

    /// Adds entries to the log. Blocks.
    ///
    /// # Errors
    ///
    /// If the log cannot be used: a line for the user.
    pub fn log(self: &Arc<Self>, entries: &[Entry]) -> Result<usize, String> {
        self.with_log(|store| store.add(entries))
    }

    /// What follows from the log now, with the user's settings. Blocks.
    ///
    /// # Errors
    ///
    /// If the log cannot be used: a line for the user.
    pub fn progress(self: &Arc<Self>) -> Result<Progress, String> {
        let mut entries = self.with_log(|store| store.entries())?;
        let plan = self.state().settings.plan.clone();
        let now = Entry::now(Event::Plan(plan));
        let at = now.at;
        entries.push(now);
        Ok(Progress::of(&entries, at))
    }

    /// Writes down what the user has set for practice, if the log says something else, so that it counts on the command
    /// line as well. Blocks.
    ///
    /// # Errors
    ///
    /// If the log cannot be used: a line for the user.
    pub fn log_plan(self: &Arc<Self>) -> Result<(), String> {
        let entries = self.with_log(|store| store.entries())?;
        let logged = Progress::of(&entries, Moment::now());
        let set = self.progress()?;
        if (logged.settings, logged.scheduler.retention) != (set.settings, set.scheduler.retention)
        {
            let plan = self.state().settings.plan.clone();
            self.log(&[Entry::now(Event::Plan(plan))])?;
        }
        Ok(())
    }

    /// Shows how the questions stand now, if there is a log. Blocks.
    pub fn look_at_practice(self: &Arc<Self>) {
        let exists = |path: &PathBuf| path.exists();
        if !self.practice.path.as_ref().is_ok_and(exists) {
            return;
        }
        let progress = match self.progress() {
            Ok(progress) => progress,
            Err(error) => return tracing::warn!("practice: {error}"),
        };
        let catalog = self.questions.get().engine.catalog();
        let mark = |standing| match standing {
            Standing::New => Some(Mark::New),
            Standing::Due => Some(Mark::Due),
            Standing::Known | Standing::Muted => Some(Mark::Known),
            Standing::Waiting => None,
        };
        // Who has never practised is told nothing.
        let practised = !progress.cards.is_empty();
        let questions = catalog.questions.iter().filter(|_| practised);
        let marks: Marks = questions
            .filter_map(|q| Some((q.id.clone(), mark(progress.standing(&q.id))?)))
            .collect();
        let agenda = queue::agenda(&progress, &queue::subjects(catalog, &progress));
        let changed = self.state().set_marks(marks);
        if changed {
            self.show_lenses_again();
            // A report on its way was about the state before, and is dropped.
            let open = self.state().open_documents();
            for uri in &open {
                self.push_diagnostics(uri);
            }
        }
        let status = Status {
            due: agenda.due,
            new: agenda.new,
        };
        let mut told = self
            .practice
            .told
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if self.state().client.shows_status && told.as_ref() != Some(&status) {
            *told = Some(status.clone());
            let client = self.client.clone();
            tokio::spawn(
                async move { client.send_notification::<StatusNotification>(status).await },
            );
        }
    }
}

/// Follows the log until the session is over.
pub async fn follow(session: Arc<Session>) {
    loop {
        let looker = Arc::clone(&session);
        if blocking(move || looker.look_at_practice()).await.is_err() {
            return;
        }
        tokio::time::sleep(LOOK_EVERY).await;
        if session.changes.are_over() {
            return;
        }
    }
}
