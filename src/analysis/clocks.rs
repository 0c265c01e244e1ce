//! Readings of the wall clock, and what is computed from them.

use super::mutable::constructor;
use super::names::BindingKind;
use super::repetition::spelling;
use super::source_file::{SourceFile, is_written};
use super::syntax::Node;

/// The functions that read the wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// `time.time()`: seconds.
    Seconds,
    /// `datetime.datetime.now()` or `utcnow()`.
    Datetime,
}

/// The clock that a call reads.
pub fn clock_of(file: &SourceFile, call: Node<'_>) -> Option<Clock> {
    match file.callee_name(call)?.as_str() {
        "time.time" => call.arguments().is_empty().then_some(Clock::Seconds),
        "datetime.datetime.now" | "datetime.datetime.utcnow" => Some(Clock::Datetime),
        _ => None,
    }
}

/// How readings are used beside the duration that is computed from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// For durations only.
    Duration,
    /// For something else, too, that a fix would have to understand.
    Mixed,
    /// Also shown, stored, returned or compared with a time from elsewhere.
    PointInTime,
}

/// Readings of one clock that are subtracted from each other, directly or through names.
#[derive(Debug)]
pub struct Family<'t> {
    /// The clock.
    pub clock: Clock,
    /// The calls that read it.
    pub readings: Vec<Node<'t>>,
    /// What they are used for.
    pub meaning: Meaning,
    /// Whether one of them is the start of a deadline.
    pub deadline: bool,
    /// Whether one of them is stored under a name that other files can read: a public attribute or global.
    pub public: bool,
}

/// An expression that holds a reading.
#[derive(Debug, Clone, Copy)]
enum Holder<'t> {
    Call(Node<'t>),
    /// A name with one value, and that value.
    Name(Node<'t>, Node<'t>),
    /// `self.attribute` in the class.
    Attribute(Node<'t>, Node<'t>),
}

fn holder<'t>(file: &'t SourceFile, expression: Node<'t>) -> Option<(Holder<'t>, Clock)> {
    let node = expression.unparenthesized();
    match node.kind() {
        "call" => Some((Holder::Call(node), clock_of(file, node)?)),
        "identifier" => {
            let value = file.local_value(node)?;
            Some((Holder::Name(node, value), clock_of(file, value)?))
        }
        "attribute" => {
            let class = file.receiver_class(node.field("object")?)?;
            let readings = assigned_readings(file, class, node.last_name()?)?;
            let clock = clock_of(file, *readings.first()?)?;
            Some((Holder::Attribute(node, class), clock))
        }
        _ => None,
    }
}

/// The occurrences of `self.name` in a class.
fn own_attributes<'t>(file: &'t SourceFile, class: Node<'t>, name: &str) -> Vec<Node<'t>> {
    file.spelled(name)
        .into_iter()
        .filter(|n| class.contains(*n))
        .filter_map(|n| n.parent().filter(|p| p.field("attribute") == Some(n)))
        .filter(|attribute| {
            attribute
                .field("object")
                .is_some_and(|object| file.receiver_class(object) == Some(class))
        })
        .collect()
}

/// The calls that `self.name` is assigned in a class, if nothing else but a constant ever is.
fn assigned_readings<'t>(
    file: &'t SourceFile,
    class: Node<'t>,
    name: &str,
) -> Option<Vec<Node<'t>>> {
    let mut readings = Vec::new();
    for attribute in own_attributes(file, class, name) {
        if !is_written(attribute) {
            continue;
        }
        let assignment = attribute
            .parent()
            .filter(|p| p.is("assignment") && p.field("left") == Some(attribute))?;
        let Some(value) = assignment.field("right").map(Node::unparenthesized) else {
            continue;
        };
        match value.kind() {
            "none" | "integer" | "float" => {}
            _ => {
                clock_of(file, value)?;
                readings.push(value);
            }
        }
    }
    (!readings.is_empty()).then_some(readings)
}

impl<'t> Family<'t> {
    /// The family of a difference `now - start`, or of the sum in `start + timeout > now`.
    pub fn of(file: &'t SourceFile, operation: Node<'t>) -> Option<Self> {
        let (left, right) = (operation.field("left")?, operation.field("right")?);
        let (first, second) = if operation.has_token("-") {
            (left, right)
        } else if operation.has_token("+") {
            (left, compared_with(operation)?)
        } else {
            return None;
        };
        let ((a, clock), (b, other)) = (holder(file, first)?, holder(file, second)?);
        let direct = |holder: &Holder<'_>| matches!(holder, Holder::Call(_));
        if clock != other || (direct(&a) && direct(&b)) {
            return None;
        }
        let mut family = Self {
            clock,
            readings: Vec::new(),
            meaning: Meaning::Duration,
            deadline: operation.has_token("+"),
            public: false,
        };
        family.collect(file, vec![a, b]);
        family.readings.sort_by_key(|call| call.start());
        Some(family)
    }

    fn collect(&mut self, file: &'t SourceFile, mut pending: Vec<Holder<'t>>) {
        while let Some(holder) = pending.pop() {
            let uses = match holder {
                Holder::Call(call) => {
                    self.add(call);
                    continue;
                }
                Holder::Name(name, value) => {
                    if !self.add(value) {
                        continue;
                    }
                    self.public |= file.is_public_global(name);
                    file.reads(name)
                }
                Holder::Attribute(attribute, class) => {
                    let name = attribute.last_name().unwrap_or_default();
                    let readings = assigned_readings(file, class, name).unwrap_or_default();
                    let added: Vec<bool> = readings.into_iter().map(|r| self.add(r)).collect();
                    if !added.contains(&true) {
                        continue;
                    }
                    self.public |= !name.starts_with('_');
                    let own = own_attributes(file, class, name);
                    let others = file.spelled(name).into_iter().any(|n| {
                        n.parent()
                            .is_some_and(|p| p.field("attribute") == Some(n) && !own.contains(&p))
                    });
                    let number = own.iter().any(|n| {
                        let assigned = n.parent().filter(|p| p.field("left") == Some(*n));
                        assigned
                            .and_then(|a| a.field("right"))
                            .is_some_and(|r| r.is_any(&["integer", "float"]))
                    });
                    if others || number {
                        self.meaning = self.meaning.max(Meaning::Mixed);
                    }
                    own.into_iter().filter(|n| !is_written(*n)).collect()
                }
            };
            for read in uses {
                let (meaning, partner) = self.use_of(file, read);
                self.meaning = self.meaning.max(meaning);
                pending.extend(partner);
            }
        }
    }

    /// Adds a reading; false if it is known already.
    fn add(&mut self, call: Node<'t>) -> bool {
        let new = !self.readings.contains(&call);
        if new {
            self.readings.push(call);
        }
        new
    }

    /// What one use of a name or attribute means, and the other reading that it is used with.
    fn use_of(&mut self, file: &'t SourceFile, read: Node<'t>) -> (Meaning, Option<Holder<'t>>) {
        let node = read.with_parentheses();
        let Some(parent) = node.parent() else {
            return (Meaning::Mixed, None);
        };
        let same_clock = |other: Node<'t>| {
            holder(file, other)
                .filter(|(_, clock)| *clock == self.clock)
                .map(|(holder, _)| holder)
        };
        match parent.kind() {
            "binary_operator" if parent.has_token("-") => {
                let other = other_operand(parent, node).and_then(same_clock);
                match other {
                    Some(other) => (Meaning::Duration, Some(other)),
                    None => (Meaning::Mixed, None),
                }
            }
            "binary_operator" if parent.has_token("+") => {
                match compared_with(parent).and_then(same_clock) {
                    Some(other) => {
                        self.deadline = true;
                        (Meaning::Duration, Some(other))
                    }
                    None => (Meaning::Mixed, None),
                }
            }
            "binary_operator" if parent.has_token("%") => (Meaning::PointInTime, None),
            "binary_operator" => (Meaning::Mixed, None),
            "comparison_operator" => {
                let other = parent.children().into_iter().find(|n| *n != node);
                match other {
                    // Whether there has been a reading at all.
                    Some(other) if other.is("none") || is_zero(other) => (Meaning::Duration, None),
                    Some(other) => match same_clock(other) {
                        Some(other) => (Meaning::Duration, Some(other)),
                        None => (Meaning::PointInTime, None),
                    },
                    None => (Meaning::PointInTime, None),
                }
            }
            "if_statement"
            | "elif_clause"
            | "while_statement"
            | "not_operator"
            | "boolean_operator"
            | "assert_statement"
            | "delete_statement"
            | "expression_statement" => (Meaning::Duration, None),
            "assignment" if parent.field("right") == Some(node) => {
                let target = parent.field("left");
                let own = target.is_some_and(|t| {
                    t.is("identifier")
                        || t.field("object")
                            .is_some_and(|o| file.receiver_class(o).is_some())
                });
                if own {
                    (Meaning::Mixed, None)
                } else {
                    (Meaning::PointInTime, None)
                }
            }
            _ => (Meaning::PointInTime, None),
        }
    }
}

fn is_zero(number: Node<'_>) -> bool {
    number.is_any(&["integer", "float"]) && number.text().parse() == Ok(0.0)
}

fn other_operand<'t>(operation: Node<'t>, node: Node<'t>) -> Option<Node<'t>> {
    let (left, right) = (operation.field("left")?, operation.field("right")?);
    Some(if left == node { right } else { left })
}

/// The other side of a comparison of two values.
fn compared_with(node: Node<'_>) -> Option<Node<'_>> {
    let node = node.with_parentheses();
    let comparison = node.parent().filter(|p| p.is("comparison_operator"))?;
    let order = ["<", ">", "<=", ">="]
        .iter()
        .any(|t| comparison.has_token(t));
    match comparison.children()[..] {
        [left, right] if order => Some(if left == node { right } else { left }),
        _ => None,
    }
}

/// An age that is compared with a time to live, where the file itself stored the time: `time.time() - entry.at < ttl`.
#[derive(Debug)]
pub struct Age<'t> {
    /// The calls that read the clock, the stored ones included.
    pub readings: Vec<Node<'t>>,
    /// Whether the stored time, or the reading it is compared with, is used for something else, too.
    pub mixed: bool,
}

impl<'t> Age<'t> {
    /// Reads the difference or sum of a comparison.
    pub fn of(file: &'t SourceFile, operation: Node<'t>) -> Option<Self> {
        let (now, stored) = sides(file, operation)?;
        let path = path_of(file, stored)?;
        let readings = all_readings(file, now);
        if !readings
            .iter()
            .any(|call| slots(file, *call).iter().any(|s| same_slot(s, &path)))
            || may_come_from_elsewhere(file, &path)
        {
            return None;
        }
        let mut age = Self {
            readings: Vec::new(),
            mixed: false,
        };
        for call in readings {
            let uses = uses_of(file, call);
            let belongs = |node: &Node<'t>| {
                slot(file, *node).is_some_and(|s| same_slot(&s, &path))
                    || node.with_parentheses().parent().is_some_and(|p| {
                        let operation = operation_of(p, *node);
                        let sides = operation.and_then(|o| sides(file, o));
                        sides
                            .and_then(|(_, stored)| path_of(file, stored))
                            .is_some_and(|other| same_slot(&path, &other))
                    })
            };
            if uses.iter().any(belongs) {
                age.mixed |= !uses.iter().all(belongs);
                age.readings.push(call);
            }
        }
        age.mixed |= path.starts_with("key:") || attribute_is_read_elsewhere(file, &path);
        Some(age)
    }
}

/// The difference or sum that decides what an operand is compared with.
fn operation_of<'t>(parent: Node<'t>, node: Node<'t>) -> Option<Node<'t>> {
    match parent.kind() {
        "binary_operator" => Some(parent),
        "comparison_operator" => parent
            .children()
            .into_iter()
            .map(Node::unparenthesized)
            .find(|n| n.is("binary_operator") && !n.contains(node)),
        _ => None,
    }
}

/// The reading of now and the stored time of `now - stored < ttl` or `stored + ttl > now`.
fn sides<'t>(file: &'t SourceFile, operation: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
    let other = compared_with(operation)?;
    let (left, right) = (operation.field("left")?, operation.field("right")?);
    let reads_seconds = |node: Node<'t>| {
        let found = holder(file, node);
        let plain = found.filter(|(holder, clock)| {
            *clock == Clock::Seconds && !matches!(holder, Holder::Attribute(..))
        });
        plain.map(|(holder, _)| match holder {
            Holder::Call(call) | Holder::Name(_, call) | Holder::Attribute(_, call) => call,
        })
    };
    if operation.has_token("-") {
        Some((reads_seconds(left)?, right))
    } else if operation.has_token("+") {
        Some((reads_seconds(other)?, left))
    } else {
        None
    }
}

/// All calls of the file that read the same clock as `call`, as far as they spell it the same way.
fn all_readings<'t>(file: &'t SourceFile, call: Node<'t>) -> Vec<Node<'t>> {
    let name = call.callee().and_then(Node::last_name).unwrap_or_default();
    file.spelled(name)
        .into_iter()
        .filter_map(|n| {
            let callee = n
                .parent()
                .filter(|p| p.field("attribute") == Some(n))
                .unwrap_or(n);
            callee.parent().filter(|p| p.callee() == Some(callee))
        })
        .filter(|call| clock_of(file, *call) == Some(Clock::Seconds))
        .collect()
}

/// Where a reading is used: the call itself, or every read of the one name it is assigned to.
fn uses_of<'t>(file: &'t SourceFile, call: Node<'t>) -> Vec<Node<'t>> {
    let value = call.with_parentheses();
    let name = value
        .parent()
        .filter(|p| p.is("assignment") && p.field("right") == Some(value))
        .and_then(|a| a.field("left"))
        .filter(|n| n.is("identifier"));
    match name {
        Some(name) if file.local_value(name) == Some(call) => file.reads(name),
        _ => vec![call],
    }
}

fn slots(file: &SourceFile, call: Node<'_>) -> Vec<String> {
    uses_of(file, call)
        .into_iter()
        .filter_map(|node| slot(file, node))
        .collect()
}

/// Where a value is stored, in the notation of [`path_of`].
fn slot(file: &SourceFile, value: Node<'_>) -> Option<String> {
    let node = value.with_parentheses();
    let parent = node.parent()?;
    match parent.kind() {
        "assignment" if parent.field("right") == Some(node) => {
            let target = parent.field("left")?;
            target
                .is_any(&["attribute", "subscript"])
                .then(|| path_of(file, target))?
        }
        "tuple" | "list" | "expression_list" => {
            let index = parent.children().iter().position(|n| *n == node)?;
            Some(format!("{}#{index}", slot(file, parent)?))
        }
        "keyword_argument" => {
            let name = parent.field("name")?.text();
            let call = parent.parent()?.parent()?;
            let callee = call.callee()?;
            if file.is_builtin(callee, "dict") {
                return Some(format!("key:{name}"));
            }
            let class = callee.last_name()?.starts_with(char::is_uppercase);
            class.then(|| format!("attr:{name}"))
        }
        "pair" if parent.field("value") == Some(node) => literal_key(parent.field("key")?),
        "argument_list" => {
            let call = parent.parent()?;
            let callee = call.callee()?;
            if matches!(callee.last_name(), Some("append" | "appendleft")) {
                return Some(format!("{}[]", path_of(file, callee.field("object")?)?));
            }
            let index = call.positional().iter().position(|n| *n == node)?;
            let class = file.class(callee)?;
            Some(format!("attr:{}", field_name(class, index)?))
        }
        _ => None,
    }
}

/// The name of the annotated field at a place of a class without its own `__init__`.
fn field_name(class: Node<'_>, index: usize) -> Option<&str> {
    let body = class.body();
    let own_init = body.iter().any(|statement| {
        let name = statement.undecorated().field("name");
        name.is_some_and(|n| n.text() == "__init__")
    });
    let fields = body.into_iter().filter_map(|statement| {
        let assignment = statement.children().first().copied()?;
        assignment.field("type")?;
        assignment.field("left").map(Node::text)
    });
    fields
        .take(if own_init { 0 } else { usize::MAX })
        .nth(index)
}

/// A notation for where a value comes from that leaves out which item and which object it was: `attr:cache[]#1` for
/// `self.cache[key][1]`, and for `at` after `value, at = self.cache[key]`.
fn path_of(file: &SourceFile, expression: Node<'_>) -> Option<String> {
    let node = expression.unparenthesized();
    match node.kind() {
        "attribute" => Some(format!("attr:{}", node.last_name()?)),
        "subscript" => {
            let [index] = node.fields("subscript")[..] else {
                return None;
            };
            if index.is("string") {
                return literal_key(index);
            }
            let container = path_of(file, node.field("value")?)?;
            let number = index.is("integer") || index.is("unary_operator");
            Some(if number {
                format!("{container}#{}", index.text())
            } else {
                format!("{container}[]")
            })
        }
        "call" => {
            let callee = node.callee()?;
            if !matches!(callee.last_name(), Some("get" | "pop" | "setdefault")) {
                return None;
            }
            match node.positional().first() {
                Some(key) if key.is("string") => literal_key(*key),
                Some(_) => Some(format!("{}[]", path_of(file, callee.field("object")?)?)),
                None => None,
            }
        }
        "identifier" => path_of_name(file, node),
        _ => None,
    }
}

fn literal_key(key: Node<'_>) -> Option<String> {
    let text = key.text();
    key.is("string")
        .then(|| format!("key:{}", text.trim_matches(['"', '\''])))
}

/// The path of a name: that of its one value, of the item it is unpacked from, or the name of a container.
fn path_of_name(file: &SourceFile, name: Node<'_>) -> Option<String> {
    let (_, binding) = file.names().single_binding(name)?;
    let bound = file.node(binding.name)?;
    match binding.kind {
        BindingKind::Value(_) => {
            let value = file.local_value(name)?;
            if value.is_any(&["attribute", "subscript"]) || is_lookup(value) {
                path_of(file, value)
            } else if value.is_any(&["dictionary", "list"]) || constructor(file, value).is_some() {
                Some(spelling(name))
            } else {
                None
            }
        }
        BindingKind::Parameter => Some(spelling(name)),
        BindingKind::For | BindingKind::Other => unpacked(file, bound),
        _ => None,
    }
}

fn is_lookup(value: Node<'_>) -> bool {
    value.callee().is_some_and(|callee| {
        callee.is("attribute") && matches!(callee.last_name(), Some("get" | "pop" | "setdefault"))
    })
}

/// The path of a name that is unpacked from an item: `at` of `value, at = store[key]`, and of
/// `for key, (value, at) in store.items()`.
fn unpacked(file: &SourceFile, bound: Node<'_>) -> Option<String> {
    let mut places = Vec::new();
    let mut node = bound;
    loop {
        let parent = node.parent()?;
        match parent.kind() {
            "pattern_list" | "tuple_pattern" | "list_pattern" => {
                places.push(parent.children().iter().position(|n| *n == node)?);
                node = parent;
            }
            "assignment" => {
                let mut path = path_of(file, parent.field("right")?)?;
                for place in places.iter().rev() {
                    path = format!("{path}#{place}");
                }
                return Some(path);
            }
            "for_statement" | "for_in_clause" => {
                let iterable = iterated(file, parent.field("right")?);
                let callee = iterable.callee()?;
                let container = path_of(file, callee.field("object")?)?;
                let outermost = places.pop();
                let item = match callee.last_name() {
                    Some("items") if outermost == Some(1) => format!("{container}[]"),
                    Some("values") => {
                        places.extend(outermost);
                        format!("{container}[]")
                    }
                    _ => return None,
                };
                let place = |path: String, place: &usize| format!("{path}#{place}");
                return Some(places.iter().rev().fold(item, place));
            }
            _ => return None,
        }
    }
}

/// The iterable inside `list(…)`.
fn iterated<'t>(file: &'t SourceFile, iterable: Node<'t>) -> Node<'t> {
    let node = iterable.unparenthesized();
    if file.calls(node, &["builtins.list", "builtins.tuple"]) {
        node.positional().first().copied().unwrap_or(node)
    } else {
        node
    }
}

/// Whether two paths mean the same; an item by its number is an item.
fn same_slot(a: &str, b: &str) -> bool {
    let general = |path: &str| match path.rsplit_once('#') {
        Some((container, _)) => format!("{container}[]"),
        None => path.to_owned(),
    };
    a == b || general(a) == b || general(b) == a
}

/// The name of the attribute that a path stands for, if it stands for one and nothing in it.
fn attribute_name(path: &str) -> Option<&str> {
    path.strip_prefix("attr:")
        .filter(|name| !name.contains(['[', '#']))
}

/// Whether an attribute is also given a value that is no reading: it may come from a server or a file. What a dict holds
/// under a literal key may, if the file reads or writes such data.
fn may_come_from_elsewhere(file: &SourceFile, path: &str) -> bool {
    if path.starts_with("key:") {
        return ["json", "pickle", "yaml", "loads"]
            .iter()
            .any(|module| !file.spelled(module).is_empty());
    }
    let Some(name) = attribute_name(path) else {
        return false;
    };
    file.spelled(name).into_iter().any(|n| {
        let parent = n.parent();
        let value = match parent {
            Some(p) if p.is("keyword_argument") && p.field("name") == Some(n) => p.field("value"),
            Some(p) if p.field("attribute") == Some(n) => p
                .parent()
                .filter(|a| a.is("assignment") && a.field("left") == Some(p))
                .and_then(|a| a.field("right")),
            _ => None,
        };
        value.is_some_and(|value| {
            let constant = value.is_any(&["none", "integer", "float"]);
            let reading = holder(file, value).is_some_and(|(_, clock)| clock == Clock::Seconds);
            !constant && !reading
        })
    })
}

/// Whether an attribute is read outside such comparisons.
fn attribute_is_read_elsewhere(file: &SourceFile, path: &str) -> bool {
    let Some(name) = attribute_name(path) else {
        return false;
    };
    file.spelled(name).into_iter().any(|n| {
        let attribute = n.parent().filter(|p| p.field("attribute") == Some(n));
        attribute.is_some_and(|attribute| {
            let operation = attribute.with_parentheses().parent();
            !is_written(attribute)
                && operation
                    .filter(|o| o.is("binary_operator"))
                    .and_then(|o| sides(file, o))
                    .is_none()
        })
    })
}
