//! Replaces the methods that a dataclass generates by fields, in the order of the parameters. Without an `__eq__` the class
//! gets `eq=False`, so that its instances keep their identity. Safe only where the generated methods do the same.

use std::ops::Range;

use crate::analysis::annotations::{self, subscripted};
use crate::analysis::mutable::mutable_value;
use crate::analysis::storing::{Stored, StoringClass};
use crate::analysis::syntax::Node;
use crate::analysis::{SourceFile, is_variable};
use crate::catalog::PythonVersion;
use crate::fixes::{Draft, FixContext, Style, Withheld, factory, layout, withhold};

/// The first version with `@dataclass(kw_only=True)`.
const KEYWORD_ONLY: PythonVersion = PythonVersion {
    major: 3,
    minor: 10,
};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let class = cx.hit()?.parent();
    let Some(found) = class.and_then(|class| StoringClass::of(cx.file, class)) else {
        return withhold("the code has changed");
    };
    let removed = removed(&found);
    for method in &removed {
        if method.has_comment() {
            return withhold("a comment would be lost");
        }
        if method.docstring().is_some() {
            return withhold("a docstring would be lost");
        }
    }
    if found.keyword_only && cx.settings.target < KEYWORD_ONLY {
        return withhold("keyword-only fields need Python 3.10");
    }
    names_stay(cx.file, &found)?;
    let mut draft = cx.draft();
    draft.release_imports();
    let guarded = found.eq.is_some_and(|(_, eq)| eq.guarded && !eq.whole_dict);
    if !guarded || !found.has_generated_repr() {
        draft.review();
    }
    let decorator = draft.symbol("dataclasses.dataclass", found.class, Style::From)?;
    let mut options = Vec::new();
    if found.eq.is_none() {
        options.push("eq=False");
    }
    if found.keyword_only {
        options.push("kw_only=True");
    }
    let options = if options.is_empty() {
        String::new()
    } else {
        format!("({})", options.join(", "))
    };
    let newline = layout::newline(cx.file);
    let outer = found.class.indentation();
    let Some(keyword) = found.class.tokens().first().copied() else {
        return withhold("the code has changed");
    };
    // An import may be inserted at the same place: it has to come first.
    draft.replace(
        keyword,
        format!("@{decorator}{options}{newline}{outer}{}", keyword.text()),
    );
    let indentation = found.init.indentation();
    let mut fields = String::new();
    for stored in &found.stored {
        let field = field(cx, &mut draft, &found, *stored)?;
        fields.push_str(&format!("{indentation}{field}{newline}"));
    }
    place(cx, &mut draft, &found, &removed, &fields)?;
    Ok(draft)
}

/// The methods that go, in source order.
fn removed<'t>(found: &StoringClass<'t>) -> Vec<Node<'t>> {
    let mut methods = vec![found.init];
    methods.extend(found.repr);
    methods.extend(found.eq.map(|(eq, _)| eq));
    methods.sort_by_key(|m| m.start());
    methods
}

/// `name: annotation = default`.
fn field<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    found: &StoringClass<'t>,
    stored: Stored<'t>,
) -> Result<String, Withheld> {
    let annotation = match stored.annotation {
        Some(annotation) if stored.fresh.is_some() => without_none(cx, annotation),
        Some(annotation) => annotation.text().to_owned(),
        None => {
            draft.review();
            draft.symbol("typing.Any", found.class, Style::From)?
        }
    };
    let default = match (stored.fresh, stored.default) {
        (Some(fresh), _) => Some(from_factory(cx, draft, found, fresh)?),
        (None, Some(default)) if mutable_value(cx.file, default).is_some() => {
            Some(from_factory(cx, draft, found, default)?)
        }
        (None, Some(default)) => {
            if let Some(reason) = unfit_default(cx.file, default) {
                return withhold(reason);
            }
            if !is_constant(default) {
                draft.review();
            }
            Some(default.text().to_owned())
        }
        (None, None) => None,
    };
    let default = default.map_or(String::new(), |default| format!(" = {default}"));
    let field = format!("{}: {annotation}{default}", stored.name.text());
    if field.contains(['\n', '\r']) {
        return withhold("a field would go over several lines");
    }
    Ok(field)
}

/// `field(default_factory=…)`.
fn from_factory<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    found: &StoringClass<'t>,
    value: Node<'t>,
) -> Result<String, Withheld> {
    draft.review();
    let made = factory::of_default(cx, draft, value)?;
    let field = draft.symbol("dataclasses.field", found.class, Style::From)?;
    let root = field.split('.').next().unwrap_or(&field);
    let scope = cx.file.names().scope_opened_by(found.class);
    let taken = found.stored.iter().any(|s| s.name.text() == root)
        || scope.is_some_and(|scope| cx.file.names().binds(scope, root));
    if taken {
        return withhold(format!("the class body gives `{root}` another meaning"));
    }
    Ok(format!("{field}(default_factory={made})"))
}

/// Why a default cannot be that of a field; `None` if it can.
fn unfit_default(file: &SourceFile, default: Node<'_>) -> Option<&'static str> {
    let value = default.unparenthesized();
    let made = file
        .value(value)
        .is_some_and(|v| mutable_value(file, v).is_some());
    let calls = value
        .own_scope()
        .into_iter()
        .any(|n| n.is_any(&["call", "await", "yield", "named_expression"]));
    if made {
        Some("a dataclass refuses a mutable default")
    } else if calls {
        Some("a dataclass refuses a default that cannot be hashed")
    } else {
        None
    }
}

fn is_constant(default: Node<'_>) -> bool {
    let parts = default.descendants();
    !parts
        .iter()
        .any(|n| n.is_any(&["identifier", "lambda", "list", "dictionary", "set"]))
}

/// The annotation without `| None`: a field with a factory is never `None` by itself.
fn without_none<'t>(cx: &FixContext<'t>, annotation: Node<'t>) -> String {
    let Some(expression) = annotation.children().first().map(|n| n.unparenthesized()) else {
        return annotation.text().to_owned();
    };
    match expression.kind() {
        "binary_operator" | "union_type" => {
            let mut members = Vec::new();
            union_members(expression, &mut members);
            joined(members, " | ")
        }
        "generic_type" | "subscript" => {
            let Some((head, arguments)) = subscripted(expression) else {
                return annotation.text().to_owned();
            };
            match (cx.file.qualified_name(head).as_deref(), &arguments[..]) {
                (Some("typing.Optional"), [only]) => only.text().to_owned(),
                (Some("typing.Union"), [_, _]) => joined(arguments, " | "),
                (Some("typing.Union"), _) => {
                    format!("{}[{}]", head.text(), joined(arguments, ", "))
                }
                _ => annotation.text().to_owned(),
            }
        }
        "string" => {
            let text = expression.text();
            let quote = if text.ends_with('"') { '"' } else { '\'' };
            let inner = text.trim_matches(quote).trim();
            let kept = inner
                .strip_suffix("| None")
                .or_else(|| inner.strip_prefix("None |"))
                .map(str::trim);
            match kept.filter(|_| text.starts_with(quote)) {
                Some(kept) => format!("{quote}{kept}{quote}"),
                None => text.to_owned(),
            }
        }
        _ => annotation.text().to_owned(),
    }
}

/// The members of `A | B | C`, from left to right.
fn union_members<'t>(node: Node<'t>, members: &mut Vec<Node<'t>>) {
    let union = node.is("union_type") || (node.is("binary_operator") && node.has_token("|"));
    if union || (node.is("type") && node.children().len() == 1) {
        for child in node.children() {
            union_members(child, members);
        }
    } else {
        members.push(node);
    }
}

fn joined(mut members: Vec<Node<'_>>, separator: &str) -> String {
    members.retain(|m| m.text() != "None");
    let texts: Vec<&str> = members.iter().map(|m| m.text()).collect();
    texts.join(separator)
}

/// Refuses where a name in an annotation or default would mean a field, or, in quotes, an attribute of the class.
fn names_stay(file: &SourceFile, found: &StoringClass<'_>) -> Result<(), Withheld> {
    let mut bound: Vec<&str> = Vec::new();
    let scope = file.names().scope_opened_by(found.class);
    for stored in &found.stored {
        let default_parts = stored.default.map(Node::descendants).unwrap_or_default();
        let reads = |parts: &[Node<'_>], bound: &[&str]| {
            parts
                .iter()
                .find(|n| n.is("identifier") && is_variable(**n) && bound.contains(&n.text()))
                .map(|n| n.text().to_owned())
        };
        if let Some(name) = reads(&default_parts, &bound) {
            return withhold(format!("`{name}` would mean the field"));
        }
        if stored.default.is_some() || stored.fresh.is_some() {
            bound.push(stored.name.text());
        }
        let Some(annotation) = stored.annotation else {
            continue;
        };
        let parts = annotation.descendants();
        if let Some(name) = reads(&parts, &bound) {
            return withhold(format!("`{name}` would mean the field"));
        }
        let quoted_attribute = parts.iter().filter(|n| n.is("string")).any(|string| {
            string
                .text()
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(|word| {
                    scope.is_some_and(|scope| file.names().binds(scope, word))
                        || found.stored.iter().any(|s| s.name.text() == word)
                })
        });
        if quoted_attribute {
            return withhold("the quoted annotation names an attribute of the class");
        }
    }
    no_special_annotation(file, found)
}

/// Refuses where an annotation would make something else than a field.
fn no_special_annotation(file: &SourceFile, found: &StoringClass<'_>) -> Result<(), Withheld> {
    let special = [
        "typing.ClassVar",
        "dataclasses.InitVar",
        "dataclasses.KW_ONLY",
    ];
    let mut annotations = found.stored.iter().filter_map(|s| s.annotation);
    let is_special = annotations.any(|annotation| {
        annotations::base(file, annotation).is_some_and(|base| special.contains(&base.as_str()))
    });
    if is_special {
        withhold("the annotation makes something else than a field")
    } else {
        Ok(())
    }
}

/// Puts the fields behind the docstring and takes the methods away.
fn place<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    found: &StoringClass<'t>,
    removed: &[Node<'t>],
    fields: &str,
) -> Result<(), Withheld> {
    let docstring = found.class.docstring();
    let mut body = found.class.body();
    body.retain(|statement| Some(*statement) != docstring);
    let Some(first) = body.first() else {
        return withhold("the code has changed");
    };
    let mut ranges = Vec::new();
    for method in removed {
        ranges.push((*method, layout::own_lines(cx.file, *method)?));
    }
    let at_init = *first == found.init;
    for (method, lines) in ranges {
        if method == *first {
            if at_init {
                let open_end = !cx.file.text()[lines.clone()].ends_with(['\n', '\r']);
                let text = if open_end { fields.trim_end() } else { fields };
                draft.replace_range(lines, text);
            } else {
                draft.delete(lines.start..behind_blank_lines(cx.file, lines.end));
            }
        } else {
            draft.delete(with_blank_lines_above(cx.file, lines));
        }
    }
    if !at_init {
        let kept_below = body.iter().any(|m| !removed.contains(m));
        let blank = if kept_below {
            layout::newline(cx.file)
        } else {
            ""
        };
        let place = above_comments(cx.file, layout::line_start(cx.file, first.start()));
        draft.insert(place, format!("{fields}{blank}"));
    }
    Ok(())
}

fn is_blank(file: &SourceFile, line: Range<usize>) -> bool {
    file.text()
        .get(line)
        .is_some_and(|text| text.trim().is_empty())
}

fn with_blank_lines_above(file: &SourceFile, mut lines: Range<usize>) -> Range<usize> {
    while let Some(above) =
        layout::previous_line(file, lines.start).filter(|above| is_blank(file, *above..lines.start))
    {
        lines.start = above;
    }
    lines
}

fn behind_blank_lines(file: &SourceFile, mut at: usize) -> usize {
    loop {
        let next = layout::next_line(file, at);
        if next == at || !is_blank(file, at..next) {
            return at;
        }
        at = next;
    }
}

/// The start of the comment lines directly above a line.
fn above_comments(file: &SourceFile, mut at: usize) -> usize {
    while let Some(above) = layout::previous_line(file, at) {
        if !file.text()[above..at].trim_start().starts_with('#') {
            break;
        }
        at = above;
    }
    at
}
