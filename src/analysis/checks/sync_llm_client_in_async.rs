//! Starts from a client that is made (the classes are the pattern's `calls`) and reports every request on it that a
//! coroutine makes: a call two attributes or more below the client. The client must be made in place, be the only value
//! of a name, or be assigned to an attribute once, in `__init__`.

use std::collections::HashSet;

use crate::analysis::coroutine::runs_in_coroutine;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report, SourceFile};

/// What a client says about itself: calls below these make no request.
const SETTINGS: [&str; 10] = [
    "api_key",
    "auth_headers",
    "base_url",
    "custom_auth",
    "default_headers",
    "default_query",
    "organization",
    "project",
    "timeout",
    "user_agent",
];

/// See the module.
pub fn check(cx: &Context<'_>, constructor: Node<'_>) -> Vec<Report> {
    let Some(class) = cx.callee_name(constructor) else {
        return Vec::new();
    };
    let class = class.rsplit('.').next().unwrap_or_default();
    requests(cx.file, constructor)
        .into_iter()
        .map(|(call, client)| {
            let callee = call.callee().unwrap_or(call);
            Report::at(call)
                .anchor(callee.range())
                .text("class", class)
                .text("twin", format!("Async{class}"))
                .capture("constructor", constructor)
                .capture("client", client)
        })
        .collect()
}

/// The requests that coroutines make on a client without awaiting them, each with the expression that is the client.
pub fn requests<'t>(file: &'t SourceFile, constructor: Node<'t>) -> Vec<(Node<'t>, Node<'t>)> {
    calls_around(file, constructor)
        .into_iter()
        .filter(|n| n.is("call") && runs_in_coroutine(*n) && !n.statement().has_error())
        .filter(|call| !is_awaited(*call))
        .filter_map(|call| Some((call, client_of(file, call, constructor)?)))
        .collect()
}

/// The calls around a constructor, and around every identifier that it may be bound to, in source order.
fn calls_around<'t>(file: &'t SourceFile, constructor: Node<'t>) -> Vec<Node<'t>> {
    let statement = constructor.statement();
    let bound = statement.walk_while(|n| n != constructor && !n.is("block"));
    let words: HashSet<&str> = bound
        .into_iter()
        .filter(|n| n.is("identifier") && !constructor.contains(*n))
        .map(Node::text)
        .collect();
    let mentions = words.into_iter().flat_map(|word| file.spelled(word));
    let mut calls: Vec<Node<'t>> = mentions
        .chain([constructor])
        .flat_map(|n| {
            let chain = n.ancestors().take_while(|a| {
                a.is_any(&["attribute", "call", "parenthesized_expression", "await"])
            });
            chain.filter(|a| a.is("call"))
        })
        .collect();
    calls.sort_by_key(|call| (call.start(), call.end()));
    calls.dedup();
    calls
}

fn is_awaited(call: Node<'_>) -> bool {
    call.with_parentheses()
        .parent()
        .is_some_and(|p| p.is("await"))
}

/// The expression below a callee that is the client which the constructor made.
fn client_of<'t>(file: &'t SourceFile, call: Node<'t>, constructor: Node<'t>) -> Option<Node<'t>> {
    let callee = call.callee()?.unparenthesized();
    let mut attribute = callee.field("object")?.unparenthesized();
    while attribute.is("attribute") {
        let below = attribute.field("object")?.unparenthesized();
        if value_of(file, below) == Some(constructor) {
            let name = attribute.last_name()?;
            return (!name.starts_with('_') && !SETTINGS.contains(&name)).then_some(below);
        }
        attribute = below;
    }
    None
}

/// What a name, an attribute of `self`, or a call in place stands for.
fn value_of<'t>(file: &'t SourceFile, expression: Node<'t>) -> Option<Node<'t>> {
    match expression.kind() {
        "identifier" => file
            .local_value(expression)
            .or_else(|| file.with_value(expression)),
        "attribute" => file.attribute_value(expression),
        "call" => Some(expression),
        _ => None,
    }
}
