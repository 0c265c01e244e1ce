//! Writes a comprehension for the loop, in place of the empty container too, or an `extend` with a generator expression
//! where the list may hold something already. Withheld in class bodies, where the container is global or deleted, and where
//! a handler reads it.

use crate::analysis::building::{Building, Clause, Container, Origin};
use crate::analysis::handlers::tries_around;
use crate::analysis::syntax::Node;
use crate::fixes::comprehension::{
    condition, element, inner_indentation, iterable, iterable_obstacle, laid_out, obstacle,
};
use crate::fixes::{Draft, FixContext, Withheld, layout, withhold};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let statement = cx.hit_of_kind("for_statement")?;
    let Some(found) = Building::of(cx.file, statement) else {
        return withhold("the code has changed");
    };
    let Some(origin) = found.origin(cx.file) else {
        return withhold("the code has changed");
    };
    check_scope(cx, &found)?;
    let mut draft = cx.draft();
    let Origin::Empty {
        assignment,
        adjacent,
    } = origin
    else {
        let parts = parts(cx, &found, &inner_indentation(cx.file, statement))?;
        let before = format!("{}.extend", found.name.text());
        let text = laid_out(cx.file, statement, &before, ("(", ")"), &parts);
        draft.replace(statement, text);
        draft.review();
        return Ok(draft);
    };
    let Some(value) = assignment.field("right") else {
        return withhold("the code has changed");
    };
    if handler_reads(cx, found.name, assignment) {
        return withhold("a handler around it needs the container, empty or not");
    }
    let before = cx
        .file
        .text()
        .get(assignment.start()..value.start())
        .unwrap_or_default();
    let brackets = match found.container {
        Container::List => ("[", "]"),
        Container::Set | Container::Dict => ("{", "}"),
    };
    let place = if adjacent { assignment } else { statement };
    let parts = parts(cx, &found, &inner_indentation(cx.file, place))?;
    let text = laid_out(cx.file, place, before, brackets, &parts);
    if adjacent {
        draft.replace_range(assignment.start()..statement.end(), text);
        return Ok(draft);
    }
    let lines = layout::own_lines(cx.file, assignment)?;
    draft.delete(layout::with_gap(cx.file, assignment.statement(), lines));
    draft.replace(statement, text);
    draft.review();
    Ok(draft)
}

/// Whether the `except` or `finally` of a `try` whose body creates the container reads it: it is bound only when all is done.
fn handler_reads(cx: &FixContext<'_>, name: Node<'_>, assignment: Node<'_>) -> bool {
    let reads = cx.file.reads(name);
    let clauses = tries_around(assignment)
        .into_iter()
        .flat_map(Node::children)
        .filter(|clause| clause.is_any(&["except_clause", "finally_clause"]));
    clauses
        .into_iter()
        .any(|clause| reads.iter().any(|read| clause.contains(*read)))
}

/// The element and the clauses, as they are written in the lines of a comprehension, which are indented by `to`.
fn parts(cx: &FixContext<'_>, found: &Building<'_>, to: &str) -> Result<Vec<String>, Withheld> {
    for expression in found.expressions() {
        if let Some(reason) = obstacle(expression) {
            return withhold(reason);
        }
    }
    let targets: Vec<&str> = found.targets().map(Node::text).collect();
    let rebinds = found.expressions().flat_map(Node::descendants).any(|n| {
        n.is("named_expression")
            && n.field("name")
                .is_some_and(|name| targets.contains(&name.text()))
    });
    if rebinds {
        return withhold("a comprehension cannot bind its own variable");
    }
    let item = match found.item.as_slice() {
        [only] => element(cx, *only, to, ""),
        several => {
            let parts: Vec<&str> = several.iter().map(|n| n.text()).collect();
            format!("({})", parts.join(", "))
        }
    };
    let mut parts = vec![match found.value {
        Some(value) => {
            let key = format!("{item}: ");
            let value = element(cx, value, to, &key);
            key + &value
        }
        None => item,
    }];
    for clause in &found.clauses {
        parts.push(match clause {
            Clause::If(test) => format!("if {}", condition(cx, *test, to)),
            Clause::For {
                target,
                iterable: source,
            } => {
                if let Some(reason) = iterable_obstacle(*source) {
                    return withhold(reason);
                }
                if source.is("expression_list")
                    && source.children().iter().any(|c| c.is("list_splat"))
                {
                    return withhold("the iterable is unpacked from others");
                }
                let head = format!("for {} in ", layout::reindented(*target, to));
                let last = head.rsplit('\n').next().unwrap_or_default();
                let source = iterable(cx, *source, to, last.trim_start());
                head + &source
            }
        });
    }
    Ok(parts)
}

/// Refuses where the names of the loop would not mean the same in a comprehension, or the container belongs to others.
fn check_scope(cx: &FixContext<'_>, found: &Building<'_>) -> Result<(), Withheld> {
    let names = cx.file.names();
    let definition = found.statement.definition();
    if definition.is_some_and(|d| d.is("class_definition")) {
        return withhold("a comprehension does not see the names of the class body");
    }
    let here = definition.and_then(|d| names.scope_opened_by(d));
    let own = here.is_none() || names.owner(found.name) == here;
    let assigned = found
        .origin(cx.file)
        .is_some_and(|o| matches!(o, Origin::Empty { .. }));
    if assigned && !own {
        return withhold("the container is not a variable of this function");
    }
    let deleted = cx.file.occurrences(found.name).into_iter().any(|n| {
        n.ancestors()
            .take_while(|a| !a.is("block"))
            .any(|a| a.is("delete_statement"))
            && names.is_binding_site(n)
    });
    if deleted {
        return withhold("the container is deleted");
    }
    Ok(())
}
