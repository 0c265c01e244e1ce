//! Goes through the file itself: `readlines()` goes, and a text that is split becomes the lines without their ends.
//! Withheld where the loop uses the file as well, or would read it when it is closed.

use crate::analysis::names::MODULE;
use crate::analysis::repetition::spelling;
use crate::analysis::syntax::Node;
use crate::analysis::whole_reads::{WholeRead, is_read_at_once, loop_over, openings};
use crate::fixes::rewrites::wrap_in_with::indent;
use crate::fixes::{Draft, FixContext, Withheld, layout, withhold};

/// Rewrites the call that was captured as `read`.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let call = cx.capture("read")?;
    let (Some(whole), Some(around)) = (WholeRead::of(cx.file, call), loop_over(cx.file, call))
    else {
        return withhold("the code has changed");
    };
    if !is_read_at_once(cx.file, around) {
        return withhold("the file may be closed before it is read");
    }
    let body = if around.is("for_statement") {
        around
    } else {
        around.parent().unwrap_or(around)
    };
    match whole {
        WholeRead::Lines { handle } => {
            leaves_file_alone(cx, handle, body)?;
            let mut draft = cx.draft();
            draft.replace(call, handle.text());
            Ok(draft)
        }
        WholeRead::Text { handle } => {
            leaves_file_alone(cx, handle, body)?;
            if !openings(cx.file, handle)
                .into_iter()
                .all(|open| reads_text(cx, open))
            {
                return withhold("the file may be read as bytes, or with other line ends");
            }
            let mut draft = cx.draft();
            draft.review();
            let lines = stripped(handle.text(), call);
            draft.replace(call, lines);
            Ok(draft)
        }
        WholeRead::Path { path, read } => through_path(cx, call, path, read, around),
    }
}

/// The lines of a file without their ends, in parentheses unless those of a call are there.
fn stripped(handle: &str, call: Node<'_>) -> String {
    let lines = format!("line.rstrip(\"\\n\") for line in {handle}");
    let alone = call.parent().is_some_and(|list| {
        list.is_any(&["argument_list", "parenthesized_expression"])
            && list.children().len() == 1
            && !list.has_token(",")
    });
    if alone { lines } else { format!("({lines})") }
}

/// Whether the loop does nothing else with the file, and with its path.
fn leaves_file_alone<'t>(
    cx: &FixContext<'t>,
    handle: Node<'t>,
    body: Node<'t>,
) -> Result<(), Withheld> {
    let handle = handle.unparenthesized();
    if handle.is("identifier") {
        let uses = cx.file.occurrences(handle);
        if uses.into_iter().any(|n| n != handle && body.contains(n)) {
            return withhold("the loop uses the file, too");
        }
    }
    for open in openings(cx.file, handle) {
        if let Some(path) = path_of(cx, open)
            && (!is_untouched(path, body, handle) || is_shared(cx, path))
        {
            return withhold("the loop may change the file");
        }
    }
    Ok(())
}

/// The path that a call opens.
fn path_of<'t>(cx: &FixContext<'t>, open: Node<'t>) -> Option<Node<'t>> {
    let callee = open.callee()?;
    if callee.is("attribute") && cx.file.qualified_name(callee).is_none() {
        return callee.field("object");
    }
    open.positional()
        .first()
        .copied()
        .or_else(|| open.keyword("file"))
}

/// Whether functions that the loop may call know the path, too.
fn is_shared(cx: &FixContext<'_>, path: Node<'_>) -> bool {
    let here = path.function();
    let global =
        path.is("identifier") && here.is_some() && cx.file.names().owner(path) == Some(MODULE);
    let elsewhere = |read: &Node<'_>| read.function().is_some_and(|f| Some(f) != here);
    global && cx.file.reads(path).iter().any(elsewhere)
}

/// Whether a path is not used in a loop, but for opening the file that it goes through.
fn is_untouched(path: Node<'_>, body: Node<'_>, handle: Node<'_>) -> bool {
    let text = spelling(path);
    !body
        .descendants()
        .into_iter()
        .any(|n| n.kind() == path.kind() && !handle.contains(n) && spelling(n) == text)
}

/// Whether a call surely opens a file as text, with line ends made `\n`.
fn reads_text(cx: &FixContext<'_>, open: Node<'_>) -> bool {
    let name = open
        .callee()
        .and_then(|callee| cx.file.qualified_name(callee));
    let positional = open.positional();
    let (second, compressed) = match name.as_deref() {
        Some("builtins.open") => (positional.get(1), false),
        Some("gzip.open" | "bz2.open" | "lzma.open") => (positional.get(1), true),
        Some(_) => return false,
        None => (positional.first(), false),
    };
    let mode = open.keyword("mode").or(second.copied());
    let known = match mode {
        None => !compressed,
        Some(mode) => {
            let text = mode.text();
            mode.is("string") && !text.contains('b') && (!compressed || text.contains('t'))
        }
    };
    let plain = !open
        .arguments()
        .iter()
        .any(|a| a.is_any(&["list_splat", "dictionary_splat"]));
    known && plain && open.keyword("newline").is_none() && positional.len() <= 4
}

/// Opens the path in a `with` around the loop.
fn through_path<'t>(
    cx: &FixContext<'t>,
    call: Node<'t>,
    path: Node<'t>,
    read: Node<'t>,
    around: Node<'t>,
) -> Result<Draft<'t>, Withheld> {
    if !around.is("for_statement") {
        return withhold("only a loop can be put into a `with`");
    }
    let lines = layout::own_lines(cx.file, around)?;
    let mut arguments = Vec::new();
    for (place, argument) in read.arguments().into_iter().enumerate() {
        match (argument.kind(), place) {
            ("list_splat" | "dictionary_splat", _) => {
                return withhold("the arguments cannot be seen");
            }
            ("keyword_argument", _) => arguments.push(argument.text().to_owned()),
            (_, 0) => arguments.push(format!("encoding={}", argument.text())),
            (_, 1) => arguments.push(format!("errors={}", argument.text())),
            _ => return withhold("the arguments cannot be seen"),
        }
    }
    if !is_untouched(path, around, call) {
        return withhold("the loop may change the file");
    }
    let scope = around.function().unwrap_or(around);
    let name = cx.file.unused_name(scope, &["f", "file", "handle"]);
    let mut draft = cx.draft();
    draft.review();
    let head = format!(
        "with {}.open({}) as {name}:{}{}{}",
        path.text(),
        arguments.join(", "),
        layout::newline(cx.file),
        around.indentation(),
        layout::indent_unit(cx.file)
    );
    draft.insert(around.start(), head);
    draft.replace(call, stripped(&name, call));
    indent(cx, &mut draft, around, lines, Some(call))?;
    Ok(draft)
}
