//! The state of an attempt: the token that comes next, and the nodes before it.

use memchr::memchr2_iter;

use super::builder::Ended;
use super::kinds::{Field, Kind};
use crate::analysis::table::narrow;

/// How deep brackets, operators and blocks are nested at most.
const DEEPEST: u32 = 100;

/// What is used again for the next text.
#[derive(Default)]
pub struct Buffers {
    /// The nodes that have ended.
    pub nodes: Vec<Ended>,
    /// Room to make a table of them.
    pub places: Vec<u32>,
    /// The comments and line continuations before the next token.
    pub extras: Vec<Ended>,
    /// The comments on lines of their own before the next line of code, with their indentation.
    pub comments: Vec<(u32, Ended)>,
    /// The indentation of the blocks around.
    pub indents: Vec<u32>,
}

/// A parser of one text: the token that comes next, and what stands before it.
pub struct Parser<'t> {
    /// The text.
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
    /// Whether a list without brackets may be targets or values to tree-sitter, by the operand of a `*` in it.
    pub ambiguous: bool,
    /// How deep the parser is in the grammar.
    depth: u32,
    /// The nodes and what else grows.
    pub buffers: &'t mut Buffers,
    /// The next of the comments on lines of their own.
    pub comment: usize,
    /// The indentation of the line of code that comes next.
    pub indent: u32,
    /// Where its code starts.
    pub code: usize,
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
pub fn leaf(kind: Kind, start: usize, end: usize) -> Ended {
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
            ambiguous: false,
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
    pub fn take(&mut self, kind: Kind) -> Option<()> {
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
}
