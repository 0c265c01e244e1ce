//! Practice: what was answered how well, when it is asked again, and the sheet on which it happens.
//!
//! [`event`] is the log of everything that has happened, [`store`] keeps it on the disk, [`progress`] is what follows from it
//! at a moment; [`memory`] and [`scheduler`] compute when a card is due, [`queue`] what is asked next, [`forecast`] what will
//! be known on the day of the interview. [`sheet`] turns a card into Markdown and reads what became of it.

pub mod event;
pub mod forecast;
pub mod memory;
pub mod progress;
pub mod queue;
pub mod scheduler;
pub mod store;

pub use event::{Entry, Event, Grade, Moment, Plan, Point, Review};
pub use store::{Store, StoreError};
