//! The nodes while they are being found, and the table made of them.
//!
//! A node is added when it ends, so after the nodes below it: what an operator makes of an operand that is already there
//! costs nothing. One pass over the finished list then puts every node before those below it.

use super::kinds::{Field, Kind, ids};
use crate::analysis::table::{NodeData, narrow};

/// A node that has ended.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
    /// How many nodes it is with those below it, which stand directly before it.
    pub size: u32,
    /// Its kind.
    pub kind: Kind,
    /// The field of the parent that it stands in.
    pub field: Field,
}

/// The nodes of a text, each after those below it, the last one being the root. `places` is room to work in.
pub fn table(nodes: &[Ended], places: &mut Vec<u32>) -> Vec<NodeData> {
    let ids = ids();
    let mut table = vec![NodeData::default(); nodes.len()];
    places.clear();
    places.resize(nodes.len(), 0);
    for (index, node) in nodes.iter().enumerate().rev() {
        let place = places[index];
        let (kind, flags) = ids.kinds[node.kind as usize];
        let data = &mut table[place as usize];
        data.start = node.start;
        data.end = node.end;
        data.behind = place + node.size;
        data.kind = kind;
        data.field = ids.fields[node.field as usize];
        data.flags = flags;
        let mut behind = place + node.size;
        let mut child = index;
        while behind > place + 1 {
            child -= 1;
            let size = nodes[child].size;
            behind -= size;
            places[child] = behind;
            let data = &mut table[behind as usize];
            data.parent = place;
            child -= size as usize - 1;
            data.previous = match child.checked_sub(1) {
                Some(sibling) if behind > place + 1 => behind - nodes[sibling].size,
                _ => behind,
            };
        }
    }
    table
}

/// Cuts the nodes of a head and a body of one `pass` to those of the head and the block that goes on elsewhere. `None` if
/// there is none.
pub fn cut(nodes: &mut Vec<NodeData>, limit: usize) -> Option<()> {
    let limit = narrow(limit);
    let block = nodes.len().checked_sub(3)?;
    let is_cut = nodes[block].kind == ids().kinds[Kind::Block as usize].0
        && nodes[block].start >= limit
        && nodes[..block].iter().all(|node| node.start < limit);
    if !is_cut {
        return None;
    }
    nodes.truncate(block + 1);
    let count = narrow(nodes.len());
    for node in nodes {
        node.start = node.start.min(limit);
        node.end = node.end.min(limit);
        node.behind = node.behind.min(count);
    }
    Some(())
}
