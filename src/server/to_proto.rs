//! From our types to the protocol's, as far as the client understands them.

use std::collections::HashMap;
use std::ops::Range;

use ropey::Rope;
use tower_lsp::ls_types as lsp;

use super::capabilities::ClientCapabilities;
use super::commands::{self, FixRequest};
use super::notebooks::{EditsOf, position};
use super::pages::Pages;
use super::project_edit::Target;
use super::state::{Analysis, Reading};
use crate::catalog::Severity;
use crate::ide::{self, Choice, render};
use crate::text::edit::TextEdit;

/// The name under which our diagnostics appear.
pub const SOURCE: &str = "hotseat";

/// The id of the note on edits that have to be reviewed.
const REVIEW: &str = "review";

/// The kind of the action that applies every safe fix.
pub const FIX_ALL: lsp::CodeActionKind = lsp::CodeActionKind::new("source.fixAll.hotseat");

/// Converts what belongs to one version of one document.
#[derive(Clone, Copy)]
pub struct ToProto<'a> {
    document: &'a Analysis,
    /// The address that the client has for what it asked about.
    address: &'a lsp::Uri,
    client: &'a ClientCapabilities,
    pages: &'a Pages,
    project: Option<&'a Project>,
}

/// What is known about a project's `pyproject.toml`, which actions may change.
pub enum Project {
    /// Its text.
    Now(Target),
    /// That there is one: how it changes is found out when the person has chosen.
    Later,
}

impl<'a> ToProto<'a> {
    /// For answers about the document that was read.
    pub fn new(reading: &'a Reading, pages: &'a Pages) -> Self {
        Self {
            document: &reading.analysis,
            address: reading.address(),
            client: &reading.client,
            pages,
            project: None,
        }
    }

    /// The same with the project's `pyproject.toml`.
    pub fn with_project(self, project: Option<&'a Project>) -> Self {
        Self { project, ..self }
    }

    /// A range.
    pub fn range(&self, range: &Range<usize>) -> lsp::Range {
        self.document.place(range, self.client.encoding).1
    }

    fn location(&self, range: &Range<usize>) -> lsp::Location {
        let (uri, range) = self.document.place(range, self.client.encoding);
        lsp::Location::new(uri.clone(), range)
    }

    /// A hover box with a link to the question's page.
    pub fn hover(&self, hover: ide::Hover) -> lsp::Hover {
        let mut value = hover.markdown;
        let kind = if self.client.markdown_hover {
            if let Some(page) = self.page(&hover.question) {
                value = format!(
                    "{}\n\n[Open the question]({})",
                    value.trim_end(),
                    page.as_str()
                );
            }
            lsp::MarkupKind::Markdown
        } else {
            value = render::plain_paragraphs(&value);
            lsp::MarkupKind::PlainText
        };
        lsp::Hover {
            contents: lsp::HoverContents::Markup(lsp::MarkupContent { kind, value }),
            range: Some(self.range(&hover.range)),
        }
    }

    /// A code lens, complete with its command.
    pub fn lens(&self, lens: ide::Lens) -> lsp::CodeLens {
        let command = if lens.due && self.client.apply_edit {
            commands::practise
        } else {
            commands::open_question
        };
        lsp::CodeLens {
            range: self.range(&lens.range),
            command: Some(command(lens.title, &lens.question)),
            data: None,
        }
    }

    /// A diagnostic.
    pub fn diagnostic(&self, found: ide::Diagnostic) -> lsp::Diagnostic {
        let href = if self.client.code_description {
            self.page(&found.question)
        } else {
            None
        };
        let related =
            found
                .related
                .iter()
                .map(|(range, message)| lsp::DiagnosticRelatedInformation {
                    location: self.location(range),
                    message: message.clone(),
                });
        lsp::Diagnostic {
            range: self.range(&found.range),
            severity: Some(severity(found.severity)),
            code: Some(lsp::NumberOrString::String(found.pattern)),
            code_description: href.map(|href| lsp::CodeDescription { href }),
            source: Some(SOURCE.to_owned()),
            message: found.message,
            related_information: (self.client.related_information && related.len() > 0)
                .then(|| related.collect()),
            tags: (self.client.diagnostic_tags && found.unnecessary)
                .then(|| vec![lsp::DiagnosticTag::UNNECESSARY]),
            data: None,
        }
    }

    /// An entry of the code action menu; `None` if the client cannot do it. `shown` are the diagnostics that the client
    /// sent along, `requested` is the range it asked about.
    pub fn action(
        &self,
        action: ide::Action,
        shown: &[lsp::Diagnostic],
        requested: lsp::Range,
        disabled_wanted: bool,
    ) -> Option<lsp::CodeActionOrCommand> {
        if !self.client.action_literals {
            return self.command(action, requested).map(Into::into);
        }
        let answers = action.fixes.as_ref().map(|(pattern, range)| {
            let range = self.range(range);
            let mut shown = shown.to_vec();
            shown.retain(|diagnostic| {
                matches!(&diagnostic.code, Some(lsp::NumberOrString::String(code)) if code == pattern)
                    && diagnostic.range == range
            });
            shown
        });
        let mut result = lsp::CodeAction {
            title: action.title.clone(),
            kind: action_kind(action.kind),
            diagnostics: answers.filter(|answers| !answers.is_empty()),
            is_preferred: (self.client.preferred_actions && action.preferred).then_some(true),
            ..Default::default()
        };
        match action.effect {
            ide::ActionEffect::Edit(edits) => {
                let note = action.review.then_some(result.title.as_str());
                result.edit = Some(self.edit(&edits, note)?);
            }
            ide::ActionEffect::Later => {
                let request = self.request(action.title, action.fixes, requested);
                result.data = serde_json::to_value(request).ok();
            }
            ide::ActionEffect::Project(change) => match self.project? {
                Project::Now(target) => result.edit = Some(target.edit(&change, self.client)?),
                Project::Later => {
                    let request = self.request(action.title, action.fixes, requested);
                    result.data = serde_json::to_value(request).ok();
                }
            },
            ide::ActionEffect::OpenQuestion(question) => {
                result.command = Some(commands::open_question(result.title.clone(), &question));
            }
            ide::ActionEffect::Practise(question) => {
                if !self.client.apply_edit {
                    return None;
                }
                result.command = Some(commands::practise(result.title.clone(), &question));
            }
            ide::ActionEffect::Disabled(reason) => {
                if !(self.client.disabled_actions && disabled_wanted) {
                    return None;
                }
                result.disabled = Some(lsp::CodeActionDisabled { reason });
            }
        }
        Some(result.into())
    }

    fn request(
        &self,
        title: String,
        fixes: Option<(String, Range<usize>)>,
        requested: lsp::Range,
    ) -> FixRequest {
        FixRequest {
            uri: self.address.clone(),
            range: requested,
            choice: Choice { title, fixes },
            revision: Some(self.document.revision),
        }
    }

    /// The same for clients that know only commands.
    fn command(&self, action: ide::Action, requested: lsp::Range) -> Option<lsp::Command> {
        match action.effect {
            ide::ActionEffect::OpenQuestion(question) => {
                Some(commands::open_question(action.title, &question))
            }
            ide::ActionEffect::Practise(question) if self.client.apply_edit => {
                Some(commands::practise(action.title, &question))
            }
            ide::ActionEffect::Project(change) if matches!(self.project?, Project::Now(target) if target.edit(&change, self.client).is_none()) => {
                None
            }
            ide::ActionEffect::Edit(_) | ide::ActionEffect::Project(_)
                if self.client.apply_edit =>
            {
                Some(commands::apply_fix(&FixRequest {
                    revision: None,
                    ..self.request(action.title, action.fixes, requested)
                }))
            }
            ide::ActionEffect::Edit(_)
            | ide::ActionEffect::Project(_)
            | ide::ActionEffect::Later
            | ide::ActionEffect::Practise(_)
            | ide::ActionEffect::Disabled(_) => None,
        }
    }

    /// Edits of this document, or of the cells of this notebook, bound to their versions if the client knows versions. Those
    /// that have to be reviewed come with a note, and clients that know notes ask for confirmation. `None` if they cannot be
    /// made in cells.
    pub fn edit(&self, edits: &[TextEdit], note: Option<&str>) -> Option<lsp::WorkspaceEdit> {
        let note = note.filter(|_| self.client.change_annotations);
        let parts = self.parts(edits)?;
        if !self.client.versioned_edits {
            let changes = parts.iter().map(|part| {
                let edits = part.edits.iter();
                let edits = edits.map(|edit| self.text_edit(part.text, edit));
                (part.uri.clone(), edits.collect())
            });
            return Some(lsp::WorkspaceEdit {
                changes: Some(changes.collect()),
                ..Default::default()
            });
        }
        let one = |text: &Rope, edit: &TextEdit| {
            let text_edit = self.text_edit(text, edit);
            match note {
                Some(_) => lsp::OneOf::Right(lsp::AnnotatedTextEdit {
                    text_edit,
                    annotation_id: REVIEW.to_owned(),
                }),
                None => lsp::OneOf::Left(text_edit),
            }
        };
        let documents = parts.iter().map(|part| lsp::TextDocumentEdit {
            text_document: lsp::OptionalVersionedTextDocumentIdentifier {
                uri: part.uri.clone(),
                version: Some(part.version),
            },
            edits: part.edits.iter().map(|edit| one(part.text, edit)).collect(),
        });
        Some(lsp::WorkspaceEdit {
            document_changes: Some(lsp::DocumentChanges::Edits(documents.collect())),
            change_annotations: note.map(|note| {
                let annotation = lsp::ChangeAnnotation {
                    label: note.to_owned(),
                    needs_confirmation: Some(true),
                    description: None,
                };
                HashMap::from([(REVIEW.to_owned(), annotation)])
            }),
            ..Default::default()
        })
    }

    /// Edits by the document of the client that each belongs to.
    fn parts(&self, edits: &[TextEdit]) -> Option<Vec<EditsOf<'a>>> {
        if let Some(cells) = &self.document.cells {
            return cells.split(edits);
        }
        Some(vec![EditsOf {
            uri: &self.document.uri,
            version: self.document.version,
            text: &self.document.text,
            edits: edits.to_vec(),
        }])
    }

    fn text_edit(&self, text: &Rope, edit: &TextEdit) -> lsp::TextEdit {
        let encoding = self.client.encoding;
        let place = |offset| position(text, offset, encoding);
        lsp::TextEdit {
            range: lsp::Range::new(place(edit.start), place(edit.end)),
            new_text: edit.text.clone(),
        }
    }

    fn page(&self, question: &str) -> Option<lsp::Uri> {
        lsp::Uri::from_file_path(self.pages.path(question)?)
    }
}

/// The protocol's kind of an action; `None` for those that change nothing.
pub fn action_kind(kind: ide::ActionKind) -> Option<lsp::CodeActionKind> {
    match kind {
        ide::ActionKind::QuickFix => Some(lsp::CodeActionKind::QUICKFIX),
        ide::ActionKind::Refactor => Some(lsp::CodeActionKind::REFACTOR_REWRITE),
        ide::ActionKind::FixAll => Some(FIX_ALL),
        ide::ActionKind::Open => None,
    }
}

/// The protocol's number for a severity.
pub fn severity(severity: Severity) -> lsp::DiagnosticSeverity {
    match severity {
        Severity::Hint => lsp::DiagnosticSeverity::HINT,
        Severity::Info => lsp::DiagnosticSeverity::INFORMATION,
        Severity::Warning => lsp::DiagnosticSeverity::WARNING,
    }
}
