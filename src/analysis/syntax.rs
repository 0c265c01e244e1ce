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
#[derive(Debug)]
pub struct Segment {
    start: usize,
    text: Arc<str>,
    tree: Tree,
}

impl Segment {
    /// Parses `text`, which starts at byte `start` of its file.
    pub fn parse(text: Arc<str>, start: usize) -> Self {
        let mut parser = Parser::new();
        // Both calls can fail only on a grammar of another ABI or a cancelled parse, neither of which can happen here.
        parser
            .set_language(language())
            .unwrap_or_else(|error| unreachable!("grammar: {error}"));
        let tree = parser
            .parse(text.as_bytes(), None)
            .unwrap_or_else(|| unreachable!("the parse was not cancelled"));
        Self { start, text, tree }
    }

    /// The `module` node of this part.
    pub fn root(&self) -> Node<'_> {
        Node {
            ts: self.tree.root_node(),
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

    /// The node at a place that [`Node::key`] gave, if it is still there.
    pub fn node(&self, key: NodeKey) -> Option<Node<'_>> {
        let mut node = self
            .root()
            .ts
            .descendant_for_byte_range(key.start, key.end)?;
        loop {
            if node.start_byte() == key.start
                && node.end_byte() == key.end
                && node.kind_id() == key.kind
            {
                return Some(Node {
                    ts: node,
                    segment: self,
                });
            }
            node = node.parent()?;
            if node.start_byte() < key.start || node.end_byte() > key.end {
                return None;
            }
        }
    }
}

/// The place of a node inside its segment: bytes from the segment's start, and the node's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeKey {
    /// First byte, from the segment's start.
    pub start: usize,
    /// Byte after the last, from the segment's start.
    pub end: usize,
    /// tree-sitter's kind id.
    pub kind: u16,
}

/// A syntax node. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    ts: tree_sitter::Node<'t>,
    segment: &'t Segment,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.ts == other.ts
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
    /// Wraps a node of `segment`'s tree.
    pub fn new(ts: tree_sitter::Node<'t>, segment: &'t Segment) -> Self {
        Self { ts, segment }
    }

    /// The tree-sitter node, for cursors and queries.
    pub fn inner(self) -> tree_sitter::Node<'t> {
        self.ts
    }

    /// The segment whose tree this node belongs to.
    pub fn segment(self) -> &'t Segment {
        self.segment
    }

    /// The grammar's name for this kind of node.
    pub fn kind(self) -> &'static str {
        self.ts.kind()
    }

    /// Whether this is a node of that kind.
    pub fn is(self, kind: &str) -> bool {
        self.ts.kind() == kind
    }

    /// Whether this is a node of one of those kinds.
    pub fn is_any(self, kinds: &[&str]) -> bool {
        kinds.contains(&self.ts.kind())
    }

    /// The source text.
    pub fn text(self) -> &'t str {
        self.segment
            .text
            .get(self.ts.start_byte()..self.end_byte())
            .unwrap_or_default()
    }

    /// The byte after the last in the segment. The grammar counts the first half of a Windows line ending as part of a
    /// comment; here it is none, nor of what ends in that comment.
    fn end_byte(self) -> usize {
        let end = self.ts.end_byte();
        let text = self.segment.text.get(self.ts.start_byte()..end);
        if text.is_some_and(|text| text.ends_with('\r')) {
            end - 1
        } else {
            end
        }
    }

    /// The absolute byte range in the file.
    pub fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// The first byte in the file.
    pub fn start(self) -> usize {
        self.segment.start + self.ts.start_byte()
    }

    /// The byte after the last in the file.
    pub fn end(self) -> usize {
        self.segment.start + self.end_byte()
    }

    /// The place of this node inside its segment.
    pub fn key(self) -> NodeKey {
        NodeKey {
            start: self.ts.start_byte(),
            end: self.ts.end_byte(),
            kind: self.ts.kind_id(),
        }
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
        self.ts
            .child_by_field_name(name)
            .map(|ts| Self { ts, ..self })
    }

    /// All children in a field of the grammar.
    pub fn fields(self, name: &str) -> Vec<Self> {
        let mut cursor = self.ts.walk();
        self.ts
            .children_by_field_name(name, &mut cursor)
            .map(|ts| Self { ts, ..self })
            .filter(|n| !n.is("comment"))
            .collect()
    }

    /// The named children without comments and line continuations.
    pub fn children(self) -> Vec<Self> {
        let mut cursor = self.ts.walk();
        self.ts
            .named_children(&mut cursor)
            .filter(|n| !n.is_extra())
            .map(|ts| Self { ts, ..self })
            .collect()
    }

    /// Every child: named or not, comments too.
    pub fn tokens(self) -> Vec<Self> {
        let mut cursor = self.ts.walk();
        self.ts
            .children(&mut cursor)
            .map(|ts| Self { ts, ..self })
            .collect()
    }

    /// Whether a keyword or other anonymous token is among the direct children: `async`, `from`, `*`.
    pub fn has_token(self, token: &str) -> bool {
        let mut cursor = self.ts.walk();
        self.ts
            .children(&mut cursor)
            .any(|child| !child.is_named() && child.kind() == token)
    }

    /// The node above, inside the segment.
    pub fn parent(self) -> Option<Self> {
        self.ts.parent().map(|ts| Self { ts, ..self })
    }

    /// The nodes above, nearest first.
    pub fn ancestors(self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), |node| node.parent())
    }

    /// The named sibling after this one, comments passed over.
    pub fn next(self) -> Option<Self> {
        std::iter::successors(
            self.ts.next_named_sibling(),
            tree_sitter::Node::next_named_sibling,
        )
        .find(|n| !n.is_extra())
        .map(|ts| Self { ts, ..self })
    }

    /// The named sibling before this one, comments passed over.
    pub fn previous(self) -> Option<Self> {
        std::iter::successors(
            self.ts.prev_named_sibling(),
            tree_sitter::Node::prev_named_sibling,
        )
        .find(|n| !n.is_extra())
        .map(|ts| Self { ts, ..self })
    }

    /// This node and every named node below it, in source order (comments included).
    pub fn descendants(self) -> Vec<Self> {
        self.walk_while(|_| true)
    }

    /// This node and the named nodes below it in source order; below a node for which `enter` is false nothing is
    /// visited (the node itself is). `enter` is not asked about this node.
    pub fn walk_while(self, enter: impl Fn(Self) -> bool) -> Vec<Self> {
        let mut found = Vec::new();
        let mut cursor = self.ts.walk();
        let mut depth = 0usize;
        loop {
            let node = Self {
                ts: cursor.node(),
                ..self
            };
            if node.ts.is_named() {
                found.push(node);
            }
            if (depth == 0 || enter(node)) && cursor.goto_first_child() {
                depth += 1;
                continue;
            }
            loop {
                if depth == 0 {
                    return found;
                }
                if cursor.goto_next_sibling() {
                    break;
                }
                cursor.goto_parent();
                depth -= 1;
            }
        }
    }

    /// This node and the named nodes below it that run when it runs: the insides of nested functions, lambdas and
    /// classes are left out (those nodes themselves are listed).
    pub fn own_scope(self) -> Vec<Self> {
        self.walk_while(|node| !node.is_any(&["function_definition", "lambda", "class_definition"]))
    }

    /// Whether `other` lies inside this node (or is it).
    pub fn contains(self, other: Self) -> bool {
        std::ptr::eq(self.segment, other.segment)
            && self.ts.start_byte() <= other.ts.start_byte()
            && other.ts.end_byte() <= self.ts.end_byte()
    }

    /// Whether the subtree has a syntax error.
    pub fn has_error(self) -> bool {
        self.ts.has_error()
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
        let before = &self.segment.text[..self.ts.start_byte()];
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
            nodes.iter().filter(|n| n.is(kind)).map(|n| n.text()).collect()
        };
        assert_eq!(texts("comment"), ["# last"]);
        assert_eq!(texts("block"), ["b()\r\n    # last"]);
        for node in &nodes {
            assert_eq!(node.text().len(), node.end() - node.start(), "{node:?}");
        }
    }
}
