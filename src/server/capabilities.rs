//! What the client can do, as plain facts, and what we announce in return.

use tower_lsp::ls_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CodeLensOptions,
    CompletionOptions, DiagnosticOptions, DiagnosticServerCapabilities, ExecuteCommandOptions,
    HoverProviderCapability, MarkupKind, NotebookCellSelector, NotebookDocumentSyncOptions,
    NotebookSelector, OneOf, PositionEncodingKind, ResourceOperationKind, SaveOptions,
    ServerCapabilities, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
    TextDocumentSyncSaveOptions, WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};

use super::commands;
use crate::text::position::PositionEncoding;

/// What the client announced. The default is a client that announces nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "capabilities are independent of one another"
)]
pub struct ClientCapabilities {
    /// The unit of positions, for everything that is sent and received.
    pub encoding: PositionEncoding,
    /// Asks for diagnostics itself, so that none are pushed.
    pub pulls_diagnostics: bool,
    /// Asks again for diagnostics when told to.
    pub refreshes_diagnostics: bool,
    /// Asks again for code lenses when told to.
    pub refreshes_lenses: bool,
    /// Shows a link behind a diagnostic's code.
    pub code_description: bool,
    /// Greys out unnecessary code.
    pub diagnostic_tags: bool,
    /// Shows other places that belong to a diagnostic.
    pub related_information: bool,
    /// Looks at the version that published diagnostics are for.
    pub versioned_diagnostics: bool,
    /// Understands code actions, not only commands.
    pub action_literals: bool,
    /// It asks for an action's edits once the action is chosen.
    pub resolves_edits: bool,
    /// Shows disabled code actions with their reason.
    pub disabled_actions: bool,
    /// Tells apart the action that its key for fixes applies.
    pub preferred_actions: bool,
    /// Understands edits that name the version they are for.
    pub versioned_edits: bool,
    /// Asks for confirmation of the edits of actions with a note that says so.
    pub change_annotations: bool,
    /// Applies edits that the server sends.
    pub apply_edit: bool,
    /// Opens documents that the server names.
    pub show_document: bool,
    /// Renders Markdown in hover boxes.
    pub markdown_hover: bool,
    /// Answers `workspace/configuration`.
    pub pulls_configuration: bool,
    /// Sends changed settings only to servers that register for them.
    pub registers_configuration: bool,
    /// Watches the files that a server names.
    pub registers_watchers: bool,
    /// Tells about open documents of the kinds that a server names.
    pub registers_documents: bool,
    /// Completes only where a server says that it can.
    pub registers_completion: bool,
    /// Wants to know how much there is to practise: `hotseat/status`.
    pub shows_status: bool,
    /// Creates the files that an edit says.
    pub creates_files: bool,
    /// Tells about notebooks as a whole.
    pub notebooks: bool,
    /// Has several folders, which may change.
    pub workspace_folders: bool,
}

impl ClientCapabilities {
    /// Reads what `initialize` says.
    pub fn read(announced: &tower_lsp::ls_types::ClientCapabilities) -> Self {
        let document = announced.text_document.clone().unwrap_or_default();
        let workspace = announced.workspace.clone().unwrap_or_default();
        let push = document.publish_diagnostics.unwrap_or_default();
        let pull = document.diagnostic.as_ref();
        let action = document.code_action.unwrap_or_default();
        let yes = |answer: Option<bool>| answer == Some(true);
        let creates_files = workspace.workspace_edit.as_ref().is_some_and(|edit| {
            let operations = edit.resource_operations.iter().flatten();
            let mut operations = operations.map(|kind| *kind == ResourceOperationKind::Create);
            yes(edit.document_changes) && operations.any(|creates| creates)
        });
        Self {
            encoding: choose_encoding(announced),
            pulls_diagnostics: pull.is_some(),
            refreshes_diagnostics: workspace
                .diagnostics
                .is_some_and(|diagnostics| yes(diagnostics.refresh_support)),
            refreshes_lenses: workspace
                .code_lens
                .is_some_and(|lens| yes(lens.refresh_support)),
            code_description: yes(push.code_description_support)
                || pull.is_some_and(|pull| yes(pull.code_description_support)),
            // Clients that know tags must accept unknown ones, so the list of known tags does not matter.
            diagnostic_tags: push.tag_support.is_some()
                || pull.is_some_and(|pull| pull.tag_support.is_some()),
            related_information: yes(push.related_information)
                || pull.is_some_and(|pull| yes(pull.related_information)),
            versioned_diagnostics: yes(push.version_support),
            action_literals: action.code_action_literal_support.is_some(),
            preferred_actions: yes(action.is_preferred_support),
            resolves_edits: action.data_support == Some(true)
                && action
                    .resolve_support
                    .is_some_and(|resolves| resolves.properties.iter().any(|p| p == "edit")),
            disabled_actions: yes(action.disabled_support),
            change_annotations: yes(action.honors_change_annotations)
                && workspace
                    .workspace_edit
                    .as_ref()
                    .is_some_and(|edit| edit.change_annotation_support.is_some()),
            versioned_edits: workspace
                .workspace_edit
                .is_some_and(|edit| yes(edit.document_changes)),
            apply_edit: yes(workspace.apply_edit),
            show_document: announced
                .window
                .as_ref()
                .and_then(|window| window.show_document.as_ref())
                .is_some_and(|show| show.support),
            markdown_hover: document
                .hover
                .and_then(|hover| hover.content_format)
                .is_none_or(|formats| formats.contains(&MarkupKind::Markdown)),
            pulls_configuration: yes(workspace.configuration),
            registers_configuration: workspace
                .did_change_configuration
                .is_some_and(|change| yes(change.dynamic_registration)),
            registers_watchers: workspace
                .did_change_watched_files
                .is_some_and(|watch| yes(watch.dynamic_registration)),
            registers_documents: document
                .synchronization
                .is_some_and(|open| yes(open.dynamic_registration)),
            registers_completion: document
                .completion
                .is_some_and(|completion| yes(completion.dynamic_registration)),
            shows_status: announced
                .experimental
                .as_ref()
                .and_then(|experimental| experimental.get("hotseatStatus"))
                .is_some_and(|wanted| *wanted == true),
            creates_files,
            notebooks: announced.notebook_document.is_some(),
            workspace_folders: yes(workspace.workspace_folders),
        }
    }

    /// What the server offers this client.
    pub fn server(&self) -> ServerCapabilities {
        ServerCapabilities {
            position_encoding: Some(match self.encoding {
                PositionEncoding::Utf8 => PositionEncodingKind::UTF8,
                PositionEncoding::Utf16 => PositionEncodingKind::UTF16,
                PositionEncoding::Utf32 => PositionEncodingKind::UTF32,
            }),
            text_document_sync: Some(TextDocumentSyncCapability::Options(
                TextDocumentSyncOptions {
                    open_close: Some(true),
                    change: Some(TextDocumentSyncKind::INCREMENTAL),
                    save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions {
                        include_text: Some(true),
                    })),
                    ..Default::default()
                },
            )),
            notebook_document_sync: self.notebooks.then(|| {
                OneOf::Left(NotebookDocumentSyncOptions {
                    notebook_selector: vec![NotebookSelector::ByCells {
                        notebook: None,
                        cells: vec![NotebookCellSelector {
                            language: "python".to_owned(),
                        }],
                    }],
                    save: Some(true),
                })
            }),
            hover_provider: Some(HoverProviderCapability::Simple(true)),
            code_lens_provider: Some(CodeLensOptions {
                resolve_provider: Some(false),
            }),
            code_action_provider: Some(if self.action_literals {
                CodeActionProviderCapability::Options(CodeActionOptions {
                    code_action_kinds: Some(vec![
                        CodeActionKind::QUICKFIX,
                        CodeActionKind::REFACTOR_REWRITE,
                        super::to_proto::FIX_ALL,
                    ]),
                    resolve_provider: Some(self.resolves_edits),
                    ..Default::default()
                })
            } else {
                CodeActionProviderCapability::Simple(true)
            }),
            // Where it can be registered it is, for practice sheets alone.
            completion_provider: (self.apply_edit && !self.registers_completion).then(|| {
                CompletionOptions {
                    trigger_characters: Some(vec!["/".to_owned()]),
                    ..CompletionOptions::default()
                }
            }),
            diagnostic_provider: self.pulls_diagnostics.then(|| {
                DiagnosticServerCapabilities::Options(DiagnosticOptions {
                    identifier: Some(super::to_proto::SOURCE.to_owned()),
                    inter_file_dependencies: false,
                    workspace_diagnostics: false,
                    ..Default::default()
                })
            }),
            workspace: self.workspace_folders.then(|| WorkspaceServerCapabilities {
                workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                    supported: Some(true),
                    change_notifications: Some(OneOf::Left(true)),
                }),
                ..Default::default()
            }),
            execute_command_provider: Some(ExecuteCommandOptions {
                commands: commands::announced(self),
                ..Default::default()
            }),
            ..Default::default()
        }
    }
}

/// UTF-16 unless the client prefers something else that we know.
fn choose_encoding(announced: &tower_lsp::ls_types::ClientCapabilities) -> PositionEncoding {
    announced
        .general
        .as_ref()
        .and_then(|general| general.position_encodings.as_ref())
        .and_then(|listed| {
            listed.iter().find_map(|kind| match kind.as_str() {
                "utf-8" => Some(PositionEncoding::Utf8),
                "utf-16" => Some(PositionEncoding::Utf16),
                "utf-32" => Some(PositionEncoding::Utf32),
                _ => None,
            })
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(capabilities: Value) -> ClientCapabilities {
        ClientCapabilities::read(&serde_json::from_value(capabilities).unwrap())
    }

    #[test]
    fn the_first_known_encoding_of_the_client_is_chosen() {
        let chosen =
            |listed: Value| read(json!({"general": {"positionEncodings": listed}})).encoding;
        assert_eq!(chosen(json!(["utf-16", "utf-8"])), PositionEncoding::Utf16);
        assert_eq!(chosen(json!(["utf-8", "utf-16"])), PositionEncoding::Utf8);
        assert_eq!(chosen(json!(["utf-7", "utf-32"])), PositionEncoding::Utf32);
        assert_eq!(chosen(json!([])), PositionEncoding::Utf16);
        assert_eq!(read(json!({})).encoding, PositionEncoding::Utf16);
    }

    #[test]
    fn a_client_that_announces_nothing_gets_nothing_special() {
        let client = read(json!({}));
        let markdown = ClientCapabilities {
            markdown_hover: true,
            ..Default::default()
        };
        assert_eq!(client, markdown);
        assert_eq!(client.server().diagnostic_provider, None);
    }

    #[test]
    fn tags_and_links_count_wherever_they_are_announced() {
        let pull = read(
            json!({"textDocument": {"diagnostic": {"tagSupport": {"valueSet": [1]}, "codeDescriptionSupport": true}}}),
        );
        assert!(pull.pulls_diagnostics && pull.diagnostic_tags && pull.code_description);
        let push = read(
            json!({"textDocument": {"publishDiagnostics": {"tagSupport": {"valueSet": [1]}}}}),
        );
        assert!(!push.pulls_diagnostics && push.diagnostic_tags && !push.code_description);
    }
}
