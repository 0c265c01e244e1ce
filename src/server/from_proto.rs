//! From the protocol's types to ours.

use std::path::PathBuf;

use ropey::Rope;
use serde_json::{Value, json};
use tower_lsp::jsonrpc::Request;
use tower_lsp::ls_types as lsp;

use crate::ide::ActionKind;
use crate::text::document::Change;
use crate::text::position::{Position, PositionEncoding, rope_offset};

/// A position.
pub fn position(position: lsp::Position) -> Position {
    Position::new(position.line, position.character)
}

/// The byte offset of a position in a text.
pub fn offset(text: &Rope, at: lsp::Position, encoding: PositionEncoding) -> usize {
    rope_offset(text, position(at), encoding)
}

/// The path of a file; `None` if it is none.
pub fn file(uri: &lsp::Uri) -> Option<PathBuf> {
    if uri.scheme().as_str() != "file" {
        return None;
    }
    uri.to_file_path().map(std::borrow::Cow::into_owned)
}

/// A change of a document.
pub fn change(change: lsp::TextDocumentContentChangeEvent) -> Change {
    Change {
        range: change
            .range
            .map(|range| (position(range.start), position(range.end))),
        text: change.text,
    }
}

/// Replaces ranges that are no ranges at all (negative numbers, for instance) by reversed ones in the changes of a
/// document. The protocol's types cannot hold the former, so the whole message would be dropped and the document would
/// be out of step without anybody noticing; the latter are noticed.
pub fn mark_impossible_changes(request: Request) -> Request {
    let of_notebook = request.method() == "notebookDocument/didChange";
    let of_text = request.method() == "textDocument/didChange";
    if !(of_text || of_notebook) || request.id().is_some() {
        return request;
    }
    let (method, _, params) = request.into_parts();
    let mut params = params.unwrap_or_default();
    let mut lists = Vec::new();
    if of_text {
        lists.extend(params.get_mut("contentChanges"));
    } else {
        let cells = params.pointer_mut("/change/cells/textContent");
        let cells = cells.and_then(Value::as_array_mut).into_iter().flatten();
        lists.extend(cells.filter_map(|cell| cell.get_mut("changes")));
    }
    let changes = lists.into_iter().filter_map(Value::as_array_mut);
    for change in changes.flatten() {
        if let Some(range) = change.get_mut("range")
            && serde_json::from_value::<Option<lsp::Range>>(range.clone()).is_err()
        {
            *range =
                json!({"start": {"line": 1, "character": 0}, "end": {"line": 0, "character": 0}});
        }
    }
    Request::build(method).params(params).finish()
}

/// The kinds of actions that a request asks for. Kinds form a hierarchy: `refactor` asks for `refactor.rewrite` too.
pub fn action_kinds(only: Option<&[lsp::CodeActionKind]>) -> Vec<ActionKind> {
    let asked_for = |kind: ActionKind| {
        let Some(only) = only else {
            return true;
        };
        only.iter().any(|wanted| {
            let wanted = wanted.as_str();
            match super::to_proto::action_kind(kind) {
                _ if wanted.is_empty() => true,
                Some(kind) => kind
                    .as_str()
                    .strip_prefix(wanted)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.')),
                None => false,
            }
        })
    };
    [
        ActionKind::QuickFix,
        ActionKind::Refactor,
        ActionKind::FixAll,
        ActionKind::Open,
    ]
    .into_iter()
    .filter(|kind| asked_for(*kind))
    .collect()
}

/// Whether a request asks for refactorings by name.
pub fn asks_for_refactorings(only: Option<&[lsp::CodeActionKind]>) -> bool {
    only.is_some_and(|only| {
        only.iter()
            .any(|kind| kind.as_str().split('.').next() == Some("refactor"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ActionKind::{FixAll, Open, QuickFix, Refactor};

    fn kinds(only: &[&'static str]) -> Vec<ActionKind> {
        let only: Vec<_> = only
            .iter()
            .map(|kind| lsp::CodeActionKind::new(kind))
            .collect();
        action_kinds(Some(&only))
    }

    #[test]
    fn a_kind_asks_for_the_kinds_below_it() {
        assert_eq!(action_kinds(None), [QuickFix, Refactor, FixAll, Open]);
        assert_eq!(kinds(&[""]), [QuickFix, Refactor, FixAll, Open]);
        assert_eq!(kinds(&["refactor"]), [Refactor]);
        assert_eq!(kinds(&["refactor.rewrite"]), [Refactor]);
        assert_eq!(kinds(&["refactor.extract"]), []);
        assert_eq!(kinds(&["source"]), [FixAll]);
        assert_eq!(kinds(&["source.fixAll"]), [FixAll]);
        assert_eq!(kinds(&["source.fixAll.hotseat"]), [FixAll]);
        assert_eq!(kinds(&["source.fixAll.other"]), []);
        assert_eq!(kinds(&["quick"]), []);
        assert_eq!(kinds(&["quickfix", "source"]), [QuickFix, FixAll]);
    }
}
