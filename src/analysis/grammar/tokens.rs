//! Numbers and operators.

use super::kinds::Kind;
use super::lexer::{CLASSES, LETTER};
use super::parser::Parser;

impl Parser<'_> {
    /// Digits, with single underscores between them.
    fn digits(&self, mut at: usize, is_digit: fn(u8) -> bool) -> Option<usize> {
        if !is_digit(self.byte(at)) {
            return None;
        }
        loop {
            if is_digit(self.byte(at)) || self.byte(at) == b'_' && is_digit(self.byte(at + 1)) {
                at += 1;
            } else {
                return Some(at);
            }
        }
    }

    /// A number.
    pub fn lex_number(&mut self, start: usize) -> Option<()> {
        let decimal = |byte: u8| byte.is_ascii_digit();
        let mut kind = Kind::Integer;
        let mut at = start;
        match (self.byte(start), self.byte(start + 1) | 0x20) {
            (b'0', b'x') => at = self.digits(start + 2, |byte| byte.is_ascii_hexdigit())?,
            (b'0', b'o') => at = self.digits(start + 2, |byte| matches!(byte, b'0'..=b'7'))?,
            (b'0', b'b') => at = self.digits(start + 2, |byte| matches!(byte, b'0' | b'1'))?,
            (first, _) => {
                if first != b'.' {
                    at = self.digits(start, decimal)?;
                }
                if self.byte(at) == b'.' {
                    kind = Kind::Float;
                    at = self.digits(at + 1, decimal).unwrap_or(at + 1);
                }
                if self.byte(at) | 0x20 == b'e' {
                    kind = Kind::Float;
                    let sign = matches!(self.byte(at + 1), b'+' | b'-');
                    at = self.digits(at + 1 + usize::from(sign), decimal)?;
                }
                if self.byte(at) | 0x20 == b'j' {
                    at += 1;
                }
            }
        }
        let next = self.byte(at);
        if CLASSES[usize::from(next)] >= LETTER || next >= 0x80 || next == b'.' {
            return None;
        }
        self.found(kind, start, at);
        Some(())
    }

    /// An operator or a delimiter.
    pub fn lex_operator(&mut self, at: usize, byte: u8) -> Option<()> {
        let next = self.byte(at + 1);
        let equal = next == b'=';
        let double = next == byte;
        let triple = double && self.byte(at + 2) == b'=';
        let (kind, length) = match byte {
            b'(' => (Kind::OpenParenthesis, 1),
            b')' => (Kind::CloseParenthesis, 1),
            b'[' => (Kind::OpenBracket, 1),
            b']' => (Kind::CloseBracket, 1),
            b'{' => (Kind::OpenBrace, 1),
            b'}' => (Kind::CloseBrace, 1),
            b',' => (Kind::Comma, 1),
            b';' => (Kind::Semicolon, 1),
            b'~' => (Kind::Tilde, 1),
            b'.' if next.is_ascii_digit() => return self.lex_number(at),
            b'.' if double && self.byte(at + 2) == b'.' => (Kind::Ellipsis, 3),
            b'.' => (Kind::Dot, 1),
            b':' if equal => (Kind::Walrus, 2),
            b':' => (Kind::Colon, 1),
            b'=' if equal => (Kind::EqualEqual, 2),
            b'=' => (Kind::Equal, 1),
            b'!' if equal => (Kind::NotEqual, 2),
            b'!' => (Kind::Exclamation, 1),
            b'-' if equal => (Kind::MinusEqual, 2),
            b'-' if next == b'>' => (Kind::Arrow, 2),
            b'-' => (Kind::Minus, 1),
            b'+' if equal => (Kind::PlusEqual, 2),
            b'+' => (Kind::Plus, 1),
            b'*' if triple => (Kind::PowerEqual, 3),
            b'*' if double => (Kind::Power, 2),
            b'*' if equal => (Kind::StarEqual, 2),
            b'*' => (Kind::Star, 1),
            b'/' if triple => (Kind::FloorDivideEqual, 3),
            b'/' if double => (Kind::FloorDivide, 2),
            b'/' if equal => (Kind::SlashEqual, 2),
            b'/' => (Kind::Slash, 1),
            b'%' if equal => (Kind::PercentEqual, 2),
            b'%' => (Kind::Percent, 1),
            b'@' if equal => (Kind::AtEqual, 2),
            b'@' => (Kind::At, 1),
            b'&' if equal => (Kind::AmpersandEqual, 2),
            b'&' => (Kind::Ampersand, 1),
            b'|' if equal => (Kind::OrEqual, 2),
            b'|' => (Kind::Bar, 1),
            b'^' if equal => (Kind::CaretEqual, 2),
            b'^' => (Kind::Caret, 1),
            b'<' if triple => (Kind::ShiftLeftEqual, 3),
            b'<' if double => (Kind::ShiftLeft, 2),
            b'<' if equal => (Kind::LessEqual, 2),
            b'<' => (Kind::Less, 1),
            b'>' if triple => (Kind::ShiftRightEqual, 3),
            b'>' if double => (Kind::ShiftRight, 2),
            b'>' if equal => (Kind::GreaterEqual, 2),
            b'>' => (Kind::Greater, 1),
            _ => return None,
        };
        self.found(kind, at, at + length);
        Some(())
    }
}
