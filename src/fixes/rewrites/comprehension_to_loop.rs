//! Writes a comprehension that is a statement, or a generator expression or `map` that is consumed by one, as nested `for`
//! and `if` statements. `any` and `all` leave the loop with `break`. To be reviewed where a loop variable is known in the
//! scope already, and for everything but list comprehensions.

use crate::analysis::coroutine::lone_expression;
use crate::analysis::methods::inspects_its_variables;
use crate::analysis::syntax::Node;
use crate::analysis::{SourceFile, is_variable, lambda_calls::LambdaCall};
use crate::fixes::{Draft, FixContext, Withheld, layout, withhold};

/// Names for the item of a `map`, in the order of preference.
const ITEM_NAMES: [&str; 3] = ["item", "element", "value"];

/// What happens with each element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// It is thrown away.
    Nothing,
    /// The loop ends at the first true one.
    AtTrue,
    /// The loop ends at the first false one.
    AtFalse,
}

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let statement = cx.hit_of_kind("expression_statement")?;
    let Some(expression) = lone_expression(statement) else {
        return withhold("the code has changed");
    };
    layout::own_lines(cx.file, statement)?;
    let mut draft = cx.draft();
    let mut writer = Writer::new(cx.file, statement);
    if let Some(callee) = expression.callee() {
        let end = match callee.text() {
            "any" => End::AtTrue,
            "all" => End::AtFalse,
            _ => End::Nothing,
        };
        draft.review();
        let Some(items) = expression.arguments().first().map(|a| a.unparenthesized()) else {
            return withhold("the code has changed");
        };
        if items.is("call") {
            write_map(cx, &mut writer, items, end)?;
        } else {
            write_comprehension(&mut writer, items, end)?;
        }
    } else {
        if !expression.is("list_comprehension")
            || in_class_body(statement)
            || leaks(cx.file, statement, expression)
            || statement
                .function()
                .is_some_and(|function| inspects_its_variables(cx.file, function))
        {
            draft.review();
        }
        write_comprehension(&mut writer, expression, End::Nothing)?;
    }
    draft.replace(statement, writer.finish());
    Ok(draft)
}

/// Writes statements, each a step deeper than the one before.
struct Writer {
    newline: &'static str,
    unit: String,
    indentation: String,
    text: String,
}

impl Writer {
    fn new(file: &SourceFile, statement: Node<'_>) -> Self {
        Self {
            newline: layout::newline(file),
            unit: layout::indent_unit(file),
            indentation: statement.indentation().to_owned(),
            text: String::new(),
        }
    }

    /// A line of its own.
    fn line(&mut self, line: &str) {
        if !self.text.is_empty() {
            self.text.push_str(self.newline);
            self.text.push_str(&self.indentation);
        }
        self.text.push_str(line);
    }

    /// The header of a compound statement: what follows is its body.
    fn header(&mut self, line: &str) {
        self.line(&format!("{line}:"));
        self.indentation.push_str(&self.unit);
    }

    /// What is done with an element.
    fn end(&mut self, element: &str, negated: &str, end: End) {
        match end {
            End::Nothing => return self.line(element),
            End::AtTrue => self.header(&format!("if {element}")),
            End::AtFalse => self.header(&format!("if {negated}")),
        }
        self.line("break");
    }

    /// The condition that is true where an expression is not.
    fn negated(&self, node: Node<'_>) -> String {
        if let Some((operator, opposite)) = membership(node).filter(|_| !layout::breaks_lines(node))
        {
            let text = layout::reindented(node, &self.indentation);
            let (left, right) = (
                operator.start() - node.start(),
                operator.end() - node.start(),
            );
            // Only what follows the first line ending can have been moved.
            if !node.text()[..right].contains(['\n', '\r']) {
                return format!("{}{opposite}{}", &text[..left], &text[right..]);
            }
        }
        let text = self.expression(node);
        if is_negatable(node) {
            format!("not {text}")
        } else {
            format!("not ({text})")
        }
    }

    /// An expression outside of brackets, where its lines no longer belong together by themselves.
    fn expression(&self, node: Node<'_>) -> String {
        let text = layout::reindented(node, &self.indentation);
        if layout::breaks_lines(node) || node.is("named_expression") {
            format!("({text})")
        } else {
            text
        }
    }

    fn finish(self) -> String {
        self.text
    }
}

fn write_comprehension(
    writer: &mut Writer,
    comprehension: Node<'_>,
    end: End,
) -> Result<(), Withheld> {
    let clauses = comprehension.children();
    let loops = clauses.iter().filter(|c| c.is("for_in_clause")).count();
    if end != End::Nothing && loops > 1 {
        return withhold("one `break` does not leave two loops");
    }
    for clause in &clauses {
        match clause.kind() {
            "for_in_clause" => {
                let (Some(left), Some(right)) = (clause.field("left"), clause.field("right"))
                else {
                    return withhold("the code has changed");
                };
                let keyword = if clause.is_async() {
                    "async for"
                } else {
                    "for"
                };
                let header = format!(
                    "{keyword} {} in {}",
                    writer.expression(left),
                    writer.expression(right)
                );
                writer.header(&header);
            }
            "if_clause" => {
                let Some(condition) = clause.children().first().copied() else {
                    return withhold("the code has changed");
                };
                let header = format!("if {}", writer.expression(condition));
                writer.header(&header);
            }
            _ => {}
        }
    }
    let Some(body) = comprehension.field("body") else {
        return withhold("the code has changed");
    };
    let elements: Vec<Node<'_>> = if body.is("pair") {
        body.children()
    } else {
        vec![body]
    };
    if end != End::Nothing {
        let element = writer.expression(body);
        let negated = writer.negated(body);
        writer.end(&element, &negated, end);
        return Ok(());
    }
    let doing: Vec<&Node<'_>> = elements.iter().filter(|e| !does_nothing(**e)).collect();
    if doing.is_empty() {
        writer.line("pass");
    }
    for element in doing {
        let text = writer.expression(*element);
        writer.line(&text);
    }
    Ok(())
}

/// Whether evaluating an expression only looks at a name or makes a constant.
fn does_nothing(node: Node<'_>) -> bool {
    node.unparenthesized().is_any(&[
        "identifier",
        "none",
        "true",
        "false",
        "integer",
        "float",
        "ellipsis",
    ])
}

/// The operator of a membership or identity test, and the one that asks the opposite.
fn membership(node: Node<'_>) -> Option<(Node<'_>, &'static str)> {
    const OPPOSITES: [(&str, &str); 4] = [
        ("in", "not in"),
        ("not in", "in"),
        ("is", "is not"),
        ("is not", "is"),
    ];
    if !node.is("comparison_operator") || node.children().len() != 2 {
        return None;
    }
    node.tokens().into_iter().find_map(|token| {
        let found = OPPOSITES.iter().find(|(operator, _)| token.is(operator))?;
        Some((token, found.1))
    })
}

/// Whether `not` can stand in front of an expression as it is.
fn is_negatable(node: Node<'_>) -> bool {
    !node.is_any(&[
        "boolean_operator",
        "conditional_expression",
        "lambda",
        "named_expression",
    ])
}

/// `list(map(f, items))`: a loop that calls `f`.
fn write_map<'t>(
    cx: &FixContext<'t>,
    writer: &mut Writer,
    call: Node<'t>,
    end: End,
) -> Result<(), Withheld> {
    if let Some(found) = LambdaCall::of(cx.file, call) {
        let names: Vec<&str> = found.parameters.iter().map(|p| p.text()).collect();
        let source = match found.iterables.as_slice() {
            [only] => writer.expression(*only),
            _ => return withhold("several iterables go together here"),
        };
        writer.header(&format!("for {} in {source}", names.join(", ")));
        if end == End::Nothing && does_nothing(found.body) {
            writer.line("pass");
        } else {
            let element = writer.expression(found.body);
            let negated = writer.negated(found.body);
            writer.end(&element, &negated, end);
        }
        return Ok(());
    }
    let [function, items] = call.arguments()[..] else {
        return withhold("several iterables go together here");
    };
    let mut root = function;
    while let Some(object) = root.field("object").filter(|_| root.is("attribute")) {
        root = object;
    }
    if !root.is("identifier") || items.is_any(&["list_splat", "dictionary_splat"]) {
        return withhold("the function would be made again for each item");
    }
    let scope = call
        .function()
        .or_else(|| call.ancestors().last())
        .unwrap_or(call);
    let item = cx.file.unused_name(scope, &ITEM_NAMES);
    let source = writer.expression(items);
    writer.header(&format!("for {item} in {source}"));
    let element = format!("{}({item})", function.text());
    writer.end(&element, &format!("not {element}"), end);
    Ok(())
}

fn in_class_body(statement: Node<'_>) -> bool {
    statement.function().is_none()
        && statement
            .definition()
            .is_some_and(|d| d.is("class_definition"))
}

/// Whether a loop variable, which a `for` statement binds in the scope around it, means something there already.
fn leaks(file: &SourceFile, statement: Node<'_>, comprehension: Node<'_>) -> bool {
    let names = file.names();
    let here = statement
        .function()
        .and_then(|function| names.scope_opened_by(function))
        .unwrap_or(crate::analysis::names::MODULE);
    let targets = comprehension
        .children()
        .into_iter()
        .filter(|c| c.is("for_in_clause"))
        .filter_map(|clause| clause.field("left"))
        .flat_map(Node::descendants)
        .filter(|n| n.is("identifier"));
    for target in targets {
        let variables = file.spelled(target.text()).into_iter();
        let taken = variables.filter(|n| is_variable(*n)).any(|other| {
            let inside = names.owner(other) == names.owner(target);
            let in_reach = statement
                .function()
                .is_none_or(|function| function.contains(other));
            let elsewhere = names
                .owner(other)
                .is_some_and(|owner| owner != here && is_below(file, other, owner, here));
            in_reach && !inside && !elsewhere
        });
        if taken {
            return true;
        }
    }
    false
}

/// Whether a name belongs to a scope that lies inside the scope `here`, and not around it.
fn is_below(
    file: &SourceFile,
    name: Node<'_>,
    owner: crate::analysis::names::ScopeId,
    here: crate::analysis::names::ScopeId,
) -> bool {
    let names = file.names();
    for above in name.ancestors() {
        match names.scope_opened_by(above) {
            Some(scope) if scope == owner => return true,
            Some(scope) if scope == here => return false,
            _ => {}
        }
    }
    false
}
