//! Questions for Anki, and the answers that were given there.
//!
//! Notes have stable ids, so that importing them again updates them, and so that their answers find back to their questions.

use std::path::{Path, PathBuf};

use pulldown_cmark::{Options, Parser, html};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use uuid::Uuid;

use super::event::{Entry, Event, Grade, Moment, Review};
use super::face::{self, Face};
use super::scheduler::SCHEDULER;
use crate::catalog::{Catalog, Question};
use crate::ide::render;

/// What the ids of notes begin with; the question's id follows.
const PREFIX: &str = "hotseat:";

/// What the ids of imported answers are made in.
const NAMESPACE: Uuid = Uuid::from_u128(0x5e1f_0c1c_93f1_4d86_a6a7_3d0f_77a0_b26e);

/// Why answers cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum AnkiError {
    /// There is no such file.
    #[error("{}: there is no such file", .0.display())]
    Missing(PathBuf),
    /// A package is an archive of a collection.
    #[error(
        "{}: a package, which is an archive; give the file `collection.anki2` from the folder of your Anki profile, with \
         Anki closed", .0.display()
    )]
    Package(PathBuf),
    /// Anki is using it.
    #[error("{}: Anki is using it; close Anki first", .0.display())]
    Busy(PathBuf),
    /// It is something else.
    #[error("{}: no collection of Anki: {error}", .path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// What `SQLite` says.
        error: rusqlite::Error,
    },
}

/// All questions as text that Anki imports: one note each, in a deck for each section.
pub fn notes(catalog: &Catalog) -> String {
    let mut text = String::from(
        "#separator:tab\n#html:true\n#notetype:Basic\n#guid column:1\n#deck column:2\n#tags column:5\n",
    );
    for question in &catalog.questions {
        let Some(face) = face::face(catalog, &question.id) else {
            continue;
        };
        let deck = render::section_title(&question.section).replace("::", ": ");
        let fields = [
            format!("{PREFIX}{}", question.id),
            format!("hotseat::{deck}"),
            markup(&question.title),
            markup(&back(&face)),
            tags(question),
        ];
        text.push_str(&fields.map(|field| quoted(&field)).join("\t"));
        text.push('\n');
    }
    text
}

/// The answer in short, the key points, and all that belongs to the answer.
fn back(face: &Face) -> String {
    let points = face.points.iter();
    let points: String = points.map(|point| format!("- {point}\n")).collect();
    let mut back = format!("{}\n\n## Key points\n\n{points}", face.short);
    for (heading, text) in face.parts.iter().filter(|(_, text)| !text.is_empty()) {
        back.push_str(&format!("\n## {heading}\n\n{text}\n"));
    }
    back
}

fn tags(question: &Question) -> String {
    let topics = question.topics.iter().chain(&question.tags);
    let tags = topics.map(|tag| tag.replace(char::is_whitespace, "-"));
    let own = ["hotseat".to_owned()];
    own.into_iter().chain(tags).collect::<Vec<_>>().join(" ")
}

fn markup(markdown: &str) -> String {
    let mut markup = String::new();
    html::push_html(
        &mut markup,
        Parser::new_ext(markdown, Options::ENABLE_TABLES),
    );
    markup.trim_end().to_owned()
}

fn quoted(field: &str) -> String {
    format!("\"{}\"", field.replace('"', "\"\""))
}

/// The answers that were given in Anki to questions that came from here. An answer has the same id whenever it is read.
///
/// # Errors
///
/// If the file is no collection, or Anki is using it.
pub fn answers(path: &Path, catalog: &Catalog) -> Result<Vec<Entry>, AnkiError> {
    if !path.is_file() {
        return Err(AnkiError::Missing(path.to_owned()));
    }
    let begins = std::fs::File::open(path).and_then(|mut file| {
        let mut begin = [0; 2];
        std::io::Read::read_exact(&mut file, &mut begin).map(|()| begin)
    });
    if begins.is_ok_and(|begin| begin == *b"PK") {
        return Err(AnkiError::Package(path.to_owned()));
    }
    read(path, catalog).map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            AnkiError::Busy(path.to_owned())
        }
        _ => AnkiError::Other {
            path: path.to_owned(),
            error,
        },
    })
}

fn read(path: &Path, catalog: &Catalog) -> rusqlite::Result<Vec<Entry>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // What was rescheduled by hand has no grade.
    let mut select = connection.prepare(
        "SELECT notes.guid, revlog.id, revlog.ease, revlog.time
         FROM revlog JOIN cards ON cards.id = revlog.cid JOIN notes ON notes.id = cards.nid
         WHERE revlog.ease BETWEEN 1 AND 4 AND notes.guid GLOB ?1
         ORDER BY revlog.id",
    )?;
    let rows = select.query_map([format!("{PREFIX}*")], |row| {
        let (guid, id): (String, i64) = (row.get(0)?, row.get(1)?);
        let (ease, time): (i64, f64) = (row.get(2)?, row.get(3)?);
        Ok(answer(catalog, &guid, id, ease, time))
    })?;
    rows.filter_map(Result::transpose).collect()
}

/// An answer, unless it makes no sense. `id` is its time in milliseconds as well, and `time` what it took.
fn answer(catalog: &Catalog, guid: &str, id: i64, ease: i64, time: f64) -> Option<Entry> {
    let card = guid.strip_prefix(PREFIX).filter(|card| !card.is_empty())?;
    let review = Review {
        card: card.to_owned(),
        revision: catalog
            .question(card)
            .map_or(1, |question| question.revision),
        grade: Grade::numbered(ease)?,
        seconds: (time > 0.0).then_some(time / 1000.0),
        scheduler: SCHEDULER.to_owned(),
        source: "anki".to_owned(),
        session: None,
        points: Vec::new(),
    };
    Some(Entry {
        id: Uuid::new_v5(&NAMESPACE, format!("{guid} {id}").as_bytes()),
        at: Moment::local(id)?,
        event: Event::Review(review),
    })
}
