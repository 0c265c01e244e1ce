//! Queries that are left to tree-sitter: with quantifiers, or looking from a definition into its body.
//!
//! They need the tree of everything that belongs together, however it is cut; so they cost a parse of the whole statement
//! of the module, or of the whole file if they name the module, where one segment was edited.

use std::ops::Range;

use streaming_iterator::StreamingIterator;
use tree_sitter::{Query, QueryCursor, QueryError};

use super::engine::Candidate;
use super::source_file::SourceFile;
use super::syntax::Node;
use super::table::{language, parse};
use crate::catalog::PatternIndex;

/// All such queries joined into one: a cursor over one large query is far cheaper than many cursors.
#[derive(Debug, Default)]
pub struct TreeQueries {
    query: Option<Query>,
    /// The pattern of each top-level pattern of the query.
    owners: Vec<PatternIndex>,
    /// One of them names the module.
    whole_file: bool,
}

impl TreeQueries {
    /// Joins the queries of patterns.
    pub fn compile(parts: &[(PatternIndex, &str)]) -> Result<Self, QueryError> {
        if parts.is_empty() {
            return Ok(Self::default());
        }
        let mut source = String::new();
        let mut ends = Vec::new();
        for (pattern, text) in parts {
            source.push_str(text);
            source.push('\n');
            ends.push((source.len(), *pattern));
        }
        let query = Query::new(language(), &source)?;
        let owner = |i: usize| {
            let start = query.start_byte_for_pattern(i);
            ends.iter()
                .find(|(end, _)| start < *end)
                .map_or(0, |(_, pattern)| *pattern)
        };
        let owners = (0..query.pattern_count()).map(owner).collect();
        Ok(Self {
            query: Some(query),
            owners,
            whole_file: source.contains("module"),
        })
    }

    /// What the queries find in the statements that begin in a segment.
    pub fn candidates<'t>(
        &self,
        file: &'t SourceFile,
        position: usize,
        found: &mut Vec<Candidate<'t>>,
    ) {
        let segments = file.syntax().segments();
        let Some((query, segment)) = self.query.as_ref().zip(segments.get(position)) else {
            return;
        };
        let range = if self.whole_file {
            if position > 0 {
                return;
            }
            0..file.text().len()
        } else if segment.host.is_none() {
            // The nodes that are found note themselves which segments were read.
            let last = position + segment.below as usize;
            file.syntax().read(position..last + 1);
            segment.start..segments[last].end()
        } else {
            return;
        };
        let text = file.slice(range.clone());
        let tree = parse(text);
        let names = query.capture_names();
        let mut cursor = QueryCursor::new();
        let mut matches = cursor.matches(query, tree.root_node(), text.as_bytes());
        while let Some(one) = matches.next() {
            let captured = one.captures.iter().filter_map(|capture| {
                let bytes = capture.node.byte_range();
                let node = locate(file, shifted(&bytes, range.start), capture.node.kind_id())?;
                Some((names[capture.index as usize], node))
            });
            let captured: Vec<_> = captured.collect();
            found.extend(Candidate::captured(
                self.owners[one.pattern_index],
                &captured,
            ));
        }
    }
}

fn shifted(range: &Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

/// The node of this kind with this range.
fn locate(file: &SourceFile, range: Range<usize>, kind: u16) -> Option<Node<'_>> {
    let innermost = file.covering(range.clone())?;
    let around = std::iter::once(innermost).chain(innermost.ancestors());
    let mut around = around.take_while(|node| node.range().start <= range.start);
    let named = around.find(|node| node.kind_number() == kind && node.start() == range.start);
    named.or_else(|| {
        let mut tokens = innermost.tokens().into_iter();
        tokens.find(|token| token.range() == range && token.kind_number() == kind)
    })
}
