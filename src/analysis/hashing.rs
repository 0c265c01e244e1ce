//! Where Python asks an object for its hash.

use super::annotations;
use super::mutable::mutable_value;
use super::source_file::SourceFile;
use super::syntax::Node;

/// Classes whose subscripts are hashed.
const MAPPINGS: [&str; 12] = [
    "builtins.dict",
    "collections.ChainMap",
    "collections.Counter",
    "collections.OrderedDict",
    "collections.abc.Mapping",
    "collections.abc.MutableMapping",
    "collections.defaultdict",
    "typing.DefaultDict",
    "typing.Dict",
    "typing.Mapping",
    "typing.MutableMapping",
    "typing.OrderedDict",
];

/// Classes whose items are hashed.
const SETS: [&str; 5] = [
    "builtins.frozenset",
    "builtins.set",
    "collections.abc.MutableSet",
    "typing.MutableSet",
    "typing.Set",
];

/// Decorators that hash the arguments of every call.
const CACHES: [&str; 2] = ["functools.cache", "functools.lru_cache"];

/// The expressions that a node hashes: the keys of a subscript of a dict, the argument of a set's `add`, the arguments of
/// a cached function of the file.
pub fn hashed<'t>(file: &'t SourceFile, node: Node<'t>) -> Vec<Node<'t>> {
    match node.kind() {
        "subscript" => match node.field("value") {
            Some(value) if is_one(file, value, &MAPPINGS) => node.fields("subscript"),
            _ => Vec::new(),
        },
        "call" => {
            let arguments =
                node.arguments()
                    .into_iter()
                    .filter_map(|argument| match argument.kind() {
                        "keyword_argument" => argument.field("value"),
                        _ => Some(argument),
                    });
            if is_add(file, node) || calls_cached(file, node) {
                arguments.collect()
            } else {
                Vec::new()
            }
        }
        _ => Vec::new(),
    }
}

fn is_add(file: &SourceFile, call: Node<'_>) -> bool {
    call.callee().is_some_and(|callee| {
        callee.is("attribute")
            && callee.last_name() == Some("add")
            && callee
                .field("object")
                .is_some_and(|object| is_one(file, object, &SETS))
    })
}

/// Whether a call is that of a function of this file with a cache around it, and nothing but that.
fn calls_cached(file: &SourceFile, call: Node<'_>) -> bool {
    let Some(function) = call.callee().and_then(|c| file.called_function(c)) else {
        return false;
    };
    let decorators = function.decorators();
    let of = |decorator: Node<'_>, names: &[&str]| {
        file.is_one_of(decorator.callee().unwrap_or(decorator), names)
    };
    decorators.iter().any(|d| of(*d, &CACHES))
        && decorators
            .iter()
            .all(|d| of(*d, &CACHES) || of(*d, &["builtins.staticmethod", "builtins.classmethod"]))
}

/// Whether an expression stands for an object of one of these classes, by its only value or its annotation.
fn is_one(file: &SourceFile, object: Node<'_>, classes: &[&str]) -> bool {
    let value = if object.is("attribute") {
        file.attribute_value(object)
    } else {
        file.value(object)
    };
    let made = value.and_then(|value| mutable_value(file, value));
    made.is_some_and(|made| classes.contains(&made.class))
        || (object.is("identifier") && is_annotated(file, object, classes))
}

fn is_annotated(file: &SourceFile, name: Node<'_>, classes: &[&str]) -> bool {
    let annotation = file
        .binding_site(name)
        .and_then(Node::parent)
        .and_then(|parent| parent.field("type"));
    annotation.is_some_and(|annotation| {
        annotations::base(file, annotation).is_some_and(|base| classes.contains(&base.as_str()))
    })
}
