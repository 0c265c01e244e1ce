//! Expressions that put one object into several places.

use super::mutable::mutable_value;
use super::source_file::SourceFile;
use super::syntax::Node;

/// Libraries whose arrays and tables are no lists: their functions copy the elements of a list, their `copy()` copies
/// everything.
const ARRAY_LIBRARIES: [&str; 9] = [
    "cupy",
    "jax",
    "numpy",
    "pandas",
    "polars",
    "scipy",
    "tensorflow",
    "torch",
    "xarray",
];

/// Whether a qualified name belongs to a library for arrays.
pub fn is_of_array_library(name: &str) -> bool {
    ARRAY_LIBRARIES.contains(&name.split('.').next().unwrap_or(name))
}

/// Whether a file imports a library for arrays.
pub fn has_arrays(file: &SourceFile) -> bool {
    let mut libraries = ARRAY_LIBRARIES.iter();
    libraries.any(|library| !file.spelled(library).is_empty())
}

/// Whether an expression surely makes a container that can be changed: see [`mutable_value`], or a list that is repeated,
/// as `[0] * n`.
pub fn makes_mutable(file: &SourceFile, expression: Node<'_>) -> bool {
    let node = expression.unparenthesized();
    if node.is("binary_operator") && node.has_token("*") {
        let list = |operand: Node<'_>| {
            operand.is_any(&["list", "list_comprehension"])
                || (operand.is("binary_operator") && makes_mutable(file, operand))
        };
        return ["left", "right"]
            .iter()
            .filter_map(|side| node.field(side))
            .any(|operand| list(operand.unparenthesized()));
    }
    mutable_value(file, node).is_some()
}
