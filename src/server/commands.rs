//! The commands behind code lenses and actions.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{
    Command, ExecuteCommandParams, LSPAny, MessageType, Range, ShowDocumentParams, Uri,
    WorkspaceEdit,
};

use super::capabilities::ClientCapabilities;
use super::occurrences::{self, Search};
use super::project_edit::Target;
use super::session::{Session, actions_of, blocking};
use super::sheets;
use super::state::Reading;
use super::to_proto::ToProto;
use crate::ide::{self, ActionEffect, Choice, Edits, Mark};

/// Opens the page of the question whose id is the argument.
const OPEN_QUESTION: &str = "hotseat.openQuestion";
/// Answers with all questions, by section, each as `{id, title, section, level, standing}`: for clients that let one be chosen.
/// The standing is `new`, `due` or `known`; null for what waits, and for all who have never practised.
const QUESTIONS: &str = "hotseat.questions";
/// Applies a fix; the argument is a [`FixRequest`]. For clients that know commands but no code actions.
const APPLY_FIX: &str = "hotseat.applyFix";

/// How long the page of a question waits for the search of the workspace; what comes later is added to it.
const PATIENCE: Duration = Duration::from_millis(500);

/// A fix by the place and the name with which it was offered. Its edits are computed when it is applied.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FixRequest {
    /// The document.
    pub uri: Uri,
    /// The range for which actions were asked.
    pub range: Range,
    /// Which of the actions.
    #[serde(flatten)]
    pub choice: Choice,
    /// The state of the document that it was offered for; any, if there is none.
    #[serde(default)]
    pub revision: Option<u64>,
}

/// The commands that the server can run for this client.
pub fn announced(client: &ClientCapabilities) -> Vec<String> {
    let mut commands = vec![OPEN_QUESTION.to_owned(), QUESTIONS.to_owned()];
    if client.apply_edit {
        commands.extend([sheets::START, sheets::CHOOSE].map(str::to_owned));
    }
    if client.apply_edit && !client.action_literals {
        commands.push(APPLY_FIX.to_owned());
    }
    commands
}

/// The command that opens a question's page.
pub fn open_question(title: String, question: &str) -> Command {
    Command {
        title,
        command: OPEN_QUESTION.to_owned(),
        arguments: Some(vec![json!(question)]),
    }
}

/// The command that asks a question on the practice sheet.
pub fn practise(title: String, question: &str) -> Command {
    Command {
        title,
        command: sheets::START.to_owned(),
        arguments: Some(vec![json!(question)]),
    }
}

/// The command that applies a fix.
pub fn apply_fix(request: &FixRequest) -> Command {
    Command {
        title: request.choice.title.clone(),
        command: APPLY_FIX.to_owned(),
        arguments: Some(vec![json!(request)]),
    }
}

/// Runs a command. Never waits for the client.
///
/// # Errors
///
/// If the command or its argument is unknown.
pub async fn run(session: Arc<Session>, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
    let argument = params.arguments.into_iter().next().unwrap_or_default();
    match params.command.as_str() {
        OPEN_QUESTION => run_open_question(session, argument).await?,
        QUESTIONS => return Ok(Some(questions(session).await?)),
        sheets::START => {
            let question: Option<String> = read(argument, "the id of a question, if any")?;
            tokio::spawn(sheets::start(session, question));
        }
        sheets::CHOOSE => {
            let request = read(argument, "a sheet, a choice and an attempt")?;
            tokio::spawn(sheets::choose(session, request));
        }
        APPLY_FIX => run_apply_fix(session, argument).await?,
        unknown => {
            let message = format!("there is no command `{unknown}`");
            return Err(Error::invalid_params(message));
        }
    }
    Ok(None)
}

async fn run_open_question(session: Arc<Session>, argument: Value) -> Result<()> {
    let question: String = read(argument, "the id of a question")?;
    let mut search = occurrences::search(&session);
    let done = |search: &Search| *search != Search::Running;
    let known = match tokio::time::timeout(PATIENCE, search.wait_for(done)).await {
        Ok(Ok(search)) => *search,
        Ok(Err(_)) => Search::Done(false),
        Err(_) => Search::Running,
    };
    let page = write_page(&session, question.clone(), known);
    match page.await? {
        Ok(path) => {
            if known == Search::Running {
                let session = Arc::clone(&session);
                tokio::spawn(async move {
                    let known = search.wait_for(done).await.map(|search| *search);
                    let known = known.unwrap_or(Search::Done(false));
                    // Editors read a file again that has changed.
                    let _ = write_page(&session, question, known).await;
                });
            }
            let place = format!("The question is in {}.", path.display());
            show(session, &path, place);
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Error::invalid_params(error.to_string()));
        }
        Err(error) => session.tell(
            MessageType::ERROR,
            format!("The question's page cannot be written: {error}."),
        ),
    }
    Ok(())
}

async fn questions(session: Arc<Session>) -> Result<LSPAny> {
    let list = blocking(move || {
        let catalog = session.questions.get().engine.catalog();
        let marks = session.state().marks();
        let standing = |id: &str| {
            marks.get(id).map(|mark| match mark {
                Mark::New => "new",
                Mark::Due => "due",
                Mark::Known => "known",
            })
        };
        let sections = ide::render::sections(catalog).into_iter();
        let entries = sections.flat_map(|(section, questions)| {
            let section = ide::render::section_title(section);
            let standing = &standing;
            questions.into_iter().map(move |question| {
                json!({
                    "standing": standing(&question.id),
                    "id": question.id,
                    "title": question.title,
                    "section": section,
                    "level": question.level,
                })
            })
        });
        Value::Array(entries.collect())
    });
    list.await
}

async fn write_page(
    session: &Arc<Session>,
    question: String,
    search: Search,
) -> Result<io::Result<PathBuf>> {
    let writer = Arc::clone(session);
    let page = blocking(move || {
        let catalog = writer.questions.get().engine.catalog();
        let in_your_code = occurrences::in_your_code(&writer, &question, search);
        writer.pages.write(catalog, &question, &in_your_code)
    });
    page.await
}

/// Opens a file in the editor, or says where it is.
pub fn show(session: Arc<Session>, path: &Path, fallback: String) {
    let uri = Uri::from_file_path(path).filter(|_| session.state().client.show_document);
    let Some(uri) = uri else {
        return session.tell(MessageType::INFO, fallback);
    };
    tokio::spawn(async move {
        let params = ShowDocumentParams {
            uri,
            external: None,
            take_focus: Some(true),
            selection: None,
        };
        match session.client.show_document(params).await {
            Ok(true) => {}
            Ok(false) => session.tell(MessageType::INFO, fallback),
            Err(error) => {
                tracing::warn!("the client does not open documents: {error}");
                session.tell(MessageType::INFO, fallback);
            }
        }
    });
}

async fn run_apply_fix(session: Arc<Session>, argument: Value) -> Result<()> {
    let request: FixRequest = read(argument, "the document, range and title of a fix")?;
    let reading = session.state().read(&request.uri);
    let changed = "The code has changed: ask for the fix again.";
    let Some(reading) = reading.filter(|reading| reading.client.apply_edit) else {
        session.tell(MessageType::WARNING, changed);
        return Ok(());
    };
    let finder = Arc::clone(&session);
    let edit = blocking(move || {
        let edit = edit_of(&finder, &reading, &request);
        edit.filter(|_| finder.is_current(&reading))
    });
    match edit.await? {
        None => session.tell(MessageType::WARNING, changed),
        Some(edit) => {
            tokio::spawn(async move {
                if let Err(error) = session.client.apply_edit(edit).await {
                    tracing::warn!("the client does not apply the edit: {error}");
                }
            });
        }
    }
    Ok(())
}

/// The edit of an action that a client was offered without it.
pub fn edit_of(
    session: &Session,
    reading: &Reading,
    request: &FixRequest,
) -> Option<WorkspaceEdit> {
    let range = reading.range(request.range);
    let choice = &request.choice;
    actions_of(reading, range, None, Edits::Of(choice))
        .into_iter()
        .filter(|action| action.title == choice.title && action.fixes == choice.fixes)
        .find_map(|action| match action.effect {
            ActionEffect::Edit(edits) => {
                let note = action.review.then_some(action.title.as_str());
                ToProto::new(reading, &session.pages).edit(&edits, note)
            }
            ActionEffect::Project(change) => {
                let project = Target::of(session, &reading.analysis.uri)?;
                project.edit(&change, &reading.client)
            }
            _ => None,
        })
}

fn read<T: serde::de::DeserializeOwned>(argument: Value, what: &str) -> Result<T> {
    serde_json::from_value(argument)
        .map_err(|error| Error::invalid_params(format!("the argument must be {what}: {error}")))
}
