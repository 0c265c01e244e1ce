//! A file cut into segments that are parsed on their own, and cut anew where it is edited.
//!
//! With one tree for the whole file every keystroke would cost as much as the file is long, and a single open bracket, which
//! is what most code is while somebody types, would make one error of all that follows. So a file is cut at its statements,
//! and long classes and functions at the statements of their bodies. What is broken silences its own segment, not the file.
//!
//! Where the cuts are is decided from the beginning of a segment onwards and by nothing before it. So after an edit the
//! file is cut anew only until the beginning of an old segment is reached again.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::lines::{self, Ending, Piece};
use super::syntax::{Parsed, Segment, Slot, Syntax};
use super::table::narrow;

/// A definition of more bytes is cut at the statements of its body.
const LONG: usize = 1024;
/// Statements without bodies are parsed together until they have so many bytes.
const RUN: usize = 1024;

/// Which segments an edit has changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// New ones, those with another text, and those with another neighbour.
    pub changed: Vec<Slot>,
    /// Those that are gone.
    pub removed: Vec<Slot>,
}

/// Parses a file.
pub fn parse(text: &str) -> Syntax {
    let mut source = Source::fixed(text);
    let mut cutter = Cutter::default();
    while source.at < source.text.len() {
        // Only the body of a definition ends early.
        cutter.level(&mut source, "", None);
    }
    if cutter.drafts.is_empty() {
        cutter.push("", None, None, 0);
    }
    let mut slots = (0..).map(Slot);
    let slots: Vec<Slot> = cutter.drafts.iter().filter_map(|_| slots.next()).collect();
    Syntax::new(cutter.segments(&slots, None))
}

/// Replaces a range of bytes of the file by another text.
pub fn edit(syntax: &mut Syntax, range: Range<usize>, new: &str) -> Changes {
    let first = syntax.first_looking_at(range.start);
    let last = syntax.position_at(range.end);
    let mut host = common_host(syntax, first, last);
    loop {
        if let Some(changes) = recut(syntax, first, last, host, &range, new) {
            return changes;
        }
        host = host.and_then(|slot| syntax.segment(slot)?.host);
    }
}

/// The innermost definition whose body holds all of these segments.
fn common_host(syntax: &Syntax, first: usize, last: usize) -> Option<Slot> {
    let mut host = syntax.segments()[first].host;
    while let Some(slot) = host {
        let (position, segment) = (syntax.position(slot)?, syntax.segment(slot)?);
        if last <= position + segment.below as usize {
            break;
        }
        host = segment.host;
    }
    host
}

/// Whether the definitions around a place in a body are cut after an edit as they were before. `text` is what is cut anew.
fn stays_cut(
    syntax: &Syntax,
    mut host: Option<Slot>,
    range: &Range<usize>,
    new: &str,
    text: &str,
) -> bool {
    while let Some(head) = host.and_then(|slot| syntax.segment(slot)) {
        let Some(position) = syntax.position(head.slot) else {
            return false;
        };
        let end = syntax.segments()[position + head.below as usize].end();
        let length = (end - head.start + new.len()).saturating_sub(range.len());
        let declares = !is_class(&head.parsed.text) && declares_names(text);
        if length <= LONG || declares || head.parsed.table.body.is_none() {
            return false;
        }
        host = head.host;
    }
    true
}

/// Cuts anew what is between two segments, at the level of a definition's body, and further if need be. `None` if the text
/// does not fit into that body any more.
fn recut(
    syntax: &mut Syntax,
    first: usize,
    last: usize,
    host: Option<Slot>,
    range: &Range<usize>,
    new: &str,
) -> Option<Changes> {
    let segments = syntax.segments();
    let at_level = |mut position: usize| {
        while segments[position].host != host {
            position = syntax.position(segments[position].host?)?;
        }
        Some(position)
    };
    let first = at_level(first)?;
    let last = at_level(last)?;
    let last = last + segments[last].below as usize;
    let limit = match host {
        None => segments.len(),
        Some(slot) => syntax.position(slot)? + 1 + syntax.segment(slot)?.below as usize,
    };
    let indentation = host
        .and_then(|slot| syntax.segment(slot)?.parsed.head_of.clone())
        .unwrap_or_default();
    let base = segments[first].start;
    let mut text = String::with_capacity(segments[last].end() - base + new.len());
    for segment in &segments[first..=last] {
        text.push_str(&segment.parsed.text);
    }
    text.replace_range(range.start - base..range.end - base, new);
    if !stays_cut(syntax, host, range, new, &text) {
        return None;
    }
    let mut source = Source {
        edited: text.len(),
        kept: &segments[last + 1..limit],
        appended: Vec::new(),
        host,
        strict: host.is_some(),
        text,
        at: 0,
    };
    let mut cutter = Cutter::default();
    for segment in &segments[first..=last] {
        cutter.pool.add(segment);
    }
    while !source.is_in_step() && source.has_text() {
        let regular = cutter.level(&mut source, &indentation, None);
        if host.is_some() && !regular {
            return None;
        }
    }
    let behind = last + 1 + source.taken();
    if cutter.drafts.is_empty() {
        // The last statements of a body or of the file are gone.
        if host.is_some() {
            return None;
        }
        if first == 0 && behind == segments.len() {
            cutter.push("", None, None, 0);
        }
    }
    Some(take_over(syntax, first..behind, host, cutter))
}

/// Puts the new segments in the place of the old ones.
fn take_over(
    syntax: &mut Syntax,
    places: Range<usize>,
    host: Option<Slot>,
    cutter: Cutter,
) -> Changes {
    let old: Vec<Segment> = syntax.segments()[places.clone()].to_vec();
    let mut unused: Vec<Slot> = old.iter().map(|segment| segment.slot).collect();
    let reused: Vec<Option<Slot>> = cutter.drafts.iter().map(|draft| draft.reused).collect();
    let kept: HashSet<Slot> = reused.iter().copied().flatten().collect();
    unused.retain(|slot| !kept.contains(slot));
    let mut unused = unused.into_iter();
    let mut fresh = syntax.fresh_slots();
    let slots: Vec<Slot> = reused
        .iter()
        .filter_map(|reused| reused.or_else(|| unused.next()).or_else(|| fresh.next()))
        .collect();
    let new = cutter.segments(&slots, host);
    let removed: Vec<Slot> = unused.collect();
    let same_shape = old.len() == new.len()
        && old
            .iter()
            .zip(&new)
            .all(|(old, new)| old.slot == new.slot && old.host == new.host);
    let mut changed = Vec::new();
    if same_shape {
        let pairs = old.iter().zip(&new);
        let different = pairs.filter(|(old, new)| !Arc::ptr_eq(&old.parsed, &new.parsed));
        changed.extend(different.map(|(_, new)| new.slot));
    } else {
        let segments = syntax.segments();
        changed.extend(segments[..places.start].last().map(|segment| segment.slot));
        changed.extend(segments.get(places.end).map(|segment| segment.slot));
        // Steps between siblings pass over whole bodies.
        changed.extend(new.iter().map(|segment| segment.slot));
        changed.extend(host);
        changed.sort_unstable();
        changed.dedup();
    }
    let (added, gone) = (narrow(new.len()), narrow(old.len()));
    let mut above = host;
    while let Some(position) = above.and_then(|slot| syntax.position(slot)) {
        let head = &mut syntax.segments_mut()[position];
        head.below = (head.below + added).saturating_sub(gone);
        above = head.host;
    }
    syntax.replace(places, new);
    Changes { changed, removed }
}

fn is_class(head: &str) -> bool {
    head.lines()
        .any(|line| line.trim_start().starts_with("class "))
}

/// Whether a function's text may declare names of an outer scope: such a function is not cut, so that all that decides
/// what its names mean is in one place.
fn declares_names(text: &str) -> bool {
    text.contains("global") || text.contains("nonlocal")
}

/// Whether a piece would go on if the text did.
fn is_open(piece: Piece) -> bool {
    matches!(piece.ending, Ending::TextInBrackets | Ending::TextInString)
}

/// The text that is cut: what was edited, and as much of the segments behind it as turns out to be needed.
struct Source<'s> {
    text: String,
    /// How much of it was edited, or stands before an edit.
    edited: usize,
    kept: &'s [Segment],
    /// Where the kept segments begin that were appended.
    appended: Vec<usize>,
    host: Option<Slot>,
    /// A line that does not fit into the body that is cut ends the attempt.
    strict: bool,
    /// What has been cut.
    at: usize,
}

impl Source<'_> {
    fn fixed(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            edited: text.len(),
            kept: &[],
            appended: Vec::new(),
            host: None,
            strict: false,
            at: 0,
        }
    }

    /// Appends one more of the segments behind.
    fn grow(&mut self) -> bool {
        let Some(next) = self.kept.get(self.appended.len()) else {
            return false;
        };
        self.appended.push(self.text.len());
        self.text.push_str(&next.parsed.text);
        true
    }

    fn has_text(&mut self) -> bool {
        self.at < self.text.len() || self.grow() && self.has_text()
    }

    /// How many kept segments begin before what has been cut.
    fn taken(&self) -> usize {
        self.appended
            .iter()
            .filter(|start| **start < self.at)
            .count()
    }

    /// Whether an old segment of the same level begins where the cutting has come to.
    fn is_in_step(&self) -> bool {
        if self.at < self.edited {
            return false;
        }
        let next = self.taken();
        let begins = self.appended.get(next).copied().unwrap_or(self.text.len());
        begins == self.at
            && self
                .kept
                .get(next)
                .is_none_or(|segment| segment.host == self.host)
    }

    fn piece(&mut self, start: usize, indentation: &str) -> Piece {
        loop {
            let piece = lines::piece(&self.text, start, indentation);
            if piece.ending == Ending::Line || !self.grow() {
                return piece;
            }
        }
    }
}

/// Old segments by what they read.
#[derive(Default)]
struct Pool {
    by_text: HashMap<Box<str>, Vec<(Slot, Arc<Parsed>)>>,
}

impl Pool {
    fn add(&mut self, segment: &Segment) {
        let known = self.by_text.entry(segment.parsed.text.clone()).or_default();
        known.insert(0, (segment.slot, Arc::clone(&segment.parsed)));
    }

    fn take(&mut self, text: &str, head_of: Option<&str>) -> Option<(Slot, Arc<Parsed>)> {
        let known = self.by_text.get_mut(text)?;
        let index = known
            .iter()
            .rposition(|(_, parsed)| parsed.head_of.as_deref() == head_of)?;
        Some(known.remove(index))
    }
}

/// A segment without its place.
struct Draft {
    parsed: Arc<Parsed>,
    /// The old segment with the same text.
    reused: Option<Slot>,
    /// The place among the drafts of the head of the definition around it.
    host: Option<usize>,
    below: usize,
    reach: usize,
}

#[derive(Default)]
struct Cutter {
    drafts: Vec<Draft>,
    pool: Pool,
}

impl Cutter {
    /// Cuts statements of one level until the source is in step again or at its end. False, and earlier, if a line does not
    /// belong to this level.
    fn level(&mut self, source: &mut Source<'_>, indentation: &str, host: Option<usize>) -> bool {
        while source.has_text() && !source.is_in_step() {
            let start = source.at;
            let piece = source.piece(start, indentation);
            if source.strict && (piece.irregular || is_open(piece)) {
                return false;
            }
            if piece.irregular && !lines::belongs(&source.text, start, indentation) {
                return false;
            }
            let mut ends = vec![piece.end];
            if piece.simple {
                Self::run(source, &mut ends, start, indentation);
            }
            let end = ends.last().copied().unwrap_or(piece.end);
            let looked = if piece.simple {
                lines::line_end(&source.text, end)
            } else {
                lines::beginning_end(&source.text, end)
            };
            // What would be appended to the end of the text decides, too.
            let reach = looked - start + usize::from(looked == source.text.len());
            if let Some(whole) = self.together(&source.text, start, &ends) {
                source.at = start + whole.1.text.len();
                self.push_parsed(whole, host, reach);
            } else {
                self.statement(source, piece, indentation, host, reach);
            }
        }
        true
    }

    /// Adds the ends of the statements without bodies that go on after the first of a run.
    fn run(source: &mut Source<'_>, ends: &mut Vec<usize>, start: usize, indentation: &str) {
        while let Some(end) = ends.last().copied() {
            let more = end < source.text.len() || source.grow();
            if !more || end - start >= RUN {
                return;
            }
            // The line behind decides; it must be there as a whole.
            while lines::line_end(&source.text, end) == source.text.len() && source.grow() {}
            if lines::is_boundary(&source.text, end) {
                return;
            }
            let next = source.piece(end, indentation);
            if !next.simple || next.irregular {
                return;
            }
            ends.push(next.end);
        }
    }

    /// Several statements parsed together: all of a run, or those before the first one that is broken.
    fn together(
        &mut self,
        text: &str,
        start: usize,
        ends: &[usize],
    ) -> Option<(Option<Slot>, Arc<Parsed>)> {
        let (Some(end), true) = (ends.last(), ends.len() > 1) else {
            return None;
        };
        let whole = self.parsed(&text[start..*end], None);
        if !whole.1.table.has_error() {
            return Some(whole);
        }
        self.give_back(whole);
        let starts = std::iter::once(start).chain(ends.iter().copied());
        let mut statements = starts.zip(ends);
        let broken =
            |(from, to): &(usize, &usize)| Parsed::whole(&text[*from..**to]).table.has_error();
        let (until, _) = statements.find(broken)?;
        if until == start {
            return None;
        }
        let intact = self.parsed(&text[start..until], None);
        if intact.1.table.has_error() {
            self.give_back(intact);
            return None;
        }
        Some(intact)
    }

    /// One statement on its own.
    fn statement(
        &mut self,
        source: &mut Source<'_>,
        piece: Piece,
        indentation: &str,
        host: Option<usize>,
        reach: usize,
    ) {
        let start = source.at;
        let doubtful = piece.doubtful.unwrap_or(piece.end);
        let end = if piece.ending == Ending::TextInString {
            doubtful
        } else {
            piece.end
        };
        let text = source.text[start..end].to_owned();
        let body = (text.len() > LONG).then(|| lines::body_of(&text, indentation));
        if let Some((body, inner)) = body.flatten()
            && (is_class(&text[..body]) || !declares_names(&text))
        {
            source.at = start + self.definition(&text, body, &inner, host, reach);
            return;
        }
        let parsed = self.parsed(&text, None);
        if parsed.1.table.has_error() && doubtful < end {
            self.give_back(parsed);
            self.push(&source.text[start..doubtful], None, host, reach);
            source.at = doubtful;
        } else {
            self.push_parsed(parsed, host, reach);
            source.at = end;
        }
    }

    /// A definition, cut at the statements of its body. Answers how many bytes it takes.
    fn definition(
        &mut self,
        text: &str,
        body: usize,
        indentation: &str,
        host: Option<usize>,
        reach: usize,
    ) -> usize {
        let head = self.drafts.len();
        self.push(&text[..body], Some(indentation), host, reach);
        let mut source = Source::fixed(&text[body..]);
        self.level(&mut source, indentation, Some(head));
        self.drafts[head].below = self.drafts.len() - head - 1;
        // What decided about the definition as a whole counts for the last of its segments.
        let mut at = 0;
        for draft in &mut self.drafts[head..] {
            draft.reach = draft.reach.max(draft.parsed.text.len());
            at += draft.parsed.text.len();
        }
        if let Some(last) = self.drafts.last_mut() {
            let start = at - last.parsed.text.len();
            last.reach = last.reach.max(reach.saturating_sub(start));
        }
        body + source.at
    }

    fn parsed(&mut self, text: &str, head_of: Option<&str>) -> (Option<Slot>, Arc<Parsed>) {
        if let Some((slot, parsed)) = self.pool.take(text, head_of) {
            return (Some(slot), parsed);
        }
        let parsed = match head_of {
            Some(indentation) => Parsed::head(text, indentation),
            None => Parsed::whole(text),
        };
        (None, Arc::new(parsed))
    }

    fn give_back(&mut self, parsed: (Option<Slot>, Arc<Parsed>)) {
        if let (Some(slot), parsed) = parsed {
            let known = self.pool.by_text.entry(parsed.text.clone()).or_default();
            known.push((slot, parsed));
        }
    }

    fn push(&mut self, text: &str, head_of: Option<&str>, host: Option<usize>, reach: usize) {
        let parsed = self.parsed(text, head_of);
        self.push_parsed(parsed, host, reach);
    }

    fn push_parsed(
        &mut self,
        (reused, parsed): (Option<Slot>, Arc<Parsed>),
        host: Option<usize>,
        reach: usize,
    ) {
        self.drafts.push(Draft {
            parsed,
            reused,
            host,
            below: 0,
            reach,
        });
    }

    /// The segments with these slots. `host` is the head of the definition around all of them.
    fn segments(self, slots: &[Slot], host: Option<Slot>) -> Vec<Segment> {
        let segment = |(draft, slot): (Draft, &Slot)| Segment {
            host: draft
                .host
                .and_then(|index| slots.get(index).copied())
                .or(host),
            below: u32::try_from(draft.below).unwrap_or(u32::MAX),
            reach: draft.reach,
            ..Segment::new(*slot, draft.parsed)
        };
        self.drafts.into_iter().zip(slots).map(segment).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::syntax::Node;
    use proptest::prelude::*;

    /// The first lines of the statements that are intact.
    fn intact(text: &str) -> Vec<String> {
        let syntax = parse(text);
        let statements = syntax.root().children().into_iter();
        statements
            .filter(|s| !s.has_error())
            .map(|s| s.text().lines().next().unwrap_or_default().to_owned())
            .collect()
    }

    const BEFORE: &str = "import a\n\ndef first():\n    return 1\n\n";
    const AFTER: &str = "\n@decorated\ndef third():\n    return 3\n\nlast = 1\n";

    #[test]
    fn what_is_being_typed_silences_its_own_statement() {
        for typed in [
            "def second():\n    x = ask(\n",
            "def second():\n    x = \"ask\n",
            "def second():\n    x = [1, {2: (\n",
            "def second(:\n    pass\n",
            "async def second(a\n",
            "x = f'{\n",
            "class Second(\n",
            "x = (1,\n",
            "\"\"\"not closed\n",
            "def second():\n    '''not closed\n",
            "@\n",
        ] {
            let found = intact(&format!("{BEFORE}{typed}{AFTER}"));
            let expected = ["import a", "def first():", "@decorated", "last = 1"];
            assert!(
                expected.iter().all(|line| found.iter().any(|f| f == line)),
                "{typed:?}: {found:?}"
            );
        }
    }

    #[test]
    fn a_broken_beginning_is_no_error_of_the_file() {
        let syntax =
            parse("class A:\n    @d\n    def b(\n        return c\nasync def f():\n    pass\n");
        assert!(syntax.root().is("module") && !syntax.root().is_error());
        let last = syntax.root().children().pop().expect("a statement");
        assert!(last.is("function_definition") && !last.is_orphan());
    }

    #[test]
    fn what_spans_several_lines_in_column_0_stays_whole() {
        let found = intact("x = \"\"\"\nimport b\nimport c\n\"\"\"\ny = (\n");
        assert_eq!(found, ["x = \"\"\""]);
        assert_eq!(intact("if a:\n    b\nelse:\n    c\ny = (\n"), ["if a:"]);
        assert_eq!(intact("x = (\n1,\n)\ny = (\n"), ["x = ("]);
        let list = format!("x = [\n{}]\n", "item,\n".repeat(500));
        assert_eq!(intact(&list), ["x = ["]);
    }

    #[test]
    fn what_is_typed_in_a_long_class_silences_its_own_member() {
        let class = |typed: &str| {
            format!(
                "class A(B):\n    \"\"\"Doc\n    of A.\"\"\"\n{}{typed}{}\nz = 1\n",
                METHOD.repeat(20),
                METHOD.repeat(20)
            )
        };
        for typed in [
            "    def f(self\n",
            "    x = (\n",
            "    '''\n",
            "    def f(self):\n        return [\n",
        ] {
            let syntax = parse(&class(typed));
            let members = syntax.root().children()[0].body();
            let whole = members
                .iter()
                .filter(|m| m.is("function_definition") && !m.has_error());
            assert!(whole.count() >= 40, "{typed:?}");
            assert_eq!(syntax.root().children().len(), 2, "{typed:?}");
        }
    }

    const METHOD: &str = "    def method(self, a):\n        # why\n        return a\n\n";

    /// What there is to see of a file's nodes.
    fn shape(syntax: &Syntax) -> Vec<impl PartialEq + std::fmt::Debug> {
        syntax
            .root()
            .descendants()
            .into_iter()
            .skip(1)
            .filter(|n| !n.is("comment"))
            .map(|n| {
                (
                    n.kind().to_owned(),
                    n.range(),
                    n.ancestors().count(),
                    n.next().map(Node::range),
                )
            })
            .collect()
    }

    #[test]
    fn cut_definitions_look_whole() {
        let text = format!(
            "import a\n@d\nclass A(B):\n    \"\"\"Doc.\"\"\"\n{}    async def long(self):\n{}    x = 1\n\nlast = 1\n",
            METHOD.repeat(30),
            "        if a:\n            b = c(d)\n        else:\n            return 1\n".repeat(40),
        );
        let (cut, whole) = (parse(&text), Syntax::of(&text));
        assert!(
            cut.segments().len() > 60 && cut.segments().iter().all(|s| s.parsed.text.len() < 500)
        );
        assert_eq!(shape(&cut), shape(&whole));
        for (a, b) in cut
            .root()
            .descendants()
            .into_iter()
            .zip(whole.root().descendants())
            .skip(1)
        {
            if a.range() == b.range() {
                assert_eq!(
                    (a.text(), a.header(), a.previous().map(Node::range)),
                    (b.text(), b.header(), b.previous().map(Node::range))
                );
                assert_eq!(
                    a.parent().map(Node::range).filter(|r| r.start > 0),
                    b.parent().map(Node::range).filter(|r| r.start > 0)
                );
                assert_eq!(cut.covering(a.range()).range(), a.range());
                assert_eq!(a.descendants().len(), b.descendants().len());
            }
        }
    }

    /// What is cut: texts, heads and depths.
    fn cuts(syntax: &Syntax) -> Vec<(String, bool, usize)> {
        let depth = |segment: &Segment| {
            let hosts = std::iter::successors(segment.host, |slot| syntax.segment(*slot)?.host);
            hosts.count()
        };
        let cut = |s: &Segment| {
            (
                s.parsed.text.to_string(),
                s.parsed.head_of.is_some(),
                depth(s),
            )
        };
        syntax.segments().iter().map(cut).collect()
    }

    fn lines() -> impl Strategy<Value = String> {
        let line = prop_oneof![
            Just("x = 1\n"),
            Just("import a\n"),
            Just("def f(a):\n"),
            Just("class A:\n"),
            Just("    def m(self):\n"),
            Just("        return 1\n"),
            Just("    y = 2\n"),
            Just("        z = f(1,\n"),
            Just("        )\n"),
            Just("\"\"\"\n"),
            Just("    '''\n"),
            Just("# c\n"),
            Just("    # c\n"),
            Just("@d\n"),
            Just("    @d\n"),
            Just("else:\n"),
            Just("\n"),
            Just("    if a:\n"),
            Just("        global g\n"),
            Just("    async def n(self, a_long_name_to_fill_the_line, another_one):\n"),
            Just(
                "        something = the_name_of_a_function(with_arguments, and_more, and_still_more_of_them)\n"
            ),
            Just("é = '\n"),
        ];
        prop::collection::vec(line, 0..90).prop_map(|lines| lines.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn cutting_anew_after_edits_equals_cutting_at_once(
            text in lines(),
            edits in prop::collection::vec((any::<prop::sample::Index>(), 0..40usize, "(def f\\(|    x = 1\n|\"\"\"|\\(|\\)|import a\n|[a-z]|\n|    |#|global g|é|'|:|)"), 1..12),
        ) {
            let mut text = text;
            let mut syntax = parse(&text);
            for (at, length, new) in edits {
                let clip = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
                let start = clip(at.index(text.len() + 1));
                let end = clip(start + if length > 20 { 0 } else { length });
                let before: HashMap<Slot, Arc<Parsed>> = syntax.segments().iter().map(|s| (s.slot, Arc::clone(&s.parsed))).collect();
                let changes = edit(&mut syntax, start..end, &new);
                text.replace_range(start..end, &new);
                prop_assert_eq!(&**syntax.text(), &text);
                prop_assert_eq!(cuts(&syntax), cuts(&parse(&text)));
                for segment in syntax.segments() {
                    let same = before.get(&segment.slot).is_some_and(|old| Arc::ptr_eq(old, &segment.parsed));
                    prop_assert!(same || changes.changed.contains(&segment.slot));
                    prop_assert_eq!(syntax.segment(segment.slot).map(|s| s.start), Some(segment.start));
                }
                let slots: HashSet<Slot> = syntax.segments().iter().map(|s| s.slot).collect();
                prop_assert_eq!(slots.len(), syntax.segments().len());
            }
        }
    }
}
