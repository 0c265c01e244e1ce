//! Documents, positions and edits: text without any meaning.

pub mod edit;
