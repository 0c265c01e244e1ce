//! Which fixes `hotseat check --fix` applies.

use crate::analysis::Engine;
use crate::catalog::{FixKind, PatternIndex, Safety};
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
    /// Whether a fix is to be applied. A refactoring changes code that is right, so it is never applied unasked.
    fn accepts(&self, fix: &Fix) -> bool {
        let named = self.only.as_ref().is_some_and(|id| *id == fix.id);
        let is_asked_for = fix.kind == FixKind::QuickFix || self.review || named;
        let is_trusted = fix.safety == Safety::Safe || self.review;
        (named || self.only.is_none()) && is_asked_for && is_trusted
    }
}

/// Applies the chosen fixes to a file until they find nothing more to do.
pub fn fix(
    engine: &Engine,
    snapshot: &Snapshot,
    enabled: &dyn Fn(PatternIndex) -> bool,
    choice: &Choice,
) -> Settled {
    settle(
        engine,
        &snapshot.file,
        &snapshot.settings,
        enabled,
        &|_, fix| choice.accepts(fix),
    )
}
