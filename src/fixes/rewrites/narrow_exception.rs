//! Names the error to expect, where the `try` holds one step that can fail in one documented way: an import, a conversion
//! to a number, reading JSON, opening or removing a file. Elsewhere only the author can tell.

use crate::analysis::SourceFile;
use crate::analysis::handlers::{guarded, is_bare};
use crate::analysis::syntax::Node;
use crate::fixes::draft::{Draft, FixContext, Withheld, withhold};
use crate::fixes::imports::Style;

/// The builtin error that these functions raise for bad input.
const ERRORS: [(&str, &[&str]); 3] = [
    ("ImportError", &["importlib.import_module"]),
    (
        "ValueError",
        &["builtins.float", "builtins.int", "json.loads"],
    ),
    (
        "OSError",
        &[
            "builtins.open",
            "os.chmod",
            "os.listdir",
            "os.makedirs",
            "os.mkdir",
            "os.remove",
            "os.rename",
            "os.replace",
            "os.rmdir",
            "os.stat",
            "os.unlink",
            "shutil.copy",
            "shutil.copytree",
            "shutil.move",
            "shutil.rmtree",
        ],
    ),
];

/// Replaces the class of the handler, or adds one to a bare `except:`.
///
/// # Errors
///
/// If the expected error is not known, or the handler names several classes.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let clause = cx.hit_of_kind("except_clause")?;
    let Some(error) = guarded(clause).and_then(|body| expected(cx.file, body)) else {
        return withhold("which errors to expect here is for you to say");
    };
    let mut draft = cx.draft();
    draft.review();
    let error = draft.symbol(&format!("builtins.{error}"), clause, Style::Module)?;
    let keyword = clause.tokens().first().copied();
    match (cx.capture("class"), keyword) {
        (Ok(class), _) => draft.replace(class, error.clone()),
        (_, Some(keyword)) if is_bare(clause) => draft.insert(keyword.end(), format!(" {error}")),
        _ => return withhold("the handler names other classes as well"),
    }
    draft.title(format!("Catch {error} only"));
    Ok(draft)
}

/// The error that the only statement of a block is expected to raise.
fn expected(file: &SourceFile, body: Node<'_>) -> Option<&'static str> {
    let statements = body.children();
    let [statement] = statements.as_slice() else {
        return None;
    };
    if statement.is_any(&["import_statement", "import_from_statement"]) {
        return Some("ImportError");
    }
    if !statement.is_any(&["expression_statement", "return_statement"]) {
        return None;
    }
    let calls: Vec<Node<'_>> = statement
        .descendants()
        .into_iter()
        .filter(|n| n.is("call"))
        .collect();
    let [call] = calls.as_slice() else {
        return None;
    };
    let simple = call.arguments().into_iter().all(is_simple);
    let name = file.callee_name(*call)?;
    let found = ERRORS
        .iter()
        .find(|(_, functions)| functions.contains(&name.as_str()));
    found
        .filter(|_| simple && is_whole(*statement, *call))
        .map(|(error, _)| *error)
}

/// An argument that cannot fail itself.
fn is_simple(argument: Node<'_>) -> bool {
    match argument.kind() {
        "keyword_argument" => argument.field("value").is_some_and(is_simple),
        kind => ["identifier", "string", "integer", "true", "false", "none"].contains(&kind),
    }
}

/// Whether the call is all that the statement computes: it returns or assigns it, or drops it.
fn is_whole(statement: Node<'_>, call: Node<'_>) -> bool {
    let parent = call.parent();
    let assigned = parent.is_some_and(|p| {
        p.is("assignment")
            && p.field("left").is_some_and(|left| left.is("identifier"))
            && p.parent() == Some(statement)
    });
    parent == Some(statement) || assigned
}
