//! One `await gather(…)` with a line for each of the awaited calls.

use std::fmt::Write as _;

use crate::analysis::awaits::AwaitStatement;
use crate::analysis::syntax::Node;
use crate::fixes::concurrency::{require_asyncio, require_own_lines};
use crate::fixes::{Draft, FixContext, Style, Withheld, joining, layout, withhold};

/// Gathers the awaits of a run.
///
/// # Errors
///
/// If a comment or other code stands between the calls, or the file runs on another event loop.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let statements = cx.captures("statement");
    let run: Vec<AwaitStatement<'t>> = statements
        .iter()
        .filter_map(|s| AwaitStatement::of(*s))
        .collect();
    let (Some(first), Some(last)) = (run.first(), run.last()) else {
        return withhold("the code has changed");
    };
    require_asyncio(cx)?;
    require_own_lines(cx, &statements)?;
    let is_final = |annotation: Node<'_>| {
        annotation
            .descendants()
            .into_iter()
            .any(|n| cx.file.qualified_name(n).as_deref() == Some("typing.Final"))
    };
    if run.iter().filter_map(|s| s.annotation).any(is_final) {
        return withhold("a final name gets its value where it is declared");
    }
    let mut draft = cx.draft();
    let gather = draft.symbol("asyncio.gather", first.statement, Style::Module)?;
    let newline = layout::newline(cx.file);
    let outer = first.statement.indentation();
    let inner = format!("{outer}{}", layout::indent_unit(cx.file));
    let ignored = ignored_name(cx, first.statement);
    let targets: Vec<String> = run
        .iter()
        .map(|s| s.target.map_or(ignored.clone(), target_text))
        .collect();
    let mut text = String::new();
    for statement in &run {
        if let (Some(target), Some(annotation)) = (statement.target, statement.annotation) {
            let _ = write!(
                text,
                "{}: {}{newline}{outer}",
                target.text(),
                annotation.text()
            );
        }
    }
    let _ = write!(text, "{} = await {gather}(", targets.join(", "));
    for statement in &run {
        let _ = write!(
            text,
            "{newline}{inner}{},",
            joining::moved(cx, statement.call, &inner, "")
        );
    }
    let _ = write!(text, "{newline}{outer})");
    draft.replace_range(first.statement.start()..last.statement.end(), text);
    draft.review();
    Ok(draft)
}

/// The target as one element of a larger one.
fn target_text(target: Node<'_>) -> String {
    if target.is("pattern_list") {
        format!("({})", target.text())
    } else {
        target.text().to_owned()
    }
}

/// A name for results that nobody wants: `_`, unless that means something here.
fn ignored_name(cx: &FixContext<'_>, statement: Node<'_>) -> String {
    let scope = statement.function().unwrap_or(statement);
    cx.file.unused_name(scope, &["_", "_ignored"])
}
