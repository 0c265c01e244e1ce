//! Runs the catalog's patterns over a file.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use streaming_iterator::StreamingIterator;
use tree_sitter::{Query, QueryCursor, QueryError};

use super::checks;
use super::context::{Context, Report};
use super::found::{Capture, FixLimit, Match};
use super::names::Certainty;
use super::settings::FileSettings;
use super::source_file::{SourceFile, is_variable};
use super::syntax::{Node, language};
use crate::catalog::{Catalog, PatternIndex, Safety, Tier, Trigger};

/// The catalog's patterns, ready to run.
pub struct Engine {
    catalog: Arc<Catalog>,
    calls: Symbols,
    refers: Symbols,
    decorates: Symbols,
    inherits: Symbols,
    vocabulary: Vocabulary,
    /// Patterns whose query only names a kind of node: no query engine is needed for them.
    kinds: HashMap<&'static str, Vec<PatternIndex>>,
    queries: Queries,
    checks: HashMap<PatternIndex, &'static checks::Entry>,
}

/// Patterns by the qualified name that triggers them.
#[derive(Default)]
struct Symbols {
    names: HashMap<String, Vec<PatternIndex>>,
    /// Patterns for everything below a module (`secrets.*`).
    modules: HashMap<String, Vec<PatternIndex>>,
}

impl Symbols {
    fn add(&mut self, names: &[String], pattern: PatternIndex) {
        for name in names {
            match name.strip_suffix(".*") {
                Some(module) => self
                    .modules
                    .entry(module.to_owned())
                    .or_default()
                    .push(pattern),
                None => self.names.entry(name.clone()).or_default().push(pattern),
            }
        }
    }

    fn get(&self, name: &str) -> impl Iterator<Item = PatternIndex> {
        let module = name
            .rsplit_once('.')
            .and_then(|(module, _)| self.modules.get(module));
        self.names
            .get(name)
            .into_iter()
            .chain(module)
            .flatten()
            .copied()
    }

    /// Certain patterns first, then those for which one fitting binding, or a star import, is enough.
    fn triggered(
        &self,
        catalog: &Catalog,
        file: &SourceFile,
        expression: Node<'_>,
    ) -> Vec<PatternIndex> {
        let of_tier = |name: &str, tier| {
            self.get(name)
                .filter(move |&p| catalog.patterns[p].tier == tier)
                .collect::<Vec<_>>()
        };
        let mut patterns = Vec::new();
        if let Some(certain) = file.names().resolve(expression, Certainty::All) {
            patterns.extend(of_tier(&certain.name, Tier::Finding));
        }
        if let Some(possible) = file.names().resolve(expression, Certainty::Any) {
            patterns.extend(of_tier(&possible.name, Tier::Mention));
        } else if expression.is("identifier") && file.names().owner(expression).is_none() {
            for module in file.names().star_imports() {
                patterns.extend(of_tier(
                    &super::canonical(format!("{module}.{}", expression.text())),
                    Tier::Mention,
                ));
            }
        }
        patterns
    }
}

/// The words with which code can come to one of the symbols.
#[derive(Default)]
struct Vocabulary {
    /// Every qualified name and every module above one: `asyncio` and `asyncio.gather`.
    paths: HashSet<String>,
    /// The first name of every builtin symbol.
    builtins: HashSet<String>,
    /// The last name of every symbol: what a star import may bind.
    members: HashSet<String>,
}

impl Vocabulary {
    fn add(&mut self, names: &[String]) {
        for name in names {
            let ends = name.match_indices('.').map(|(end, _)| end);
            self.paths.extend(ends.map(|end| name[..end].to_owned()));
            self.paths.insert(name.clone());
            if let Some(builtin) = name.strip_prefix("builtins.") {
                let first = builtin.split('.').next().unwrap_or(builtin);
                self.builtins.insert(first.to_owned());
            }
            self.members
                .extend(name.rsplit('.').next().map(str::to_owned));
        }
    }

    /// The names in a file that may stand for, or lead to, a symbol. An expression that starts with any other name
    /// needs no look at its scopes.
    fn spoken_in<'f>(&'f self, file: &'f SourceFile) -> HashSet<&'f str> {
        let mut spoken: HashSet<&str> = self.builtins.iter().map(String::as_str).collect();
        let leads = |target: &str| {
            let inside = super::canonical(format!("{target}.x"));
            let module = inside.strip_suffix(".x").unwrap_or(&inside);
            let name = super::canonical(target.to_owned());
            let in_wildcard = name
                .rsplit_once('.')
                .map(|(module, _)| format!("{module}.*"));
            self.paths.contains(module)
                || self.paths.contains(&name)
                || in_wildcard.is_some_and(|wildcard| self.paths.contains(&wildcard))
        };
        spoken.extend(
            file.names()
                .imports()
                .filter(|(_, target)| leads(target))
                .map(|(name, _)| name),
        );
        if !file.names().star_imports().is_empty() {
            spoken.extend(self.members.iter().map(String::as_str));
        }
        spoken
    }
}

/// All queries joined into one: a cursor over one large query is far cheaper than many cursors.
struct Queries {
    query: Option<Query>,
    /// The pattern of each top-level pattern of the query.
    owners: Vec<PatternIndex>,
}

impl Queries {
    fn compile(parts: &[(PatternIndex, &str)]) -> Result<Self, QueryError> {
        if parts.is_empty() {
            return Ok(Self {
                query: None,
                owners: Vec::new(),
            });
        }
        let mut source = String::new();
        let mut ends = Vec::new();
        for (pattern, text) in parts {
            source.push_str(text);
            source.push('\n');
            ends.push((source.len(), *pattern));
        }
        let query = Query::new(language(), &source)?;
        let owner = |i: usize| {
            let start = query.start_byte_for_pattern(i);
            ends.iter()
                .find(|(end, _)| start < *end)
                .map_or(0, |(_, pattern)| *pattern)
        };
        let owners = (0..query.pattern_count()).map(owner).collect();
        Ok(Self {
            query: Some(query),
            owners,
        })
    }
}

/// A place that may match, before the check has seen it.
struct Candidate<'t> {
    pattern: PatternIndex,
    first: Node<'t>,
    range: Range<usize>,
    /// What the query captured as `@anchor`.
    anchor: Option<Range<usize>>,
    captures: Vec<(&'static str, Capture)>,
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
}

impl Engine {
    /// Prepares the patterns of a catalog.
    ///
    /// # Errors
    ///
    /// If a query does not compile. A loaded catalog was checked for that.
    pub fn new(catalog: Arc<Catalog>) -> Result<Self, QueryError> {
        let (mut calls, mut refers) = (Symbols::default(), Symbols::default());
        let (mut decorates, mut inherits) = (Symbols::default(), Symbols::default());
        let mut vocabulary = Vocabulary::default();
        let mut kinds: HashMap<&'static str, Vec<PatternIndex>> = HashMap::new();
        let mut queries = Vec::new();
        let mut by_pattern = HashMap::new();
        for (index, pattern) in catalog.patterns.iter().enumerate() {
            let trigger: &Trigger = &pattern.trigger;
            calls.add(&trigger.calls, index);
            refers.add(&trigger.refers, index);
            decorates.add(&trigger.decorates, index);
            inherits.add(&trigger.inherits, index);
            for names in [
                &trigger.calls,
                &trigger.refers,
                &trigger.decorates,
                &trigger.inherits,
            ] {
                vocabulary.add(names);
            }
            if let Some(query) = &trigger.query {
                match single_kind(query) {
                    Some(kind) => kinds.entry(kind).or_default().push(index),
                    None => queries.push((index, query.as_str())),
                }
            }
            let check = pattern
                .check
                .as_deref()
                .and_then(|name| checks::ALL.iter().find(|entry| entry.name == name));
            by_pattern.extend(check.map(|entry| (index, entry)));
        }
        let queries = Queries::compile(&queries)?;
        Ok(Self {
            calls,
            refers,
            decorates,
            inherits,
            vocabulary,
            kinds,
            queries,
            checks: by_pattern,
            catalog,
        })
    }

    /// The catalog whose patterns run.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// Everything that the enabled patterns find in a file, sorted by where it starts, then by pattern. Where enabled
    /// patterns overlap, only the one that wins over the other is kept.
    pub fn matches(
        &self,
        file: &SourceFile,
        settings: &FileSettings,
        enabled: impl Fn(PatternIndex) -> bool,
    ) -> Vec<Match> {
        let mut candidates = self.symbol_candidates(file);
        candidates.extend(self.query_candidates(file));
        let mut matches: Vec<Match> = Vec::new();
        for candidate in candidates {
            let pattern = &self.catalog.patterns[candidate.pattern];
            let new_enough = pattern
                .min_python
                .is_none_or(|needed| settings.target >= needed);
            if enabled(candidate.pattern) && new_enough && is_intact(candidate.first) {
                self.decide(candidate, file, settings, &mut matches);
            }
        }
        matches.sort_by_key(|m| (m.range.start, m.range.end, m.pattern));
        matches.dedup_by(|a, b| a.pattern == b.pattern && a.range == b.range);
        super::overlap::settle(&self.catalog, file.text(), &mut matches);
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

    fn symbol_candidates<'t>(&self, file: &'t SourceFile) -> Vec<Candidate<'t>> {
        let mut found = Vec::new();
        let spoken = self.vocabulary.spoken_in(file);
        for node in file.nodes() {
            let mut trigger = |symbols: &Symbols, expression: Node<'t>, hit: Node<'t>| {
                if !root(expression).is_some_and(|name| spoken.contains(name)) {
                    return;
                }
                let mut patterns = symbols.triggered(&self.catalog, file, expression);
                if !patterns.is_empty() && hit.is("identifier") && !is_variable(hit) {
                    patterns.clear();
                }
                found.extend(
                    patterns
                        .into_iter()
                        .map(|pattern| Candidate::node(pattern, hit)),
                );
            };
            match node.kind() {
                "call" => {
                    if let Some(callee) = node.callee() {
                        trigger(&self.calls, callee, node);
                    }
                }
                "identifier" if !file.names().is_binding_site(node) => {
                    trigger(&self.refers, node, node);
                }
                "attribute" => trigger(&self.refers, node, node),
                "decorator" => {
                    if let Some(expression) = node.children().first() {
                        trigger(
                            &self.decorates,
                            expression.callee().unwrap_or(*expression),
                            node,
                        );
                    }
                }
                "class_definition" => {
                    for base in node
                        .field("superclasses")
                        .map(Node::children)
                        .unwrap_or_default()
                    {
                        let base = match base.kind() {
                            "keyword_argument"
                                if base.field("name").is_some_and(|n| n.text() == "metaclass") =>
                            {
                                base.field("value")
                            }
                            "subscript" => base.field("value"),
                            _ => Some(base),
                        };
                        if let Some(base) = base {
                            trigger(&self.inherits, base, node);
                        }
                    }
                }
                _ => {}
            }
            if let Some(patterns) = self.kinds.get(node.kind()) {
                found.extend(
                    patterns
                        .iter()
                        .map(|&pattern| Candidate::node(pattern, node)),
                );
            }
        }
        found
    }

    fn query_candidates<'t>(&'t self, file: &'t SourceFile) -> Vec<Candidate<'t>> {
        let mut found = Vec::new();
        let Some(query) = &self.queries.query else {
            return found;
        };
        let names = query.capture_names();
        for segment in file.segments() {
            let mut cursor = QueryCursor::new();
            let mut matches =
                cursor.matches(query, segment.tree().root_node(), segment.text().as_bytes());
            while let Some(found_match) = matches.next() {
                let node_of = |capture: &tree_sitter::QueryCapture<'t>| segment.found(capture.node);
                let name_of =
                    |capture: &tree_sitter::QueryCapture<'t>| names[capture.index as usize];
                let span = |name: &str| {
                    let captured = found_match.captures.iter().filter(|c| name_of(c) == name);
                    let nodes: Vec<Node<'t>> = captured.filter_map(node_of).collect();
                    let first = nodes.iter().copied().min_by_key(|n| n.start())?;
                    let end = nodes.iter().map(|n| n.end()).max()?;
                    Some((first, first.start()..end))
                };
                let Some((first, range)) = span("hit") else {
                    continue;
                };
                let others = found_match
                    .captures
                    .iter()
                    .filter(|c| !matches!(name_of(c), "hit" | "anchor"));
                found.push(Candidate {
                    pattern: self.queries.owners[found_match.pattern_index],
                    first,
                    range,
                    anchor: span("anchor").map(|(_, range)| range),
                    captures: others
                        .filter_map(|c| {
                            Some((interned(name_of(c)), Capture::Range(node_of(c)?.range())))
                        })
                        .collect(),
                });
            }
        }
        found
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Engine({} patterns)", self.catalog.patterns.len())
    }
}

/// The name that an attribute chain starts with.
fn root(expression: Node<'_>) -> Option<&str> {
    let mut node = expression.unparenthesized();
    while node.is("attribute") {
        node = node.field("object")?.unparenthesized();
    }
    node.is("identifier").then(|| node.text())
}

/// A query that only names a kind: `(except_clause) @hit`.
fn single_kind(query: &str) -> Option<&'static str> {
    let kind = query
        .trim()
        .strip_suffix("@hit")?
        .trim_end()
        .strip_prefix('(')?
        .strip_suffix(')')?;
    let id = language().id_for_node_kind(kind, true);
    if id == 0 {
        None
    } else {
        language().node_kind_for_id(id)
    }
}

/// Whether the code around a candidate parsed: a broken statement silences itself, and nothing else.
fn is_intact(node: Node<'_>) -> bool {
    !node.statement().has_error()
        && !std::iter::once(node)
            .chain(node.ancestors())
            .any(super::syntax::Node::is_error)
}

/// Where the hover shows when the check does not say: on the callee of a call, the header of a compound statement.
fn anchor(file: &SourceFile, first: Node<'_>, range: &Range<usize>) -> Range<usize> {
    if first.range() != *range {
        let line_end = file
            .text()
            .get(range.clone())
            .and_then(|text| text.find(['\n', '\r']))
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
