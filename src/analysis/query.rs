//! Structural patterns, in the query syntax of tree-sitter.
//!
//! tree-sitter needs half a millisecond to compile a pattern and a whole tree to run it on. The patterns of questions are
//! small, so most of them are matched here, on the table of a segment, starting at nodes of the kind they name: node kinds
//! and supertypes, fields and negated fields, anonymous tokens, wildcards, alternations, anchors, captures, and the
//! predicates `eq?`, `any-of?` and `match?` with their negations. [`Query::parse`] says which ones it leaves to tree-sitter.

use std::ops::ControlFlow;
use std::sync::OnceLock;

use regex::Regex;

use super::syntax::Node;
use super::table::{field_id, kind_id, language};

/// One pattern.
#[derive(Debug)]
pub struct Query {
    root: Pattern,
    predicates: Vec<Predicate>,
    kind_alone: bool,
    /// For each child that the root must have, the kinds it may be of.
    wanted: Vec<KindSet>,
}

/// A set of kinds of nodes, by the grammar's ids; it may say yes to one that is not in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KindSet([u64; 5]);

impl KindSet {
    fn add(&mut self, kind: u16) {
        let bit = usize::from(kind) % (64 * self.0.len());
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    /// The kinds of a node's children.
    pub fn of_children(node: Node<'_>) -> Self {
        let mut kinds = Self::default();
        node.direct()
            .for_each(|child| kinds.add(child.kind_number()));
        kinds
    }

    fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).any(|(a, b)| a & b != 0)
    }
}

/// A captured node and the capture's name.
pub type Captured<'q, 't> = (&'q str, Node<'t>);

#[derive(Debug)]
struct Pattern {
    what: What,
    captures: Vec<String>,
}

#[derive(Debug)]
enum What {
    Node {
        kinds: Kinds,
        children: Vec<Child>,
        /// Fields that must be empty.
        without: Vec<u8>,
        /// The last child pattern must be the last child.
        closed: bool,
    },
    AnyOf(Vec<Pattern>),
}

#[derive(Debug)]
enum Kinds {
    /// `_`
    Any,
    /// `(_)`
    AnyNamed,
    /// Ids of the grammar, sorted.
    Ids(Vec<u16>),
}

#[derive(Debug)]
struct Child {
    field: Option<u8>,
    /// It must directly follow the one before, or be the first.
    anchored: bool,
    /// Anchors beside it count anonymous nodes, too.
    strict: bool,
    pattern: Pattern,
}

#[derive(Debug)]
struct Predicate {
    capture: String,
    test: Test,
    negated: bool,
}

#[derive(Debug)]
enum Test {
    AnyOf(Vec<String>),
    Equals(String),
    Matches(Words),
}

/// A regular expression, compiled when something is first compared with it: that takes longer than all else about the
/// queries, and few files ask for it.
#[derive(Debug)]
struct Words {
    source: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Words {
    /// `None` if it is none.
    fn new(source: &str) -> Option<Self> {
        regex_syntax::parse(source).ok()?;
        Some(Self {
            source: source.to_owned(),
            compiled: OnceLock::new(),
        })
    }

    fn is_match(&self, text: &str) -> bool {
        // What has been read compiles, unless it is far too large.
        let compiled = self.compiled.get_or_init(|| Regex::new(&self.source).ok());
        compiled.as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

impl Query {
    /// Reads the patterns of a query. `None` if one of them has something that is left to tree-sitter, or looks from a
    /// definition into its body, which may be in other segments.
    pub fn parse(source: &str) -> Option<Vec<Self>> {
        let mut reader = Reader {
            tokens: tokens(source)?,
            at: 0,
        };
        let mut queries = Vec::new();
        while reader.at < reader.tokens.len() {
            queries.push(reader.query()?);
        }
        let local = queries.iter().all(|query| !query.root.enters_a_body(true));
        local.then_some(queries)
    }

    /// The kinds of nodes at which it may match, as ids of the grammar; `None` for any.
    pub fn kinds(&self) -> Option<Vec<u16>> {
        self.root.root_kinds()
    }

    /// What a node must read for the pattern to match at some node: the fields that lead there, and the words. `None` if
    /// the predicates do not say so.
    pub fn words(&self) -> Option<(Vec<u8>, &[String])> {
        self.predicates
            .iter()
            .filter(|predicate| !predicate.negated)
            .find_map(|predicate| match &predicate.test {
                Test::AnyOf(words) => Some((self.root.path_to(&predicate.capture)?, &**words)),
                _ => None,
            })
    }

    /// Whether a node with children of these kinds may match.
    pub fn may_match(&self, children: &KindSet) -> bool {
        self.wanted.iter().all(|wanted| wanted.meets(children))
    }

    /// Whether it matches at every node of its kinds, and captures only that node as `@hit`.
    pub fn is_kind_alone(&self) -> bool {
        self.kind_alone
    }

    /// Calls `found` with the captures of every way in which the pattern matches at this node.
    pub fn matches<'q, 't>(&'q self, node: Node<'t>, mut found: impl FnMut(&[Captured<'q, 't>])) {
        let mut captured = Vec::new();
        // Nothing ends the search early.
        let _: ControlFlow<()> = self.root.matches(node, &mut captured, &mut |captured| {
            if self
                .predicates
                .iter()
                .all(|predicate| predicate.holds(captured))
            {
                found(captured);
            }
            ControlFlow::Continue(())
        });
    }
}

type Then<'a, 'q, 't> = &'a mut dyn FnMut(&mut Vec<Captured<'q, 't>>) -> ControlFlow<()>;

impl Pattern {
    fn root_kinds(&self) -> Option<Vec<u16>> {
        match &self.what {
            What::Node {
                kinds: Kinds::Ids(ids),
                ..
            } => Some(ids.clone()),
            What::Node { .. } => None,
            What::AnyOf(patterns) => {
                let kinds: Option<Vec<Vec<u16>>> = patterns.iter().map(Self::root_kinds).collect();
                Some(kinds?.concat())
            }
        }
    }

    /// Whether the pattern names something inside of the body of a definition or of the module. `may_be_cut`: a block may
    /// be the body of a definition here.
    fn enters_a_body(&self, may_be_cut: bool) -> bool {
        let (kinds, children) = match &self.what {
            What::AnyOf(patterns) => return patterns.iter().any(|p| p.enters_a_body(may_be_cut)),
            What::Node {
                kinds, children, ..
            } => (kinds, children),
        };
        let is_one_of = |names: &[&str]| match kinds {
            Kinds::Ids(ids) => names.iter().any(|name| ids.contains(&kind_id(name))),
            Kinds::Any | Kinds::AnyNamed => true,
        };
        let body = may_be_cut && is_one_of(&["block", "module"]);
        let definition = is_one_of(&["class_definition", "function_definition"]);
        !children.is_empty() && body
            || children
                .iter()
                .any(|child| child.pattern.enters_a_body(definition))
    }

    /// The fields that lead to the node of a capture, if there is one way to it and each field holds one node.
    fn path_to(&self, capture: &str) -> Option<Vec<u8>> {
        if self.captures.iter().any(|name| name == capture) {
            return Some(Vec::new());
        }
        let What::Node { children, .. } = &self.what else {
            return None;
        };
        let mut paths = children.iter().filter_map(|child| {
            let path = child.pattern.path_to(capture)?;
            Some(child.field.map(|field| [vec![field], path].concat()))
        });
        match (paths.next(), paths.next()) {
            (Some(path), None) => path,
            _ => None,
        }
    }

    fn matches<'q, 't>(
        &'q self,
        node: Node<'t>,
        captured: &mut Vec<Captured<'q, 't>>,
        then: Then<'_, 'q, 't>,
    ) -> ControlFlow<()> {
        if let What::Node { kinds, .. } = &self.what
            && !kinds.hold(node)
        {
            return ControlFlow::Continue(());
        }
        let before = captured.len();
        captured.extend(self.captures.iter().map(|name| (name.as_str(), node)));
        let flow = match &self.what {
            What::AnyOf(patterns) => patterns
                .iter()
                .try_for_each(|pattern| pattern.matches(node, captured, then)),
            What::Node {
                children, without, ..
            } if children.is_empty() && without.is_empty() => then(captured),
            What::Node {
                children,
                without,
                closed,
                ..
            } => {
                let full = |child: Node<'_>| without.contains(&child.field_number());
                if !without.is_empty() && node.direct().any(full) {
                    ControlFlow::Continue(())
                } else {
                    let search = Search {
                        children,
                        closed: *closed,
                    };
                    search.from(0, node.first_direct(), captured, then)
                }
            }
        };
        captured.truncate(before);
        flow
    }

    /// Whether the pattern is a keyword or a sign: anchors beside it count every node, others only named ones.
    fn is_anonymous(&self) -> bool {
        match &self.what {
            What::AnyOf(patterns) => patterns.iter().any(Self::is_anonymous),
            What::Node {
                kinds: Kinds::Ids(ids),
                ..
            } => ids.iter().any(|id| !language().node_kind_is_named(*id)),
            What::Node { .. } => false,
        }
    }
}

impl Kinds {
    fn hold(&self, node: Node<'_>) -> bool {
        match self {
            Self::Any => true,
            Self::AnyNamed => node.is_named(),
            Self::Ids(ids) => ids.binary_search(&node.kind_number()).is_ok(),
        }
    }
}

/// The search for a node's children that fit the child patterns in order.
struct Search<'q> {
    children: &'q [Child],
    closed: bool,
}

impl<'q> Search<'q> {
    /// Matches the child patterns from `pattern` on with the children from one on.
    fn from<'t>(
        &self,
        pattern: usize,
        mut next: Option<Node<'t>>,
        captured: &mut Vec<Captured<'q, 't>>,
        then: Then<'_, 'q, 't>,
    ) -> ControlFlow<()> {
        let Some(child) = self.children.get(pattern) else {
            return then(captured);
        };
        let before = pattern.checked_sub(1).map(|before| &self.children[before]);
        let strict_before = child.strict || before.is_some_and(|before| before.strict);
        let last = self.closed && pattern + 1 == self.children.len();
        while let Some(node) = next {
            let behind = node.next_direct();
            let in_field = child.field.is_none_or(|field| field == node.field_number());
            if in_field && !(last && is_followed(behind, child.strict)) {
                child.pattern.matches(node, captured, &mut |captured| {
                    self.from(pattern + 1, behind, captured, then)
                })?;
            }
            // What is passed over stands in between.
            if child.anchored && (strict_before || node.is_named()) {
                break;
            }
            next = behind;
        }
        ControlFlow::Continue(())
    }
}

/// Whether a node comes from this one on; `strict` counts anonymous ones as well.
fn is_followed(next: Option<Node<'_>>, strict: bool) -> bool {
    std::iter::successors(next, |node| node.next_direct()).any(|node| strict || node.is_named())
}

impl Predicate {
    fn holds(&self, captured: &[Captured<'_, '_>]) -> bool {
        let mut nodes = captured.iter().filter(|(name, _)| *name == self.capture);
        nodes.all(|(_, node)| {
            let holds = match &self.test {
                Test::AnyOf(words) => words.iter().any(|word| word == node.text()),
                Test::Matches(words) => words.is_match(node.text()),
                Test::Equals(other) => {
                    let mut others = captured.iter().filter(|(name, _)| name == other);
                    others.all(|(_, other)| other.text() == node.text())
                }
            };
            holds != self.negated
        })
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    Sign(char),
    Text(String),
    /// A name, with what may be part of it: `#eq?`, `@hit`, `name:`, `!field`.
    Word(String),
}

fn tokens(source: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = source.trim_start();
    while let Some(first) = rest.chars().next() {
        match first {
            '(' | ')' | '[' | ']' => {
                tokens.push(Token::Sign(first));
                rest = &rest[1..];
            }
            ';' => rest = rest.split_once('\n').map_or("", |(_, rest)| rest),
            '"' => {
                let mut text = String::new();
                let mut chars = rest.char_indices().skip(1);
                loop {
                    match chars.next()? {
                        (end, '"') => {
                            rest = &rest[end + 1..];
                            break;
                        }
                        (_, '\\') => text.push(match chars.next()?.1 {
                            'n' => '\n',
                            't' => '\t',
                            'r' => '\r',
                            '0' => '\0',
                            other => other,
                        }),
                        (_, other) => text.push(other),
                    }
                }
                tokens.push(Token::Text(text));
            }
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || "()[]\";".contains(c));
                let (word, behind) = rest.split_at(end.unwrap_or(rest.len()));
                tokens.push(Token::Word(word.to_owned()));
                rest = behind;
            }
        }
        rest = rest.trim_start();
    }
    Some(tokens)
}

/// Reads tokens; `None` wherever something is left to tree-sitter.
struct Reader {
    tokens: Vec<Token>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn takes(&mut self, sign: char) -> bool {
        let is = self.peek() == Some(&Token::Sign(sign));
        self.at += usize::from(is);
        is
    }

    fn word(&mut self) -> Option<String> {
        let Some(Token::Word(word)) = self.peek() else {
            return None;
        };
        let word = word.clone();
        self.at += 1;
        Some(word)
    }

    fn query(&mut self) -> Option<Query> {
        let grouped = matches!(
            (self.peek(), self.tokens.get(self.at + 1)),
            (
                Some(Token::Sign('(')),
                Some(Token::Sign('(' | '[') | Token::Text(_))
            )
        );
        let mut predicates = Vec::new();
        self.at += usize::from(grouped);
        let root = self.pattern(&mut predicates)?;
        if grouped {
            while self.next_is_predicate() {
                predicates.push(self.predicate()?);
            }
            if !self.takes(')') {
                return None;
            }
        }
        let bare = matches!(
            &root.what,
            What::Node { kinds: Kinds::Ids(_), children, without, .. }
                if children.is_empty() && without.is_empty()
        );
        let kind_alone = bare && predicates.is_empty() && root.captures == ["hit"];
        let children: &[Child] = match &root.what {
            What::Node { children, .. } => children,
            What::AnyOf(_) => &[],
        };
        let kinds = children
            .iter()
            .filter_map(|child| child.pattern.root_kinds());
        let wanted = kinds.map(|kinds| {
            let mut wanted = KindSet::default();
            for kind in kinds {
                wanted.add(kind);
            }
            wanted
        });
        Some(Query {
            wanted: wanted.collect(),
            root,
            predicates,
            kind_alone,
        })
    }

    fn next_is_predicate(&self) -> bool {
        self.peek() == Some(&Token::Sign('('))
            && matches!(self.tokens.get(self.at + 1), Some(Token::Word(word)) if word.starts_with('#'))
    }

    fn predicate(&mut self) -> Option<Predicate> {
        self.takes('(');
        let name = self.word()?;
        let name = name.strip_prefix('#')?.strip_suffix('?')?;
        let (name, negated) = match name.strip_prefix("not-") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let capture = self.word()?.strip_prefix('@')?.to_owned();
        let mut texts = Vec::new();
        let mut other = None;
        while !self.takes(')') {
            match self.tokens.get(self.at)? {
                Token::Text(text) => texts.push(text.clone()),
                Token::Word(word) => other = Some(word.strip_prefix('@')?.to_owned()),
                Token::Sign(_) => return None,
            }
            self.at += 1;
        }
        let test = match (name, other, texts.as_slice()) {
            ("eq", Some(other), []) => Test::Equals(other),
            ("eq", None, [_]) | ("any-of", None, _) => Test::AnyOf(texts),
            ("match", None, [regex]) => Test::Matches(Words::new(regex)?),
            _ => return None,
        };
        Some(Predicate {
            capture,
            test,
            negated,
        })
    }

    fn pattern(&mut self, predicates: &mut Vec<Predicate>) -> Option<Pattern> {
        let what = if self.takes('[') {
            let mut patterns = Vec::new();
            while !self.takes(']') {
                patterns.push(self.pattern(predicates)?);
            }
            What::AnyOf(patterns)
        } else if self.takes('(') {
            self.node(predicates)?
        } else {
            let kinds = match self.tokens.get(self.at)? {
                Token::Text(token) => {
                    Kinds::Ids(vec![known(language().id_for_node_kind(token, false))?])
                }
                Token::Word(word) if word == "_" => Kinds::Any,
                _ => return None,
            };
            self.at += 1;
            What::Node {
                kinds,
                children: Vec::new(),
                without: Vec::new(),
                closed: false,
            }
        };
        let mut captures = Vec::new();
        while let Some(Token::Word(word)) = self.peek() {
            let Some(name) = word.strip_prefix('@') else {
                break;
            };
            captures.push(name.to_owned());
            self.at += 1;
        }
        // A quantifier.
        if matches!(self.peek(), Some(Token::Word(word)) if word.starts_with(['*', '+', '?'])) {
            return None;
        }
        Some(Pattern { what, captures })
    }

    /// The rest of `(kind …)`.
    fn node(&mut self, predicates: &mut Vec<Predicate>) -> Option<What> {
        let kind = self.word()?;
        let kinds = match kind.as_str() {
            "_" => Kinds::AnyNamed,
            kind => Kinds::Ids(ids(kind)?),
        };
        let mut children: Vec<Child> = Vec::new();
        let mut without = Vec::new();
        let mut anchored = false;
        while !self.takes(')') {
            if self.next_is_predicate() {
                predicates.push(self.predicate()?);
                continue;
            }
            let mut field = None;
            if let Some(Token::Word(word)) = self.peek() {
                let word = word.clone();
                if word == "." {
                    anchored = true;
                    self.at += 1;
                    continue;
                }
                if let Some(name) = word.strip_prefix('!') {
                    without.push(known_field(name)?);
                    self.at += 1;
                    continue;
                }
                if let Some(name) = word.strip_suffix(':') {
                    field = Some(known_field(name)?);
                    self.at += 1;
                }
            }
            let pattern = self.pattern(predicates)?;
            children.push(Child {
                field,
                anchored,
                strict: pattern.is_anonymous(),
                pattern,
            });
            anchored = false;
        }
        Some(What::Node {
            kinds,
            children,
            without,
            closed: anchored,
        })
    }
}

fn known(id: u16) -> Option<u16> {
    (id != 0).then_some(id)
}

fn known_field(name: &str) -> Option<u8> {
    Some(field_id(name)).filter(|id| *id != u8::MAX)
}

/// The ids of a kind of node, or of all kinds below a supertype.
fn ids(kind: &str) -> Option<Vec<u16>> {
    let language = language();
    let first = known(kind_id(kind))?;
    let mut found = Vec::new();
    let mut open = vec![first];
    while let Some(id) = open.pop() {
        if language.node_kind_is_supertype(id) {
            open.extend(language.subtypes_for_supertype(id).iter().copied());
        } else {
            found.push(id);
        }
    }
    found.sort_unstable();
    found.dedup();
    Some(found)
}
