//! Puts the statement, and what follows it at module level, under `if __name__ == "__main__":`. Definitions and imports
//! stay where they are, and so does a guard that is there already. Withheld where a definition needs a name that would no
//! longer be bound in a child process, or lines cannot be moved.

use crate::analysis::names::MODULE;
use crate::analysis::syntax::Node;
use crate::analysis::{SourceFile, main_guard};
use crate::fixes::{Draft, FixContext, Withheld, layout, withhold};

/// Statements that every import of the module needs.
const DEFINITIONS: [&str; 7] = [
    "class_definition",
    "decorated_definition",
    "function_definition",
    "future_import_statement",
    "import_from_statement",
    "import_statement",
    "type_alias_statement",
];

/// Wraps the statements.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let statements = cx.file.statements();
    let reported = cx.found.range.start;
    let Some(first) = statements
        .iter()
        .position(|s| s.start() <= reported && reported < s.end())
    else {
        return withhold("the code has changed");
    };
    let runs: Vec<&[Node<'t>]> = statements[first..]
        .chunk_by(|a, b| stays(*a) == stays(*b))
        .filter(|run| run.first().is_some_and(|s| !stays(*s)))
        .collect();
    let definitions: Vec<Node<'t>> = statements
        .iter()
        .copied()
        .filter(|s| {
            s.undecorated()
                .is_any(&["class_definition", "function_definition"])
        })
        .collect();
    let mut draft = cx.draft();
    for (number, run) in runs.iter().enumerate() {
        for (place, statement) in run.iter().enumerate() {
            // The pool itself is for the main process; what is made for it is for the others as well.
            let is_reported = number == 0 && place == 0;
            let matters = |d: &Node<'t>| !is_reported || d.start() > statement.start();
            let users: Vec<Node<'t>> = definitions.iter().copied().filter(matters).collect();
            if binds_for(cx.file, *statement, &users) {
                return withhold("a function or class needs a name that would move");
            }
        }
        wrap(cx, &mut draft, run)?;
    }
    Ok(draft)
}

fn stays(statement: Node<'_>) -> bool {
    statement.is_any(&DEFINITIONS)
        || (statement.is("if_statement") && main_guard::is_guard(statement))
}

/// Whether a statement binds a name of the module that one of the definitions reads.
fn binds_for<'t>(file: &'t SourceFile, statement: Node<'t>, definitions: &[Node<'t>]) -> bool {
    statement
        .descendants()
        .into_iter()
        .filter(|n| n.is("identifier") && file.names().is_binding_site(*n))
        .filter(|n| file.names().owner(*n) == Some(MODULE))
        .any(|bound| {
            let reads = file.reads(bound);
            reads
                .iter()
                .any(|read| definitions.iter().any(|d| d.contains(*read)))
        })
}

fn wrap<'t>(cx: &FixContext<'t>, draft: &mut Draft<'t>, run: &[Node<'t>]) -> Result<(), Withheld> {
    let (Some(first), Some(last)) = (run.first(), run.last()) else {
        return Ok(());
    };
    let head = layout::own_lines(cx.file, *first)?;
    let tail = layout::own_lines(cx.file, *last)?;
    let spans_lines = |n: &Node<'_>| n.is("string") && n.text().contains(['\n', '\r']);
    if run.iter().any(|s| s.descendants().iter().any(spans_lines)) {
        return withhold("a string over several lines would be moved");
    }
    let unit = layout::indent_unit(cx.file);
    let guard = format!("if __name__ == \"__main__\":{}", layout::newline(cx.file));
    let mut at = head.start;
    while at < tail.end {
        let line = cx.file.text().get(at..layout::line_end(cx.file, at));
        let before = if at == head.start { guard.as_str() } else { "" };
        if line.is_some_and(|line| !line.trim().is_empty()) {
            draft.insert(at, format!("{before}{unit}"));
        }
        at = layout::next_line(cx.file, at);
    }
    Ok(())
}
