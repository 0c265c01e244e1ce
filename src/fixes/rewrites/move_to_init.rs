//! Moves an attribute of a class into its `__init__`, with its annotation and comments, below the containers that are
//! created at its start. Without an `__init__`, one is put in front of the first method. Withheld where one must not be
//! added, as in a class that others mix with another.

use crate::analysis::ancestry::subclasses;
use crate::analysis::mutable::mutable_value;
use crate::analysis::syntax::Node;
use crate::analysis::{SourceFile, is_variable};
use crate::fixes::{Draft, FixContext, Withheld, factory, layout, withhold};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let assignment = cx.hit_of_kind("assignment")?;
    let class = assignment.definition();
    let parts = (assignment.field("left"), assignment.field("right"), class);
    let (Some(name), Some(value), Some(class)) = parts else {
        return withhold("the code has changed");
    };
    if is_read_through_class(cx.file, class, name) {
        return withhold(format!("`{}` is also read through the class", name.text()));
    }
    if binds(cx.file, class, "__slots__") {
        return withhold("the class has `__slots__`");
    }
    factory::can_move(cx.file, value)?;
    if subclass_skips_init(cx.file, class) {
        return withhold("a subclass does not call this `__init__`");
    }
    let mut draft = cx.draft();
    if binds(cx.file, class, "__init__") {
        extend(cx, &mut draft, class, assignment)?;
    } else {
        create(cx, &mut draft, class, assignment)?;
    }
    Ok(draft)
}

fn binds(file: &SourceFile, class: Node<'_>, name: &str) -> bool {
    let scope = file.names().scope_opened_by(class);
    scope.is_some_and(|scope| file.names().binds(scope, name))
}

/// Whether code reads the attribute where no instance is at hand: in the class body, through the class or a subclass, or
/// through `cls`.
fn is_read_through_class(file: &SourceFile, class: Node<'_>, name: Node<'_>) -> bool {
    let in_body = file.occurrences(name).into_iter().any(|n| n != name);
    let subclasses = subclasses(file, class);
    let is_known = |known: Node<'_>| known == class || subclasses.contains(&known);
    let through_class = |object: Node<'_>| match object.kind() {
        "identifier" => {
            file.class(object).is_some_and(is_known)
                || file
                    .receiver_class(object)
                    .is_some_and(|known| is_known(known) && is_class_parameter(file, object))
        }
        "attribute" => object.last_name() == Some("__class__"),
        "call" => object
            .callee()
            .is_some_and(|c| c.is("identifier") && ["type", "super"].contains(&c.text())),
        _ => false,
    };
    in_body
        || file.spelled(name.text()).into_iter().any(|n| {
            let read = n
                .parent()
                .filter(|p| p.is("attribute") && p.field("attribute") == Some(n));
            let object = read.and_then(|read| read.field("object"));
            object.is_some_and(through_class)
        })
}

/// Whether the first parameter that an identifier stands for is the class.
fn is_class_parameter(file: &SourceFile, identifier: Node<'_>) -> bool {
    let implicit = ["__new__", "__init_subclass__", "__class_getitem__"];
    let method = identifier
        .ancestors()
        .filter(|n| n.is("function_definition"));
    method.into_iter().any(|method| {
        let named = method
            .field("name")
            .is_some_and(|n| implicit.contains(&n.text()));
        let decorated = method
            .decorators()
            .into_iter()
            .any(|d| file.is_builtin(d, "classmethod"));
        named || decorated
    })
}

fn bases(class: Node<'_>) -> Vec<Node<'_>> {
    class
        .field("superclasses")
        .map(Node::children)
        .unwrap_or_default()
}

/// Whether a subclass in this file has an `__init__` that calls no other.
fn subclass_skips_init(file: &SourceFile, class: Node<'_>) -> bool {
    let calls_init = |init: Node<'_>| {
        init.descendants()
            .into_iter()
            .any(|n| n.callee().and_then(Node::last_name) == Some("__init__"))
    };
    subclasses(file, class)
        .into_iter()
        .filter_map(|subclass| file.method(subclass, "__init__"))
        .any(|init| !calls_init(init))
}

/// Whether a subclass in this file has another base, whose `__init__` one in this class might hide.
fn is_mixed_in(file: &SourceFile, class: Node<'_>) -> bool {
    subclasses(file, class).into_iter().any(|subclass| {
        let bases = bases(subclass).into_iter();
        bases.filter(|b| !b.is("keyword_argument")).count() > 1
    })
}

/// Whether a class is called a base or mixin, or is handed to something as a class.
fn is_meant_as_base(file: &SourceFile, class: Node<'_>) -> bool {
    let Some(name) = class.field("name") else {
        return true;
    };
    let named = ["Base", "Mixin", "MixIn"]
        .iter()
        .any(|end| name.text().ends_with(end));
    let looked_at = ["builtins.isinstance", "builtins.issubclass"];
    let handed_on = |read: Node<'_>| match read.parent() {
        Some(list) if list.is("argument_list") => list
            .parent()
            .is_some_and(|call| call.is("call") && !file.calls(call, &looked_at)),
        Some(parent) => {
            parent.is_any(&[
                "keyword_argument",
                "list",
                "tuple",
                "set",
                "pair",
                "return_statement",
            ]) || parent.is("assignment") && parent.field("right") == Some(read)
        }
        None => false,
    };
    named || file.reads(name).into_iter().any(handed_on)
}

/// The first statement of an `__init__` that does more than create an empty container, as what was moved before does; or the
/// place below those, if there is nothing else.
fn place_in<'t>(file: &'t SourceFile, init: Node<'t>, receiver: &str) -> Option<(Node<'t>, usize)> {
    let docstring = init.docstring();
    let creates = |statement: &Node<'_>| {
        let assignment = statement.children().first().copied();
        let target = assignment
            .filter(|a| a.is("assignment"))
            .and_then(|a| a.field("left"));
        let value = assignment.and_then(|a| a.field("right"));
        target
            .and_then(|t| t.field("object"))
            .is_some_and(|o| o.text() == receiver)
            && value.is_some_and(|value| mutable_value(file, value).is_some())
            && layout::whole_lines(file, *statement).is_some()
    };
    let mut statements = init
        .body()
        .into_iter()
        .filter(|s| Some(*s) != docstring)
        .peekable();
    let first = *statements.peek()?;
    let last_created = statements.take_while(creates).last();
    let below = last_created.map(|s| layout::next_line(file, s.end()));
    let at = below.filter(|at| file.text()[..*at].ends_with(['\n', '\r']));
    Some((
        first,
        at.unwrap_or_else(|| layout::line_start(file, first.start())),
    ))
}

/// Adds the attribute to the `__init__` that is there.
fn extend<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    class: Node<'t>,
    assignment: Node<'t>,
) -> Result<(), Withheld> {
    let Some(init) = cx.file.method(class, "__init__") else {
        return withhold("the class has several `__init__`");
    };
    let receiver = init
        .field("parameters")
        .and_then(|p| p.children().first().copied())
        .filter(|p| p.is("identifier"));
    let Some(receiver) = receiver else {
        return withhold("`__init__` has no plain first parameter");
    };
    let value_names = assignment
        .field("right")
        .map(Node::descendants)
        .unwrap_or_default();
    let scope = cx.file.names().scope_opened_by(init);
    let hidden = value_names.into_iter().find(|n| {
        n.is("identifier")
            && is_variable(*n)
            && scope.is_some_and(|scope| cx.file.names().binds(scope, n.text()))
    });
    if let Some(name) = hidden {
        return withhold(format!(
            "`{}` means something else in `__init__`",
            name.text()
        ));
    }
    let Some((first, place)) = place_in(cx.file, init, receiver.text()) else {
        return withhold("`__init__` does nothing");
    };
    layout::require_line_start(first)?;
    let lines = take_lines(cx, draft, class, assignment, None)?;
    draft.insert(
        place,
        lines.written(cx, receiver.text(), first.indentation()),
    );
    Ok(())
}

/// Adds an `__init__` in front of the first method.
fn create<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    class: Node<'t>,
    assignment: Node<'t>,
) -> Result<(), Withheld> {
    let trivial = ["abc.ABC", "builtins.object", "typing.Generic"];
    let has_init = bases(class).into_iter().any(|base| {
        let name = base
            .field("value")
            .filter(|_| !base.is("attribute"))
            .unwrap_or(base);
        !base.is("keyword_argument") && !cx.file.is_one_of(name, &trivial)
    });
    if has_init {
        return withhold("a base class may have an `__init__` that must be called");
    }
    if is_mixed_in(cx.file, class) {
        return withhold("a subclass has another base, whose `__init__` must be called");
    }
    if is_meant_as_base(cx.file, class) {
        return withhold("other code may mix the class with one whose `__init__` must be called");
    }
    let methods = class.body().into_iter();
    let Some(method) = methods
        .filter(|s| s.undecorated().is("function_definition"))
        .find(|s| s.line_prefix().trim().is_empty())
    else {
        return withhold("there is no method to put `__init__` in front of");
    };
    let place = with_comments_above(cx.file, method.start());
    let lines = take_lines(cx, draft, class, assignment, Some(place))?;
    let newline = layout::newline(cx.file);
    let indentation = method.indentation();
    let inner = format!("{indentation}{}", layout::indent_unit(cx.file));
    let above = layout::previous_line(cx.file, place).unwrap_or(place);
    let apart = cx.file.text()[above..place].trim().is_empty();
    draft.insert(
        place,
        format!(
            "{indentation}def __init__(self):{newline}{}{}",
            lines.written(cx, "self", &inner),
            if apart { newline } else { "" }
        ),
    );
    Ok(())
}

/// What is taken out of the class body.
struct Lines<'t> {
    /// The comment lines above it.
    comments: Vec<&'t str>,
    assignment: Node<'t>,
    /// The comment behind it.
    behind: &'t str,
}

impl Lines<'_> {
    fn written(&self, cx: &FixContext<'_>, receiver: &str, indentation: &str) -> String {
        let newline = layout::newline(cx.file);
        let comments = self.comments.iter();
        let mut text: String = comments
            .map(|comment| format!("{indentation}{comment}{newline}"))
            .collect();
        let assignment = layout::reindented(self.assignment, indentation);
        text.push_str(&format!(
            "{indentation}{receiver}.{assignment}{}{newline}",
            self.behind
        ));
        text
    }
}

/// Deletes the assignment with its comments, and the empty lines that would be left doubled or at the start of the class
/// body. `until` is where other code is put: what is deleted ends there at the latest.
fn take_lines<'t>(
    cx: &FixContext<'t>,
    draft: &mut Draft<'t>,
    class: Node<'t>,
    assignment: Node<'t>,
    until: Option<usize>,
) -> Result<Lines<'t>, Withheld> {
    let text = cx.file.text();
    let own = layout::own_lines(cx.file, assignment)?;
    let start = with_comments_above(cx.file, assignment.start());
    let mut end = own.end;
    let first = class
        .body()
        .first()
        .is_some_and(|s| s.start() == assignment.start());
    let blank_above = layout::previous_line(cx.file, start)
        .is_some_and(|above| text[above..start].trim().is_empty());
    let last = assignment.statement().next().is_none();
    while (first || blank_above) && !last && end < text.len() {
        let next = layout::next_line(cx.file, end);
        if !text[end..next].trim().is_empty() || until.is_some_and(|until| next > until) {
            break;
        }
        end = next;
    }
    draft.delete(start..end);
    Ok(Lines {
        comments: text[start..own.start].lines().map(str::trim).collect(),
        assignment,
        behind: text[assignment.end()..layout::line_end(cx.file, assignment.end())].trim_end(),
    })
}

/// The start of the line of a statement, or of the comment lines directly above it.
fn with_comments_above(file: &SourceFile, statement: usize) -> usize {
    let mut at = layout::line_start(file, statement);
    while let Some(above) = layout::previous_line(file, at) {
        if !file.text()[above..at].trim_start().starts_with('#') {
            break;
        }
        at = above;
    }
    at
}
