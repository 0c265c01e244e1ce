//! Practice sheets that are open in the editor: reading them, and carrying out what is chosen on them.
//!
//! The log is written first, then the client is asked to change the document. A sheet says by itself how far it is, so that
//! nothing here has to be kept between two choices.

use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ropey::Rope;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tower_lsp::ls_types::{
    CodeAction, CodeActionOrCommand, CodeLens, Command, CompletionItem, CompletionItemKind,
    CompletionTextEdit, MessageType, OneOf, OptionalVersionedTextDocumentIdentifier, Position,
    Range, TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};
use uuid::Uuid;

use super::capabilities::ClientCapabilities;
use super::commands;
use super::from_proto;
use super::occurrences;
use super::session::{Session, blocking};
use crate::practice::face::{self, Face};
use crate::practice::forecast::forecast;
use crate::practice::progress::{Progress, Standing};
use crate::practice::scheduler::{Phase, SCHEDULER};
use crate::practice::sheet::{self, Around, Choice, Mark, Sheet, Stage};
use crate::practice::{Entry, Event, Grade, Moment, Review, queue};
use crate::text::document::{Change, Document};
use crate::text::edit::TextEdit as Edit;
use crate::text::position::{rope_offset, rope_position};

/// The folder of sheets in a workspace.
const FOLDER: &str = ".hotseat";

/// The sheet's name.
const FILE: &str = "practice.md";

/// Where sheets are, for clients that are told.
pub const PATTERN: &str = "**/.hotseat/practice.md";

/// Starts practice; the argument is the id of a question, if one is to be asked now.
pub const START: &str = "hotseat.startPractice";

/// Carries out a choice; the argument is a [`Request`].
pub const CHOOSE: &str = "hotseat.practice";

/// How often an edit is made anew because the document has changed meanwhile.
const ATTEMPTS: usize = 5;

/// How many places of the person's own code a sheet names.
const PLACES: usize = 3;

/// An answer that took longer was interrupted. Seconds.
const LONGEST: f64 = 3600.0;

/// A choice on a sheet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Request {
    /// The sheet.
    pub uri: Uri,
    /// The name of the choice.
    pub choice: String,
    /// The attempt that the sheet was at when the choice was offered. Of another attempt nothing is chosen.
    pub attempt: Uuid,
}

/// The sheets that are open.
#[derive(Debug, Default)]
pub struct Sheets(HashMap<Uri, OpenSheet>);

#[derive(Debug)]
struct OpenSheet {
    document: Document,
    /// The last text that could be read.
    before: String,
    /// What the client was asked to make of it. Clients that wait a little before they tell what has changed tell this and the
    /// next tick as one.
    expected: Option<String>,
}

/// Whether a document is a sheet.
pub fn is_sheet(uri: &Uri) -> bool {
    let path = uri.to_file_path();
    path.is_some_and(|path| path.ends_with(Path::new(FOLDER).join(FILE)))
}

impl Sheets {
    /// Opens a sheet.
    pub fn open(&mut self, uri: Uri, text: &str, version: i32) {
        let sheet = OpenSheet {
            document: Document::new(text, version),
            before: text.to_owned(),
            expected: None,
        };
        self.0.insert(uri, sheet);
    }

    /// Forgets a sheet; false if it is not open.
    pub fn close(&mut self, uri: &Uri) -> bool {
        self.0.remove(uri).is_some()
    }

    /// Whether a sheet is open.
    pub fn has(&self, uri: &Uri) -> bool {
        self.0.contains_key(uri)
    }

    /// Applies changes to a sheet. Answers the choice whose box was ticked by them, if one was.
    pub fn change(
        &mut self,
        uri: &Uri,
        changes: &[Change],
        client: &ClientCapabilities,
        version: i32,
    ) -> Option<Request> {
        let open = self.0.get_mut(uri)?;
        if let Err(error) = open.document.apply(changes, client.encoding, version) {
            tracing::warn!("{}: {error}", uri.as_str());
        }
        let text = open.document.text()?.to_string();
        let sheet = sheet::read(&text)?;
        let expected = open.expected.as_deref();
        let choice = sheet::ticked(&open.before, &text)
            .or_else(|| expected.and_then(|expected| sheet::ticked(expected, &text)));
        open.before = text;
        Some(Request {
            uri: uri.clone(),
            choice: choice?.name().to_owned(),
            attempt: sheet.mark.attempt,
        })
    }

    /// Notes what the client is asked to make of a sheet.
    fn will_be(&mut self, uri: &Uri, text: &str) {
        if let Some(open) = self.0.get_mut(uri) {
            open.expected = Some(text.to_owned());
        }
    }

    /// A sheet's text and version.
    fn get(&self, uri: &Uri) -> Option<(Rope, i32)> {
        let document = &self.0.get(uri)?.document;
        Some((document.text()?.clone(), document.version()))
    }

    /// The address that the client has for an open sheet.
    fn at(&self, path: &Path) -> Option<Uri> {
        let mut open = self.0.keys();
        open.find(|uri| uri.to_file_path().is_some_and(|p| p == path))
            .cloned()
    }
}

/// What a choice leads to.
enum Outcome {
    /// The same card at another stage; with the result of the grade, if that is it.
    Stage(Stage, String),
    /// Another sheet.
    Sheet(String),
}

/// Starts practice: shows the sheet, with a question of one's choice or the next one.
pub async fn start(session: Arc<Session>, question: Option<String>) {
    let client = Arc::clone(&session.state().client);
    if !client.apply_edit {
        let message = "This editor lets no server change a document: practise with `hotseat practice` in a terminal.";
        return session.tell(MessageType::WARNING, message);
    }
    let turn = session.practice.turn.lock().await;
    let starter = Arc::clone(&session);
    let started = blocking(move || begin(&starter, question.as_deref())).await;
    let path = match started {
        Ok(Ok(Begun { path, text: None })) => path,
        Ok(Ok(Begun {
            path,
            text: Some((uri, text)),
        })) => {
            replace(&session, &uri, |_| Some(text.clone())).await;
            path
        }
        Ok(Err(problem)) => return session.tell(MessageType::ERROR, problem),
        Err(_) => return,
    };
    drop(turn);
    let place = format!("The practice sheet is {}.", path.display());
    commands::show(session, &path, place);
}

/// A session that has begun.
struct Begun {
    path: PathBuf,
    /// What an open sheet has to become.
    text: Option<(Uri, String)>,
}

fn begin(session: &Arc<Session>, question: Option<&str>) -> Result<Begun, String> {
    let path = sheet_path(session)?;
    let open = session.state().sheets.at(&path);
    let present = match &open {
        Some(uri) => session
            .state()
            .sheets
            .get(uri)
            .map(|(text, _)| text.to_string()),
        None => fs::read_to_string(&path).ok(),
    };
    session.log_plan()?;
    let is_open = |sheet: &Sheet| matches!(sheet.mark.stage, Stage::Asked(_) | Stage::Revealed);
    if question.is_none()
        && let Some(sheet) = present.as_deref().and_then(sheet::read).filter(is_open)
        && !session
            .progress()?
            .reviews
            .iter()
            .any(|r| r.id == sheet.mark.attempt)
    {
        return Ok(Begun { path, text: None });
    }
    let practice = &session.practice;
    practice.skipped().clear();
    practice.go_beyond(false);
    let id = Uuid::now_v7();
    let begins = Event::Session {
        session: id,
        ended: false,
    };
    session.log(&[Entry::now(begins)])?;
    let text = match question {
        Some(question) => {
            let progress = session.progress()?;
            ask(session, &progress, question, id, Stage::Asked(0), "")
                .ok_or_else(|| format!("There is no question `{question}`."))?
        }
        None => next(session, id, "")?,
    };
    if let Some(uri) = open {
        return Ok(Begun {
            path,
            text: Some((uri, text)),
        });
    }
    write(&path, &text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Begun { path, text: None })
}

/// The sheet of the first workspace folder, or one in the user's data folder if there is none.
fn sheet_path(session: &Session) -> Result<PathBuf, String> {
    let folder = session.state().folders.first().cloned();
    let folder = match folder {
        Some(folder) => folder,
        None => crate::practice::store::default_path()
            .map_err(|error| error.to_string())?
            .parent()
            .unwrap_or(Path::new(""))
            .to_owned(),
    };
    Ok(folder.join(FOLDER).join(FILE))
}

/// Writes a sheet that no editor has open, beside a `.gitignore` that keeps the folder out of version control.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder)?;
    let ignore = folder.join(".gitignore");
    if !ignore.exists() {
        fs::write(ignore, "*\n")?;
    }
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Carries out a choice.
pub async fn choose(session: Arc<Session>, request: Request) {
    let Some(choice) = Choice::named(&request.choice) else {
        return;
    };
    let turn = session.practice.turn.lock().await;
    let read = session.state().sheets.get(&request.uri);
    let Some((text, _)) = read else {
        let message = "The practice sheet is not open any more: start practice again.";
        return session.tell(MessageType::WARNING, message);
    };
    let Some(sheet) = sheet::read(&text.to_string()) else {
        let message = "The marks of the practice sheet are damaged: undo the last change, or start practice again.";
        return session.tell(MessageType::WARNING, message);
    };
    let mark = sheet.mark.clone();
    // What was offered for another card or stage has been done already.
    if mark.attempt != request.attempt || !mark.stage.choices().contains(&choice) {
        return;
    }
    let actor = Arc::clone(&session);
    let outcome = blocking(move || carry_out(&actor, &sheet, choice)).await;
    let outcome = match outcome {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(problem)) => return session.tell(MessageType::ERROR, problem),
        Err(_) => return,
    };
    let session_of_tail = Arc::clone(&session);
    replace(&session, &request.uri, |text| {
        let sheet = sheet::read(text).filter(|sheet| sheet.mark == mark)?;
        match &outcome {
            Outcome::Sheet(text) => Some(text.clone()),
            Outcome::Stage(stage, result) => {
                let tail = tail(&session_of_tail, &sheet, *stage, result)?;
                crate::text::edit::apply(text, &sheet.to_stage(*stage, &tail)).ok()
            }
        }
    })
    .await;
    drop(turn);
    let looker = Arc::clone(&session);
    // Whether the lenses can be told is for the log to say.
    let _ = blocking(move || looker.look_at_practice()).await;
}

/// Asks the client to make a text of what a sheet is; again, if the sheet has changed meanwhile.
async fn replace(session: &Arc<Session>, uri: &Uri, new: impl Fn(&str) -> Option<String>) {
    for _ in 0..ATTEMPTS {
        let (read, client) = {
            let state = session.state();
            (state.sheets.get(uri), Arc::clone(&state.client))
        };
        let Some((text, version)) = read else {
            return;
        };
        let present = text.to_string();
        let Some(new) = new(&present) else {
            return;
        };
        session.state().sheets.will_be(uri, &new);
        let edit = Document::new(&present, version).replace_all(&new);
        let edit = workspace_edit(uri, version, &text, edit, &client);
        match session.client.apply_edit(edit).await {
            Ok(answer) if answer.applied => return,
            Ok(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
            Err(error) => {
                tracing::warn!("the client does not change the sheet: {error}");
                return;
            }
        }
    }
    let message = "The editor has not changed the practice sheet. What you have graded is saved; start practice again.";
    session.tell(MessageType::WARNING, message);
}

fn workspace_edit(
    uri: &Uri,
    version: i32,
    text: &Rope,
    edit: Edit,
    client: &ClientCapabilities,
) -> WorkspaceEdit {
    let position = |offset: usize| {
        let position = rope_position(text, offset, client.encoding);
        Position::new(position.line, position.character)
    };
    let edit = TextEdit {
        range: Range::new(position(edit.start), position(edit.end)),
        new_text: edit.text,
    };
    if client.versioned_edits {
        let edit = TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier {
                uri: uri.clone(),
                version: Some(version),
            },
            edits: vec![OneOf::Left(edit)],
        };
        WorkspaceEdit {
            document_changes: Some(tower_lsp::ls_types::DocumentChanges::Edits(vec![edit])),
            ..WorkspaceEdit::default()
        }
    } else {
        WorkspaceEdit {
            changes: Some(HashMap::from([(uri.clone(), vec![edit])])),
            ..WorkspaceEdit::default()
        }
    }
}

/// Writes down what was chosen and says what the sheet becomes. Blocks.
fn carry_out(session: &Arc<Session>, sheet: &Sheet, choice: Choice) -> Result<Outcome, String> {
    let mark = &sheet.mark;
    let card = mark.card.clone();
    match choice {
        Choice::Reveal => Ok(Outcome::Stage(Stage::Revealed, String::new())),
        Choice::Hint => {
            let hints = match mark.stage {
                Stage::Asked(hints) => hints + 1,
                _ => 1,
            };
            Ok(Outcome::Stage(Stage::Asked(hints), String::new()))
        }
        Choice::Grade(grade) => {
            let result = grade_card(session, sheet, grade)?;
            Ok(Outcome::Stage(Stage::Graded, result))
        }
        Choice::Next => next(session, mark.session, "").map(Outcome::Sheet),
        Choice::Skip => {
            session.practice.skipped().push(card);
            next(session, mark.session, "").map(Outcome::Sheet)
        }
        Choice::Bury => {
            let tomorrow = Moment::now().day().tomorrow();
            let until = tomorrow.map_err(|error| error.to_string())?;
            session.log(&[Entry::now(Event::Bury { card, until })])?;
            next(session, mark.session, "").map(Outcome::Sheet)
        }
        Choice::Mute => {
            session.log(&[Entry::now(Event::Mute { card })])?;
            let note =
                "That question is not asked any more; `hotseat progress undo` takes it back.";
            next(session, mark.session, note).map(Outcome::Sheet)
        }
        Choice::Undo => undo(session, mark),
        Choice::More => {
            session.practice.go_beyond(true);
            next(session, mark.session, "").map(Outcome::Sheet)
        }
        Choice::Finish => {
            let ends = Event::Session {
                session: mark.session,
                ended: true,
            };
            session.log(&[Entry::now(ends)])?;
            let progress = session.progress()?;
            let summary = summary(session, &progress, mark.session);
            Ok(Outcome::Sheet(sheet::finished(mark.session, &summary)))
        }
    }
}

/// Writes a grade down, once for each attempt, and says when the card comes again.
fn grade_card(session: &Arc<Session>, sheet: &Sheet, grade: Grade) -> Result<String, String> {
    let mark = &sheet.mark;
    let card = mark.card.clone();
    let catalog = session.questions.get().engine.catalog();
    let revision = face::face(catalog, &card).map_or(0, |face| face.revision);
    let at = Moment::now();
    let review = |id: Uuid| Entry {
        id,
        at,
        event: Event::Review(Review {
            card: card.clone(),
            revision,
            grade,
            seconds: seconds_since(mark.attempt, at),
            scheduler: SCHEDULER.to_owned(),
            source: "sheet".to_owned(),
            session: Some(mark.session),
            points: sheet.points(),
        }),
    };
    session.log(&[review(mark.attempt)])?;
    let mut progress = session.progress()?;
    let mut counted = progress
        .reviews
        .iter()
        .find(|r| r.id == mark.attempt)
        .cloned();
    if counted.is_none() {
        // This very attempt was graded and taken back: the grade of today is a new one.
        let again = review(Uuid::now_v7());
        session.log(std::slice::from_ref(&again))?;
        progress = session.progress()?;
        counted = progress.reviews.iter().find(|r| r.id == again.id).cloned();
    }
    let grade = counted.map_or(grade, |counted| counted.review.grade);
    let when = when(&progress, &card);
    Ok(format!("**{}.** {when}", Choice::Grade(grade).label()))
}

/// The seconds since an attempt began, which its id says; none if the person was away.
fn seconds_since(attempt: Uuid, at: Moment) -> Option<f64> {
    let (seconds, nanoseconds) = attempt.get_timestamp()?.to_unix();
    let began = i64::try_from(seconds).ok()? * 1000 + i64::from(nanoseconds / 1_000_000);
    let millis = i32::try_from(at.millis() - began).ok()?;
    let seconds = f64::from(millis) / 1000.0;
    (0.0..LONGEST).contains(&seconds).then_some(seconds)
}

/// When a card comes again, as a sentence.
fn when(progress: &Progress, card: &str) -> String {
    let Some(known) = progress.cards.get(card) else {
        return String::new();
    };
    if known.card.phase != Phase::Review {
        let minutes = (known.card.due.millis() - progress.now.millis() + 59_999) / 60_000;
        return match minutes.max(1) {
            1 => "It comes again in a minute.".to_owned(),
            minutes => format!("It comes again in {minutes} minutes."),
        };
    }
    let day = progress.due_day(&known.card);
    let days = crate::practice::progress::days_between(progress.today(), day);
    let date = day.strftime("%-d %B");
    match days {
        ..=0 => "It comes again today.".to_owned(),
        1 => format!("It comes again tomorrow, {date}."),
        days => format!("It comes again in {days} days, on {date}."),
    }
}

/// Takes the last grade of today back and asks that card again, with its answer shown.
fn undo(session: &Arc<Session>, mark: &Mark) -> Result<Outcome, String> {
    let progress = session.progress()?;
    let today = progress.today();
    let last = progress.last_review().filter(|last| last.at.day() == today);
    let Some(last) = last.cloned() else {
        session.tell(
            MessageType::INFO,
            "There is no grade of today to take back.",
        );
        return Ok(Outcome::Stage(mark.stage, String::new()));
    };
    session.log(&[Entry::now(Event::Undo { entry: last.id })])?;
    let progress = session.progress()?;
    let taken = Choice::Grade(last.review.grade).label();
    let note = format!("Taken back: {taken}. Grade it again.");
    let card = &last.review.card;
    let text = ask(
        session,
        &progress,
        card,
        mark.session,
        Stage::Revealed,
        &note,
    );
    Ok(match text {
        Some(text) => Outcome::Sheet(text),
        None => Outcome::Sheet(next(session, mark.session, &note)?),
    })
}

/// The sheet of the next card, or the end of the session.
fn next(session: &Arc<Session>, id: Uuid, note: &str) -> Result<String, String> {
    let progress = session.progress()?;
    let catalog = session.questions.get().engine.catalog();
    let subjects = queue::subjects(catalog, &progress);
    let agenda = queue::agenda(&progress, &subjects);
    let mut cards = agenda.cards.clone();
    if session.practice.goes_beyond() {
        let more = queue::beyond(&progress, &subjects);
        let answered: Vec<&str> = progress
            .reviews_today()
            .map(|counted| counted.review.card.as_str())
            .collect();
        let more = more
            .into_iter()
            .filter(|card| !answered.contains(&card.as_str()));
        cards.extend(more);
    }
    let mut skipped = session.practice.skipped();
    let unskipped = cards.iter().find(|card| !skipped.contains(card));
    if unskipped.is_none() {
        skipped.clear();
    }
    let card = unskipped.or(cards.first()).cloned();
    drop(skipped);
    let mut notes = note.to_owned();
    if agenda.restart && progress.reviews_today().next().is_none() {
        let later = agenda.later;
        notes = format!(
            "{notes} Welcome back. A few questions to begin with; {later} more are due and can wait."
        );
    }
    let asked =
        card.and_then(|card| ask(session, &progress, &card, id, Stage::Asked(0), notes.trim()));
    Ok(match asked {
        Some(text) => text,
        None => sheet::finished(id, &summary(session, &progress, id)),
    })
}

/// The sheet of a card; none if there is no such card.
fn ask(
    session: &Arc<Session>,
    progress: &Progress,
    card: &str,
    id: Uuid,
    stage: Stage,
    note: &str,
) -> Option<String> {
    let catalog = session.questions.get().engine.catalog();
    let face = face::face(catalog, card)?;
    let mark = Mark {
        card: card.to_owned(),
        attempt: Uuid::now_v7(),
        session: id,
        stage,
    };
    let known = progress.cards.get(card);
    let mut note = note.to_owned();
    if known.is_some_and(|known| known.revision < face.revision) {
        note = format!("The answer changed since you saw it last. {note}");
    }
    let around = Around {
        facts: facts(session, progress, card, &face),
        places: places(session, &face.question),
        note: note.trim().to_owned(),
    };
    Some(sheet::asked(&mark, &face, &around))
}

fn facts(session: &Session, progress: &Progress, card: &str, face: &Face) -> String {
    let catalog = session.questions.get().engine.catalog();
    let question = catalog.question(&face.question);
    let mut facts: Vec<String> = Vec::new();
    if let Some(question) = question {
        facts.push(question.level.clone());
        facts.push(crate::ide::render::section_title(&question.section));
    }
    facts.push(
        match progress.standing(card) {
            Standing::New => "new",
            Standing::Due => "due",
            Standing::Waiting | Standing::Known => "ahead of time",
            Standing::Muted => "muted",
        }
        .to_owned(),
    );
    let agenda = queue::agenda(progress, &queue::subjects(catalog, progress));
    let others = agenda.cards.iter().filter(|other| *other != card).count();
    facts.push(format!("{others} more today"));
    match progress.days_left() {
        Some(0) => facts.push("interview today".to_owned()),
        Some(1) => facts.push("interview tomorrow".to_owned()),
        Some(days) => facts.push(format!("interview in {days} days")),
        None => {}
    }
    facts.join(" · ")
}

/// Where the person's own code is about a question, as far as that is known: nobody waits for a search.
fn places(session: &Arc<Session>, question: &str) -> Vec<String> {
    let Ok(path) = sheet_path(session) else {
        return Vec::new();
    };
    let folder = path.parent().and_then(Uri::from_file_path);
    let link = |address: &str| {
        let way = folder
            .as_ref()
            .and_then(|f| super::pages::way(f.as_str(), address));
        way.unwrap_or_else(|| address.to_owned())
    };
    // What it finds is there for the next card.
    let _ = occurrences::search(session);
    let files = occurrences::files(session, question, &link);
    let mut places = crate::ide::pages::places(&files);
    places.truncate(PLACES);
    places
}

/// What was done in a session, and what is to come.
fn summary(session: &Session, progress: &Progress, id: Uuid) -> String {
    let catalog = session.questions.get().engine.catalog();
    let of_session = |r: &&crate::practice::progress::Counted| r.review.session == Some(id);
    let reviews: Vec<_> = progress.reviews.iter().filter(of_session).collect();
    let mut lines = Vec::new();
    if reviews.is_empty() {
        lines.push("Nothing was graded in this session.".to_owned());
    } else {
        let count = |grade: Grade| reviews.iter().filter(|r| r.review.grade == grade).count();
        let counts = Grade::ALL.iter().rev().filter(|grade| count(**grade) > 0);
        let counts: Vec<String> = counts
            .map(|grade| format!("{} {}", count(*grade), grade.name()))
            .collect();
        let answers = match reviews.len() {
            1 => "One answer".to_owned(),
            number => format!("{number} answers"),
        };
        lines.push(format!("{answers} in this session: {}.", counts.join(", ")));
    }
    let subjects = queue::subjects(catalog, progress);
    let agenda = queue::agenda(progress, &subjects);
    if !agenda.cards.is_empty() {
        lines.push(format!("{} more today.", agenda.cards.len()));
    } else if let Some(next) = agenda.next {
        let next = next.date().strftime("%-d %B");
        lines.push(format!(
            "Nothing more is planned for today. The next question is due on {next}."
        ));
    } else {
        lines.push("Nothing more is planned for today.".to_owned());
    }
    if let Some(forecast) = forecast(progress, &queue::questions(catalog, progress)) {
        lines.push(forecast.sentence());
    }
    lines.join("\n\n")
}

/// What stands behind the person's answer at a stage.
fn tail(session: &Arc<Session>, sheet: &Sheet, stage: Stage, result: &str) -> Option<String> {
    let catalog = session.questions.get().engine.catalog();
    if stage == Stage::Finished {
        return Some(sheet::finished_tail());
    }
    let face = face::face(catalog, &sheet.mark.card)?;
    Some(match stage {
        Stage::Asked(hints) => sheet::asked_tail(&face, hints),
        Stage::Revealed => {
            let progress = session.progress().ok()?;
            let known = progress.cards.get(&sheet.mark.card);
            let missed = |key: &str| known.is_some_and(|k| k.points.get(key) == Some(&false));
            sheet::revealed_tail(&face, &sheet.points(), &missed)
        }
        Stage::Graded | Stage::Finished => sheet::graded_tail(&face, &sheet.points(), result),
    })
}

fn command(uri: &Uri, sheet: &Sheet, choice: Choice, title: String) -> Command {
    let request = Request {
        uri: uri.clone(),
        choice: choice.name().to_owned(),
        attempt: sheet.mark.attempt,
    };
    Command {
        title,
        command: CHOOSE.to_owned(),
        arguments: Some(vec![json!(request)]),
    }
}

/// What a lens or an action says for a choice.
fn title(sheet: &Sheet, choice: Choice) -> String {
    match choice {
        Choice::Grade(grade) if sheet.suggested() == Some(grade) => {
            format!("{} (suggested)", choice.label())
        }
        _ => choice.label().to_owned(),
    }
}

/// The lenses of an open sheet: its choices, at their heading, and at the title as well while the answer pushes them out of
/// sight. None if it is no sheet.
pub fn lenses(session: &Session, uri: &Uri) -> Option<Vec<CodeLens>> {
    let (text, encoding) = {
        let state = session.state();
        (state.sheets.get(uri)?.0, state.client.encoding)
    };
    let Some(sheet) = sheet::read(&text.to_string()) else {
        return Some(Vec::new());
    };
    let at = |offset: usize| {
        let line = rope_position(&text, offset, encoding).line;
        // Editors sort the lenses of a line by where they start.
        let sheet = &sheet;
        (0..).zip(&sheet.items).map(move |(place, item)| CodeLens {
            range: Range::new(Position::new(line, place), Position::new(line, place)),
            command: Some(command(uri, sheet, item.choice, title(sheet, item.choice))),
            data: None,
        })
    };
    let is_long = sheet.mark.stage == Stage::Revealed;
    let above = is_long.then(|| at(sheet.title)).into_iter().flatten();
    Some(above.chain(at(sheet.heading)).collect())
}

/// The actions of an open sheet: its choices, after the tick of the key point on the line. None if it is no sheet.
pub fn actions(session: &Session, uri: &Uri, at: Position) -> Option<Vec<CodeActionOrCommand>> {
    let ((text, version), client) = {
        let state = session.state();
        (state.sheets.get(uri)?, Arc::clone(&state.client))
    };
    let literals = client.action_literals;
    let Some(sheet) = sheet::read(&text.to_string()) else {
        return Some(Vec::new());
    };
    let actions = sheet.items.iter().map(|item| {
        let title = title(&sheet, item.choice);
        let command = command(uri, &sheet, item.choice, title.clone());
        if !literals {
            return command.into();
        }
        CodeActionOrCommand::CodeAction(CodeAction {
            title,
            command: Some(command),
            ..CodeAction::default()
        })
    });
    let offset = rope_offset(&text, from_proto::position(at), client.encoding);
    let toggled = sheet.toggled_at(offset).filter(|_| literals);
    let tick = toggled.map(|(edit, ticks)| {
        let title = if ticks {
            "Tick this key point"
        } else {
            "Untick this key point"
        };
        CodeActionOrCommand::CodeAction(CodeAction {
            title: title.to_owned(),
            edit: Some(workspace_edit(uri, version, &text, edit, &client)),
            ..CodeAction::default()
        })
    });
    Some(tick.into_iter().chain(actions).collect())
}

/// What can be chosen by typing a slash and a word at the start of a line. None if this is no sheet.
pub fn completions(session: &Session, uri: &Uri, at: Position) -> Option<Vec<CompletionItem>> {
    let (text, encoding) = {
        let state = session.state();
        (state.sheets.get(uri)?.0, state.client.encoding)
    };
    let string = text.to_string();
    let sheet = sheet::read(&string)?;
    let offset = rope_offset(&text, from_proto::position(at), encoding);
    let before = string.get(..offset)?;
    let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
    let typed = line.trim_start();
    if !typed.starts_with('/') || typed.contains(' ') {
        return Some(Vec::new());
    }
    let start = rope_position(&text, offset - typed.len(), encoding);
    let range = Range::new(Position::new(start.line, start.character), at);
    let items = sheet.items.iter().map(|item| {
        let word = format!("/{}", item.choice.name());
        let title = title(&sheet, item.choice);
        CompletionItem {
            label: word.clone(),
            detail: Some(title.clone()),
            kind: Some(CompletionItemKind::EVENT),
            filter_text: Some(word),
            // The word goes, the command stays.
            text_edit: Some(CompletionTextEdit::Edit(TextEdit {
                range,
                new_text: String::new(),
            })),
            command: Some(command(uri, &sheet, item.choice, title)),
            ..CompletionItem::default()
        }
    });
    Some(items.collect())
}
