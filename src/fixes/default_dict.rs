//! Replacing an empty dict that code fills by hand with a `defaultdict` or `Counter`.

use std::ops::Range;

use super::draft::{Draft, FixContext, Withheld, withhold};
use super::imports::Style;
use super::layout;
use crate::analysis::mapping_uses::{expects_key_error, is_indifferent};
use crate::analysis::missing_keys::{ByHand, Start, Written, by_hand, local_start};
use crate::analysis::syntax::Node;

/// A dict of one function, with every place that gives its missing keys a first value by hand.
pub struct Filled<'t> {
    /// The places, in source order; the reported one is among them.
    pub sites: Vec<ByHand<'t>>,
    /// The reported place.
    pub reported: ByHand<'t>,
    /// The value `{}` or `dict()` that the dict starts with.
    pub value: Node<'t>,
    /// The other reads of the dict.
    others: Vec<Node<'t>>,
}

impl<'t> Filled<'t> {
    /// Finds out about the reported dict.
    ///
    /// # Errors
    ///
    /// If the dict is not made in the same function.
    pub fn reported(cx: &FixContext<'t>) -> Result<Self, Withheld> {
        let statement = cx.file.covering(cx.found.range.clone());
        let Some(reported) = statement.and_then(|n| by_hand(cx.file, n.statement())) else {
            return withhold("the code has changed");
        };
        let Some(value) = local_start(cx.file, reported.mapping) else {
            return withhold("the empty dict that it starts with is not in sight");
        };
        if value.function() != reported.statement.function()
            || value.definition() != reported.statement.definition()
        {
            return withhold("the dict is made in another function");
        }
        let reads = cx.file.reads(reported.mapping);
        let mut sites: Vec<ByHand<'t>> = Vec::new();
        for read in &reads {
            let around = read
                .ancestors()
                .filter(|n| n.is_any(&["if_statement", "try_statement", "expression_statement"]));
            let found = around.filter_map(|n| by_hand(cx.file, n));
            for site in found.filter(|site| site.mapping.text() == reported.mapping.text()) {
                if sites.iter().all(|known| known.statement != site.statement) {
                    sites.push(site);
                }
            }
        }
        let covered = |node: &Node<'t>| {
            sites.iter().any(|site| {
                site.statement.contains(*node)
                    || site.second.is_some_and(|second| second.contains(*node))
            })
        };
        let others = reads.iter().copied().filter(|r| !covered(r)).collect();
        Ok(Self {
            sites,
            reported,
            value,
            others,
        })
    }

    /// Refuses where other code counts on the `KeyError`, and asks for a review where it might notice that there is none
    /// any more.
    ///
    /// # Errors
    ///
    /// If other code catches the `KeyError`.
    pub fn judge(&self, cx: &FixContext<'t>, draft: &mut Draft<'t>) -> Result<(), Withheld> {
        if self.others.iter().any(|n| expects_key_error(*n)) {
            return withhold("other code handles the `KeyError` of a missing key");
        }
        let weighted = self.sites.iter().any(|site| {
            site.start.is_number()
                && !site
                    .amount
                    .is_some_and(|n| n.unparenthesized().is_any(&["integer", "float"]))
        });
        let assignment = self.value.with_parentheses().parent();
        let has_two_names = assignment
            .and_then(Node::parent)
            .is_none_or(|p| !p.is("expression_statement"));
        let global = self.value.function().is_none()
            || cx.file.names().owner(self.reported.mapping)
                != self
                    .value
                    .function()
                    .and_then(|f| cx.file.names().scope_opened_by(f));
        if has_two_names
            || global
            || weighted
            || self.others.iter().any(|n| !is_indifferent(cx.file, *n))
        {
            draft.review();
        }
        Ok(())
    }
}

/// Makes the dict a `defaultdict`, and every place that filled it by hand a plain update.
///
/// # Errors
///
/// If the places start missing keys differently, or the dict is not made in sight.
pub fn rewrite<'t>(cx: &FixContext<'t>, filled: &Filled<'t>) -> Result<Draft<'t>, Withheld> {
    let start = filled.reported.start;
    if filled.sites.iter().any(|site| site.start != start) {
        return withhold("missing keys do not always start with the same value");
    }
    let mut draft = cx.draft();
    filled.judge(cx, &mut draft)?;
    let class = draft.symbol("collections.defaultdict", filled.value, Style::From)?;
    let builtin = format!("builtins.{}", start.factory());
    let factory = draft.symbol(&builtin, filled.value, Style::From)?;
    draft.replace(filled.value, format!("{class}({factory})"));
    for site in &filled.sites {
        update(cx, &mut draft, site);
    }
    Ok(draft)
}

fn update<'t>(cx: &FixContext<'t>, draft: &mut Draft<'t>, site: &ByHand<'t>) {
    match (site.update, site.second) {
        (Written::Already(_), Some(second)) => {
            draft.delete(lines_before(cx, site.statement, second));
        }
        (Written::Already(update), None) => {
            let text = layout::reindented(update, site.statement.indentation());
            draft.replace(site.statement, text);
        }
        (Written::Sum(target), _) => {
            let amount = site.amount.map(Node::text).unwrap_or_default();
            let bracketed =
                amount.ends_with([')', ']', '}']) && amount.starts_with(['(', '[', '{']);
            let amount = if amount.contains(['\n', '\r']) && !bracketed {
                format!("({amount})")
            } else {
                amount.to_owned()
            };
            draft.replace(site.statement, format!("{} += {amount}", target.text()));
        }
        (Written::Call(call), _) => {
            draft.replace(
                call,
                format!("{}[{}]", site.mapping.text(), site.key.text()),
            );
        }
    }
}

/// The lines of a statement, or the text up to the next statement on its line.
fn lines_before(cx: &FixContext<'_>, statement: Node<'_>, next: Node<'_>) -> Range<usize> {
    layout::whole_lines(cx.file, statement)
        .map(|lines| layout::with_gap(cx.file, statement, lines))
        .filter(|lines| lines.end <= next.start())
        .unwrap_or(statement.start()..next.start())
}

/// The loop directly below the dict that only counts its items, and its lines with the empty ones above them.
pub fn counting_loop<'t>(
    cx: &FixContext<'t>,
    filled: &Filled<'t>,
) -> Option<(Node<'t>, Range<usize>)> {
    let site = &filled.reported;
    let block = site.statement.parent()?;
    let statement = block.parent().filter(|p| p.is("for_statement"))?;
    let target = statement.field("left").filter(|l| l.is("identifier"))?;
    let only = block.children().len() == 1 + usize::from(site.second.is_some());
    let one = site.amount.is_some_and(|n| n.text() == "1") && site.start == Start::Int;
    let item =
        matches!(site.key.parts(), [key] if key.is("identifier") && key.text() == target.text());
    let plain = statement.field("body") == Some(block)
        && statement.field("alternative").is_none()
        && !statement.is_async()
        && !statement.has_comment();
    let initialiser = filled.value.statement();
    let adjacent = statement.previous() == Some(initialiser)
        && filled
            .value
            .with_parentheses()
            .parent()
            .is_some_and(|assignment| {
                assignment.is("assignment") && assignment.parent() == Some(initialiser)
            });
    if !(only && one && item && plain && adjacent)
        || filled.sites.len() > 1
        || is_read_elsewhere(cx, statement, target)
    {
        return None;
    }
    let above = layout::whole_lines(cx.file, initialiser)?;
    let own = layout::whole_lines(cx.file, statement)?;
    let between = cx.file.text().get(above.end..own.start)?;
    between
        .trim()
        .is_empty()
        .then_some((statement, above.end..own.end))
}

/// Whether code other than the loop, or another loop over the same name, reads the loop's variable.
fn is_read_elsewhere(cx: &FixContext<'_>, statement: Node<'_>, target: Node<'_>) -> bool {
    let rebinds = |n: Node<'_>| {
        n.is("for_statement") && n.field("left").is_some_and(|l| l.text() == target.text())
    };
    cx.file
        .reads(target)
        .into_iter()
        .any(|read| !statement.contains(read) && !read.ancestors().any(rebinds))
}
