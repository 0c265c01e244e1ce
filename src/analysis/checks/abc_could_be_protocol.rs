//! The class has no base but `ABC` (or only `metaclass=ABCMeta`), no decorator, and nothing but abstract methods with
//! empty bodies and bare annotations. Silent where the file relies on the class being nominal: `isinstance`, class
//! patterns, `except`, `register`, or a subclass whose other bases or metaclass may not go with that of a protocol.

use crate::analysis::ancestry::{
    Metaclass, arguments, base_class, bases, class_keyword, inheriting, is_protocol,
    metaclass_of_base,
};
use crate::analysis::instance_checks::is_checked_against;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Methods that give a class a say about its subclasses; a protocol has its own.
const HOOKS: [&str; 2] = ["__subclasshook__", "__init_subclass__"];

/// Reports an abstract base class that is nothing but an interface.
pub fn check(cx: &Context<'_>, class: Node<'_>) -> Option<Report> {
    let name = class.field("name")?;
    let base = abstract_base(cx, class)?;
    if !class.decorators().is_empty() || is_nominal(cx, name) {
        return None;
    }
    let methods = abstract_methods(cx, class)?;
    let names: Vec<String> = methods
        .iter()
        .map(|name| format!("`{}`", name.text()))
        .collect();
    let report = Report::at(name)
        .capture("base", base)
        .text("methods", names.join(", "));
    (!methods.is_empty()).then_some(report)
}

/// What makes the class abstract, if it is all that the parentheses hold: `ABC`, or `metaclass=ABCMeta`.
fn abstract_base<'t>(cx: &Context<'_>, class: Node<'t>) -> Option<Node<'t>> {
    let [only] = arguments(class)[..] else {
        return None;
    };
    let abstract_metaclass =
        || class_keyword(class, "metaclass").is_some_and(|m| cx.is_one_of(m, &["abc.ABCMeta"]));
    (cx.is_one_of(only, &["abc.ABC"]) || abstract_metaclass()).then_some(only)
}

/// The names of the methods, if the body holds nothing but a docstring, bare annotations and empty abstract methods.
fn abstract_methods<'t>(cx: &Context<'_>, class: Node<'t>) -> Option<Vec<Node<'t>>> {
    let mut methods = Vec::new();
    for statement in class.body() {
        if class.docstring() == Some(statement) || is_bare_annotation(statement) {
            continue;
        }
        let method = statement.undecorated();
        let name = method.field("name")?;
        if !is_empty_abstract_method(cx, method) || HOOKS.contains(&name.text()) {
            return None;
        }
        methods.push(name);
    }
    Some(methods)
}

/// `name: type`
fn is_bare_annotation(statement: Node<'_>) -> bool {
    statement.is("expression_statement")
        && statement
            .children()
            .iter()
            .all(|n| n.is("assignment") && n.field("type").is_some() && n.field("right").is_none())
}

fn is_empty_abstract_method(cx: &Context<'_>, method: Node<'_>) -> bool {
    let decorators = method.decorators();
    let abstract_last = match decorators[..] {
        [only] => Some(only),
        [outer, inner] => {
            let kinds = [
                "builtins.property",
                "builtins.classmethod",
                "builtins.staticmethod",
            ];
            cx.is_one_of(outer, &kinds).then_some(inner)
        }
        _ => None,
    };
    method.is("function_definition")
        && abstract_last.is_some_and(|d| cx.is_one_of(d, &["abc.abstractmethod"]))
        && method
            .body()
            .into_iter()
            .all(|s| method.docstring() == Some(s) || does_nothing(cx, s))
}

/// `...`, `pass`, or `raise NotImplementedError`.
fn does_nothing(cx: &Context<'_>, statement: Node<'_>) -> bool {
    let inner = statement.children().first().copied();
    match statement.kind() {
        "pass_statement" => true,
        "expression_statement" => inner.is_some_and(|n| n.is("ellipsis")),
        "raise_statement" => {
            let raised = inner.map(|n| n.callee().unwrap_or(n));
            statement.field("cause").is_none()
                && raised.is_some_and(|n| cx.is_one_of(n, &["builtins.NotImplementedError"]))
        }
        _ => false,
    }
}

/// Whether the file uses the class in a way that a protocol would not bear.
fn is_nominal(cx: &Context<'_>, name: Node<'_>) -> bool {
    is_checked_against(cx.file, name)
        || cx.file.reads(name).into_iter().any(|read| {
            is_registered(read)
                || is_caught(read)
                || inheriting(read).is_some_and(|subclass| has_metaclass(cx, subclass, read))
        })
}

/// `Port.register(…)`, or `dispatch.register(Port)` and the annotations of a function registered so.
fn is_registered(read: Node<'_>) -> bool {
    let is_register = |n: Node<'_>| n.last_name() == Some("register");
    let parent = read.parent();
    let on_it = parent.is_some_and(|p| p.field("object") == Some(read) && is_register(p));
    let as_argument = parent
        .filter(|p| p.is("argument_list"))
        .and_then(Node::parent)
        .and_then(Node::callee)
        .is_some_and(is_register);
    let in_registered_signature = || {
        read.ancestors()
            .take_while(|n| !n.is("block"))
            .filter(|n| n.is("function_definition"))
            .flat_map(Node::decorators)
            .any(is_register)
    };
    on_it || as_argument || in_registered_signature()
}

fn is_caught(read: Node<'_>) -> bool {
    read.ancestors()
        .take_while(|n| !n.is("block"))
        .any(|n| n.is("except_clause"))
}

/// Whether a subclass may have a metaclass that is neither `type` nor `ABCMeta`. A protocol has none from its bases.
fn has_metaclass(cx: &Context<'_>, subclass: Node<'_>, read: Node<'_>) -> bool {
    let own = class_keyword(subclass, "metaclass")
        .is_some_and(|m| !cx.is_one_of(m, &["abc.ABCMeta", "builtins.type"]));
    let may_inherit_one = || {
        bases(subclass)
            .into_iter()
            .filter(|base| !base.contains(read))
            .any(|base| {
                let generic = cx.is_one_of(base_class(base), &["typing.Generic"]);
                !generic && metaclass_of_base(cx.file, base) == Metaclass::Unknown
            })
    };
    own || (!is_protocol(cx.file, subclass) && may_inherit_one())
}
