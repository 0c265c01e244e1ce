//! `logger.info` with the same argument, or with a `%s` for each of several. Uses the module's logger; if there is none, it
//! adds `logger = logging.getLogger(__name__)` below the imports.

use crate::analysis::names::MODULE;
use crate::analysis::syntax::Node;
use crate::fixes::module_line::insert_below_imports;
use crate::fixes::rewrites::log_and_reraise::module_logger;
use crate::fixes::{Draft, FixContext, Style, Withheld, withhold};

/// See the module.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let Some(call) = cx.file.node_of_kind(cx.found.range.clone(), "call") else {
        return withhold("the code has changed");
    };
    let arguments = call.arguments();
    let is_option =
        |a: &Node<'_>| a.is_any(&["keyword_argument", "dictionary_splat", "list_splat"]);
    if arguments.is_empty() || arguments.iter().any(is_option) {
        return withhold("a logger has no `sep`, `end` or `flush`, and needs something to say");
    }
    let (Some(callee), Some(list)) = (call.callee(), call.field("arguments")) else {
        return withhold("the code has changed");
    };
    let mut draft = cx.draft();
    let logger = match module_logger(cx.file, call) {
        Some(logger) => logger.to_owned(),
        None => new_logger(cx, &mut draft, call)?,
    };
    draft.replace(callee, format!("{logger}.info"));
    if arguments.len() > 1 && list.is("argument_list") {
        let places = vec!["%s"; arguments.len()].join(" ");
        draft.insert(arguments[0].start(), format!("\"{places}\", "));
    }
    Ok(draft)
}

/// Adds a logger for the module and answers its name.
fn new_logger<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    call: Node<'t>,
) -> Result<String, Withheld> {
    let names = cx.file.names();
    let is_free = |name: &&str| {
        names.lookup(name, names.scope_of(call)).is_none() && !names.binds(MODULE, name)
    };
    let Some(logger) = ["logger", "log", "_logger"].into_iter().find(is_free) else {
        return withhold("`logger` means something else here");
    };
    let Some(first) = cx.file.statements().last().copied() else {
        return withhold("the code has changed");
    };
    let get_logger = draft.symbol("logging.getLogger", first, Style::Module)?;
    insert_below_imports(cx, draft, &format!("{logger} = {get_logger}(__name__)"))?;
    Ok(logger.to_owned())
}
