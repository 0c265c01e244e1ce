//! Holds the task in a module-level set until it is done.

use crate::analysis::names::{BindingKind, MODULE};
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, ImportEdit, Style, Withheld, layout, module_line, withhold};

const SET: &str = "background_tasks";

/// See the module.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let statement = cx.hit_of_kind("expression_statement")?;
    if statement
        .definition()
        .is_some_and(|d| d.is("class_definition"))
    {
        return withhold("the task would become an attribute of the class");
    }
    layout::own_lines(cx.file, statement)?;
    let mut draft = cx.draft();
    define_set(cx, &mut draft, statement)?;
    let task = name_task(cx, &mut draft, statement);
    let line = format!("{}{}", layout::newline(cx.file), statement.indentation());
    draft.insert(
        layout::line_end(cx.file, statement.end()),
        format!("{line}{SET}.add({task}){line}{task}.add_done_callback({SET}.discard)"),
    );
    Ok(draft)
}

/// Gives the task a name, unless it has one that says something.
fn name_task(cx: &FixContext<'_>, draft: &mut Draft<'_>, statement: Node<'_>) -> String {
    let target = cx.capture("target").ok();
    if let Some(name) = target.filter(|t| t.text() != "_") {
        return name.text().to_owned();
    }
    let scope = statement
        .function()
        .or_else(|| statement.ancestors().last())
        .unwrap_or(statement);
    let task = cx.file.unused_name(scope, &["task"]);
    match target {
        Some(underscore) => draft.replace(underscore, task.clone()),
        None => draft.insert(statement.start(), format!("{task} = ")),
    }
    task
}

/// Makes sure that the set exists: uses the one the module has, or defines it below the imports.
fn define_set<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    statement: Node<'t>,
) -> Result<(), Withheld> {
    let names = cx.file.names();
    let visible = names.lookup(SET, names.scope_of(statement));
    if let Some((scope, bindings)) = visible {
        let is_set = |value: Node<'t>| value.callee().is_some_and(|c| cx.file.is_builtin(c, "set"));
        let usable = match bindings {
            [binding] if scope == MODULE => match &binding.kind {
                BindingKind::Value(key) => cx.file.node(*key).is_some_and(is_set),
                _ => false,
            },
            _ => false,
        };
        return if usable {
            Ok(())
        } else {
            withhold(format!("`{SET}` means something else here"))
        };
    }
    let top = std::iter::once(statement)
        .chain(statement.ancestors())
        .take_while(|n| !n.is("module"))
        .last()
        .unwrap_or(statement);
    let set = draft.symbol("builtins.set", statement, Style::Module)?;
    let task = draft.symbol("asyncio.Task", top, Style::Module)?;
    let Some(import) = import_of(cx, draft, &task).filter(|i| i.end() <= top.start()) else {
        return withhold("`asyncio` is not imported at the top of the file");
    };
    let last = std::iter::successors(Some(import), |n| n.next())
        .take_while(|n| n.is_any(&["import_statement", "import_from_statement"]) || *n == import)
        .last()
        .unwrap_or(import);
    let at = module_line::end_of_head(cx.file, layout::next_line(cx.file, last.end()));
    if at > layout::line_start(cx.file, top.start()) {
        return withhold("there is no line of its own for the set");
    }
    let newline = layout::newline(cx.file);
    let rest = cx.file.text().get(at..).unwrap_or_default();
    let gap = if rest.starts_with(['\n', '\r']) {
        ""
    } else {
        newline
    };
    draft.insert(
        at,
        format!("{newline}{SET}: {set}[{task}] = {set}(){newline}{gap}"),
    );
    Ok(())
}

/// The statement of the module that imports what `symbol` starts with (or will, after the draft's import edits).
fn import_of<'t>(cx: &FixContext<'t>, draft: &Draft<'t>, symbol: &str) -> Option<Node<'t>> {
    let statements = cx.file.statements();
    let byte = match draft.imports.first() {
        Some(ImportEdit::Extend { start, .. } | ImportEdit::Keep { start, .. }) => *start,
        Some(_) => return None,
        None => {
            let root = symbol.split('.').next()?;
            let bindings = cx.file.names().bindings_in(MODULE, root);
            cx.file.node(bindings.first()?.name)?.start()
        }
    };
    statements.into_iter().find(|s| s.range().contains(&byte))
}
