//! The only position arithmetic: byte offsets to and from lines and characters.
//!
//! A line ends at `\n`, `\r\n` or `\r` and at nothing else. The character within a line is counted in the units of a
//! [`PositionEncoding`]. Every function accepts any number and clamps it the way the Language Server Protocol says: a
//! character beyond the end of its line means the end of the line (before the line break), a line beyond the last one
//! means the end of the text, and a place inside a character means its start.

use ropey::Rope;

/// The unit in which the character of a [`Position`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PositionEncoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units: what every client understands.
    #[default]
    Utf16,
    /// Characters (Unicode scalar values).
    Utf32,
}

impl PositionEncoding {
    fn units(self, char: char) -> usize {
        match self {
            Self::Utf8 => char.len_utf8(),
            Self::Utf16 => char.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position {
    /// The line, from 0.
    pub line: u32,
    /// The units before it on its line, from 0; the encoding says which units.
    pub character: u32,
}

impl Position {
    /// The place that many units after the start of a line.
    pub fn new(line: u32, character: u32) -> Self {
        Self { line, character }
    }
}

/// How many columns a tab counts for, as for formatters.
const TAB: usize = 4;

/// The columns of a line, as formatters count them: one for each character.
pub fn columns(line: &str) -> usize {
    line.chars().map(|c| if c == '\t' { TAB } else { 1 }).sum()
}

/// The byte offset of a position in a rope.
pub fn rope_offset(rope: &Rope, position: Position, encoding: PositionEncoding) -> usize {
    let line = position.line as usize;
    match (rope.try_line_to_byte(line), rope.get_line(line)) {
        (Ok(start), Some(text)) => {
            start + bytes_of(text.chars(), position.character as usize, encoding)
        }
        _ => rope.len_bytes(),
    }
}

/// The position of a byte offset in a rope. Inside a line break it is the end of the line.
pub fn rope_position(rope: &Rope, offset: usize, encoding: PositionEncoding) -> Position {
    let offset = offset.min(rope.len_bytes());
    let line = rope.byte_to_line(offset);
    let start = rope.line_to_byte(line);
    let character = units_of(rope.line(line).chars(), offset - start, encoding);
    Position::new(to_u32(line), to_u32(character))
}

/// The starts of a text's lines, found once, for many conversions of a text that does not change.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Finds the lines of `text`.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends_line = |at: usize| match bytes[at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let after_breaks = (0..bytes.len())
            .filter(|&at| ends_line(at))
            .map(|at| at + 1);
        Self {
            starts: std::iter::once(0).chain(after_breaks).collect(),
        }
    }

    /// How many lines there are: one more than there are line breaks.
    pub fn line_count(&self) -> usize {
        self.starts.len()
    }

    /// The byte offset of a position in `text`, the text this index was made from.
    pub fn offset(&self, text: &str, position: Position, encoding: PositionEncoding) -> usize {
        match self.starts.get(position.line as usize) {
            Some(&start) => {
                let line = text.get(start..).unwrap_or_default();
                start + bytes_of(line.chars(), position.character as usize, encoding)
            }
            None => text.len(),
        }
    }

    /// The position of a byte offset in `text`, the text this index was made from. Inside a line break it is the end
    /// of the line.
    pub fn position(&self, text: &str, offset: usize, encoding: PositionEncoding) -> Position {
        let offset = offset.min(text.len());
        let line = self.starts.partition_point(|&start| start <= offset) - 1;
        let start = self.starts[line];
        let rest = text.get(start..).unwrap_or_default();
        let character = units_of(rest.chars(), offset - start, encoding);
        Position::new(to_u32(line), to_u32(character))
    }
}

/// How many bytes of a line lie before its unit number `wanted`; `chars` may go on behind the line.
fn bytes_of(chars: impl Iterator<Item = char>, wanted: usize, encoding: PositionEncoding) -> usize {
    let (mut units, mut bytes) = (0, 0);
    for char in chars.take_while(|char| !matches!(char, '\r' | '\n')) {
        units += encoding.units(char);
        if units > wanted {
            break;
        }
        bytes += char.len_utf8();
    }
    bytes
}

/// How many units of a line lie before its byte number `wanted`; `chars` may go on behind the line.
fn units_of(chars: impl Iterator<Item = char>, wanted: usize, encoding: PositionEncoding) -> usize {
    let (mut units, mut bytes) = (0, 0);
    for char in chars.take_while(|char| !matches!(char, '\r' | '\n')) {
        bytes += char.len_utf8();
        if bytes > wanted {
            break;
        }
        units += encoding.units(char);
    }
    units
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "the texts of the tests are short"
)]
mod tests {
    use super::*;
    use PositionEncoding::{Utf8, Utf16, Utf32};
    use proptest::prelude::*;

    const ENCODINGS: [PositionEncoding; 3] = [Utf8, Utf16, Utf32];

    /// Both implementations must give the same offset.
    fn offset(text: &str, line: u32, character: u32, encoding: PositionEncoding) -> usize {
        let position = Position::new(line, character);
        let offset = rope_offset(&Rope::from_str(text), position, encoding);
        assert_eq!(
            LineIndex::new(text).offset(text, position, encoding),
            offset
        );
        offset
    }

    /// Both implementations must give the same position.
    fn position(text: &str, offset: usize, encoding: PositionEncoding) -> (u32, u32) {
        let position = rope_position(&Rope::from_str(text), offset, encoding);
        assert_eq!(
            LineIndex::new(text).position(text, offset, encoding),
            position
        );
        (position.line, position.character)
    }

    /// Lines as the protocol defines them, split in the most obvious way.
    fn naive_lines(text: &str) -> Vec<String> {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        text.split('\n').map(str::to_owned).collect()
    }

    #[test]
    fn characters_count_in_the_units_of_the_encoding() {
        let text = "é😀x";
        assert_eq!(ENCODINGS.map(|e| position(text, 6, e).1), [6, 3, 2]);
        assert_eq!(offset(text, 0, 6, Utf8), 6);
        assert_eq!(offset(text, 0, 3, Utf16), 6);
        assert_eq!(offset(text, 0, 2, Utf32), 6);
    }

    #[test]
    fn a_place_inside_a_character_means_its_start() {
        assert_eq!(offset("a😀b", 0, 2, Utf16), 1);
        assert_eq!(offset("a😀b", 0, 3, Utf8), 1);
        assert_eq!(position("a😀b", 3, Utf16), (0, 1));
    }

    #[test]
    fn a_character_beyond_its_line_means_the_end_of_the_line() {
        for text in ["ab\ncd", "ab\r\ncd", "ab\rcd"] {
            assert_eq!(offset(text, 0, 99, Utf16), 2);
            assert_eq!(offset(text, 0, u32::MAX, Utf8), 2);
        }
    }

    #[test]
    fn a_line_beyond_the_last_means_the_end_of_the_text() {
        assert_eq!(offset("ab\ncd", 2, 0, Utf16), 5);
        assert_eq!(offset("ab\n", 1, 7, Utf16), 3);
        assert_eq!(offset("", u32::MAX, u32::MAX, Utf16), 0);
        assert_eq!(position("ab\ncd", 99, Utf16), (1, 2));
    }

    #[test]
    fn between_carriage_return_and_line_feed_is_the_end_of_the_line() {
        assert_eq!(position("ab\r\ncd", 3, Utf16), (0, 2));
        assert_eq!(position("ab\r\ncd", 4, Utf16), (1, 0));
    }

    #[test]
    fn form_feeds_and_unicode_separators_break_no_line() {
        let text = "a\u{b}b\u{c}c\u{85}d\u{2028}e\u{2029}f";
        assert_eq!(LineIndex::new(text).line_count(), 1);
        assert_eq!(position(text, text.len(), Utf32), (0, 11));
    }

    proptest! {
        #[test]
        fn every_character_boundary_survives_the_round_trip(text in "[ab\u{301}é€😀\t\u{b}\u{c}\u{85}\u{2028}\r\n]{0,60}") {
            for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
                if text[..at].ends_with('\r') && text[at..].starts_with('\n') {
                    continue;
                }
                for encoding in ENCODINGS {
                    let (line, character) = position(&text, at, encoding);
                    prop_assert_eq!(offset(&text, line, character, encoding), at);
                }
            }
        }

        #[test]
        fn lines_are_those_of_the_protocol(text in "[a\u{b}\u{c}\u{85}\u{2028}\u{2029}\r\n]{0,40}") {
            let lines = naive_lines(&text);
            prop_assert_eq!(Rope::from_str(&text).len_lines(), lines.len());
            prop_assert_eq!(LineIndex::new(&text).line_count(), lines.len());
            for (number, line) in lines.iter().enumerate() {
                let number = number as u32;
                let range = offset(&text, number, 0, Utf16)..offset(&text, number, u32::MAX, Utf16);
                prop_assert_eq!(&text[range], line);
            }
        }

        #[test]
        fn any_position_gives_a_character_boundary(text in "[a😀é\r\n]{0,20}", line in 0u32..8, character in 0u32..30) {
            for encoding in ENCODINGS {
                prop_assert!(text.is_char_boundary(offset(&text, line, character, encoding)));
            }
        }
    }
}
