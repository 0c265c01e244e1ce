//! Writes a comprehension or generator expression for `map` and `filter` with a lambda; a `filter` inside a `map` becomes
//! its condition. To be reviewed where the two call the item differently, and in a class body.

use crate::analysis::is_variable;
use crate::analysis::iteration::may_stop;
use crate::analysis::lambda_calls::{LambdaCall, Taker, taker};
use crate::analysis::names::ScopeKind;
use crate::analysis::syntax::Node;
use crate::fixes::comprehension::{
    condition, element, inner_indentation, iterable, iterable_obstacle, laid_out, obstacle,
};
use crate::fixes::{Draft, FixContext, Style, Withheld, withhold};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let call = cx.hit_of_kind("call")?;
    let Some(found) = LambdaCall::of(cx.file, call) else {
        return withhold("the code has changed");
    };
    let Some(taker) = taker(cx.file, &found) else {
        return withhold("the code has changed");
    };
    let mut draft = cx.draft();
    let (Taker::List(place)
    | Taker::Set(place)
    | Taker::Dict(place, ..)
    | Taker::Arguments(place)
    | Taker::Loop(place)) = taker;
    let in_string = place.ancestors().any(|n| n.is("string"));
    let spans_lines = |n: &Node<'_>| n.text().contains(['\n', '\r']);
    let to = if !in_string && (spans_lines(&found.body) || found.iterables.iter().any(spans_lines))
    {
        &inner_indentation(cx.file, place)
    } else {
        place.indentation()
    };
    let filtered = found.filtered(cx.file).and_then(|inner| {
        let condition = renamed_condition(cx, &inner, &found, to)?;
        Some((inner, condition))
    });
    let iterables = match &filtered {
        Some((inner, _)) => inner.iterables.clone(),
        None => found.iterables.clone(),
    };
    check_scopes(cx, &mut draft, &found)?;
    if let Some((inner, _)) = &filtered {
        check_scopes(cx, &mut draft, inner)?;
        if inner.parameters.first().map(|p| p.text()) != found.parameters.first().map(|p| p.text())
        {
            draft.review();
        }
    }
    if let Some(reason) = iterables.iter().find_map(|i| iterable_obstacle(*i)) {
        return withhold(reason);
    }
    let names: Vec<&str> = found.parameters.iter().map(|p| p.text()).collect();
    let source = match iterables.as_slice() {
        [only] => iterable(cx, *only, to, &format!("for {} in ", names.join(", "))),
        several => {
            let zip = draft.symbol("builtins.zip", call, Style::From)?;
            let arguments: Vec<&str> = several.iter().map(|i| i.text()).collect();
            format!("{zip}({})", arguments.join(", "))
        }
    };
    let mut clauses = vec![format!("for {} in {source}", names.join(", "))];
    if let Some((_, condition)) = &filtered {
        clauses.push(format!("if {condition}"));
    }
    let item = if found.filters {
        clauses.push(format!("if {}", condition(cx, found.body, to)));
        names.join(", ")
    } else {
        element(cx, found.body, to, "")
    };
    if matches!(taker, Taker::Set(_) | Taker::Dict(..))
        && call.ancestors().any(|n| n.is("interpolation"))
    {
        return withhold("two braces in a row mean one brace in an f-string");
    }
    let (brackets, item) = match taker {
        Taker::List(_) => (("[", "]"), item),
        Taker::Set(_) => (("{", "}"), item),
        Taker::Dict(_, key, value) => {
            let key = format!("{}: ", dict_key(cx, key, to));
            let value = element(cx, value, to, &key);
            (("{", "}"), key + &value)
        }
        Taker::Arguments(_) | Taker::Loop(_) => (("(", ")"), item),
    };
    clauses.insert(0, item);
    draft.replace(place, laid_out(cx.file, place, "", brackets, &clauses));
    Ok(draft)
}

fn dict_key(cx: &FixContext<'_>, key: Node<'_>, to: &str) -> String {
    if key.is("lambda") {
        format!("({})", key.text())
    } else {
        element(cx, key, to, "")
    }
}

/// The condition of an inner `filter` with the parameter named like that of the `map` around it; `None` if that name
/// means something in the condition already.
fn renamed_condition<'t>(
    cx: &FixContext<'t>,
    inner: &LambdaCall<'t>,
    outer: &LambdaCall<'t>,
    to: &str,
) -> Option<String> {
    let (old, new) = (inner.parameters.first()?, outer.parameters.first()?);
    if old.text() == new.text() {
        return Some(condition(cx, inner.body, to));
    }
    if inner.mentions(new.text()) {
        return None;
    }
    let file = cx.file;
    let scope = file.names().scope_opened_by(inner.lambda);
    let body = inner.body;
    let mut text = String::new();
    let mut at = body.start();
    for name in body.descendants() {
        let is_parameter = name.is("identifier")
            && name.text() == old.text()
            && is_variable(name)
            && file.names().owner(name) == scope;
        if is_parameter {
            text.push_str(&file.text()[at..name.start()]);
            text.push_str(new.text());
            at = name.end();
        }
    }
    text.push_str(&file.text()[at..body.end()]);
    let wraps = body.is_any(&["conditional_expression", "lambda"]);
    Some(if wraps { format!("({text})") } else { text })
}

/// Refuses where a name of the lambda would mean something else in a comprehension.
fn check_scopes<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    found: &LambdaCall<'t>,
) -> Result<(), Withheld> {
    if let Some(reason) = obstacle(found.body) {
        return withhold(reason);
    }
    if may_stop(cx.file, found.body) {
        draft.review();
    }
    let names = cx.file.names();
    let mut around = found.call.ancestors();
    let hidden = around.find(|n| {
        names.scope_opened_by(*n).is_some_and(|scope| {
            names.kind(scope) == ScopeKind::Comprehension
                && found
                    .parameters
                    .iter()
                    .any(|p| names.binds(scope, p.text()))
        })
    });
    if hidden.is_some() {
        return withhold("the comprehension around it uses the same name");
    }
    let class = found.call.definition().filter(|_| {
        found.call.function().is_none()
            && found
                .call
                .definition()
                .is_some_and(|d| d.is("class_definition"))
    });
    if let Some(scope) = class.and_then(|class| names.scope_opened_by(class)) {
        let of_class = found.body.descendants().into_iter().any(|n| {
            n.is("identifier")
                && is_variable(n)
                && names.binds(scope, n.text())
                && !found.parameters.iter().any(|p| p.text() == n.text())
        });
        if of_class {
            return withhold("neither form sees the names of the class body");
        }
        draft.review();
    }
    Ok(())
}
