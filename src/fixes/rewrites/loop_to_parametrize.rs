//! The display becomes the list of cases, the loop's variables become parameters, and the body moves out of the loop. Only a
//! docstring and the constant that holds the cases may stand in front of the loop.

use crate::analysis::SourceFile;
use crate::analysis::alike::statements;
use crate::analysis::case_loop::CaseLoop;
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Withheld, layout, parametrize, withhold};

/// See the module.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let statement = cx.hit_of_kind("for_statement")?;
    let Some(found) = CaseLoop::of(cx.file, cx.settings, statement) else {
        return withhold("the code has changed");
    };
    let names = targets(&found)?;
    let values = values(cx, &found, names.len())?;
    let start = first_removed(cx.file, &found)?;
    let Some(body) = statement.field("body") else {
        return withhold("the code has changed");
    };
    if body
        .descendants()
        .iter()
        .any(|n| n.is("continue_statement"))
    {
        return withhold("a test has no next round to `continue` with");
    }
    let parameters = found.function.field("parameters").map(Node::descendants);
    let taken = |name: &String| {
        parameters
            .iter()
            .flatten()
            .any(|n| n.is("identifier") && n.text() == name)
    };
    if names.iter().any(taken) {
        return withhold("a parameter of the test has the name of a loop variable");
    }
    let mut draft = cx.draft();
    parametrize::decorate(cx, &mut draft, found.function, &names, &values)?;
    parametrize::add_parameters(cx, &mut draft, found.function, &names)?;
    let text = with_comments(cx, statement, body);
    draft.replace_range(start..statement.end(), text);
    Ok(draft)
}

/// The body with the comments above its first statement, as it reads outside the loop.
fn with_comments(cx: &FixContext<'_>, statement: Node<'_>, body: Node<'_>) -> String {
    let outer = statement.indentation();
    let header = layout::line_end(cx.file, statement.header().end);
    let comments = cx.file.text().get(header..body.start()).unwrap_or_default();
    let newline = layout::newline(cx.file);
    let mut text = String::new();
    for line in comments
        .lines()
        .map(str::trim)
        .filter(|l| l.starts_with('#'))
    {
        text.push_str(line);
        text.push_str(newline);
        text.push_str(outer);
    }
    text + &layout::reindented(body, outer)
}

/// The loop's variables.
fn targets(found: &CaseLoop<'_>) -> Result<Vec<String>, Withheld> {
    let Some(left) = found.statement.field("left") else {
        return withhold("the code has changed");
    };
    let targets = match left.kind() {
        "pattern_list" | "tuple_pattern" | "list_pattern" => left.children(),
        _ => vec![left],
    };
    if targets.iter().any(|t| !t.is("identifier")) {
        return withhold("the loop unpacks its cases in a way that parameters cannot");
    }
    Ok(targets.iter().map(|t| t.text().to_owned()).collect())
}

/// The list of cases as the decorator writes it.
fn values(cx: &FixContext<'_>, found: &CaseLoop<'_>, count: usize) -> Result<String, Withheld> {
    let file = cx.file;
    let items = found.display.is("dictionary");
    let cases = found.display.children();
    let fits = |case: &Node<'_>| {
        let case = case.unparenthesized();
        count == 1
            || case.is_any(&["tuple", "list"])
                && case.children().len() == count
                && !case.children().iter().any(|v| v.is("list_splat"))
    };
    let pairs = cases.iter().all(|case| case.is("pair"));
    if items && (count > 2 || !pairs) || !items && !cases.iter().all(fits) {
        return withhold("not every case surely has one value for each variable");
    }
    if found.constant.is_some() && found.local_constant(file).is_none() {
        if found.display.start() > found.function.start() {
            return withhold("the cases stand below the test");
        }
        return Ok(found.iterable.text().to_owned());
    }
    if items {
        let case = |pair: &Node<'_>| {
            let text = |field: &str| pair.field(field).map_or("", Node::text);
            format!("({}, {})", text("key"), text("value"))
        };
        let cases: Vec<String> = cases.iter().map(case).collect();
        return Ok(format!("[{}]", cases.join(", ")));
    }
    let inner = format!(
        "{}{}",
        found.function.indentation(),
        layout::indent_unit(file)
    );
    let text = layout::reindented(found.display, &inner);
    Ok(match found.display.kind() {
        "list" => text,
        "expression_list" => format!("[{text}]"),
        _ => format!("[{}]", &text[1..text.len() - 1]),
    })
}

/// Where the code begins that gives way to the body: the loop, or the constant that only the loop uses.
fn first_removed(file: &SourceFile, found: &CaseLoop<'_>) -> Result<usize, Withheld> {
    let before: Vec<Node<'_>> = statements(found.function)
        .into_iter()
        .filter(|s| *s != found.statement)
        .collect();
    let defines = |statement: &Node<'_>| {
        let assignment = statement.children().first().copied();
        let target = assignment
            .filter(|a| a.is("assignment"))
            .and_then(|a| a.field("left"));
        let constant = found
            .local_constant(file)
            .and_then(|name| file.binding_site(name));
        target.is_some() && target == constant
    };
    match before.as_slice() {
        [] => Ok(found.statement.start()),
        [only] if defines(only) => Ok(only.start()),
        _ => withhold("what stands before the loop would run for each case"),
    }
}
