//! The assigned value can be iterated only once, and a later use finds it empty: another use has surely read it before,
//! or the use stands in a loop that does not make it anew.

use crate::analysis::expressions::is_comprehension;
use crate::analysis::iteration::{Use, is_one_shot, use_of};
use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// Reports every use that finds the iterator empty. The hit is the assignment.
pub fn check(cx: &Context<'_>, hit: Node<'_>) -> Vec<Report> {
    let (Some(name), Some(value)) = (hit.field("left"), hit.field("right")) else {
        return Vec::new();
    };
    let value = value.unparenthesized();
    let whole = hit.function().unwrap_or(hit.statement());
    if cx.file.local_value(name) != Some(value) || !is_one_shot(cx.file, value) || whole.has_error()
    {
        return Vec::new();
    }
    let reads = cx.file.reads(name);
    if reads.iter().any(|read| is_copied(cx, *read)) {
        return Vec::new();
    }
    let uses: Vec<Node<'_>> = reads
        .into_iter()
        .filter(|read| {
            read.function() == hit.function()
                && matches!(use_of(cx.file, *read), Use::Loop | Use::Eager)
        })
        .collect();
    let report = |user: &Node<'_>| {
        Report::at(*user)
            .capture("name", *user)
            .capture("value", value)
            .related(value, "the iterator is made here")
    };
    let mut reports = Vec::new();
    for (i, user) in uses.iter().enumerate() {
        if uses[..i]
            .iter()
            .any(|earlier| empties(*earlier) && runs_before(*earlier, *user))
        {
            reports.push(report(user));
        } else if in_repeating_loop(hit, *user) {
            reports.push(report(user).variant("loop"));
        }
    }
    reports
}

/// `itertools.tee(name)` makes independent iterators of it.
fn is_copied(cx: &Context<'_>, read: Node<'_>) -> bool {
    let call = read
        .parent()
        .filter(|p| p.is("argument_list"))
        .and_then(Node::parent);
    call.is_some_and(|call| cx.calls(call, &["itertools.tee", "copy.copy", "copy.deepcopy"]))
}

/// Whether a use leaves nothing behind: a loop that can be left by `break` may.
fn empties(user: Node<'_>) -> bool {
    let node = user.with_parentheses();
    match node.parent().filter(|p| p.is("for_statement")) {
        Some(statement) => !has_break(statement),
        None => true,
    }
}

fn has_break(statement: Node<'_>) -> bool {
    let body = statement.field("body");
    body.is_some_and(|body| {
        let own = |n: Node<'_>| {
            !n.is_any(&[
                "for_statement",
                "while_statement",
                "function_definition",
                "class_definition",
            ])
        };
        body.walk_while(own).iter().any(|n| n.is("break_statement"))
    })
}

/// Whether `first` has always run when `second` runs.
fn runs_before(first: Node<'_>, second: Node<'_>) -> bool {
    if is_conditional(first) {
        return false;
    }
    let statement = first.statement();
    if statement.contains(second) {
        // One statement reads from left to right; the body of a `for` runs after its iterable is asked for, but before it
        // is read to the end.
        return !statement
            .field("body")
            .is_some_and(|body| body.contains(second))
            && second.statement() == statement;
    }
    let mut block = statement;
    loop {
        let Some(parent) = block.parent() else {
            return false;
        };
        if parent.contains(second) {
            return second.start() > block.end() && parent.is_any(&["block", "module"]);
        }
        // A `with` block is part of the straight line; any other block may not run, or not to its end.
        match parent.parent() {
            Some(with) if parent.is("block") && with.is("with_statement") => block = with,
            _ => return false,
        }
    }
}

/// Whether an expression may not run, or runs later or repeatedly, when its statement does.
fn is_conditional(node: Node<'_>) -> bool {
    const CONDITIONAL: [&str; 6] = [
        "conditional_expression",
        "boolean_operator",
        "lambda",
        "elif_clause",
        "case_clause",
        "while_statement",
    ];
    let statement = node.statement();
    let mut child = node;
    for above in node.ancestors() {
        let in_comprehension = is_comprehension(above)
            && above.children().into_iter().find(|n| n.is("for_in_clause")) != Some(child);
        let in_clause = above.is("for_in_clause") && above.field("right") != Some(child);
        if above.is_any(&CONDITIONAL) || in_comprehension || in_clause {
            return true;
        }
        if above == statement {
            break;
        }
        child = above;
    }
    false
}

/// Whether a use runs several times for one run of the assignment: it stands in the body of a loop that the assignment
/// does not stand in, and does not leave that loop afterwards.
fn in_repeating_loop(assignment: Node<'_>, user: Node<'_>) -> bool {
    let mut node = user;
    for above in user.ancestors() {
        if above.contains(assignment) {
            return false;
        }
        if above.is_any(&["for_statement", "while_statement"]) && above.field("body") == Some(node)
        {
            // A loop over the iterator itself ends when its body has read the rest.
            let over_itself = above
                .field("right")
                .is_some_and(|r| r.unparenthesized().text() == user.text());
            return !over_itself && !leaves(node, user);
        }
        node = above;
    }
    false
}

/// Whether a statement of the loop's body after the use, or the one it stands in, leaves the loop.
fn leaves(body: Node<'_>, user: Node<'_>) -> bool {
    body.own_scope().into_iter().any(|n| {
        n.is_any(&["break_statement", "return_statement", "raise_statement"])
            && (n.start() > user.start() || n.contains(user))
    })
}
