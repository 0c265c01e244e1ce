//! A parsed Python file: its text, its syntax, its names.

use std::ops::Range;
use std::path::{Path, PathBuf};

use memchr::memmem;

use super::names::{
    Binding, BindingKind, Certainty, MODULE, NameChanges, Names, Resolution, ScopeId,
};
use super::reads;
use super::script::in_main_guard;
use super::segments::{self, Changes};
use super::syntax::{Node, NodeId, Slot, Syntax};
use super::table::kind_id;
use crate::text::edit::TextEdit;

/// A Python file as one moment saw it.
#[derive(Debug, Clone)]
pub struct SourceFile {
    path: PathBuf,
    syntax: Syntax,
    names: Names,
}

/// Whether a file is a notebook, by its name.
pub fn is_notebook(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "ipynb")
}

impl SourceFile {
    /// Parses `text`. `path` is only a name: nothing is read from it.
    pub fn parse(path: &Path, text: &str) -> Self {
        let syntax = segments::parse(text);
        let names = Names::of(&syntax);
        Self {
            path: path.to_owned(),
            syntax,
            names,
        }
    }

    /// Parses `text` without cutting it.
    #[cfg(test)]
    pub fn in_one_piece(path: &Path, text: &str) -> Self {
        let syntax = Syntax::of(text);
        Self {
            path: path.to_owned(),
            names: Names::of(&syntax),
            syntax,
        }
    }

    /// Follows a change of the text. It must be inside the text and cut no character.
    pub fn edit(&mut self, edit: &TextEdit) -> (Changes, NameChanges) {
        let changes = segments::edit(&mut self.syntax, edit.range(), &edit.text);
        let names = self.names.update(&self.syntax, &changes);
        (changes, names)
    }

    /// The name the file was parsed under.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the text is the cells of a notebook, which run one after the other: what a function uses must stand above it,
    /// because it may be called before the next cell runs.
    pub fn is_notebook(&self) -> bool {
        is_notebook(&self.path)
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        reads::everything();
        self.syntax.text()
    }

    /// The text of a range of bytes; empty if it is not inside the file or cuts a character. Unlike a slice of
    /// [`SourceFile::text`] it costs nothing in a long file.
    pub fn slice(&self, range: Range<usize>) -> &str {
        self.syntax.slice(range).unwrap_or_default()
    }

    /// The range from a byte to the end of its line, without white space at the end.
    pub fn line_from(&self, start: usize) -> Range<usize> {
        let segment = &self.syntax.segments()[self.syntax.position_at(start)];
        let rest = self.slice(start..segment.end());
        let line = rest
            .split(['\n', '\r'])
            .next()
            .unwrap_or_default()
            .trim_end();
        start..start + line.len()
    }

    /// The line of a byte, counted from 0.
    pub fn line_of(&self, offset: usize) -> usize {
        let segment = &self.syntax.segments()[self.syntax.position_at(offset)];
        let before = self.slice(segment.start..offset);
        segment.line + before.matches('\n').count()
    }

    /// The syntax.
    pub fn syntax(&self) -> &Syntax {
        &self.syntax
    }

    /// The names.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The statements of the module, in order, without comments.
    pub fn statements(&self) -> Vec<Node<'_>> {
        self.syntax.root().children()
    }

    /// Every named node of the file, in source order.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        reads::everything();
        self.syntax.root().named_below()
    }

    /// The `import` and `from … import` statements that bind a name to something that is `wanted` (see
    /// [`Names::import_segments`]) or stand beside one that does, in source order. Unlike a walk over all
    /// [`SourceFile::nodes`] it costs little in a long file.
    pub fn imports(&self, wanted: impl Fn(&str) -> bool) -> Vec<Node<'_>> {
        let kinds = ["import_statement", "import_from_statement"].map(kind_id);
        let segments = self.names.import_segments(wanted);
        let positions = segments
            .into_iter()
            .filter_map(|slot| self.syntax.position(slot));
        let mut positions: Vec<usize> = positions.collect();
        positions.sort_unstable();
        positions.dedup();
        positions
            .into_iter()
            .flat_map(|position| self.syntax.nodes_of(position))
            .filter(|node| kinds.contains(&node.kind_number()))
            .collect()
    }

    /// How many columns the longest line has that a formatter could have broken: one with brackets, and neither a string
    /// nor a comment in it. 0 if there is none.
    pub fn longest_breakable_line(&self) -> usize {
        reads::everything();
        let segments = self.syntax.segments().iter();
        let longest = segments.map(|segment| segment.parsed.longest_breakable_line());
        longest.max().unwrap_or(0)
    }

    /// Every identifier of the file with this spelling, whatever it stands for (a variable, an attribute's name, a keyword),
    /// in source order.
    pub fn spelled(&self, name: &str) -> Vec<Node<'_>> {
        reads::spelling(name, None);
        let slots = self.names.segments_spelling(name);
        let mut places: Vec<(usize, Slot)> = slots
            .iter()
            .filter_map(|slot| Some((self.syntax.position(*slot)?, *slot)))
            .collect();
        places.sort_unstable();
        places
            .into_iter()
            .flat_map(|(_, slot)| self.spelled_in(slot, name))
            .collect()
    }

    /// The contents of the strings in which a name stands as a word of its own, in source order; one that says it several
    /// times comes several times.
    pub fn quoting<'t>(&'t self, name: &'t str) -> impl Iterator<Item = Node<'t>> {
        reads::everything();
        let text = self.text();
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        memmem::find_iter(text.as_bytes(), name)
            .map(|start| start..start + name.len())
            .filter(move |word| {
                let before = text[..word.start].chars().next_back();
                let after = text[word.end..].chars().next();
                ![before, after].into_iter().flatten().any(is_part)
            })
            .filter_map(|word| self.covering(word))
            .filter(|node| node.is("string_content"))
    }

    /// Whether a segment is in the definition with this head, or is gone.
    pub fn is_below(&self, slot: Slot, head: Slot) -> bool {
        let mut at = Some(slot);
        while let Some(slot) = at.filter(|slot| *slot != head) {
            match self.syntax.segment(slot) {
                Some(segment) => at = segment.host,
                None => return true,
            }
        }
        at.is_some()
    }

    /// The identifiers of this spelling in a segment and in the body that it may be the head of.
    fn spelled_below<'t>(&'t self, slot: Slot, name: &str) -> Vec<Node<'t>> {
        let Some((position, segment)) = self.syntax.position(slot).zip(self.syntax.segment(slot))
        else {
            return Vec::new();
        };
        reads::segment(slot);
        if segment.below > 0 {
            reads::spelling(name, Some(slot));
        }
        let last = position + segment.below as usize;
        self.syntax.segments()[position..=last]
            .iter()
            .flat_map(|segment| self.spelled_in(segment.slot, name))
            .collect()
    }

    fn spelled_in<'t>(&'t self, slot: Slot, name: &str) -> Vec<Node<'t>> {
        let identifiers = self.names.spelled_in(slot, name);
        identifiers.filter_map(|id| self.node(id)).collect()
    }

    /// The module's docstring statement.
    pub fn docstring(&self) -> Option<Node<'_>> {
        self.syntax.root().docstring()
    }

    /// The outermost named node with exactly this range (for a call that is a whole statement: the statement).
    pub fn node_at(&self, range: Range<usize>) -> Option<Node<'_>> {
        let node = self.innermost_at(range.clone())?;
        Some(
            node.ancestors()
                .take_while(|n| n.range() == range)
                .filter(|n| !n.is("module"))
                .last()
                .unwrap_or(node),
        )
    }

    /// The innermost named node that covers this range; `None` outside of the file.
    pub fn covering(&self, range: Range<usize>) -> Option<Node<'_>> {
        (range.end <= self.syntax.end()).then(|| self.syntax.covering(range))
    }

    /// The innermost named node with exactly this range.
    fn innermost_at(&self, range: Range<usize>) -> Option<Node<'_>> {
        self.covering(range.clone())
            .filter(|node| node.range() == range)
    }

    /// The node of this kind with exactly this range.
    pub fn node_of_kind(&self, range: Range<usize>, kind: &str) -> Option<Node<'_>> {
        let node = self.innermost_at(range.clone())?;
        std::iter::once(node)
            .chain(node.ancestors())
            .take_while(|n| n.range() == range)
            .find(|n| n.is(kind))
    }

    /// The node of this kind that starts at this byte, the outermost if there are several.
    pub fn node_starting_at(&self, start: usize, kind: &str) -> Option<Node<'_>> {
        let node = self.covering(start..start + 1)?;
        std::iter::once(node)
            .chain(node.ancestors())
            .take_while(|n| n.start() == start)
            .filter(|n| n.is(kind))
            .last()
    }

    /// The node with this identity.
    pub fn node(&self, id: NodeId) -> Option<Node<'_>> {
        self.syntax.node(id)
    }

    /// What an expression stands for, with the certainty that a finding needs.
    pub fn resolve(&self, node: Node<'_>) -> Option<Resolution> {
        self.names.resolve(node, Certainty::All)
    }

    /// The qualified name of an expression, with the certainty that a finding needs: `asyncio.gather`,
    /// `builtins.open`.
    pub fn qualified_name(&self, node: Node<'_>) -> Option<String> {
        self.resolve(node).map(|r| r.name)
    }

    /// Whether an expression surely stands for one of these qualified names.
    pub fn is_one_of(&self, node: Node<'_>, names: &[&str]) -> bool {
        self.qualified_name(node)
            .is_some_and(|name| names.contains(&name.as_str()))
    }

    /// The qualified name of what a call calls.
    pub fn callee_name(&self, call: Node<'_>) -> Option<String> {
        self.qualified_name(call.callee()?)
    }

    /// Whether a node is a call of one of these qualified names.
    pub fn calls(&self, node: Node<'_>, names: &[&str]) -> bool {
        node.callee()
            .is_some_and(|callee| self.is_one_of(callee, names))
    }

    /// Whether an expression is this builtin (and nothing visible hides it).
    pub fn is_builtin(&self, node: Node<'_>, name: &str) -> bool {
        node.is("identifier")
            && node.text() == name
            && self.resolve(node).is_some_and(|r| r.builtin)
    }

    /// The value of a name that is bound exactly once in its scope, by an assignment whose right side is visible. Any
    /// other expression is its own value. Names with several bindings, parameters, loop variables and imports have none.
    pub fn value<'t>(&'t self, node: Node<'t>) -> Option<Node<'t>> {
        let node = node.unparenthesized();
        if node.is("identifier") {
            self.local_value(node)
        } else {
            Some(node)
        }
    }

    /// The value assigned to a name that is bound exactly once (see [`SourceFile::value`]).
    pub fn local_value<'t>(&'t self, identifier: Node<'t>) -> Option<Node<'t>> {
        match self.names.single_binding(identifier)?.1 {
            Binding {
                kind: BindingKind::Value(value),
                type_checking: false,
                ..
            } => self.node(*value).map(Node::unparenthesized),
            _ => None,
        }
    }

    /// The identifier at which a name that is bound exactly once is bound.
    pub fn binding_site<'t>(&'t self, identifier: Node<'t>) -> Option<Node<'t>> {
        self.node(self.names.single_binding(identifier)?.1.name)
    }

    /// The context expression of the one `with … as name` that binds a name.
    pub fn with_value<'t>(&'t self, identifier: Node<'t>) -> Option<Node<'t>> {
        match self.names.single_binding(identifier)?.1.kind {
            BindingKind::With(value) => self.node(value).map(Node::unparenthesized),
            _ => None,
        }
    }

    /// The only `def` of this file that a name stands for.
    pub fn function<'t>(&'t self, identifier: Node<'t>) -> Option<Node<'t>> {
        match self.names.single_binding(identifier)?.1.kind {
            BindingKind::Function(key) => self.node(key),
            _ => None,
        }
    }

    /// The only `class` of this file that a name stands for.
    pub fn class<'t>(&'t self, identifier: Node<'t>) -> Option<Node<'t>> {
        match self.names.single_binding(identifier)?.1.kind {
            BindingKind::Class(key) => self.node(key),
            _ => None,
        }
    }

    /// The `def` that a callee stands for: a function of this file, or for `self.m`/`cls.m` the one method `m` of the
    /// class around the call (only if the class defines it once).
    pub fn called_function<'t>(&'t self, callee: Node<'t>) -> Option<Node<'t>> {
        match callee.kind() {
            "identifier" => self.function(callee),
            "attribute" => {
                let object = callee.field("object").filter(|o| o.is("identifier"))?;
                let class = self.receiver_class(object)?;
                self.method(class, callee.field("attribute")?.text())
            }
            _ => None,
        }
    }

    /// The class whose instance (`self`) or self (`cls`) an identifier is: it must be the first parameter of a method
    /// around it that is no static method, and be bound nowhere else.
    pub fn receiver_class<'t>(&'t self, identifier: Node<'t>) -> Option<Node<'t>> {
        let (scope, binding) = self.names.single_binding(identifier)?;
        if binding.kind != BindingKind::Parameter {
            return None;
        }
        let method = identifier.ancestors().find(|n| {
            n.is("function_definition") && self.names.scope_opened_by(*n) == Some(scope)
        })?;
        let first = method.field("parameters")?.children().first().copied()?;
        let static_method = method
            .decorators()
            .iter()
            .any(|d| self.is_builtin(*d, "staticmethod"));
        if first
            .descendants()
            .iter()
            .find(|n| n.is("identifier"))?
            .text()
            != identifier.text()
            || static_method
        {
            return None;
        }
        method.definition().filter(|d| d.is("class_definition"))
    }

    /// The method of that name which a class itself defines, if there is exactly one.
    pub fn method<'t>(&'t self, class: Node<'t>, name: &str) -> Option<Node<'t>> {
        let scope = self.names.scope_opened_by(class)?;
        match self.names.bindings_in(scope, name) {
            [
                Binding {
                    kind: BindingKind::Function(key),
                    ..
                },
            ] => self.node(*key),
            _ => None,
        }
    }

    /// The value of `self.name`, when the class assigns that attribute exactly once, in its `__init__`.
    pub fn attribute_value<'t>(&'t self, attribute: Node<'t>) -> Option<Node<'t>> {
        let receiver = attribute.field("object").filter(|o| o.is("identifier"))?;
        let class = self.receiver_class(receiver)?;
        let name = attribute.field("attribute")?.text();
        let mut assigned = class.descendants().into_iter().filter(|n| {
            n.is("attribute")
                && n.field("attribute").is_some_and(|a| a.text() == name)
                && n.field("object")
                    .is_some_and(|o| o.is("identifier") && self.receiver_class(o) == Some(class))
                && is_written(*n)
        });
        let (only, None) = (assigned.next()?, assigned.next()) else {
            return None;
        };
        let assignment = only
            .parent()
            .filter(|p| p.is("assignment") && p.field("left") == Some(only))?;
        let in_init = only
            .function()
            .and_then(|f| f.field("name"))
            .is_some_and(|n| n.text() == "__init__");
        if in_init {
            assignment.field("right").map(Node::unparenthesized)
        } else {
            None
        }
    }

    /// Every identifier of the file that stands for the same variable as `identifier`, in source order: where it is
    /// bound and where it is read.
    pub fn occurrences<'t>(&'t self, identifier: Node<'t>) -> Vec<Node<'t>> {
        let owner = self.names.owner(identifier);
        let name = identifier.text();
        let mut spelled = match owner.and_then(ScopeId::opened_in) {
            Some(slot) => self.spelled_below(slot, name),
            None => self.spelled(name),
        };
        spelled.retain(|n| self.is_occurrence(*n) && self.names.owner(*n) == owner);
        spelled
    }

    fn is_occurrence(&self, identifier: Node<'_>) -> bool {
        let declares = |above: Node<'_>| above.is_any(&["global_statement", "nonlocal_statement"]);
        self.names.is_binding_site(identifier)
            || is_variable(identifier) && !identifier.parent().is_some_and(declares)
    }

    /// Whether other files can read the variable: a global of a module, without a leading underscore, that is bound not
    /// only when the file runs as a script. Nobody imports a notebook.
    pub fn is_public_global(&self, identifier: Node<'_>) -> bool {
        self.names.owner(identifier) == Some(MODULE)
            && !identifier.text().starts_with('_')
            && self.path().extension().is_none_or(|e| e != "ipynb")
            && !self.binding_site(identifier).is_some_and(in_main_guard)
    }

    /// The identifiers that read the variable, in source order. An augmented assignment and `del` are no reads.
    pub fn reads<'t>(&'t self, identifier: Node<'t>) -> Vec<Node<'t>> {
        self.occurrences(identifier)
            .into_iter()
            .filter(|n| !self.names.is_binding_site(*n))
            .collect()
    }

    /// The first of the suggestions (and then of `name2`, `name3`, …) that nothing visible in `scope` binds. Unlike
    /// [`SourceFile::unused_name`] it may be the name of an attribute, or of a variable of a nested scope.
    pub fn unbound_name(&self, scope: Node<'_>, suggestions: &[&str]) -> String {
        let inside = self
            .names
            .scope_opened_by(scope)
            .unwrap_or_else(|| self.names.scope_of(scope));
        first_free(suggestions, |name| {
            self.names.lookup(name, inside).is_none()
        })
    }

    /// The first of the suggestions (and then of `name2`, `name3`, …) that no identifier inside `scope` has and that
    /// nothing visible there binds.
    pub fn unused_name(&self, scope: Node<'_>, suggestions: &[&str]) -> String {
        let inside = self
            .names
            .scope_opened_by(scope)
            .unwrap_or_else(|| self.names.scope_of(scope));
        first_free(suggestions, |name| {
            let spelled = if scope.is("module") {
                self.spelled(name)
            } else {
                self.spelled_below(scope.id().slot, name)
            };
            let taken = spelled.into_iter().any(|n| scope.contains(n));
            !taken && self.names.lookup(name, inside).is_none()
        })
    }
}

/// The first of the suggestions, and then of the first one with a number, that is free.
fn first_free(suggestions: &[&str], free: impl Fn(&str) -> bool) -> String {
    let plain = suggestions.iter().map(|s| (*s).to_owned());
    let base = suggestions.first().copied().unwrap_or("value");
    plain
        .chain((2..=u32::MAX).map(|n| format!("{base}{n}")))
        .find(|name| free(name))
        .unwrap_or_default()
}

/// Whether an identifier stands for a variable: not an attribute's name, a keyword argument's name, or a part of an
/// import.
pub fn is_variable(identifier: Node<'_>) -> bool {
    let Some(parent) = identifier.parent() else {
        return true;
    };
    match parent.kind() {
        "attribute" => parent.field("attribute") != Some(identifier),
        "keyword_argument" => parent.field("name") != Some(identifier),
        "keyword_pattern" => parent.children().first() != Some(&identifier),
        "dotted_name" => {
            parent.children().first() == Some(&identifier) && {
                let above = parent.parent();
                let from = above.filter(|a| a.is("import_from_statement"));
                above.is_none_or(|a| {
                    !a.is_any(&[
                        "aliased_import",
                        "future_import_statement",
                        "relative_import",
                    ])
                }) && from.is_none_or(|a| a.field("module_name") != Some(parent))
            }
        }
        _ => true,
    }
}

/// Whether an attribute or subscript is the target of an assignment, an augmented assignment, a `for` or a `del`.
pub fn is_written(target: Node<'_>) -> bool {
    let mut node = target;
    while let Some(parent) = node.parent() {
        match parent.kind() {
            "pattern_list" | "tuple_pattern" | "list_pattern" | "list_splat_pattern"
            | "as_pattern_target" | "tuple" | "list" | "expression_list" => node = parent,
            "assignment" | "augmented_assignment" | "for_statement" | "for_in_clause" => {
                return parent.field("left") == Some(node);
            }
            "delete_statement" => return true,
            "as_pattern" => return parent.field("alias") == Some(node),
            _ => return false,
        }
    }
    false
}
