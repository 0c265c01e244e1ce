//! Makes the iterator a list: a generator expression becomes a list comprehension, anything else is wrapped in `list(…)`.
//! Withheld where the iterator may never end, or reads a file that is closed elsewhere.

use crate::analysis::iteration::generator_called;
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld, withhold};

/// Rewrites the value that was captured as `value`.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let value = cx.capture("value")?.unparenthesized();
    if is_endless(cx, value) {
        return withhold("the iterator may never end");
    }
    if reads_file(cx, value) {
        return withhold("the iterator reads a file");
    }
    let mut draft = cx.draft();
    draft.review();
    if value.is("generator_expression") {
        draft.replace_range(value.start()..value.start() + 1, "[");
        draft.replace_range(value.end() - 1..value.end(), "]");
    } else {
        let list = draft.symbol("builtins.list", value, Style::From)?;
        draft.insert(value.start(), format!("{list}("));
        draft.insert(value.end(), ")");
    }
    Ok(draft)
}

fn is_endless(cx: &FixContext<'_>, value: Node<'_>) -> bool {
    let endless = ["itertools.count", "itertools.cycle", "itertools.repeat"];
    value.descendants().into_iter().any(|n| {
        let source = if n.is("identifier") {
            cx.file.local_value(n).unwrap_or(n)
        } else {
            n
        };
        let generator = generator_called(cx.file, source);
        cx.file.calls(source, &endless)
            || generator.is_some_and(|f| {
                f.descendants()
                    .into_iter()
                    .any(|n| n.is("while_statement") && is_forever(n))
            })
    })
}

fn is_forever(statement: Node<'_>) -> bool {
    statement
        .field("condition")
        .is_some_and(|c| matches!(c.unparenthesized().text(), "True" | "1"))
}

fn reads_file(cx: &FixContext<'_>, value: Node<'_>) -> bool {
    value.descendants().into_iter().any(|n| {
        let source = if n.is("identifier") {
            cx.file
                .with_value(n)
                .or_else(|| cx.file.local_value(n))
                .unwrap_or(n)
        } else {
            n
        };
        source.callee().and_then(Node::last_name) == Some("open")
    })
}
