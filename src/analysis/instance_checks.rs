//! `isinstance` and `issubclass`: which classes a check names.

use super::SourceFile;
use super::syntax::Node;

/// The class expressions that the second argument of `isinstance` or `issubclass` consists of: those in (nested) tuples
/// and in `A | B`.
pub fn classes_in(argument: Node<'_>) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut stack = vec![argument];
    while let Some(node) = stack.pop() {
        let node = node.unparenthesized();
        match node.kind() {
            "tuple" => stack.extend(node.children().into_iter().rev()),
            "binary_operator" if node.has_token("|") => {
                stack.extend(node.field("right"));
                stack.extend(node.field("left"));
            }
            _ => found.push(node),
        }
    }
    found
}

/// Whether the classes of some `isinstance`, `issubclass` or class pattern of the file include the class that this name
/// stands for. A tuple of classes may have a name of its own. Certain or not: a hidden `isinstance` counts too.
pub fn is_checked_against<'t>(file: &'t SourceFile, class_name: Node<'t>) -> bool {
    let checks = ["isinstance", "issubclass"].into_iter();
    let calls = checks.flat_map(|name| file.spelled(name)).filter_map(|n| {
        let mut around = n.ancestors().take(2);
        around.find(|a| a.is("call"))
    });
    let patterns = file.spelled(class_name.text()).into_iter();
    let patterns = patterns.filter_map(|n| n.parent()?.parent());
    calls.chain(patterns).any(|node| {
        let classes = match node.kind() {
            "call" if is_instance_check(node) => node.arguments().get(1).map(|argument| {
                let value = file.value(*argument).unwrap_or(*argument);
                let mut classes = classes_in(value);
                classes.extend(classes_in(*argument));
                classes
            }),
            "class_pattern" => pattern_class(node).map(|class| vec![class]),
            _ => None,
        };
        classes
            .unwrap_or_default()
            .into_iter()
            .any(|class| class.is("identifier") && file.names().same_variable(class, class_name))
    })
}

fn is_instance_check(call: Node<'_>) -> bool {
    call.callee()
        .and_then(Node::last_name)
        .is_some_and(|name| matches!(name, "isinstance" | "issubclass"))
}

/// The class that `case P(…)` tests for, if it is a plain name.
pub fn pattern_class(pattern: Node<'_>) -> Option<Node<'_>> {
    let class = *pattern.children().first()?;
    match class.children().as_slice() {
        [identifier] if class.is("dotted_name") => Some(*identifier),
        _ => None,
    }
}
