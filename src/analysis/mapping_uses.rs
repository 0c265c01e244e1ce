//! What code does with a dict, as far as it matters whether a missing key raises.

use super::handlers;
use super::iteration;
use super::source_file::SourceFile;
use super::syntax::Node;

/// Functions that look at a dict as a whole without going through it one key after the other.
const WHOLE: [&str; 4] = ["builtins.bool", "builtins.len", "json.dump", "json.dumps"];

/// Whether a use of a dict is surely the same for a `defaultdict` or `Counter`: it is iterated over, measured, sorted,
/// tested with `in`, copied, asked with `get`, or turned into JSON.
pub fn is_indifferent(file: &SourceFile, reference: Node<'_>) -> bool {
    let node = reference.with_parentheses();
    if iteration::use_of(file, node) != iteration::Use::Other {
        return true;
    }
    let Some(parent) = node.parent() else {
        return false;
    };
    match parent.kind() {
        "comparison_operator" => {
            let member = parent.has_token("in") || parent.has_token("not in");
            member && matches!(parent.children().as_slice(), [_, container] if *container == node)
        }
        "argument_list" => is_looked_at(file, node),
        "attribute" => of_attribute(file, parent),
        "dictionary_splat" | "not_operator" => true,
        "if_statement" | "elif_clause" | "while_statement" => {
            parent.field("condition") == Some(node)
        }
        _ => false,
    }
}

/// Whether an argument is only looked at as a whole.
fn is_looked_at(file: &SourceFile, argument: Node<'_>) -> bool {
    let call = argument.parent().and_then(Node::parent);
    call.is_some_and(|call| call.positional().contains(&argument) && file.calls(call, &WHOLE))
}

fn of_attribute(file: &SourceFile, attribute: Node<'_>) -> bool {
    let call = attribute.parent().filter(|p| p.callee() == Some(attribute));
    match (attribute.last_name(), call) {
        (Some("items" | "keys" | "values"), Some(view)) => {
            iteration::use_of(file, view) != iteration::Use::Other || is_looked_at(file, view)
        }
        (Some("get"), _) => true,
        _ => false,
    }
}

/// Whether the code around a use of a dict catches the `KeyError` of a missing key.
pub fn expects_key_error(reference: Node<'_>) -> bool {
    let subscript = reference
        .parent()
        .is_some_and(|p| p.is("subscript") && p.field("value") == Some(reference));
    handlers::tries_around(reference)
        .into_iter()
        .flat_map(handlers::clauses)
        .any(|clause| {
            let named = |names: &[&str]| {
                handlers::caught(clause)
                    .into_iter()
                    .filter_map(Node::last_name)
                    .any(|name| names.contains(&name))
            };
            named(&["KeyError", "LookupError"])
                || (subscript
                    && (handlers::is_bare(clause) || named(&["Exception", "BaseException"])))
        })
}
