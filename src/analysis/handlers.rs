//! `except` clauses: what they catch, and what belongs to them.

use super::context::Context;
use super::syntax::Node;

/// The classes by which a cancelled task can be recognised.
pub const CANCELLATION: [&str; 2] = ["asyncio.CancelledError", "builtins.BaseException"];

/// The classes that stand after `except`, each on its own, whether they stand alone, in a tuple, or (Python 3.14)
/// behind one another. A bare `except:` names none.
pub fn caught(clause: Node<'_>) -> Vec<Node<'_>> {
    let mut pending: Vec<Node<'_>> = clause.fields("value");
    pending.reverse();
    let mut classes = Vec::new();
    while let Some(value) = pending.pop() {
        let value = value.unparenthesized();
        match value.kind() {
            "as_pattern" => pending.extend(value.children().first()),
            "tuple" => pending.extend(value.children().into_iter().rev()),
            _ => classes.push(value),
        }
    }
    classes
}

/// Whether a clause surely catches what one of these qualified names stands for, because it names it or is bare.
pub fn catches(cx: &Context<'_>, clause: Node<'_>, names: &[&str]) -> bool {
    is_bare(clause) || caught(clause).into_iter().any(|c| cx.is_one_of(c, names))
}

/// Whether a clause names no class at all.
pub fn is_bare(clause: Node<'_>) -> bool {
    clause.field("value").is_none()
}

/// The block of an `except` clause.
pub fn block(clause: Node<'_>) -> Option<Node<'_>> {
    clause.children().into_iter().find(|c| c.is("block"))
}

/// The statements between `try:` and the first `except`.
pub fn guarded(clause: Node<'_>) -> Option<Node<'_>> {
    clause
        .parent()
        .filter(|p| p.is("try_statement"))?
        .field("body")
}

/// The clauses of the same `try` before this one.
pub fn earlier(clause: Node<'_>) -> Vec<Node<'_>> {
    clause.parent().map_or_else(Vec::new, |parent| {
        parent
            .children()
            .into_iter()
            .filter(|c| c.is("except_clause") && c.start() < clause.start())
            .collect()
    })
}

/// What a block of statements does, as the name of the first thing it calls: `send` for
/// `return await client.send(text)`.
pub fn work(block: Node<'_>) -> Option<&str> {
    block
        .own_scope()
        .into_iter()
        .filter_map(Node::callee)
        .find_map(Node::last_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::syntax::Segment;

    /// The classes of the first handler of a text, and what its `try` body does.
    fn read(text: &str) -> (Vec<String>, Option<String>) {
        let segment = Segment::parse(text.into(), 0);
        let nodes = segment.root().descendants();
        let clause = nodes.into_iter().find(|n| n.is("except_clause"));
        let clause = clause.expect("the text has a handler");
        let classes = caught(clause).into_iter().map(|c| c.text().to_owned());
        let done = guarded(clause).and_then(work).map(str::to_owned);
        (classes.collect(), done)
    }

    #[test]
    fn classes_are_found_in_every_layout() {
        for (clause, classes) in [
            ("except", vec![]),
            ("except A", vec!["A"]),
            ("except m.A as e", vec!["m.A"]),
            ("except (A, m.B) as e", vec!["A", "m.B"]),
            ("except ((A), (B, C))", vec!["A", "B", "C"]),
            ("except* A", vec!["A"]),
            ("except *(A, B) as e", vec!["A", "B"]),
            ("except A, B", vec!["A", "B"]),
        ] {
            let text = format!("try:\n    f()\n{clause}:\n    pass\n");
            assert_eq!(read(&text).0, classes, "{clause}");
        }
    }

    #[test]
    fn the_work_is_the_first_call_that_has_a_name() {
        for (body, work) in [
            ("return await c.send(f(x))", Some("send")),
            ("x = table[0](1); y = load()", Some("load")),
            ("x = 1", None),
            ("f = lambda: g()", None),
        ] {
            let text = format!("try:\n    {body}\nexcept A:\n    pass\n");
            assert_eq!(read(&text).1.as_deref(), work, "{body}");
        }
    }
}
