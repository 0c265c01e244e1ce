//! Writes parentheses around the items of a list that is hashed, with the comma that a single item needs. Withheld for
//! anything but list displays, and where an item could not be hashed either.

use crate::analysis::syntax::Node;
use crate::analysis::unhashable::unhashable_parts;
use crate::fixes::{Draft, FixContext, Withheld, brackets, withhold};

/// Turns each captured list into a tuple.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let mut draft = cx.draft();
    for part in cx.captures("part") {
        let list = part.unparenthesized();
        if !list.is("list") {
            return withhold("only a list of items can be written as a tuple");
        }
        let unhashable = |item: &Node<'_>| !unhashable_parts(*item).is_empty();
        if list.children().iter().any(unhashable) {
            return withhold("an item of the list cannot be hashed either");
        }
        brackets::to_tuple(&mut draft, list);
    }
    Ok(draft)
}
