//! Logs the exception with its traceback as the first statement of the handler, through the module's logger or the
//! imported `logging`; never adds an import.

use crate::analysis::SourceFile;
use crate::analysis::handlers::{block, guarded, work};
use crate::analysis::names::MODULE;
use crate::analysis::syntax::Node;
use crate::fixes::draft::{Draft, FixContext, Withheld, withhold};
use crate::fixes::imports::Style;
use crate::fixes::layout;

/// Inserts `logger.exception("… failed")`.
///
/// # Errors
///
/// If there is no logger, or its name means something else in the handler.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let clause = cx.hit_of_kind("except_clause")?;
    let Some(first) = block(clause).and_then(|b| b.children().first().copied()) else {
        return withhold("the code has changed");
    };
    let mut draft = cx.draft();
    draft.review();
    let function = match module_logger(cx.file, first) {
        Some(logger) => format!("{logger}.exception"),
        None => imported(cx, first)?,
    };
    let statement = format!("{function}(\"{} failed\")", work_of(clause));
    let newline = layout::newline(cx.file);
    let idle = first.is("pass_statement") && first.next().is_none();
    if idle && first.line_prefix() == first.indentation() {
        draft.replace(first, statement);
    } else if first.line_prefix() == first.indentation() {
        draft.insert(
            first.start(),
            format!("{statement}{newline}{}", first.indentation()),
        );
    } else {
        let inner = format!(
            "{newline}{}{}",
            clause.indentation(),
            layout::indent_unit(cx.file)
        );
        let before = cx.file.text()[..first.start()].trim_end().len();
        if idle {
            draft.replace_range(before..first.end(), format!("{inner}{statement}"));
        } else {
            draft.replace_range(before..first.start(), format!("{inner}{statement}{inner}"));
        }
    }
    Ok(draft)
}

/// What the `try` does, in words for a log.
fn work_of(clause: Node<'_>) -> &str {
    let body = guarded(clause);
    let import = |n: &Node<'_>| n.is_any(&["import_statement", "import_from_statement"]);
    if body.is_some_and(|b| b.children().first().is_some_and(import)) {
        return "import";
    }
    let function = || clause.function().and_then(|f| f.field("name"));
    body.and_then(work)
        .or_else(|| function().map(Node::text))
        .unwrap_or("operation")
}

/// The name of a top-level variable that holds a logger and means that at a place.
pub fn module_logger<'t>(file: &'t SourceFile, at: Node<'t>) -> Option<&'t str> {
    const MAKES_LOGGER: &str = "logging.getLogger";
    let names = file.names();
    // Whoever calls it spells it, or a name that it was imported under.
    let imported = names.imported_as(MAKES_LOGGER);
    let imported = imported.filter(|name| *name != "getLogger");
    let spellings = imported.chain(["getLogger"]);
    let mut calls: Vec<Node<'_>> = spellings.flat_map(|name| file.spelled(name)).collect();
    calls.sort_unstable_by_key(|n| n.start());
    calls.into_iter().find_map(|spelled| {
        let assignment = spelled.ancestors().find(|n| n.is("assignment"))?;
        let statement = assignment.parent()?.parent()?;
        if !statement.is("module") {
            return None;
        }
        let (name, value) = (assignment.field("left")?, assignment.field("right")?);
        let visible = || {
            let scope = names
                .lookup(name.text(), names.scope_of(at))
                .map(|(scope, _)| scope);
            scope == Some(MODULE) && names.bindings_in(MODULE, name.text()).len() == 1
        };
        let ready = at.function().is_some() || name.start() < at.start();
        (assignment.is("assignment")
            && name.is("identifier")
            && file.calls(value.unparenthesized(), &[MAKES_LOGGER])
            && ready
            && visible())
        .then(|| name.text())
    })
}

/// `logging.exception`, if that can be written without a new import.
fn imported<'t>(cx: &FixContext<'t>, at: Node<'t>) -> Result<String, Withheld> {
    let mut trial = cx.draft();
    let function = trial.symbol("logging.exception", at, Style::Module)?;
    if trial.imports.is_empty() {
        Ok(function)
    } else {
        withhold("there is no logger here, and `logging` is not imported")
    }
}
