//! Documents, positions and edits: text without any meaning.

pub mod document;
pub mod edit;
pub mod position;
