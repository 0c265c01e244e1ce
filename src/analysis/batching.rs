//! Sequences that are cut into batches by hand.

use super::repetition::spelling;
use super::source_file::SourceFile;
use super::syntax::Node;

/// `for i in range(0, len(items), size)` with nothing but `items[i:i + size]` made of `i`.
#[derive(Debug, Clone, Copy)]
pub struct Batching<'t> {
    /// The `for` statement or the comprehension.
    pub around: Node<'t>,
    /// The sequence.
    pub items: Node<'t>,
    /// The size of a batch.
    pub size: Node<'t>,
    /// The assignment of the batch, the first statement of the loop.
    pub assignment: Option<Node<'t>>,
}

impl<'t> Batching<'t> {
    /// Reads what is around a call of `range`.
    pub fn of(file: &'t SourceFile, range: Node<'t>) -> Option<Self> {
        let node = range.with_parentheses();
        let clause = node.parent().filter(|p| p.field("right") == Some(node))?;
        let variable = clause.field("left").filter(|n| n.is("identifier"))?;
        let [start, stop, size] = range.arguments()[..] else {
            return None;
        };
        let stop = stop.unparenthesized();
        let [items] = stop.arguments()[..] else {
            return None;
        };
        if start.text() != "0"
            || !file.calls(stop, &["builtins.len"])
            || !is_fixed(items)
            || !is_fixed(size)
        {
            return None;
        }
        let (around, slice, assignment) = match clause.kind() {
            "for_statement" if !clause.is_async() => {
                let statement = *clause.body().first()?;
                let assignment = statement
                    .children()
                    .first()
                    .copied()
                    .filter(|n| n.is("assignment"))?;
                assignment.field("left").filter(|n| n.is("identifier"))?;
                (clause, assignment.field("right")?, Some(assignment))
            }
            "for_in_clause" if !clause.is_async() => {
                let comprehension = clause.parent().filter(|p| p.is("list_comprehension"))?;
                if comprehension.children().len() != 2 {
                    return None;
                }
                (comprehension, comprehension.field("body")?, None)
            }
            _ => return None,
        };
        let found = Self {
            around,
            items,
            size,
            assignment,
        };
        (found.is_batch(slice.unparenthesized(), variable)
            && found.is_only_use(file, slice, variable)
            && found.stays(file))
        .then_some(found)
    }

    /// Whether an expression is `items[variable:variable + size]`.
    fn is_batch(&self, slice: Node<'_>, variable: Node<'_>) -> bool {
        let [index] = slice.fields("subscript")[..] else {
            return false;
        };
        let ends: String = spelling(index).replace(['(', ')'], "");
        let (i, size) = (variable.text(), spelling(self.size).replace(['(', ')'], ""));
        slice
            .field("value")
            .is_some_and(|value| spelling(value) == spelling(self.items))
            && index.is("slice")
            && [format!("{i}:{i}+{size}"), format!("{i}:{size}+{i}")].contains(&ends)
    }

    /// Whether the loop's variable is read by the slice alone, also after the loop.
    fn is_only_use(&self, file: &SourceFile, slice: Node<'_>, variable: Node<'_>) -> bool {
        file.reads(variable).into_iter().all(|read| {
            let elsewhere = !self.around.contains(read)
                && read.ancestors().any(|n| {
                    n.is("for_statement")
                        && n.field("left").is_some_and(|l| l.text() == variable.text())
                });
            slice.contains(read) || elsewhere || read.end() <= self.around.start()
        })
    }

    /// Whether the loop binds neither the sequence nor the size anew.
    fn stays(&self, file: &SourceFile) -> bool {
        let names = [self.items, self.size];
        let parts = names.into_iter().flat_map(Node::descendants);
        parts.filter(|n| n.is("identifier")).all(|name| {
            !file
                .occurrences(name)
                .into_iter()
                .any(|n| self.around.contains(n) && file.names().is_binding_site(n))
        })
    }
}

/// Whether an expression means the same each time: names, attributes, numbers.
fn is_fixed(node: Node<'_>) -> bool {
    node.descendants().into_iter().all(|n| {
        n.is_any(&[
            "identifier",
            "attribute",
            "integer",
            "binary_operator",
            "parenthesized_expression",
        ]) || n.is_any(&[
            "subscript",
            "string",
            "string_start",
            "string_content",
            "string_end",
        ])
    }) && !node.is("string")
}
