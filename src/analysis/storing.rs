//! Classes that do nothing in `__init__` but store their arguments, and whose other generated-looking methods a dataclass
//! would generate.

use super::ancestry::{arguments, subclasses};
use super::mutable::mutable_value;
use super::source_file::SourceFile;
use super::syntax::Node;

/// A parameter of `__init__` that is stored under its own name.
#[derive(Debug, Clone, Copy)]
pub struct Stored<'t> {
    /// The parameter's name.
    pub name: Node<'t>,
    /// The annotation of the parameter, or else of the attribute.
    pub annotation: Option<Node<'t>>,
    /// The default value.
    pub default: Option<Node<'t>>,
    /// The container that is made where the argument is `None`.
    pub fresh: Option<Node<'t>>,
}

/// How `__eq__` compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// Whether the other object's class is checked.
    pub guarded: bool,
    /// Whether everything in `__dict__` counts.
    pub whole_dict: bool,
}

/// A class that only stores its constructor arguments.
#[derive(Debug, Clone)]
pub struct StoringClass<'t> {
    /// The `class_definition`.
    pub class: Node<'t>,
    /// Its `__init__`.
    pub init: Node<'t>,
    /// What is stored, in the order of the parameters.
    pub stored: Vec<Stored<'t>>,
    /// Whether all parameters are keyword-only.
    pub keyword_only: bool,
    /// A `__repr__` that shows every attribute.
    pub repr: Option<Node<'t>>,
    /// An `__eq__` that compares every attribute.
    pub eq: Option<(Node<'t>, Comparison)>,
}

/// Methods with which a class is more than a record.
const SPECIAL: [&str; 10] = [
    "__delattr__",
    "__getattr__",
    "__getattribute__",
    "__hash__",
    "__init_subclass__",
    "__new__",
    "__post_init__",
    "__setattr__",
    "__setstate__",
    "__getnewargs__",
];

impl<'t> StoringClass<'t> {
    /// Reads a class; `None` if it is anything else.
    pub fn of(file: &'t SourceFile, class: Node<'t>) -> Option<Self> {
        let plain_header = !class.decorated().is("decorated_definition")
            && arguments(class)
                .into_iter()
                .all(|base| file.is_builtin(base, "object"));
        if !plain_header {
            return None;
        }
        let docstring = class.docstring();
        let mut methods = class.body();
        methods.retain(|statement| Some(*statement) != docstring);
        let only_methods = methods
            .iter()
            .all(|m| m.undecorated().is("function_definition"));
        let init = only_methods.then(|| methods.iter().find(|m| is_named(**m, "__init__")))??;
        let (stored, keyword_only) = stored_arguments(file, *init)?;
        let scope = file.names().scope_opened_by(class)?;
        let bindings = |name: &str| file.names().bindings_in(scope, name).len();
        let is_record = SPECIAL.iter().all(|name| bindings(name) == 0)
            && stored.iter().all(|s| bindings(s.name.text()) == 0)
            && ["__init__", "__repr__", "__eq__"]
                .iter()
                .all(|name| bindings(name) <= 1);
        if !is_record || !subclasses(file, class).is_empty() {
            return None;
        }
        let undecorated = |name: &str| methods.iter().find(|m| is_named(**m, name)).copied();
        let has = |name: &str| bindings(name) == 1;
        let names: Vec<&str> = stored.iter().map(|s| s.name.text()).collect();
        let repr = if has("__repr__") {
            Some(undecorated("__repr__").filter(|repr| shows_all(*repr, &names))?)
        } else {
            None
        };
        let eq = if has("__eq__") {
            let eq = undecorated("__eq__")?;
            Some((eq, comparison(file, eq, &names)?))
        } else {
            None
        };
        Some(Self {
            class,
            init: *init,
            stored,
            keyword_only,
            repr,
            eq,
        })
    }

    /// Whether `__repr__` gives the text that a dataclass would.
    pub fn has_generated_repr(&self) -> bool {
        let (Some(repr), Some(name)) = (self.repr, self.class.field("name")) else {
            return false;
        };
        let (Some(returned), Some(receiver)) = (returned(repr), receiver(repr)) else {
            return false;
        };
        let strings = if returned.is("concatenated_string") {
            returned.children()
        } else {
            vec![returned]
        };
        let written: String = strings.iter().map(|s| content(*s)).collect();
        let fields: Vec<String> = self
            .stored
            .iter()
            .map(|s| format!("{0}={{{receiver}.{0}!r}}", s.name.text()))
            .collect();
        let mut heads = vec![
            format!("{{type({receiver}).__qualname__}}"),
            format!("{{{receiver}.__class__.__qualname__}}"),
        ];
        if self.class.definition().is_none() {
            heads.push(name.text().to_owned());
            heads.push(format!("{{type({receiver}).__name__}}"));
            heads.push(format!("{{{receiver}.__class__.__name__}}"));
        }
        let formatted = strings.iter().all(|s| s.text().starts_with(['f', 'F']));
        formatted
            && heads
                .iter()
                .any(|head| written == format!("{head}({})", fields.join(", ")))
    }
}

/// Whether a statement is an undecorated plain `def` of that name.
fn is_named(statement: Node<'_>, name: &str) -> bool {
    statement.is("function_definition")
        && !statement.is_async()
        && statement.field("type_parameters").is_none()
        && statement.field("name").is_some_and(|n| n.text() == name)
}

/// What a string literal holds between its quotes.
fn content(string: Node<'_>) -> &str {
    let parts = string.children();
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        return "";
    };
    string
        .text()
        .get(first.end() - string.start()..last.start() - string.start())
        .unwrap_or_default()
}

/// The name of a method's first parameter.
fn receiver(method: Node<'_>) -> Option<&str> {
    let first = method.field("parameters")?.children().first().copied()?;
    first.is("identifier").then(|| first.text())
}

/// The statements of a function without its docstring.
fn statements(function: Node<'_>) -> Vec<Node<'_>> {
    let docstring = function.docstring();
    let mut body = function.body();
    body.retain(|statement| Some(*statement) != docstring);
    body
}

/// What a function of one `return` statement returns.
fn returned(function: Node<'_>) -> Option<Node<'_>> {
    match statements(function)[..] {
        [only] => result(only),
        _ => None,
    }
}

/// What a `return` statement returns.
fn result(statement: Node<'_>) -> Option<Node<'_>> {
    match statement.children()[..] {
        [value] if statement.is("return_statement") => Some(value.unparenthesized()),
        _ => None,
    }
}

/// The parameters of an `__init__` that stores each of them under its name and does nothing else, and whether they are
/// keyword-only.
fn stored_arguments<'t>(file: &'t SourceFile, init: Node<'t>) -> Option<(Vec<Stored<'t>>, bool)> {
    let receiver = receiver(init)?;
    let mut parameters = init.field("parameters")?.children().split_off(1);
    let keyword_only = parameters
        .first()
        .is_some_and(|p| p.is("keyword_separator"));
    if keyword_only {
        parameters.remove(0);
    }
    let statements = statements(init);
    if parameters.len() < 2 || parameters.len() != statements.len() {
        return None;
    }
    let mut stored = Vec::new();
    for parameter in parameters {
        let name = match parameter.kind() {
            "identifier" => parameter,
            "typed_parameter" => parameter.children().first().copied()?,
            "default_parameter" | "typed_default_parameter" => parameter.field("name")?,
            _ => return None,
        };
        if !name.is("identifier") || name.text().starts_with("__") {
            return None;
        }
        let default = parameter.field("value");
        let mut storing = statements.iter().filter_map(|statement| {
            let attribute = stored_in(*statement, receiver)?;
            (attribute.last_name() == Some(name.text())).then(|| attribute.parent())?
        });
        let (assignment, None) = (storing.next()?, storing.next()) else {
            return None;
        };
        let value = assignment.field("right")?;
        let fresh = if value.is("identifier") && value.text() == name.text() {
            None
        } else {
            let may_be_none = default.is_some_and(|d| d.is("none"));
            Some(fresh_value(file, value, name).filter(|_| may_be_none)?)
        };
        stored.push(Stored {
            name,
            annotation: parameter.field("type").or_else(|| assignment.field("type")),
            default,
            fresh,
        });
    }
    let own_names_only = stored.iter().filter_map(|s| s.fresh).all(|fresh| {
        fresh.descendants().into_iter().all(|n| {
            !n.is("identifier")
                || (n.text() != receiver && stored.iter().all(|s| s.name.text() != n.text()))
        })
    });
    own_names_only.then_some((stored, keyword_only))
}

/// The attribute of the receiver that a statement assigns to.
fn stored_in<'t>(statement: Node<'t>, receiver: &str) -> Option<Node<'t>> {
    let assignment = match statement.children()[..] {
        [only] if statement.is("expression_statement") && only.is("assignment") => only,
        _ => return None,
    };
    assignment.field("left").filter(|left| {
        left.is("attribute")
            && left
                .field("object")
                .is_some_and(|o| o.is("identifier") && o.text() == receiver)
    })
}

/// The container of `[] if name is None else name`, `name if name is not None else []` or `name or []`.
fn fresh_value<'t>(file: &'t SourceFile, value: Node<'t>, name: Node<'t>) -> Option<Node<'t>> {
    let value = value.unparenthesized();
    let is_name = |n: Node<'_>| n.is("identifier") && n.text() == name.text();
    let fresh = match value.kind() {
        "boolean_operator" if value.has_token("or") => {
            value.field("left").filter(|left| is_name(*left))?;
            value.field("right")?
        }
        "conditional_expression" => {
            let [first, condition, last] = value.children()[..] else {
                return None;
            };
            if is_name(last) && is_none_test(condition, name, "is") {
                first
            } else if is_name(first) && is_none_test(condition, name, "is not") {
                last
            } else {
                return None;
            }
        }
        _ => return None,
    };
    mutable_value(file, fresh).map(|_| fresh)
}

/// Whether a condition is `name is None`, or `name is not None`; plain truth counts, too.
fn is_none_test(condition: Node<'_>, name: Node<'_>, operator: &str) -> bool {
    let condition = condition.unparenthesized();
    let is_name = |n: Node<'_>| n.is("identifier") && n.text() == name.text();
    match condition.kind() {
        "identifier" => operator == "is not" && is_name(condition),
        "not_operator" => operator == "is" && condition.field("argument").is_some_and(is_name),
        "comparison_operator" => match condition.children()[..] {
            [left, right] => is_name(left) && right.is("none") && condition.has_token(operator),
            _ => false,
        },
        _ => false,
    }
}

/// Whether a `__repr__` returns one formatted string with every attribute in it.
fn shows_all(repr: Node<'_>, names: &[&str]) -> bool {
    let (Some(returned), Some(receiver)) = (returned(repr), receiver(repr)) else {
        return false;
    };
    let formats = match returned.kind() {
        "string" | "concatenated_string" => true,
        "call" => returned.callee().is_some_and(|callee| {
            callee.last_name() == Some("format") && callee.field("object").is_some_and(is_text)
        }),
        "binary_operator" => returned.has_token("%") && returned.field("left").is_some_and(is_text),
        _ => false,
    };
    let nodes = returned.descendants();
    formats
        && names.iter().all(|name| {
            nodes
                .iter()
                .any(|n| attribute_of(*n, receiver) == Some(name))
        })
}

fn is_text(node: Node<'_>) -> bool {
    node.unparenthesized()
        .is_any(&["string", "concatenated_string"])
}

/// The name of an attribute of that object.
fn attribute_of<'t>(node: Node<'t>, object: &str) -> Option<&'t str> {
    let found = node.is("attribute")
        && node
            .field("object")
            .is_some_and(|o| o.is("identifier") && o.text() == object);
    found.then(|| node.last_name())?
}

/// How an `__eq__` compares, if it compares every attribute and nothing else.
fn comparison(file: &SourceFile, eq: Node<'_>, names: &[&str]) -> Option<Comparison> {
    let parameters = eq.field("parameters")?.children();
    let [own, other] = parameters[..] else {
        return None;
    };
    let other = if other.is("typed_parameter") {
        other.children().first().copied()?
    } else {
        other
    };
    let pair = (own.text(), other.text());
    let is_pair = own.is("identifier") && other.is("identifier");
    let (compared, guarded) = match statements(eq)[..] {
        _ if !is_pair => return None,
        [only] => lone_comparison(file, result(only)?, pair)?,
        [test, last] if test.is("if_statement") && test.field("alternative").is_none() => {
            let condition = test.field("condition")?.unparenthesized();
            let [inner] = test.field("consequence")?.children()[..] else {
                return None;
            };
            let (inner, last) = (result(inner)?, result(last)?);
            let (negated, condition) = if condition.is("not_operator") {
                (true, condition.field("argument")?.unparenthesized())
            } else {
                (is_other_class(condition, pair), condition)
            };
            let checks = is_guard(file, condition, pair) || is_other_class(condition, pair);
            match (checks, negated) {
                (true, true) if is_refusal(inner) => (last, true),
                (true, false) if is_refusal(last) => (inner, true),
                _ => return None,
            }
        }
        _ => return None,
    };
    let whole_dict = is_dict_comparison(file, compared, pair);
    (whole_dict || compares_all(compared, pair, names)).then_some(Comparison {
        guarded,
        whole_dict,
    })
}

/// The comparison in `a == b`, `isinstance(…) and a == b` or `a == b if isinstance(…) else NotImplemented`.
fn lone_comparison<'t>(
    file: &SourceFile,
    value: Node<'t>,
    pair: (&str, &str),
) -> Option<(Node<'t>, bool)> {
    match value.kind() {
        "conditional_expression" => {
            let [first, condition, last] = value.children()[..] else {
                return None;
            };
            (is_guard(file, condition.unparenthesized(), pair) && is_refusal(last))
                .then(|| (first.unparenthesized(), true))
        }
        "boolean_operator" => {
            let (left, right) = (value.field("left")?, value.field("right")?);
            if value.has_token("and") && is_guard(file, left.unparenthesized(), pair) {
                Some((right.unparenthesized(), true))
            } else {
                Some((value, false))
            }
        }
        _ => Some((value, false)),
    }
}

/// Whether an expression asks if the other object is of the class: `isinstance(other, C)`, `type(other) is type(self)`.
fn is_guard(file: &SourceFile, condition: Node<'_>, (_, other): (&str, &str)) -> bool {
    let mentions_other = |n: Node<'_>| {
        n.descendants()
            .into_iter()
            .any(|n| n.is("identifier") && n.text() == other)
    };
    match condition.kind() {
        "call" => {
            file.calls(condition, &["builtins.isinstance"])
                && condition
                    .positional()
                    .first()
                    .is_some_and(|n| n.text() == other)
        }
        "comparison_operator" => {
            (condition.has_token("is") || condition.has_token("=="))
                && mentions_other(condition)
                && condition.children().into_iter().all(asks_for_class)
        }
        _ => false,
    }
}

/// Whether an expression compares two classes with `is not` or `!=`.
fn is_other_class(condition: Node<'_>, (_, other): (&str, &str)) -> bool {
    condition.is("comparison_operator")
        && (condition.has_token("is not") || condition.has_token("!="))
        && condition.text().contains(other)
        && condition.children().into_iter().all(asks_for_class)
}

/// `type(x)`, `x.__class__`, or the name of a class.
fn asks_for_class(node: Node<'_>) -> bool {
    match node.kind() {
        "call" => node.callee().is_some_and(|c| c.text() == "type"),
        "attribute" => node.last_name() == Some("__class__"),
        "identifier" => node.text().starts_with(char::is_uppercase),
        _ => false,
    }
}

fn is_refusal(value: Node<'_>) -> bool {
    value.is("false") || (value.is("identifier") && value.text() == "NotImplemented")
}

/// `self.__dict__ == other.__dict__`, or the same with `vars`.
fn is_dict_comparison(file: &SourceFile, compared: Node<'_>, (own, other): (&str, &str)) -> bool {
    let Some([left, right]) = sides(compared) else {
        return false;
    };
    let is_dict = |n: Node<'_>, of: &str| {
        attribute_of(n, of) == Some("__dict__")
            || (file.calls(n, &["builtins.vars"])
                && n.arguments().first().is_some_and(|a| a.text() == of))
    };
    is_dict(left, own) && is_dict(right, other)
}

/// The two sides of `a == b`.
fn sides(compared: Node<'_>) -> Option<[Node<'_>; 2]> {
    if !compared.is("comparison_operator") || !compared.has_token("==") {
        return None;
    }
    match compared.children()[..] {
        [left, right] => Some([left.unparenthesized(), right.unparenthesized()]),
        _ => None,
    }
}

/// Whether two tuples of all attributes are compared, or all attributes one by one.
fn compares_all(compared: Node<'_>, (own, other): (&str, &str), names: &[&str]) -> bool {
    let mut found: Vec<&str> = Vec::new();
    let mut left = vec![compared];
    while let Some(part) = left.pop() {
        let part = part.unparenthesized();
        if part.is("boolean_operator") && part.has_token("and") {
            left.extend(part.field("left"));
            left.extend(part.field("right"));
            continue;
        }
        let Some([mine, theirs]) = sides(part) else {
            return false;
        };
        let (mine, theirs) = match (mine.kind(), theirs.kind()) {
            ("tuple", "tuple") => (mine.children(), theirs.children()),
            _ => (vec![mine], vec![theirs]),
        };
        if mine.len() != theirs.len() {
            return false;
        }
        for (mine, theirs) in mine.into_iter().zip(theirs) {
            let direct = attribute_of(mine, own).zip(attribute_of(theirs, other));
            let swapped = attribute_of(mine, other).zip(attribute_of(theirs, own));
            match direct.or(swapped) {
                Some((a, b)) if a == b => found.push(a),
                _ => return false,
            }
        }
    }
    found.len() == names.len() && names.iter().all(|name| found.contains(name))
}
