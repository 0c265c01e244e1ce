//! Makes the default `None`, widens the annotation, and creates the value at the start of the body: behind the
//! docstring, leading comments, and the same guards of earlier parameters.

use crate::analysis::annotations;
use crate::analysis::syntax::Node;
use crate::catalog::PythonVersion;
use crate::fixes::{Draft, FixContext, Style, Withheld, factory, layout, withhold};

/// Since then unions are written with `|`.
const UNION_OPERATOR: PythonVersion = PythonVersion {
    major: 3,
    minor: 10,
};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let default = cx.capture("default")?;
    let parameter = cx.capture("parameter")?;
    let name = parameter.field("name");
    let function = parameter.parent().and_then(Node::parent);
    let (Some(name), Some(function)) = (name, function) else {
        return withhold("the code has changed");
    };
    if is_declaration(cx, function) {
        return withhold("the function only declares an interface");
    }
    if is_compared_with_none(cx, name) {
        return withhold("`None` already has a meaning here");
    }
    if is_declared_elsewhere(function, name) {
        return withhold("another scope binds the parameter");
    }
    can_move(cx, function, default)?;
    let mut draft = cx.draft();
    draft.replace(default, "None");
    if let Some(annotation) = parameter.field("type") {
        admit_none(cx, &mut draft, annotation)?;
    }
    let statement = guarded(function, parameter)?;
    let indentation = statement.indentation();
    let newline = layout::newline(cx.file);
    let step = layout::indent_unit(cx.file);
    let earlier = earlier_parameters(parameter);
    let guard_above = statement.previous().filter(|p| is_guard_of(*p, &earlier));
    let defines = [
        "function_definition",
        "class_definition",
        "decorated_definition",
    ];
    // An empty line sets off a definition; it stays below the guards.
    let (at, gap) = match guard_above {
        Some(above) => (layout::next_line(cx.file, above.end()), ""),
        None if statement.is_any(&defines) => {
            (layout::line_start(cx.file, statement.start()), newline)
        }
        None => (layout::line_start(cx.file, statement.start()), ""),
    };
    let value = layout::reindented(default, &format!("{indentation}{step}"));
    let name = name.text();
    draft.insert(
        at,
        format!(
            "{indentation}if {name} is None:{newline}{indentation}{step}{name} = {value}{newline}{gap}"
        ),
    );
    Ok(draft)
}

/// Whether the body is `...`, `pass` or `raise NotImplementedError`, or the function is abstract or an overload.
fn is_declaration(cx: &FixContext<'_>, function: Node<'_>) -> bool {
    let marked = function.decorators().into_iter().any(|d| {
        cx.file
            .is_one_of(d, &["abc.abstractmethod", "typing.overload"])
    });
    let docstring = function.docstring();
    let mut statements = function
        .body()
        .into_iter()
        .filter(|s| Some(*s) != docstring);
    marked || statements.all(does_nothing)
}

fn does_nothing(statement: Node<'_>) -> bool {
    let first = statement.children().first().copied();
    match statement.kind() {
        "pass_statement" => true,
        "expression_statement" => first.is_some_and(|n| n.is("ellipsis")),
        "raise_statement" => {
            first.is_some_and(|n| n.callee().unwrap_or(n).text() == "NotImplementedError")
        }
        _ => false,
    }
}

fn is_compared_with_none(cx: &FixContext<'_>, name: Node<'_>) -> bool {
    let compared = |n: Node<'_>| {
        n.with_parentheses().parent().is_some_and(|parent| {
            parent.is("comparison_operator") && parent.children().iter().any(|c| c.is("none"))
        })
    };
    cx.file.occurrences(name).into_iter().any(compared)
}

fn is_declared_elsewhere(function: Node<'_>, name: Node<'_>) -> bool {
    function
        .descendants()
        .into_iter()
        .filter(|n| n.is_any(&["global_statement", "nonlocal_statement"]))
        .any(|n| n.children().iter().any(|c| c.text() == name.text()))
}

/// The default is evaluated in the body from now on: its names must mean the same there.
fn can_move(cx: &FixContext<'_>, function: Node<'_>, default: Node<'_>) -> Result<(), Withheld> {
    factory::can_move(cx.file, default)?;
    let names = cx.file.names();
    let outside = names.scope_of(function);
    let Some(inside) = names.scope_opened_by(function) else {
        return withhold("the code has changed");
    };
    let hidden = default.descendants().into_iter().find(|n| {
        let own = names.lookup(n.text(), outside).map(|(scope, _)| scope) == names.owner(*n);
        n.is("identifier") && own && names.binds(inside, n.text())
    });
    match hidden {
        Some(name) => withhold(format!(
            "`{}` means something else inside the function",
            name.text()
        )),
        None => Ok(()),
    }
}

/// Adds `None` to an annotation that does not admit it yet.
fn admit_none<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    annotation: Node<'t>,
) -> Result<(), Withheld> {
    let members = annotations::members(cx.file, annotation);
    let any = members.iter().flatten().any(|name| name == "builtins.any");
    if any || annotations::admits_none(cx.file, annotation) {
        return Ok(());
    }
    let Some(expression) = annotation.children().first().copied() else {
        return withhold("the code has changed");
    };
    let base = match expression.kind() {
        "generic_type" => expression.children().first().copied(),
        "subscript" => expression.field("value"),
        _ => None,
    };
    if base.is_some_and(|base| cx.file.is_one_of(base, &["typing.Annotated"])) {
        return withhold("`None` belongs inside the `Annotated`");
    }
    let range = match (expression.kind(), expression.children().as_slice()) {
        ("string", [start, content, _]) if !start.text().to_ascii_lowercase().contains('f') => {
            content.range()
        }
        ("identifier" | "attribute" | "generic_type" | "subscript" | "union_type", _) => {
            expression.range()
        }
        ("binary_operator", _) if expression.has_token("|") => expression.range(),
        _ => return withhold("the annotation is no plain type"),
    };
    if members
        .iter()
        .flatten()
        .any(|name| name == "builtins.callable")
    {
        return withhold("the annotation is no type");
    }
    if cx.settings.target >= UNION_OPERATOR {
        draft.insert(range.end, " | None");
    } else {
        let optional = draft.symbol("typing.Optional", annotation, Style::From)?;
        draft.insert(range.start, format!("{optional}["));
        draft.insert(range.end, "]");
    }
    Ok(())
}

/// The statement in front of which the value is created.
fn guarded<'t>(function: Node<'t>, parameter: Node<'t>) -> Result<Node<'t>, Withheld> {
    let body = function.body();
    if body
        .first()
        .is_some_and(|first| !first.line_prefix().trim().is_empty())
    {
        return withhold("the body stands on the line of the `def`");
    }
    let docstring = function.docstring();
    let earlier = earlier_parameters(parameter);
    let mut statements = body.into_iter().filter(|s| Some(*s) != docstring);
    match statements.find(|s| !is_guard_of(*s, &earlier)) {
        Some(statement) => layout::require_line_start(statement).map(|()| statement),
        None => withhold("the function does nothing but create its defaults"),
    }
}

/// The names of the parameters in front of this one.
fn earlier_parameters(parameter: Node<'_>) -> Vec<&str> {
    parameter
        .parent()
        .map(Node::children)
        .unwrap_or_default()
        .into_iter()
        .take_while(|p| *p != parameter)
        .filter_map(|p| p.field("name"))
        .map(Node::text)
        .collect()
}

/// `if p is None:` with `p = …` below it, for one of these parameters.
fn is_guard_of(statement: Node<'_>, parameters: &[&str]) -> bool {
    let Some(condition) = statement
        .field("condition")
        .filter(|c| c.is("comparison_operator") && c.has_token("is"))
    else {
        return false;
    };
    let condition = condition.children();
    let [name, none] = condition.as_slice() else {
        return false;
    };
    let body = statement
        .field("consequence")
        .map(Node::children)
        .unwrap_or_default();
    let [only] = body.as_slice() else {
        return false;
    };
    let assigned = only.children().first().and_then(|a| a.field("left"));
    statement.is("if_statement")
        && none.is("none")
        && parameters.contains(&name.text())
        && assigned.is_some_and(|left| left.text() == name.text())
}
