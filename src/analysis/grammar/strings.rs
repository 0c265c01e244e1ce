//! String literals with their escape sequences and interpolations.

use memchr::{memchr, memchr2};

use super::kinds::{Field, Kind};
use super::parser::Parser;

/// What the characters before and at the opening quote say about a string.
#[derive(Clone, Copy)]
struct Literal {
    quote: u8,
    /// How many quotes: one or three.
    quotes: usize,
    raw: bool,
    bytes: bool,
    format: bool,
}

impl Literal {
    fn is_triple(self) -> bool {
        self.quotes == 3
    }
}

/// The content of a string since it began or since the last interpolation.
#[derive(Clone, Copy)]
struct Content {
    start: usize,
    mark: usize,
}

impl Parser<'_> {
    /// One or more string literals.
    pub fn strings(&mut self) -> Option<()> {
        let mark = self.mark();
        self.string()?;
        if self.token == Kind::StringStart {
            while self.token == Kind::StringStart {
                self.string()?;
            }
            self.finish(Kind::ConcatenatedString, mark);
        }
        Some(())
    }

    fn string(&mut self) -> Option<()> {
        let mark = self.mark();
        let opening = self.word();
        let has = |letter: u8| opening.iter().any(|byte| byte | 0x20 == letter);
        let quote = opening.last().copied()?;
        let literal = Literal {
            quote,
            quotes: if opening.ends_with(&[quote; 3]) { 3 } else { 1 },
            raw: has(b'r'),
            bytes: has(b'b'),
            format: has(b'f') || has(b't'),
        };
        self.leaf(Kind::StringStart, self.start, self.end);
        let mut at = self.end;
        let mut content = Content {
            start: at,
            mark: self.buffers.nodes.len(),
        };
        // A raw string's content that is nothing but backslashes is no content to tree-sitter's scanner.
        let (mut scanned, mut nothing) = (at, at);
        loop {
            at = self.special(at, literal)?;
            match self.byte(at) {
                b'\\' => {
                    let behind = self.backslash(at, literal)?;
                    if literal.raw && nothing == at {
                        nothing = behind;
                    }
                    at = behind;
                }
                b'\n' if literal.is_triple() => at += 1,
                b'{' | b'}' if nothing == at && nothing > scanned => return None,
                b'{' if self.byte(at + 1) == b'{' => {
                    at = self.doubled(at);
                    (scanned, nothing) = (at, at);
                }
                b'}' if self.byte(at + 1) == b'}' => {
                    at = self.doubled(at);
                    (scanned, nothing) = (at, at);
                }
                b'{' => {
                    self.content(content, at);
                    at = self.interpolation(at, Kind::Interpolation)?;
                    content = Content {
                        start: at,
                        mark: self.buffers.nodes.len(),
                    };
                    (scanned, nothing) = (at, at);
                }
                byte if byte == literal.quote => {
                    let closes = !literal.is_triple()
                        || self.byte(at + 1) == byte && self.byte(at + 2) == byte;
                    if closes {
                        let end = if nothing == at { scanned } else { at };
                        self.content(content, end);
                        self.leaf(Kind::StringEnd, end, at + literal.quotes);
                        self.finish(Kind::String, mark);
                        return self.lex(at + literal.quotes);
                    }
                    at += 1;
                    (scanned, nothing) = (at, at);
                }
                _ => return None,
            }
        }
    }

    /// The next place where something may not be plain content.
    fn special(&self, at: usize, literal: Literal) -> Option<usize> {
        let rest = self.text.get(at..)?;
        let length = if literal.is_triple() && !literal.format {
            memchr2(literal.quote, b'\\', rest)
        } else {
            rest.iter().position(|byte| {
                *byte == literal.quote
                    || matches!(byte, b'\\' | b'\n')
                    || literal.format && matches!(byte, b'{' | b'}')
            })
        };
        Some(at + length?)
    }

    /// Ends the content of a string, if there is any.
    fn content(&mut self, content: Content, end: usize) {
        if content.start == end {
            return;
        }
        if self.buffers.nodes.len() == content.mark {
            return self.leaf(Kind::StringContent, content.start, end);
        }
        self.finish_at(Kind::StringContent, content.mark, content.start, end);
    }

    /// A doubled brace in an interpolated string.
    fn doubled(&mut self, at: usize) -> usize {
        self.leaf(Kind::EscapeInterpolation, at, at + 2);
        at + 2
    }

    /// A backslash: an escape sequence, or itself.
    fn backslash(&mut self, at: usize, literal: Literal) -> Option<usize> {
        let next = self.byte(at + 1);
        if next >= 0x80 || next == 0 {
            return None;
        }
        if literal.raw {
            return Some(self.raw_backslash(at, literal, next));
        }
        let rest = self.text.get(at + 2..)?;
        let hexadecimal = |count: usize| {
            let digits = rest.get(..count)?;
            let all = digits.iter().all(u8::is_ascii_hexdigit);
            all.then_some(2 + count)
        };
        let length = match next {
            b'N' | b'u' | b'U' if literal.bytes => return None,
            b'u' => hexadecimal(4),
            b'U' => hexadecimal(8),
            b'x' => hexadecimal(2),
            b'0'..=b'9' => {
                let digits = rest.iter().take(2).take_while(|b| b.is_ascii_digit());
                Some(2 + digits.count())
            }
            b'\n' | b'\'' | b'"' | b'\\' | b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' => {
                Some(2)
            }
            // Of a Windows line ending.
            b'\r' => Some(3),
            b'N' if rest.first() == Some(&b'{') => {
                let length = memchr(b'}', rest)?;
                let name = rest.get(1..length)?;
                let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b" -".contains(byte);
                if name.is_empty() || !name.iter().all(is_name) {
                    return None;
                }
                Some(length + 3)
            }
            _ => None,
        };
        if let Some(length) = length {
            self.leaf(Kind::EscapeSequence, at, at + length);
            return Some(at + length);
        }
        self.leaf(Kind::Backslash, at, at + 1);
        Some(at + 1)
    }

    /// A backslash in a raw string, which is plain content with the quote or line feed that it stands before.
    fn raw_backslash(&self, at: usize, literal: Literal, next: u8) -> usize {
        let mut at = at + 1;
        if next == literal.quote || next == b'\\' {
            at += 1;
        }
        at += usize::from(self.byte(at) == b'\r');
        at + usize::from(self.byte(at) == b'\n')
    }

    /// An interpolation from its opening brace on. Answers where it ends.
    fn interpolation(&mut self, at: usize, kind: Kind) -> Option<usize> {
        self.enter()?;
        self.interpolations += 1;
        self.brackets += 1;
        let mark = self.buffers.nodes.len();
        self.leaf(Kind::OpenBrace, at, at + 1);
        self.lex(at + 1)?;
        self.expression()?;
        self.field(Field::Expression);
        if self.token == Kind::Equal {
            self.bump()?;
        }
        if self.token == Kind::Exclamation {
            let end = self.start + 2;
            if !self.byte(self.start + 1).is_ascii_lowercase() {
                return None;
            }
            self.leaf(Kind::TypeConversion, self.start, end);
            self.field(Field::TypeConversion);
            self.lex(end)?;
            if self.start != end {
                return None;
            }
        }
        let mut close = self.start;
        if self.token == Kind::Colon {
            close = self.format_specifier(self.start)?;
        } else if self.token != Kind::CloseBrace {
            return None;
        }
        self.leaf(Kind::CloseBrace, close, close + 1);
        self.finish(kind, mark);
        self.interpolations -= 1;
        self.brackets -= 1;
        self.leave();
        Some(close + 1)
    }

    /// A format specifier from its colon on. Answers where the brace is that ends it.
    fn format_specifier(&mut self, colon: usize) -> Option<usize> {
        let mark = self.buffers.nodes.len();
        self.leaf(Kind::Colon, colon, colon + 1);
        let mut at = colon + 1;
        loop {
            match self.byte(at) {
                b'{' => at = self.interpolation(at, Kind::FormatExpression)?,
                b'}' => break,
                0 | b'\n' | b'\\' | b'"' | b'\'' => return None,
                _ => at += 1,
            }
        }
        self.finish_at(Kind::FormatSpecifier, mark, colon, at);
        self.field(Field::FormatSpecifier);
        Some(at)
    }
}
