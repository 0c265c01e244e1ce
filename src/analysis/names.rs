//! Which name means what: scopes, bindings, and imports resolved to qualified names.
//!
//! The rules are those of the Python language reference (section "Naming and binding"): a name that is bound anywhere
//! in a function is local to the whole function, class scopes are invisible from nested functions, comprehensions have
//! a scope of their own but for their first iterable. No control flow is followed: what cannot be told from the
//! bindings alone is unknown.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::canonical::canonical;
use super::reads;
use super::segments::Changes;
use super::syntax::{Node, NodeId, Parsed, Segment, Slot, Syntax};
use super::table::{self, kind_id};

/// The identity of a scope. It stays the same while other segments change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ScopeId {
    /// The segment that opens it; `None` for the module.
    slot: Option<Slot>,
    /// Its place among the segment's scopes.
    local: u32,
}

impl ScopeId {
    /// The segment that opens the scope; `None` for the module.
    pub fn opened_in(self) -> Option<Slot> {
        self.slot
    }
}

/// The module's own scope.
pub const MODULE: ScopeId = ScopeId {
    slot: None,
    local: 0,
};

/// What opens a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeKind {
    /// The file.
    Module,
    /// A class body: invisible from the functions in it.
    Class,
    /// A function body with its parameters.
    Function,
    /// A lambda with its parameters.
    Lambda,
    /// A list, set or dict comprehension or a generator expression.
    Comprehension,
    /// The type parameters of a generic function or class (PEP 695).
    TypeParameters,
}

#[derive(Debug, Clone)]
struct Scope {
    kind: ScopeKind,
    /// The scope around it, by its place among the segment's scopes.
    parent: u32,
    bindings: Bindings,
    /// Names declared `global` (true) or `nonlocal` (false) here.
    declared: HashMap<Box<str>, bool>,
}

/// The bindings of each name, in source order.
type Bindings = HashMap<Box<str>, Vec<Binding>>;

/// One place that gives a name a meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// How the name is bound.
    pub kind: BindingKind,
    /// The identifier that is bound.
    pub name: NodeId,
    /// Bound inside `if TYPE_CHECKING:`: the name exists for annotations only.
    pub type_checking: bool,
    /// Bound in the body or in an `except ImportError` handler of a `try`: the byte of the
    /// segment where the `try` starts.
    guard: Option<(usize, GuardPart)>,
}

impl Binding {
    /// Whether code that runs from top to bottom has made this binding when it reaches `place`: the value of an
    /// assignment is computed before its name is bound, and an annotation alone gives a class body no name.
    fn is_made_before(&self, place: Node<'_>) -> bool {
        let node = |id| place.syntax().node(id);
        if !node(self.name).is_some_and(|name| name.is_before(place)) {
            return false;
        }
        match self.kind {
            BindingKind::Annotation => false,
            BindingKind::Value(value) => !node(value).is_some_and(|value| value.contains(place)),
            _ => true,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum GuardPart {
    Body,
    Handler,
    /// A handler that does not catch `ImportError`, an `else` or a `finally`.
    Other,
}

/// How a name is bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BindingKind {
    /// By an import, to this qualified name; relative imports start with a dot.
    Import(String),
    /// `name = value`, `name: T = value` or `(name := value)`: the value.
    Value(NodeId),
    /// `def name`: the `function_definition`.
    Function(NodeId),
    /// `class name`: the `class_definition`.
    Class(NodeId),
    /// A parameter of a function or lambda.
    Parameter,
    /// An annotation without a value: says nothing about the value.
    Annotation,
    /// The target of a `with … as`: the context expression.
    With(NodeId),
    /// The target of a `for` or of a comprehension's `for`.
    For,
    /// Unpacking, `+=`, `del`, `except … as`, `match`, type parameters.
    Other,
}

/// The names of one segment: a function of its text.
#[derive(Debug)]
struct SegmentNames {
    parsed: Arc<Parsed>,
    /// The first one stands for the scope that the segment's statements are in.
    scopes: Vec<Scope>,
    /// Where each scope begins to apply, sorted by byte of the segment.
    boundaries: Vec<(u32, u32)>,
    /// The scope that each function, lambda, class or comprehension opens, by its number in the table.
    opened: HashMap<u32, u32>,
    binding_sites: HashSet<u32>,
    /// All identifiers by their numbers in the table, sorted by what they read.
    identifiers: Box<[u32]>,
    /// What `global` declarations move to the module's scope.
    globals: Vec<(Box<str>, Binding)>,
    star_imports: Vec<String>,
    /// The scope of the definition whose body is in other segments.
    body: Option<u32>,
}

/// A scope that several segments share: the module's, or that of a definition that is cut.
#[derive(Debug, Default, Clone)]
struct Shared {
    bindings: Bindings,
    /// Names declared `global` by one of the segments.
    globals: Vec<(Slot, Box<str>)>,
}

/// The names of a file.
#[derive(Debug, Default, Clone)]
pub struct Names {
    /// By slot.
    segments: Vec<Option<Entry>>,
    shared: HashMap<ScopeId, Shared>,
    /// Every name that an import binds, in whatever scope, with what it is bound to.
    imports: HashMap<Box<str>, Vec<(Slot, String)>>,
    /// The segments with an identifier of each spelling.
    spellings: HashMap<Box<str>, Vec<Slot>>,
    star_imports: Vec<String>,
}

/// One segment's part in the names of the file.
#[derive(Debug, Clone)]
struct Entry {
    names: Arc<SegmentNames>,
    host: Option<Slot>,
    /// The scope that its statements are in.
    scope: ScopeId,
}

impl Entry {
    /// A scope of this segment by its place.
    fn scope_at(&self, slot: Slot, local: u32) -> ScopeId {
        if local == 0 {
            self.scope
        } else {
            ScopeId {
                slot: Some(slot),
                local,
            }
        }
    }
}

/// What happens while the names follow a change.
#[derive(Default)]
struct Update {
    /// The shared bindings that were touched, as they were.
    bindings: HashMap<(ScopeId, Box<str>), Vec<Binding>>,
    /// How many more imports bind a name to a target.
    imports: HashMap<(Box<str>, String), i32>,
    /// The segments that were withdrawn, as they were.
    before: HashMap<Slot, Arc<SegmentNames>>,
    renewed: HashSet<Slot>,
    star_imports: bool,
    /// Nobody wants to know what has changed: everything is new.
    first: bool,
}

impl Update {
    fn touch(&mut self, all: &HashMap<ScopeId, Shared>, scope: ScopeId, name: &str) {
        if self.first {
            return;
        }
        let now = || all.get(&scope)?.bindings.get(name).cloned();
        let touched = self.bindings.entry((scope, name.into()));
        touched.or_insert_with(|| now().unwrap_or_default());
    }
}

/// What an edit has changed about the names of a file.
#[derive(Debug, Default)]
pub struct NameChanges {
    /// Names that mean something else in a scope that several segments share, or that other imports bind.
    pub names: HashSet<Box<str>>,
    /// There are other star imports.
    pub star_imports: bool,
    /// The segments that are new, gone or different: as they were, and as they are.
    respelled: Vec<(Slot, [Option<Arc<SegmentNames>>; 2])>,
}

impl NameChanges {
    /// Spellings that occur at other places, each with a segment where it did or does.
    pub fn spellings(&self) -> impl Iterator<Item = (&str, Slot)> {
        self.respelled.iter().flat_map(|(slot, [before, now])| {
            let is_there = |word: &str| now.as_ref().is_some_and(|now| now.has_word(word));
            let gone = before.iter().flat_map(|before| before.words());
            let gone = gone.filter(move |word| !is_there(word));
            let there = now.iter().flat_map(|now| now.words());
            gone.chain(there).map(|word| (word, *slot))
        })
    }
}

/// What a name or attribute chain stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// The canonical qualified name: `asyncio.gather`, `builtins.open`, `.mod.name` for a relative import.
    pub name: String,
    /// The name is a builtin because nothing visible binds it.
    pub builtin: bool,
}

/// How sure a resolution must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// One binding that fits is enough: for mentions.
    Any,
    /// Every binding must agree, or form a `try`/`except ImportError` pair: for findings and fixes.
    All,
}

impl SegmentNames {
    fn of(slot: Slot, parsed: &Arc<Parsed>) -> Self {
        let syntax = Syntax::alone(slot, Arc::clone(parsed));
        Collector::new(Arc::clone(parsed)).collect(&syntax)
    }

    fn text_of(&self, identifier: u32) -> &str {
        let data = &self.parsed.table.nodes[identifier as usize];
        let range = data.start as usize..data.end as usize;
        self.parsed.text.get(range).unwrap_or_default()
    }

    /// The identifiers of one spelling, in source order.
    fn spelled(&self, name: &str) -> &[u32] {
        let first = self
            .identifiers
            .partition_point(|i| self.text_of(*i) < name);
        let rest = &self.identifiers[first..];
        &rest[..rest.partition_point(|i| self.text_of(*i) == name)]
    }

    /// Each spelling once, sorted.
    fn words(&self) -> impl Iterator<Item = &str> {
        let mut last = None;
        let words = self.identifiers.iter().map(|i| self.text_of(*i));
        words.filter(move |word| last.replace(*word) != Some(word))
    }

    fn has_word(&self, word: &str) -> bool {
        !self.spelled(word).is_empty()
    }

    /// What the segment binds in scopes that others share.
    fn shared_bindings(
        &self,
        slot: Slot,
        scope: ScopeId,
    ) -> impl Iterator<Item = (ScopeId, &str, &[Binding])> {
        let own = &self.scopes[0];
        let owner = move |name: &str| {
            if own.declared.contains_key(name) {
                MODULE
            } else {
                scope
            }
        };
        let statements = own.bindings.iter();
        let statements = statements.map(move |(name, all)| (owner(name), &**name, all.as_slice()));
        let globals = self.globals.iter();
        let globals = globals.map(|(name, one)| (MODULE, &**name, std::slice::from_ref(one)));
        let body = self.body.into_iter().flat_map(move |local| {
            let scope = ScopeId {
                slot: Some(slot),
                local,
            };
            let bindings = self.scopes[local as usize].bindings.iter();
            bindings.map(move |(name, all)| (scope, &**name, all.as_slice()))
        });
        statements.chain(globals).chain(body)
    }

    fn imports(&self) -> impl Iterator<Item = (&str, &str)> {
        let bindings = self.scopes.iter().flat_map(|scope| &scope.bindings);
        let globals = self
            .globals
            .iter()
            .map(|(name, binding)| (name, std::slice::from_ref(binding)));
        let all = bindings
            .map(|(name, bindings)| (name, bindings.as_slice()))
            .chain(globals);
        all.flat_map(|(name, bindings)| {
            bindings
                .iter()
                .filter_map(move |binding| match &binding.kind {
                    BindingKind::Import(target) => Some((name.as_ref(), target.as_str())),
                    _ => None,
                })
        })
    }
}

impl Names {
    /// Collects the names of a file.
    pub fn of(syntax: &Syntax) -> Self {
        let mut names = Self::default();
        let changed = syntax.segments().iter().map(|segment| segment.slot);
        let changes = Changes {
            changed: changed.collect(),
            removed: Vec::new(),
        };
        names.update(syntax, &changes);
        names
    }

    /// Follows a change of the file.
    pub fn update(&mut self, syntax: &Syntax, changes: &Changes) -> NameChanges {
        let mut update = Update {
            first: self.segments.is_empty(),
            ..Update::default()
        };
        let mut renewed: Vec<&Segment> = Vec::new();
        for slot in changes.changed.iter().chain(&changes.removed) {
            let segment = syntax.segment(*slot);
            let same = self.entry(*slot).zip(segment).is_some_and(|(old, new)| {
                Arc::ptr_eq(&old.names.parsed, &new.parsed) && old.host == new.host
            });
            if !same {
                renewed.extend(segment);
                self.withdraw(*slot, &mut update);
            }
        }
        // A head comes before what is in its body.
        renewed.sort_by_key(|segment| segment.start);
        for segment in &renewed {
            self.contribute(syntax, segment, &mut update);
        }
        self.follow_heads(syntax, &renewed, &mut update);
        self.settle(syntax, update)
    }

    /// Moves the names of a body into the scope that its head opens now.
    fn follow_heads(&mut self, syntax: &Syntax, renewed: &[&Segment], update: &mut Update) {
        for head in renewed.iter().filter(|segment| segment.below > 0) {
            let Some(first) = syntax.position(head.slot) else {
                continue;
            };
            let body = self.scope_in(Some(head.slot));
            for segment in &syntax.segments()[first + 1..=first + head.below as usize] {
                let known = self.entry(segment.slot);
                let moved = known.is_some_and(|entry| entry.scope != body);
                if segment.host == Some(head.slot) && moved {
                    self.withdraw(segment.slot, update);
                    self.contribute(syntax, segment, update);
                }
            }
        }
    }

    /// The scope of the statements in the body that a head opens, or in the module.
    fn scope_in(&self, host: Option<Slot>) -> ScopeId {
        let body = host.and_then(|host| self.entry(host)?.names.body);
        ScopeId {
            slot: host,
            local: body.unwrap_or(0),
        }
    }

    fn withdraw(&mut self, slot: Slot, update: &mut Update) {
        let entry = self
            .segments
            .get_mut(slot.0 as usize)
            .and_then(Option::take);
        let Some(Entry { names, scope, .. }) = entry else {
            return;
        };
        for (scope, name, _) in names.shared_bindings(slot, scope) {
            update.touch(&self.shared, scope, name);
            let shared = self.shared.get_mut(&scope);
            if let Some(bindings) = shared.and_then(|shared| shared.bindings.get_mut(name)) {
                bindings.retain(|binding| binding.name.slot != slot);
            }
        }
        if let Some(shared) = self.shared.get_mut(&scope) {
            shared.globals.retain(|(from, _)| *from != slot);
        }
        for (name, target) in names.imports() {
            *update
                .imports
                .entry((name.into(), target.to_owned()))
                .or_default() -= 1;
            if let Some(imports) = self.imports.get_mut(name) {
                imports.retain(|(from, _)| *from != slot);
            }
        }
        update.star_imports |= !names.star_imports.is_empty();
        update.before.entry(slot).or_insert(names);
    }

    fn contribute(&mut self, syntax: &Syntax, segment: &Segment, update: &mut Update) {
        let slot = segment.slot;
        let names = Arc::new(SegmentNames::of(slot, &segment.parsed));
        let scope = self.scope_in(segment.host);
        for (scope, name, bindings) in names.shared_bindings(slot, scope) {
            update.touch(&self.shared, scope, name);
            let shared = self.shared.entry(scope).or_default();
            let Some(all) = shared.bindings.get_mut(name) else {
                shared.bindings.insert(name.into(), bindings.to_vec());
                continue;
            };
            all.extend_from_slice(bindings);
            all.sort_by_key(|binding| (syntax.position(binding.name.slot), binding.name.index));
        }
        let declared = names.scopes[0]
            .declared
            .iter()
            .filter(|(_, global)| **global);
        if scope != MODULE && declared.clone().next().is_some() {
            let shared = self.shared.entry(scope).or_default();
            shared
                .globals
                .extend(declared.map(|(name, _)| (slot, name.clone())));
        }
        for (name, target) in names.imports() {
            if !update.first {
                let balance = update.imports.entry((name.into(), target.to_owned()));
                *balance.or_default() += 1;
            }
            let imports = self.imports.entry(name.into()).or_default();
            imports.push((slot, target.to_owned()));
        }
        update.star_imports |= !names.star_imports.is_empty();
        if self.segments.len() <= slot.0 as usize {
            self.segments.resize(slot.0 as usize + 1, None);
        }
        update.renewed.insert(slot);
        let host = segment.host;
        self.segments[slot.0 as usize] = Some(Entry { names, host, scope });
    }

    /// Finds out what has really changed.
    fn settle(&mut self, syntax: &Syntax, update: Update) -> NameChanges {
        let mut changes = NameChanges::default();
        for ((scope, name), before) in update.bindings {
            let shared = self.shared.get_mut(&scope);
            let after = shared
                .as_ref()
                .and_then(|shared| shared.bindings.get(&name));
            let empty = after.is_some_and(Vec::is_empty);
            if after.map_or(&[][..], Vec::as_slice) != before {
                changes.names.insert(name.clone());
            }
            if let Some(shared) = shared.filter(|_| empty) {
                shared.bindings.remove(&name);
            }
        }
        let balance = update.imports.into_iter();
        let imports = balance.filter(|(_, balance)| *balance != 0);
        changes.names.extend(imports.map(|((name, _), _)| name));
        for (slot, old) in &update.before {
            let new = self.segments.get(slot.0 as usize).and_then(Option::as_ref);
            for word in old.words() {
                if !new.is_some_and(|new| new.names.has_word(word))
                    && let Some(slots) = self.spellings.get_mut(word)
                {
                    slots.retain(|known| known != slot);
                }
            }
        }
        for slot in &update.renewed {
            let Some(new) = self.segments.get(slot.0 as usize).and_then(Option::as_ref) else {
                continue;
            };
            let old = update.before.get(slot);
            for word in new.names.words() {
                if !old.is_some_and(|old| old.has_word(word)) {
                    match self.spellings.get_mut(word) {
                        Some(slots) => slots.push(*slot),
                        None => drop(self.spellings.insert(word.into(), vec![*slot])),
                    }
                }
            }
            if !update.first {
                let now = Some(Arc::clone(&new.names));
                changes.respelled.push((*slot, [old.cloned(), now]));
            }
        }
        let gone = update.before.into_iter();
        let gone = gone.filter(|(slot, _)| !update.renewed.contains(slot));
        let gone = gone.map(|(slot, before)| (slot, [Some(before), None]));
        changes.respelled.extend(gone);
        if update.star_imports {
            let entries = syntax
                .segments()
                .iter()
                .filter_map(|segment| self.entry(segment.slot));
            let stars = entries.flat_map(|entry| entry.names.star_imports.iter().cloned());
            let stars: Vec<String> = stars.collect();
            changes.star_imports = stars != self.star_imports;
            self.star_imports = stars;
        }
        changes
    }

    fn entry(&self, slot: Slot) -> Option<&Entry> {
        self.segments.get(slot.0 as usize)?.as_ref()
    }

    /// The modules imported with `from m import *`.
    pub fn star_imports(&self) -> &[String] {
        &self.star_imports
    }

    /// What the imports that bind a name, in whatever scope, bind it to.
    pub fn imports_of(&self, name: &str) -> impl Iterator<Item = &str> {
        let imports = self.imports.get(name).into_iter().flatten();
        imports.map(|(_, target)| target.as_str())
    }

    /// The names that imports bind to exactly this target, as it is written, in whatever scope.
    pub fn imported_as(&self, target: &str) -> impl Iterator<Item = &str> {
        let imports = self.imports.iter();
        imports
            .filter(move |(_, bound)| bound.iter().any(|(_, to)| to == target))
            .map(|(name, _)| &**name)
    }

    /// The segments in which an import binds a name to something that is `wanted`, in no order and maybe several times;
    /// and those with star imports, whatever these bind. `wanted` is given qualified names as they are written.
    pub fn import_segments(&self, wanted: impl Fn(&str) -> bool) -> Vec<Slot> {
        let bound = self.imports.values().flatten();
        let bound = bound.filter(|(_, target)| wanted(target));
        let mut slots: Vec<Slot> = bound.map(|(slot, _)| *slot).collect();
        if !self.star_imports.is_empty() {
            let entries = (0..).map(Slot).zip(&self.segments);
            slots.extend(entries.filter_map(|(slot, entry)| {
                let stars = &entry.as_ref()?.names.star_imports;
                (!stars.is_empty()).then_some(slot)
            }));
        }
        slots
    }

    /// The segments in which an identifier of this spelling occurs.
    pub fn segments_spelling(&self, name: &str) -> &[Slot] {
        self.spellings.get(name).map_or(&[], Vec::as_slice)
    }

    /// The identifiers of this spelling in one segment, in source order.
    pub fn spelled_in(&self, slot: Slot, name: &str) -> impl Iterator<Item = NodeId> {
        let indices = self
            .entry(slot)
            .map_or(&[][..], |entry| entry.names.spelled(name));
        indices.iter().map(move |&index| NodeId { slot, index })
    }

    /// The scope in which a node is evaluated.
    pub fn scope_of(&self, node: Node<'_>) -> ScopeId {
        let slot = node.id().slot;
        let Some(entry) = self.entry(slot) else {
            return MODULE;
        };
        let byte = node.start() - node.segment_start();
        let boundaries = &entry.names.boundaries;
        let next = boundaries.partition_point(|(start, _)| *start as usize <= byte);
        let local = next.checked_sub(1).map_or(0, |i| boundaries[i].1);
        entry.scope_at(slot, local)
    }

    /// The scope that a function, lambda, class or comprehension opens for its body.
    pub fn scope_opened_by(&self, node: Node<'_>) -> Option<ScopeId> {
        let NodeId { slot, index } = node.id();
        let local = *self.entry(slot)?.names.opened.get(&index)?;
        Some(ScopeId {
            slot: Some(slot),
            local,
        })
    }

    /// Whether several segments are in the scope.
    pub fn is_shared(&self, scope: ScopeId) -> bool {
        let body = scope
            .slot
            .and_then(|slot| self.entry(slot))
            .map(|entry| entry.names.body);
        body.is_none_or(|body| body == Some(scope.local))
    }

    fn own_scope(&self, scope: ScopeId) -> Option<&Scope> {
        self.entry(scope.slot?)?
            .names
            .scopes
            .get(scope.local as usize)
    }

    /// What kind of scope it is.
    pub fn kind(&self, scope: ScopeId) -> ScopeKind {
        self.own_scope(scope)
            .map_or(ScopeKind::Module, |scope| scope.kind)
    }

    fn parent(&self, scope: ScopeId) -> Option<ScopeId> {
        let slot = scope.slot?;
        let entry = self.entry(slot)?;
        if scope.local == 0 {
            return Some(entry.scope);
        }
        let parent = entry.names.scopes.get(scope.local as usize)?.parent;
        Some(entry.scope_at(slot, parent))
    }

    /// Whether a name is declared `global` (true) or `nonlocal` (false) in a scope.
    fn declared(&self, scope: ScopeId, name: &str) -> Option<bool> {
        if self.is_shared(scope) {
            let shared = self.shared.get(&scope)?;
            return shared
                .globals
                .iter()
                .any(|(_, n)| **n == *name)
                .then_some(true);
        }
        self.own_scope(scope)?.declared.get(name).copied()
    }

    /// The bindings of a name that is looked up from a scope, and the scope that holds them.
    pub fn lookup(&self, name: &str, from: ScopeId) -> Option<(ScopeId, &[Binding])> {
        self.lookup_through(name, from, true)
    }

    /// The bindings of a name that is read at a node. Like [`Names::lookup`] from the node's scope, but a class body
    /// reads its own names only once they are bound: in `date: date = date.today()` the last `date` is an outer one.
    pub fn lookup_at(&self, name: &str, node: Node<'_>) -> Option<(ScopeId, &[Binding])> {
        let scope = self.scope_of(node);
        let early = self.kind(scope) == ScopeKind::Class
            && self.declared(scope, name).is_none()
            && !self
                .bindings_in(scope, name)
                .iter()
                .any(|binding| binding.is_made_before(node));
        match self.parent(scope) {
            Some(parent) if early => {
                let direct = self.kind(parent) == ScopeKind::TypeParameters;
                self.lookup_through(name, parent, direct)
            }
            _ => self.lookup(name, scope),
        }
    }

    /// `direct`: `from` is the scope in which the name is read, so that it counts even if it is a class body.
    fn lookup_through(
        &self,
        name: &str,
        from: ScopeId,
        mut direct: bool,
    ) -> Option<(ScopeId, &[Binding])> {
        let mut scope = from;
        loop {
            let kind = self.kind(scope);
            if kind != ScopeKind::Class || direct {
                let (owner, skipped) = match self.declared(scope, name) {
                    Some(true) => (MODULE, false),
                    Some(false) => (scope, true),
                    None => (scope, false),
                };
                let bindings = self.bindings_in(owner, name);
                if !skipped && !bindings.is_empty() {
                    return Some((owner, bindings));
                }
                if owner != scope {
                    return None;
                }
            }
            direct &= kind == ScopeKind::TypeParameters;
            scope = self.parent(scope)?;
        }
    }

    /// Whether a scope itself binds the name.
    pub fn binds(&self, scope: ScopeId, name: &str) -> bool {
        !self.bindings_in(scope, name).is_empty()
    }

    /// The bindings that a scope itself gives a name.
    pub fn bindings_in(&self, scope: ScopeId, name: &str) -> &[Binding] {
        let bindings = if self.is_shared(scope) {
            reads::name(name);
            self.shared.get(&scope).map(|shared| &shared.bindings)
        } else {
            self.own_scope(scope).map(|scope| &scope.bindings)
        };
        let bindings = bindings.and_then(|bindings| bindings.get(name));
        bindings.map_or(&[], Vec::as_slice)
    }

    /// Whether an identifier is a place where a name is bound rather than read.
    pub fn is_binding_site(&self, identifier: Node<'_>) -> bool {
        let NodeId { slot, index } = identifier.id();
        let entry = self.entry(slot);
        entry.is_some_and(|entry| entry.names.binding_sites.contains(&index))
    }

    /// What an identifier, attribute chain or dotted name stands for; `None` if it is local or unknown.
    pub fn resolve(&self, node: Node<'_>, certainty: Certainty) -> Option<Resolution> {
        let mut trail = Vec::new();
        let mut node = node.unparenthesized();
        loop {
            match node.kind() {
                "attribute" => {
                    trail.push(node.field("attribute")?.text());
                    node = node.field("object")?.unparenthesized();
                }
                "dotted_name" => {
                    let parts = node.children();
                    let (first, rest) = parts.split_first()?;
                    trail.extend(rest.iter().rev().map(|part| part.text()));
                    node = *first;
                }
                "identifier" => break,
                // In an annotation, `type` wraps the expression.
                "type" => node = *node.children().first()?,
                _ => return None,
            }
        }
        let (mut name, builtin) = self.resolve_identifier(node, certainty)?;
        for part in trail.iter().rev() {
            name.push('.');
            name.push_str(part);
        }
        Some(Resolution {
            name: canonical(name),
            builtin,
        })
    }

    fn resolve_identifier(&self, node: Node<'_>, certainty: Certainty) -> Option<(String, bool)> {
        let name = node.text();
        let Some((_, bindings)) = self.bindings_of(node) else {
            return super::builtins::is_builtin(name).then(|| (format!("builtins.{name}"), true));
        };
        let annotation = bindings.iter().any(|b| b.type_checking) && in_annotation(node);
        let at_run_time: Vec<&Binding> = bindings
            .iter()
            .filter(|b| annotation || !b.type_checking)
            .collect();
        let target = |binding: &Binding| match &binding.kind {
            BindingKind::Import(target) => Some(canonical(target.clone())),
            _ => None,
        };
        match certainty {
            Certainty::Any => at_run_time
                .iter()
                .find_map(|b| target(b))
                .map(|t| (t, false)),
            Certainty::All => {
                let (first, rest) = at_run_time.split_first()?;
                let expected = target(first)?;
                let agrees =
                    |b: &&Binding| target(b).as_ref() == Some(&expected) || is_fallback(first, b);
                rest.iter().all(agrees).then_some((expected, false))
            }
        }
    }

    /// The bindings of the variable that an identifier reads or binds.
    fn bindings_of(&self, identifier: Node<'_>) -> Option<(ScopeId, &[Binding])> {
        if self.is_binding_site(identifier) {
            self.lookup(identifier.text(), self.scope_of(identifier))
        } else {
            self.lookup_at(identifier.text(), identifier)
        }
    }

    /// The only binding of the name that an identifier reads; `None` if there are several or none.
    pub fn single_binding(&self, identifier: Node<'_>) -> Option<(ScopeId, &Binding)> {
        if !identifier.is("identifier") {
            return None;
        }
        match self.bindings_of(identifier)? {
            (scope, [binding]) => Some((scope, binding)),
            _ => None,
        }
    }

    /// Whether two identifiers of the same spelling stand for the same variable.
    pub fn same_variable(&self, a: Node<'_>, b: Node<'_>) -> bool {
        a.text() == b.text() && self.owner(a) == self.owner(b)
    }

    /// The scope that holds the variable which an identifier reads or binds.
    pub fn owner(&self, identifier: Node<'_>) -> Option<ScopeId> {
        self.bindings_of(identifier).map(|(scope, _)| scope)
    }
}

/// Whether the later binding is the `except ImportError` fallback of the first.
fn is_fallback(first: &Binding, later: &Binding) -> bool {
    first.name.slot == later.name.slot
        && matches!((first.guard, later.guard), (Some((a, GuardPart::Body)), Some((b, GuardPart::Handler))) if a == b)
}

/// Whether a node stands in an annotation: of a variable, a parameter, or a return value.
pub fn in_annotation(node: Node<'_>) -> bool {
    std::iter::once(node)
        .chain(node.ancestors())
        .take_while(|n| !n.is_any(&["block", "module"]))
        .any(|n| n.is("type") && n.parent().is_some_and(|p| !p.is("type_alias_statement")))
}

/// Walks a segment once and collects scopes and bindings.
struct Collector {
    names: SegmentNames,
    /// Parts of the text to which a scope applies; a later one that lies inside an earlier one wins.
    regions: Vec<(Range<usize>, u32)>,
}

/// What the walk knows about where it is.
#[derive(Clone, Copy)]
struct Place {
    scope: u32,
    type_checking: bool,
    guard: Option<(usize, GuardPart)>,
}

impl Collector {
    fn new(parsed: Arc<Parsed>) -> Self {
        let around = Scope {
            kind: ScopeKind::Module,
            parent: 0,
            bindings: HashMap::default(),
            declared: HashMap::default(),
        };
        let names = SegmentNames {
            parsed,
            scopes: vec![around],
            boundaries: Vec::new(),
            opened: HashMap::default(),
            binding_sites: HashSet::default(),
            identifiers: Box::default(),
            globals: Vec::new(),
            star_imports: Vec::new(),
            body: None,
        };
        Self {
            names,
            regions: Vec::new(),
        }
    }

    fn collect(mut self, syntax: &Syntax) -> SegmentNames {
        let place = Place {
            scope: 0,
            type_checking: false,
            guard: None,
        };
        let mut stack: Vec<(Node<'_>, Place)> = vec![(syntax.root(), place)];
        // An explicit stack: source code may nest deeper than the thread's own.
        while let Some((node, place)) = stack.pop() {
            let from = stack.len();
            self.visit(node, place, &mut stack);
            // Source order, so that the first binding of a name is the first in its list.
            stack[from..].reverse();
        }
        self.settle_declarations();
        self.settle_regions();
        let mut names = self.names;
        let nodes = names.parsed.table.nodes.iter();
        let identifier = kind_id("identifier");
        let identifiers = (0..).zip(nodes).filter(|(_, data)| data.kind == identifier);
        let identifiers = identifiers.map(|(index, _)| (names.text_of(index), index));
        let mut identifiers: Vec<(&str, u32)> = identifiers.collect();
        identifiers.sort_unstable();
        names.identifiers = identifiers.into_iter().map(|(_, index)| index).collect();
        names.body = names.parsed.table.body.and_then(|body| {
            let definition = names.parsed.table.nodes[body as usize].parent;
            names.opened.get(&definition).copied()
        });
        names
    }

    fn visit<'t>(&mut self, node: Node<'t>, place: Place, stack: &mut Vec<(Node<'t>, Place)>) {
        match node.kind() {
            "function_definition" => self.function(node, place, stack),
            "lambda" => self.lambda(node, place, stack),
            "class_definition" => self.class(node, place, stack),
            "list_comprehension"
            | "set_comprehension"
            | "dictionary_comprehension"
            | "generator_expression" => {
                self.comprehension(node, place, stack);
            }
            "import_statement" => self.import(node, place),
            "import_from_statement" => self.import_from(node, place),
            "assignment" => {
                self.assignment(node, place);
                push_children(node, place, stack);
            }
            "augmented_assignment" => {
                self.bind_targets(node.field("left"), place, &BindingKind::Other);
                push_children(node, place, stack);
            }
            "named_expression" => {
                if let (Some(name), Some(value)) = (node.field("name"), node.field("value")) {
                    let scope = self.outside_comprehensions(place.scope);
                    self.bind(
                        name,
                        Place { scope, ..place },
                        BindingKind::Value(value.id()),
                    );
                }
                push_children(node, place, stack);
            }
            "for_statement" => {
                self.bind_targets(node.field("left"), place, &BindingKind::For);
                push_children(node, place, stack);
            }
            "with_item" => {
                // `with (a as b):` is one item in parentheses.
                let value = node.field("value").map(Node::unparenthesized);
                if let Some(pattern) = value.filter(|v| v.is("as_pattern")) {
                    self.with_target(pattern, place);
                }
                push_children(node, place, stack);
            }
            "except_clause" => {
                for value in node.fields("value") {
                    if let Some(target) = value.field("alias") {
                        self.bind_targets(Some(target), place, &BindingKind::Other);
                    }
                }
                push_children(node, place, stack);
            }
            "delete_statement" => {
                for target in node.children() {
                    self.bind_targets(Some(target), place, &BindingKind::Other);
                }
                push_children(node, place, stack);
            }
            "global_statement" | "nonlocal_statement" => {
                let global = node.is("global_statement");
                let scope = &mut self.names.scopes[place.scope as usize];
                scope.declared.extend(
                    node.children()
                        .into_iter()
                        .map(|name| (Box::from(name.text()), global)),
                );
            }
            "type_alias_statement" => {
                if let Some(name) = node
                    .field("left")
                    .and_then(|left| left.descendants().into_iter().find(|n| n.is("identifier")))
                {
                    self.bind(name, place, BindingKind::Other);
                }
                push_children(node, place, stack);
            }
            "case_clause" => {
                for pattern in node.children().into_iter().filter(|c| c.is("case_pattern")) {
                    self.captures(pattern, place);
                }
                push_children(node, place, stack);
            }
            "identifier" => {}
            // Only what stands for a variable is walked into: asking an identifier for its parent is slow.
            "attribute" => stack.extend(node.field("object").map(|object| (object, place))),
            "keyword_argument" => stack.extend(node.field("value").map(|value| (value, place))),
            "keyword_pattern" => stack.extend(
                node.children()
                    .into_iter()
                    .skip(1)
                    .map(|child| (child, place)),
            ),
            "dotted_name" => stack.extend(node.each_child().next().map(|first| (first, place))),
            "if_statement" => Self::if_statement(node, place, stack),
            "try_statement" => Self::try_statement(node, place, stack),
            _ => push_children(node, place, stack),
        }
    }

    fn open(&mut self, node: Node<'_>, kind: ScopeKind, parent: u32) -> u32 {
        let id = u32::try_from(self.names.scopes.len()).unwrap_or(u32::MAX);
        self.names.scopes.push(Scope {
            kind,
            parent,
            bindings: HashMap::default(),
            declared: HashMap::default(),
        });
        self.names.opened.insert(node.id().index, id);
        id
    }

    fn applies(&mut self, node: Node<'_>, scope: u32) {
        let here = self.names.parsed.table.body == Some(node.id().index);
        // The rest of an open body is in other segments.
        let end = if here { usize::MAX } else { node.end() };
        self.regions.push((node.start()..end, scope));
    }

    fn bind(&mut self, name: Node<'_>, place: Place, kind: BindingKind) {
        if !name.is("identifier") {
            return;
        }
        self.names.binding_sites.insert(name.id().index);
        let binding = Binding {
            kind,
            name: name.id(),
            type_checking: place.type_checking,
            guard: place.guard,
        };
        let bindings = &mut self.names.scopes[place.scope as usize].bindings;
        bindings
            .entry(name.text().into())
            .or_default()
            .push(binding);
    }

    /// Binds every name in an assignment target; attributes and subscripts bind nothing.
    fn bind_targets(&mut self, target: Option<Node<'_>>, place: Place, kind: &BindingKind) {
        let mut stack: Vec<Node<'_>> = target.into_iter().collect();
        while let Some(target) = stack.pop() {
            match target.kind() {
                "identifier" => self.bind(target, place, kind.clone()),
                "attribute" | "subscript" => {}
                _ => stack.extend(target.children().into_iter().rev()),
            }
        }
    }

    fn assignment(&mut self, node: Node<'_>, place: Place) {
        let Some(left) = node.field("left") else {
            return;
        };
        // `a = b = value` nests to the right; every target gets the last value.
        let mut value = node.field("right");
        while let Some(inner) = value.filter(|v| v.is("assignment")) {
            value = inner.field("right");
        }
        match (left.kind(), value) {
            ("identifier", Some(value)) => self.bind(left, place, BindingKind::Value(value.id())),
            ("identifier", None) => self.bind(left, place, BindingKind::Annotation),
            _ => self.bind_targets(Some(left), place, &BindingKind::Other),
        }
    }

    fn with_target(&mut self, pattern: Node<'_>, place: Place) {
        let children = pattern.children();
        let (Some(value), Some(alias)) = (children.first(), pattern.field("alias")) else {
            return;
        };
        let single = alias.children().first().is_some_and(|n| n.is("identifier"));
        let kind = if single {
            BindingKind::With(value.id())
        } else {
            BindingKind::Other
        };
        self.bind_targets(Some(alias), place, &kind);
    }

    fn captures(&mut self, pattern: Node<'_>, place: Place) {
        for node in pattern.descendants() {
            let capture = match node.kind() {
                // A lone name is a capture; a dotted one, or the class of a class pattern, is read.
                "dotted_name" if node.parent().is_some_and(|p| !p.is("class_pattern")) => {
                    let parts = node.children();
                    if parts.len() == 1 {
                        parts.first().copied()
                    } else {
                        None
                    }
                }
                "splat_pattern" => node.children().first().copied(),
                "as_pattern" => node.children().get(1).copied(),
                _ => None,
            };
            if let Some(name) = capture.filter(|name| name.text() != "_") {
                self.bind(name, place, BindingKind::Other);
            }
        }
    }

    fn parameters<'t>(
        &mut self,
        parameters: Option<Node<'t>>,
        outer: Place,
        scope: u32,
        stack: &mut Vec<(Node<'t>, Place)>,
    ) {
        let Some(parameters) = parameters else { return };
        for parameter in parameters.children() {
            let name = match parameter.kind() {
                "identifier" => Some(parameter),
                "default_parameter" | "typed_default_parameter" => parameter.field("name"),
                "typed_parameter" | "list_splat_pattern" | "dictionary_splat_pattern" => {
                    parameter.children().first().copied()
                }
                _ => None,
            };
            let name = name.map(|n| {
                if n.is("identifier") {
                    n
                } else {
                    n.children().first().copied().unwrap_or(n)
                }
            });
            if let Some(name) = name {
                self.bind(
                    name,
                    Place {
                        scope,
                        guard: None,
                        ..outer
                    },
                    BindingKind::Parameter,
                );
                self.applies(name, scope);
            }
            // Defaults and annotations are evaluated outside.
            push_children(parameter, outer, stack);
        }
    }

    /// The scope of the type parameters, if there are any.
    fn type_parameters(&mut self, node: Node<'_>, place: Place) -> Place {
        let Some(parameters) = node.field("type_parameters") else {
            return place;
        };
        let scope = self.open(parameters, ScopeKind::TypeParameters, place.scope);
        let (start, end) = (parameters.start(), node.end());
        self.regions.push((start..end, scope));
        let inner = Place { scope, ..place };
        for parameter in parameters.children() {
            if let Some(name) = parameter
                .descendants()
                .into_iter()
                .find(|n| n.is("identifier"))
            {
                self.bind(name, inner, BindingKind::Other);
            }
        }
        inner
    }

    fn function<'t>(&mut self, node: Node<'t>, place: Place, stack: &mut Vec<(Node<'t>, Place)>) {
        if let Some(name) = node.field("name") {
            self.bind(name, place, BindingKind::Function(node.id()));
        }
        let outer = self.type_parameters(node, place);
        let scope = self.open(node, ScopeKind::Function, outer.scope);
        self.parameters(node.field("parameters"), outer, scope, stack);
        stack.extend(node.field("return_type").map(|n| (n, outer)));
        if let Some(body) = node.field("body") {
            self.applies(body, scope);
            stack.push((
                body,
                Place {
                    scope,
                    guard: None,
                    ..place
                },
            ));
        }
    }

    fn lambda<'t>(&mut self, node: Node<'t>, place: Place, stack: &mut Vec<(Node<'t>, Place)>) {
        let scope = self.open(node, ScopeKind::Lambda, place.scope);
        self.parameters(node.field("parameters"), place, scope, stack);
        if let Some(body) = node.field("body") {
            self.applies(body, scope);
            stack.push((body, Place { scope, ..place }));
        }
    }

    fn class<'t>(&mut self, node: Node<'t>, place: Place, stack: &mut Vec<(Node<'t>, Place)>) {
        if let Some(name) = node.field("name") {
            self.bind(name, place, BindingKind::Class(node.id()));
        }
        let outer = self.type_parameters(node, place);
        stack.extend(node.field("superclasses").map(|n| (n, outer)));
        let scope = self.open(node, ScopeKind::Class, outer.scope);
        if let Some(body) = node.field("body") {
            self.applies(body, scope);
            stack.push((
                body,
                Place {
                    scope,
                    guard: None,
                    ..place
                },
            ));
        }
    }

    fn comprehension<'t>(
        &mut self,
        node: Node<'t>,
        place: Place,
        stack: &mut Vec<(Node<'t>, Place)>,
    ) {
        let scope = self.open(node, ScopeKind::Comprehension, place.scope);
        self.applies(node, scope);
        let inner = Place { scope, ..place };
        let mut first = true;
        for child in node.children() {
            if !child.is("for_in_clause") {
                stack.push((child, inner));
                continue;
            }
            self.bind_targets(child.field("left"), inner, &BindingKind::For);
            stack.extend(child.field("left").map(|left| (left, inner)));
            for right in child.fields("right") {
                if first {
                    self.applies(right, place.scope);
                }
                stack.push((right, if first { place } else { inner }));
            }
            first = false;
        }
    }

    fn outside_comprehensions(&self, mut scope: u32) -> u32 {
        while self.scope(scope).kind == ScopeKind::Comprehension {
            scope = self.scope(scope).parent;
        }
        scope
    }

    fn scope(&self, scope: u32) -> &Scope {
        &self.names.scopes[scope as usize]
    }

    fn import(&mut self, node: Node<'_>, place: Place) {
        for name in node.fields("name") {
            if name.is("aliased_import") {
                if let (Some(target), Some(alias)) = (name.field("name"), name.field("alias")) {
                    self.bind(alias, place, BindingKind::Import(dotted(target)));
                }
            } else if let Some(first) = name.children().first() {
                self.bind(*first, place, BindingKind::Import(first.text().to_owned()));
            }
        }
    }

    fn import_from(&mut self, node: Node<'_>, place: Place) {
        let Some(module) = node.field("module_name") else {
            return;
        };
        let module = dotted(module);
        if node.children().iter().any(|c| c.is("wildcard_import")) {
            self.names.star_imports.push(module);
            return;
        }
        let separator = if module.ends_with('.') { "" } else { "." };
        for name in node.fields("name") {
            let (target, bound) = if name.is("aliased_import") {
                let (Some(target), Some(alias)) = (name.field("name"), name.field("alias")) else {
                    continue;
                };
                (dotted(target), alias)
            } else {
                let Some(bound) = name.children().first().copied() else {
                    continue;
                };
                (dotted(name), bound)
            };
            self.bind(
                bound,
                place,
                BindingKind::Import(format!("{module}{separator}{target}")),
            );
        }
    }

    fn if_statement<'t>(node: Node<'t>, place: Place, stack: &mut Vec<(Node<'t>, Place)>) {
        let checking = node
            .field("condition")
            .is_some_and(|c| c.unparenthesized().last_name() == Some("TYPE_CHECKING"));
        let consequence = node.field("consequence");
        for child in node.children() {
            let inside = checking && Some(child) == consequence;
            stack.push((
                child,
                Place {
                    type_checking: place.type_checking || inside,
                    ..place
                },
            ));
        }
    }

    fn try_statement<'t>(node: Node<'t>, place: Place, stack: &mut Vec<(Node<'t>, Place)>) {
        let start = node.start();
        let body = node.field("body");
        for child in node.children() {
            let part = if Some(child) == body {
                GuardPart::Body
            } else if child.is("except_clause") && catches_import_error(child) {
                GuardPart::Handler
            } else {
                GuardPart::Other
            };
            stack.push((
                child,
                Place {
                    guard: Some((start, part)),
                    ..place
                },
            ));
        }
    }

    /// `global` and `nonlocal` move a function's bindings to the scope they belong to.
    fn settle_declarations(&mut self) {
        for index in 1..self.names.scopes.len() {
            let declared: Vec<(Box<str>, bool)> = self.names.scopes[index]
                .declared
                .iter()
                .map(|(name, global)| (name.clone(), *global))
                .collect();
            for (name, global) in declared {
                let moved = self.names.scopes[index].bindings.remove(&name);
                let moved = moved.into_iter().flatten();
                if global {
                    self.names
                        .globals
                        .extend(moved.map(|binding| (name.clone(), binding)));
                } else if let Some(owner) = self.nonlocal_owner(index, &name) {
                    let bindings = &mut self.names.scopes[owner].bindings;
                    bindings.entry(name).or_default().extend(moved);
                }
            }
        }
    }

    fn nonlocal_owner(&self, index: usize, name: &str) -> Option<usize> {
        let mut scope = self.names.scopes[index].parent;
        while scope != 0 {
            let here = self.scope(scope);
            let holds = here.bindings.contains_key(name) && !here.declared.contains_key(name);
            if holds && matches!(here.kind, ScopeKind::Function | ScopeKind::Lambda) {
                return Some(scope as usize);
            }
            scope = here.parent;
        }
        None
    }

    /// Turns nested regions into a flat list of boundaries.
    fn settle_regions(&mut self) {
        // Outer regions first; of equal ones the one registered later lies inside.
        self.regions
            .sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut open: Vec<(usize, u32)> = Vec::new();
        let mut boundaries: Vec<(usize, u32)> = vec![(0, 0)];
        let close_until =
            |open: &mut Vec<(usize, u32)>, at: usize, boundaries: &mut Vec<(usize, u32)>| {
                while open.last().is_some_and(|(end, _)| *end <= at) {
                    if let Some((end, _)) = open.pop() {
                        boundaries.push((end, open.last().map_or(0, |(_, scope)| *scope)));
                    }
                }
            };
        for (range, scope) in &self.regions {
            close_until(&mut open, range.start, &mut boundaries);
            boundaries.push((range.start, *scope));
            open.push((range.end, *scope));
        }
        close_until(&mut open, usize::MAX, &mut boundaries);
        let narrow = |(start, scope)| (table::narrow(start), scope);
        self.names.boundaries = boundaries.into_iter().map(narrow).collect();
    }
}

fn push_children<'t>(node: Node<'t>, place: Place, stack: &mut Vec<(Node<'t>, Place)>) {
    stack.extend(node.each_child().map(|child| (child, place)));
}

/// The text of a dotted name without white space.
fn dotted(node: Node<'_>) -> String {
    node.text().split_whitespace().collect()
}

fn catches_import_error(clause: Node<'_>) -> bool {
    let values = clause.fields("value");
    values.is_empty()
        || values
            .iter()
            .flat_map(|value| value.descendants())
            .any(|n| {
                n.is("identifier")
                    && matches!(
                        n.text(),
                        "ImportError" | "ModuleNotFoundError" | "Exception"
                    )
            })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::analysis::SourceFile;

    /// What the code between `«` and `»` resolves to with each certainty: `(Any, All)`.
    fn resolve(marked: &str) -> (Option<String>, Option<String>) {
        let start = marked.find('«').expect("a marked expression");
        let end = marked.find('»').expect("its end") - '«'.len_utf8();
        let file = SourceFile::parse(Path::new("a.py"), &marked.replace(['«', '»'], ""));
        let node = file
            .covering(start..end)
            .expect("a node with the marked range");
        assert_eq!(node.range(), start..end, "marks must surround one node");
        let name = |certainty| file.names().resolve(node, certainty).map(|r| r.name);
        (name(Certainty::Any), name(Certainty::All))
    }

    #[track_caller]
    fn is(marked: &str, expected: &str) {
        let both = Some(expected.to_owned());
        assert_eq!(resolve(marked), (both.clone(), both), "{marked}");
    }

    #[track_caller]
    fn unknown(marked: &str) {
        assert_eq!(resolve(marked), (None, None), "{marked}");
    }

    #[track_caller]
    fn possibly(marked: &str, expected: &str) {
        assert_eq!(
            resolve(marked),
            (Some(expected.to_owned()), None),
            "{marked}"
        );
    }

    #[test]
    fn imports_bind_modules_members_and_aliases() {
        is("import asyncio\n«asyncio.gather»()", "asyncio.gather");
        is("import asyncio as aio\n«aio.gather»()", "asyncio.gather");
        is("from asyncio import gather as g\n«g»()", "asyncio.gather");
        is("import os.path\n«os.getcwd»()", "os.getcwd");
        is("import os.path as p\n«p.join»()", "os.path.join");
        is("import a . b as c\n«c.d»", "a.b.d");
        is(
            "from asyncio.tasks import gather\n«gather»()",
            "asyncio.gather",
        );
        is("(asyncio) = 1\nfrom . import x\n«x.y»", ".x.y");
        is("from .mod import gather\n«gather»()", ".mod.gather");
        is(
            "from ..pkg.mod import gather\n«gather»()",
            "..pkg.mod.gather",
        );
        is(
            "def f():\n    from asyncio import gather\n    return «gather»()",
            "asyncio.gather",
        );
        is(
            "from typing_extensions import Callable\nx: «Callable»",
            "collections.abc.Callable",
        );
    }

    #[test]
    fn a_local_binding_hides_the_import_in_its_whole_scope() {
        unknown("from asyncio import gather\ndef f(gather):\n    «gather»()");
        unknown("from asyncio import gather\ndef f():\n    «gather»()\n    gather = 1");
        unknown("from asyncio import gather\ndef f():\n    «gather»()\n    for gather in (): pass");
        unknown("from asyncio import gather\ndef f():\n    with a as gather: «gather»()");
        unknown(
            "from asyncio import gather\ndef f(x):\n    match x:\n        case [gather, *_]: «gather»()",
        );
        unknown(
            "from asyncio import gather\ndef f(x):\n    match x:\n        case {'k': gather}: «gather»()",
        );
        unknown("from asyncio import gather\ndef f(*gather): «gather»()");
        unknown("from asyncio import gather\ndef f(**gather): «gather»()");
        unknown("from asyncio import gather\ndef f(a: int, gather: int = 1): «gather»()");
        unknown("from asyncio import gather\nx = lambda gather: «gather»()");
        unknown("from asyncio import gather\nx = [«gather»() for gather in xs]");
        unknown("from asyncio import gather\ndef f():\n    (gather := 1)\n    «gather»()");
        unknown(
            "from asyncio import gather\ndef f():\n    [gather := 1 for x in y]\n    «gather»()",
        );
        unknown("from asyncio import gather\ndef f[gather](x): «gather»()");
        unknown("async def gather(*a): ...\n«gather»()");
    }

    #[test]
    fn outer_code_keeps_its_meaning() {
        is(
            "from asyncio import gather\ndef f(x=«gather»): gather = 1",
            "asyncio.gather",
        );
        is(
            "from asyncio import gather\ndef f(gather=«gather»): pass",
            "asyncio.gather",
        );
        is(
            "from asyncio import gather\ndef f(x: «gather»): gather = 1",
            "asyncio.gather",
        );
        is(
            "from asyncio import gather\nx = [gather for gather in «gather»()]",
            "asyncio.gather",
        );
        is(
            "from asyncio import gather\n@«gather»\ndef f(gather): pass",
            "asyncio.gather",
        );
        is(
            "from asyncio import gather\ndef f():\n    x.gather = 1\n    «gather»()",
            "asyncio.gather",
        );
        is(
            "from asyncio import gather\nmatch x:\n    case «gather»(): pass",
            "asyncio.gather",
        );
    }

    #[test]
    fn class_scopes_are_invisible_from_the_functions_in_them() {
        is(
            "from asyncio import gather\nclass A:\n    gather = 1\n    def f(self): «gather»()",
            "asyncio.gather",
        );
        unknown("from asyncio import gather\nclass A:\n    gather = 1\n    x = «gather»");
        is(
            "from asyncio import gather\nclass A:\n    gather = 1\n    x = [«gather» for y in z]",
            "asyncio.gather",
        );
        unknown(
            "from asyncio import gather\nclass A:\n    gather = 1\n    x = [y for y in «gather»]",
        );
    }

    #[test]
    fn global_and_nonlocal_move_bindings() {
        possibly(
            "from asyncio import gather\ndef f():\n    global gather\n    gather = 1\n«gather»()",
            "asyncio.gather",
        );
        unknown("def f():\n    from asyncio import gather\n    def g():\n        nonlocal gather\n        gather = 1\n    «gather»()".replace("from asyncio import gather", "gather = 2").as_str());
        is(
            "from asyncio import gather\ndef f():\n    gather = 1\n    def g():\n        global gather\n        «gather»()",
            "asyncio.gather",
        );
    }

    #[test]
    fn several_bindings_must_agree_or_be_an_import_fallback() {
        possibly(
            "from asyncio import gather\ngather = other\n«gather»()",
            "asyncio.gather",
        );
        is(
            "if x:\n    from asyncio import gather\nelse:\n    from asyncio.tasks import gather\n«gather»()",
            "asyncio.gather",
        );
        is(
            "try:\n    from asyncio import TaskGroup\nexcept ImportError:\n    from taskgroup import TaskGroup\n«TaskGroup»()",
            "asyncio.TaskGroup",
        );
        is(
            "try:\n    import tomllib\nexcept ModuleNotFoundError:\n    tomllib = None\n«tomllib.load»",
            "tomllib.load",
        );
        possibly(
            "try:\n    import tomllib\nexcept ValueError:\n    tomllib = None\n«tomllib.load»",
            "tomllib.load",
        );
        possibly(
            "import sys\nif sys.version_info > (3, 11):\n    import tomllib\nelse:\n    import tomli as tomllib\n«tomllib.load»",
            "tomllib.load",
        );
    }

    #[test]
    fn type_checking_imports_exist_for_annotations_only() {
        let head =
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from asyncio import Queue\n";
        unknown(&format!("{head}x = «Queue»()"));
        is(
            &format!("{head}def f(q: «Queue») -> None: ..."),
            "asyncio.Queue",
        );
        is(
            &format!("{head}else:\n    from asyncio import Queue\nx = «Queue»()"),
            "asyncio.Queue",
        );
    }

    #[test]
    fn builtins_are_names_that_nothing_binds() {
        is("«open»(p)", "builtins.open");
        is("«dict.fromkeys»(p)", "builtins.dict.fromkeys");
        unknown("def open(p): ...\n«open»(p)");
        unknown("def f(open):\n    return lambda: «open»(1)");
        unknown("«undefined»()");
        is("import builtins\n«builtins.open»(p)", "builtins.open");
    }

    #[test]
    fn attributes_of_objects_are_unknown() {
        unknown("class A:\n    def f(self): «self.gather»()");
        unknown("«x().gather»()");
        unknown("«x[0].gather»()");
    }

    #[test]
    fn deep_nesting_does_not_exhaust_the_stack() {
        let depth = 5_000;
        let text = format!("x = {}y{}\n", "(".repeat(depth), ")".repeat(depth));
        SourceFile::parse(Path::new("a.py"), &text);
        let sum = format!("x = {}\n", vec!["y"; depth].join(" + "));
        SourceFile::parse(Path::new("a.py"), &sum);
    }

    #[test]
    fn a_parenthesised_with_item_binds_its_name() {
        let syntax = Syntax::of("with (open(p) as f):\n    f\n");
        let names = Names::of(&syntax);
        let [binding] = names.bindings_in(MODULE, "f") else {
            panic!("`f` is bound once");
        };
        assert!(matches!(binding.kind, BindingKind::With(_)));
    }

    #[test]
    fn a_class_body_reads_outer_names_until_it_binds_its_own() {
        let import = "from datetime import date\nclass A:\n";
        let at = |body: &str| format!("{import}{body}");
        is(&at("    date: date = «date»()\n"), "datetime.date");
        is(&at("    date: str\n    x = «date»()\n"), "datetime.date");
        is(
            &at("    x = «date»()\n    def date(self): ...\n"),
            "datetime.date",
        );
        unknown(&at("    date = 1\n    x = «date»()\n"));
        unknown(&at("    def date(self): ...\n    x = «date»()\n"));
        is(
            "class A:\n    list = 1\n    class B:\n        list = «list»()\n",
            "builtins.list",
        );
    }
}
