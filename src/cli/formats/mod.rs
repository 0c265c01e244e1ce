//! What was found in files, and the forms in which it is written.

mod github;
mod json;
mod sarif;
mod text;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::{BOM, Source};
use super::{Failure, terminal};
use crate::catalog::{Catalog, Safety, Severity, Tier};
use crate::fixes::{Layout, Offer, offers};
use crate::ide::{Snapshot, render};
use crate::notebook::Notebook;
use crate::text::edit::TextEdit;
use crate::text::position::{LineIndex, PositionEncoding};
use crate::workspace::{self, ProjectFinding};

/// A form of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people, with the source lines
    Text,
    /// For scripts
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

impl Format {
    /// Writes reports to standard output as they come; only SARIF names all rules before the first result. `problems`
    /// tells afterwards which files could not be read.
    pub fn write(
        self,
        catalog: &Catalog,
        reports: impl Iterator<Item = Report>,
        problems: impl Fn() -> Vec<String>,
    ) -> Result<(), Failure> {
        let mut reports = reports.filter(|report| !report.items.is_empty());
        match self {
            Self::Text => reports.try_for_each(|report| terminal::show(&text::render(&report))),
            Self::Github => {
                reports.try_for_each(|report| terminal::show_exactly(&github::render(&report)))
            }
            Self::Json => {
                let mut array = json::Array::default();
                reports.try_for_each(|report| terminal::show_exactly(&array.render(&report)))?;
                terminal::show_exactly(array.end())
            }
            Self::Sarif => {
                let reports: Vec<Report> = reports.collect();
                terminal::show_exactly(&sarif::render(catalog, &reports, &problems()))
            }
        }
    }
}

/// What a report has to contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Places that are worth a question but have no problem.
    pub mentions: bool,
    /// How the edits of fixes are laid out.
    pub layout: Layout,
}

impl Wanted {
    /// What a form of the report shows.
    pub fn in_format(format: Format, mentions: bool) -> Self {
        let layout = match format {
            Format::Sarif => Layout::Final,
            // They name the fixes, no more.
            Format::Text | Format::Json | Format::Github => Layout::Draft,
        };
        Self { mentions, layout }
    }
}

/// What was found in one file, or in one cell of a notebook.
#[derive(Debug)]
pub struct Report {
    /// The path as given.
    pub path: PathBuf,
    cell: Option<Cell>,
    /// The text without a byte order mark; the bytes of `items` count in here.
    text: Arc<str>,
    bom: bool,
    lines: LineIndex,
    items: Vec<Item>,
}

/// A cell of a notebook.
#[derive(Debug)]
struct Cell {
    /// From 0; cells without code count.
    index: usize,
    notebook: Arc<Notebook>,
    /// The lines of the notebook's file.
    lines: Arc<LineIndex>,
}

/// One occurrence.
#[derive(Debug)]
struct Item {
    pattern: String,
    question: String,
    question_title: String,
    tier: Tier,
    severity: Severity,
    message: String,
    range: Range<usize>,
    related: Vec<(Range<usize>, String)>,
    fixes: Vec<OfferedFix>,
}

/// A fix that can be applied there.
#[derive(Debug)]
struct OfferedFix {
    id: String,
    title: String,
    safety: Safety,
    edits: Vec<TextEdit>,
}

/// A place in the file on disk, both numbers from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
struct Place {
    line: u32,
    column: u32,
}

impl Report {
    /// Collects the findings of a file that no comment silences, and the mentions if they are wanted, sorted by place and pattern.
    pub fn new(path: &Path, snapshot: &Snapshot, source: &Source, wanted: Wanted) -> Self {
        Self {
            path: path.to_owned(),
            cell: None,
            lines: LineIndex::new(&source.text),
            text: Arc::clone(&source.text),
            bom: source.bom,
            items: Item::all(snapshot, wanted),
        }
    }

    /// The same for the cells of a notebook, which were searched as one text. At least one report.
    pub fn of_notebook(
        path: &Path,
        snapshot: &Snapshot,
        notebook: &Arc<Notebook>,
        bom: bool,
        wanted: Wanted,
    ) -> Vec<Self> {
        let cells = notebook.join();
        let lines = Arc::new(LineIndex::new(notebook.text()));
        let report = |index: usize| Self {
            path: path.to_owned(),
            cell: Some(Cell {
                index,
                notebook: Arc::clone(notebook),
                lines: Arc::clone(&lines),
            }),
            lines: LineIndex::new(notebook.source(index)),
            text: notebook.source(index).into(),
            bom,
            items: Vec::new(),
        };
        let mut reports: Vec<Self> = (0..cells.len().max(1)).map(report).collect();
        for mut item in Item::all(snapshot, wanted) {
            let Some((index, range)) = cells.within(&item.range) else {
                continue;
            };
            item.range = range;
            item.related
                .retain_mut(|(range, _)| match cells.within(range) {
                    Some((other, inside)) if other == index => {
                        *range = inside;
                        true
                    }
                    _ => false,
                });
            item.fixes.retain(|fix| cells.split(&fix.edits).is_some());
            if let Some(report) = reports.get_mut(index) {
                report.items.push(item);
            }
        }
        reports
    }

    /// What was found about one file of a project as a whole. The lines of a file that may hold secrets are not shown.
    pub fn of_project(
        root: &Path,
        file: &str,
        text: &str,
        found: &[ProjectFinding],
        catalog: &Catalog,
    ) -> Self {
        let question = catalog.question(workspace::QUESTION);
        let items = found.iter().map(|finding| Item {
            pattern: finding.id.to_owned(),
            question: workspace::QUESTION.to_owned(),
            question_title: question.map_or_else(String::new, |q| render::plain(&q.title)),
            tier: Tier::Finding,
            severity: finding.severity,
            message: finding.message.clone(),
            range: finding.range.clone().unwrap_or(0..0),
            related: Vec::new(),
            fixes: Vec::new(),
        });
        Self {
            path: root.join(file),
            cell: None,
            lines: LineIndex::new(text),
            text: text.into(),
            bom: false,
            items: items.collect(),
        }
    }

    /// How many findings there are.
    pub fn findings(&self) -> usize {
        let is_finding = |item: &&Item| item.tier == Tier::Finding;
        self.items.iter().filter(is_finding).count()
    }

    /// The text as it is on disk.
    pub fn whole_text(&self) -> String {
        let text = match &self.cell {
            Some(cell) => cell.notebook.text(),
            None => &self.text,
        };
        format!("{}{text}", if self.bom { BOM } else { "" })
    }

    fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// The number of the cell, from 1.
    fn cell_number(&self) -> Option<usize> {
        self.cell.as_ref().map(|cell| cell.index + 1)
    }

    /// Where the lines of the report are not those of the file: what to say about a place.
    fn cell_and_line(&self, item: &Item) -> Option<String> {
        let line = self.byte_place(item.range.start).line;
        Some(format!("cell {}, line {line}", self.cell_number()?))
    }

    /// The place of a byte, its column in UTF-8 bytes. A byte order mark counts: it is in the file.
    fn byte_place(&self, offset: usize) -> Place {
        let mut place = place(&self.lines, &self.text, offset, PositionEncoding::Utf8);
        if self.bom && place.line == 1 && self.cell.is_none() {
            place.column += BOM_COLUMNS;
        }
        place
    }

    /// The place of a byte in the file on the disk, its column in characters.
    fn place_in_file(&self, offset: usize) -> Place {
        let offset = self.offset_in_file(offset);
        let encoding = PositionEncoding::Utf32;
        match &self.cell {
            Some(cell) => place(&cell.lines, cell.notebook.text(), offset, encoding),
            None => place(&self.lines, &self.text, offset, encoding),
        }
    }

    /// A byte of the file, without its byte order mark.
    fn offset_in_file(&self, offset: usize) -> usize {
        match &self.cell {
            Some(cell) => cell.notebook.place_in_file(cell.index, offset),
            None => offset,
        }
    }
}

fn place(lines: &LineIndex, text: &str, offset: usize, encoding: PositionEncoding) -> Place {
    let position = lines.position(text, offset, encoding);
    Place {
        line: position.line + 1,
        column: position.character + 1,
    }
}

impl Item {
    /// What was found in a file.
    fn all(snapshot: &Snapshot, Wanted { mentions, layout }: Wanted) -> Vec<Self> {
        let catalog = &snapshot.catalog;
        let wanted = |tier| mentions || tier == Tier::Finding;
        let matches = snapshot.matches();
        let mut items: Vec<Item> = matches
            .iter()
            .filter(|m| wanted(catalog.patterns[m.pattern].tier) && !snapshot.silences(m))
            .map(|found| {
                let pattern = &catalog.patterns[found.pattern];
                let question = catalog.question_of(found.pattern);
                let message = match pattern.tier {
                    Tier::Finding => found.message(catalog, &snapshot.file),
                    Tier::Mention => render::related_question(question),
                };
                Item {
                    pattern: pattern.id.clone(),
                    question: question.id.clone(),
                    question_title: render::plain(&question.title),
                    tier: pattern.tier,
                    severity: found.severity,
                    message,
                    range: found.range.clone(),
                    related: found.related.clone(),
                    fixes: offers(&snapshot.file, &snapshot.settings, catalog, found, layout)
                        .into_iter()
                        .filter_map(|offer| match offer {
                            Offer::Fix(fix) => Some(OfferedFix {
                                id: fix.id,
                                title: fix.title,
                                safety: fix.safety,
                                edits: fix.edits,
                            }),
                            Offer::Withheld { .. } => None,
                        })
                        .collect(),
                }
            })
            .collect();
        // Byte order is line and column order.
        items.sort_by(|a, b| {
            (a.range.start, &a.pattern, a.range.end).cmp(&(b.range.start, &b.pattern, b.range.end))
        });
        items
    }
}

/// The bytes of a byte order mark.
const BOM_COLUMNS: u32 = 3;
