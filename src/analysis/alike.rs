//! Tests that are copies of each other but for the values in them.

use super::coroutine::method_call;
use super::pytest::{Suite, classes_of_test, holds_tests, suite};
use super::settings::FileSettings;
use super::source_file::SourceFile;
use super::syntax::Node;

/// So many tests of one statement are worth a table; of longer ones two are.
const ONE_LINERS: usize = 3;

/// A literal, or a display of nothing but literals.
pub fn is_literal(node: Node<'_>) -> bool {
    match node.kind() {
        "integer" | "float" | "true" | "false" | "none" => true,
        "string" => !node.children().iter().any(|c| c.is("interpolation")),
        "concatenated_string" | "list" | "tuple" | "set" => {
            node.children().into_iter().all(is_literal)
        }
        "dictionary" => node
            .children()
            .into_iter()
            .all(|pair| pair.is("pair") && pair.children().into_iter().all(is_literal)),
        "unary_operator" => node
            .field("argument")
            .is_some_and(|n| n.is_any(&["integer", "float"])),
        _ => false,
    }
}

/// The statements of a function without its docstring.
pub fn statements(function: Node<'_>) -> Vec<Node<'_>> {
    let docstring = function.docstring();
    let mut body = function.body();
    body.retain(|statement| Some(*statement) != docstring);
    body
}

/// The literals in which two functions differ, each as the one of `a` and the one of `b`, in source order. `None` if they
/// differ in anything else than their names, docstrings and comments.
pub fn differences<'t>(a: Node<'t>, b: Node<'t>) -> Option<Vec<(Node<'t>, Node<'t>)>> {
    let text_of = |function: Node<'t>, field: &str| function.field(field).map(Node::text);
    let same_head = a.is_async() == b.is_async()
        && ["parameters", "return_type", "type_parameters"]
            .into_iter()
            .all(|field| text_of(a, field) == text_of(b, field))
        && a.decorators()
            .into_iter()
            .map(Node::text)
            .eq(b.decorators().into_iter().map(Node::text));
    let (left, right) = (statements(a), statements(b));
    if !same_head || left.len() != right.len() {
        return None;
    }
    let mut found = Vec::new();
    let mut open: Vec<(Node<'t>, Node<'t>)> = left.into_iter().zip(right).rev().collect();
    while let Some((a, b)) = open.pop() {
        if is_literal(a) && is_literal(b) {
            if a.text() != b.text() {
                found.push((a, b));
            }
            continue;
        }
        if a.kind() != b.kind() {
            return None;
        }
        let (inside, other) = (parts(a), parts(b));
        if inside.len() != other.len() {
            return None;
        }
        if inside.is_empty() && a.text() != b.text() {
            if !a.is("string_content") {
                return None;
            }
            found.push((a, b));
        }
        open.extend(inside.into_iter().zip(other).rev());
    }
    Some(found)
}

/// What a node consists of, comments and line continuations left out.
fn parts(node: Node<'_>) -> Vec<Node<'_>> {
    let mut parts = node.tokens();
    parts.retain(|part| !part.is_any(&["comment", "line_continuation"]));
    parts
}

/// Whether a function is a test that can be parametrized and checks something.
pub fn is_checking_test(file: &SourceFile, settings: &FileSettings, function: Node<'_>) -> bool {
    let named = function
        .field("name")
        .is_some_and(|n| n.text().starts_with("test"));
    named
        && holds_tests(file, settings)
        && classes_of_test(file, function)
            .is_some_and(|classes| classes.iter().all(|class| is_plain(file, *class)))
        && function.field("body").is_some_and(|body| {
            body.own_scope()
                .into_iter()
                .any(|n| n.is("assert_statement") || raises(file, n))
        })
}

/// Whether pytest itself runs the tests of a class, as far as the file tells: `parametrize` does nothing for unittest.
pub fn is_plain(file: &SourceFile, class: Node<'_>) -> bool {
    let test_case = |base: Node<'_>| {
        let name = super::ancestry::base_class(base).last_name();
        name.is_none_or(|name| name.ends_with("TestCase"))
    };
    match suite(file, class) {
        Suite::Plain => true,
        Suite::UnitTest | Suite::Asyncio => false,
        Suite::Unknown => !super::ancestry::bases(class).into_iter().any(test_case),
    }
}

/// Whether a node is a call of `pytest.raises`.
fn raises(file: &SourceFile, node: Node<'_>) -> bool {
    node.callee().and_then(Node::last_name) == Some("raises")
        && (file.calls(node, &["pytest.raises"])
            || method_call(node).is_some_and(|(object, _)| object.text() == "pytest"))
}

/// The tests beside `function` that are alike but for their values, in source order, `function` left out. It does not
/// look further once `enough` says so about those found.
pub fn tests_alike<'t>(
    file: &'t SourceFile,
    function: Node<'t>,
    mut enough: impl FnMut(&[Node<'t>]) -> bool,
) -> Vec<Node<'t>> {
    let mut found: Vec<Node<'t>> = Vec::new();
    let Some(rarest) = rarest_name(file, function) else {
        return found;
    };
    let place = |definition: Node<'_>| definition.definition().map(Node::range);
    let beside = place(function);
    let mut last = function.start();
    for use_of_it in file.spelled(rarest) {
        let around = use_of_it.definition();
        let mut around = std::iter::successors(around, |d| d.definition());
        let sibling = around.find(|d| d.is("function_definition") && place(*d) == beside);
        let Some(other) = sibling.filter(|s| s.start() != last && *s != function) else {
            continue;
        };
        last = other.start();
        let same_name =
            other.field("name").map(Node::text) == function.field("name").map(Node::text);
        if !same_name && differences(other, function).is_some() {
            found.push(other);
            if enough(&found) {
                break;
            }
        }
    }
    found
}

/// The name in a function that the fewest parts of the file use: a copy uses it, too.
fn rarest_name<'t>(file: &SourceFile, function: Node<'t>) -> Option<&'t str> {
    let uses = |n: &Node<'_>| file.names().segments_spelling(n.text()).len();
    let nodes = statements(function).into_iter().flat_map(Node::descendants);
    nodes
        .filter(|n| n.is("identifier"))
        .min_by_key(uses)
        .map(Node::text)
}

/// The first of the tests that `function` is a copy of, if there are enough of them and a value is another one.
pub fn original<'t>(
    file: &'t SourceFile,
    settings: &FileSettings,
    function: Node<'t>,
) -> Option<Node<'t>> {
    if !is_checking_test(file, settings, function) {
        return None;
    }
    let needed = if statements(function).len() == 1 {
        ONE_LINERS
    } else {
        2
    };
    let alike = tests_alike(file, function, |found| found.len() + 1 >= needed);
    let first = alike
        .first()
        .copied()
        .filter(|first| alike.len() + 1 >= needed && first.start() < function.start())?;
    differences(first, function)
        .is_some_and(|values| !values.is_empty())
        .then_some(first)
}
