//! Turning one kind of display into another.

use super::draft::Draft;
use crate::analysis::syntax::Node;

/// Turns a list display into a tuple display: parentheses for its brackets, and the comma that a single item needs.
pub fn to_tuple(draft: &mut Draft<'_>, list: Node<'_>) {
    let items = list.children();
    if let ([only], false) = (items.as_slice(), list.has_token(",")) {
        draft.insert(only.end(), ",");
    }
    draft.replace_range(list.start()..list.start() + 1, "(");
    draft.replace_range(list.end() - 1..list.end(), ")");
}
