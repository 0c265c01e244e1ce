//! Starts from a `defaultdict` that is made and is the only value of a name, or of `self.name` assigned once, in
//! `__init__`. Reports the places that only ask for a key. Silent where the function writes that key, tests for it, keeps
//! what it gets, or has taken the key from the mapping.

use crate::analysis::expressions::{Key, same_code};
use crate::analysis::mutable::{Use, use_of};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report, is_written};

/// The functions that look something up, by the first word of their name.
const ASKING: [&str; 6] = ["get", "has", "is", "find", "lookup", "peek"];

/// Nodes in which code runs at another time.
const SCOPES: [&str; 3] = ["function_definition", "lambda", "class_definition"];

/// Decides about a call of `defaultdict`.
pub fn check(cx: &Context<'_>, call: Node<'_>) -> Vec<Report> {
    let Some(factory) = call.positional().first().copied() else {
        return Vec::new();
    };
    if factory.unparenthesized().is("none") {
        return Vec::new();
    }
    let references = references(cx, call);
    let frozen = references.iter().any(|r| {
        let attribute = r.parent().filter(|p| p.is("attribute"));
        attribute.is_some_and(|a| a.last_name() == Some("default_factory") && is_written(a))
    });
    if frozen {
        return Vec::new();
    }
    references
        .iter()
        .filter_map(|reference| {
            let subscript = subscript_of(*reference)?;
            let key = Key::of_subscript(subscript)?;
            let asks = asks(cx, subscript) && !subscript.statement().has_error();
            (asks && !is_known(cx, subscript, &key, &references)).then(|| {
                Report::at(subscript)
                    .capture("mapping", *reference)
                    .capture("factory", factory)
            })
        })
        .collect()
}

/// Everywhere the variable or attribute that holds the mapping is read.
fn references<'t>(cx: &Context<'t>, call: Node<'t>) -> Vec<Node<'t>> {
    let value = call.with_parentheses();
    let assignment = value
        .parent()
        .filter(|p| p.is("assignment") && p.field("right") == Some(value));
    let Some(target) = assignment.and_then(|a| a.field("left")) else {
        return Vec::new();
    };
    match target.kind() {
        "identifier" if cx.file.local_value(target) == Some(call) => cx.file.reads(target),
        "attribute" => attributes(cx, target).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// Every `self.name` of the class; `None` if it is assigned anywhere but once in `__init__`.
fn attributes<'t>(cx: &Context<'t>, target: Node<'t>) -> Option<Vec<Node<'t>>> {
    let class = cx.file.receiver_class(target.field("object")?)?;
    let name = target.field("attribute")?;
    let in_init = target
        .function()
        .and_then(|f| f.field("name"))
        .is_some_and(|n| n.text() == "__init__");
    if !in_init {
        return None;
    }
    let all: Vec<Node<'t>> = cx
        .file
        .spelled(name.text())
        .into_iter()
        .filter_map(Node::parent)
        .filter(|parent| {
            parent.is("attribute")
                && parent
                    .field("attribute")
                    .is_some_and(|a| a.text() == name.text())
                && parent
                    .field("object")
                    .is_some_and(|o| o.is("identifier") && cx.file.receiver_class(o) == Some(class))
        })
        .collect();
    let once = all.iter().all(|a| *a == target || !is_written(*a));
    once.then(|| all.into_iter().filter(|a| *a != target).collect())
}

/// `mapping[key]` around a reference to the mapping.
fn subscript_of(reference: Node<'_>) -> Option<Node<'_>> {
    let node = reference.with_parentheses();
    node.parent()
        .filter(|p| p.is("subscript") && p.field("value") == Some(node))
}

/// Whether an entry is only looked at.
fn asks(cx: &Context<'_>, subscript: Node<'_>) -> bool {
    if is_written(subscript) || use_of(cx.file, subscript) == Use::Mutated {
        return false;
    }
    let node = subscript.with_parentheses();
    let Some(parent) = node.parent() else {
        return false;
    };
    let direct = match parent.kind() {
        "comparison_operator" | "not_operator" | "boolean_operator" => true,
        "return_statement" => parent.function().is_some_and(asks_by_name),
        "argument_list" => parent.parent().is_some_and(|call| {
            call.positional().contains(&node)
                && call.callee().is_some_and(|callee| {
                    cx.file.is_builtin(callee, "len") || cx.file.is_builtin(callee, "print")
                })
        }),
        _ => false,
    };
    let in_assertion = subscript
        .ancestors()
        .take_while(|n| !n.is_any(&SCOPES))
        .any(|n| n.is("assert_statement"));
    if in_assertion && cx.settings.test_file {
        return false;
    }
    direct || is_in_condition(subscript)
}

/// Whether a node is part of the condition of an `if`, `while`, `assert` or conditional expression.
fn is_in_condition(node: Node<'_>) -> bool {
    let mut node = node;
    while let Some(parent) = node.parent() {
        match parent.kind() {
            "if_statement" | "elif_clause" | "while_statement" => {
                return parent.field("condition") == Some(node);
            }
            "assert_statement" => return parent.children().first() == Some(&node),
            "conditional_expression" if parent.children().get(1) == Some(&node) => return true,
            "if_clause" => return true,
            kind if SCOPES.contains(&kind) || kind.ends_with("comprehension") => return false,
            "block" | "module" | "generator_expression" => return false,
            _ => node = parent,
        }
    }
    false
}

/// Whether a function's name says that it looks something up, and not that it makes what is missing.
fn asks_by_name(function: Node<'_>) -> bool {
    let Some(name) = function.field("name").map(Node::text) else {
        return false;
    };
    let name = name.trim_start_matches('_');
    let asking = ASKING.iter().any(|word| {
        name.strip_prefix(word).is_some_and(|rest| {
            rest.is_empty() || rest.starts_with(|c: char| c == '_' || !c.is_lowercase())
        })
    });
    asking && !name.contains("_or_") && !name.ends_with("__")
}

/// Whether the function around a look-up says something about the key that makes it harmless: the entry is written,
/// filled, kept or tested for, or the key comes from the mapping itself.
fn is_known(cx: &Context<'_>, asked: Node<'_>, key: &Key<'_>, references: &[Node<'_>]) -> bool {
    let around = function_around(asked);
    let near = references.iter().filter(|r| function_around(**r) == around);
    for reference in near {
        if let Some(subscript) = subscript_of(*reference) {
            let same = Key::of_subscript(subscript).is_some_and(|k| k.same_as(key));
            let kept = subscript
                .with_parentheses()
                .parent()
                .is_some_and(|p| p.is_any(&["assignment", "named_expression"]));
            if same
                && subscript != asked
                && (is_written(subscript) || kept || use_of(cx.file, subscript) == Use::Mutated)
            {
                return true;
            }
        } else if tests_for(*reference, key) || gives_key(*reference, asked, key) {
            return true;
        }
    }
    false
}

/// The nearest `def` around a node: what a lambda or comprehension in it does belongs to it.
fn function_around(node: Node<'_>) -> Option<Node<'_>> {
    node.ancestors().find(|n| n.is("function_definition"))
}

/// `key in mapping`.
fn tests_for(reference: Node<'_>, key: &Key<'_>) -> bool {
    let node = reference.with_parentheses();
    let comparison = node.parent().filter(|p| p.is("comparison_operator"));
    comparison.is_some_and(|c| {
        let operands = c.children();
        matches!(operands.as_slice(), [item, container] if *container == node
            && Key::of_expression(*item).is_some_and(|k| k.same_as(key)))
    })
}

/// Whether a loop or comprehension around `asked` goes over the mapping and binds a name that the key consists of.
fn gives_key(reference: Node<'_>, asked: Node<'_>, key: &Key<'_>) -> bool {
    let clause = reference
        .ancestors()
        .take_while(|n| !n.is_any(&["block", "module"]))
        .find(|n| n.is_any(&["for_statement", "for_in_clause"]));
    let Some(clause) = clause else { return false };
    let iterated = clause
        .field("right")
        .is_some_and(|right| right.contains(reference));
    let scope = if clause.is("for_in_clause") {
        clause.parent().unwrap_or(clause)
    } else {
        clause
    };
    let bound = clause.field("left").is_some_and(|left| {
        left.descendants()
            .into_iter()
            .filter(|n| n.is("identifier"))
            .any(|name| key.parts().iter().any(|part| same_code(*part, name)))
    });
    iterated && bound && scope.contains(asked)
}
