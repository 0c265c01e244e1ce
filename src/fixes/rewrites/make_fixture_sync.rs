//! Deletes `async`, in the parts of the file where nothing makes it necessary. Made for fixtures that await nothing and need
//! no running loop. Withheld where a test awaits what the fixture gives. The annotation of a generator follows.

use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld, not_meant, withhold};

/// See the module.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    if cx.found.variant != Some("plain") {
        return not_meant();
    }
    let name = cx.capture("name")?;
    let Some(function) = name.parent() else {
        return withhold("the code has changed");
    };
    let is_awaited = cx
        .file
        .spelled(name.text())
        .iter()
        .any(|n| n.with_parentheses().parent().is_some_and(|p| p.is("await")));
    if is_awaited {
        return withhold("a test awaits what the fixture gives");
    }
    let tokens = function.tokens();
    let keyword = |kind: &str| tokens.iter().find(|t| t.is(kind));
    let (Some(first), Some(def)) = (keyword("async"), keyword("def")) else {
        return withhold("the code has changed");
    };
    let mut draft = cx.draft();
    draft.delete(first.start()..def.start());
    if let Some(annotation) = function.field("return_type") {
        annotate(cx, &mut draft, annotation)?;
    }
    Ok(draft)
}

/// What an asynchronous generator is annotated with, and what an ordinary one is.
const GENERATORS: [(&str, &str); 3] = [
    (
        "collections.abc.AsyncGenerator",
        "collections.abc.Generator",
    ),
    ("collections.abc.AsyncIterable", "collections.abc.Iterable"),
    ("collections.abc.AsyncIterator", "collections.abc.Iterator"),
];

/// `AsyncIterator[X]` becomes `Iterator[X]`, `AsyncGenerator[X, Y]` becomes `Generator[X, Y, None]`.
fn annotate<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    annotation: Node<'t>,
) -> Result<(), Withheld> {
    let expression = annotation.children().first().copied();
    let base = expression.map(|e| match e.kind() {
        "generic_type" => e.children().first().copied().unwrap_or(e),
        "subscript" => e.field("value").unwrap_or(e),
        _ => e,
    });
    let name = base
        .and_then(|base| cx.file.qualified_name(base))
        .unwrap_or_default();
    let plain = GENERATORS
        .iter()
        .find(|(asynchronous, _)| *asynchronous == name);
    let (Some(base), Some((_, plain))) = (base, plain) else {
        return if annotation.text().contains("Async") {
            withhold("the annotation promises an asynchronous generator")
        } else {
            Ok(())
        };
    };
    draft.release_imports();
    let written = draft.symbol(plain, base, Style::Like(base))?;
    draft.replace(base, written);
    if plain.ends_with(".Generator")
        && let Some(last) = annotation.text().rfind(']')
        && let Some(items) = cx.file.text().get(base.end()..annotation.start() + last)
    {
        let end = base.end() + items.trim_end().trim_end_matches(',').trim_end().len();
        draft.insert(end, ", None");
    }
    Ok(())
}
