//! Breaking the lines that a fix made too long, as formatters do: the content of the last brackets that the line can be
//! broken at stands on a line of its own, or, where that is too long as well, each element on one of its own with a comma
//! behind it. Code that is laid out in another way, with arguments below one another, is continued that way.
//!
//! Only lines that a fix wrote or changed are broken, and only if they are longer than what stood there before.

use std::ops::Range;

use super::{layout, width};
use crate::analysis::syntax::{Node, Syntax};
use crate::analysis::{FileSettings, SourceFile};
use crate::text::edit::{self, TextEdit};
use crate::text::position::columns;

/// How often the lines that a break makes are broken again: so deep brackets are nested at most.
const MAX_ROUNDS: usize = 8;

/// The edits of a fix, with the line breaks that their lines need.
pub fn wrapped(file: &SourceFile, settings: &FileSettings, edits: Vec<TextEdit>) -> Vec<TextEdit> {
    let mut sorted = edits.clone();
    sorted.sort_by_key(|edit| (edit.start, edit.end));
    let long = too_long(file, settings, &sorted);
    let (Some(first), Some(last)) = (long.first(), long.last()) else {
        return edits;
    };
    let span = statements_around(file, first.start..last.end, &sorted);
    let inside = |edit: &TextEdit| span.start <= edit.start && edit.end <= span.end;
    let (mut local, mut result): (Vec<TextEdit>, Vec<TextEdit>) =
        edits.iter().cloned().partition(inside);
    for edit in &mut local {
        edit.start -= span.start;
        edit.end -= span.start;
    }
    let wrapping = Wrapping {
        limit: width::allowed(file, settings),
        newline: layout::newline(file),
        unit: layout::indent_unit(file),
    };
    let Some(mut local) = wrapping.run(file.slice(span.clone()), local) else {
        return edits;
    };
    for edit in &mut local {
        edit.start += span.start;
        edit.end += span.start;
    }
    result.extend(local);
    result
}

/// The lines (of the text before) that sorted edits make longer than they were and may be.
fn too_long(file: &SourceFile, settings: &FileSettings, edits: &[TextEdit]) -> Vec<Range<usize>> {
    let mut limit = None;
    let mut found = Vec::new();
    for (lines, group) in groups(file, edits) {
        let before = file.slice(lines.clone());
        let allowed = before.lines().map(columns).max().unwrap_or(0);
        let shifted: Vec<TextEdit> = group
            .iter()
            .map(|e| TextEdit::replace(e.start - lines.start..e.end - lines.start, e.text.clone()))
            .collect();
        let Ok(after) = edit::apply(before, &shifted) else {
            continue;
        };
        let longest = after.lines().map(columns).max().unwrap_or(0);
        // The whole file is looked at only where it matters.
        if longest > allowed
            && longest > width::always_allowed(settings)
            && longest > *limit.get_or_insert_with(|| width::allowed(file, settings))
        {
            found.push(lines);
        }
    }
    found
}

/// Sorted edits that touch the same lines, with these lines.
fn groups<'e>(file: &SourceFile, edits: &'e [TextEdit]) -> Vec<(Range<usize>, &'e [TextEdit])> {
    let lines =
        |edit: &TextEdit| layout::line_start(file, edit.start)..layout::line_end(file, edit.end);
    let mut groups: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for (place, edit) in edits.iter().enumerate() {
        let lines = lines(edit);
        match groups.last_mut() {
            Some((all, places)) if lines.start <= all.end => {
                all.end = all.end.max(lines.end);
                places.end = place + 1;
            }
            _ => groups.push((lines, place..place + 1)),
        }
    }
    let with_edits =
        |(lines, places): (Range<usize>, Range<usize>)| Some((lines, edits.get(places)?));
    groups.into_iter().filter_map(with_edits).collect()
}

/// The statements of the module around these lines, with the edits that reach into them.
fn statements_around(file: &SourceFile, lines: Range<usize>, edits: &[TextEdit]) -> Range<usize> {
    let statements = file.statements();
    let mut span = lines;
    loop {
        let touching = statements
            .iter()
            .filter(|s| s.start() <= span.end && span.start <= s.end())
            .map(|s| layout::line_start(file, s.start())..layout::line_end(file, s.end()));
        let reaching = edits.iter().map(TextEdit::range);
        let reaching = reaching.filter(|e| e.start <= span.end && span.start <= e.end);
        let wider = touching.chain(reaching).fold(span.clone(), |all, part| {
            all.start.min(part.start)..all.end.max(part.end)
        });
        if wider == span {
            return span;
        }
        span = wider;
    }
}

/// What the breaks of a file have in common.
struct Wrapping {
    limit: usize,
    newline: &'static str,
    unit: String,
}

impl Wrapping {
    /// The edits of a text together with the breaks of the lines that they make too long.
    fn run(&self, text: &str, edits: Vec<TextEdit>) -> Option<Vec<TextEdit>> {
        let mut edits = edits;
        edits.sort_by_key(|edit| (edit.start, edit.end));
        let mut now = edit::apply(text, &edits).ok()?;
        let mut changed = written(&now, &edits);
        for _ in 0..MAX_ROUNDS {
            let syntax = Syntax::of(&now);
            let breaks: Vec<(Range<usize>, Vec<TextEdit>)> = changed
                .iter()
                .filter(|line| {
                    now.get((*line).clone())
                        .is_some_and(|l| columns(l) > self.limit)
                })
                .filter_map(|line| {
                    let line = Line::of(&syntax, &now, line.clone())?;
                    Some((line.range.clone(), line.broken(self)?))
                })
                .collect();
            if breaks.is_empty() {
                break;
            }
            let round: Vec<TextEdit> = breaks.into_iter().flat_map(|(_, edits)| edits).collect();
            edits = edit::compose(text, &edits, &round).ok()?;
            let next = edit::apply(&now, &round).ok()?;
            changed = written(&next, &sorted(round));
            now = next;
        }
        Some(edits)
    }

    fn indented(&self, indentation: &str) -> String {
        format!("{}{indentation}{}", self.newline, self.unit)
    }
}

fn sorted(mut edits: Vec<TextEdit>) -> Vec<TextEdit> {
    edits.sort_by_key(|edit| (edit.start, edit.end));
    edits
}

/// The lines of a text that sorted edits have touched. `text` is what the edits made.
fn written(text: &str, edits: &[TextEdit]) -> Vec<Range<usize>> {
    let mut lines: Vec<Range<usize>> = Vec::new();
    let (mut done, mut length) = (0, 0);
    for edit in edits {
        let start = length + (edit.start - done);
        length = start + edit.text.len();
        done = edit.end;
        let mut at = text[..start].rfind('\n').map_or(0, |i| i + 1);
        while at <= length {
            let end = text[at..].find('\n').map_or(text.len(), |i| at + i);
            let code = at..at + text[at..end].trim_end().len();
            if lines.last().is_none_or(|last| last.start < at) {
                lines.push(code);
            }
            at = end + 1;
        }
    }
    lines
}

/// Expressions of operands and operators.
const OPERATIONS: [&str; 4] = [
    "binary_operator",
    "boolean_operator",
    "comparison_operator",
    "conditional_expression",
];

/// Brackets with something in them.
#[derive(Clone, Copy)]
pub(super) struct Pair<'t> {
    /// Where the opening one stands.
    pub(super) open: usize,
    /// Where the closing one stands.
    pub(super) close: usize,
    pub(super) node: Node<'t>,
}

impl<'t> Pair<'t> {
    pub(super) fn of(node: Node<'t>) -> Option<Self> {
        let tokens = node.tokens();
        let open = tokens.iter().find(|t| t.is_any(&["(", "[", "{"]))?;
        let close = tokens.iter().rfind(|t| t.is_any(&[")", "]", "}"]))?;
        let pair = Self {
            open: open.start(),
            close: close.start(),
            node,
        };
        (!pair.elements().is_empty()).then_some(pair)
    }

    pub(super) fn elements(self) -> Vec<Node<'t>> {
        let mut elements = self.node.children();
        elements.retain(|n| self.open < n.start() && n.end() <= self.close);
        elements
    }

    fn commas(self) -> Vec<Node<'t>> {
        let mut commas = self.node.tokens();
        commas.retain(|t| t.is(",") && self.open < t.start() && t.start() < self.close);
        commas
    }

    /// Whether a comma stands behind the last element.
    fn has_trailing_comma(self) -> bool {
        let last = self.elements().last().map_or(0, |n| n.end());
        self.commas().iter().any(|comma| comma.start() >= last)
    }
}

/// A line of code that is too long.
struct Line<'t> {
    text: &'t str,
    /// Without the indentation, and without a comment at the end.
    range: Range<usize>,
    /// Where the comment at the end ends; formatters count it.
    end: usize,
    indentation: &'t str,
    /// The nodes that are in it, or have a part of it, those inside strings aside.
    nodes: Vec<Node<'t>>,
}

impl<'t> Line<'t> {
    /// `None` if it cannot be broken: it begins or ends inside a string, continues behind a backslash, has several
    /// statements, or a comment that is meant for a program and for this line.
    fn of(syntax: &'t Syntax, text: &'t str, line: Range<usize>) -> Option<Self> {
        let code = text.get(line.clone())?;
        let indentation = &code[..code.len() - code.trim_start().len()];
        let mut range = line.start + indentation.len()..line.end;
        let above = text[..line.start].trim_end_matches(['\n', '\r']);
        if code.ends_with('\\') || above.ends_with('\\') {
            return None;
        }
        let touches = |n: &Node<'_>| n.start() < range.end && range.start < n.end();
        let mut nodes = syntax.root().walk_while(|n| touches(&n) && !n.is("string"));
        nodes.retain(touches);
        for node in &nodes {
            if node.is("comment") {
                if is_directive(node.text()) {
                    return None;
                }
                let before = &text[range.start..node.start()];
                range.end = range.start + before.trim_end().len();
            }
            let cut = node.start() < range.start || range.end < node.end();
            let statement = node
                .parent()
                .is_some_and(|p| p.is_any(&["block", "module"]));
            let second = statement
                && !node.is("comment")
                && range.start < node.start()
                && !is_stub_body(*node);
            if node.is("string") && cut || second || node.is_error() {
                return None;
            }
        }
        (!range.is_empty()).then_some(Self {
            text,
            range,
            end: line.end,
            indentation,
            nodes,
        })
    }

    /// The edits that break it once; `None` if that is impossible.
    fn broken(&self, wrapping: &Wrapping) -> Option<Vec<TextEdit>> {
        let width = columns(self.indentation) + columns(&self.text[self.range.start..self.end]);
        if width <= wrapping.limit {
            return None;
        }
        self.import(wrapping)
            .or_else(|| self.type_parameters(wrapping))
            .or_else(|| self.apart(wrapping))
            .or_else(|| self.at_operators(wrapping))
            .or_else(|| self.continued(wrapping))
            .or_else(|| self.operation(wrapping))
            .or_else(|| self.in_brackets(wrapping, true))
            .or_else(|| self.targets(wrapping))
            .or_else(|| self.in_brackets(wrapping, false))
            .or_else(|| self.before_open_brackets(wrapping))
    }

    /// A `from … import …` without brackets gets some, and a line for each name.
    fn import(&self, wrapping: &Wrapping) -> Option<Vec<TextEdit>> {
        let statement = self.nodes.iter().find(|n| n.is("import_from_statement"))?;
        let names = statement.fields("name");
        let last = names.last()?;
        if statement.range() != self.range || statement.has_token("(") {
            return None;
        }
        Some(self.parenthesised(wrapping, &names, last.end()))
    }

    /// Brackets around names that have commas between them, and a line for each; `end` is where they end.
    fn parenthesised(&self, wrapping: &Wrapping, names: &[Node<'_>], end: usize) -> Vec<TextEdit> {
        let step = wrapping.indented(self.indentation);
        let mut edits: Vec<TextEdit> = names
            .windows(2)
            .map(|pair| TextEdit::replace(pair[0].end()..pair[1].start(), format!(",{step}")))
            .collect();
        if let (Some(first), Some(last)) = (names.first(), names.last()) {
            edits.push(TextEdit::insert(first.start(), format!("({step}")));
            let closing = format!(",{}{})", wrapping.newline, self.indentation);
            edits.push(TextEdit::replace(last.end()..end, closing));
        }
        edits
    }

    /// The whole content of brackets around the line: a line for each element.
    fn apart(&self, wrapping: &Wrapping) -> Option<Vec<TextEdit>> {
        let around = |pair: &Pair<'_>| {
            pair.open < self.range.start
                && self.range.end <= pair.close
                && self.blank(pair.open + 1..self.range.start)
                && self.blank(self.range.end..pair.close)
        };
        let pair = self.pairs().find(around)?;
        let step = format!("{}{}", wrapping.newline, self.indentation);
        let clauses: Vec<Node<'_>> = pair
            .elements()
            .into_iter()
            .filter(|n| n.is_any(&["for_in_clause", "if_clause"]))
            .collect();
        if !clauses.is_empty() {
            return Some(clauses.into_iter().map(|n| self.before(n, &step)).collect());
        }
        (!pair.commas().is_empty()).then(|| separated(self.text, pair, &step))
    }

    /// An element of brackets around the line: a line for each operand, operators first.
    fn at_operators(&self, wrapping: &Wrapping) -> Option<Vec<TextEdit>> {
        let whole = self.text[self.range.clone()].trim_end_matches(',').len();
        let element = self
            .nodes
            .iter()
            .find(|n| n.range() == (self.range.start..self.range.start + whole))?;
        element.parent().and_then(Pair::of)?;
        let value = match element.kind() {
            "keyword_argument" | "pair" => element.field("value")?,
            _ => *element,
        };
        let step = format!("{}{}", wrapping.newline, self.indentation);
        let breaks = operators(value);
        (!breaks.is_empty()).then(|| breaks.into_iter().map(|n| self.before(n, &step)).collect())
    }

    /// The operation that a statement is about gets brackets, and a line of its own. One whose only operator is followed by
    /// brackets at the end is broken there.
    fn operation(&self, wrapping: &Wrapping) -> Option<Vec<TextEdit>> {
        const STATEMENTS: [&str; 3] = [
            "assert_statement",
            "expression_statement",
            "return_statement",
        ];
        let is_line = |n: &&Node<'_>| n.is_any(&STATEMENTS) && n.range() == self.range;
        let statement = self.nodes.iter().find(is_line)?;
        let value = match statement.kind() {
            "expression_statement" => {
                let assignment = statement.children().first().copied()?;
                assignment.field("right")?
            }
            _ => match statement.children()[..] {
                [only] => only,
                _ => return None,
            },
        };
        let several = operators(value).len() > 1;
        let ends_open = !value.text().ends_with([')', ']', '}']);
        if !value.is_any(&OPERATIONS) || !(several || ends_open) || value.end() != self.range.end {
            return None;
        }
        let closing = format!("{}{})", wrapping.newline, self.indentation);
        let opening = format!("({}", wrapping.indented(self.indentation));
        Some(vec![
            TextEdit::insert(value.start(), opening),
            TextEdit::insert(value.end(), closing),
        ])
    }

    /// The targets of an assignment get brackets, and a line for each.
    fn targets(&self, wrapping: &Wrapping) -> Option<Vec<TextEdit>> {
        let targets = self.nodes.iter().find(|n| n.is("pattern_list"))?;
        let names = targets.children();
        let (first, last) = (names.first()?, names.last()?);
        let whole = first.start() == self.range.start && last.end() <= self.range.end;
        let statement = targets.parent().filter(|p| p.is("assignment"))?;
        if !whole || statement.start() != self.range.start || names.len() < 2 {
            return None;
        }
        Some(self.parenthesised(wrapping, &names, targets.end()))
    }

    /// The content of brackets on a line of its own: of the last ones that leave both other lines short enough.
    fn in_brackets(&self, wrapping: &Wrapping, fitting: bool) -> Option<Vec<TextEdit>> {
        let mut pairs: Vec<Pair<'_>> = self.pairs().collect();
        let here = |bracket: usize| self.range.contains(&bracket);
        if pairs.iter().any(|p| here(p.open) != here(p.close)) {
            return None;
        }
        pairs.retain(|p| here(p.open));
        let outermost = |p: &&Pair<'_>| !pairs.iter().any(|o| o.open < p.open && p.close < o.close);
        let mut outer: Vec<&Pair<'_>> = pairs.iter().filter(outermost).collect();
        outer.sort_by_key(|pair| pair.open);
        let fits = |pair: &&&Pair<'_>| {
            let head = &self.text[self.range.start..=pair.open];
            let tail = &self.text[pair.close..self.range.end];
            columns(self.indentation) + columns(head).max(columns(tail)) <= wrapping.limit
        };
        let parameters = outer.iter().find(|pair| pair.node.is("parameters"));
        let fits_before = |pair: &&&Pair<'_>| {
            let head = &self.text[self.range.start..=pair.open];
            columns(self.indentation) + columns(head) <= wrapping.limit
        };
        let parameters = parameters.filter(fits_before);
        let pair = parameters
            .or_else(|| outer.iter().rev().find(fits))
            .or_else(|| outer.first().filter(|_| !fitting))?;
        Some(self.opened(wrapping, **pair))
    }

    /// Where brackets at the end of the line have their content below it: that of the last ones in front of them that leave
    /// both other lines short enough.
    fn before_open_brackets(&self, wrapping: &Wrapping) -> Option<Vec<TextEdit>> {
        let here = |bracket: usize| self.range.contains(&bracket);
        let pairs: Vec<Pair<'_>> = self.pairs().filter(|p| here(p.open)).collect();
        let (closed, open): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|p| here(p.close));
        let [last] = open.as_slice() else {
            return None;
        };
        if last.open + 1 != self.range.end || self.pairs().any(|p| !here(p.open) && here(p.close)) {
            return None;
        }
        let width = |range: Range<usize>| columns(self.indentation) + columns(&self.text[range]);
        let outermost =
            |p: &&Pair<'_>| !closed.iter().any(|o| o.open < p.open && p.close < o.close);
        let pair = closed
            .iter()
            .filter(outermost)
            .filter(|p| width(self.range.start..p.open + 1) <= wrapping.limit)
            .filter(|p| width(p.close..self.range.end) <= wrapping.limit)
            .max_by_key(|p| p.open)?;
        Some(self.opened(wrapping, *pair))
    }

    /// The type parameters of a definition, if not even what the brackets behind them open with fits on the line.
    fn type_parameters(&self, wrapping: &Wrapping) -> Option<Vec<TextEdit>> {
        let here =
            |pair: &Pair<'_>| self.range.contains(&pair.open) && self.range.contains(&pair.close);
        let pair = self.pairs().find(|p| p.is_type_parameters() && here(p))?;
        let definition = pair.node.parent()?;
        let behind = definition
            .field("parameters")
            .or_else(|| definition.field("superclasses"))
            .filter(|list| list.start() < self.range.end);
        let end = behind.map_or(self.range.end, |list| list.start() + 1);
        let head = self.text.get(self.range.start..end)?;
        (columns(self.indentation) + columns(head) > wrapping.limit)
            .then(|| self.opened(wrapping, pair))
    }

    /// The content of brackets on a line of its own, or several.
    fn opened(&self, wrapping: &Wrapping, pair: Pair<'_>) -> Vec<TextEdit> {
        let elements = pair.elements();
        let (Some(first), Some(last)) = (elements.first(), elements.last()) else {
            return Vec::new();
        };
        let step = wrapping.indented(self.indentation);
        let closing = format!("{}{}", wrapping.newline, self.indentation);
        let end = pair
            .commas()
            .last()
            .map_or(last.end(), |c| c.end().max(last.end()));
        let mut edits = vec![TextEdit::replace(
            pair.open + 1..first.start(),
            step.clone(),
        )];
        let import = pair.node.is("import_from_statement");
        // Formatters give a single parameter a comma, where it has a line of its own.
        let single = pair.node.is("parameters") && elements.len() == 1;
        if single && pair.commas().is_empty() {
            edits.push(TextEdit::insert(last.end(), ","));
        }
        let kept_apart = pair.has_trailing_comma() && !pair.is_single_tuple();
        if kept_apart || import || pair.is_display() {
            edits.extend(separated(self.text, pair, &step));
        }
        edits.push(TextEdit::replace(end..pair.close, closing));
        edits
    }

    /// Brackets that are open before the line or behind it, with elements below one another: one more of them begins a
    /// line.
    fn continued(&self, wrapping: &Wrapping) -> Option<Vec<TextEdit>> {
        let reaches_out = |pair: &Pair<'_>| {
            pair.open < self.range.end
                && self.range.start <= pair.close
                && (pair.open < self.range.start || self.range.end <= pair.close)
        };
        let pair = self.pairs().filter(reaches_out).max_by_key(|p| p.open)?;
        let begins_line = |n: &&Node<'_>| n.line_prefix().trim().is_empty();
        let elements = pair.elements();
        let indentation = elements.iter().find(begins_line)?.indentation();
        let room = |comma: &Node<'_>| {
            let head = self.text.get(self.range.start..comma.end());
            head.is_some_and(|h| columns(self.indentation) + columns(h) <= wrapping.limit)
        };
        let mut commas = pair.commas();
        commas.retain(|c| self.range.start < c.start() && c.end() < self.range.end && room(c));
        let comma = commas.last()?;
        let next = elements.iter().find(|n| n.start() >= comma.end())?;
        let step = format!("{}{indentation}", wrapping.newline);
        (next.end() <= self.range.end)
            .then(|| vec![TextEdit::replace(comma.end()..next.start(), step)])
    }

    /// All brackets that the line has a part of.
    fn pairs(&self) -> impl Iterator<Item = Pair<'t>> {
        let nodes = self.nodes.iter().filter(|n| !n.is("string"));
        nodes.filter_map(|n| Pair::of(*n))
    }

    fn blank(&self, range: Range<usize>) -> bool {
        self.text.get(range).is_some_and(|t| t.trim().is_empty())
    }

    /// The white space before a node becomes `step`.
    fn before(&self, node: Node<'_>, step: &str) -> TextEdit {
        let before = self.text[..node.start()].trim_end().len();
        TextEdit::replace(before..node.start(), step)
    }
}

impl Pair<'_> {
    /// Whether they declare the type parameters of a class or a function.
    fn is_type_parameters(self) -> bool {
        self.node.is("type_parameter")
            && self
                .node
                .parent()
                .is_some_and(|p| p.field("type_parameters") == Some(self.node))
    }

    /// A display of several items, several targets, or type parameters: formatters give each a line of its own.
    fn is_display(self) -> bool {
        const DISPLAYS: [&str; 6] = [
            "dictionary",
            "list",
            "list_pattern",
            "set",
            "tuple",
            "tuple_pattern",
        ];
        (self.node.is_any(&DISPLAYS) || self.is_type_parameters()) && self.elements().len() > 1
    }

    /// `(a,)`: the comma makes the tuple.
    fn is_single_tuple(self) -> bool {
        self.node.is("tuple") && self.elements().len() == 1
    }
}

/// A line for each element of brackets, and a comma behind the last one where it means nothing.
fn separated(text: &str, pair: Pair<'_>, step: &str) -> Vec<TextEdit> {
    let elements = pair.elements();
    let mut edits: Vec<TextEdit> = pair
        .commas()
        .iter()
        .filter_map(|comma| {
            let next = elements.iter().find(|n| n.start() >= comma.end())?;
            let between = text.get(comma.end()..next.start())?;
            between
                .trim()
                .is_empty()
                .then(|| TextEdit::replace(comma.end()..next.start(), step))
        })
        .collect();
    let several = elements.len() > 1 || pair.node.is("import_from_statement");
    if let Some(last) = elements
        .last()
        .filter(|_| several && !pair.has_trailing_comma())
    {
        edits.push(TextEdit::insert(last.end(), ","));
    }
    edits
}

/// Where an expression can be broken in brackets: before its outermost operators, and the strings that follow one.
fn operators(value: Node<'_>) -> Vec<Node<'_>> {
    match value.kind() {
        "conditional_expression" | "comparison_operator" => own_tokens(value),
        "concatenated_string" => value.children().into_iter().skip(1).collect(),
        "boolean_operator" | "binary_operator" => {
            let rank = rank(value);
            let mut found = Vec::new();
            let mut node = value;
            loop {
                found.extend(own_tokens(node));
                match node.field("left") {
                    Some(left) if left.is(value.kind()) && self::rank(left) == rank => node = left,
                    _ => break,
                }
            }
            found
        }
        _ => Vec::new(),
    }
}

/// The operators and keywords of an expression.
fn own_tokens(node: Node<'_>) -> Vec<Node<'_>> {
    let operands = node.children();
    let mut tokens = node.tokens();
    tokens.retain(|t| !operands.contains(t) && !t.is("comment"));
    tokens
}

/// How tightly the operator of an expression binds: those of one rank are broken together.
fn rank(operation: Node<'_>) -> usize {
    const RANKS: [&[&str]; 7] = [
        &["and", "or"],
        &["|"],
        &["^"],
        &["&"],
        &["<<", ">>"],
        &["+", "-"],
        &["*", "/", "//", "%", "@"],
    ];
    let operator = operation.field("operator").map_or("", |o| o.text());
    let known = RANKS.iter().position(|rank| rank.contains(&operator));
    known.unwrap_or(RANKS.len())
}

/// Whether a statement is the `...` that stands for the body of a definition: formatters leave it behind the header.
fn is_stub_body(statement: Node<'_>) -> bool {
    let ellipsis = statement
        .children()
        .first()
        .is_some_and(|n| n.is("ellipsis"));
    let block = statement
        .parent()
        .filter(|block| block.children().len() == 1);
    statement.is("expression_statement")
        && ellipsis
        && block
            .and_then(Node::parent)
            .is_some_and(|p| p.is_any(&["function_definition", "class_definition"]))
}

/// Whether a comment is meant for a program, which reads it on this line only.
fn is_directive(comment: &str) -> bool {
    let words = comment.trim_start_matches('#').trim_start();
    let word = words.find(|c: char| !c.is_alphanumeric() && !"-_".contains(c));
    let (word, rest) = words.split_at(word.unwrap_or(words.len()));
    rest.starts_with(':') || ["noqa", "nosec", "nocover"].contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixes::testing;

    /// The text after each `‹new›` was written in.
    fn written_in(text: &str) -> String {
        let edit = |before: &mut String, new: &str| TextEdit::insert(before.len(), new);
        testing::laid_out(text, edit, wrapped)
    }

    #[track_caller]
    fn becomes(marked: &str, expected: &str) {
        assert_eq!(written_in(marked), expected);
        let windows = written_in(&marked.replace('\n', "\r\n"));
        assert_eq!(windows, expected.replace('\n', "\r\n"));
    }

    #[track_caller]
    fn stays(marked: &str) {
        becomes(marked, &marked.replace(['‹', '›'], ""));
    }

    #[test]
    fn the_content_of_brackets_moves_to_a_line_of_its_own() {
        becomes(
            "answers = await gather(one(), two()‹, errors=True›)\n",
            "answers = await gather(\n    one(), two(), errors=True\n)\n",
        );
        becomes(
            "if x:\n\traise ValueError(f\"no {answer} to it\")‹ from error›\n",
            "if x:\n\traise ValueError(\n\t\tf\"no {answer} to it\"\n\t) from error\n",
        );
        becomes(
            "names = [n.strip() for n in lines‹ if n in all›]\n",
            "names = [\n    n.strip() for n in lines if n in all\n]\n",
        );
        becomes(
            "first = fetch(address, timeout‹=600, retries=3›)[0]\n",
            "first = fetch(\n    address, timeout=600, retries=3\n)[0]\n",
        );
        becomes(
            "def ask(question, history‹, temperature›) -> list[str]:\n    pass\n",
            "def ask(\n    question, history, temperature\n) -> list[str]:\n    pass\n",
        );
    }

    #[test]
    fn elements_that_do_not_fit_on_it_get_lines_of_their_own() {
        becomes(
            "answers = await gather(one(question), two(question)‹, return_exceptions=True›)\n",
            "answers = await gather(\n    one(question),\n    two(question),\n    return_exceptions=True,\n)\n",
        );
        becomes(
            "check(\n    value, other_value‹, yet_another_value›\n)\n",
            "check(\n    value,\n    other_value,\n    yet_another_value,\n)\n",
        );
        becomes(
            "x: ‹dict[Identifier, SomethingElse, AnotherThing]› = y\n",
            "x: dict[\n    Identifier,\n    SomethingElse,\n    AnotherThing,\n] = y\n",
        );
        becomes(
            "from package.module import something‹, something_else›\n",
            "from package.module import (\n    something,\n    something_else,\n)\n",
        );
        becomes(
            "total = sum(‹transform(element) for element in elements if element›)\n",
            "total = sum(\n    transform(element)\n    for element in elements\n    if element\n)\n",
        );
        becomes(
            "ask(first, second,‹ something_that_is_long,›)\n",
            "ask(\n    first,\n    second,\n    something_that_is_long,\n)\n",
        );
    }

    #[test]
    fn headers_are_broken_at_their_parameters_and_then_at_their_type_parameters() {
        becomes(
            "class A:\n    def add‹[T: Number]›(self, other: T) -> T: ...\n",
            "class A:\n    def add[T: Number](\n        self, other: T\n    ) -> T: ...\n",
        );
        becomes(
            "class Worker‹[C: Config, V: Variable]›(abc.ABC):\n    pass\n",
            "class Worker[C: Config, V: Variable](\n    abc.ABC\n):\n    pass\n",
        );
        becomes(
            "class Worker‹[C: Config, V: Variables, R]›(ABC):\n    pass\n",
            "class Worker[\n    C: Config,\n    V: Variables,\n    R,\n](ABC):\n    pass\n",
        );
        becomes(
            "class Worker‹[C: Config, V: Variables, R]›:\n    pass\n",
            "class Worker[\n    C: Config,\n    V: Variables,\n    R,\n]:\n    pass\n",
        );
        becomes(
            "def resolve‹[T: (str, int, float, bytes)]›(\n    template: T,\n) -> T:\n    pass\n",
            "def resolve[\n    T: (str, int, float, bytes)\n](\n    template: T,\n) -> T:\n    pass\n",
        );
        becomes(
            "def resolve‹[T: (str, int, float, bytes)]›(template: T) -> T:\n    pass\n",
            "def resolve[\n    T: (str, int, float, bytes)\n](template: T) -> T:\n    pass\n",
        );
        // A body that is more than `...` belongs on a line of its own.
        stays("def add‹[T: Number]›(self, other: T) -> T: return self\n");
    }

    #[test]
    fn targets_that_are_too_long_get_brackets() {
        becomes(
            "first_answer, second_answer‹, third_answer› = ask(\n    one, two, three\n)\n",
            "(\n    first_answer,\n    second_answer,\n    third_answer,\n) = ask(\n    one, two, three\n)\n",
        );
        becomes(
            "first_answer, second_answer‹, third_answer› = ask(one, two)\n",
            "(\n    first_answer,\n    second_answer,\n    third_answer,\n) = ask(one, two)\n",
        );
        becomes(
            "first, second, third‹, fourth› = ask(one, two)\n",
            "first, second, third, fourth = ask(\n    one, two\n)\n",
        );
    }

    #[test]
    fn elements_that_do_not_fit_are_broken_in_their_turn() {
        becomes(
            "run(call(one_argument, another_one), call(‹third_argument, ›fourth_one))\n",
            "run(\n    call(one_argument, another_one),\n    call(third_argument, fourth_one),\n)\n",
        );
        becomes(
            "run(call(one_argument, another_argument, ‹third_argument›), 2)\n",
            "run(\n    call(\n        one_argument,\n        another_argument,\n        third_argument,\n    ),\n    2,\n)\n",
        );
        becomes(
            "ok(\n    is_one(this) and is_two(that)‹ and is_three()›\n)\n",
            "ok(\n    is_one(this)\n    and is_two(that)\n    and is_three()\n)\n",
        );
    }

    #[test]
    fn an_operation_gets_brackets_of_its_own() {
        becomes(
            "assert count(first_argument, ‹second›) == 3\n",
            "assert (\n    count(first_argument, second) == 3\n)\n",
        );
        becomes(
            "return first_value + second_value‹ + third›\n",
            "return (\n    first_value + second_value + third\n)\n",
        );
        becomes(
            "total = first_part_of_it + second_part‹ + the_third_part›\n",
            "total = (\n    first_part_of_it\n    + second_part\n    + the_third_part\n)\n",
        );
        becomes(
            "assert first == count(argument, ‹second_one›)\n",
            "assert first == count(\n    argument, second_one\n)\n",
        );
    }

    #[test]
    fn brackets_in_front_of_open_ones_are_broken_as_well() {
        becomes(
            "ids[\"first\"] = [‹[self.pad] for _ in range(missing)›] + ids[\n    \"first\"\n]\n",
            "ids[\"first\"] = [\n    [self.pad] for _ in range(missing)\n] + ids[\n    \"first\"\n]\n",
        );
    }

    #[test]
    fn code_in_another_layout_goes_on_in_it() {
        becomes(
            "results = gather(first(a),\n                 second(b)‹, exceptions=True›)\n",
            "results = gather(first(a),\n                 second(b),\n                 exceptions=True)\n",
        );
    }

    #[test]
    fn other_lines_stay_as_they_are() {
        // Nothing is too long, or it was so long before.
        stays("ask(first, second‹, third›)\n");
        stays("x = ‹a›\nask(first_argument, second_argument, third_argument)\n");
        stays("x = f(‹a›)\n");
        // There is no bracket, or none outside of a string.
        stays("answer = question_without_a_bracket_‹and_more›\n");
        stays("answer = \"a text (with, brackets)\"‹ \"and more\"›\n");
        // The line goes on, or is meant for a program.
        stays("answer = ask(first, second‹, third_argument›) + \\\n    1\n");
        stays("ask(first_argument, second‹, third_argument›)  # type: ignore\n");
        stays("ask(first_argument, second‹, third_argument›)  # noqa\n");
    }

    #[test]
    fn a_comment_stays_behind_the_statement() {
        becomes(
            "ask(first, second‹, third›)  # this comment is longer\n",
            "ask(\n    first, second, third\n)  # this comment is longer\n",
        );
        becomes(
            "ask(first_argument, second‹, third_one_12›)  # why\n",
            "ask(\n    first_argument, second, third_one_12\n)  # why\n",
        );
    }
}
