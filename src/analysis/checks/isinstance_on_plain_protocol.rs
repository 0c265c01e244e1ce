//! A class that the call or the class pattern names is declared in this file with `Protocol` as a base, and neither it
//! nor a protocol it extends is `@runtime_checkable`. Code that expects the `TypeError` is left alone.

use crate::analysis::ancestry::{base_class, bases, is_protocol};
use crate::analysis::instance_checks::{classes_in, pattern_class};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report, SourceFile};

/// How far protocols that extend each other are followed.
const MAX_DEPTH: usize = 32;

/// Reports a run-time check against a protocol that does not allow it.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let (variant, classes) = if hit.kind() == "class_pattern" {
        (Some("pattern"), vec![pattern_class(hit)?])
    } else {
        let variant = match cx.callee_name(hit)?.as_str() {
            "builtins.isinstance" => None,
            "builtins.issubclass" => Some("issubclass"),
            _ => return None,
        };
        let [_, classes] = hit.arguments()[..] else {
            return None;
        };
        (variant, classes_in(classes))
    };
    let protocols: Vec<Node<'_>> = classes
        .into_iter()
        .filter(|class| class.is("identifier"))
        .filter_map(|class| cx.file.class(class))
        .filter(|class| is_protocol(cx.file, *class) && is_plain(cx.file, *class, MAX_DEPTH))
        .collect();
    if protocols.is_empty() || expects_type_error(hit) {
        return None;
    }
    let mut report = Report::at(hit);
    if let Some(variant) = variant {
        report = report.variant(variant);
    }
    for protocol in protocols {
        let name = protocol.field("name")?;
        report = report
            .capture("protocol", name)
            .related(name, format!("`{}` is declared here", name.text()));
    }
    Some(report)
}

/// Whether nothing makes a protocol checkable at run time: no decorator on it or on a protocol it extends, and no call.
fn is_plain<'t>(file: &'t SourceFile, class: Node<'t>, depth: usize) -> bool {
    let decorated = class.decorators().into_iter().any(|decorator| {
        let decorator = decorator.callee().unwrap_or(decorator);
        let own = file
            .called_function(decorator)
            .is_some_and(|f| f.text().contains("runtime_checkable"));
        own || is_runtime_checkable(file, decorator)
    });
    let made_checkable = class.field("name").is_some_and(|name| {
        file.reads(name).into_iter().any(|read| {
            let call = read.parent().and_then(Node::parent);
            call.and_then(Node::callee)
                .is_some_and(|callee| is_runtime_checkable(file, callee))
        })
    });
    !decorated
        && !made_checkable
        && bases(class).into_iter().all(|base| {
            let base = base_class(base);
            match file.qualified_name(base).as_deref() {
                Some("typing.Protocol" | "typing.Generic" | "builtins.object") => true,
                Some(name) => name.starts_with("collections.abc."),
                None => file
                    .class(base)
                    .is_some_and(|b| depth > 0 && is_plain(file, b, depth - 1)),
            }
        })
}

/// By its meaning, or by its name where that comes from a module of the project.
fn is_runtime_checkable(file: &SourceFile, function: Node<'_>) -> bool {
    file.is_one_of(function, &["typing.runtime_checkable", "typing.runtime"])
        || matches!(function.last_name(), Some("runtime_checkable" | "runtime"))
}

/// Whether the code around a call catches or tests for the `TypeError` that it raises.
pub fn expects_type_error(hit: Node<'_>) -> bool {
    let names_it = |node: Node<'_>| {
        node.descendants()
            .into_iter()
            .any(|n| n.is("identifier") && n.text() == "TypeError")
    };
    let within = hit
        .ancestors()
        .take_while(|n| !n.is_any(&["function_definition", "class_definition"]));
    for node in within {
        let expected = match node.kind() {
            "try_statement" => {
                node.field("body").is_some_and(|body| body.contains(hit))
                    && node
                        .children()
                        .into_iter()
                        .filter(|n| n.is("except_clause"))
                        .flat_map(|clause| clause.fields("value"))
                        .any(names_it)
            }
            "with_statement" => node
                .children()
                .into_iter()
                .filter(|n| n.is("with_clause"))
                .any(names_it),
            _ => false,
        };
        if expected {
            return true;
        }
    }
    false
}
