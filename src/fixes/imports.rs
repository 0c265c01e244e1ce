//! Writing a qualified name at a place: reuse what is imported, extend an import, or add one.

use std::collections::HashSet;
use std::ops::Range;

use super::draft::{Withheld, withhold};
use super::{declarations, layout, spacing};
use crate::analysis::names::{Binding, BindingKind, Certainty, MODULE, in_annotation};
use crate::analysis::syntax::Node;
use crate::analysis::{SourceFile, canonical, is_documented_as, is_variable};
use crate::text::edit::TextEdit;

/// How a name should be imported when nothing in the file decides it.
#[derive(Debug, Clone, Copy)]
pub enum Style<'t> {
    /// `import module`, and `module.name` at the place.
    Module,
    /// `from module import name`.
    From,
    /// The way this expression is written: `dc.field` next to `@dc.dataclass`, `field` next to `@dataclass`.
    Like(Node<'t>),
}

/// A change to the imports of a file. Several are settled together by [`edits`], so that two fixes that need the same
/// import, or extend the same line, make one edit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImportEdit {
    /// Adds a name to the `from … import …` statement with this range.
    Extend {
        /// First byte of the statement.
        start: usize,
        /// Byte after the statement.
        end: usize,
        /// The name to add.
        name: String,
    },
    /// Takes away one use of a name that the `from … import …` statement with this range binds. The name is removed
    /// when all its uses are taken away and nobody keeps it.
    Release {
        /// First byte of the statement.
        start: usize,
        /// Byte after the statement.
        end: usize,
        /// The bound name: the alias if there is one.
        name: String,
        /// First byte of the use.
        used_at: usize,
    },
    /// Starts to use a name that the `from … import …` statement with this range binds already.
    Keep {
        /// First byte of the statement.
        start: usize,
        /// Byte after the statement.
        end: usize,
        /// The bound name.
        name: String,
    },
    /// Adds a new import line.
    Insert {
        /// The byte where it is inserted: the start of a line, or the end of the text.
        at: usize,
        /// The indentation of the line.
        indentation: String,
        /// An empty line follows.
        blank_after: bool,
        /// The module.
        module: String,
        /// The name imported from it; `None` for `import module`.
        name: Option<String>,
    },
    /// Takes away the uses inside a definition of a name that the statement with this range binds for what is defined
    /// below it. The statement goes when no other use remains.
    Retire {
        /// First byte of the statement.
        start: usize,
        /// Byte after the statement.
        end: usize,
        /// The name.
        name: String,
        /// The range of the definition.
        user: (usize, usize),
    },
}

impl ImportEdit {
    /// Whether an empty line follows, if the import is added at this byte.
    pub fn gap_at(&mut self, place: usize) -> Option<&mut bool> {
        match self {
            Self::Insert {
                at, blank_after, ..
            } if *at == place => Some(blank_after),
            _ => None,
        }
    }

    /// The same change of another text, in which `place` says where a byte of this one is.
    pub fn moved(&self, place: impl Fn(usize) -> Option<usize>) -> Option<Self> {
        let mut moved = self.clone();
        let places: Vec<&mut usize> = match &mut moved {
            Self::Extend { start, end, .. } | Self::Keep { start, end, .. } => vec![start, end],
            Self::Release {
                start,
                end,
                used_at,
                ..
            } => vec![start, end, used_at],
            Self::Insert { at, .. } => vec![at],
            Self::Retire {
                start, end, user, ..
            } => vec![start, end, &mut user.0, &mut user.1],
        };
        for at in places {
            *at = place(*at)?;
        }
        Some(moved)
    }
}

/// The text that stands for a qualified name at a place, and the import it needs.
///
/// # Errors
///
/// If the name and its module are bound to something else there.
pub fn symbol<'t>(
    file: &'t SourceFile,
    qualified: &str,
    at: Node<'t>,
    style: Style<'t>,
) -> Result<(String, Option<ImportEdit>), Withheld> {
    let qualified = canonical(qualified.to_owned());
    let (module, name) = qualified
        .rsplit_once('.')
        .unwrap_or(("builtins", qualified.as_str()));
    let site = Site::new(file, at);
    if module == "builtins" {
        return if site.is_free(name) {
            Ok((name.to_owned(), None))
        } else {
            withhold(format!("`{name}` means something else here"))
        };
    }
    let like = match style {
        Style::Like(expression) => Some(expression),
        Style::Module | Style::From => None,
    };
    if let Some(object) = like.and_then(|e| e.field("object"))
        && file
            .qualified_name(object)
            .is_some_and(|m| offers(&m, module))
        && site.means_the_same(object)
    {
        return Ok((format!("{}.{name}", object.text()), None));
    }
    if let Some(bound) = site.bound_to(&qualified) {
        return Ok((bound.text, bound.keep));
    }
    let bound_module = site
        .bound_to(module)
        .map(|bound| (format!("{}.{name}", bound.text), bound.keep));
    let statement = if site.is_free(name) {
        site.extendable_import(module, like)
    } else {
        None
    };
    match (bound_module, statement) {
        (Some(dotted), None) => Ok(dotted),
        (Some(dotted), Some(_)) if like.is_none() => Ok(dotted),
        (_, Some(statement)) => {
            let Range { start, end } = statement.range();
            Ok((
                name.to_owned(),
                Some(ImportEdit::Extend {
                    start,
                    end,
                    name: name.to_owned(),
                }),
            ))
        }
        (None, None) => {
            let plain = matches!(style, Style::Module) || like.is_some_and(|e| e.is("attribute"));
            if !plain && site.is_free(name) {
                return Ok((
                    name.to_owned(),
                    Some(site.new_line(module, Some(name), like)?),
                ));
            }
            let root = module.split('.').next().unwrap_or(module);
            if site.is_free(root) {
                return Ok((
                    format!("{module}.{name}"),
                    Some(site.new_line(module, None, like)?),
                ));
            }
            withhold(format!("`{name}` and `{root}` mean something else here"))
        }
    }
}

/// Modules that offer all of another one. What stands beside something that is taken from them is best taken from there as
/// well: the protocols of `typing_extensions` do not know the decorator of `typing`.
const TWINS: [(&str, &str); 2] = [("mock", "unittest.mock"), ("typing_extensions", "typing")];

/// Whether a module has what is wanted from `wanted`.
fn offers(module: &str, wanted: &str) -> bool {
    module == wanted || TWINS.contains(&(module, wanted))
}

/// The byte where a new import of the module goes: the start of the line below the first run of imports, or above the first
/// statement; and whether there are no imports yet.
pub fn end_of_imports(file: &SourceFile) -> (usize, bool) {
    let statements = file.statements();
    match statements.last() {
        Some(last) => Site::new(file, *last).top(),
        None => (file.text().len(), false),
    }
}

/// The words of a text that can be names of variables: the attribute in `asyncio.sleep` is no use of `sleep`.
fn names_in(text: &str) -> impl Iterator<Item = &str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.split(move |c: char| !is_word(c) && c != '.')
        .filter_map(|dotted| dotted.split('.').next())
}

/// The changes for the uses of imported names that edits take away without writing such a name anywhere.
pub fn dropped(file: &SourceFile, edits: &[TextEdit]) -> Vec<ImportEdit> {
    let written: HashSet<&str> = edits.iter().flat_map(|edit| names_in(&edit.text)).collect();
    // Whoever changes an import knows what is still needed of it.
    let changes_import = |change: &ImportEdit| {
        let (at, _) = place(change);
        edits.iter().any(|e| match change {
            ImportEdit::Release { end, .. } => e.start < *end && at < e.end,
            _ => false,
        })
    };
    let mut found = Vec::new();
    for edit in edits.iter().filter(|edit| edit.start < edit.end) {
        let Some(around) = file.covering(edit.range()) else {
            continue;
        };
        let nodes = around.walk_while(|n| n.start() < edit.end && edit.start < n.end());
        let identifiers = nodes.into_iter().filter(|n| {
            n.is("identifier") && edit.start <= n.start() && n.end() <= edit.end && is_variable(*n)
        });
        found.extend(
            identifiers
                .filter(|n| !written.contains(n.text()))
                .filter_map(|n| release(file, n))
                .filter(|change| !changes_import(change)),
        );
    }
    found
}

/// The change that takes away a use of an imported name; `None` if the name must stay anyway: it is
/// bound in several ways, by a plain `import`, for others to import, or its statement cannot be changed without touching
/// a comment.
fn release(file: &SourceFile, identifier: Node<'_>) -> Option<ImportEdit> {
    let bound = file.binding_site(identifier)?;
    let statement = bound
        .ancestors()
        .find(|n| n.is("import_from_statement"))
        .filter(|statement| !statement.has_comment())?;
    let name = bound.text();
    let part = bound.parent()?;
    let exported_alias =
        part.is("aliased_import") && part.field("name").is_some_and(|n| n.text() == name);
    let package = file.path().file_stem().is_some_and(|s| s == "__init__");
    if exported_alias || package || is_named_in_a_string(file, name) {
        return None;
    }
    Some(ImportEdit::Release {
        start: statement.start(),
        end: statement.end(),
        name: name.to_owned(),
        used_at: identifier.start(),
    })
}

/// Whether a string uses the name as code would: an entry of `__all__`, or a quoted annotation.
fn is_named_in_a_string(file: &SourceFile, name: &str) -> bool {
    file.quoting(name)
        .any(|content| content.text() == name || in_annotation(content))
}

/// A name that already stands for what is needed.
struct Bound {
    /// What to write.
    text: String,
    /// The claim on the import, if its names can be removed one by one.
    keep: Option<ImportEdit>,
}

/// The place where a name is needed.
struct Site<'t> {
    file: &'t SourceFile,
    at: Node<'t>,
    /// It does not run when the file is read: what it uses may be bound below it. In a notebook, functions run early, too.
    runs_later: bool,
}

/// The package, or the module without packages, that a dotted name starts with.
fn package(dotted: &str) -> &str {
    dotted.split('.').next().unwrap_or_default()
}

impl<'t> Site<'t> {
    fn new(file: &'t SourceFile, at: Node<'t>) -> Self {
        Self {
            file,
            at,
            runs_later: !file.is_notebook() && at.function().is_some(),
        }
    }

    /// Nothing visible here binds the name, and adding it to the module takes it from nobody.
    fn is_free(&self, name: &str) -> bool {
        let names = self.file.names();
        names.lookup(name, names.scope_of(self.at)).is_none()
            && names.bindings_in(MODULE, name).is_empty()
    }

    /// Whether what is bound at a byte is there when this place runs.
    fn comes_before(&self, byte: usize) -> bool {
        self.runs_later || byte <= self.at.start()
    }

    /// An expression that is visible elsewhere in the file means the same here.
    fn means_the_same(&self, expression: Node<'t>) -> bool {
        let names = self.file.names();
        let mut root = expression;
        while let Some(object) = root.field("object") {
            root = object;
        }
        root.is("identifier")
            && names
                .lookup(root.text(), names.scope_of(self.at))
                .map(|(scope, _)| scope)
                == names.owner(root)
    }

    /// The first name visible here that is bound to exactly this qualified name when the code runs.
    fn bound_to(&self, qualified: &str) -> Option<Bound> {
        let wanted = package(qualified);
        let leads_there =
            |target: &str| package(target) == wanted || is_documented_as(target, qualified);
        let imports = self.file.imports(leads_there).into_iter();
        imports
            .filter(|import| self.runs_whenever(*import))
            .flat_map(|import| import.fields("name").into_iter().map(move |n| (import, n)))
            .find_map(|(import, part)| self.bound_by(import, part, qualified))
    }

    /// What a part of an import binds, if that is the qualified name, and visible here.
    fn bound_by(&self, import: Node<'t>, part: Node<'t>, qualified: &str) -> Option<Bound> {
        let names = self.file.names();
        let name = part
            .field("alias")
            .or_else(|| part.children().first().copied())
            .filter(|n| n.is("identifier") && self.comes_before(n.start()))?;
        let (scope, bindings) = names.lookup(name.text(), names.scope_of(self.at))?;
        if names.owner(name) != Some(scope) {
            return None;
        }
        if bindings.iter().all(|b| is_import_of(b, qualified)) {
            let keep = || ImportEdit::Keep {
                start: import.start(),
                end: import.end(),
                name: name.text().to_owned(),
            };
            return Some(Bound {
                text: name.text().to_owned(),
                keep: import.is("import_from_statement").then(keep),
            });
        }
        // `import a.b` binds `a`, and makes `a.b` usable.
        let makes_usable = import.is("import_statement")
            && part.is("dotted_name")
            && part.text() == qualified
            && names
                .resolve(name, Certainty::All)
                .is_some_and(|root| root.name == name.text());
        makes_usable.then(|| Bound {
            text: qualified.to_owned(),
            keep: None,
        })
    }

    /// Whether an import stands under no condition that this place does not stand under, too.
    fn runs_whenever(&self, import: Node<'_>) -> bool {
        const CONDITIONS: [&str; 5] = [
            "case_clause",
            "except_clause",
            "for_statement",
            "if_statement",
            "while_statement",
        ];
        import
            .ancestors()
            .take_while(|n| !n.is_any(&["class_definition", "function_definition"]))
            .all(|n| !n.is_any(&CONDITIONS) || n.contains(self.at))
    }

    /// A `from module import …` that can take one more name: at the top level, or in the function around this place.
    fn extendable_import(&self, module: &str, like: Option<Node<'t>>) -> Option<Node<'t>> {
        let beside = like.and_then(|e| self.import_of(e));
        let may_be_of_module = |target: &str| {
            let package_of = package(target);
            package_of == package(module) || offers(package_of, module)
        };
        let all: Vec<Node<'t>> = self
            .file
            .imports(may_be_of_module)
            .into_iter()
            .filter(|n| n.is("import_from_statement"))
            .filter(|n| {
                n.field("module_name").is_some_and(|m| {
                    is_documented_as(m.text(), module)
                        || (beside == Some(*n) && offers(m.text(), module))
                })
            })
            .filter(|n| self.comes_before(n.start()) && self.reaches(*n))
            .filter(|n| {
                !n.children().iter().any(|c| c.is("wildcard_import")) && !n.text().contains('\\')
            })
            .collect();
        let is_preferred = |n: &Node<'t>| {
            let of_module = n.parent().is_some_and(|p| p.is("module"));
            let twin = n.field("module_name").is_some_and(|m| m.text() != module);
            all.contains(n) && (!of_module || twin)
        };
        let of_module = |n: &&Node<'t>| n.parent().is_some_and(|p| p.is("module"));
        beside
            .filter(is_preferred)
            .or_else(|| all.iter().find(of_module).copied())
            .or_else(|| all.last().copied())
    }

    /// Whether an import runs before this place whenever this place runs.
    fn reaches(&self, import: Node<'t>) -> bool {
        match import.parent() {
            Some(parent) if parent.is("module") => true,
            Some(block) => {
                block.parent().is_some_and(|f| f.is("function_definition"))
                    && block.contains(self.at)
                    && import.start() < self.at.start()
            }
            None => false,
        }
    }

    /// The import statement that binds the root of an expression.
    fn import_of(&self, expression: Node<'t>) -> Option<Node<'t>> {
        let mut root = expression;
        while let Some(object) = root.field("object") {
            root = object;
        }
        let site = self.file.binding_site(root)?;
        site.ancestors()
            .find(|n| n.is_any(&["import_statement", "import_from_statement"]))
    }

    /// The import statement inside a function that binds the root of an expression.
    fn local_import(&self, expression: Node<'t>) -> Option<Node<'t>> {
        self.import_of(expression)
            .filter(|import| import.parent().is_some_and(|p| !p.is("module")))
    }

    fn new_line(
        &self,
        module: &str,
        name: Option<&str>,
        like: Option<Node<'t>>,
    ) -> Result<ImportEdit, Withheld> {
        let (module, name) = (module.to_owned(), name.map(str::to_owned));
        // Without a model, what is called at this place is one, if a function imports it for itself.
        let local = match like {
            Some(expression) => self.local_import(expression),
            None => std::iter::once(self.at)
                .chain(self.at.ancestors())
                .take_while(|n| !n.is_any(&["block", "module"]))
                .filter_map(Node::callee)
                .filter_map(|callee| self.local_import(callee))
                .find(|import| self.reaches(*import)),
        };
        if let Some(local) = local {
            let indentation = local.indentation().to_owned();
            let at = layout::next_line(self.file, local.end());
            return Ok(ImportEdit::Insert {
                at,
                indentation,
                blank_after: false,
                module,
                name,
            });
        }
        let (at, blank_after) = self.top();
        if !self.comes_before(at) {
            return withhold("the import would come after the code that needs it");
        }
        Ok(ImportEdit::Insert {
            at,
            indentation: String::new(),
            blank_after,
            module,
            name,
        })
    }

    /// Where a new top-level import goes, and whether an empty line follows it.
    fn top(&self) -> (usize, bool) {
        let statements = self.file.statements();
        let is_import = |n: &Node<'_>| n.is_any(&["import_statement", "import_from_statement"]);
        let docstring = self.file.docstring();
        let preamble = statements
            .iter()
            .take_while(|n| n.is("future_import_statement") || Some(**n) == docstring)
            .count();
        if let Some(first) = statements.iter().position(is_import) {
            let last = statements[first..]
                .iter()
                .take_while(|n| is_import(n))
                .last()
                .unwrap_or(&statements[first]);
            let after = layout::next_line(self.file, last.end());
            if self.comes_before(after) {
                return (after, false);
            }
        }
        match statements.get(preamble) {
            Some(first) => (self.with_gap_above(self.before_comments_of(*first)), true),
            None => (self.file.text().len(), false),
        }
    }

    /// A place below empty lines, or the one below the first of them if there are several: the others stay in front of what
    /// follows.
    fn with_gap_above(&self, at: usize) -> usize {
        let blank = |start: usize, end: usize| self.file.text()[start..end].trim().is_empty();
        let above = |at: usize| layout::previous_line(self.file, at).filter(|p| blank(*p, at));
        let mut first = at;
        while let Some(line) = above(first) {
            first = line;
        }
        // At the top of the file nothing stands above the empty lines.
        if first == at || first == 0 {
            return at;
        }
        layout::next_line(self.file, first)
    }

    /// The start of the line of a statement, or of the comment block that belongs to it: directly above it, but not at
    /// the top of the file, where shebang, encoding and licence stand.
    fn before_comments_of(&self, statement: Node<'t>) -> usize {
        let own = layout::line_start(self.file, statement.start());
        let mut at = own;
        while let Some(above) = layout::previous_line(self.file, at) {
            if !self.file.text()[above..at].trim_start().starts_with('#') {
                return at;
            }
            at = above;
        }
        own
    }
}

fn is_import_of(binding: &Binding, qualified: &str) -> bool {
    !binding.type_checking
        && matches!(&binding.kind, BindingKind::Import(target) if is_documented_as(target, qualified))
}

/// The edits that make the import changes of one or several fixes, each place touched once.
pub fn edits(file: &SourceFile, changes: &[ImportEdit]) -> Vec<TextEdit> {
    let mut changes = changes.to_vec();
    let retired = declarations::retired(file, &changes);
    let made_by = retired.iter().filter_map(|statement| {
        let value = statement.children().first()?.field("right")?;
        let class = value.unparenthesized().callee()?;
        release(file, class)
    });
    changes.extend(made_by.collect::<Vec<_>>());
    changes.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.cmp(b)));
    changes.dedup();
    let mut removed: Vec<Range<usize>> = retired
        .iter()
        .filter_map(|statement| layout::whole_lines(file, *statement))
        .collect();
    let mut result = Vec::new();
    for group in changes.chunk_by(|a, b| place(a) == place(b)) {
        match &group[0] {
            ImportEdit::Extend { start, end, .. }
            | ImportEdit::Release { start, end, .. }
            | ImportEdit::Keep { start, end, .. } => {
                if let Some(statement) = file.node_of_kind(*start..*end, "import_from_statement") {
                    result.extend(change(file, statement, group, &mut removed));
                }
            }
            ImportEdit::Insert { at, .. } => {
                let set_off = group.iter().all(|change| {
                    matches!(change, ImportEdit::Insert { blank_after, .. } if *blank_after)
                });
                result.push(insert(file, *at, set_off, group));
            }
            ImportEdit::Retire { .. } => {}
        }
    }
    let written: Vec<usize> = result.iter().map(|edit: &TextEdit| edit.start).collect();
    result.extend(declarations::removal(file, removed, &written));
    result
}

/// Changes that belong to the same edit have the same place: a statement's start, or where a line is inserted.
fn place(change: &ImportEdit) -> (usize, bool) {
    match change {
        ImportEdit::Extend { start, .. }
        | ImportEdit::Release { start, .. }
        | ImportEdit::Keep { start, .. }
        | ImportEdit::Retire { start, .. } => (*start, false),
        ImportEdit::Insert { at, .. } => (*at, true),
    }
}

/// Adds and removes names of one `from … import …`. If none is left its lines go to `removed`.
fn change(
    file: &SourceFile,
    statement: Node<'_>,
    group: &[ImportEdit],
    removed: &mut Vec<Range<usize>>,
) -> Vec<TextEdit> {
    let added: Vec<&str> = group
        .iter()
        .filter_map(|change| match change {
            ImportEdit::Extend { name, .. } => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let parts = statement.fields("name");
    let unused = |part: &Node<'_>| is_released(file, *part, group);
    match (parts.iter().all(unused), added.is_empty()) {
        (true, true) => {
            removed.extend(whole_import(file, statement));
            Vec::new()
        }
        (true, false) => match (parts.first(), parts.last()) {
            (Some(first), Some(last)) => {
                let names = first.start()..last.end();
                vec![TextEdit::replace(names, added.join(", "))]
            }
            _ => Vec::new(),
        },
        (false, _) => {
            // A name that comes where another one goes takes its place.
            let gone = parts.iter().copied().filter(unused);
            let renamed: Vec<(Node<'_>, &str)> = gone.zip(added.iter().copied()).collect();
            let replaced = |part: &Node<'_>| renamed.iter().any(|(gone, _)| gone == part);
            let mut edits = remove_parts(&parts, |part| unused(part) && !replaced(part));
            let in_place = renamed
                .iter()
                .map(|(part, name)| TextEdit::replace(part.range(), *name));
            edits.extend(in_place);
            if let Some(added) = added.get(renamed.len()..).filter(|rest| !rest.is_empty()) {
                edits.extend(extend(file, statement, added));
            }
            edits
        }
    }
}

/// Whether no use of the name that this part of an import binds remains.
fn is_released(file: &SourceFile, part: Node<'_>, group: &[ImportEdit]) -> bool {
    let bound = part
        .field("alias")
        .or_else(|| part.children().first().copied());
    let Some(bound) = bound else { return false };
    let kept = group
        .iter()
        .any(|c| matches!(c, ImportEdit::Keep { name, .. } if name == bound.text()));
    let is_taken_away = |read: Node<'_>| {
        group.iter().any(|c| {
            matches!(c, ImportEdit::Release { name, used_at, .. }
                if name == bound.text() && *used_at == read.start())
        })
    };
    let reads = file.reads(bound);
    !kept && !reads.is_empty() && reads.into_iter().all(is_taken_away)
}

/// The lines of an import that can be removed: no other code or comment shares them, and it is not all that a block
/// consists of.
fn whole_import(file: &SourceFile, statement: Node<'_>) -> Option<Range<usize>> {
    let lines = layout::whole_lines(file, statement)?;
    let comment_behind =
        file.text()[statement.end()..layout::line_end(file, statement.end())].contains('#');
    let only = statement
        .parent()
        .is_some_and(|p| p.is("block") && p.children().len() == 1);
    (!comment_behind && !only).then_some(lines)
}

/// Removes some names, but not all, with the commas and line breaks between them.
fn remove_parts(parts: &[Node<'_>], unused: impl Fn(&Node<'_>) -> bool) -> Vec<TextEdit> {
    let mut edits = Vec::new();
    let mut kept_before: Option<Node<'_>> = None;
    let mut run: Option<(Node<'_>, Node<'_>)> = None;
    for part in parts {
        if unused(part) {
            run = Some((run.map_or(*part, |(first, _)| first), *part));
        } else {
            if let Some((first, _)) = run.take() {
                edits.push(TextEdit::replace(first.start()..part.start(), ""));
            }
            kept_before = Some(*part);
        }
    }
    if let (Some((_, last)), Some(kept)) = (run, kept_before) {
        edits.push(TextEdit::replace(kept.end()..last.end(), ""));
    }
    edits
}

fn insert(file: &SourceFile, at: usize, blank_after: bool, group: &[ImportEdit]) -> TextEdit {
    let newline = layout::newline(file);
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    for change in group {
        let ImportEdit::Insert {
            indentation,
            module,
            name,
            ..
        } = change
        else {
            continue;
        };
        let head = match name {
            Some(_) => format!("{indentation}from {module} import "),
            None => format!("{indentation}import {module}"),
        };
        let known = lines.iter().position(|(h, _)| *h == head && name.is_some());
        match known {
            Some(i) => lines[i].1.extend(name.clone()),
            None => lines.push((head, name.iter().cloned().collect())),
        }
    }
    let mut text = String::new();
    // The last line of the file may lack its line ending.
    if at > 0 && !file.text()[..at].ends_with(['\n', '\r']) {
        text.push_str(newline);
    }
    for (head, names) in lines {
        text.push_str(&head);
        text.push_str(&names.join(", "));
        text.push_str(newline);
    }
    if blank_after {
        text.push_str(&newline.repeat(spacing::above(file, at)));
    }
    TextEdit::insert(at, text)
}

/// Adds names to a `from … import …`, in the layout it has.
fn extend(file: &SourceFile, statement: Node<'_>, names: &[&str]) -> Vec<TextEdit> {
    let Some(last) = statement.fields("name").last().copied() else {
        return Vec::new();
    };
    let parenthesised = statement.has_token(")");
    let own_line =
        parenthesised && last.line_prefix().trim().is_empty() && last.start() > statement.start();
    if !own_line {
        return vec![TextEdit::insert(
            last.end(),
            format!(", {}", names.join(", ")),
        )];
    }
    let step = format!("{}{}", layout::newline(file), last.indentation());
    let behind = &file.text()[last.end()..statement.end()];
    let trailing_comma = behind.trim_start().starts_with(',');
    let comment_behind = file.text()[last.end()..layout::line_end(file, last.end())].contains('#');
    let line_end = layout::line_end(file, last.end());
    match (trailing_comma, comment_behind) {
        (true, true) => {
            let added: String = names.iter().map(|name| format!("{step}{name},")).collect();
            vec![TextEdit::insert(line_end, added)]
        }
        (false, true) => {
            let added: Vec<String> = names.iter().map(|name| format!("{step}{name}")).collect();
            vec![
                TextEdit::insert(last.end(), ","),
                TextEdit::insert(line_end, added.join(",")),
            ]
        }
        (_, false) => {
            let added: String = names.iter().map(|name| format!(",{step}{name}")).collect();
            vec![TextEdit::insert(last.end(), added)]
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::text::edit;

    /// The file after the code between `«` and `»` was replaced by a qualified name, imported as needed. The expression
    /// between `‹` and `›`, if there is one, decides the style.
    fn written(marked: &str, qualified: &str, style: Style<'_>) -> Result<String, Withheld> {
        let plain = |text: &str| text.replace(['«', '»', '‹', '›'], "");
        let range = |open: char, close: char| {
            let (before, rest) = marked.split_once(open)?;
            let start = plain(before).len();
            Some(start..start + plain(rest.split_once(close)?.0).len())
        };
        let text = plain(marked);
        let file = SourceFile::parse(Path::new("a.py"), &text);
        let place = range('«', '»').expect("a marked place");
        let site = file.covering(place.clone()).expect("a node");
        let like = range('‹', '›').and_then(|range| file.covering(range));
        let (name, import) = symbol(&file, qualified, site, like.map_or(style, Style::Like))?;
        let mut changes = vec![TextEdit::replace(place, name)];
        changes.extend(edits(&file, &import.into_iter().collect::<Vec<_>>()));
        Ok(edit::apply(&text, &changes).expect("edits that fit"))
    }

    #[track_caller]
    fn becomes(marked: &str, qualified: &str, style: Style<'_>, expected: &str) {
        assert_eq!(written(marked, qualified, style).as_deref(), Ok(expected));
    }

    #[track_caller]
    fn withheld(marked: &str, qualified: &str, style: Style<'_>) {
        assert!(
            written(marked, qualified, style).is_err(),
            "{:?}",
            written(marked, qualified, style)
        );
    }

    #[test]
    fn what_is_bound_is_reused() {
        becomes(
            "from dataclasses import field as f\nx = «a»\n",
            "dataclasses.field",
            Style::From,
            "from dataclasses import field as f\nx = f\n",
        );
        becomes(
            "import asyncio as aio\nx = «a»\n",
            "asyncio.sleep",
            Style::Module,
            "import asyncio as aio\nx = aio.sleep\n",
        );
        becomes(
            "import os.path\nx = «a»\n",
            "os.path.join",
            Style::From,
            "import os.path\nx = os.path.join\n",
        );
        becomes(
            "def f():\n    import asyncio\n    «a»\n",
            "asyncio.sleep",
            Style::Module,
            "def f():\n    import asyncio\n    asyncio.sleep\n",
        );
    }

    #[test]
    fn twins_stay_together() {
        becomes(
            "from typing import Any\nfrom typing_extensions import Protocol\nclass P(‹Protocol›):\n    x = «a»\n",
            "typing.runtime_checkable",
            Style::From,
            "from typing import Any\nfrom typing_extensions import Protocol, runtime_checkable\nclass P(Protocol):\n    x = runtime_checkable\n",
        );
        becomes(
            "import typing_extensions as te\nclass P(‹te.Protocol›):\n    x = «a»\n",
            "typing.runtime_checkable",
            Style::From,
            "import typing_extensions as te\nclass P(te.Protocol):\n    x = te.runtime_checkable\n",
        );
        becomes(
            "from typing_extensions import Self\nfrom typing import Protocol\nclass P(‹Protocol›):\n    x = «a»\n",
            "typing.runtime_checkable",
            Style::From,
            "from typing_extensions import Self\nfrom typing import Protocol, runtime_checkable\nclass P(Protocol):\n    x = runtime_checkable\n",
        );
    }

    #[test]
    fn a_hidden_binding_is_not_reused() {
        becomes(
            "import asyncio\nfrom asyncio import sleep\ndef f(sleep):\n    «a»\n",
            "asyncio.sleep",
            Style::Module,
            "import asyncio\nfrom asyncio import sleep\ndef f(sleep):\n    asyncio.sleep\n",
        );
        withheld(
            "def f(asyncio, sleep):\n    «a»\n",
            "asyncio.sleep",
            Style::Module,
        );
        becomes(
            "if TYPE_CHECKING:\n    from asyncio import sleep as s\nx = «a»\n",
            "asyncio.sleep",
            Style::Module,
            "import asyncio\n\nif TYPE_CHECKING:\n    from asyncio import sleep as s\nx = asyncio.sleep\n",
        );
    }

    #[test]
    fn an_import_from_the_module_is_extended() {
        becomes(
            "from dataclasses import dataclass\n@‹dataclass›\nclass A:\n    x = «a»\n",
            "dataclasses.field",
            Style::From,
            "from dataclasses import dataclass, field\n@dataclass\nclass A:\n    x = field\n",
        );
        becomes(
            "from dataclasses import (\n    dataclass,\n    fields,\n)\nx = «a»\n",
            "dataclasses.field",
            Style::From,
            "from dataclasses import (\n    dataclass,\n    fields,\n    field,\n)\nx = field\n",
        );
        becomes(
            "from dataclasses import (\n    dataclass,\n    fields,  # both\n)\nx = «a»\n",
            "dataclasses.field",
            Style::From,
            "from dataclasses import (\n    dataclass,\n    fields,  # both\n    field,\n)\nx = field\n",
        );
        becomes(
            "from dataclasses import (\n    dataclass,\n    fields  # both\n)\nx = «a»\n",
            "dataclasses.field",
            Style::From,
            "from dataclasses import (\n    dataclass,\n    fields,  # both\n    field\n)\nx = field\n",
        );
        becomes(
            "from dataclasses import (dataclass, fields)\nx = «a»\n",
            "dataclasses.field",
            Style::From,
            "from dataclasses import (dataclass, fields, field)\nx = field\n",
        );
        becomes(
            "from dataclasses import dataclass, \\\n    fields\nx = «a»\n",
            "dataclasses.field",
            Style::From,
            "from dataclasses import dataclass, \\\n    fields\nfrom dataclasses import field\nx = field\n",
        );
        becomes(
            "from dataclasses import dataclass as dc  # data\r\nx = «a»\r\n",
            "dataclasses.field",
            Style::From,
            "from dataclasses import dataclass as dc, field  # data\r\nx = field\r\n",
        );
    }

    #[test]
    fn the_style_of_the_construct_decides() {
        let both = "import dataclasses as dc\nfrom dataclasses import dataclass\n";
        becomes(
            &format!("{both}@‹dc.dataclass›\nclass A:\n    x = «a»\n"),
            "dataclasses.field",
            Style::From,
            &format!("{both}@dc.dataclass\nclass A:\n    x = dc.field\n"),
        );
        becomes(
            &format!("{both}@‹dataclass›\nclass A:\n    x = «a»\n"),
            "dataclasses.field",
            Style::Module,
            "import dataclasses as dc\nfrom dataclasses import dataclass, field\n@dataclass\nclass A:\n    x = field\n",
        );
    }

    #[test]
    fn a_new_line_goes_below_the_first_imports() {
        becomes(
            "#!/usr/bin/env python\n\"\"\"Doc.\"\"\"\nfrom __future__ import annotations\n\nimport os\n# more\nimport sys\n\nx = 1\nimport late\ny = «a»\n",
            "asyncio.sleep",
            Style::Module,
            "#!/usr/bin/env python\n\"\"\"Doc.\"\"\"\nfrom __future__ import annotations\n\nimport os\n# more\nimport sys\nimport asyncio\n\nx = 1\nimport late\ny = asyncio.sleep\n",
        );
    }

    #[test]
    fn without_imports_it_goes_below_the_preamble() {
        becomes(
            "x = «a»\n",
            "asyncio.sleep",
            Style::Module,
            "import asyncio\n\nx = asyncio.sleep\n",
        );
        becomes(
            "#!/bin/python\n# Licence.\n\n\"\"\"Doc.\"\"\"\nfrom __future__ import annotations\n\n# about x\nx = «a»\n",
            "collections.abc.Iterator",
            Style::From,
            "#!/bin/python\n# Licence.\n\n\"\"\"Doc.\"\"\"\nfrom __future__ import annotations\n\nfrom collections.abc import Iterator\n\n# about x\nx = Iterator\n",
        );
        becomes(
            "# Licence.\r\nx = «a»\r\n",
            "asyncio.sleep",
            Style::Module,
            "# Licence.\r\nimport asyncio\r\n\r\nx = asyncio.sleep\r\n",
        );
    }

    #[test]
    fn a_taken_name_falls_back_to_the_module() {
        becomes(
            "import os\nfield = 1\nx = «a»\n",
            "dataclasses.field",
            Style::From,
            "import os\nimport dataclasses\nfield = 1\nx = dataclasses.field\n",
        );
        withheld(
            "def field(): ...\ndataclasses = 1\nx = «a»\n",
            "dataclasses.field",
            Style::From,
        );
    }

    #[test]
    fn local_imports_get_company() {
        becomes(
            "def f():\n    from dataclasses import dataclass\n    @‹dataclass›\n    class A:\n        x = «a»\n",
            "dataclasses.field",
            Style::From,
            "def f():\n    from dataclasses import dataclass, field\n    @dataclass\n    class A:\n        x = field\n",
        );
    }

    #[test]
    fn code_above_the_imports_gets_its_own() {
        becomes(
            "x = «a»\nimport os\n",
            "asyncio.sleep",
            Style::Module,
            "import asyncio\n\nx = asyncio.sleep\nimport os\n",
        );
    }

    #[test]
    fn changes_of_several_fixes_are_merged() {
        let file = SourceFile::parse(Path::new("a.py"), "from asyncio import gather\nx = 1\n");
        let extend = |name: &str| ImportEdit::Extend {
            start: 0,
            end: 26,
            name: name.into(),
        };
        let line = |module: &str, name: Option<&str>| ImportEdit::Insert {
            at: 27,
            indentation: String::new(),
            blank_after: false,
            module: module.into(),
            name: name.map(str::to_owned),
        };
        let changes = [
            extend("sleep"),
            line("typing", Some("B")),
            extend("run"),
            extend("sleep"),
            line("typing", Some("A")),
            line("os", None),
        ];
        let text = edit::apply(file.text(), &edits(&file, &changes)).expect("edits that fit");
        assert_eq!(
            text,
            "from asyncio import gather, run, sleep\nimport os\nfrom typing import A, B\nx = 1\n"
        );
    }

    /// The file after the uses of imported names between `«` and `»` became `None`, while another fix of the same run uses
    /// the `reused` name.
    #[track_caller]
    fn without(marked: &str, reused: Option<&str>, expected: &str) {
        let mut text = String::new();
        let mut places = Vec::new();
        for part in marked.split('«') {
            match part.split_once('»') {
                Some((name, rest)) => {
                    places.push(text.len()..text.len() + name.len());
                    text.push_str(name);
                    text.push_str(rest);
                }
                None => text.push_str(part),
            }
        }
        let file = SourceFile::parse(Path::new("a.py"), &text);
        let nodes = places.iter().map(|place| file.covering(place.clone()));
        let mut claims: Vec<ImportEdit> = nodes
            .flatten()
            .filter_map(|node| release(&file, node))
            .collect();
        if let Some(qualified) = reused {
            let site = file.statements().last().copied().expect("a statement");
            claims.extend(
                symbol(&file, qualified, site, Style::From)
                    .expect("a free name")
                    .1,
            );
        }
        let mut changes = edits(&file, &claims);
        changes.extend(
            places
                .into_iter()
                .map(|place| TextEdit::replace(place, "None")),
        );
        let text = edit::apply(&text, &changes).expect("edits that fit");
        assert_eq!(text, expected);
    }

    #[test]
    fn a_name_goes_with_its_last_use() {
        without(
            "from m import a, b\nx = «a»\n",
            None,
            "from m import b\nx = None\n",
        );
        without(
            "from m import b, a as c  # both\nx = [«c», «c»]\n",
            None,
            "from m import b  # both\nx = [None, None]\n",
        );
        without(
            "from m import a, b, c, d\nx = [«a», «b», «d»]\n",
            None,
            "from m import c\nx = [None, None, None]\n",
        );
        without(
            "from m import (\r\n    a,\r\n    b,\r\n)\r\nx = «b»\r\n",
            None,
            "from m import (\r\n    a,\r\n)\r\nx = None\r\n",
        );
        without(
            "from m import a, \\\n    b\nx = «a»\n",
            None,
            "from m import b\nx = None\n",
        );
    }

    #[test]
    fn an_import_without_names_goes() {
        without(
            "import os\nfrom m import a\nx = «a»\n",
            None,
            "import os\nx = None\n",
        );
        without(
            "from m import (a, b)\nx = [«a», «b»]\n",
            None,
            "x = [None, None]\n",
        );
        without(
            "def f():\n    from m import a\n    return «a»\n",
            None,
            "def f():\n    return None\n",
        );
    }

    #[test]
    fn a_name_that_something_needs_stays() {
        for kept in [
            "from m import a\nx = [«a», a]\n",
            "from m import a\n__all__ = ['a']\nx = «a»\n",
            "from m import a\ny: 'list[a]'\nx = «a»\n",
            "from m import a as a\nx = «a»\n",
            "from m import a  # noqa\nx = «a»\n",
            "from m import (\n    a,  # first\n    b,\n)\nx = «a»\n",
            "import os; from m import a\nx = «a»\n",
            "if y:\n    from m import a\nx = «a»\n",
            "try:\n    from m import a\nexcept ImportError:\n    from n import a\nx = «a»\n",
            "import a\nx = «a»\n",
        ] {
            without(kept, None, &kept.replace("«a»", "None"));
        }
    }

    #[test]
    fn a_name_that_another_fix_reuses_stays() {
        without(
            "from m import a\nx = «a»\n",
            Some("m.a"),
            "from m import a\nx = None\n",
        );
        without(
            "from m import a\nx = «a»\n",
            Some("m.b"),
            "from m import b\nx = None\n",
        );
        without(
            "from m import a, c\nx = [«a», c]\n",
            Some("m.b"),
            "from m import b, c\nx = [None, c]\n",
        );
        without(
            "from m import c, a\nx = [«a», c]\n",
            Some("m.b"),
            "from m import c, b\nx = [None, c]\n",
        );
    }
}
