//! The loop, of at most two levels and with at most one condition, does nothing but fill a list, set or dict that is not
//! looked at meanwhile, and nobody reads the loop variables afterwards. A container that is not known to be empty must be
//! a list: it can be extended. Loops that await belong to another pattern.

use crate::analysis::building::{Building, Container, Origin};
use crate::analysis::handlers::tries_around;
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report, SourceFile, is_variable};

/// Reports the header of a `for` statement.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Option<Report> {
    let found = Building::of(cx.file, hit)?;
    let origin = found.origin(cx.file)?;
    if is_inner(cx, hit) || has_type_comment(hit) || stores_under_one_key(&found) {
        return None;
    }
    let what = match found.container {
        Container::List => "list",
        Container::Set => "set",
        Container::Dict => "dict",
    };
    let report = Report::range(hit.header())
        .text("what", what)
        .capture("list", found.name);
    Some(match origin {
        Origin::Filled => report.variant("extend").review(),
        Origin::Empty {
            adjacent,
            assignment,
        } => {
            // Whether `list` is the builtin can be uncertain.
            if let Some(value) = assignment.field("right") {
                cx.calls(value, &["builtins.list"]);
            }
            if !adjacent || lambda_sees_target(cx.file, &found) || partial_result_shows(cx, &found)
            {
                report.review()
            } else {
                report
            }
        }
    })
}

/// Whether the loop is all that another reported loop does.
fn is_inner(cx: &Context<'_>, hit: Node<'_>) -> bool {
    let outer = hit
        .parent()
        .and_then(Node::parent)
        .filter(|outer| outer.is("for_statement") && outer.field("body") == hit.parent());
    let alone = || hit.next().is_none() && hit.previous().is_none();
    outer.filter(|_| alone()).is_some_and(|outer| {
        Building::of(cx.file, outer).is_some_and(|found| found.origin(cx.file).is_some())
    })
}

/// Whether the key of a dict is always the same: the loop looks for something.
fn stores_under_one_key(found: &Building<'_>) -> bool {
    let varies = |part: &Node<'_>| part.descendants().into_iter().any(|n| n.is("identifier"));
    found.container == Container::Dict && !found.item.iter().any(varies)
}

fn has_type_comment(statement: Node<'_>) -> bool {
    statement.descendants().into_iter().any(|n| {
        n.is("comment")
            && n.text()
                .trim_start_matches('#')
                .trim_start()
                .starts_with("type:")
    })
}

/// Whether a lambda in the loop looks at a loop variable later.
fn lambda_sees_target(file: &SourceFile, found: &Building<'_>) -> bool {
    let targets: Vec<&str> = found.targets().map(Node::text).collect();
    let scope = found.targets().next().and_then(|t| file.names().owner(t));
    found
        .expressions()
        .flat_map(Node::descendants)
        .filter(|n| n.is("lambda"))
        .filter_map(|lambda| lambda.field("body"))
        .flat_map(Node::descendants)
        .any(|n| {
            n.is("identifier")
                && is_variable(n)
                && targets.contains(&n.text())
                && file.names().owner(n) == scope
        })
}

/// Whether somebody looks at the container after an exception has ended the loop early.
fn partial_result_shows(cx: &Context<'_>, found: &Building<'_>) -> bool {
    let suppressing = found
        .statement
        .ancestors()
        .take_while(|n| !n.is_any(&["function_definition", "class_definition"]))
        .filter(|n| n.is("with_statement") && suppresses(*n))
        .filter_map(|n| n.field("body"));
    let guarded = tries_around(found.statement)
        .into_iter()
        .filter_map(|n| n.field("body"));
    let mut bodies = suppressing.chain(guarded);
    bodies.any(|body| {
        cx.file
            .reads(found.name)
            .into_iter()
            .any(|read| !body.contains(read))
    })
}

/// Whether a `with` statement swallows exceptions, as its name tells.
fn suppresses(statement: Node<'_>) -> bool {
    let clause = statement
        .children()
        .into_iter()
        .find(|c| c.is("with_clause"));
    clause.is_some_and(|clause| {
        clause.descendants().into_iter().any(|n| {
            n.callee().and_then(Node::last_name).is_some_and(|name| {
                ["suppress", "raises", "assertRaises", "assertRaisesRegex"].contains(&name)
            })
        })
    })
}
