//! What kind of class a class is, as far as the file tells.

use super::ancestry::{base_class, bases, subclasses};
use super::source_file::SourceFile;
use super::syntax::Node;

/// The base classes of a class, and theirs as far as the file defines them, without type arguments.
pub fn known_bases<'t>(file: &'t SourceFile, class: Node<'t>) -> Vec<Node<'t>> {
    let mut found = Vec::new();
    let mut classes = vec![class];
    let mut next = 0;
    while let Some(class) = classes.get(next).copied() {
        next += 1;
        for base in bases(class).into_iter().map(base_class) {
            found.push(base);
            // A class may by mistake inherit from itself.
            classes.extend(file.class(base).filter(|known| !classes.contains(known)));
        }
    }
    found
}

/// Whether a class is an enumeration of the standard library, whose attributes become members.
pub fn is_enum<'t>(file: &'t SourceFile, class: Node<'t>) -> bool {
    known_bases(file, class).into_iter().any(|base| {
        file.qualified_name(base)
            .is_some_and(|name| name.starts_with("enum."))
    })
}

/// A class and the classes of the file that inherit from it, directly or not.
pub fn family<'t>(file: &'t SourceFile, class: Node<'t>) -> Vec<Node<'t>> {
    let mut family = vec![class];
    let mut next = 0;
    while let Some(known) = family.get(next).copied() {
        next += 1;
        for subclass in subclasses(file, known) {
            if !family.contains(&subclass) {
                family.push(subclass);
            }
        }
    }
    family
}
