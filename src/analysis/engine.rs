//! Runs the catalog's patterns over a segment of a file.

use rustc_hash::FxHashMap as HashMap;
use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;

use tree_sitter::QueryError;

use super::checks;
use super::context::{Context, Report};
use super::found::{Capture, FixLimit, Match};
use super::query::{Captured, KindSet, Query};
use super::results::{Fate, Results, Search};
use super::settings::FileSettings;
use super::source_file::{SourceFile, is_variable};
use super::symbols::{Symbols, Vocabulary};
use super::syntax::Node;
use super::tree_queries::TreeQueries;
use crate::catalog::{Catalog, PatternIndex, Safety};

/// The catalog's patterns, ready to run.
pub struct Engine {
    catalog: Arc<Catalog>,
    calls: Symbols,
    refers: Symbols,
    decorates: Symbols,
    inherits: Symbols,
    vocabulary: Vocabulary,
    queries: Vec<(PatternIndex, Query)>,
    /// The queries to try at a node, by the grammar's id of its kind.
    by_kind: Vec<OfKind>,
    /// The queries to try at every node.
    anywhere: Vec<usize>,
    tree_queries: TreeQueries,
    checks: HashMap<PatternIndex, &'static checks::Entry>,
}

/// The queries to try at nodes of one kind.
#[derive(Default)]
struct OfKind {
    /// At all of them.
    always: Vec<usize>,
    /// Only where a word stands that they ask for.
    worded: Vec<Worded>,
}

/// Queries that ask for a word at one place.
struct Worded {
    /// The fields that lead there.
    path: Vec<u8>,
    by_word: HashMap<String, Vec<usize>>,
}

impl OfKind {
    fn add(&mut self, query: &Query, index: usize) {
        let Some((path, words)) = query.words() else {
            return self.always.push(index);
        };
        let known = self.worded.iter().position(|known| known.path == path);
        let place = known.unwrap_or_else(|| {
            let by_word = HashMap::default();
            self.worded.push(Worded { path, by_word });
            self.worded.len() - 1
        });
        for word in words {
            let by_word = &mut self.worded[place].by_word;
            by_word.entry(word.clone()).or_default().push(index);
        }
    }

    fn is_empty(&self) -> bool {
        self.always.is_empty() && self.worded.is_empty()
    }

    /// The queries that are worth trying at a node because of its words.
    fn worded_at(&self, node: Node<'_>) -> Vec<usize> {
        let mut queries = Vec::new();
        for Worded { path, by_word } in &self.worded {
            reach(node, path, &mut |end: Node<'_>| {
                queries.extend(by_word.get(end.text()).into_iter().flatten());
            });
        }
        queries.sort_unstable();
        queries.dedup();
        queries
    }
}

/// Visits every node to which these fields lead.
fn reach<'t>(node: Node<'t>, path: &[u8], visit: &mut impl FnMut(Node<'t>)) {
    match path.split_first() {
        None => visit(node),
        Some((field, path)) => node
            .direct()
            .filter(|child| child.field_number() == *field)
            .for_each(|child| reach(child, path, visit)),
    }
}

/// Whether each name that an expression starts with may lead to a symbol.
#[derive(Debug, Default)]
pub struct Spoken<'t>(HashMap<&'t str, bool>);

/// A place that may match, before the check has seen it.
pub struct Candidate<'t> {
    /// The pattern.
    pub pattern: PatternIndex,
    /// The first node of the place.
    pub first: Node<'t>,
    /// The place.
    pub range: Range<usize>,
    /// What the query captured as `@anchor`.
    pub anchor: Option<Range<usize>>,
    /// What else it captured.
    pub captures: Vec<(&'static str, Capture)>,
}

impl<'t> Candidate<'t> {
    fn node(pattern: PatternIndex, node: Node<'t>) -> Self {
        Self {
            pattern,
            first: node,
            range: node.range(),
            anchor: None,
            captures: Vec::new(),
        }
    }

    /// What a query captured; `None` without a `@hit`.
    pub fn captured(pattern: PatternIndex, captured: &[Captured<'_, 't>]) -> Option<Self> {
        let span = |name: &str| {
            let nodes = captured.iter().filter(|(n, _)| *n == name);
            let nodes: Vec<Node<'t>> = nodes.map(|(_, node)| *node).collect();
            let first = nodes.iter().copied().min_by_key(|n| n.start())?;
            let end = nodes.iter().map(|n| n.end()).max()?;
            Some((first, first.start()..end))
        };
        let (first, range) = span("hit")?;
        let others = captured
            .iter()
            .filter(|(name, _)| !matches!(*name, "hit" | "anchor"));
        Some(Self {
            pattern,
            first,
            range,
            anchor: span("anchor").map(|(_, range)| range),
            captures: others
                .map(|(name, node)| (interned(name), Capture::Range(node.range())))
                .collect(),
        })
    }
}

impl Engine {
    /// Prepares the patterns of a catalog.
    ///
    /// # Errors
    ///
    /// If a query does not compile. A loaded catalog was checked for that.
    pub fn new(catalog: Arc<Catalog>) -> Result<Self, QueryError> {
        Self::with_patterns(catalog, |_| true)
    }

    /// Prepares those patterns of a catalog for which `enabled` holds.
    ///
    /// # Errors
    ///
    /// If a query does not compile. A loaded catalog was checked for that.
    pub fn with_patterns(
        catalog: Arc<Catalog>,
        enabled: impl Fn(PatternIndex) -> bool,
    ) -> Result<Self, QueryError> {
        let mut engine = Self {
            calls: Symbols::default(),
            refers: Symbols::default(),
            decorates: Symbols::default(),
            inherits: Symbols::default(),
            vocabulary: Vocabulary::default(),
            queries: Vec::new(),
            by_kind: Vec::new(),
            anywhere: Vec::new(),
            tree_queries: TreeQueries::default(),
            checks: HashMap::default(),
            catalog: Arc::clone(&catalog),
        };
        let mut for_trees = Vec::new();
        let patterns = catalog.patterns.iter().enumerate();
        for (index, pattern) in patterns.filter(|(index, _)| enabled(*index)) {
            let trigger = &pattern.trigger;
            for (symbols, names) in [
                (&mut engine.calls, &trigger.calls),
                (&mut engine.refers, &trigger.refers),
                (&mut engine.decorates, &trigger.decorates),
                (&mut engine.inherits, &trigger.inherits),
            ] {
                symbols.add(names, index);
                engine.vocabulary.add(names);
            }
            if let Some(source) = &trigger.query {
                match Query::parse(source) {
                    Some(queries) => queries
                        .into_iter()
                        .for_each(|query| engine.add(index, query)),
                    None => for_trees.push((index, source.as_str())),
                }
            }
            let check = pattern
                .check
                .as_deref()
                .and_then(|name| checks::ALL.iter().find(|entry| entry.name == name));
            engine.checks.extend(check.map(|entry| (index, entry)));
        }
        engine.tree_queries = TreeQueries::compile(&for_trees)?;
        Ok(engine)
    }

    fn add(&mut self, pattern: PatternIndex, query: Query) {
        let index = self.queries.len();
        match query.kinds() {
            None => self.anywhere.push(index),
            Some(kinds) => {
                for kind in kinds {
                    let kind = usize::from(kind);
                    if self.by_kind.len() <= kind {
                        self.by_kind.resize_with(kind + 1, OfKind::default);
                    }
                    self.by_kind[kind].add(&query, index);
                }
            }
        }
        self.queries.push((pattern, query));
    }

    /// The catalog whose patterns run.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// Everything that the patterns find in a file, sorted by where it starts, then by pattern. Where patterns overlap,
    /// only the one that wins over the other is kept.
    pub fn matches(&self, file: &SourceFile, settings: &FileSettings) -> Vec<Match> {
        let search = Search {
            engine: self,
            settings,
            fate: Fate::Left,
        };
        Results::of(search, file).all(file)
    }

    /// Everything that the patterns find in one segment of a file, whatever other patterns say about the same code: sorted
    /// by where it starts, then by pattern. `spoken` is kept while the names of the file are the same.
    pub fn search<'t>(
        &self,
        file: &'t SourceFile,
        position: usize,
        settings: &FileSettings,
        spoken: &mut Spoken<'t>,
    ) -> Vec<Match> {
        let mut matches: Vec<Match> = Vec::new();
        let segment = &file.syntax().segments()[position];
        // Without an error in the segment, and with all of a definition in it, only what is around it may be broken.
        let uniform = segment.below == 0 && !segment.parsed.table.has_error();
        let mut around: Option<bool> = None;
        for candidate in self.candidates(file, position, spoken) {
            let pattern = &self.catalog.patterns[candidate.pattern];
            let new_enough = pattern
                .min_python
                .is_none_or(|needed| settings.target >= needed);
            if !new_enough || settings.disabled.contains(&candidate.pattern) {
                continue;
            }
            let intact = match around {
                Some(intact) if uniform => intact,
                _ => *around.insert(is_intact(candidate.first)),
            };
            if intact {
                self.decide(candidate, file, settings, &mut matches);
            }
        }
        matches.sort_by_key(Match::order);
        matches.dedup_by(|a, b| a.pattern == b.pattern && a.range == b.range);
        matches
    }

    fn decide(
        &self,
        candidate: Candidate<'_>,
        file: &SourceFile,
        settings: &FileSettings,
        matches: &mut Vec<Match>,
    ) {
        let pattern = &self.catalog.patterns[candidate.pattern];
        let Candidate {
            first,
            range,
            anchor: queried,
            captures,
            ..
        } = candidate;
        let context = Context {
            file,
            settings,
            pattern,
            relied_on_builtin: Cell::new(false),
        };
        let reports = match self.checks.get(&candidate.pattern) {
            Some(check) => (check.run)(&context, first, range),
            None => vec![Report::range(range)],
        };
        for report in reports {
            let mut fix_limit = report.fix_limit;
            let uncertain =
                context.relied_on_builtin.get() && !file.names().star_imports().is_empty();
            if uncertain && fix_limit == FixLimit::Offered(Safety::Safe) {
                fix_limit = FixLimit::Offered(Safety::Review);
            }
            matches.push(Match {
                pattern: candidate.pattern,
                anchor: report
                    .anchor
                    .or_else(|| queried.clone())
                    .unwrap_or_else(|| anchor(file, first, &report.range)),
                severity: report.severity.unwrap_or(pattern.severity),
                variant: report.variant,
                captures: report
                    .captures
                    .into_iter()
                    .chain(captures.iter().cloned())
                    .collect(),
                fix_limit,
                related: report.related,
                absorbed: Vec::new(),
                range: report.range,
            });
        }
    }

    fn candidates<'t>(
        &self,
        file: &'t SourceFile,
        position: usize,
        spoken: &mut Spoken<'t>,
    ) -> Vec<Candidate<'t>> {
        let mut found = Vec::new();
        for node in file.syntax().nodes_of(position) {
            self.queried(node, &mut found);
            if !node.is_named() {
                continue;
            }
            let mut trigger = |symbols: &Symbols, expression: Node<'t>, hit: Node<'t>| {
                let Some(first) = first_name(expression) else {
                    return;
                };
                let speaks = spoken
                    .0
                    .entry(first)
                    .or_insert_with(|| self.vocabulary.speaks_of(file, first));
                // Nearly all names are passed over here: what asks for more comes last.
                let reads = || is_variable(hit) && !file.names().is_binding_site(hit);
                if !*speaks || hit.is("identifier") && !reads() {
                    return;
                }
                let patterns = symbols
                    .triggered(&self.catalog, file, expression)
                    .into_iter();
                found.extend(patterns.map(|pattern| Candidate::node(pattern, hit)));
            };
            match node.kind() {
                "call" => {
                    if let Some(callee) = node.callee() {
                        trigger(&self.calls, callee, node);
                    }
                }
                "identifier" | "attribute" => trigger(&self.refers, node, node),
                "decorator" => {
                    if let Some(expression) = node.children().first() {
                        let callee = expression.callee().unwrap_or(*expression);
                        trigger(&self.decorates, callee, node);
                    }
                }
                "class_definition" => {
                    for base in bases(node) {
                        trigger(&self.inherits, base, node);
                    }
                }
                _ => {}
            }
        }
        self.tree_queries.candidates(file, position, &mut found);
        found
    }

    fn queried<'t>(&self, node: Node<'t>, found: &mut Vec<Candidate<'t>>) {
        let of_kind = self.by_kind.get(usize::from(node.kind_number()));
        let of_kind = of_kind.filter(|queries| !queries.is_empty());
        if of_kind.is_none() && self.anywhere.is_empty() {
            return;
        }
        let mut children: Option<KindSet> = None;
        let worded = of_kind.map(|queries| queries.worded_at(node));
        let always = of_kind.into_iter().flat_map(|queries| &queries.always);
        for index in always.chain(worded.iter().flatten()).chain(&self.anywhere) {
            let (pattern, query) = &self.queries[*index];
            if query.is_kind_alone() {
                found.push(Candidate::node(*pattern, node));
                continue;
            }
            let children = children.get_or_insert_with(|| KindSet::of_children(node));
            if !query.may_match(children) {
                continue;
            }
            query.matches(node, |captured| {
                found.extend(Candidate::captured(*pattern, captured));
            });
        }
    }
}

/// The classes that a class inherits from, generic ones without their parameters, and its metaclass.
fn bases(class: Node<'_>) -> Vec<Node<'_>> {
    let arguments = class.field("superclasses").map(Node::children);
    arguments
        .unwrap_or_default()
        .into_iter()
        .filter_map(|argument| match argument.kind() {
            "keyword_argument" => {
                let name = argument.field("name").filter(|n| n.text() == "metaclass");
                name.and_then(|_| argument.field("value"))
            }
            "subscript" => argument.field("value"),
            _ => Some(argument),
        })
        .collect()
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Engine({} patterns)", self.catalog.patterns.len())
    }
}

/// The name that an attribute chain starts with.
fn first_name(expression: Node<'_>) -> Option<&str> {
    if expression.is("identifier") {
        return Some(expression.text());
    }
    let mut node = expression.unparenthesized();
    while node.is("attribute") {
        node = node.field("object")?.unparenthesized();
    }
    node.is("identifier").then(|| node.text())
}

/// Whether the code around a candidate parsed: a broken statement silences itself, and nothing else.
fn is_intact(node: Node<'_>) -> bool {
    !node.statement().has_error()
        && !node.is_orphan()
        && !std::iter::once(node)
            .chain(node.ancestors())
            .any(super::syntax::Node::is_error)
}

/// Where the hover shows when the check does not say: on the callee of a call, the header of a compound statement.
fn anchor(file: &SourceFile, first: Node<'_>, range: &Range<usize>) -> Range<usize> {
    if first.range() != *range {
        let line_end = file
            .slice(range.clone())
            .find(['\n', '\r'])
            .map_or(range.end, |i| range.start + i);
        return range.start..line_end;
    }
    first.callee().map_or_else(|| first.header(), Node::range)
}

/// Capture names of queries live as long as the program: there are few, and they come from content.
fn interned(name: &str) -> &'static str {
    use std::collections::HashSet;
    use std::sync::{Mutex, OnceLock, PoisonError};
    static NAMES: OnceLock<Mutex<HashSet<&'static str>>> = OnceLock::new();
    let mut names = NAMES
        .get_or_init(Mutex::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(name) {
        known
    } else {
        let leaked: &'static str = Box::leak(name.to_owned().into_boxed_str());
        names.insert(leaked);
        leaked
    }
}
