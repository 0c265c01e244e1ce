//! Which name means what: scopes, bindings, and imports resolved to qualified names.
//!
//! The rules are those of the Python language reference (section "Naming and binding"): a name that is bound anywhere
//! in a function is local to the whole function, class scopes are invisible from nested functions, comprehensions have
//! a scope of their own but for their first iterable. No control flow is followed: what cannot be told from the
//! bindings alone is unknown.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::canonical::canonical;
use super::syntax::{Node, NodeId, Segment};

/// The place of a scope in its [`Names`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeId(u32);

/// The module's own scope.
pub const MODULE: ScopeId = ScopeId(0);

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

#[derive(Debug)]
struct Scope {
    kind: ScopeKind,
    parent: Option<ScopeId>,
    bindings: HashMap<Box<str>, Vec<Binding>>,
    /// Names declared `global` (true) or `nonlocal` (false) here.
    declared: HashMap<Box<str>, bool>,
}

/// One place that gives a name a meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// How the name is bound.
    pub kind: BindingKind,
    /// The identifier that is bound.
    pub name: NodeId,
    /// Bound inside `if TYPE_CHECKING:`: the name exists for annotations only.
    pub type_checking: bool,
    /// Bound in the body or in an `except ImportError` handler of a `try`: the byte where the `try` starts.
    guard: Option<(usize, GuardPart)>,
}

impl Binding {
    /// Whether code that runs from top to bottom has made this binding when it reaches `place`: the value of an
    /// assignment is computed before its name is bound, and an annotation alone gives a class body no name.
    fn is_made_before(&self, place: Node<'_>) -> bool {
        let inside = |value: NodeId| {
            let value = place.segment().node(value);
            value.is_some_and(|value| value.contains(place))
        };
        match self.kind {
            BindingKind::Annotation => false,
            BindingKind::Value(value) => self.name < place.id() && !inside(value),
            _ => self.name < place.id(),
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

/// The names of a file.
#[derive(Debug)]
pub struct Names {
    scopes: Vec<Scope>,
    /// Where each scope begins to apply, sorted by byte.
    boundaries: Vec<(usize, ScopeId)>,
    /// The scope that each function, lambda, class or comprehension opens.
    opened: HashMap<NodeId, ScopeId>,
    binding_sites: HashSet<NodeId>,
    /// Where each identifier that stands for a variable occurs, in source order.
    occurrences: HashMap<Box<str>, Vec<NodeId>>,
    star_imports: Vec<String>,
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

impl Names {
    /// Collects the names of a file's parts, which share the module's scope.
    pub fn of(segments: &[Segment]) -> Self {
        Collector::new(segments).collect()
    }

    /// The modules imported with `from m import *`.
    pub fn star_imports(&self) -> &[String] {
        &self.star_imports
    }

    /// Every name that an import binds, in whatever scope, with what it is bound to.
    pub fn imports(&self) -> impl Iterator<Item = (&str, &str)> {
        let scopes = self.scopes.iter().flat_map(|scope| &scope.bindings);
        scopes.flat_map(|(name, bindings)| {
            bindings
                .iter()
                .filter_map(move |binding| match &binding.kind {
                    BindingKind::Import(target) => Some((name.as_ref(), target.as_str())),
                    _ => None,
                })
        })
    }

    /// The scope that applies at a byte of the file.
    fn scope_at(&self, byte: usize) -> ScopeId {
        let next = self.boundaries.partition_point(|(start, _)| *start <= byte);
        next.checked_sub(1)
            .and_then(|i| self.boundaries.get(i))
            .map_or(MODULE, |(_, scope)| *scope)
    }

    /// The scope in which a node is evaluated.
    pub fn scope_of(&self, node: Node<'_>) -> ScopeId {
        self.scope_at(node.start())
    }

    /// The scope that a function, lambda, class or comprehension opens for its body.
    pub fn scope_opened_by(&self, node: Node<'_>) -> Option<ScopeId> {
        self.opened.get(&node.id()).copied()
    }

    /// What kind of scope it is.
    pub fn kind(&self, scope: ScopeId) -> ScopeKind {
        self.scope(scope).kind
    }

    fn scope(&self, scope: ScopeId) -> &Scope {
        &self.scopes[scope.0 as usize]
    }

    /// The bindings of a name that is looked up from a scope, and the scope that holds them.
    pub fn lookup(&self, name: &str, from: ScopeId) -> Option<(ScopeId, &[Binding])> {
        self.lookup_through(name, from, true)
    }

    /// The bindings of a name that is read at a node. Like [`Names::lookup`] from the node's scope, but a class body
    /// reads its own names only once they are bound: in `date: date = date.today()` the last `date` is an outer one.
    pub fn lookup_at(&self, name: &str, node: Node<'_>) -> Option<(ScopeId, &[Binding])> {
        let scope = self.scope_of(node);
        let here = self.scope(scope);
        let early = here.kind == ScopeKind::Class
            && !here.declared.contains_key(name)
            && !here
                .bindings
                .get(name)
                .is_some_and(|bindings| bindings.iter().any(|b| b.is_made_before(node)));
        match here.parent {
            Some(parent) if early => {
                let direct = self.scope(parent).kind == ScopeKind::TypeParameters;
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
            let here = self.scope(scope);
            if here.kind != ScopeKind::Class || direct {
                match here.declared.get(name) {
                    Some(true) => {
                        return self
                            .scope(MODULE)
                            .bindings
                            .get(name)
                            .map(|b| (MODULE, b.as_slice()));
                    }
                    Some(false) => {}
                    None => {
                        if let Some(bindings) = here.bindings.get(name) {
                            return Some((scope, bindings));
                        }
                    }
                }
            }
            direct &= here.kind == ScopeKind::TypeParameters;
            scope = here.parent?;
        }
    }

    /// Whether a scope itself binds the name.
    pub fn binds(&self, scope: ScopeId, name: &str) -> bool {
        self.scope(scope).bindings.contains_key(name)
    }

    /// The bindings that a scope itself gives a name.
    pub fn bindings_in(&self, scope: ScopeId, name: &str) -> &[Binding] {
        self.scope(scope)
            .bindings
            .get(name)
            .map_or(&[], Vec::as_slice)
    }

    /// Whether an identifier is a place where a name is bound rather than read.
    pub fn is_binding_site(&self, identifier: Node<'_>) -> bool {
        self.binding_sites.contains(&identifier.id())
    }

    /// Where identifiers of this spelling that stand for a variable occur, in source order.
    pub fn occurrences(&self, name: &str) -> &[NodeId] {
        self.occurrences.get(name).map_or(&[], Vec::as_slice)
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
    matches!((first.guard, later.guard), (Some((a, GuardPart::Body)), Some((b, GuardPart::Handler))) if a == b)
}

/// Whether a node stands in an annotation: of a variable, a parameter, or a return value.
pub fn in_annotation(node: Node<'_>) -> bool {
    std::iter::once(node)
        .chain(node.ancestors())
        .take_while(|n| !n.is_any(&["block", "module"]))
        .any(|n| n.is("type") && n.parent().is_some_and(|p| !p.is("type_alias_statement")))
}

/// Walks a segment once and collects scopes and bindings.
struct Collector<'t> {
    segments: &'t [Segment],
    names: Names,
    /// Parts of the text to which a scope applies; a later one that lies inside an earlier one wins.
    regions: Vec<(Range<usize>, ScopeId)>,
}

/// What the walk knows about where it is.
#[derive(Clone, Copy)]
struct Place {
    scope: ScopeId,
    type_checking: bool,
    guard: Option<(usize, GuardPart)>,
}

impl<'t> Collector<'t> {
    fn new(segments: &'t [Segment]) -> Self {
        let module = Scope {
            kind: ScopeKind::Module,
            parent: None,
            bindings: HashMap::new(),
            declared: HashMap::new(),
        };
        let names = Names {
            scopes: vec![module],
            boundaries: Vec::new(),
            opened: HashMap::new(),
            binding_sites: HashSet::new(),
            occurrences: HashMap::new(),
            star_imports: Vec::new(),
        };
        Self {
            segments,
            names,
            regions: Vec::new(),
        }
    }

    fn collect(mut self) -> Names {
        let place = Place {
            scope: MODULE,
            type_checking: false,
            guard: None,
        };
        let roots = self.segments.iter().rev().map(Segment::root);
        let mut stack: Vec<(Node<'t>, Place)> = roots.map(|root| (root, place)).collect();
        // An explicit stack: source code may nest deeper than the thread's own.
        while let Some((node, place)) = stack.pop() {
            let from = stack.len();
            self.visit(node, place, &mut stack);
            // Source order, so that the first binding of a name is the first in its list.
            stack[from..].reverse();
        }
        self.settle_declarations();
        self.settle_regions();
        for keys in self.names.occurrences.values_mut() {
            keys.sort_unstable();
            keys.dedup();
        }
        self.names
    }

    fn visit(&mut self, node: Node<'t>, place: Place, stack: &mut Vec<(Node<'t>, Place)>) {
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
                let scope = &mut self.names.scopes[place.scope.0 as usize];
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
            "identifier" => self.occurs(node),
            // Only what stands for a variable is walked into: asking an identifier for its parent is slow.
            "attribute" => stack.extend(node.field("object").map(|object| (object, place))),
            "keyword_argument" => stack.extend(node.field("value").map(|value| (value, place))),
            "keyword_pattern" => stack.extend(
                node.children()
                    .into_iter()
                    .skip(1)
                    .map(|child| (child, place)),
            ),
            "dotted_name" => stack.extend(node.children().first().map(|first| (*first, place))),
            "if_statement" => Self::if_statement(node, place, stack),
            "try_statement" => Self::try_statement(node, place, stack),
            _ => push_children(node, place, stack),
        }
    }

    fn occurs(&mut self, identifier: Node<'t>) {
        self.names
            .occurrences
            .entry(identifier.text().into())
            .or_default()
            .push(identifier.id());
    }

    fn open(&mut self, node: Node<'t>, kind: ScopeKind, parent: ScopeId) -> ScopeId {
        let id = ScopeId(u32::try_from(self.names.scopes.len()).unwrap_or(u32::MAX));
        self.names.scopes.push(Scope {
            kind,
            parent: Some(parent),
            bindings: HashMap::new(),
            declared: HashMap::new(),
        });
        self.names.opened.insert(node.id(), id);
        id
    }

    fn applies(&mut self, node: Node<'t>, scope: ScopeId) {
        self.regions.push((node.range(), scope));
    }

    fn bind(&mut self, name: Node<'t>, place: Place, kind: BindingKind) {
        if !name.is("identifier") {
            return;
        }
        if self.names.binding_sites.insert(name.id()) {
            self.occurs(name);
        }
        let binding = Binding {
            kind,
            name: name.id(),
            type_checking: place.type_checking,
            guard: place.guard,
        };
        let bindings = &mut self.names.scopes[place.scope.0 as usize].bindings;
        bindings
            .entry(name.text().into())
            .or_default()
            .push(binding);
    }

    /// Binds every name in an assignment target; attributes and subscripts bind nothing.
    fn bind_targets(&mut self, target: Option<Node<'t>>, place: Place, kind: &BindingKind) {
        let mut stack: Vec<Node<'t>> = target.into_iter().collect();
        while let Some(target) = stack.pop() {
            match target.kind() {
                "identifier" => self.bind(target, place, kind.clone()),
                "attribute" | "subscript" => {}
                _ => stack.extend(target.children().into_iter().rev()),
            }
        }
    }

    fn assignment(&mut self, node: Node<'t>, place: Place) {
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

    fn with_target(&mut self, pattern: Node<'t>, place: Place) {
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

    fn captures(&mut self, pattern: Node<'t>, place: Place) {
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

    fn parameters(
        &mut self,
        parameters: Option<Node<'t>>,
        outer: Place,
        scope: ScopeId,
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
    fn type_parameters(&mut self, node: Node<'t>, place: Place) -> Place {
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

    fn function(&mut self, node: Node<'t>, place: Place, stack: &mut Vec<(Node<'t>, Place)>) {
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

    fn lambda(&mut self, node: Node<'t>, place: Place, stack: &mut Vec<(Node<'t>, Place)>) {
        let scope = self.open(node, ScopeKind::Lambda, place.scope);
        self.parameters(node.field("parameters"), place, scope, stack);
        if let Some(body) = node.field("body") {
            self.applies(body, scope);
            stack.push((body, Place { scope, ..place }));
        }
    }

    fn class(&mut self, node: Node<'t>, place: Place, stack: &mut Vec<(Node<'t>, Place)>) {
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

    fn comprehension(&mut self, node: Node<'t>, place: Place, stack: &mut Vec<(Node<'t>, Place)>) {
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

    fn outside_comprehensions(&self, mut scope: ScopeId) -> ScopeId {
        while self.names.kind(scope) == ScopeKind::Comprehension {
            match self.names.scope(scope).parent {
                Some(parent) => scope = parent,
                None => break,
            }
        }
        scope
    }

    fn import(&mut self, node: Node<'t>, place: Place) {
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

    fn import_from(&mut self, node: Node<'t>, place: Place) {
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

    fn if_statement(node: Node<'t>, place: Place, stack: &mut Vec<(Node<'t>, Place)>) {
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

    fn try_statement(node: Node<'t>, place: Place, stack: &mut Vec<(Node<'t>, Place)>) {
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
        for index in 0..self.names.scopes.len() {
            let declared: Vec<(Box<str>, bool)> = self.names.scopes[index]
                .declared
                .iter()
                .map(|(name, global)| (name.clone(), *global))
                .collect();
            for (name, global) in declared {
                let owner = if global {
                    Some(MODULE)
                } else {
                    self.nonlocal_owner(index, &name)
                };
                let moved = self.names.scopes[index].bindings.remove(&name);
                if let (Some(owner), Some(moved)) = (owner, moved) {
                    self.names.scopes[owner.0 as usize]
                        .bindings
                        .entry(name)
                        .or_default()
                        .extend(moved);
                }
            }
        }
    }

    fn nonlocal_owner(&self, index: usize, name: &str) -> Option<ScopeId> {
        let mut scope = self.names.scopes[index].parent;
        while let Some(id) = scope {
            let here = self.names.scope(id);
            let holds = here.bindings.contains_key(name) && !here.declared.contains_key(name);
            if holds && matches!(here.kind, ScopeKind::Function | ScopeKind::Lambda) {
                return Some(id);
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
        let mut open: Vec<(usize, ScopeId)> = Vec::new();
        let mut boundaries: Vec<(usize, ScopeId)> = vec![(0, MODULE)];
        let close_until = |open: &mut Vec<(usize, ScopeId)>,
                           at: usize,
                           boundaries: &mut Vec<(usize, ScopeId)>| {
            while open.last().is_some_and(|(end, _)| *end <= at) {
                if let Some((end, _)) = open.pop() {
                    boundaries.push((end, open.last().map_or(MODULE, |(_, scope)| *scope)));
                }
            }
        };
        for (range, scope) in &self.regions {
            close_until(&mut open, range.start, &mut boundaries);
            boundaries.push((range.start, *scope));
            open.push((range.end, *scope));
        }
        close_until(&mut open, usize::MAX, &mut boundaries);
        self.names.boundaries = boundaries;
    }
}

fn push_children<'t>(node: Node<'t>, place: Place, stack: &mut Vec<(Node<'t>, Place)>) {
    stack.extend(node.children().into_iter().map(|child| (child, place)));
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
        let file = SourceFile::parse(Path::new("a.py"), marked.replace(['«', '»'], "").into());
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
        SourceFile::parse(Path::new("a.py"), text.into());
        let sum = format!("x = {}\n", vec!["y"; depth].join(" + "));
        SourceFile::parse(Path::new("a.py"), sum.into());
    }

    #[test]
    fn a_parenthesised_with_item_binds_its_name() {
        let segment = Segment::parse("with (open(p) as f):\n    f\n".into(), 0);
        let names = Names::of(std::slice::from_ref(&segment));
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
