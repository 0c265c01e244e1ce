//! Which fixes `hotseat check --fix` applies.

use crate::analysis::Engine;
use crate::catalog::{FixKind, Safety};
use crate::fixes::{Fix, Settled, settle};
use crate::ide::Snapshot;

/// What the command line asks for.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Also fixes that have to be reviewed, and refactorings.
    pub review: bool,
    /// Only the fix with this id.
    pub only: Option<String>,
}

impl Choice {
    /// Whether a fix is to be applied. One that is asked for by name is, whatever its safety; unasked, a refactoring,
    /// which changes code that is right, is not.
    fn accepts(&self, fix: &Fix) -> bool {
        match &self.only {
            Some(id) => *id == fix.id,
            None => self.review || (fix.kind == FixKind::QuickFix && fix.safety == Safety::Safe),
        }
    }
}

/// Applies the chosen fixes to a file until they find nothing more to do.
pub fn fix(engine: &Engine, snapshot: &Snapshot, choice: &Choice) -> Settled {
    settle(engine, &snapshot.file, &snapshot.settings, &|_, fix| {
        choice.accepts(fix)
    })
}
