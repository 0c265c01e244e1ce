//! Makes the client asynchronous: its class, the import of the class, and an `await` for every request. All uses of the
//! client must be requests that can be awaited.

use crate::analysis::checks::sync_llm_client_in_async::requests;
use crate::analysis::names::{MODULE, in_annotation};
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld, awaiting, withhold};

/// See the module.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let constructor = call_at(cx, "constructor")?;
    let client = cx.capture("client")?;
    if client.is("attribute") {
        return withhold("the client is an attribute that other code may use");
    }
    if constructor.keyword("http_client").is_some() {
        return withhold("its `http_client` would have to be asynchronous, too");
    }
    let requests = requests(cx.file, constructor);
    if client.is("identifier") {
        require_private(cx, client, constructor, &requests)?;
    }
    let mut draft = cx.draft();
    for (request, _) in requests {
        require_plain_reply(request)?;
        let (before, after) = awaiting::around(cx, request)?;
        draft.insert(request.start(), before);
        if !after.is_empty() {
            draft.insert(request.end(), after);
        }
    }
    rename_class(cx, &mut draft, constructor)?;
    draft.review();
    Ok(draft)
}

fn call_at<'t>(cx: &FixContext<'t>, capture: &str) -> Result<Node<'t>, Withheld> {
    let range = cx.found.capture(capture);
    let call = range.and_then(|range| cx.file.node_of_kind(range, "call"));
    call.map_or_else(|| withhold("the code has changed"), Ok)
}

/// The client must be known by one name, and be used for these requests only.
fn require_private<'t>(
    cx: &FixContext<'t>,
    client: Node<'t>,
    constructor: Node<'t>,
    requests: &[(Node<'t>, Node<'t>)],
) -> Result<(), Withheld> {
    let assigned = constructor
        .with_parentheses()
        .parent()
        .filter(|p| p.is("assignment"))
        .and_then(Node::parent)
        .is_some_and(|p| p.is("expression_statement"));
    if !assigned {
        return withhold("the client is not simply assigned to a name");
    }
    if is_exported(cx, client) {
        return withhold("other modules may use the client");
    }
    let other = cx
        .file
        .reads(client)
        .into_iter()
        .find(|read| !requests.iter().any(|(_, used)| used == read));
    match other {
        Some(read) if read.in_async_function() => {
            withhold("the client is also used for something else")
        }
        Some(_) => withhold("the client is also used in synchronous code"),
        None => Ok(()),
    }
}

/// Whether the module offers a name to others: by `__all__`, or because it is a package.
fn is_exported(cx: &FixContext<'_>, name: Node<'_>) -> bool {
    let global = cx.file.names().owner(name) == Some(MODULE);
    let package = cx
        .file
        .path()
        .file_name()
        .is_some_and(|n| n == "__init__.py");
    global && (package || listed_in_all(cx, name.text()))
}

fn listed_in_all(cx: &FixContext<'_>, name: &str) -> bool {
    let listing = cx.file.statements().into_iter().filter(|statement| {
        let first = statement.children().first().and_then(|a| a.field("left"));
        first.is_some_and(|left| left.text() == "__all__")
    });
    listing
        .flat_map(Node::descendants)
        .any(|n| n.is("string_content") && n.text() == name)
}

/// The reply must be something that `await` alone gives.
fn require_plain_reply(request: Node<'_>) -> Result<(), Withheld> {
    let method = request
        .callee()
        .and_then(Node::last_name)
        .unwrap_or_default();
    if method.ends_with("stream") || awaiting::in_with_head(request) {
        return withhold("a streamed reply needs `async with`");
    }
    if request
        .keyword("stream")
        .is_some_and(|s| s.text() != "False")
    {
        return withhold("a streamed reply needs `async for`");
    }
    let outer = request.with_parentheses();
    let parent = outer.parent();
    let iterated = parent.is_some_and(|p| {
        p.is_any(&["for_statement", "for_in_clause"]) && p.fields("right").contains(&outer)
    });
    let data = parent.is_some_and(|p| p.is("attribute") && p.last_name() == Some("data"));
    if iterated || method == "list" && !data {
        return withhold("the pages of the reply need `async for`");
    }
    Ok(())
}

/// Writes the asynchronous class where the client is made (and annotated), and imports it.
fn rename_class<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    constructor: Node<'t>,
) -> Result<(), Withheld> {
    let (Some(callee), Some(qualified)) = (
        constructor.callee().map(Node::unparenthesized),
        cx.file.callee_name(constructor),
    ) else {
        return withhold("the code has changed");
    };
    let (module, class) = qualified.rsplit_once('.').unwrap_or_default();
    let twin = format!("Async{class}");
    let mut mentions = annotation_of(cx, constructor, &qualified);
    mentions.push(callee);
    if let Some(name) = callee.field("attribute") {
        draft.replace(name, twin.clone());
        for mention in mentions {
            if let Some(name) = mention.field("attribute").filter(|_| mention != callee) {
                draft.replace(name, twin.clone());
            }
        }
        return Ok(());
    }
    let Some(site) = cx.file.binding_site(callee) else {
        return withhold("the class is imported conditionally");
    };
    if is_last_use(cx, callee, &mentions) && is_unbound(cx, callee, &twin) {
        let alias = site.parent().filter(|p| p.is("aliased_import"));
        if let Some(original) = alias.and_then(|p| p.field("name")) {
            draft.replace(original, twin);
            return Ok(());
        }
        draft.replace(site, twin.clone());
        for mention in mentions {
            draft.replace(mention, twin.clone());
        }
        return Ok(());
    }
    let symbol = draft.symbol(&format!("{module}.{twin}"), callee, Style::Like(callee))?;
    for mention in mentions {
        draft.replace(mention, symbol.clone());
    }
    Ok(())
}

/// The annotation of the variable that gets the client, where it names the class.
fn annotation_of<'t>(cx: &FixContext<'t>, constructor: Node<'t>, qualified: &str) -> Vec<Node<'t>> {
    let assignment = constructor.with_parentheses().parent();
    let annotation = assignment
        .filter(|p| p.is("assignment"))
        .and_then(|p| p.field("type"));
    annotation
        .map(Node::descendants)
        .unwrap_or_default()
        .into_iter()
        .filter(|n| n.is_any(&["identifier", "attribute"]))
        .filter(|n| {
            cx.file
                .qualified_name(*n)
                .is_some_and(|name| name == qualified)
        })
        .collect()
}

/// Whether nothing else in the file reads the imported class, quoted annotations and `__all__` included.
fn is_last_use(cx: &FixContext<'_>, callee: Node<'_>, mentions: &[Node<'_>]) -> bool {
    cx.file
        .reads(callee)
        .iter()
        .all(|read| mentions.contains(read))
        && !listed_in_all(cx, callee.text())
        && !cx.file.quoting(callee.text()).any(in_annotation)
}

fn is_unbound(cx: &FixContext<'_>, at: Node<'_>, name: &str) -> bool {
    let names = cx.file.names();
    names.lookup(name, names.scope_of(at)).is_none() && names.bindings_in(MODULE, name).is_empty()
}
