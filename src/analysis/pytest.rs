//! What pytest makes of a file: which functions are tests, which marks they carry, which functions are fixtures.

use super::ancestry::{base_class, bases, subclasses};
use super::names::{BindingKind, MODULE, ScopeId};
use super::settings::FileSettings;
use super::source_file::SourceFile;
use super::syntax::Node;

/// How far classes of the file that inherit from each other are followed.
const MAX_DEPTH: usize = 16;

/// Marks that hand a coroutine test to a plugin.
const ASYNC_MARKS: [&str; 9] = [
    "anyio",
    "asyncio",
    "asyncio_cooperative",
    "curio",
    "gen_test",
    "sanic",
    "tornado",
    "trio",
    "twisted",
];

/// Fixtures of plugins that run the coroutine tests which ask for them.
const ASYNC_FIXTURES: [&str; 4] = [
    "aiohttp_client",
    "aiohttp_raw_server",
    "aiohttp_server",
    "anyio_backend",
];

/// Decorators that leave a test a coroutine function if it is one.
const TRANSPARENT_DECORATORS: [&str; 7] = [
    "builtins.classmethod",
    "builtins.staticmethod",
    "typing.no_type_check",
    "unittest.mock.patch",
    "unittest.mock.patch.dict",
    "unittest.mock.patch.multiple",
    "unittest.mock.patch.object",
];

/// Whether a file holds tests: pytest collects it, or it has a name that pytest's defaults do not cover and imports
/// `pytest` all the same.
pub fn holds_tests(file: &SourceFile, settings: &FileSettings) -> bool {
    if settings.test_file {
        return true;
    }
    let name = file.path().file_stem().unwrap_or_default();
    let name = name.to_string_lossy();
    let excluded = name.starts_with("test_") || name.ends_with("_test");
    !excluded && imports_module(file, "pytest")
}

/// Whether the file imports this top-level module, or something from it.
pub fn imports_module(file: &SourceFile, name: &str) -> bool {
    file.spelled(name).into_iter().any(|word| {
        let dotted = word.parent().filter(|p| p.is("dotted_name"));
        let module = dotted.filter(|p| p.children().first() == Some(&word));
        let part = module.and_then(Node::parent);
        part.is_some_and(|p| match p.kind() {
            "import_from_statement" => p.field("module_name") == module,
            "aliased_import" => p.parent().is_some_and(|p| p.is("import_statement")),
            kind => kind == "import_statement",
        })
    })
}

/// The classes around a function that may be a test, innermost first: none for a function of the module. `None` if its
/// name is not that of a test, or if pytest does not look there: inside a function, a class of another name, a class
/// with an `__init__`.
pub fn classes_of_test<'t>(file: &SourceFile, function: Node<'t>) -> Option<Vec<Node<'t>>> {
    let named = |n: Node<'_>, prefix: &str| {
        n.field("name")
            .is_some_and(|name| name.text().starts_with(prefix))
    };
    if !named(function, "test") {
        return None;
    }
    let mut classes = Vec::new();
    let mut definition = function.definition();
    while let Some(class) = definition {
        let collected = class.is("class_definition")
            && (named(class, "Test") || is_unittest(suite(file, class)))
            && !defines(file, class, "__init__", MAX_DEPTH);
        if !collected {
            return None;
        }
        classes.push(class);
        definition = class.definition();
    }
    Some(classes)
}

fn is_unittest(suite: Suite) -> bool {
    matches!(suite, Suite::UnitTest | Suite::Asyncio)
}

/// Whether a class, or one of the file that it inherits from, binds a name.
fn defines(file: &SourceFile, class: Node<'_>, name: &str, depth: usize) -> bool {
    let names = file.names();
    names
        .scope_opened_by(class)
        .is_some_and(|scope| names.binds(scope, name))
        || depth > 0
            && bases(class).into_iter().any(|base| {
                let base = file.class(base_class(base));
                base.is_some_and(|base| defines(file, base, name, depth - 1))
            })
}

/// What runs the tests of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suite {
    /// pytest itself.
    Plain,
    /// `unittest.TestCase`, which calls coroutine tests and awaits nothing.
    UnitTest,
    /// `unittest.IsolatedAsyncioTestCase`, which awaits them.
    Asyncio,
    /// A base from elsewhere decides.
    Unknown,
}

/// What runs the tests of a class.
pub fn suite(file: &SourceFile, class: Node<'_>) -> Suite {
    suite_within(file, class, MAX_DEPTH)
}

fn suite_within(file: &SourceFile, class: Node<'_>, depth: usize) -> Suite {
    let of_base = |base: Node<'_>| {
        let base = base_class(base);
        match file.qualified_name(base).as_deref() {
            Some("unittest.TestCase") => Suite::UnitTest,
            Some(
                "unittest.IsolatedAsyncioTestCase" | "unittest.async_case.IsolatedAsyncioTestCase",
            ) => Suite::Asyncio,
            Some("abc.ABC" | "builtins.object" | "typing.Generic" | "typing.Protocol") => {
                Suite::Plain
            }
            Some(_) => Suite::Unknown,
            None => match file.class(base) {
                Some(class) if depth > 0 => suite_within(file, class, depth - 1),
                _ => Suite::Unknown,
            },
        }
    };
    bases(class)
        .into_iter()
        .map(of_base)
        .max()
        .unwrap_or(Suite::Plain)
}

/// The marks of a test, as far as the file tells.
#[derive(Debug, Default)]
pub struct Marks<'t> {
    /// The mark expressions: `pytest.mark.slow`, `pytest.mark.skipif(…)`.
    known: Vec<(String, Node<'t>)>,
    /// Something else decorates the test, or may be among its marks.
    unknown: bool,
}

impl<'t> Marks<'t> {
    /// Whether a mark of this name is certainly there.
    pub fn has(&self, name: &str) -> bool {
        self.known.iter().any(|(mark, _)| mark == name)
    }

    /// Whether a coroutine test with these marks may be run by something.
    fn may_run_coroutines(&self) -> bool {
        let by_fixture = |call: &Node<'_>| {
            let named = |n: Node<'_>| n.is("string_content") && ASYNC_FIXTURES.contains(&n.text());
            call.descendants().into_iter().any(named)
        };
        self.unknown
            || self.known.iter().any(|(mark, expression)| {
                ASYNC_MARKS.contains(&mark.as_str())
                    || mark == "usefixtures" && by_fixture(expression)
            })
    }

    fn add(&mut self, file: &'t SourceFile, expression: Node<'t>, depth: usize) {
        let expression = expression.unparenthesized();
        if let Some(name) = mark_name(file, expression) {
            self.known.push((name, expression));
            return;
        }
        match expression.kind() {
            "list" | "tuple" | "expression_list" => {
                for item in expression.children() {
                    self.add(file, item, depth);
                }
            }
            "identifier" if depth > 0 => match file.local_value(expression) {
                Some(value) => self.add(file, value, depth - 1),
                None => self.unknown = true,
            },
            _ => self.unknown = true,
        }
    }

    fn add_decorators(&mut self, file: &'t SourceFile, definition: Node<'t>) {
        for decorator in definition.decorators() {
            let callee = decorator.callee().unwrap_or(decorator);
            if !file.is_one_of(callee, &TRANSPARENT_DECORATORS) {
                self.add(file, decorator, MAX_DEPTH);
            }
        }
    }

    /// The marks that `pytestmark` gives everything in a scope.
    fn add_scope(&mut self, file: &'t SourceFile, scope: ScopeId) {
        for binding in file.names().bindings_in(scope, "pytestmark") {
            match binding.kind {
                BindingKind::Value(value) => match file.node(value) {
                    Some(value) => self.add(file, value, MAX_DEPTH),
                    None => self.unknown = true,
                },
                BindingKind::Annotation => {}
                _ => self.unknown = true,
            }
        }
    }

    /// The marks of a class: its own, and those that it inherits.
    fn add_class(&mut self, file: &'t SourceFile, class: Node<'t>, depth: usize) {
        self.add_decorators(file, class);
        if let Some(scope) = file.names().scope_opened_by(class) {
            self.add_scope(file, scope);
        }
        for base in bases(class) {
            match file.class(base_class(base)) {
                Some(base) if depth > 0 => self.add_class(file, base, depth - 1),
                _ => {}
            }
        }
    }
}

/// The name of a mark: `slow` of `pytest.mark.slow` and of `pytest.mark.slow(…)`.
pub fn mark_name(file: &SourceFile, expression: Node<'_>) -> Option<String> {
    let name = file.qualified_name(expression.callee().unwrap_or(expression))?;
    let mark = name.strip_prefix("pytest.mark.")?;
    (!mark.contains('.')).then(|| mark.to_owned())
}

/// The marks that `pytestmark` gives everything in the file.
pub fn module_marks(file: &SourceFile) -> Marks<'_> {
    let mut marks = Marks::default();
    marks.add_scope(file, MODULE);
    marks
}

/// The marks of a test: its decorators, those of its classes, and what `pytestmark` says there.
pub fn marks<'t>(file: &'t SourceFile, function: Node<'t>) -> Marks<'t> {
    let mut marks = module_marks(file);
    marks.add_decorators(file, function);
    let classes = std::iter::successors(function.definition(), |class| class.definition());
    for class in classes.filter(|c| c.is("class_definition")) {
        marks.add_class(file, class, MAX_DEPTH);
    }
    marks
}

/// The names of a function's parameters that pytest fills in: those without a default, `self` included.
pub fn requested(function: Node<'_>) -> Vec<Node<'_>> {
    let parameters = function.field("parameters").map(Node::children);
    parameters
        .unwrap_or_default()
        .into_iter()
        .filter_map(|parameter| match parameter.kind() {
            "identifier" => Some(parameter),
            "typed_parameter" => parameter
                .children()
                .first()
                .copied()
                .filter(|n| n.is("identifier")),
            _ => None,
        })
        .collect()
}

/// The function that an identifier is a parameter of, if pytest fills it in.
pub fn function_with_parameter(identifier: Node<'_>) -> Option<Node<'_>> {
    let list = identifier
        .ancestors()
        .take(2)
        .find(|n| n.is("parameters"))?;
    let function = list.parent()?;
    requested(function)
        .contains(&identifier)
        .then_some(function)
}

/// A coroutine test that nothing runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unrun {
    /// pytest collects it, and no plugin is asked to run it.
    ByPytest,
    /// It is a method of a `unittest.TestCase`.
    ByUnitTest,
}

/// Whether a function is a coroutine test that nothing runs, as far as its file tells.
pub fn unrun_coroutine_test(
    file: &SourceFile,
    settings: &FileSettings,
    function: Node<'_>,
) -> Option<Unrun> {
    let name = function.field("name").filter(|_| function.is_async())?;
    if settings.coroutines_run || !name.text().starts_with("test") || !holds_tests(file, settings) {
        return None;
    }
    let conftest = file.path().file_name().is_some_and(|n| n == "conftest.py");
    let classes = classes_of_test(file, function).filter(|_| !conftest)?;
    let suite = classes.iter().map(|class| suite(file, *class)).max();
    let unrun = match suite.unwrap_or(Suite::Plain) {
        Suite::Plain => Unrun::ByPytest,
        Suite::UnitTest => Unrun::ByUnitTest,
        Suite::Asyncio | Suite::Unknown => return None,
    };
    if classes.iter().any(|class| is_mixed_in(file, *class)) {
        return None;
    }
    let marks = marks(file, function);
    let marked = function
        .decorators()
        .into_iter()
        .any(|decorator| mark_name(file, decorator).is_some());
    // Without pytest's word that it collects the file, a mark tells that this is a test.
    if marks.may_run_coroutines() || !settings.test_file && !marked {
        return None;
    }
    let run_by_fixture = requested(function)
        .iter()
        .any(|p| ASYNC_FIXTURES.contains(&p.text()));
    let excluded = std::iter::once(MODULE)
        .chain(
            classes
                .iter()
                .filter_map(|c| file.names().scope_opened_by(*c)),
        )
        .any(|scope| file.names().binds(scope, "__test__"));
    (!run_by_fixture && !excluded && !is_used(file, function, name)).then_some(unrun)
}

/// Whether a class of the file mixes this one with another, which may run its coroutines.
fn is_mixed_in(file: &SourceFile, class: Node<'_>) -> bool {
    let several = |subclass: Node<'_>| bases(subclass).len() > 1;
    subclasses(file, class).into_iter().any(several)
}

/// Whether the file itself uses a test: `asyncio.run(test_reply())`.
fn is_used(file: &SourceFile, function: Node<'_>, name: Node<'_>) -> bool {
    if function.definition().is_none() {
        return !file.reads(name).is_empty();
    }
    let is_attribute = |n: &Node<'_>| {
        n.parent()
            .is_some_and(|p| p.is("attribute") && p.field("attribute") == Some(*n))
    };
    file.spelled(name.text()).iter().any(is_attribute)
}

/// The decorator that makes a function a fixture, its call included.
pub fn fixture_decorator<'t>(file: &SourceFile, function: Node<'t>) -> Option<Node<'t>> {
    const FIXTURES: [&str; 2] = ["pytest.fixture", "pytest_asyncio.fixture"];
    function
        .decorators()
        .into_iter()
        .find(|decorator| file.is_one_of(decorator.callee().unwrap_or(*decorator), &FIXTURES))
}

/// The fixture of this file that fills in a parameter, if it is a function of the module under that name.
pub fn fixture_for<'t>(file: &'t SourceFile, parameter: Node<'_>) -> Option<Node<'t>> {
    let [binding] = file.names().bindings_in(MODULE, parameter.text()) else {
        return None;
    };
    let BindingKind::Function(key) = binding.kind else {
        return None;
    };
    let function = file.node(key)?;
    let decorator = fixture_decorator(file, function)?;
    decorator.keyword("name").is_none().then_some(function)
}
