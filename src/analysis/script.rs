//! When code of a module runs: at import, or only when the file is run as a script.

use std::path::Path;

use super::source_file::SourceFile;
use super::syntax::Node;

/// Whether code runs as soon as the module is imported: it stands in no function and no lambda, and in no part that only a
/// script or a type checker reads.
pub fn runs_at_import(node: Node<'_>) -> bool {
    let steps = std::iter::once(node).chain(node.ancestors());
    let body_of_function = |inner: Node<'_>, outer: Node<'_>| {
        outer.is_any(&["function_definition", "lambda"]) && outer.field("body") == Some(inner)
    };
    let parents = node.ancestors();
    !steps
        .zip(parents)
        .any(|(inner, outer)| body_of_function(inner, outer))
        && !in_main_guard(node)
        && !for_type_checkers(node)
}

/// Whether code stands in `if TYPE_CHECKING:`.
pub fn for_type_checkers(node: Node<'_>) -> bool {
    under_condition(node, |condition| {
        condition.unparenthesized().last_name() == Some("TYPE_CHECKING")
    })
}

/// Whether code stands in `if __name__ == "__main__":`, or under a condition that asks for more than that.
pub fn in_main_guard(node: Node<'_>) -> bool {
    under_condition(node, is_main_guard)
}

/// Whether a node stands in the block of an `if` whose condition is such.
fn under_condition(node: Node<'_>, is_such: impl Fn(Node<'_>) -> bool) -> bool {
    let steps = std::iter::once(node).chain(node.ancestors());
    steps.zip(node.ancestors()).any(|(inner, outer)| {
        outer.is_any(&["if_statement", "elif_clause"])
            && outer.field("consequence") == Some(inner)
            && outer.field("condition").is_some_and(&is_such)
    })
}

fn is_main_guard(condition: Node<'_>) -> bool {
    let condition = condition.unparenthesized();
    let sides = condition.children();
    if condition.is("boolean_operator") && condition.has_token("and") {
        return sides.into_iter().any(is_main_guard);
    }
    let text = |n: &Node<'_>| n.text().trim_matches(['"', '\'']) == "__main__";
    condition.is("comparison_operator")
        && condition.has_token("==")
        && sides
            .iter()
            .any(|n| n.is("identifier") && n.text() == "__name__")
        && sides.iter().any(text)
}

/// Whether the file has an `if __name__ == "__main__":`.
pub fn has_main_guard(file: &SourceFile) -> bool {
    file.spelled("__name__").into_iter().any(|name| {
        let condition = name.parent().filter(|p| is_main_guard(*p));
        condition.is_some_and(|c| {
            c.with_parentheses()
                .parent()
                .is_some_and(|p| p.is("if_statement"))
        })
    })
}

/// Whether the file begins with `#!`.
pub fn has_shebang(file: &SourceFile) -> bool {
    file.covering(0..2)
        .is_some_and(|n| n.is("comment") && n.start() == 0 && n.text().starts_with("#!"))
}

/// Whether one of the folders that a path leads through has one of these names.
pub fn is_below(path: &Path, folders: &[&str]) -> bool {
    let above = path.parent().unwrap_or(Path::new(""));
    above
        .components()
        .any(|c| folders.iter().any(|folder| c.as_os_str() == *folder))
}
