//! `if __name__ == "__main__":`.

use super::syntax::Node;

/// Whether an `if` or `elif` compares `__name__` with `"__main__"`.
pub fn is_guard(statement: Node<'_>) -> bool {
    statement
        .field("condition")
        .is_some_and(|condition| condition.descendants().into_iter().any(compares_name))
}

fn compares_name(node: Node<'_>) -> bool {
    let operands = node.children();
    node.is("comparison_operator")
        && operands
            .iter()
            .any(|n| n.is("identifier") && n.text() == "__name__")
        && operands
            .iter()
            .any(|n| n.is("string") && n.text().trim_matches(['"', '\'']) == "__main__")
}

/// Whether code stands under a main guard, in whichever of its branches.
pub fn is_under(node: Node<'_>) -> bool {
    node.ancestors()
        .any(|n| n.is_any(&["if_statement", "elif_clause"]) && is_guard(n))
}
