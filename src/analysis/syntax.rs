//! A node of the syntax tree that knows its own text and its place in the file.
//!
//! Checks and rewrites see this [`Node`] and never tree-sitter's. The file is parsed in segments, but a node does not show it:
//! ranges are absolute byte ranges of the file, and steps to parents, children and siblings lead from one segment to the next.
//! Comments, which the grammar lets stand between any two nodes, are never among [`Node::children`].

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::reads;
use super::table::{ERROR, EXTRA, HAS_ERROR, NAMED, NodeData, Table, field_id, kind_name, narrow};
use crate::text::position::columns;

/// What stays the same of a segment while its text changes: unique among the segments of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(pub u32);

/// The text of a segment, parsed.
#[derive(Debug)]
pub struct Parsed {
    /// The text.
    pub text: Box<str>,
    /// Its nodes.
    pub table: Table,
    /// The white space in front of the statements that follow, if this is the head of a definition whose body is in the
    /// segments below it.
    pub head_of: Option<Box<str>>,
    /// See [`Parsed::longest_breakable_line`].
    longest: OnceLock<usize>,
}

impl Parsed {
    /// Parses whole statements.
    pub fn whole(text: &str) -> Self {
        Self {
            text: text.into(),
            table: Table::of(text),
            head_of: None,
            longest: OnceLock::new(),
        }
    }

    /// Parses the head of a definition whose body has this indentation.
    pub fn head(text: &str, indentation: &str) -> Self {
        Self {
            text: text.into(),
            table: Table::of_head(text, indentation),
            head_of: Some(indentation.into()),
            longest: OnceLock::new(),
        }
    }

    /// How many columns the longest line has that has brackets, in which it could be broken, and neither a string nor a
    /// comment, which cannot. 0 if there is none.
    pub fn longest_breakable_line(&self) -> usize {
        *self.longest.get_or_init(|| {
            let rigid = self.table.nodes.iter();
            let rigid = rigid.filter(|n| matches!(kind_name(n.kind), "string" | "comment"));
            let rigid: Vec<Range<usize>> =
                rigid.map(|n| n.start as usize..n.end as usize).collect();
            let mut at = 0;
            let lines = self.text.split_inclusive('\n').map(|line| {
                let start = at;
                at += line.len();
                (start, line.trim_end())
            });
            let breakable = lines.filter(|(start, code)| {
                let end = start + code.len();
                code.contains(['(', '[', '{'])
                    && !rigid.iter().any(|r| r.start < end && *start < r.end)
            });
            breakable.map(|(_, code)| columns(code)).max().unwrap_or(0)
        })
    }
}

/// A part of a file that is parsed on its own: some statements of the module, or of the body of one long definition.
#[derive(Debug, Clone)]
pub struct Segment {
    /// The byte of the file at which it starts.
    pub start: usize,
    /// The line of the file at which it starts, counted from 0.
    pub line: usize,
    /// How many bytes it has.
    pub length: usize,
    /// How many line feeds it has.
    pub lines: usize,
    /// What stays the same of it.
    pub slot: Slot,
    /// What it reads.
    pub parsed: Arc<Parsed>,
    /// The head of the definition whose body it belongs to; `None` for statements of the module.
    pub host: Option<Slot>,
    /// How many of the following segments are in the body of the definition that this is the head of.
    pub below: u32,
    /// How many bytes from its start on decided where it ends.
    pub reach: usize,
}

impl Segment {
    /// A segment that is not yet part of a file: statements of a module.
    pub fn new(slot: Slot, parsed: Arc<Parsed>) -> Self {
        Self {
            start: 0,
            line: 0,
            length: parsed.text.len(),
            lines: memchr::memchr_iter(b'\n', parsed.text.as_bytes()).count(),
            slot,
            parsed,
            host: None,
            below: 0,
            reach: 0,
        }
    }

    /// The byte of the file behind it.
    pub fn end(&self) -> usize {
        self.start + self.length
    }

    fn nodes(&self) -> &[NodeData] {
        &self.parsed.table.nodes
    }
}

/// The syntax of a file: all its segments.
#[derive(Debug, Clone)]
pub struct Syntax {
    segments: Vec<Segment>,
    /// The places in `segments`, by slot.
    positions: Vec<u32>,
    /// The longest [`Segment::reach`] there has been.
    reach: usize,
    text: OnceLock<Arc<str>>,
}

impl Syntax {
    /// Puts segments together. They are in source order, at least one, and cover the file.
    pub fn new(segments: Vec<Segment>) -> Self {
        let mut syntax = Self {
            positions: Vec::new(),
            reach: 0,
            text: OnceLock::new(),
            segments,
        };
        let all = 0..syntax.segments.len();
        syntax.settle(all, true);
        syntax
    }

    /// Parses a text as one segment.
    pub fn of(text: &str) -> Self {
        Self::alone(Slot(0), Arc::new(Parsed::whole(text)))
    }

    /// One segment as if it were a file of its own.
    pub fn alone(slot: Slot, parsed: Arc<Parsed>) -> Self {
        Self::new(vec![Segment::new(slot, parsed)])
    }

    /// Replaces the segments at these places and moves what follows.
    pub fn replace(&mut self, places: Range<usize>, segments: Vec<Segment>) {
        let new = places.start..places.start + segments.len();
        let shifted = new != places;
        self.segments.splice(places, segments);
        self.text = OnceLock::new();
        self.settle(new, shifted);
    }

    /// Finds the places of new segments, and of those that follow. `shifted`: their number has changed.
    fn settle(&mut self, new: Range<usize>, shifted: bool) {
        let before = new.start.checked_sub(1).map(|last| &self.segments[last]);
        let (mut start, mut line) =
            before.map_or((0, 0), |last| (last.end(), last.line + last.lines));
        for segment in &mut self.segments[new.start..] {
            segment.start = start;
            start += segment.length;
            segment.line = line;
            line += segment.lines;
        }
        let reaches = self.segments[new.clone()].iter().map(|s| s.reach);
        self.reach = reaches.max().unwrap_or(0).max(self.reach);
        if let [_] = self.segments.as_slice() {
            // The only segment is found without this.
            self.positions.clear();
            return;
        }
        let moved = match self.positions.is_empty() {
            true => 0..self.segments.len(),
            false if shifted => new.start..self.segments.len(),
            false => new,
        };
        for position in moved {
            let slot = self.segments[position].slot.0 as usize;
            if self.positions.len() <= slot {
                self.positions.resize(slot + 1, u32::MAX);
            }
            self.positions[slot] = narrow(position);
        }
    }

    /// The place of the first segment that was cut by looking at a byte of the file.
    pub fn first_looking_at(&self, offset: usize) -> usize {
        let last = self.position_at(offset);
        let earliest = offset.saturating_sub(self.reach);
        let from = self.segments[..last].partition_point(|s| s.start < earliest);
        let looks = |segment: &Segment| segment.start + segment.reach > offset;
        let earlier = self.segments[from..last].iter().position(looks);
        earlier.map_or(last, |index| from + index)
    }

    /// Slots that no segment has.
    pub fn fresh_slots(&self) -> impl Iterator<Item = Slot> + use<> {
        let only = self.segments.first().map_or(0, |only| only.slot.0 + 1);
        (narrow(self.positions.len()).max(only)..).map(Slot)
    }

    /// The segments in source order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// For [`Syntax::replace`] to follow: how many segments each head has below it.
    pub fn segments_mut(&mut self) -> &mut [Segment] {
        &mut self.segments
    }

    /// The place of a segment among the [`Syntax::segments`].
    pub fn position(&self, slot: Slot) -> Option<usize> {
        if let [only] = self.segments.as_slice() {
            return (only.slot == slot).then_some(0);
        }
        let position = *self.positions.get(slot.0 as usize)? as usize;
        (self.segments.get(position)?.slot == slot).then_some(position)
    }

    /// The segment of that slot.
    pub fn segment(&self, slot: Slot) -> Option<&Segment> {
        self.segments.get(self.position(slot)?)
    }

    /// The place of the segment that holds a byte of the file.
    pub fn position_at(&self, offset: usize) -> usize {
        let behind = self.segments.partition_point(|s| s.start <= offset);
        // Of segments that start at the same byte only the last has a text.
        behind.saturating_sub(1)
    }

    /// The byte behind the file's last one.
    pub fn end(&self) -> usize {
        self.segments.last().map_or(0, Segment::end)
    }

    /// The whole text. It is put together when it is first asked for.
    pub fn text(&self) -> &Arc<str> {
        self.text.get_or_init(|| {
            let mut text = String::with_capacity(self.end());
            for segment in &self.segments {
                text.push_str(&segment.parsed.text);
            }
            text.into()
        })
    }

    /// The text of a range of bytes; `None` if it is not inside the file or cuts a character.
    pub fn slice(&self, range: Range<usize>) -> Option<&str> {
        let segment = &self.segments[self.position_at(range.start)];
        if range.end <= segment.end() && range.start <= range.end {
            segment
                .parsed
                .text
                .get(range.start - segment.start..range.end - segment.start)
        } else {
            self.text().get(range)
        }
    }

    /// The `module` node.
    pub fn root(&self) -> Node<'_> {
        self.node_in(0, 0)
    }

    fn node_in(&self, position: usize, index: u32) -> Node<'_> {
        Node {
            index,
            position: narrow(position),
            syntax: self,
        }
    }

    /// The node with this number.
    pub fn node(&self, id: NodeId) -> Option<Node<'_>> {
        let position = self.position(id.slot)?;
        ((id.index as usize) < self.segments[position].nodes().len())
            .then(|| self.node_in(position, id.index).visited())
    }

    /// The nodes of one segment in source order, named or not; the `module` is among those of the first one.
    pub fn nodes_of(&self, position: usize) -> impl Iterator<Item = Node<'_>> {
        let count = self.segments[position].nodes().len();
        (u32::from(position > 0)..narrow(count)).map(move |index| self.node_in(position, index))
    }

    /// Notes that segments were read.
    pub fn read(&self, positions: Range<usize>) {
        for segment in &self.segments[positions] {
            reads::segment(segment.slot);
        }
    }

    /// The innermost named node that covers this range of bytes of the file. For an empty range between two nodes it is
    /// the one behind it.
    pub fn covering(&self, range: Range<usize>) -> Node<'_> {
        let position = self.position_at(range.start);
        let segment = &self.segments[position];
        let local = range.start - segment.start;
        let behind = segment
            .nodes()
            .partition_point(|data| data.start as usize <= local);
        let node = self.node_in(position, narrow(behind.saturating_sub(1)));
        let node = if node.index == 0 { node.host() } else { node };
        let covers =
            |n: &Node<'_>| n.flag(NAMED) && n.start() <= range.start && range.end <= n.end();
        std::iter::once(node)
            .chain(node.ancestors())
            .find(covers)
            .unwrap_or_else(|| self.root())
    }
}

/// The identity of a node in its file. It stays the same while other segments change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NodeId {
    /// The segment.
    pub slot: Slot,
    /// The number in the segment's table.
    pub index: u32,
}

/// A syntax node. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    index: u32,
    position: u32,
    syntax: &'t Syntax,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
            && self.position == other.position
            && std::ptr::eq(self.syntax, other.syntax)
    }
}
impl Eq for Node<'_> {}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{:?} {:?}", self.kind(), self.range(), self.text())
    }
}

/// Kinds that open a scope of their own for local names (comprehensions are not among them: `await` and `return` look
/// through them).
const FUNCTION_KINDS: [&str; 2] = ["function_definition", "lambda"];

/// Where a walk over nodes stands: a place among the segments and an index in its table.
type Place = (u32, u32);

impl<'t> Node<'t> {
    fn segment(self) -> &'t Segment {
        &self.syntax.segments[self.position as usize]
    }

    fn data(self) -> &'t NodeData {
        &self.segment().nodes()[self.index as usize]
    }

    fn at(self, index: u32) -> Self {
        Self { index, ..self }
    }

    fn flag(self, bit: u8) -> bool {
        self.data().flags & bit != 0
    }

    fn visited(self) -> Self {
        reads::segment(self.segment().slot);
        self
    }

    fn is_module(self) -> bool {
        self.index == 0
    }

    /// Whether this is the block that goes on in other segments, or a node around it.
    fn is_open(self) -> bool {
        let body = self.segment().parsed.table.body;
        self.is_module() || body.is_some_and(|body| self.index <= body && body < self.data().behind)
    }

    /// Whether all that is below this node is in the same table.
    fn is_whole(self) -> bool {
        !self.is_open()
    }

    fn is_open_block(self) -> bool {
        self.segment().parsed.table.body == Some(self.index)
    }

    /// The block that the segment's statements belong to, or the module.
    fn host(self) -> Self {
        let host = self.segment().host.and_then(|slot| {
            let position = self.syntax.position(slot)?;
            let body = self.syntax.segments[position].parsed.table.body?;
            Some(self.syntax.node_in(position, body).visited())
        });
        host.unwrap_or_else(|| self.syntax.root())
    }

    /// The first node of the statements at this place of the segments or, if it has none, of its next siblings there.
    fn first_of(self, mut position: usize, host: Option<Slot>) -> Option<Self> {
        loop {
            let segment = self
                .syntax
                .segments
                .get(position)
                .filter(|s| s.host == host)?;
            reads::segment(segment.slot);
            if segment.nodes().len() > 1 {
                return Some(self.syntax.node_in(position, 1));
            }
            position += 1 + segment.below as usize;
        }
    }

    /// The last node of the statements before this place of the segments.
    fn last_before(self, position: usize, host: Option<Slot>) -> Option<Self> {
        let mut position = position.checked_sub(1)?;
        loop {
            let mut segment = &self.syntax.segments[position];
            while segment.host != host && Some(segment.slot) != host {
                position = self.syntax.position(segment.host?)?;
                segment = &self.syntax.segments[position];
            }
            if Some(segment.slot) == host {
                return None;
            }
            reads::segment(segment.slot);
            if let Some(last) = segment.parsed.table.last_child(0) {
                return Some(self.syntax.node_in(position, last));
            }
            position = position.checked_sub(1)?;
        }
    }

    /// The first child, named or not, comments too.
    pub fn first_direct(self) -> Option<Self> {
        if self.is_module() {
            self.first_of(0, None)
        } else if self.is_open_block() {
            self.first_of(self.position as usize + 1, Some(self.segment().slot))
        } else {
            Some(self.index + 1)
                .filter(|index| *index < self.data().behind)
                .map(|index| self.at(index))
        }
    }

    /// The sibling behind this node, named or not, comments too.
    pub fn next_direct(self) -> Option<Self> {
        if self.is_module() {
            return None;
        }
        let data = self.data();
        let above = self.at(data.parent);
        if data.behind < above.data().behind {
            Some(self.at(data.behind))
        } else if above.is_module() {
            let segment = self.segment();
            self.first_of(
                self.position as usize + 1 + segment.below as usize,
                segment.host,
            )
        } else {
            None
        }
    }

    fn previous_direct(self) -> Option<Self> {
        let data = self.data();
        if data.previous != self.index {
            Some(self.at(data.previous))
        } else if !self.is_module() && data.parent == 0 {
            self.last_before(self.position as usize, self.segment().host)
        } else {
            None
        }
    }

    /// The direct children, named or not, comments too.
    pub fn direct(self) -> impl Iterator<Item = Self> {
        let whole = self.is_whole();
        let mut next = if whole {
            Some(self.index + 1)
                .filter(|first| *first < self.data().behind)
                .map(|first| self.at(first))
        } else {
            self.first_direct()
        };
        std::iter::from_fn(move || {
            let child = next?;
            next = if whole {
                // All children are in this table: the step is one look-up.
                let behind = child.data().behind;
                (behind < self.data().behind).then(|| self.at(behind))
            } else {
                child.next_direct()
            };
            Some(child)
        })
    }

    /// The field of the parent that this node stands in, by the grammar's id; 0 for none.
    pub fn field_number(self) -> u8 {
        self.data().field
    }

    /// The grammar's id of this kind of node.
    pub fn kind_number(self) -> u16 {
        self.data().kind
    }

    /// Whether the grammar gives this node a name of its own, unlike a keyword or a sign.
    pub fn is_named(self) -> bool {
        self.flag(NAMED)
    }

    /// The direct named children, comments too.
    fn named(self) -> impl Iterator<Item = Self> {
        self.direct().filter(|node| node.flag(NAMED))
    }

    /// The place behind this node and everything below it.
    fn behind(self) -> Place {
        if self.is_module() {
            (narrow(self.syntax.segments.len()), 1)
        } else if self.is_open() {
            (self.position + 1 + self.segment().below, 1)
        } else {
            (self.position, self.data().behind)
        }
    }

    /// This node and the nodes below it in source order; `below` says whether to go on below a node.
    fn walk(self, below: impl Fn(Self) -> bool) -> impl Iterator<Item = Self> {
        let end = self.behind();
        let mut place: Place = (self.position, self.index);
        std::iter::from_fn(move || {
            loop {
                if place >= end {
                    return None;
                }
                let segment = &self.syntax.segments[place.0 as usize];
                if place.1 as usize >= segment.nodes().len() {
                    place = (place.0 + 1, 1);
                    continue;
                }
                let node = self.syntax.node_in(place.0 as usize, place.1);
                if place.1 == 1 {
                    reads::segment(segment.slot);
                }
                place = if node == self || below(node) {
                    (place.0, place.1 + 1)
                } else {
                    node.behind()
                };
                return Some(node);
            }
        })
    }

    /// This node's identity in its file.
    pub fn id(self) -> NodeId {
        NodeId {
            slot: self.segment().slot,
            index: self.index,
        }
    }

    /// The byte of the file at which this node's segment starts.
    pub fn segment_start(self) -> usize {
        self.segment().start
    }

    /// Whether this node stands before another one of the same file.
    pub fn is_before(self, other: Self) -> bool {
        (self.position, self.index) < (other.position, other.index)
    }

    /// The syntax of the whole file.
    pub fn syntax(self) -> &'t Syntax {
        self.syntax
    }

    /// Whether nothing says what this node belongs to, because its segment or the head of a definition around it is too
    /// broken.
    pub fn is_orphan(self) -> bool {
        if self
            .segment()
            .nodes()
            .first()
            .is_some_and(|root| root.flags & ERROR != 0)
        {
            return true;
        }
        let mut host = self.segment().host;
        while let Some(segment) = host.and_then(|slot| self.syntax.segment(slot)) {
            reads::segment(segment.slot);
            if segment.parsed.table.body.is_none() {
                return true;
            }
            host = segment.host;
        }
        false
    }

    /// The grammar's name for this kind of node.
    pub fn kind(self) -> &'static str {
        // The root of a broken segment is an error; the file is none.
        if self.is_module() {
            return "module";
        }
        kind_name(self.data().kind)
    }

    /// Whether this is a node of that kind.
    #[expect(
        clippy::inline_always,
        reason = "a literal of known length is compared at once"
    )]
    #[inline(always)]
    pub fn is(self, kind: &str) -> bool {
        self.kind() == kind
    }

    /// Whether this is a node of one of those kinds.
    pub fn is_any(self, kinds: &[&str]) -> bool {
        kinds.contains(&self.kind())
    }

    /// Whether this is a stretch of text that the grammar could not make sense of.
    pub fn is_error(self) -> bool {
        !self.is_module() && self.flag(ERROR)
    }

    /// The source text.
    pub fn text(self) -> &'t str {
        if self.is_whole() {
            let data = self.data();
            let text = &self.segment().parsed.text;
            return text
                .get(data.start as usize..data.end as usize)
                .unwrap_or_default();
        }
        self.walk(|_| true).for_each(drop);
        self.syntax.slice(self.range()).unwrap_or_default()
    }

    /// The absolute byte range in the file.
    pub fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// The first byte in the file.
    pub fn start(self) -> usize {
        if self.is_open_block()
            && let Some(first) = self.first_direct()
        {
            return first.start();
        }
        self.segment().start + self.data().start as usize
    }

    /// The byte after the last in the file.
    pub fn end(self) -> usize {
        if self.is_module() {
            return self.syntax.end();
        }
        if !self.is_open() {
            return self.segment().start + self.data().end as usize;
        }
        let first = self.position as usize;
        let last = first + self.segment().below as usize;
        let ends = self.syntax.segments[first..=last].iter().rev();
        let content = ends.filter_map(|segment| {
            reads::segment(segment.slot);
            let child = segment.parsed.table.last_child(0)?;
            Some(segment.start + segment.nodes()[child as usize].end as usize)
        });
        content.take(1).next().unwrap_or(self.segment().start)
    }

    /// The range of a compound statement up to its colon: `except Exception`, `class A(Base)`, `for x in xs`; of any
    /// other node its first line.
    pub fn header(self) -> Range<usize> {
        let body = self
            .field("body")
            .or_else(|| self.field("consequence"))
            .or_else(|| self.named().find(|c| c.is("block")));
        let start = self.start();
        let text = match body {
            Some(body) if body.start() > start => {
                // A comment may stand between the colon and the body.
                let colon = self
                    .direct()
                    .take_while(|t| t.start() < body.start())
                    .filter(|t| t.is(":"))
                    .last();
                let end = colon.map_or(body.start(), Self::start);
                self.syntax.slice(start..end).unwrap_or_default()
            }
            _ => self.text().lines().next().unwrap_or_default(),
        };
        start..start + text.trim_end().len()
    }

    /// The child in a field of the grammar.
    #[expect(
        clippy::inline_always,
        reason = "the name becomes a number where it is written"
    )]
    #[inline(always)]
    pub fn field(self, name: &str) -> Option<Self> {
        self.in_field(field_id(name))
    }

    /// The child in the field with this number.
    fn in_field(self, field: u8) -> Option<Self> {
        // A block's statements, which may be all of the file, stand in no field.
        if self.is_module() || self.is_open_block() {
            return None;
        }
        self.direct().find(|child| child.data().field == field)
    }

    /// All children in a field of the grammar, without comments.
    pub fn fields(self, name: &str) -> Vec<Self> {
        let field = field_id(name);
        self.named()
            .filter(|child| child.data().field == field && !child.flag(EXTRA))
            .collect()
    }

    /// The named children without comments and line continuations.
    pub fn children(self) -> Vec<Self> {
        self.each_child().collect()
    }

    /// The same, found one after the other.
    pub fn each_child(self) -> impl Iterator<Item = Self> {
        self.named().filter(|child| !child.flag(EXTRA))
    }

    /// Every child: named or not, comments too.
    pub fn tokens(self) -> Vec<Self> {
        self.direct().collect()
    }

    /// Whether a keyword or other anonymous token is among the direct children: `async`, `from`, `*`.
    pub fn has_token(self, token: &str) -> bool {
        self.direct()
            .any(|child| !child.flag(NAMED) && child.is(token))
    }

    /// The node above.
    pub fn parent(self) -> Option<Self> {
        if self.is_module() {
            return None;
        }
        match self.data().parent {
            0 => Some(self.host()),
            parent => Some(self.at(parent)),
        }
    }

    /// The nodes above, nearest first.
    pub fn ancestors(self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), |node| node.parent())
    }

    /// The named sibling after this one, comments passed over.
    pub fn next(self) -> Option<Self> {
        std::iter::successors(self.next_direct(), |node| node.next_direct())
            .find(|node| node.flag(NAMED) && !node.flag(EXTRA))
    }

    /// The named sibling before this one, comments passed over.
    pub fn previous(self) -> Option<Self> {
        std::iter::successors(self.previous_direct(), |node| node.previous_direct())
            .find(|node| node.flag(NAMED) && !node.flag(EXTRA))
    }

    /// The same as [`Node::descendants`], found one after the other: for those who may stop early.
    pub fn named_below(self) -> impl Iterator<Item = Self> {
        self.walk(|_| true).filter(|node| node.flag(NAMED))
    }

    /// This node and every named node below it, in source order (comments included).
    pub fn descendants(self) -> Vec<Self> {
        self.walk_while(|_| true)
    }

    /// This node and the named nodes below it in source order; below a node for which `enter` is false nothing is
    /// visited (the node itself is). `enter` is not asked about this node.
    pub fn walk_while(self, enter: impl Fn(Self) -> bool) -> Vec<Self> {
        if !self.is_whole() {
            return self.walk(enter).filter(|node| node.flag(NAMED)).collect();
        }
        // All of them are in this table: as most walks are.
        let (segment, behind) = (self.segment(), self.data().behind);
        reads::segment(segment.slot);
        let mut found = Vec::with_capacity((behind - self.index) as usize);
        let mut index = self.index;
        while index < behind {
            let (node, data) = (self.at(index), &segment.nodes()[index as usize]);
            if data.flags & NAMED != 0 {
                found.push(node);
            }
            index = if index == self.index || enter(node) {
                index + 1
            } else {
                data.behind
            };
        }
        found
    }

    /// This node and the named nodes below it that run when it runs: the insides of nested functions, lambdas and
    /// classes are left out (those nodes themselves are listed).
    pub fn own_scope(self) -> Vec<Self> {
        self.walk_while(|node| !node.is_any(&["function_definition", "lambda", "class_definition"]))
    }

    /// Whether `other` lies inside this node (or is it).
    pub fn contains(self, other: Self) -> bool {
        std::ptr::eq(self.syntax, other.syntax)
            && self.start() <= other.start()
            && other.end() <= self.end()
    }

    /// Whether the subtree has a syntax error.
    pub fn has_error(self) -> bool {
        if !self.is_open() {
            return self.flag(HAS_ERROR);
        }
        let last = self.behind().0 as usize;
        let segments = &self.syntax.segments[self.position as usize..last];
        segments.iter().any(|segment| {
            reads::segment(segment.slot);
            segment.parsed.table.has_error()
        })
    }

    /// Whether a comment stands anywhere inside.
    pub fn has_comment(self) -> bool {
        self.descendants().into_iter().any(|n| n.is("comment"))
    }

    /// The statement this node belongs to: the nearest node that is a direct child of a block or of the module. For a
    /// decorated definition that is the `decorated_definition`.
    pub fn statement(self) -> Self {
        let mut node = self;
        while let Some(parent) = node.parent() {
            if parent.is_any(&["block", "module"]) {
                break;
            }
            node = parent;
        }
        node
    }

    /// The nearest enclosing function whose body this node runs in: a `function_definition` or `lambda`; `None` at module
    /// or class level. Decorators, default values and annotations belong to the scope outside, class bodies are no
    /// function, and comprehensions are looked through.
    pub fn function(self) -> Option<Self> {
        let mut node = self;
        while let Some(parent) = node.parent() {
            if parent.is("class_definition") && parent.field("body") == Some(node) {
                return None;
            }
            if parent.is_any(&FUNCTION_KINDS) && parent.field("body") == Some(node) {
                return Some(parent);
            }
            node = parent;
        }
        None
    }

    /// The nearest enclosing `function_definition` or `class_definition` for which this node stands in the body.
    pub fn definition(self) -> Option<Self> {
        let mut node = self;
        while let Some(parent) = node.parent() {
            if parent.is_any(&["function_definition", "class_definition"])
                && parent.field("body") == Some(node)
            {
                return Some(parent);
            }
            node = parent;
        }
        None
    }

    /// Whether this is an `async def`, `async for`, `async with` or an async comprehension clause.
    pub fn is_async(self) -> bool {
        self.has_token("async")
    }

    /// Whether this code runs directly in an `async def` (see [`Node::function`]).
    pub fn in_async_function(self) -> bool {
        self.function().is_some_and(Node::is_async)
    }

    /// The expression without the parentheses around it.
    pub fn unparenthesized(self) -> Self {
        let mut node = self;
        while node.is("parenthesized_expression") {
            match node.children().first() {
                Some(inner) => node = *inner,
                None => break,
            }
        }
        node
    }

    /// The outermost parenthesised expression around this node, or the node itself.
    pub fn with_parentheses(self) -> Self {
        let mut node = self;
        while let Some(parent) = node.parent().filter(|p| p.is("parenthesized_expression")) {
            node = parent;
        }
        node
    }

    /// The callee of a `call`.
    pub fn callee(self) -> Option<Self> {
        if self.is("call") {
            self.field("function")
        } else {
            None
        }
    }

    /// The arguments of a `call` in order: expressions, `list_splat`, `dictionary_splat`, `keyword_argument`; for
    /// `f(x for x in y)` the generator expression itself.
    pub fn arguments(self) -> Vec<Self> {
        match self.field("arguments") {
            Some(list) if list.is("argument_list") => list.children(),
            Some(generator) => vec![generator],
            None => Vec::new(),
        }
    }

    /// The positional arguments of a `call` before the first splat.
    pub fn positional(self) -> Vec<Self> {
        self.arguments()
            .into_iter()
            .take_while(|a| !a.is("list_splat"))
            .filter(|a| !a.is_any(&["keyword_argument", "dictionary_splat"]))
            .collect()
    }

    /// The value of a keyword argument of a `call`.
    pub fn keyword(self, name: &str) -> Option<Self> {
        self.arguments()
            .into_iter()
            .find(|a| {
                a.is("keyword_argument") && a.field("name").is_some_and(|n| n.text() == name)
            })?
            .field("value")
    }

    /// The last name of a name or attribute: `create` of `client.messages.create`.
    pub fn last_name(self) -> Option<&'t str> {
        match self.kind() {
            "identifier" => Some(self.text()),
            "attribute" => self.field("attribute").map(Node::text),
            _ => None,
        }
    }

    /// The class or function of a `decorated_definition`; any other node is returned as it is.
    pub fn undecorated(self) -> Self {
        if self.is("decorated_definition") {
            self.field("definition").unwrap_or(self)
        } else {
            self
        }
    }

    /// The `decorated_definition` around a function or class, or the node itself.
    pub fn decorated(self) -> Self {
        self.parent()
            .filter(|p| p.is("decorated_definition"))
            .unwrap_or(self)
    }

    /// The decorator expressions of a function or class, outermost first (without the `@`).
    pub fn decorators(self) -> Vec<Self> {
        let outer = self.decorated();
        if !outer.is("decorated_definition") {
            return Vec::new();
        }
        outer
            .children()
            .into_iter()
            .filter(|c| c.is("decorator"))
            .filter_map(|d| d.children().first().copied())
            .collect()
    }

    /// The statements of a function, class, block or module, without comments.
    pub fn body(self) -> Vec<Self> {
        let block = if self.is_any(&["block", "module"]) {
            Some(self)
        } else {
            self.field("body").filter(|b| b.is("block"))
        };
        block.map(Node::children).unwrap_or_default()
    }

    /// The docstring statement of a function, class or module.
    pub fn docstring(self) -> Option<Self> {
        let first = *self.body().first()?;
        let string = *first.children().first()?;
        (first.is("expression_statement") && string.is_any(&["string", "concatenated_string"]))
            .then_some(first)
    }

    /// The text in front of this node on its line (within the segment).
    pub fn line_prefix(self) -> &'t str {
        let segment = self.segment();
        let start = self.data().start as usize;
        let before = segment.parsed.text.get(..start).unwrap_or_default();
        &before[before.rfind(['\n', '\r']).map_or(0, |i| i + 1)..]
    }

    /// The white space at the start of this node's line.
    pub fn indentation(self) -> &'t str {
        let prefix = self.line_prefix();
        &prefix[..prefix.len() - prefix.trim_start_matches([' ', '\t', '\u{c}']).len()]
    }
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_windows_line_ending_belongs_to_no_node() {
        let segment = Syntax::of("if a:\r\n    b()\r\n    # last\r\nc()\r\n");
        let nodes = segment.root().descendants();
        let texts = |kind: &str| -> Vec<&str> {
            nodes
                .iter()
                .filter(|n| n.is(kind))
                .map(|n| n.text())
                .collect()
        };
        assert_eq!(texts("comment"), ["# last"]);
        assert_eq!(texts("block"), ["b()\r\n    # last"]);
        for node in &nodes {
            assert_eq!(node.text().len(), node.end() - node.start(), "{node:?}");
        }
    }
}
