//! Loops and comprehensions that do nothing but collect one awaited answer per item.

use std::ops::Range;

use super::awaits::awaited_call;
use super::coroutine::lone_expression;
use super::syntax::Node;

/// A loop that collects awaited answers.
#[derive(Debug, Clone, Copy)]
pub enum Collecting<'t> {
    /// `for … in …: answers.append(await call)`, or with a name between.
    Loop {
        /// The `for` statement.
        statement: Node<'t>,
        /// The list that grows.
        list: Node<'t>,
        /// The name that each answer has before it is appended.
        answer: Option<Node<'t>>,
        /// Whether that name is annotated.
        annotated: bool,
        /// The awaited call.
        call: Node<'t>,
    },
    /// `[await call for … in …]`.
    Comprehension {
        /// The whole comprehension.
        comprehension: Node<'t>,
        /// The awaited call.
        call: Node<'t>,
    },
}

impl<'t> Collecting<'t> {
    /// Reads a `for_statement` or `list_comprehension`; `None` if it does anything else.
    pub fn of(node: Node<'t>) -> Option<Self> {
        match node.kind() {
            "for_statement" => Self::of_loop(node),
            "list_comprehension" => Self::of_comprehension(node),
            _ => None,
        }
    }

    fn of_loop(statement: Node<'t>) -> Option<Self> {
        if statement.is_async() || statement.field("alternative").is_some() {
            return None;
        }
        match statement.body()[..] {
            [append] => {
                let (list, value) = appended(append)?;
                let call = awaited_call(value.unparenthesized())?;
                Some(Self::Loop {
                    statement,
                    list,
                    answer: None,
                    annotated: false,
                    call,
                })
            }
            [assign, append] => {
                let assignment = lone_expression(assign).filter(|n| n.is("assignment"))?;
                let answer = assignment.field("left").filter(|n| n.is("identifier"))?;
                let call = awaited_call(assignment.field("right")?.unparenthesized())?;
                let (list, value) = appended(append)?;
                let same = value.is("identifier") && value.text() == answer.text();
                let annotated = assignment.field("type").is_some();
                same.then_some(Self::Loop {
                    statement,
                    list,
                    answer: Some(answer),
                    annotated,
                    call,
                })
            }
            _ => None,
        }
    }

    /// An `await` in a filter or in a further `for` may decide what is asked at all, and needs another rewrite.
    fn of_comprehension(comprehension: Node<'t>) -> Option<Self> {
        let call = awaited_call(comprehension.field("body")?.unparenthesized())?;
        let mut clauses = comprehension
            .children()
            .into_iter()
            .filter(|c| c.is_any(&["for_in_clause", "if_clause"]));
        let first = clauses.next()?;
        let plain = !first.is_async()
            && clauses.all(|c| !c.is_async() && !c.descendants().iter().any(|n| n.is("await")));
        plain.then_some(Self::Comprehension {
            comprehension,
            call,
        })
    }

    /// The awaited call.
    pub fn call(&self) -> Node<'t> {
        match self {
            Self::Loop { call, .. } | Self::Comprehension { call, .. } => *call,
        }
    }

    /// The loop variables in their order; `None` if something else than a name is assigned to.
    pub fn targets(&self) -> Option<Vec<Node<'t>>> {
        match self {
            Self::Loop { statement, .. } => targets(*statement),
            Self::Comprehension { comprehension, .. } => {
                let clauses = comprehension
                    .children()
                    .into_iter()
                    .filter(|c| c.is("for_in_clause"));
                clauses
                    .map(targets)
                    .collect::<Option<Vec<_>>>()
                    .map(|t| t.concat())
            }
        }
    }

    /// The names that carry something from one iteration to the next if the call uses them.
    pub fn carried(&self) -> Vec<Node<'t>> {
        match self {
            Self::Loop { list, answer, .. } => std::iter::once(*list).chain(*answer).collect(),
            Self::Comprehension { .. } => Vec::new(),
        }
    }

    /// What is reported: the header of the loop, or the comprehension.
    pub fn reported(&self) -> Range<usize> {
        match self {
            Self::Loop { statement, .. } => statement.header(),
            Self::Comprehension { comprehension, .. } => comprehension.range(),
        }
    }
}

/// The names that a `for` statement or clause binds, in their order; `None` if it assigns to an attribute or subscript.
pub fn targets(clause: Node<'_>) -> Option<Vec<Node<'_>>> {
    let left = clause.field("left")?;
    let parts = left.descendants();
    let names_only = !parts
        .iter()
        .any(|n| n.is_any(&["attribute", "subscript", "call"]));
    names_only.then(|| parts.into_iter().filter(|n| n.is("identifier")).collect())
}

/// The list and the value of a statement `list.append(value)`.
fn appended(statement: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    let call = lone_expression(statement).filter(|n| n.is("call"))?;
    let callee = call
        .callee()
        .filter(|c| c.is("attribute") && c.last_name() == Some("append"))?;
    let list = callee.field("object").filter(|o| o.is("identifier"))?;
    match call.arguments()[..] {
        [value] if !value.is_any(&["keyword_argument", "list_splat", "dictionary_splat"]) => {
            Some((list, value))
        }
        _ => None,
    }
}
