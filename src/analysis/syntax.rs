//! A node of the syntax tree that knows its own text and its place in the file.
//!
//! Checks and rewrites see this [`Node`] and never tree-sitter's: ranges are absolute byte ranges of the file
//! whatever part of it was parsed on its own, and comments, which the grammar lets stand between any two nodes, are
//! never among [`Node::children`].

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use tree_sitter::{Language, Parser, Tree};

/// The tree-sitter language of Python.
pub fn language() -> &'static Language {
    static LANGUAGE: OnceLock<Language> = OnceLock::new();
    LANGUAGE.get_or_init(|| tree_sitter_python::LANGUAGE.into())
}

/// A part of a file that is parsed on its own, with its tree.
///
/// tree-sitter finds a node's parent by searching from the root, which makes every step upwards cost as much as the file
/// is long. So the tree is copied once, in source order, into a table in which every step is one look-up.
#[derive(Debug)]
pub struct Segment {
    start: usize,
    /// The number of the first node.
    first: u32,
    text: Arc<str>,
    tree: Tree,
    nodes: Vec<NodeData>,
}

/// The number of a node in its file: nodes are numbered in source order, a parent before its children.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

#[derive(Debug)]
struct NodeData {
    start: u32,
    end: u32,
    kind: u16,
    /// The field of the parent that this node stands in; 0 for none.
    field: u16,
    parent: u32,
    /// The sibling before this one; the node itself if it is the first child.
    previous: u32,
    /// The number behind the last node below this one.
    behind: u32,
    flags: u8,
}

const NAMED: u8 = 1;
const EXTRA: u8 = 2;
const ERROR: u8 = 4;
const HAS_ERROR: u8 = 8;

impl Segment {
    /// Parses `text`, which starts at byte `start` of its file and is shorter than 4 GiB, as the first part of the file.
    pub fn parse(text: Arc<str>, start: usize) -> Self {
        let mut parser = Parser::new();
        // Both calls can fail only on a grammar of another ABI or a cancelled parse, neither of which can happen here.
        parser
            .set_language(language())
            .unwrap_or_else(|error| unreachable!("grammar: {error}"));
        let tree = parser
            .parse(text.as_bytes(), None)
            .unwrap_or_else(|| unreachable!("the parse was not cancelled"));
        let nodes = table(&tree, &text);
        Self {
            start,
            first: 0,
            text,
            tree,
            nodes,
        }
    }

    /// The `module` node of this part.
    pub fn root(&self) -> Node<'_> {
        Node {
            index: 0,
            segment: self,
        }
    }

    /// The text of this part.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The byte of the file at which this part starts.
    pub fn start(&self) -> usize {
        self.start
    }

    /// The tree, for queries.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The same part, standing behind `previous` in the file.
    pub fn behind(self, previous: Option<&Self>) -> Self {
        let first = previous.map_or(0, |p| p.first + narrow(p.nodes.len()));
        Self { first, ..self }
    }

    /// The node with this number, if it belongs to this part.
    pub fn node(&self, id: NodeId) -> Option<Node<'_>> {
        let index = id.0.checked_sub(self.first)?;
        ((index as usize) < self.nodes.len()).then_some(Node {
            index,
            segment: self,
        })
    }

    /// The node that a query found in this part's tree.
    pub fn found(&self, node: tree_sitter::Node<'_>) -> Option<Node<'_>> {
        let (start, end) = (narrow(node.start_byte()), end_of(node, &self.text));
        let first = self.nodes.partition_point(|data| data.start < start);
        let same = self
            .nodes
            .get(first..)?
            .iter()
            .take_while(|data| data.start == start);
        let offset = same
            .enumerate()
            .find(|(_, data)| data.end == end && data.kind == node.kind_id())?
            .0;
        Some(Node {
            index: narrow(first + offset),
            segment: self,
        })
    }

    /// The innermost named node that covers this range of bytes of this part. For an empty range between two nodes it is
    /// the one behind it.
    pub fn covering(&self, range: Range<usize>) -> Option<Node<'_>> {
        let behind = self
            .nodes
            .partition_point(|data| data.start as usize <= range.start);
        let node = Node {
            index: narrow(behind.checked_sub(1)?),
            segment: self,
        };
        let covers = |n: &Node<'_>| {
            n.flag(NAMED)
                && n.local_range().start <= range.start
                && range.end <= n.local_range().end
        };
        std::iter::once(node).chain(node.ancestors()).find(covers)
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The byte after the last of a node. The grammar counts the first half of a Windows line ending as part of a comment;
/// here it is none, nor of what ends in that comment.
fn end_of(node: tree_sitter::Node<'_>, text: &str) -> u32 {
    let half = text
        .as_bytes()
        .get(node.start_byte()..node.end_byte())
        .is_some_and(|bytes| bytes.ends_with(b"\r"));
    narrow(node.end_byte() - usize::from(half))
}

/// The nodes of a tree in source order.
fn table(tree: &Tree, text: &str) -> Vec<NodeData> {
    let mut nodes: Vec<NodeData> = Vec::with_capacity(tree.root_node().descendant_count());
    let mut cursor = tree.walk();
    // The numbers of the nodes on the way down, each with its last child so far.
    let mut path: Vec<(u32, u32)> = Vec::new();
    loop {
        let node = cursor.node();
        let index = narrow(nodes.len());
        let (parent, previous) = path.last_mut().map_or((0, index), |(parent, last)| {
            let previous = if *last == *parent { index } else { *last };
            *last = index;
            (*parent, previous)
        });
        let flag = |condition: bool, bit: u8| if condition { bit } else { 0 };
        nodes.push(NodeData {
            start: narrow(node.start_byte()),
            end: end_of(node, text),
            kind: node.kind_id(),
            field: cursor.field_id().map_or(0, std::num::NonZero::get),
            parent,
            previous,
            behind: index + 1,
            flags: flag(node.is_named(), NAMED)
                | flag(node.is_extra(), EXTRA)
                | flag(node.is_error(), ERROR)
                | flag(node.has_error(), HAS_ERROR),
        });
        if cursor.goto_first_child() {
            path.push((index, index));
            continue;
        }
        while !cursor.goto_next_sibling() {
            let Some((done, _)) = path.pop() else {
                return nodes;
            };
            cursor.goto_parent();
            nodes[done as usize].behind = narrow(nodes.len());
        }
    }
}

/// The names of the grammar's kinds, by kind id.
fn kind_name(kind: u16) -> &'static str {
    static KINDS: OnceLock<Vec<&'static str>> = OnceLock::new();
    let kinds = KINDS.get_or_init(|| {
        let count = u16::try_from(language().node_kind_count()).unwrap_or(u16::MAX);
        (0..count)
            .map(|id| language().node_kind_for_id(id).unwrap_or_default())
            .collect()
    });
    // The kind of a syntax error is outside the table.
    kinds.get(kind as usize).copied().unwrap_or("ERROR")
}

/// The id of one of the grammar's fields; 0, which no node has, for an unknown name.
fn field_id(name: &str) -> u16 {
    static FIELDS: OnceLock<Vec<(&'static str, u16)>> = OnceLock::new();
    let fields = FIELDS.get_or_init(|| {
        let count = u16::try_from(language().field_count()).unwrap_or(u16::MAX);
        (1..=count)
            .filter_map(|id| Some((language().field_name_for_id(id)?, id)))
            .collect()
    });
    fields
        .iter()
        .find(|(field, _)| *field == name)
        .map_or(u16::MAX, |(_, id)| *id)
}

/// A syntax node. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    index: u32,
    segment: &'t Segment,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && std::ptr::eq(self.segment, other.segment)
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

impl<'t> Node<'t> {
    fn data(self) -> &'t NodeData {
        &self.segment.nodes[self.index as usize]
    }

    fn at(self, index: u32) -> Self {
        Self { index, ..self }
    }

    fn flag(self, bit: u8) -> bool {
        self.data().flags & bit != 0
    }

    /// The direct children, named or not, comments too.
    fn direct(self) -> impl Iterator<Item = Self> {
        let end = self.data().behind;
        let first = Some(self.index + 1).filter(|index| *index < end);
        let next =
            move |index: &u32| Some(self.at(*index).data().behind).filter(|index| *index < end);
        std::iter::successors(first, next).map(move |index| self.at(index))
    }

    /// The direct named children, comments too.
    fn named(self) -> impl Iterator<Item = Self> {
        self.direct().filter(|node| node.flag(NAMED))
    }

    /// The segment whose tree this node belongs to.
    pub fn segment(self) -> &'t Segment {
        self.segment
    }

    /// This node's number in its file.
    pub fn id(self) -> NodeId {
        NodeId(self.segment.first + self.index)
    }

    /// The grammar's name for this kind of node.
    pub fn kind(self) -> &'static str {
        kind_name(self.data().kind)
    }

    /// Whether this is a node of that kind.
    pub fn is(self, kind: &str) -> bool {
        self.kind() == kind
    }

    /// Whether this is a node of one of those kinds.
    pub fn is_any(self, kinds: &[&str]) -> bool {
        kinds.contains(&self.kind())
    }

    /// Whether this is a stretch of text that the grammar could not make sense of.
    pub fn is_error(self) -> bool {
        self.flag(ERROR)
    }

    /// The source text.
    pub fn text(self) -> &'t str {
        self.segment
            .text
            .get(self.local_range())
            .unwrap_or_default()
    }

    /// The byte range in the segment.
    pub fn local_range(self) -> Range<usize> {
        self.data().start as usize..self.data().end as usize
    }

    /// The absolute byte range in the file.
    pub fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// The first byte in the file.
    pub fn start(self) -> usize {
        self.segment.start + self.data().start as usize
    }

    /// The byte after the last in the file.
    pub fn end(self) -> usize {
        self.segment.start + self.data().end as usize
    }

    /// The range of a compound statement up to its colon: `except Exception`, `class A(Base)`, `for x in xs`; of any
    /// other node its first line.
    pub fn header(self) -> Range<usize> {
        let body = self
            .field("body")
            .or_else(|| self.field("consequence"))
            .or_else(|| self.children().into_iter().find(|c| c.is("block")));
        let text = match body {
            Some(body) if body.start() > self.start() => {
                let before = &self.text()[..body.start() - self.start()];
                // A comment may stand between the colon and the body.
                let colon = self
                    .tokens()
                    .into_iter()
                    .rfind(|t| t.is(":") && t.end() <= body.start());
                colon.map_or(before, |colon| &before[..colon.start() - self.start()])
            }
            _ => self.text(),
        };
        let first = if body.is_some() {
            text
        } else {
            text.lines().next().unwrap_or_default()
        };
        self.start()..self.start() + first.trim_end().len()
    }

    /// The child in a field of the grammar.
    pub fn field(self, name: &str) -> Option<Self> {
        let field = field_id(name);
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
        self.named().filter(|child| !child.flag(EXTRA)).collect()
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

    /// The node above, inside the segment.
    pub fn parent(self) -> Option<Self> {
        (self.index > 0).then(|| self.at(self.data().parent))
    }

    /// The nodes above, nearest first.
    pub fn ancestors(self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), |node| node.parent())
    }

    /// The named sibling after this one, comments passed over.
    pub fn next(self) -> Option<Self> {
        let end = self.parent()?.data().behind;
        let following = |node: &Self| {
            Some(node.data().behind)
                .filter(|index| *index < end)
                .map(|index| self.at(index))
        };
        std::iter::successors(following(&self), following)
            .find(|node| node.flag(NAMED) && !node.flag(EXTRA))
    }

    /// The named sibling before this one, comments passed over.
    pub fn previous(self) -> Option<Self> {
        let preceding = |node: &Self| {
            Some(node.data().previous)
                .filter(|index| *index != node.index)
                .map(|index| self.at(index))
        };
        std::iter::successors(preceding(&self), preceding)
            .find(|node| node.flag(NAMED) && !node.flag(EXTRA))
    }

    /// This node and every named node below it, in source order (comments included).
    pub fn descendants(self) -> Vec<Self> {
        (self.index..self.data().behind)
            .map(|index| self.at(index))
            .filter(|node| node.flag(NAMED))
            .collect()
    }

    /// This node and the named nodes below it in source order; below a node for which `enter` is false nothing is
    /// visited (the node itself is). `enter` is not asked about this node.
    pub fn walk_while(self, enter: impl Fn(Self) -> bool) -> Vec<Self> {
        let mut found = Vec::new();
        let mut index = self.index;
        while index < self.data().behind {
            let node = self.at(index);
            if node.flag(NAMED) {
                found.push(node);
            }
            let into = node == self || enter(node);
            index = if into { index + 1 } else { node.data().behind };
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
        std::ptr::eq(self.segment, other.segment)
            && self.start() <= other.start()
            && other.end() <= self.end()
    }

    /// Whether the subtree has a syntax error.
    pub fn has_error(self) -> bool {
        self.flag(HAS_ERROR)
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
        let before = &self.segment.text[..self.local_range().start];
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
        let segment = Segment::parse("if a:\r\n    b()\r\n    # last\r\nc()\r\n".into(), 0);
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
