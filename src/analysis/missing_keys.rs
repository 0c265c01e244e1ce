//! Code that gives a missing key of a mapping its first value by hand: to count, or to group.

use super::annotations;
use super::expressions::{
    Key, contains_code, is_comprehension, is_display, is_repeatable, same_code,
};
use super::handlers;
use super::names::{Binding, BindingKind};
use super::source_file::SourceFile;
use super::syntax::Node;

/// What a missing key starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// `0`: the code counts or sums.
    Int,
    /// `0.0`.
    Float,
    /// `[]`: the code groups.
    List,
    /// `set()`.
    Set,
    /// `{}`.
    Dict,
}

impl Start {
    /// The class that makes it when called.
    pub fn factory(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Float => "float",
            Self::List => "list",
            Self::Set => "set",
            Self::Dict => "dict",
        }
    }

    /// Whether it is a number.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Float)
    }
}

/// Code that updates one key of a mapping, and cares itself for the case that the key is missing.
#[derive(Debug, Clone)]
pub struct ByHand<'t> {
    /// The first statement.
    pub statement: Node<'t>,
    /// The statement behind it that does the update, if that is not the first one itself.
    pub second: Option<Node<'t>>,
    /// The mapping: a name or `self.name`.
    pub mapping: Node<'t>,
    /// The key that is updated, as it stands in the update.
    pub key: Key<'t>,
    /// What a missing key starts with.
    pub start: Start,
    /// What is added; `None` for `d[key][other] = value`.
    pub amount: Option<Node<'t>>,
    /// What to write when missing keys need no care.
    pub update: Written<'t>,
    /// Only a call of `setdefault` tells that a key may be missing.
    pub is_setdefault: bool,
}

/// How an update is written.
#[derive(Debug, Clone, Copy)]
pub enum Written<'t> {
    /// As it stands in the code.
    Already(Node<'t>),
    /// `d[key] += amount`, with the text of the subscript here.
    Sum(Node<'t>),
    /// `d.setdefault(key, []).append(item)`: this call of `setdefault` becomes `d[key]`.
    Call(Node<'t>),
}

/// `d[key] += amount`, `d[key].append(item)` and the like.
struct Update<'t> {
    subscript: Node<'t>,
    kind: UpdateKind<'t>,
}

#[derive(Clone, Copy)]
enum UpdateKind<'t> {
    /// `+= amount`.
    Add(Node<'t>),
    /// A method call with its name and arguments.
    Method(&'t str, Node<'t>),
    /// `d[key][other] = value`.
    Item(Node<'t>, Node<'t>),
}

/// Reads a statement; `None` if it is nothing of the kind.
pub fn by_hand<'t>(file: &'t SourceFile, statement: Node<'t>) -> Option<ByHand<'t>> {
    let found = match statement.kind() {
        "if_statement" => of_if(file, statement),
        "try_statement" => of_try(file, statement),
        "expression_statement" => of_get(statement).or_else(|| of_setdefault(file, statement)),
        _ => None,
    }?;
    let mut parts = found.key.parts().iter();
    let fixed = parts.all(|part| is_repeatable(*part) && !contains_code(*part, found.mapping));
    let independent = match found.update {
        Written::Already(update) => update_of(update).is_some_and(|u| match u.kind {
            UpdateKind::Add(amount) => !contains_code(amount, found.mapping),
            UpdateKind::Method(_, call) => call
                .arguments()
                .into_iter()
                .all(|a| !contains_code(a, found.mapping)),
            UpdateKind::Item(index, value) => [index, value]
                .iter()
                .all(|n| !contains_code(*n, found.mapping)),
        }),
        Written::Sum(_) => found
            .amount
            .is_some_and(|amount| !contains_code(amount, found.mapping)),
        Written::Call(call) => found.statement.children().first().is_some_and(|outer| {
            let arguments = outer.arguments();
            *outer != call && arguments.iter().all(|a| !contains_code(*a, found.mapping))
        }),
    };
    (fixed && independent && may_be_plain(file, found.mapping)).then_some(found)
}

/// A name, or `self.name`.
fn is_mapping(node: Node<'_>) -> bool {
    match node.kind() {
        "identifier" => true,
        "attribute" => node
            .field("object")
            .is_some_and(|o| o.is("identifier") && o.text() == "self"),
        _ => false,
    }
}

/// The mapping and key of `d[key]`.
fn entry(subscript: Node<'_>) -> Option<(Node<'_>, Key<'_>)> {
    let mapping = subscript.field("value").filter(|v| is_mapping(*v))?;
    Some((mapping, Key::of_subscript(subscript)?))
}

fn same_entry(a: (Node<'_>, &Key<'_>), b: (Node<'_>, &Key<'_>)) -> bool {
    same_code(a.0, b.0) && a.1.same_as(b.1)
}

/// The assignment or call that a statement consists of.
fn expression(statement: Node<'_>) -> Option<Node<'_>> {
    match statement.children().as_slice() {
        [only] if statement.is("expression_statement") && !statement.has_token(",") => Some(*only),
        _ => None,
    }
}

/// `d[key] = value`.
fn assigned(statement: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    let assignment = expression(statement).filter(|n| n.is("assignment"))?;
    let target = assignment.field("left").filter(|n| n.is("subscript"))?;
    let value = assignment.field("right")?;
    let plain = assignment.field("type").is_none() && !value.is("assignment");
    plain.then_some((target, value.unparenthesized()))
}

fn update_of(statement: Node<'_>) -> Option<Update<'_>> {
    let expression = expression(statement)?;
    match expression.kind() {
        "augmented_assignment" if expression.has_token("+=") => Some(Update {
            subscript: expression.field("left").filter(|n| n.is("subscript"))?,
            kind: UpdateKind::Add(expression.field("right")?),
        }),
        "assignment" => {
            let (target, value) = assigned(statement)?;
            let outer = target.field("value").filter(|n| n.is("subscript"));
            if let Some(subscript) = outer {
                let index = target.fields("subscript");
                let [index] = index.as_slice() else {
                    return None;
                };
                let kind = UpdateKind::Item(*index, value);
                return Some(Update { subscript, kind });
            }
            // `d[key] = d[key] + 1`: anything but a number may join texts or lists as well.
            let number = value
                .field("right")
                .is_some_and(|r| r.is_any(&["integer", "float"]));
            let sum = value.is("binary_operator") && value.has_token("+") && number;
            let left = value.field("left").filter(|l| sum && l.is("subscript"))?;
            let ((read, from), (written, to)) = (entry(left)?, entry(target)?);
            let kind = UpdateKind::Add(value.field("right")?);
            same_entry((read, &from), (written, &to)).then_some(Update {
                subscript: target,
                kind,
            })
        }
        "call" => {
            let callee = expression.callee()?;
            let subscript = callee.field("object").filter(|n| n.is("subscript"))?;
            let kind = UpdateKind::Method(callee.field("attribute")?.text(), expression);
            Some(Update { subscript, kind })
        }
        _ => None,
    }
}

/// The method that fills a container, and the container.
fn filled_by(method: &str) -> Option<Start> {
    match method {
        "append" | "extend" | "insert" => Some(Start::List),
        "add" => Some(Start::Set),
        _ => None,
    }
}

/// What a missing key gets before the update: `0`, `[]`, `set()`.
fn start(file: &SourceFile, value: Node<'_>) -> Option<Start> {
    let value = value.unparenthesized();
    let empty = value.children().is_empty();
    match value.kind() {
        "integer" if value.text() == "0" => Some(Start::Int),
        "float" if value.text().parse() == Ok(0.0) => Some(Start::Float),
        "list" if empty => Some(Start::List),
        "dictionary" if empty => Some(Start::Dict),
        "call" if value.arguments().is_empty() => {
            let callee = value.callee()?;
            [Start::List, Start::Set, Start::Dict]
                .into_iter()
                .find(|start| file.is_builtin(callee, start.factory()))
        }
        _ => None,
    }
}

/// Whether an update goes with a key that started like that.
fn fits(start: Start, update: &Update<'_>) -> bool {
    match update.kind {
        UpdateKind::Add(amount) => match start {
            Start::Int | Start::Float => may_be_number(amount),
            Start::List => amount
                .unparenthesized()
                .is_any(&["list", "list_comprehension"]),
            Start::Set | Start::Dict => false,
        },
        UpdateKind::Method(name, call) => {
            filled_by(name) == Some(start) && !call.arguments().is_empty()
        }
        UpdateKind::Item(..) => start == Start::Dict,
    }
}

/// Whether something that is added is not plainly a text or a container.
fn may_be_number(amount: Node<'_>) -> bool {
    let amount = amount.unparenthesized();
    let text = amount.is_any(&["string", "concatenated_string", "none"]);
    !(text || is_display(amount) || is_comprehension(amount))
}

/// The start that is meant where the first value is already the first item: `d[key] = n`, `d[key] = [item]`.
fn first_value(update: &Update<'_>, value: Node<'_>) -> Option<Start> {
    let item = |kinds: &[&str]| match value.children().as_slice() {
        [item] if value.is_any(kinds) => Some(*item),
        _ => None,
    };
    match update.kind {
        UpdateKind::Add(amount) if same_code(amount, value) => {
            if amount.unparenthesized().is("list") {
                Some(Start::List)
            } else {
                may_be_number(amount).then_some(Start::Int)
            }
        }
        UpdateKind::Method(name, call) => {
            let kinds: &[&str] = match name {
                "append" => &["list"],
                "add" => &["set"],
                _ => return None,
            };
            let arguments = call.arguments();
            let [argument] = arguments.as_slice() else {
                return None;
            };
            let same = item(kinds).is_some_and(|item| same_code(item, *argument));
            filled_by(name).filter(|_| same)
        }
        UpdateKind::Item(index, new) => {
            let pair = item(&["dictionary"]).filter(|p| p.is("pair"))?;
            let same = same_code(pair.field("key")?, index) && same_code(pair.field("value")?, new);
            same.then_some(Start::Dict)
        }
        UpdateKind::Add(_) => None,
    }
}

fn found<'t>(
    statement: Node<'t>,
    written: Node<'t>,
    update: &Update<'t>,
    start: Start,
) -> Option<ByHand<'t>> {
    let (mapping, key) = entry(update.subscript)?;
    let amount = match update.kind {
        UpdateKind::Add(amount) => Some(amount),
        UpdateKind::Method(_, call) => call.arguments().first().copied(),
        UpdateKind::Item(..) => None,
    };
    Some(ByHand {
        statement,
        second: None,
        mapping,
        key,
        start,
        amount,
        update: Written::Already(written),
        is_setdefault: false,
    })
}

/// The only statement of a block.
fn only_statement(block: Node<'_>) -> Option<Node<'_>> {
    match block.children().as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// `key in d`, `key not in d`, `not key in d`, also with `d.keys()`: the mapping, the key, and whether it must be there.
fn membership(condition: Node<'_>) -> Option<(Node<'_>, Key<'_>, bool)> {
    let condition = condition.unparenthesized();
    if condition.is("not_operator") {
        let (mapping, key, present) = membership(condition.field("argument")?)?;
        return Some((mapping, key, !present));
    }
    let operands = condition.children();
    let [key, container] = operands.as_slice() else {
        return None;
    };
    let present = condition.has_token("in");
    let operator = present || condition.has_token("not in");
    if !condition.is("comparison_operator") || !operator {
        return None;
    }
    let container = container.unparenthesized();
    let mapping = match super::coroutine::method_call(container) {
        Some((object, "keys")) if container.arguments().is_empty() => object,
        _ => container,
    };
    is_mapping(mapping)
        .then(|| Some((mapping, Key::of_expression(*key)?, present)))
        .flatten()
}

fn of_if<'t>(file: &'t SourceFile, statement: Node<'t>) -> Option<ByHand<'t>> {
    let (mapping, key, present) = membership(statement.field("condition")?)?;
    let then = only_statement(statement.field("consequence")?)?;
    let alternatives = statement.fields("alternative");
    match alternatives.as_slice() {
        [] if !present => {
            let (target, value) = assigned(then)?;
            let (filled, at) = entry(target)?;
            let (start, next) = (start(file, value)?, statement.next()?);
            let first = (filled, &at);
            same_entry(first, (mapping, &key))
                .then(|| followed_by(statement, next, first, start))
                .flatten()
        }
        [other] if other.is("else_clause") => {
            let other = only_statement(other.field("body")?)?;
            let (known, missing) = if present {
                (then, other)
            } else {
                (other, then)
            };
            let found = either(file, statement, known, missing)?;
            same_entry((found.mapping, &found.key), (mapping, &key)).then_some(found)
        }
        _ => None,
    }
}

/// One statement for a key that is there, another one for a missing key.
fn either<'t>(
    file: &SourceFile,
    statement: Node<'t>,
    known: Node<'t>,
    missing: Node<'t>,
) -> Option<ByHand<'t>> {
    let update = update_of(known)?;
    let (target, value) = assigned(missing)?;
    let meant = first_value(&update, value)?;
    let found = found(statement, known, &update, meant)?;
    let (mapping, key) = entry(target)?;
    let shadowed = meant == Start::Set && file.names().lookup_at("set", statement).is_some();
    (!shadowed && same_entry((mapping, &key), (found.mapping, &found.key))).then_some(found)
}

/// An update behind a statement that gives the key of `entry` its start.
fn followed_by<'t>(
    statement: Node<'t>,
    next: Node<'t>,
    entry: (Node<'t>, &Key<'t>),
    start: Start,
) -> Option<ByHand<'t>> {
    let update = update_of(next)?;
    let found = found(statement, next, &update, start)?;
    let same = same_entry((found.mapping, &found.key), entry);
    (same && fits(start, &update)).then_some(ByHand {
        second: Some(next),
        ..found
    })
}

fn of_try<'t>(file: &'t SourceFile, statement: Node<'t>) -> Option<ByHand<'t>> {
    let parts = statement.children();
    let [body, handler] = parts.as_slice() else {
        return None;
    };
    let caught = handlers::caught(*handler);
    let [class] = caught.as_slice() else {
        return None;
    };
    let key_error = handler.is("except_clause")
        && !handler.has_token("*")
        && handlers::handler_name(*handler).is_none()
        && file.is_builtin(*class, "KeyError");
    let missing = only_statement(handlers::block(*handler).filter(|_| key_error)?)?;
    either(file, statement, only_statement(*body)?, missing)
}

/// `d[key] = d.get(key, 0) + n`.
fn of_get(statement: Node<'_>) -> Option<ByHand<'_>> {
    let (target, value) = assigned(statement)?;
    if !value.is("binary_operator") || !value.has_token("+") {
        return None;
    }
    let (left, right) = (value.field("left")?, value.field("right")?);
    let (mapping, key) = entry(target)?;
    let zero = |node: Node<'_>| {
        let call = node.unparenthesized();
        let (object, method) = super::coroutine::method_call(call)?;
        let arguments = call.arguments();
        let [asked, zero] = arguments.as_slice() else {
            return None;
        };
        let same =
            method == "get" && same_entry((object, &Key::of_expression(*asked)?), (mapping, &key));
        match zero.text() {
            "0" if same && zero.is("integer") => Some(Start::Int),
            text if same && zero.is("float") && text.parse() == Ok(0.0) => Some(Start::Float),
            _ => None,
        }
    };
    let (start, amount) = zero(left)
        .map(|start| (start, right))
        .or_else(|| Some((zero(right)?, left)))?;
    may_be_number(amount).then_some(ByHand {
        statement,
        second: None,
        mapping,
        key,
        start,
        amount: Some(amount),
        update: Written::Sum(target),
        is_setdefault: false,
    })
}

/// `d.setdefault(key, 0)` before `d[key] += n`, or `d.setdefault(key, []).append(item)`.
fn of_setdefault<'t>(file: &'t SourceFile, statement: Node<'t>) -> Option<ByHand<'t>> {
    let outer = expression(statement).filter(|n| n.is("call"))?;
    let (object, method) = super::coroutine::method_call(outer)?;
    if method == "setdefault" {
        let (mapping, key, start) = setdefault(file, outer)?;
        let found = followed_by(statement, statement.next()?, (mapping, &key), start)?;
        return Some(ByHand {
            is_setdefault: true,
            ..found
        });
    }
    let call = object.unparenthesized();
    let (mapping, key, start) = setdefault(file, call)?;
    let fits = filled_by(method) == Some(start) && !outer.arguments().is_empty();
    fits.then_some(ByHand {
        statement,
        second: None,
        mapping,
        key,
        start,
        amount: outer.arguments().first().copied(),
        update: Written::Call(call),
        is_setdefault: true,
    })
}

fn setdefault<'t>(file: &SourceFile, call: Node<'t>) -> Option<(Node<'t>, Key<'t>, Start)> {
    let (mapping, method) = super::coroutine::method_call(call)?;
    let arguments = call.arguments();
    let [key, default] = arguments.as_slice() else {
        return None;
    };
    let fits = method == "setdefault" && is_mapping(mapping);
    let key = Key::of_expression(*key).filter(|_| fits)?;
    Some((mapping, key, start(file, *default)?))
}

/// Whether a mapping may well be an ordinary dict that starts empty: nothing in sight says otherwise.
fn may_be_plain(file: &SourceFile, mapping: Node<'_>) -> bool {
    if mapping.is("attribute") {
        return file
            .attribute_value(mapping)
            .is_none_or(|value| is_empty_dict(file, value));
    }
    let names = file.names();
    let Some((_, bindings)) = names.lookup_at(mapping.text(), mapping) else {
        return true;
    };
    bindings.iter().all(|binding| is_plain(file, binding))
}

fn is_plain(file: &SourceFile, binding: &Binding) -> bool {
    match binding.kind {
        BindingKind::Value(value) => file
            .node(value)
            .is_some_and(|v| v.unparenthesized().is("none") || is_empty_dict(file, v)),
        BindingKind::Parameter => file.node(binding.name).is_none_or(|name| {
            let parameter = name.ancestors().find(|n| {
                n.is_any(&[
                    "typed_parameter",
                    "typed_default_parameter",
                    "parameters",
                    "lambda",
                ])
            });
            let annotation = parameter.and_then(|p| p.field("type"));
            annotation.is_none_or(|annotation| {
                !annotations::members(file, annotation)
                    .iter()
                    .flatten()
                    .any(|class| {
                        matches!(
                            class.as_str(),
                            "collections.Counter"
                                | "collections.defaultdict"
                                | "typing.Counter"
                                | "typing.DefaultDict"
                        )
                    })
            })
        }),
        BindingKind::Import(_) | BindingKind::Function(_) | BindingKind::Class(_) => false,
        _ => true,
    }
}

/// Whether an expression is `{}` or `dict()`.
pub fn is_empty_dict(file: &SourceFile, value: Node<'_>) -> bool {
    start(file, value) == Some(Start::Dict)
}

/// The value `{}` or `dict()` with which a local name starts.
pub fn local_start<'t>(file: &'t SourceFile, mapping: Node<'t>) -> Option<Node<'t>> {
    let name = Some(mapping).filter(|m| m.is("identifier"))?;
    file.local_value(name)
        .filter(|value| is_empty_dict(file, *value))
}
