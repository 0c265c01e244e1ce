//! Calls of `map` and `filter` with a lambda, which a comprehension says without one.

use super::iteration;
use super::source_file::{SourceFile, is_variable};
use super::syntax::Node;

/// A call `map(lambda …: …, …)` or `filter(lambda …: …, …)`.
#[derive(Debug, Clone)]
pub struct LambdaCall<'t> {
    /// The whole call.
    pub call: Node<'t>,
    /// Whether it is `filter`.
    pub filters: bool,
    /// The lambda.
    pub lambda: Node<'t>,
    /// The lambda's parameters, plain names all.
    pub parameters: Vec<Node<'t>>,
    /// What the lambda returns.
    pub body: Node<'t>,
    /// What is iterated over: one for each parameter.
    pub iterables: Vec<Node<'t>>,
}

impl<'t> LambdaCall<'t> {
    /// Reads a call; `None` if it is not one of the builtins, or anything about it could not be said in a comprehension.
    pub fn of(file: &'t SourceFile, call: Node<'t>) -> Option<Self> {
        let callee = call.callee()?;
        let filters = file.is_builtin(callee, "filter");
        if !filters && !file.is_builtin(callee, "map") {
            return None;
        }
        let arguments = call.arguments();
        let (first, iterables) = arguments.split_first()?;
        let lambda = first.unparenthesized();
        let plain_arguments = iterables
            .iter()
            .all(|a| !a.is_any(&["keyword_argument", "list_splat", "dictionary_splat"]));
        if !lambda.is("lambda") || !plain_arguments {
            return None;
        }
        let parameters = lambda.field("parameters")?.children();
        let body = lambda.field("body")?;
        let fits = !parameters.is_empty()
            && parameters.iter().all(|p| p.is("identifier"))
            && parameters.len() == iterables.len()
            && (!filters || parameters.len() == 1);
        (fits && is_plain(file, lambda, body)).then(|| Self {
            call,
            filters,
            lambda,
            parameters,
            body,
            iterables: iterables.to_vec(),
        })
    }

    /// For `map(lambda …, filter(lambda …, items))` the inner call.
    pub fn filtered(&self, file: &'t SourceFile) -> Option<Self> {
        match self.iterables.as_slice() {
            [only] if !self.filters => {
                Self::of(file, only.unparenthesized()).filter(|inner| inner.filters)
            }
            _ => None,
        }
    }

    /// Whether a name occurs in what the lambda returns.
    pub fn mentions(&self, name: &str) -> bool {
        self.body
            .descendants()
            .into_iter()
            .any(|n| n.is("identifier") && n.text() == name)
    }
}

/// Whether a lambda's body binds no name, and leaves nothing behind that looks at the parameters later: in a comprehension
/// it would see the last item.
fn is_plain(file: &SourceFile, lambda: Node<'_>, body: Node<'_>) -> bool {
    let scope = file.names().scope_opened_by(lambda);
    let sees_parameter = |part: Node<'_>| {
        part.descendants()
            .into_iter()
            .any(|n| n.is("identifier") && is_variable(n) && file.names().owner(n) == scope)
    };
    body.descendants()
        .into_iter()
        .all(|node| match node.kind() {
            "yield" | "named_expression" | "await" => false,
            "lambda" => !node.field("body").is_some_and(sees_parameter),
            "generator_expression" => {
                let first = node.children().into_iter().find(|c| c.is("for_in_clause"));
                let source = first.and_then(|clause| clause.field("right"));
                let later = node.walk_while(|n| Some(n) != source);
                let sees_later = later.into_iter().any(|n| {
                    n.is("identifier")
                        && Some(n) != source
                        && is_variable(n)
                        && file.names().owner(n) == scope
                });
                !sees_later || iteration::use_of(file, node) == iteration::Use::Eager
            }
            _ => true,
        })
}

/// What takes the items of a `map` or `filter`.
#[derive(Debug, Clone, Copy)]
pub enum Taker<'t> {
    /// `list(…)`: the call.
    List(Node<'t>),
    /// `set(…)`: the call.
    Set(Node<'t>),
    /// `dict(…)` of pairs that the lambda displays: the call, the key and the value.
    Dict(Node<'t>, Node<'t>, Node<'t>),
    /// A function that reads its only argument to the end: its parenthesised arguments.
    Arguments(Node<'t>),
    /// A `for` loop or clause: the iterable with the parentheses around it.
    Loop(Node<'t>),
}

/// Functions that read their only argument to the end, or to the first answer, and keep nothing lazy.
const READERS: [&str; 8] = [
    "builtins.all",
    "builtins.any",
    "builtins.frozenset",
    "builtins.max",
    "builtins.min",
    "builtins.sorted",
    "builtins.sum",
    "builtins.tuple",
];

/// Who takes the items; `None` if the call is returned, stored or passed on, so that its laziness can be seen.
pub fn taker<'t>(file: &'t SourceFile, found: &LambdaCall<'t>) -> Option<Taker<'t>> {
    let node = found.call.with_parentheses();
    let parent = node.parent()?;
    match parent.kind() {
        "for_statement" | "for_in_clause" => {
            (parent.field("right") == Some(node) && !parent.is_async()).then_some(Taker::Loop(node))
        }
        "argument_list" if parent.children().len() == 1 => {
            let outer = parent.parent().filter(|p| p.is("call"))?;
            let callee = outer.callee()?;
            let is = |name: &str| file.is_builtin(callee, name);
            if is("list") {
                Some(Taker::List(outer))
            } else if is("set") {
                Some(Taker::Set(outer))
            } else if is("dict") {
                let pair = found.body.unparenthesized();
                match pair.children().as_slice() {
                    [key, value]
                        if pair.is("tuple")
                            && !found.filters
                            && !key.is("list_splat")
                            && !value.is("list_splat") =>
                    {
                        Some(Taker::Dict(outer, *key, *value))
                    }
                    _ => None,
                }
            } else if file.is_one_of(callee, &READERS) || is_join(file, outer) {
                Some(Taker::Arguments(parent))
            } else {
                None
            }
        }
        _ => None,
    }
}

/// Whether a call joins strings: `", ".join(…)`, also with a name for the literal.
fn is_join(file: &SourceFile, call: Node<'_>) -> bool {
    call.callee().is_some_and(|callee| {
        callee.last_name() == Some("join")
            && callee
                .field("object")
                .and_then(|object| file.value(object))
                .is_some_and(|o| o.is_any(&["string", "concatenated_string"]))
    })
}
