//! Practice: what was answered how well, when it is asked again, and the sheet on which it happens.
//!
//! [`event`] is the log of everything that has happened, [`store`] keeps it on the disk, [`progress`] is what follows from it
//! at a moment; [`memory`] and [`scheduler`] compute when a card is due, [`queue`] what is asked next, [`forecast`] what will
//! be known on the day of the interview, [`overview`] all of that as data to show; [`optimize`] fits the memory model to a
//! person. [`face`] is a card in words, [`anki`] what Anki reads and writes; [`sheet`] turns a card into Markdown and reads
//! what became of it.

pub mod anki;
pub mod event;
pub mod face;
pub mod forecast;
pub mod memory;
pub mod optimize;
pub mod overview;
pub mod progress;
pub mod queue;
pub mod scheduler;
pub mod sheet;
pub mod store;
#[cfg(test)]
mod testing;

use crate::ide::render;

pub use event::{Entry, Event, Grade, Moment, Plan, Point, Review};
pub use store::{Store, StoreError};

/// What names a key point in the log: the first half of a hash (FNV-1a, 64 bits) of its plain text, in hexadecimal. A point
/// that is worded anew is a new one.
pub fn point_key(markdown: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in render::plain(markdown).bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{:08x}", hash >> 32)
}

/// The grade that so many of the key points of an answer suggest: good from 80 %, hard from 50 %. Easy is only ever chosen.
pub fn suggested(made: usize, of: usize) -> Grade {
    match made * 100 {
        hundredfold if hundredfold >= of * 80 => Grade::Good,
        hundredfold if hundredfold >= of * 50 => Grade::Hard,
        _ => Grade::Again,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_point_is_named_by_its_words() {
        let key = point_key("`gather` returns the results as a list.");
        assert_eq!(
            key,
            point_key("**gather**  returns the\nresults as a list.")
        );
        assert_ne!(key, point_key("`gather` returns the results as a set."));
        // In logs all over the world: never to change.
        assert_eq!(key, "1fbec61d");
        assert_eq!(point_key(""), "cbf29ce4");
    }

    #[test]
    fn eight_of_ten_points_are_good_and_half_of_them_is_hard() {
        use Grade::{Again, Good, Hard};
        let of_ten = |made| suggested(made, 10);
        assert_eq!(
            [4, 5, 7, 8, 10].map(of_ten),
            [Again, Hard, Hard, Good, Good]
        );
        assert_eq!([5, 6].map(|made| suggested(made, 7)), [Hard, Good]);
        assert_eq!(suggested(0, 1), Again);
    }
}
