//! Opens a fixed file of 10,000 lines and makes as many edits in its middle as the first argument says: a program whose
//! instructions are counted.

mod typing;

use hotseat::content;
use typing::{HEADER, Typist};

const MODULE: &str = include_str!("module.py");
const LINES: usize = 10_000;

/// Edits after which all that is kept between edits is there.
const WARM_UP: usize = 20;

fn main() {
    let argument = std::env::args().nth(1);
    let edits: usize = argument
        .and_then(|number| number.parse().ok())
        .expect("the number of edits");
    let text = MODULE.repeat(LINES.div_ceil(MODULE.lines().count()));
    let middle = text.len() / 2;
    let header = middle + text[middle..].find(HEADER).expect("the module has it");
    let engine = content::engine(None).expect("the built-in questions");
    let mut typist = Typist::toggling(&engine, &text, header);
    for _ in 0..WARM_UP + edits {
        typist.type_on();
    }
}
