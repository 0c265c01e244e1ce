//! Makes a pool of processes where the pool of threads is made. Every function that the file hands to it must be one of
//! the module's own, and nothing else may know the pool.

use crate::analysis::SourceFile;
use crate::analysis::names::MODULE;
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld, withhold};

/// Replaces the class of the pool.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let call = cx.hit_of_kind("call")?;
    let pool = cx
        .found
        .capture("pool")
        .and_then(|range| cx.file.node_of_kind(range, "call"));
    let (Some(pool), Some(object)) = (pool, call.callee().and_then(|c| c.field("object"))) else {
        return withhold("the code has changed");
    };
    let only_workers = pool.arguments().iter().enumerate().all(|(i, argument)| {
        let name = argument.field("name").map(Node::text);
        match argument.kind() {
            "keyword_argument" => name == Some("max_workers"),
            "list_splat" | "dictionary_splat" => false,
            _ => i == 0,
        }
    });
    if !only_workers {
        return withhold("the pool is made with options that processes do not have");
    }
    let object = object.unparenthesized();
    let calls: Vec<Option<Node<'t>>> = if object.is("identifier") {
        cx.file
            .reads(object)
            .into_iter()
            .filter(|read| !opens(*read))
            .map(method_call)
            .collect()
    } else {
        vec![Some(call)]
    };
    for call in calls {
        let Some(call) = call else {
            return withhold("other code gets the pool, too");
        };
        require_picklable(cx.file, call)?;
    }
    let Some(callee) = pool.callee() else {
        return withhold("the code has changed");
    };
    let mut draft = cx.draft();
    draft.release_imports();
    let class = draft.symbol(
        "concurrent.futures.ProcessPoolExecutor",
        pool,
        Style::Like(callee),
    )?;
    draft.replace(callee, class);
    Ok(draft)
}

/// `with pool:`
fn opens(read: Node<'_>) -> bool {
    read.parent().is_some_and(|p| p.is("with_item"))
}

/// The call of a method of the object that a name stands for.
fn method_call(read: Node<'_>) -> Option<Node<'_>> {
    let attribute = read
        .parent()
        .filter(|p| p.is("attribute") && p.field("object") == Some(read))?;
    let call = attribute.parent()?;
    (call.callee() == Some(attribute)).then_some(call)
}

fn require_picklable<'t>(file: &'t SourceFile, call: Node<'t>) -> Result<(), Withheld> {
    let method = call.callee().and_then(Node::last_name);
    if method == Some("shutdown") {
        return Ok(());
    }
    let has_lambda = |n: &Node<'_>| n.descendants().iter().any(|d| d.is("lambda"));
    if call.arguments().iter().any(has_lambda) {
        return withhold("a lambda cannot be sent to another process");
    }
    let function = call
        .positional()
        .first()
        .filter(|n| n.is("identifier") && file.names().owner(**n) == Some(MODULE))
        .and_then(|n| file.function(*n));
    let (Some(function), Some("submit" | "map")) = (function, method) else {
        return withhold("only functions of the module can be sent to another process");
    };
    if function
        .descendants()
        .iter()
        .any(|n| n.is("global_statement"))
    {
        return withhold(
            "the function changes a variable of the module, which a process has for itself",
        );
    }
    Ok(())
}
