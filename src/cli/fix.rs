//! Which fixes `hotseat check --fix` applies.

use std::cell::RefCell;

use crate::analysis::Engine;
use crate::catalog::{FixKind, Safety};
use crate::fixes::{Fix, Settled, settle, settle_by};
use crate::ide::Snapshot;
use crate::notebook::{Cells, Notebook};
use crate::text::edit;

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

/// The same for the cells of a notebook, which are fixed together. Also answers the notebook as it is afterwards.
pub fn fix_notebook(
    engine: &Engine,
    snapshot: &Snapshot,
    notebook: &Notebook,
    choice: &Choice,
) -> (Settled, Notebook) {
    let state = RefCell::new((notebook.clone(), notebook.join()));
    let fits = |fix: &Fix| state.borrow().1.split(&fix.edits).is_some();
    let edited = |_: &str, edits: &[edit::TextEdit]| {
        let mut state = state.borrow_mut();
        let (notebook, cells): &mut (Notebook, Cells) = &mut state;
        let mut changed = Vec::new();
        for (cell, edits) in cells.split(edits)? {
            changed.push((cell, edit::apply(notebook.source(cell), &edits).ok()?));
        }
        *notebook = notebook.with(&changed);
        *cells = notebook.join();
        Some(cells.text().to_owned())
    };
    let select = |_: &crate::analysis::Match, fix: &Fix| choice.accepts(fix) && fits(fix);
    let settled = settle_by(engine, &snapshot.file, &snapshot.settings, &select, &edited);
    let (notebook, _) = state.into_inner();
    (settled, notebook)
}
