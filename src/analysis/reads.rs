//! What a computation looked at outside of its own segment.
//!
//! What was found in one segment stays valid until something changes that its checks read. Instead of asking every check to
//! say what it reads, the few ways out of a segment are watched: steps to a node of another segment, look-ups of a name that
//! a surrounding module, class or function binds, searches for a spelling, and walks over the whole file.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use std::cell::RefCell;

use super::syntax::Slot;

/// What was read.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Reads {
    /// Other segments.
    pub segments: HashSet<Slot>,
    /// Names that were looked up in a scope that several segments share.
    pub names: HashSet<Box<str>>,
    /// Spellings that were searched for: in the whole file, or only in the body of the definition with this head.
    pub spellings: HashMap<Box<str>, Option<Slot>>,
    /// The whole file.
    pub everything: bool,
}

struct Watch {
    own: Slot,
    reads: Reads,
}

thread_local! {
    static WATCH: RefCell<Option<Watch>> = const { RefCell::new(None) };
}

/// Runs a computation about the segment `own` and returns what else it read.
pub fn watch<T>(own: Slot, compute: impl FnOnce() -> T) -> (T, Reads) {
    let reads = Reads::default();
    let outer = WATCH.with_borrow_mut(|watch| watch.replace(Watch { own, reads }));
    let value = compute();
    let watched = WATCH.with_borrow_mut(|watch| std::mem::replace(watch, outer));
    (value, watched.map(|watch| watch.reads).unwrap_or_default())
}

fn note(read: impl FnOnce(&mut Watch)) {
    WATCH.with_borrow_mut(|watch| {
        if let Some(watch) = watch {
            read(watch);
        }
    });
}

/// A node of this segment was visited.
pub fn segment(slot: Slot) {
    note(|watch| {
        if watch.own != slot {
            watch.reads.segments.insert(slot);
        }
    });
}

/// A name was looked up in a scope that several segments share.
pub fn name(name: &str) {
    note(|watch| {
        if !watch.reads.names.contains(name) {
            watch.reads.names.insert(name.into());
        }
    });
}

/// A spelling was searched for in the whole file, or only in the definition with this head.
pub fn spelling(word: &str, head: Option<Slot>) {
    note(|watch| match watch.reads.spellings.get_mut(word) {
        Some(known) if *known == head => {}
        Some(known) => *known = None,
        None => drop(watch.reads.spellings.insert(word.into(), head)),
    });
}

/// The whole file was walked over.
pub fn everything() {
    note(|watch| watch.reads.everything = true);
}
