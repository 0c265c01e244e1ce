//! Goes over `itertools.batched` and drops the slice; a comprehension becomes `list(batched(…))`. Withheld where a batch is
//! used in a way that a tuple does not know, or the sequence is visibly no list.

use crate::analysis::annotations;
use crate::analysis::batching::Batching;
use crate::analysis::syntax::Node;
use crate::analysis::{SourceFile, is_written};
use crate::fixes::{Draft, FixContext, Style, Withheld, layout, withhold};

/// Rewrites the loop or comprehension.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let range = cx.capture("range")?;
    let Some(found) = Batching::of(cx.file, range) else {
        return withhold("the code has changed");
    };
    if is_no_list(cx.file, found.items) {
        return withhold("slices of this type are more than tuples of its items");
    }
    let mut draft = cx.draft();
    draft.review();
    let Some(assignment) = found.assignment else {
        if is_joined(found.around) {
            return withhold("the batches are texts: tuples of characters cannot be joined");
        }
        let list = draft.symbol("builtins.list", found.around, Style::From)?;
        let batched = batched(&mut draft, &found)?;
        draft.replace(found.around, format!("{list}({batched})"));
        return Ok(draft);
    };
    let statement = assignment.statement();
    let (Some(batch), Some(variable)) = (assignment.field("left"), found.around.field("left"))
    else {
        return withhold("the code has changed");
    };
    let lines = layout::own_lines(cx.file, statement)?;
    if assignment.field("type").is_some() || cx.file.occurrences(batch).into_iter().any(needs_list)
    {
        return withhold("the batch is used as a list");
    }
    if cx.file.occurrences(batch).into_iter().any(is_sent) {
        return withhold("the batches are bytes or text, which tuples are not");
    }
    if found.around.body().len() < 2 {
        return withhold("the loop does nothing with the batch");
    }
    let batched = batched(&mut draft, &found)?;
    draft.replace(variable, batch.text());
    draft.replace(range, batched);
    draft.delete(layout::with_gap(cx.file, statement, lines));
    Ok(draft)
}

/// Whether a comprehension is what a text joins.
fn is_joined(comprehension: Node<'_>) -> bool {
    let parent = comprehension.parent();
    let call = parent.and_then(|p| {
        if p.is("argument_list") {
            p.parent()
        } else {
            Some(p)
        }
    });
    call.and_then(Node::callee).and_then(Node::last_name) == Some("join")
}

fn batched<'t>(draft: &mut Draft<'t>, found: &Batching<'t>) -> Result<String, Withheld> {
    let batched = draft.symbol("itertools.batched", found.around, Style::From)?;
    Ok(format!(
        "{batched}({}, {})",
        found.items.text(),
        found.size.text()
    ))
}

/// Whether a use of a batch works for a list and not for a tuple.
fn needs_list(occurrence: Node<'_>) -> bool {
    let node = occurrence.with_parentheses();
    let Some(parent) = node.parent() else {
        return false;
    };
    match parent.kind() {
        "attribute" => !matches!(parent.last_name(), Some("count" | "index")),
        "subscript" => {
            parent.field("value") == Some(node)
                && (is_written(parent) || parent.fields("subscript").iter().any(|s| s.is("slice")))
        }
        "binary_operator" => !parent.has_token("%"),
        "augmented_assignment" | "comparison_operator" => !is_membership(parent, node),
        "argument_list" => parent
            .parent()
            .and_then(Node::callee)
            .is_some_and(|callee| matches!(callee.last_name(), Some("isinstance" | "type"))),
        _ => false,
    }
}

/// Whether a use of a batch hands it to a method that takes bytes or text: of a file, a connection, a parser, a hash.
fn is_sent(occurrence: Node<'_>) -> bool {
    const TAKE_TEXT: [&str; 8] = [
        "feed",
        "feed_data",
        "send",
        "send_bytes",
        "sendall",
        "sendto",
        "update",
        "write",
    ];
    let node = occurrence.with_parentheses();
    let list = node.parent().filter(|p| p.is("argument_list"));
    let callee = list.and_then(Node::parent).and_then(Node::callee);
    let Some(callee) = callee.filter(|c| c.is("attribute")) else {
        return false;
    };
    // The methods of an object's own class say themselves what they take.
    let own = callee.field("object").is_some_and(|o| o.text() == "self");
    !own && callee
        .last_name()
        .is_some_and(|name| TAKE_TEXT.contains(&name))
}

/// Whether an expression makes bytes or text: a literal, what is read or encoded, what is compressed.
fn is_text(file: &SourceFile, value: Node<'_>) -> bool {
    const MODULES: [&str; 6] = ["base64.", "binascii.", "bz2.", "gzip.", "lzma.", "zlib."];
    const METHODS: [&str; 9] = [
        "decode",
        "encode",
        "getvalue",
        "hex",
        "hexdigest",
        "read",
        "read_bytes",
        "read_text",
        "tobytes",
    ];
    let value = if value.is("await") {
        value.children().first().copied().unwrap_or(value)
    } else {
        value
    };
    let Some(callee) = value.unparenthesized().callee() else {
        return value.is_any(&["string", "concatenated_string"]);
    };
    let of_module = file
        .qualified_name(callee)
        .is_some_and(|name| MODULES.iter().any(|module| name.starts_with(module)));
    let method = callee.last_name().filter(|_| callee.is("attribute"));
    of_module || method.is_some_and(|name| METHODS.contains(&name))
}

/// Whether a node is what `in` looks in.
fn is_membership(comparison: Node<'_>, node: Node<'_>) -> bool {
    (comparison.has_token("in") || comparison.has_token("not in"))
        && comparison.children().last() == Some(&node)
}

/// Whether the sequence is, by its annotation or its value, a string, bytes, an array or a data frame.
fn is_no_list(file: &SourceFile, items: Node<'_>) -> bool {
    const OTHER: [&str; 7] = [
        "numpy.",
        "pandas.",
        "torch.",
        "polars.",
        "array.",
        "jax.",
        "tensorflow.",
    ];
    let other = |name: &str| {
        matches!(
            name,
            "builtins.str" | "builtins.bytes" | "builtins.bytearray" | "builtins.memoryview"
        ) || OTHER.iter().any(|module| name.starts_with(module))
    };
    let Some(site) = file.binding_site(items) else {
        return false;
    };
    let annotated = site
        .ancestors()
        .take(3)
        .find_map(|n| n.field("type"))
        .is_some_and(|annotation| {
            annotations::members(file, annotation)
                .iter()
                .flatten()
                .any(|n| other(n))
                || annotation.text().ends_with("ndarray")
        });
    let value = file.local_value(items);
    annotated
        || value.is_some_and(|value| {
            is_text(file, value) || file.callee_name(value).is_some_and(|name| other(&name))
        })
}
