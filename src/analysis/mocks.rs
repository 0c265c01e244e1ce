//! What a test does with a mock: which attributes it calls, awaits and configures.

use super::expressions::{is_comprehension, is_display, is_literal};
use super::source_file::{SourceFile, is_written};
use super::syntax::Node;

/// A step of a call on a mock: `return_value` is the same as a call.
const CALL: &str = "()";

/// A subscript.
const ITEM: &str = "[]";

/// Methods of every mock that look at it or change how it answers: they are synchronous on an `AsyncMock`, too.
const OWN_METHODS: [&str; 6] = [
    "_mock_children",
    "attach_mock",
    "configure_mock",
    "mock_add_spec",
    "mock_calls",
    "reset_mock",
];

/// Functions and methods that replace an attribute of the object they are handed.
const REPLACING: [&str; 6] = [
    "attach_mock",
    "configure_mock",
    "mock_add_spec",
    "object",
    "seal",
    "setattr",
];

/// What happens to a mock, or to something reached through it, where its name is read.
pub struct MockUse<'t> {
    /// The steps from the mock: attributes, `()` for a call or `return_value`, `[]` for a subscript.
    path: Vec<&'t str>,
    /// The whole expression.
    expression: Node<'t>,
}

impl<'t> MockUse<'t> {
    /// Follows an expression from the name of the mock to its end.
    pub fn of(name: Node<'t>) -> Self {
        let mut path = Vec::new();
        let mut expression = name;
        while let Some(parent) = expression.parent() {
            match parent.kind() {
                "attribute" => {
                    let attribute = parent.field("attribute").map_or("", Node::text);
                    path.push(if attribute == "return_value" {
                        CALL
                    } else {
                        attribute
                    });
                }
                "call" if parent.field("function") == Some(expression) => path.push(CALL),
                "subscript" if parent.field("value") == Some(expression) => path.push(ITEM),
                "parenthesized_expression" => {}
                _ => break,
            }
            expression = parent;
        }
        Self { path, expression }
    }

    /// The whole expression, from the name to the last call, attribute or subscript.
    pub fn expression(&self) -> Node<'t> {
        self.expression
    }

    /// Whether the result of a call is awaited: `await mock(…)`, `await mock.ask(…)["text"]`.
    pub fn is_awaited_call(&self) -> bool {
        let call = self.path.iter().rposition(|step| *step == CALL);
        let only_items = |at: usize| self.path[at + 1..].iter().all(|step| *step == ITEM);
        call.is_some_and(only_items)
            && self.expression.parent().is_some_and(|p| p.is("await"))
            && !self
                .path
                .iter()
                .any(|step| is_own_method(step) || step.starts_with("__"))
    }

    /// Whether the mock itself is awaited, and no attribute of it.
    pub fn is_awaited_directly(&self) -> bool {
        self.path.first() == Some(&CALL) && self.is_awaited_call()
    }

    /// Whether a call is made whose result is not awaited, by the test itself.
    pub fn is_plain_call(&self) -> bool {
        self.path.contains(&CALL)
            && !self.is_awaited_call()
            && !is_written(self.expression)
            && !self.path.iter().any(|step| is_own_method(step))
    }

    /// What the code gives the attribute that it sets.
    fn assigned(&self) -> Option<Node<'t>> {
        let assignment = self.expression.parent().filter(|p| p.is("assignment"))?;
        (assignment.field("left") == Some(self.expression))
            .then(|| assignment.field("right"))
            .flatten()
    }

    /// Whether the mock is handed to something that may replace its attributes.
    fn may_be_replaced(&self) -> bool {
        if self
            .path
            .iter()
            .any(|s| ["attach_mock", "configure_mock", "mock_add_spec"].contains(s))
        {
            return true;
        }
        let list = self
            .expression
            .parent()
            .filter(|p| p.is("argument_list"))
            .and_then(Node::parent);
        let callee = list.and_then(Node::callee).and_then(Node::last_name);
        callee.is_some_and(|name| REPLACING.contains(&name))
    }
}

fn is_own_method(step: &str) -> bool {
    step.starts_with("assert_") || OWN_METHODS.contains(&step)
}

/// Whether the constructor of a mock says nothing about attributes: no `spec`, `wraps` or attribute of its own.
fn is_bare(constructor: Node<'_>) -> bool {
    constructor.arguments().into_iter().all(|argument| {
        argument.is("keyword_argument")
            && argument.field("name").is_some_and(|name| {
                ["name", "return_value", "side_effect", "unsafe"].contains(&name.text())
            })
    })
}

/// Whether what `awaited` awaits is surely no awaitable, if the mock is made by `constructor` and all its other uses are
/// `uses`.
pub fn is_unawaitable<'t>(
    file: &'t SourceFile,
    constructor: Node<'t>,
    uses: &[MockUse<'t>],
    awaited: &MockUse<'t>,
) -> bool {
    if !is_bare(constructor) || uses.iter().any(MockUse::may_be_replaced) {
        return false;
    }
    let Some(call) = awaited.path.iter().rposition(|step| *step == CALL) else {
        return false;
    };
    let path = &awaited.path[..=call];
    let keywords = [
        ("return_value", vec![CALL]),
        ("side_effect", vec!["side_effect"]),
    ];
    let by_keyword = keywords
        .into_iter()
        .filter_map(|(name, path)| Some((path, constructor.keyword(name)?)));
    let by_assignment = uses
        .iter()
        .filter_map(|used| Some((used.path.clone(), used.assigned()?)));
    by_keyword
        .chain(by_assignment)
        .all(|(target, value)| leaves_unawaitable(file, path, &target, value))
}

/// Whether giving `target` this value leaves the result of the call `path` something that cannot be awaited.
fn leaves_unawaitable(file: &SourceFile, path: &[&str], target: &[&str], value: Node<'_>) -> bool {
    if let Some((&"side_effect", of)) = target.split_last() {
        let called = path.starts_with(of) && path.get(of.len()) == Some(&CALL);
        return !called || of.len() + 1 == path.len() && gives_plain_values(file, value);
    }
    if target == path {
        return is_plain_value(file, value);
    }
    !path.starts_with(target)
}

/// Whether a `side_effect` gives results that cannot be awaited, and raises nothing itself.
fn gives_plain_values(file: &SourceFile, value: Node<'_>) -> bool {
    let value = value.unparenthesized();
    match value.kind() {
        "list" | "tuple" => {
            is_plain_value(file, value) && {
                let items = value.children();
                items
                    .into_iter()
                    .all(|item| !item.is_any(&["call", "identifier", "attribute"]))
            }
        }
        "lambda" => value
            .field("body")
            .is_some_and(|body| is_plain_value(file, body)),
        "identifier" => match file.function(value) {
            Some(function) => {
                let own = function.field("body").map(Node::own_scope);
                let own = own.unwrap_or_default();
                let plain = |n: &Node<'_>| {
                    !n.is("return_statement")
                        || n.children()
                            .first()
                            .is_none_or(|v| is_plain_value(file, *v))
                };
                !function.is_async()
                    && function.decorators().is_empty()
                    && own.iter().all(plain)
                    && !own.iter().any(|n| n.is_any(&["raise_statement", "yield"]))
            }
            None => file.local_value(value).is_some_and(|value| {
                value.is_any(&["list", "tuple", "lambda"]) && gives_plain_values(file, value)
            }),
        },
        _ => false,
    }
}

/// Whether a value is surely no awaitable: a literal, a display, a mock, an instance of some class.
fn is_plain_value(file: &SourceFile, value: Node<'_>) -> bool {
    let value = value.unparenthesized();
    if is_literal(value) || is_display(value) || is_comprehension(value) {
        return true;
    }
    match value.kind() {
        "expression_list"
        | "comparison_operator"
        | "not_operator"
        | "lambda"
        | "unary_operator" => true,
        "binary_operator" => ["left", "right"]
            .into_iter()
            .filter_map(|side| value.field(side))
            .any(|side| is_plain_value(file, side)),
        "identifier" => file
            .local_value(value)
            .is_some_and(|v| !v.is("identifier") && is_plain_value(file, v)),
        "call" => makes_plain_object(file, value),
        _ => false,
    }
}

/// Whether a call makes an object that is no future: of a class by its name, or of a builtin class.
fn makes_plain_object(file: &SourceFile, call: Node<'_>) -> bool {
    const AWAITABLE: [&str; 5] = ["Async", "Await", "Coro", "Future", "Task"];
    let Some(name) = call.callee().and_then(Node::last_name) else {
        return false;
    };
    let builtin = file
        .callee_name(call)
        .is_some_and(|name| name.starts_with("builtins."));
    let class = name.trim_start_matches('_').starts_with(char::is_uppercase);
    (builtin || class) && !AWAITABLE.iter().any(|word| name.contains(word))
}

/// Whether a dotted expression (`client.messages.create`) surely is an `AsyncMock`: its name stands for one, and nothing
/// in sight replaces what lies between.
pub fn is_async_mock(file: &SourceFile, expression: Node<'_>) -> bool {
    const DOUBTFUL: [&str; 3] = ["side_effect", "method_calls", "mock_calls"];
    let mut steps = Vec::new();
    let mut root = expression.unparenthesized();
    while root.is("attribute") {
        steps.push(root.field("attribute").map_or("", Node::text));
        let Some(object) = root.field("object") else {
            return false;
        };
        root = object.unparenthesized();
    }
    let plain = |step: &str| !step.starts_with("__") && !DOUBTFUL.contains(&step);
    if !root.is("identifier") || !steps.iter().all(|step| plain(step)) {
        return false;
    }
    let Some(constructor) = made_by(file, root) else {
        return false;
    };
    if !file.calls(constructor, &["unittest.mock.AsyncMock"]) {
        return false;
    }
    if steps.is_empty() {
        return true;
    }
    let path: Vec<&str> = steps
        .iter()
        .rev()
        .map(|step| if *step == "return_value" { CALL } else { step })
        .collect();
    let uses: Vec<MockUse<'_>> = file.reads(root).into_iter().map(MockUse::of).collect();
    let replaced = |used: &MockUse<'_>| {
        used.may_be_replaced() || is_written(used.expression) && path.starts_with(&used.path)
    };
    is_bare(constructor) && !uses.iter().any(replaced)
}

/// The call that made what a name stands for: its value, or what the fixture gives that fills in the parameter.
fn made_by<'t>(file: &'t SourceFile, name: Node<'t>) -> Option<Node<'t>> {
    if let Some(value) = file.local_value(name) {
        return Some(value).filter(|v| v.is("call"));
    }
    let (_, binding) = file.names().single_binding(name)?;
    if binding.kind != super::names::BindingKind::Parameter {
        return None;
    }
    let fixture = super::pytest::fixture_for(file, name)?;
    let own = fixture.field("body")?.own_scope();
    let mut given = own
        .iter()
        .filter(|n| n.is_any(&["return_statement", "yield"]))
        .filter_map(|n| n.children().first().copied());
    let (only, None) = (given.next()?, given.next()) else {
        return None;
    };
    let value = file.value(only)?.unparenthesized();
    let made_there = only.is("identifier") && {
        let uses = file.reads(only).into_iter().map(MockUse::of);
        let changed = |used: MockUse<'_>| {
            used.may_be_replaced() || is_written(used.expression) && used.path.last() != Some(&CALL)
        };
        uses.into_iter().any(changed)
    };
    (value.is("call") && !made_there).then_some(value)
}
