//! The tokens of a text, the ends of lines and blocks among them, as tree-sitter-python's scanner sees them.

use memchr::{memchr, memchr2_iter};

use super::builder::Ended;
use super::kinds::{Field, Kind};
use crate::analysis::table::narrow;

/// How deep brackets, operators and blocks are nested at most.
const DEEPEST: u32 = 100;
/// No line is indented further; tree-sitter's scanner counts in 16 bits.
const FURTHEST: u32 = 10_000;

/// What is used again for the next text.
#[derive(Default)]
pub struct Buffers {
    pub nodes: Vec<Ended>,
    pub places: Vec<u32>,
    extras: Vec<Ended>,
    comments: Vec<(u32, Ended)>,
    indents: Vec<u32>,
}

/// A parser of one text: the token that comes next, and what stands before it.
pub struct Parser<'t> {
    pub text: &'t [u8],
    /// The kind of the next token.
    pub token: Kind,
    /// Where it starts.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// How many brackets are open.
    pub brackets: u32,
    /// How many interpolations of strings are open.
    pub interpolations: u32,
    /// How many operands of `*` the statement has had, and one more if it is ambiguous for other reasons.
    pub splats: u32,
    /// How deep the parser is in the grammar.
    depth: u32,
    pub buffers: &'t mut Buffers,
    /// The next of the comments on lines of their own.
    comment: usize,
    /// The indentation of the line of code that comes next, and where its code starts.
    indent: u32,
    code: usize,
}

/// Where a parser is in its text.
pub struct State {
    token: Kind,
    start: usize,
    end: usize,
    brackets: u32,
    depth: u32,
}

/// A leaf.
fn leaf(kind: Kind, start: usize, end: usize) -> Ended {
    Ended {
        start: narrow(start),
        end: narrow(end),
        size: 1,
        kind,
        field: Field::None,
    }
}

impl<'t> Parser<'t> {
    /// A parser at the first token. `None` for texts with characters that are treated in special ways.
    pub fn new(text: &'t [u8], buffers: &'t mut Buffers) -> Option<Self> {
        let mut special = memchr2_iter(0, b'\r', text);
        let is_line_ending = |at: usize| text[at] == b'\r' && text.get(at + 1) == Some(&b'\n');
        if !special.all(is_line_ending) || text.starts_with(b"\xEF\xBB\xBF") {
            return None;
        }
        buffers.nodes.clear();
        buffers.extras.clear();
        buffers.indents.clear();
        buffers.indents.push(0);
        let mut parser = Self {
            text,
            token: Kind::Newline,
            start: 0,
            end: 0,
            brackets: 0,
            interpolations: 0,
            splats: 0,
            depth: 0,
            buffers,
            comment: 0,
            indent: 0,
            code: 0,
        };
        parser.look_ahead()?;
        parser.settle()?;
        Some(parser)
    }

    /// The byte at a place; 0 behind the end.
    pub fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }

    /// What the next token reads.
    pub fn word(&self) -> &'t [u8] {
        self.text.get(self.start..self.end).unwrap_or_default()
    }

    /// Where the parser is, inside one line of statements and behind all extras.
    pub fn state(&self) -> State {
        let Self {
            token,
            start,
            end,
            brackets,
            depth,
            ..
        } = *self;
        State {
            token,
            start,
            end,
            brackets,
            depth,
        }
    }

    /// Goes back to where it was when there were so many nodes.
    pub fn restore(&mut self, state: State, nodes: usize) {
        let State {
            token,
            start,
            end,
            brackets,
            depth,
        } = state;
        (self.token, self.start, self.end) = (token, start, end);
        (self.brackets, self.depth, self.interpolations) = (brackets, depth, 0);
        self.buffers.nodes.truncate(nodes);
        self.buffers.extras.clear();
    }

    /// Whether the node that was ended last is all there is since then.
    pub fn is_node_since(&self, mark: usize) -> bool {
        let last = self.buffers.nodes.last();
        last.is_some_and(|last| last.size as usize == self.buffers.nodes.len() - mark)
    }

    /// Goes one level deeper.
    pub fn enter(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth < DEEPEST).then_some(())
    }

    /// Goes up again.
    pub fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Adds what stands before the next token: it belongs to the node that is going on. Answers where a node starts
    /// whose first token is the next.
    pub fn mark(&mut self) -> usize {
        if !self.buffers.extras.is_empty() {
            self.buffers.nodes.append(&mut self.buffers.extras);
        }
        self.buffers.nodes.len()
    }

    /// Adds a leaf.
    pub fn leaf(&mut self, kind: Kind, start: usize, end: usize) {
        self.buffers.nodes.push(leaf(kind, start, end));
    }

    /// Ends a node.
    pub fn finish(&mut self, kind: Kind, mark: usize) {
        let nodes = &mut self.buffers.nodes;
        let start = nodes.get(mark).map_or(0, |first| first.start);
        let end = nodes.last().map_or(0, |last| last.end);
        let size = narrow(nodes.len() - mark + 1);
        let field = Field::None;
        nodes.push(Ended {
            start,
            end,
            size,
            kind,
            field,
        });
    }

    /// Ends a node that has bytes outside of those below it.
    pub fn finish_at(&mut self, kind: Kind, mark: usize, start: usize, end: usize) {
        let size = narrow(self.buffers.nodes.len() - mark + 1);
        let node = leaf(kind, start, end);
        self.buffers.nodes.push(Ended { size, ..node });
    }

    /// Puts the node that was ended last into a field.
    pub fn field(&mut self, field: Field) {
        if let Some(last) = self.buffers.nodes.last_mut() {
            last.field = field;
        }
    }

    /// The kind of the node that was ended last.
    pub fn last(&self) -> Kind {
        self.buffers
            .nodes
            .last()
            .map_or(Kind::End, |last| last.kind)
    }

    /// Whether the node that was ended last is one name that started there.
    pub fn is_name(&self, mark: usize) -> bool {
        self.buffers.nodes.len() == mark + 1 && self.last() == Kind::Identifier
    }

    /// Adds the next token as a leaf.
    pub fn bump(&mut self) -> Option<()> {
        self.bump_as(self.token)
    }

    /// Adds the next token as a leaf of another kind.
    pub fn bump_as(&mut self, kind: Kind) -> Option<()> {
        self.mark();
        self.leaf(kind, self.start, self.end);
        self.lex(self.end)
    }

    /// Adds the next token if it is of that kind.
    pub fn expect(&mut self, kind: Kind) -> Option<()> {
        if self.token == kind {
            self.bump()
        } else {
            None
        }
    }

    /// Adds the next token, which opens a bracket.
    pub fn open(&mut self) -> Option<()> {
        self.brackets += 1;
        self.bump()
    }

    /// Adds the next token if it is this closing bracket.
    pub fn close(&mut self, kind: Kind) -> Option<()> {
        if self.token != kind {
            return None;
        }
        self.brackets = self.brackets.checked_sub(1)?;
        self.bump()
    }

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
    fn look_ahead(&mut self) -> Option<()> {
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
    fn settle(&mut self) -> Option<()> {
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
                        return self.found(Kind::Newline, at, at);
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
            QUOTE => self.lex_quote(at, at),
            _ if at == self.text.len() && self.brackets == 0 => self.found(Kind::Newline, at, at),
            _ => self.lex_operator(at, byte),
        }
    }

    fn found(&mut self, kind: Kind, start: usize, end: usize) -> Option<()> {
        self.token = kind;
        self.start = start;
        self.end = end;
        Some(())
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
                return self.lex_quote(start, end);
            }
        }
        let kind = if end - start < 9 {
            keyword(&self.text[start..end])
        } else {
            Kind::Identifier
        };
        self.found(kind, start, end)
    }

    fn lex_quote(&mut self, start: usize, quote: usize) -> Option<()> {
        let byte = self.byte(quote);
        let triple = self.byte(quote + 1) == byte && self.byte(quote + 2) == byte;
        // The scanner passes over line continuations to find a string.
        let extras = &mut self.buffers.extras;
        while extras
            .pop_if(|e| e.kind == Kind::LineContinuation)
            .is_some()
        {}
        let end = quote + if triple { 3 } else { 1 };
        self.found(Kind::StringStart, start, end)
    }

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

    fn lex_number(&mut self, start: usize) -> Option<()> {
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
        self.found(kind, start, at)
    }

    fn lex_operator(&mut self, at: usize, byte: u8) -> Option<()> {
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
        self.found(kind, at, at + length)
    }
}

const OTHER: u8 = 0;
const QUOTE: u8 = 1;
const LETTER: u8 = 2;
const DIGIT: u8 = 3;

/// What kind of token a byte begins. What may go on with a word is at least a letter.
const CLASSES: [u8; 256] = {
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
