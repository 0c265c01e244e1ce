//! Types that are plain to see in an expression.

use crate::analysis::SourceFile;
use crate::analysis::mutable::mutable_value;
use crate::analysis::syntax::Node;

/// The type of a literal, display, comprehension or call of a class of the file, as it is written there; `None` if it is
/// not plain to see, or its name means something else there.
pub fn type_of<'t>(file: &SourceFile, value: Node<'t>) -> Option<&'t str> {
    let value = value.unparenthesized();
    let builtin = match value.kind() {
        "integer" | "float" if value.text().ends_with(['j', 'J']) => "complex",
        "integer" => "int",
        "float" => "float",
        "unary_operator" if !value.has_token("~") => {
            return type_of(file, value.field("argument")?)
                .filter(|name| ["int", "float", "complex"].contains(name));
        }
        "true" | "false" => "bool",
        "string" if value.text().to_ascii_lowercase().starts_with(['b', 'r']) => {
            let prefix = value.children().first()?.text().to_ascii_lowercase();
            if prefix.contains('b') { "bytes" } else { "str" }
        }
        "concatenated_string" => return type_of(file, *value.children().first()?),
        "string" => "str",
        "tuple" => "tuple",
        "list" | "list_comprehension" => "list",
        "dictionary" | "dictionary_comprehension" => "dict",
        "set" | "set_comprehension" => "set",
        "call" => {
            let callee = value.callee()?;
            let makes_container = mutable_value(file, value).is_some();
            return (makes_container || file.class(callee).is_some()).then(|| callee.text());
        }
        _ => return None,
    };
    file.names()
        .lookup_at(builtin, value)
        .is_none()
        .then_some(builtin)
}
