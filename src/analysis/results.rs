//! Everything that the patterns find in a file, kept up to date while the file is edited.
//!
//! What was found in a segment is kept relative to the segment, together with what the checks read outside of it. An edit
//! makes only those segments be searched again that changed or that read something which changed.

use rayon::prelude::*;
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use super::engine::{Engine, Spoken};
use super::found::Match;
use super::names::NameChanges;
use super::overlap;
use super::reads::{self, Reads};
use super::segments::Changes;
use super::settings::FileSettings;
use super::source_file::SourceFile;
use super::suppression;
use super::syntax::{Segment, Slot};
use crate::catalog::{Catalog, PatternIndex, Tier};

/// What was found in a file.
#[derive(Debug, Default, Clone)]
pub struct Results {
    found: HashMap<Slot, Found>,
    readers: Readers,
    /// The segments with matches.
    speaking: HashSet<Slot>,
    /// The segments with matches that report a problem.
    reporting: HashSet<Slot>,
    /// The segments with a match that reaches into others, and what follows from it.
    far: HashMap<Slot, Reach>,
    /// Matches that lose against one in another segment.
    beaten: HashSet<Place>,
    /// The segments with a comment that silences the file.
    silencing: HashSet<Slot>,
}

/// A match: its segment and its place there.
type Place = (Slot, usize);

/// The matches of one segment that reach into others.
#[derive(Debug, Clone)]
struct Reach {
    /// The first and the last segment that they touch.
    ends: (Slot, Slot),
    /// Matches that lose because of them.
    beaten: Vec<Place>,
}

/// The problems that were found in one segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reported {
    /// The segment.
    pub slot: Slot,
    /// The byte of the file at which it starts.
    pub start: usize,
    /// The line of the file at which it starts, counted from 0.
    pub line: usize,
    /// Names what was found, never the same for two searches. `None` if it names places of other segments as well, so that
    /// lines may change while nothing else does.
    pub search: Option<u64>,
}

/// What was found in one segment.
#[derive(Debug, Default, Clone)]
struct Found {
    /// The number of the search.
    search: u64,
    /// All matches, with bytes counted from the segment's start.
    matches: Vec<Match>,
    /// Whether each of them loses against another one of this segment.
    lost: Vec<bool>,
    /// The distance to every other segment that a match points into.
    distances: Vec<(Slot, usize)>,
    reads: Reads,
}

/// Who read what.
#[derive(Debug, Default, Clone)]
struct Readers {
    segments: HashMap<Slot, HashSet<Slot>>,
    names: HashMap<Box<str>, HashSet<Slot>>,
    spellings: HashMap<Box<str>, HashMap<Slot, Option<Slot>>>,
    everything: HashSet<Slot>,
}

impl Readers {
    fn add(&mut self, reader: Slot, reads: &Reads) {
        for slot in &reads.segments {
            self.segments.entry(*slot).or_default().insert(reader);
        }
        for name in &reads.names {
            self.names.entry(name.clone()).or_default().insert(reader);
        }
        for (word, head) in &reads.spellings {
            let readers = self.spellings.entry(word.clone()).or_default();
            readers.insert(reader, *head);
        }
        if reads.everything {
            self.everything.insert(reader);
        }
    }

    fn remove(&mut self, reader: Slot, reads: &Reads) {
        for slot in &reads.segments {
            if let Some(readers) = self.segments.get_mut(slot) {
                readers.remove(&reader);
                if readers.is_empty() {
                    self.segments.remove(slot);
                }
            }
        }
        for name in &reads.names {
            if let Some(readers) = self.names.get_mut(name) {
                readers.remove(&reader);
                if readers.is_empty() {
                    self.names.remove(name);
                }
            }
        }
        for word in reads.spellings.keys() {
            if let Some(readers) = self.spellings.get_mut(word) {
                readers.remove(&reader);
                if readers.is_empty() {
                    self.spellings.remove(word);
                }
            }
        }
        self.everything.remove(&reader);
    }
}

/// How many segments have been searched.
static SEARCHES: AtomicU64 = AtomicU64::new(1);

/// How many segments one thread searches at a time; fewer than that are not worth waking another one.
const TOGETHER: usize = 24;

/// How a file is searched.
#[derive(Clone, Copy)]
pub struct Search<'a> {
    /// The patterns.
    pub engine: &'a Engine,
    /// What the project says about the file.
    pub settings: &'a FileSettings,
    /// What will happen to the file.
    pub fate: Fate,
}

/// What will happen to a file that is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It may be edited: what is read is noted, so that little is searched again.
    Followed,
    /// Nothing, as far as anybody knows: an edit makes everything be searched again.
    Left,
}

impl Search<'_> {
    /// What is found in some segments, and what was read for it.
    fn segments(
        self,
        file: &SourceFile,
        places: &[(Slot, usize)],
    ) -> Vec<(Slot, usize, (Vec<Match>, Reads))> {
        let some = |places: &[(Slot, usize)]| -> Vec<_> {
            let mut spoken = Spoken::default();
            let Search {
                engine, settings, ..
            } = self;
            let mut find = |(slot, position): &(Slot, usize)| {
                let mut find = || engine.search(file, *position, settings, &mut spoken);
                let found = match self.fate {
                    Fate::Followed => reads::watch(*slot, find),
                    Fate::Left => (find(), Reads::default()),
                };
                (*slot, *position, found)
            };
            places.iter().map(&mut find).collect()
        };
        if places.len() <= TOGETHER {
            return some(places);
        }
        places.par_chunks(TOGETHER).flat_map_iter(some).collect()
    }
}

impl Results {
    /// Searches a whole file.
    pub fn of(search: Search<'_>, file: &SourceFile) -> Self {
        let mut results = Self::default();
        let slots = file.syntax().segments().iter().map(|segment| segment.slot);
        results.renew(search, file, slots);
        results
    }

    /// Follows a change of the file.
    pub fn update(
        &mut self,
        search: Search<'_>,
        file: &SourceFile,
        changes: &Changes,
        names: &NameChanges,
    ) {
        for slot in &changes.removed {
            self.forget(*slot);
        }
        if names.star_imports || search.fate == Fate::Left {
            *self = Self::of(search, file);
            return;
        }
        let stale = self.stale(file, changes, names);
        self.renew(search, file, stale);
    }

    /// The segments that a change of the file leaves no result of: those that have changed, or have read what has.
    fn stale(&self, file: &SourceFile, changes: &Changes, names: &NameChanges) -> HashSet<Slot> {
        let mut stale: HashSet<Slot> = changes.changed.iter().copied().collect();
        for slot in changes.changed.iter().chain(&changes.removed) {
            stale.extend(self.readers.segments.get(slot).into_iter().flatten());
        }
        for name in &names.names {
            stale.extend(file.names().segments_spelling(name));
            stale.extend(self.readers.names.get(name).into_iter().flatten());
        }
        for (word, slot) in names.spellings() {
            let readers = self.readers.spellings.get(word).into_iter().flatten();
            let concerned =
                readers.filter(|(_, head)| head.is_none_or(|head| file.is_below(slot, head)));
            stale.extend(concerned.map(|(reader, _)| *reader));
        }
        stale.extend(&self.readers.everything);
        let moved = self.far.keys().filter(|slot| self.has_moved(file, **slot));
        stale.extend(moved);
        stale
    }

    /// Whether a segment and those that its matches point into have not kept their distance.
    fn has_moved(&self, file: &SourceFile, slot: Slot) -> bool {
        let start = |slot| file.syntax().segment(slot).map(|segment| segment.start);
        let Some((found, own)) = self.found.get(&slot).zip(start(slot)) else {
            return false;
        };
        let mut distances = found.distances.iter();
        distances
            .any(|(slot, distance)| start(*slot).map(|s| s.wrapping_sub(own)) != Some(*distance))
    }

    fn forget(&mut self, slot: Slot) {
        if let Some(reads) = self.take(slot) {
            self.readers.remove(slot, &reads);
        }
    }

    /// Forgets what was found in a segment, and answers what was read for it.
    fn take(&mut self, slot: Slot) -> Option<Reads> {
        self.far.remove(&slot);
        self.speaking.remove(&slot);
        self.reporting.remove(&slot);
        self.silencing.remove(&slot);
        self.found.remove(&slot).map(|found| found.reads)
    }

    fn renew(
        &mut self,
        search: Search<'_>,
        file: &SourceFile,
        slots: impl IntoIterator<Item = Slot>,
    ) {
        let catalog = search.engine.catalog();
        let mut renewed: Vec<(Slot, Slot)> = Vec::new();
        let mut places: Vec<(Slot, usize)> = Vec::new();
        let mut read_before: HashMap<Slot, Reads> = HashMap::default();
        for slot in slots {
            let Some(position) = file.syntax().position(slot) else {
                continue;
            };
            renewed.push((slot, slot));
            renewed.extend(self.far.get(&slot).map(|reach| reach.ends));
            read_before.extend(self.take(slot).map(|reads| (slot, reads)));
            if suppression::silences_file(file, &file.syntax().segments()[position]) {
                self.silencing.insert(slot);
            }
            places.push((slot, position));
        }
        for (slot, position, (matches, reads)) in search.segments(file, &places) {
            // Most keystrokes change nothing about what is read.
            let before = read_before.remove(&slot).unwrap_or_default();
            if before != reads {
                self.readers.remove(slot, &before);
                self.readers.add(slot, &reads);
            }
            if matches.is_empty() && reads == Reads::default() {
                continue;
            }
            if !matches.is_empty() {
                self.speaking.insert(slot);
            }
            if matches.iter().any(|found| is_finding(catalog, found)) {
                self.reporting.insert(slot);
            }
            let segment = &file.syntax().segments()[position];
            let found = Found::new(catalog, file, segment, matches, reads);
            if let Some(ends) = found.ends(file, segment) {
                let beaten = Vec::new();
                renewed.push(ends);
                self.far.insert(slot, Reach { ends, beaten });
            }
            self.found.insert(slot, found);
        }
        self.settle(catalog, file, &renewed);
    }

    /// Lets matches that reach into other segments and those that they meet there decide who speaks, where something is
    /// new: between these pairs of segments.
    fn settle(&mut self, catalog: &Catalog, file: &SourceFile, renewed: &[(Slot, Slot)]) {
        if self.far.is_empty() {
            self.beaten.clear();
            return;
        }
        let everywhere = (0, usize::MAX);
        let span = |(first, last): &(Slot, Slot)| {
            let position = |slot| file.syntax().position(slot);
            // A segment that is gone may have been anywhere.
            position(*first).zip(position(*last)).unwrap_or(everywhere)
        };
        let renewed: Vec<(usize, usize)> = renewed.iter().map(span).collect();
        let touched = self.far.iter().filter(|(_, reach)| {
            let (first, last) = span(&reach.ends);
            renewed
                .iter()
                .any(|(from, to)| *from <= last && first <= *to)
        });
        let touched: Vec<Slot> = touched.map(|(slot, _)| *slot).collect();
        for slot in &touched {
            let beaten = self.rule(catalog, file, *slot);
            if let Some(reach) = self.far.get_mut(slot) {
                reach.beaten = beaten;
            }
        }
        self.beaten = self
            .far
            .values()
            .flat_map(|reach| &reach.beaten)
            .copied()
            .collect();
    }

    /// Who loses where a segment's matches meet those of other segments.
    fn rule(&self, catalog: &Catalog, file: &SourceFile, slot: Slot) -> Vec<Place> {
        let mut beaten = Vec::new();
        let Some(reach) = self.far.get(&slot) else {
            return beaten;
        };
        for other in self.meeting(file, slot, reach) {
            for (index, one, here) in self.placed(file, slot) {
                for (place, two, there) in self.placed(file, other) {
                    if here.end <= there.start || there.end <= here.start {
                        continue;
                    }
                    let same = one.pattern == two.pattern && here == there;
                    if overlap::outranks(catalog, two, one) || same && other < slot {
                        beaten.push((slot, index));
                    }
                    if overlap::outranks(catalog, one, two) || same && slot < other {
                        beaten.push((other, place));
                    }
                }
            }
        }
        beaten
    }

    /// The other segments with matches that a segment's matches may meet.
    fn meeting(&self, file: &SourceFile, slot: Slot, reach: &Reach) -> Vec<Slot> {
        let syntax = file.syntax();
        let span = |(first, last)| Some((syntax.position(first)?, syntax.position(last)?));
        let Some((first, last)) = span(reach.ends) else {
            return Vec::new();
        };
        let near = syntax.segments()[first..=last]
            .iter()
            .map(|segment| segment.slot);
        let far = self.far.iter().filter(|(other, reach)| {
            let outside = syntax
                .position(**other)
                .is_some_and(|p| p < first || last < p);
            outside && span(reach.ends).is_some_and(|(from, to)| from <= last && first <= to)
        });
        near.chain(far.map(|(other, _)| *other))
            .filter(|other| *other != slot && self.speaking.contains(other))
            .collect()
    }

    /// All matches of a segment with their ranges in the file.
    fn placed<'r>(
        &'r self,
        file: &SourceFile,
        slot: Slot,
    ) -> impl Iterator<Item = (usize, &'r Match, Range<usize>)> {
        let start = file
            .syntax()
            .segment(slot)
            .map_or(0, |segment| segment.start);
        let matches = self
            .found
            .get(&slot)
            .map_or(&[][..], |found| &found.matches);
        matches.iter().enumerate().map(move |(index, one)| {
            let range = one.range.start.wrapping_add(start)..one.range.end.wrapping_add(start);
            (index, one, range)
        })
    }

    /// The segments with matches that a range of bytes touches, and those whose matches reach there.
    fn slots_in(&self, file: &SourceFile, range: &Range<usize>) -> Vec<Slot> {
        let syntax = file.syntax();
        let first = syntax.position_at(range.start.saturating_sub(1));
        let last = syntax.position_at(range.end);
        let near = syntax.segments()[first..=last]
            .iter()
            .map(|segment| segment.slot);
        let far = self.far.iter().filter(|(slot, reach)| {
            let span = |slot| syntax.position(slot).unwrap_or(0);
            let meets = span(reach.ends.0) <= last && first <= span(reach.ends.1);
            meets && !(first..=last).contains(&span(**slot))
        });
        near.chain(far.map(|(slot, _)| *slot))
            .filter(|slot| self.speaking.contains(slot))
            .collect()
    }

    /// The matches of some segments that count, in source order.
    fn collect<'s>(
        &self,
        file: &SourceFile,
        slots: impl IntoIterator<Item = &'s Slot>,
        wanted: impl Fn(&Match) -> bool,
    ) -> Vec<Match> {
        let mut collected = Vec::new();
        for slot in slots {
            let Some((found, segment)) = self.found.get(slot).zip(file.syntax().segment(*slot))
            else {
                continue;
            };
            for (index, one) in found.matches.iter().enumerate() {
                let speaks = !found.lost[index] && !self.beaten.contains(&(*slot, index));
                if speaks && wanted(one) {
                    collected.push(one.shifted(segment.start));
                }
            }
        }
        collected.sort_unstable_by_key(Match::order);
        collected
    }

    /// Every match, sorted by where it starts, then by pattern.
    pub fn all(&self, file: &SourceFile) -> Vec<Match> {
        self.collect(file, &self.speaking, |_| true)
    }

    /// The matches of patterns that report a problem and that no comment silences, in the same order.
    pub fn findings(&self, file: &SourceFile, catalog: &Catalog) -> Vec<Match> {
        if !self.silencing.is_empty() {
            return Vec::new();
        }
        let mut findings = self.collect(file, &self.reporting, |found| is_finding(catalog, found));
        findings.retain(|found| !self.silences(file, catalog, found));
        findings
    }

    /// The segments that report problems, in source order. None if a comment silences the file.
    pub fn reported(&self, file: &SourceFile) -> Vec<Reported> {
        if !self.silencing.is_empty() {
            return Vec::new();
        }
        let reported = self.reporting.iter().filter_map(|slot| {
            let (segment, found) = file.syntax().segment(*slot).zip(self.found.get(slot))?;
            Some(Reported {
                slot: *slot,
                start: segment.start,
                line: segment.line,
                search: found.distances.is_empty().then_some(found.search),
            })
        });
        let mut reported: Vec<Reported> = reported.collect();
        reported.sort_unstable_by_key(|segment| segment.start);
        reported
    }

    /// The problems of one segment that no comment and no other match of the segment silences, each with its place there.
    pub fn findings_in(
        &self,
        file: &SourceFile,
        catalog: &Catalog,
        segment: Reported,
    ) -> Vec<(usize, Match)> {
        let Some(found) = self.found.get(&segment.slot) else {
            return Vec::new();
        };
        let all = found.matches.iter().enumerate();
        all.filter(|(index, one)| !found.lost[*index] && is_finding(catalog, one))
            .map(|(index, one)| (index, one.shifted(segment.start)))
            .filter(|(_, one)| !suppression::on_its_line(file, catalog, one))
            .collect()
    }

    /// Whether a match of a segment loses against one of another segment.
    pub fn is_beaten(&self, slot: Slot, index: usize) -> bool {
        self.beaten.contains(&(slot, index))
    }

    /// The first match of each kind, in source order. `kind` tells to which one a pattern belongs.
    pub fn firsts(&self, file: &SourceFile, kind: impl Fn(PatternIndex) -> usize) -> Vec<Match> {
        let mut firsts: HashMap<usize, ((usize, usize, PatternIndex), Place)> = HashMap::default();
        for slot in &self.speaking {
            let segment = file.syntax().segment(*slot);
            let Some((found, segment)) = self.found.get(slot).zip(segment) else {
                continue;
            };
            for (index, one) in found.matches.iter().enumerate() {
                let place = (*slot, index);
                if found.lost[index] || self.beaten.contains(&place) {
                    continue;
                }
                let (start, end, pattern) = one.order();
                let absolute = |byte: usize| byte.wrapping_add(segment.start);
                let order = (absolute(start), absolute(end), pattern);
                let first = firsts.entry(kind(pattern)).or_insert((order, place));
                if order < first.0 {
                    *first = (order, place);
                }
            }
        }
        let mut firsts: Vec<_> = firsts.into_values().collect();
        firsts.sort_unstable();
        let one = |(order, (slot, index)): &((usize, usize, PatternIndex), Place)| {
            let one = self.found.get(slot)?.matches.get(*index)?;
            Some(one.shifted(order.0.wrapping_sub(one.range.start)))
        };
        firsts.iter().filter_map(one).collect()
    }

    /// Whether a pattern reports more than one problem that no comment silences.
    pub fn reports_several(
        &self,
        file: &SourceFile,
        catalog: &Catalog,
        pattern: PatternIndex,
    ) -> bool {
        let of_pattern = self.reporting.iter().flat_map(|slot| {
            let found = self.found.get(slot).into_iter();
            let matches = found.flat_map(|found| found.matches.iter().zip(&found.lost).enumerate());
            matches.filter_map(|(index, (one, lost))| {
                (one.pattern == pattern && !lost).then_some((*slot, index, one))
            })
        });
        let speaking = of_pattern.filter(|(slot, index, one)| {
            let Some(segment) = file.syntax().segment(*slot) else {
                return false;
            };
            !self.beaten.contains(&(*slot, *index))
                && !self.silences(file, catalog, &one.shifted(segment.start))
        });
        speaking.take(2).count() == 2
    }

    /// Whether a comment silences a match that reports a problem.
    pub fn silences(&self, file: &SourceFile, catalog: &Catalog, found: &Match) -> bool {
        is_finding(catalog, found)
            && (!self.silencing.is_empty() || suppression::on_its_line(file, catalog, found))
    }

    /// The matches whose range touches a range of bytes, in the same order.
    pub fn touching(&self, file: &SourceFile, range: &Range<usize>) -> Vec<Match> {
        let mut matches = self.collect(file, &self.slots_in(file, range), |_| true);
        matches.retain(|m| m.range.start <= range.end && range.start <= m.range.end);
        matches
    }
}

fn is_finding(catalog: &Catalog, found: &Match) -> bool {
    catalog.patterns[found.pattern].tier == Tier::Finding
}

impl Found {
    fn new(
        catalog: &Catalog,
        file: &SourceFile,
        segment: &Segment,
        mut matches: Vec<Match>,
        reads: Reads,
    ) -> Self {
        let lost = overlap::settle(catalog, file, &mut matches);
        let mut distances = Vec::new();
        for one in &matches {
            for range in one.ranges() {
                for byte in [range.start, range.end] {
                    if byte < segment.start || segment.end() < byte {
                        let other = &file.syntax().segments()[file.syntax().position_at(byte)];
                        distances.push((other.slot, other.start.wrapping_sub(segment.start)));
                    }
                }
            }
        }
        distances.sort_unstable();
        distances.dedup();
        let back = 0usize.wrapping_sub(segment.start);
        Self {
            search: SEARCHES.fetch_add(1, Ordering::Relaxed),
            matches: matches.iter().map(|found| found.shifted(back)).collect(),
            lost,
            distances,
            reads,
        }
    }

    /// The first and the last segment that the matches' ranges touch, if it is not only their own.
    fn ends(&self, file: &SourceFile, segment: &Segment) -> Option<(Slot, Slot)> {
        let starts = self.matches.iter().map(|found| found.range.start);
        let ends = self.matches.iter().map(|found| found.range.end);
        let absolute = |byte: usize| byte.wrapping_add(segment.start);
        let first = starts.map(absolute).min()?;
        let last = ends.map(absolute).max()?;
        let own = segment.start..=segment.end();
        if self.distances.is_empty() && own.contains(&first) && own.contains(&last) {
            return None;
        }
        let slot = |byte| {
            let syntax = file.syntax();
            syntax.segments()[syntax.position_at(byte)].slot
        };
        Some((slot(first), slot(last)))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::content;
    use crate::text::edit::TextEdit;

    /// A function that no pattern has anything to say about, and that shares no name with what a case is about.
    fn filler(number: usize) -> String {
        format!(
            "def filler_{number}(filler_argument_{number}):\n    return filler_argument_{number} + {number}\n\n\n"
        )
    }

    /// However long a file is: an edit makes only that be searched again which looks at what was edited.
    #[test]
    fn no_check_looks_at_functions_that_have_nothing_to_do_with_its_place() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
        let engine = content::engine(Some(&folder)).expect("the questions");
        let settings = FileSettings::default();
        let search = Search {
            engine: &engine,
            settings: &settings,
            fate: Fate::Followed,
        };
        let fillers: String = (0..30).map(filler).collect();
        let cases: Vec<(&str, &str)> = engine
            .catalog()
            .patterns
            .iter()
            .flat_map(|pattern| {
                pattern
                    .cases
                    .iter()
                    .map(|case| (&*pattern.id, &*case.source))
            })
            .collect();
        let widely: Vec<String> = cases
            .par_iter()
            .filter_map(|(pattern, case)| {
                let text = format!("{case}\n\n\n{fillers}");
                let mut file = SourceFile::parse(Path::new("a.py"), &text);
                let results = Results::of(search, &file);
                let at = text.rfind("+ 15\n")? + 2;
                let reported = results.touching(&file, &(at..at + 2));
                let (changes, names) = file.edit(&TextEdit::replace(at..at + 2, "16"));
                let stale = results.stale(&file, &changes, &names);
                (stale.len() > 1 && reported.is_empty())
                    .then(|| format!("{pattern}: {} segments\n{case}", stale.len()))
            })
            .collect();
        assert!(
            cases.len() > 1000 && widely.is_empty(),
            "{}",
            widely.join("\n\n")
        );
    }
}
