//! Functions that do nothing but fill a list and return it.

use super::source_file::SourceFile;
use super::syntax::Node;

/// A function that fills one list and returns it as its last statement.
#[derive(Debug)]
pub struct Accumulator<'t> {
    /// The list's name where it is bound.
    pub name: Node<'t>,
    /// The statement `name = []`.
    pub initialiser: Node<'t>,
    /// The statements `name.append(value)`.
    pub appends: Vec<Node<'t>>,
    /// The loops around the appends, innermost first for each, without repetition.
    pub loops: Vec<Node<'t>>,
    /// The final `return name`.
    pub result: Node<'t>,
}

/// The shape of a function that is an accumulator: an empty list bound once at the top of the body, appended to in
/// loops, returned by the last statement, and used for nothing else; no other `return` with a value, and no `yield`.
pub fn accumulator<'t>(file: &'t SourceFile, function: Node<'t>) -> Option<Accumulator<'t>> {
    let body = function.body();
    let result = *body.last()?;
    let returned = result
        .children()
        .first()
        .copied()
        .filter(|n| result.is("return_statement") && n.is("identifier"))?;
    let value = file.local_value(returned)?;
    let initialiser = value.statement();
    let empty = (value.is("list") && value.children().is_empty())
        || (file.calls(value, &["builtins.list"]) && value.arguments().is_empty());
    let assignment = value.parent().filter(|p| p.is("assignment"))?;
    let single = assignment.parent() == Some(initialiser)
        && assignment.field("left").is_some_and(|l| l.is("identifier"));
    if !empty
        || !single
        || !body.contains(&initialiser)
        || file.names().owner(returned) != file.names().scope_opened_by(function)
    {
        return None;
    }
    let mut appends = Vec::new();
    for read in file.reads(returned) {
        if read == returned {
            continue;
        }
        appends.push(append(function, read)?);
    }
    let own = function.field("body")?.own_scope();
    let other_results = own.iter().any(|n| {
        (n.is("return_statement") && *n != result && !n.children().is_empty()) || n.is("yield")
    });
    let mut loops: Vec<Node<'t>> = Vec::new();
    for append in &appends {
        for above in append.ancestors().take_while(|n| *n != function) {
            if above.is_any(&["for_statement", "while_statement"]) && !loops.contains(&above) {
                loops.push(above);
            }
        }
    }
    if other_results || loops.is_empty() {
        return None;
    }
    Some(Accumulator {
        name: assignment.field("left")?,
        initialiser,
        appends,
        loops,
        result,
    })
}

/// The statement `name.append(value)` around a read of the name, if it runs in the function itself.
fn append<'t>(function: Node<'t>, read: Node<'t>) -> Option<Node<'t>> {
    let method = read
        .parent()
        .filter(|p| p.is("attribute") && p.last_name() == Some("append"))?;
    let call = method.parent().filter(|p| p.callee() == Some(method))?;
    let statement = call
        .parent()
        .filter(|p| p.is("expression_statement") && p.children().len() == 1)?;
    let arguments = call.arguments();
    let plain = arguments.len() == 1
        && arguments
            .iter()
            .all(|a| !a.is_any(&["list_splat", "dictionary_splat", "keyword_argument"]));
    (plain && statement.function() == Some(function)).then_some(statement)
}
