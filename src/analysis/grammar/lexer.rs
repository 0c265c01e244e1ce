//! The tokens of a text, the ends of lines and blocks among them, as tree-sitter-python's scanner sees them.

use memchr::memchr;

use super::kinds::Kind;
use super::parser::{Parser, leaf};

/// No line is indented further; tree-sitter's scanner counts in 16 bits.
const FURTHEST: u32 = 10_000;

impl Parser<'_> {
    /// Ends a line of statements, and goes to the next line.
    pub fn newline(&mut self) -> Option<()> {
        self.look_ahead()?;
        self.settle()
    }

    /// Goes to the first line of a block. What stands before it is added: it belongs to the statement of the block.
    pub fn indent(&mut self) -> Option<()> {
        self.mark();
        self.look_ahead()?;
        if self.indent <= self.buffers.indents.last().copied()? {
            return None;
        }
        self.buffers.indents.push(self.indent);
        self.settle()
    }

    /// Goes on after the end of a block.
    pub fn dedent(&mut self) -> Option<()> {
        self.settle()
    }

    /// Whether the comments before the next line of code are indented as the block is at least.
    pub fn comments_are_inside(&self) -> bool {
        let current = self.buffers.indents.last().copied().unwrap_or(0);
        let mut comments = self.buffers.comments.iter();
        comments.all(|(indent, _)| *indent >= current)
    }

    /// Finds the next line of code and the comments before it.
    pub fn look_ahead(&mut self) -> Option<()> {
        self.buffers.comments.clear();
        self.comment = 0;
        let mut at = self.end;
        let mut indent = 0;
        loop {
            match self.byte(at) {
                b' ' => indent += 1,
                b'\n' | b'\r' | b'\x0c' => indent = 0,
                b'\t' => indent += 8,
                b'#' => {
                    let end = self.line_end(at);
                    let comment = leaf(Kind::Comment, at, end);
                    self.buffers.comments.push((indent, comment));
                    at = end;
                    continue;
                }
                0 => {
                    indent = 0;
                    break;
                }
                b'\\' => return None,
                _ => break,
            }
            at += 1;
        }
        self.indent = indent;
        self.code = at;
        (indent < FURTHEST).then_some(())
    }

    pub fn line_end(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let end = memchr(b'\n', rest).map_or(self.text.len(), |length| at + length);
        end - usize::from(self.byte(end - 1) == b'\r')
    }

    /// Before a line of code: ends the blocks that it is not in, after the comments that are.
    pub fn settle(&mut self) -> Option<()> {
        loop {
            let current = self.buffers.indents.last().copied()?;
            let comment = self.buffers.comments.get(self.comment).copied();
            let is_outside = comment.is_none_or(|(indent, _)| indent < current);
            if self.indent < current && is_outside {
                self.buffers.indents.pop();
                self.token = Kind::Dedent;
                return Some(());
            }
            let Some((_, comment)) = comment else {
                break;
            };
            self.buffers.extras.push(comment);
            self.comment += 1;
        }
        if self.code == self.text.len() {
            self.token = Kind::End;
            return Some(());
        }
        self.lex(self.code)
    }

    /// Whether a line inside of brackets is indented as the block is at least: otherwise tree-sitter ends the block where
    /// no closing bracket may stand.
    fn stays_inside(&self, newline: usize) -> bool {
        let current = self.buffers.indents.last().copied().unwrap_or(0);
        if current == 0 {
            return true;
        }
        let mut indent = 0;
        for byte in self.text.get(newline..).unwrap_or_default() {
            match byte {
                b' ' => indent += 1,
                b'\n' | b'\r' | b'\x0c' => indent = 0,
                b'\t' => indent += 8,
                b')' | b']' | b'}' => return true,
                _ => break,
            }
        }
        indent >= current
    }

    /// Reads the token from a place on.
    pub fn lex(&mut self, from: usize) -> Option<()> {
        let mut at = from;
        loop {
            match self.byte(at) {
                b' ' | b'\t' | b'\r' | b'\x0c' => at += 1,
                b'\n' => {
                    if self.brackets == 0 {
                        self.found(Kind::Newline, at, at);
                        return Some(());
                    }
                    if self.interpolations > 0 || !self.stays_inside(at) {
                        return None;
                    }
                    at += 1;
                }
                b'#' => {
                    if self.interpolations > 0 {
                        return None;
                    }
                    let end = self.line_end(at);
                    self.buffers.extras.push(leaf(Kind::Comment, at, end));
                    at = end;
                }
                b'\\' => {
                    at = self.line_continuation(at)?;
                }
                _ => break,
            }
        }
        let byte = self.byte(at);
        match CLASSES[usize::from(byte)] {
            LETTER => self.lex_word(at),
            DIGIT => self.lex_number(at),
            QUOTE => {
                self.lex_quote(at, at);
                Some(())
            }
            _ if at == self.text.len() && self.brackets == 0 => {
                self.found(Kind::Newline, at, at);
                Some(())
            }
            _ => self.lex_operator(at, byte),
        }
    }

    /// Makes this the next token.
    pub fn found(&mut self, kind: Kind, start: usize, end: usize) {
        self.token = kind;
        self.start = start;
        self.end = end;
    }

    /// A backslash at the end of a line. Only code may follow on the next line.
    fn line_continuation(&mut self, at: usize) -> Option<usize> {
        let end = at + if self.byte(at + 1) == b'\r' { 3 } else { 2 };
        if self.byte(end - 1) != b'\n' || self.interpolations > 0 {
            return None;
        }
        let mut next = end;
        while matches!(self.byte(next), b' ' | b'\t') {
            next += 1;
        }
        if matches!(self.byte(next), 0 | b'\n' | b'\r' | b'#' | b'\\' | b'\x0c') {
            return None;
        }
        let continuation = leaf(Kind::LineContinuation, at, end);
        self.buffers.extras.push(continuation);
        Some(next)
    }

    fn lex_word(&mut self, start: usize) -> Option<()> {
        let mut end = start + 1;
        while CLASSES[usize::from(self.byte(end))] >= LETTER {
            end += 1;
        }
        let next = self.byte(end);
        if next >= 0x80 {
            return None;
        }
        if matches!(next, b'"' | b'\'') && end - start < 3 {
            let prefix = &self.text[start..end];
            if prefix.iter().all(|b| b"fFtTrRbBuU".contains(b)) {
                self.lex_quote(start, end);
                return Some(());
            }
        }
        let kind = if end - start < 9 {
            keyword(&self.text[start..end])
        } else {
            Kind::Identifier
        };
        self.found(kind, start, end);
        Some(())
    }

    fn lex_quote(&mut self, start: usize, quote: usize) {
        let byte = self.byte(quote);
        let triple = self.byte(quote + 1) == byte && self.byte(quote + 2) == byte;
        // The scanner passes over line continuations to find a string.
        let extras = &mut self.buffers.extras;
        while extras
            .pop_if(|e| e.kind == Kind::LineContinuation)
            .is_some()
        {}
        let end = quote + if triple { 3 } else { 1 };
        self.found(Kind::StringStart, start, end);
    }
}

const OTHER: u8 = 0;
const QUOTE: u8 = 1;
/// What goes on with a word.
pub const LETTER: u8 = 2;
const DIGIT: u8 = 3;

/// What kind of token a byte begins. What may go on with a word is at least a letter.
pub const CLASSES: [u8; 256] = {
    let mut classes = [OTHER; 256];
    let mut byte = 0u8;
    loop {
        classes[byte as usize] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => LETTER,
            b'0'..=b'9' => DIGIT,
            b'"' | b'\'' => QUOTE,
            _ => OTHER,
        };
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    classes
};

/// The bytes of a word as a number.
const fn packed(word: &[u8]) -> u64 {
    let mut packed = 0;
    let mut index = 0;
    while index < word.len() {
        packed = packed << 8 | word[index] as u64;
        index += 1;
    }
    packed
}

macro_rules! keywords {
    ($($word:literal $kind:ident)*) => {
        /// The kind of a word of up to eight bytes.
        fn keyword(word: &[u8]) -> Kind {
            mod packed {
                $(#[allow(non_upper_case_globals)] pub const $kind: u64 = super::packed($word);)*
            }
            match packed(word) {
                $(packed::$kind => Kind::$kind,)*
                _ => Kind::Identifier,
            }
        }
    };
}

keywords! {
    b"False" False b"None" None b"True" True b"and" And b"as" As b"assert" Assert b"async" Async
    b"await" AwaitKeyword b"break" Break b"class" Class b"continue" Continue b"def" Def b"del" Del
    b"elif" Elif b"else" Else b"except" Except b"finally" Finally b"for" For b"from" From
    b"global" Global b"if" If b"import" Import b"in" In b"is" Is b"lambda" LambdaKeyword
    b"nonlocal" Nonlocal b"not" Not b"or" Or b"pass" Pass b"raise" Raise b"return" Return
    b"try" Try b"while" While b"with" With b"yield" YieldKeyword
}
