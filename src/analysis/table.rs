//! The syntax tree of a segment as a table.
//!
//! tree-sitter finds a node's parent by searching from the root, which makes every step upwards cost as much as the text is
//! long, and its trees take twenty times the size of their text. So a tree is copied once, in source order, into a table in
//! which every step is one look-up, and dropped. Most texts need no tree: [`grammar`] reads them into the same table.

use std::cell::RefCell;
use std::sync::{Mutex, OnceLock, PoisonError};

use rustc_hash::{FxBuildHasher, FxHashMap};
use tree_sitter::{Language, Parser, Tree};

use super::grammar;

/// The tree-sitter language of Python.
pub fn language() -> &'static Language {
    static LANGUAGE: OnceLock<Language> = OnceLock::new();
    LANGUAGE.get_or_init(|| tree_sitter_python::LANGUAGE.into())
}

/// Parses Python text that is shorter than 4 GiB.
pub fn parse(text: &str) -> Tree {
    thread_local! {
        static PARSER: RefCell<Option<Parser>> = const { RefCell::new(None) };
    }
    PARSER.with_borrow_mut(|parser| {
        let parser = parser.get_or_insert_with(|| {
            let mut parser = Parser::new();
            // It can fail only on a grammar of another ABI than the one this was built with.
            parser
                .set_language(language())
                .unwrap_or_else(|error| unreachable!("grammar: {error}"));
            parser
        });
        parser
            .parse(text.as_bytes(), None)
            .unwrap_or_else(|| unreachable!("nobody cancels a parse"))
    })
}

/// The nodes of one text in source order, a parent before its children. Node 0 is the `module`.
#[derive(Debug)]
pub struct Table {
    /// The nodes.
    pub nodes: Box<[NodeData]>,
    /// The block that goes on in other segments, if the text is only the head of a definition.
    pub body: Option<u32>,
}

/// One node. Offsets are bytes of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NodeData {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
    /// The number of the node above.
    pub parent: u32,
    /// The number of the sibling before this one; its own if it is the first child.
    pub previous: u32,
    /// The number behind the last node below this one.
    pub behind: u32,
    /// The grammar's id of its kind.
    pub kind: u16,
    /// The field of the parent that it stands in; 0 for none.
    pub field: u8,
    /// Some of the bits below.
    pub flags: u8,
}

/// The node is named.
pub const NAMED: u8 = 1;
/// The node may stand anywhere: a comment or a line continuation.
pub const EXTRA: u8 = 2;
/// The node is text that the grammar could not make sense of.
pub const ERROR: u8 = 4;
/// There is a syntax error below the node.
pub const HAS_ERROR: u8 = 8;

impl Table {
    /// The nodes of a text of whole statements.
    pub fn of(text: &str) -> Self {
        match grammar::nodes(text) {
            Some(nodes) => Self {
                nodes: nodes.into_boxed_slice(),
                body: None,
            },
            None => Self::from_tree(text),
        }
    }

    /// The nodes of a text of whole statements as tree-sitter finds them.
    pub fn from_tree(text: &str) -> Self {
        let tree = parse(text);
        Self {
            nodes: nodes(&tree, text, text.len()),
            body: None,
        }
    }

    /// The nodes of the head of a definition (decorators, `def` or `class` up to its colon, comments), whose body of this
    /// indentation is in other segments.
    pub fn of_head(text: &str, indentation: &str) -> Self {
        let whole = format!("{text}{indentation}pass\n");
        let nodes = grammar::head(&whole, text.len()).map(Vec::into_boxed_slice);
        Self::with_body(nodes.unwrap_or_else(|| nodes_of_head(&whole, text.len())))
    }

    /// The nodes of a head as tree-sitter finds them.
    pub fn head_from_tree(text: &str, indentation: &str) -> Self {
        let whole = format!("{text}{indentation}pass\n");
        Self::with_body(nodes_of_head(&whole, text.len()))
    }

    fn with_body(nodes: Box<[NodeData]>) -> Self {
        let kind = |index: u32| nodes.get(index as usize).map(|node| kind_name(node.kind));
        let body = nodes.len().checked_sub(1).map(narrow).filter(|&last| {
            let above = nodes[last as usize].parent;
            kind(last) == Some("block")
                && matches!(
                    kind(above),
                    Some("class_definition" | "function_definition")
                )
        });
        Self { nodes, body }
    }

    /// Whether there is a syntax error.
    pub fn has_error(&self) -> bool {
        self.nodes[0].flags & HAS_ERROR != 0
    }

    /// The number of the last child of a node.
    pub fn last_child(&self, parent: u32) -> Option<u32> {
        let behind = self.nodes[parent as usize].behind;
        let mut last = None;
        let mut child = parent + 1;
        while child < behind {
            last = Some(child);
            child = self.nodes[child as usize].behind;
        }
        last
    }

    /// The number of the node that a query found in the tree of the same text.
    pub fn find(&self, node: tree_sitter::Node<'_>, text: &str) -> Option<u32> {
        let (start, end) = (narrow(node.start_byte()), end_of(node, text));
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
        Some(narrow(first + offset))
    }
}

/// A number that fits because no text of 4 GiB is parsed.
pub fn narrow(number: usize) -> u32 {
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

fn nodes_of_head(whole: &str, limit: usize) -> Box<[NodeData]> {
    nodes(&parse(whole), whole, limit)
}

/// The nodes of a tree that start before `limit`, and the block that starts there.
fn nodes(tree: &Tree, text: &str, limit: usize) -> Box<[NodeData]> {
    let mut nodes: Vec<NodeData> = Vec::with_capacity(tree.root_node().descendant_count());
    let mut cursor = tree.walk();
    // The numbers of the nodes on the way down, each with its last child so far.
    let mut path: Vec<(u32, u32)> = Vec::new();
    let limit = narrow(limit);
    loop {
        let node = cursor.node();
        let start = narrow(node.start_byte());
        // The root of an empty text starts at its end.
        if start < limit || path.is_empty() || node.kind() == "block" {
            let index = narrow(nodes.len());
            let (parent, previous) = path.last_mut().map_or((0, index), |(parent, last)| {
                let previous = if *last == *parent { index } else { *last };
                *last = index;
                (*parent, previous)
            });
            let flag = |condition: bool, bit: u8| if condition { bit } else { 0 };
            nodes.push(NodeData {
                start: start.min(limit),
                end: end_of(node, text).min(limit),
                kind: node.kind_id(),
                field: cursor
                    .field_id()
                    .and_then(|id| u8::try_from(id.get()).ok())
                    .unwrap_or(0),
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
        }
        while !cursor.goto_next_sibling() {
            let Some((done, _)) = path.pop() else {
                return nodes.into_boxed_slice();
            };
            cursor.goto_parent();
            nodes[done as usize].behind = narrow(nodes.len());
        }
    }
}

/// The name of a kind of node.
pub fn kind_name(kind: u16) -> &'static str {
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

/// The grammar's id of a named kind of node; 0, which no node has, for an unknown name.
pub fn kind_id(name: &str) -> u16 {
    // The grammar is searched from its beginning for each name, and queries name the same few kinds again and again.
    static IDS: Mutex<FxHashMap<String, u16>> = Mutex::new(FxHashMap::with_hasher(FxBuildHasher));
    let mut ids = IDS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(id) = ids.get(name) {
        return *id;
    }
    let id = language().id_for_node_kind(name, true);
    ids.insert(name.to_owned(), id);
    id
}

macro_rules! fields {
    ($($name:literal)*) => {
        /// The id of one of the grammar's fields; `u8::MAX`, which no node has, for an unknown name.
        // Nearly every step of every check names a field: inlined, a literal name becomes its number.
        #[inline(always)]
        pub fn field_id(name: &str) -> u8 {
            let id = 0;
            $(
                let id = id + 1;
                if name == $name {
                    return id;
                }
            )*
            _ = id;
            u8::MAX
        }

        #[cfg(test)]
        const FIELDS: &[&str] = &[$($name),*];
    };
}

// In the order of their ids.
fields! {
    "alias" "alternative" "argument" "arguments" "attribute" "body" "cause" "code" "condition" "consequence"
    "definition" "expression" "format_specifier" "function" "guard" "key" "left" "module_name" "name" "object"
    "operator" "operators" "parameters" "return_type" "right" "subject" "subscript" "superclasses" "type"
    "type_conversion" "type_parameters" "value"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_the_ids_that_the_grammar_gives_them() {
        let names = (1..=32).map(|id| language().field_name_for_id(id));
        assert!(names.eq(FIELDS.iter().copied().map(Some)));
        assert_eq!(language().field_count(), FIELDS.len());
        assert_eq!(
            (field_id("alias"), field_id("value"), field_id("no")),
            (1, 32, u8::MAX)
        );
    }

    #[test]
    fn a_head_ends_with_the_block_that_goes_on_elsewhere() {
        for head in [
            "class A:\n",
            "@d\nclass A(B):  # c\n    # d\n",
            "    async def f(\n        a,\n    ):\n",
            "@d\nclass A(:\n",
        ] {
            let table = Table::of_head(head, "        ");
            let body = table.body.map(|body| &table.nodes[body as usize]);
            assert!(
                body.is_some_and(|body| body.start as usize == head.len()),
                "{head:?}"
            );
        }
        for broken in ["def f(a, b\n", "class\n", "x = 1\n"] {
            assert_eq!(Table::of_head(broken, "    ").body, None, "{broken:?}");
        }
    }
}
