//! The curriculum: question files read into a typed [`Catalog`].
//!
//! [`embedded`] and [`from_dir`] read every file, check it, and report every
//! [`ContentError`] at once. The format is described in `content/README.md`.

mod carets;
mod cases;
mod error;
mod fields;
mod load;
mod markdown;
mod model;
mod parse;
pub mod placeholder;
pub mod reference;
mod skeleton;
mod validate;

pub use carets::render as render_carets;
pub use error::{ContentError, ContentErrorKind, closest};
pub use load::{Vocabulary, embedded, from_dir, from_sources};
pub use model::*;
pub use skeleton::skeleton;
pub use validate::is_id;

#[cfg(test)]
mod tests;
