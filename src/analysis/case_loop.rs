//! A test whose last statement is a loop over a table of cases.

use super::alike::is_plain;
use super::names::{BindingKind, MODULE, ScopeId};
use super::pytest::{classes_of_test, holds_tests};
use super::settings::FileSettings;
use super::source_file::{SourceFile, is_variable, is_written};
use super::syntax::Node;

/// Fixtures that are meant to be told something in each round.
const TOOLS: [&str; 5] = ["caplog", "capfd", "capsys", "mocker", "monkeypatch"];

/// A loop over a display of cases, with an assertion in it.
pub struct CaseLoop<'t> {
    /// The test.
    pub function: Node<'t>,
    /// The `for` statement.
    pub statement: Node<'t>,
    /// What it iterates over: the display, `{…}.items()`, or a name for either.
    pub iterable: Node<'t>,
    /// The display.
    pub display: Node<'t>,
    /// The name that stands for the display, if there is one.
    pub constant: Option<Node<'t>>,
}

impl<'t> CaseLoop<'t> {
    /// Reads a `for` statement.
    pub fn of(file: &'t SourceFile, settings: &FileSettings, statement: Node<'t>) -> Option<Self> {
        let function = statement
            .parent()
            .filter(|p| p.is("block"))?
            .parent()
            .filter(|p| p.is("function_definition"))?;
        let classes = classes_of_test(file, function)?;
        if statement.is_async()
            || statement.field("alternative").is_some()
            || statement.next().is_some()
            || !holds_tests(file, settings)
            || !classes.iter().all(|class| is_plain(file, *class))
        {
            return None;
        }
        let iterable = statement.field("right")?.unparenthesized();
        let (source, items) = match iterable.callee() {
            Some(callee)
                if callee.last_name() == Some("items") && iterable.arguments().is_empty() =>
            {
                (callee.field("object")?.unparenthesized(), true)
            }
            _ => (iterable, false),
        };
        let constant = source.is("identifier").then_some(source);
        let display = file.value(source)?;
        let fits = if items {
            display.is("dictionary")
        } else {
            display.is_any(&["list", "tuple", "set", "expression_list"])
        };
        let found = Self {
            function,
            statement,
            iterable,
            display,
            constant,
        };
        (fits && display.children().len() > 1 && found.has_independent_cases(file)).then_some(found)
    }

    /// The name of the display, if it belongs to the test itself.
    pub fn local_constant(&self, file: &SourceFile) -> Option<Node<'t>> {
        self.constant
            .filter(|name| file.names().owner(*name) == self.scope(file))
    }

    fn scope(&self, file: &SourceFile) -> Option<ScopeId> {
        file.names().scope_opened_by(self.function)
    }

    /// Whether each round could be a test of its own.
    fn has_independent_cases(&self, file: &'t SourceFile) -> bool {
        let Some(body) = self.statement.field("body") else {
            return false;
        };
        let asserts = body.children().iter().any(|s| s.is("assert_statement"));
        if !asserts || !self.is_made_at_import(file) {
            return false;
        }
        let nodes = body.descendants();
        let leaves = |n: &Node<'_>| {
            n.is_any(&[
                "break_statement",
                "return_statement",
                "yield",
                "global_statement",
                "nonlocal_statement",
            ]) || n.is("identifier") && ["subTest", "subtests"].contains(&n.text())
        };
        let prepared = self.prepared_names(file);
        !nodes.iter().any(leaves)
            && !nodes
                .iter()
                .filter(|n| n.is("identifier") && is_variable(**n))
                .any(|n| prepared.contains(&n.text()) || self.is_state(file, *n))
            && !nodes.iter().any(|n| self.changes_outside(file, *n))
    }

    /// Whether the display can be computed outside the test, and nothing else uses a name it has there.
    fn is_made_at_import(&self, file: &'t SourceFile) -> bool {
        let scope = self.scope(file);
        let of_test =
            |n: Node<'_>| n.is("identifier") && is_variable(n) && file.names().owner(n) == scope;
        let fixed = !self
            .display
            .descendants()
            .into_iter()
            .any(|n| of_test(n) || n.is_any(&["await", "yield", "named_expression"]));
        let owned = match self.constant {
            Some(name) if file.names().owner(name) == scope => file.reads(name).len() == 1,
            Some(name) => file.names().owner(name) == Some(MODULE),
            None => true,
        };
        fixed && owned
    }

    /// The names of things whose attributes or items the test sets before the loop.
    fn prepared_names(&self, file: &SourceFile) -> Vec<&'t str> {
        let before = std::iter::successors(self.statement.previous(), |s| s.previous());
        before
            .filter(|s| file.names().scope_opened_by(*s).is_none())
            .flat_map(Node::own_scope)
            .filter(|n| n.is_any(&["attribute", "subscript"]) && is_written(*n))
            .filter_map(|n| root(n))
            .map(Node::text)
            .collect()
    }

    /// Whether a variable was made by the test before the loop.
    fn is_state(&self, file: &SourceFile, identifier: Node<'t>) -> bool {
        let Some(scope) = self
            .scope(file)
            .filter(|s| file.names().owner(identifier) == Some(*s))
        else {
            return false;
        };
        let bindings = file.names().bindings_in(scope, identifier.text());
        bindings.iter().any(|binding| {
            !matches!(
                binding.kind,
                BindingKind::Parameter | BindingKind::Import(_)
            ) && file
                .node(binding.name)
                .is_some_and(|name| name.start() < self.statement.start())
        })
    }

    /// Whether a node of the loop changes something that was there before: a call for its own sake on a fixture or on
    /// `self`, or an assignment to an attribute or item of something that the round did not make.
    fn changes_outside(&self, file: &SourceFile, node: Node<'t>) -> bool {
        let made_here = |name: Node<'t>| {
            let names = file.names();
            let owner = names.owner(name);
            owner.is_some_and(|scope| {
                let here = |n: Node<'_>| {
                    self.statement.start() <= n.start() && n.end() <= self.statement.end()
                };
                names
                    .bindings_in(scope, name.text())
                    .iter()
                    .all(|b| file.node(b.name).is_some_and(here))
            })
        };
        match node.kind() {
            "attribute" | "subscript" if is_written(node) => {
                root(node).is_none_or(|n| !made_here(n))
            }
            "expression_statement" => {
                let calls = node.children();
                let call = calls.first().map(|c| {
                    if c.is("await") {
                        c.children().first().copied().unwrap_or(*c)
                    } else {
                        *c
                    }
                });
                call.and_then(Node::callee).is_some_and(|callee| {
                    root(callee).is_some_and(|name| {
                        callee.is("attribute")
                            && !TOOLS.contains(&name.text())
                            && self.scope(file).is_some()
                            && file.names().owner(name) == self.scope(file)
                            && !made_here(name)
                    })
                })
            }
            _ => false,
        }
    }
}

/// The variable that a chain of attributes, subscripts and calls starts with.
fn root(expression: Node<'_>) -> Option<Node<'_>> {
    let mut node = expression.unparenthesized();
    loop {
        node = match node.kind() {
            "attribute" => node.field("object")?,
            "subscript" => node.field("value")?,
            "call" => node.field("function")?,
            "identifier" => return Some(node),
            _ => return None,
        }
        .unparenthesized();
    }
}
