//! Everything that the patterns find in a file, kept up to date while the file is edited.
//!
//! What was found in a segment is kept relative to the segment, together with what the checks read outside of it. An edit
//! makes only those segments be searched again that changed or that read something which changed.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::engine::Engine;
use super::found::Match;
use super::names::NameChanges;
use super::overlap;
use super::reads::{self, Reads};
use super::segments::Changes;
use super::settings::FileSettings;
use super::source_file::SourceFile;
use super::syntax::{Segment, Slot};
use crate::catalog::{Catalog, PatternIndex, Tier};

/// What was found in a file.
#[derive(Debug, Default, Clone)]
pub struct Results {
    found: HashMap<Slot, Found>,
    readers: Readers,
    /// The segments with a match that reaches into another one.
    far: HashSet<Slot>,
    /// Matches that lose against one in another segment.
    beaten: HashSet<(Slot, usize)>,
}

/// What was found in one segment.
#[derive(Debug, Default, Clone)]
struct Found {
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
    spellings: HashMap<Box<str>, HashSet<Slot>>,
    everything: HashSet<Slot>,
}

impl Readers {
    fn add(&mut self, reader: Slot, reads: &Reads) {
        for slot in &reads.segments {
            self.segments.entry(*slot).or_default().insert(reader);
        }
        for (all, read) in [
            (&mut self.names, &reads.names),
            (&mut self.spellings, &reads.spellings),
        ] {
            for word in read {
                all.entry(word.clone()).or_default().insert(reader);
            }
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
        for (all, read) in [
            (&mut self.names, &reads.names),
            (&mut self.spellings, &reads.spellings),
        ] {
            for word in read {
                if let Some(readers) = all.get_mut(word) {
                    readers.remove(&reader);
                    if readers.is_empty() {
                        all.remove(word);
                    }
                }
            }
        }
        self.everything.remove(&reader);
    }
}

/// How a file is searched.
#[derive(Clone, Copy)]
pub struct Search<'a> {
    /// The patterns.
    pub engine: &'a Engine,
    /// What the project says about the file.
    pub settings: &'a FileSettings,
    /// Which patterns count.
    pub enabled: &'a dyn Fn(PatternIndex) -> bool,
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
        if names.star_imports {
            *self = Self::of(search, file);
            return;
        }
        let mut stale: HashSet<Slot> = changes.changed.iter().copied().collect();
        for slot in changes.changed.iter().chain(&changes.removed) {
            stale.extend(self.readers.segments.get(slot).into_iter().flatten());
        }
        for name in &names.names {
            stale.extend(file.names().segments_spelling(name));
            stale.extend(self.readers.names.get(name).into_iter().flatten());
        }
        for word in &names.spellings {
            stale.extend(self.readers.spellings.get(word).into_iter().flatten());
        }
        stale.extend(&self.readers.everything);
        let moved = self.far.iter().filter(|slot| self.has_moved(file, **slot));
        stale.extend(moved);
        self.renew(search, file, stale);
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
        if let Some(found) = self.found.remove(&slot) {
            self.readers.remove(slot, &found.reads);
        }
        self.far.remove(&slot);
    }

    fn renew(
        &mut self,
        search: Search<'_>,
        file: &SourceFile,
        slots: impl IntoIterator<Item = Slot>,
    ) {
        for slot in slots {
            let Some(position) = file.syntax().position(slot) else {
                continue;
            };
            self.forget(slot);
            let find = || {
                search
                    .engine
                    .search(file, position, search.settings, search.enabled)
            };
            let (matches, reads) = reads::watch(slot, find);
            self.readers.add(slot, &reads);
            if matches.is_empty() && reads == Reads::default() {
                continue;
            }
            let found = Found::new(search.engine.catalog(), file, position, matches, reads);
            if found.reaches_out(&file.syntax().segments()[position]) {
                self.far.insert(slot);
            }
            self.found.insert(slot, found);
        }
        self.settle(search.engine.catalog(), file);
    }

    /// Lets matches that reach into other segments and those that they meet there decide who speaks.
    fn settle(&mut self, catalog: &Catalog, file: &SourceFile) {
        let mut beaten = HashSet::new();
        for slot in &self.far {
            for (index, one) in self.all_of(file, *slot) {
                for other in self.slots_in(file, &one.range) {
                    if other == *slot {
                        continue;
                    }
                    for (place, two) in self.all_of(file, other) {
                        if one.range.end <= two.range.start || two.range.end <= one.range.start {
                            continue;
                        }
                        let same = one.pattern == two.pattern && one.range == two.range;
                        if overlap::outranks(catalog, &two, &one) || same && other < *slot {
                            beaten.insert((*slot, index));
                        }
                        if overlap::outranks(catalog, &one, &two) || same && *slot < other {
                            beaten.insert((other, place));
                        }
                    }
                }
            }
        }
        self.beaten = beaten;
    }

    /// All matches of a segment.
    fn all_of<'r>(
        &'r self,
        file: &SourceFile,
        slot: Slot,
    ) -> impl Iterator<Item = (usize, Match)> + 'r {
        let start = file
            .syntax()
            .segment(slot)
            .map_or(0, |segment| segment.start);
        let matches = self
            .found
            .get(&slot)
            .map_or(&[][..], |found| &found.matches);
        let absolute = move |(index, found): (usize, &Match)| (index, found.shifted(start));
        matches.iter().enumerate().map(absolute)
    }

    /// The segments that a range of bytes touches, and those whose matches reach further than themselves.
    fn slots_in(&self, file: &SourceFile, range: &Range<usize>) -> Vec<Slot> {
        let syntax = file.syntax();
        let first = syntax.position_at(range.start.saturating_sub(1));
        let last = syntax.position_at(range.end);
        let near = syntax.segments()[first..=last]
            .iter()
            .map(|segment| segment.slot);
        let far = self.far.iter().copied();
        let far = far.filter(|slot| {
            !syntax
                .position(*slot)
                .is_some_and(|p| (first..=last).contains(&p))
        });
        near.chain(far)
            .filter(|slot| self.found.contains_key(slot))
            .collect()
    }

    /// The matches of some segments that count, in source order.
    fn collect(
        &self,
        file: &SourceFile,
        slots: impl IntoIterator<Item = Slot>,
        wanted: impl Fn(&Match) -> bool,
    ) -> Vec<Match> {
        let mut collected = Vec::new();
        for slot in slots {
            let Some((found, segment)) = self.found.get(&slot).zip(file.syntax().segment(slot))
            else {
                continue;
            };
            for (index, one) in found.matches.iter().enumerate() {
                let speaks = !found.lost[index] && !self.beaten.contains(&(slot, index));
                if speaks && wanted(one) {
                    collected.push(one.shifted(segment.start));
                }
            }
        }
        collected.sort_by_key(Match::order);
        collected
    }

    /// Every match, sorted by where it starts, then by pattern.
    pub fn all(&self, file: &SourceFile) -> Vec<Match> {
        self.collect(file, self.found.keys().copied(), |_| true)
    }

    /// The matches of patterns that report a problem, in the same order.
    pub fn findings(&self, file: &SourceFile, catalog: &Catalog) -> Vec<Match> {
        let is_finding = |found: &Match| catalog.patterns[found.pattern].tier == Tier::Finding;
        self.collect(file, self.found.keys().copied(), is_finding)
    }

    /// The matches whose range touches a range of bytes, in the same order.
    pub fn touching(&self, file: &SourceFile, range: &Range<usize>) -> Vec<Match> {
        let mut matches = self.collect(file, self.slots_in(file, range), |_| true);
        matches.retain(|m| m.range.start <= range.end && range.start <= m.range.end);
        matches
    }
}

impl Found {
    fn new(
        catalog: &Catalog,
        file: &SourceFile,
        position: usize,
        mut matches: Vec<Match>,
        reads: Reads,
    ) -> Self {
        let segment = &file.syntax().segments()[position];
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
            matches: matches.iter().map(|found| found.shifted(back)).collect(),
            lost,
            distances,
            reads,
        }
    }

    fn reaches_out(&self, segment: &Segment) -> bool {
        let length = segment.parsed.text.len();
        let mut ranges = self.matches.iter().map(|found| &found.range);
        !self.distances.is_empty() || ranges.any(|range| range.end > length)
    }
}
