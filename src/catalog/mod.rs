//! The curriculum: question files read into a typed [`Catalog`].
mod model;
pub use model::*;
