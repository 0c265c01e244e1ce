//! A fix while it is being written: edits, the imports they need, and how far they can be trusted.

use std::ops::Range;

use super::declarations;
use super::imports::{self, ImportEdit, Style};
use crate::analysis::syntax::Node;
use crate::analysis::{FileSettings, Match, SourceFile};
use crate::catalog::Safety;
use crate::text::edit::TextEdit;

/// Why a fix is not offered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Withheld {
    /// It would do damage here: one plain phrase, shown to people who ask for it.
    #[error("{0}")]
    Because(String),
    /// It would write lines where other code stands beside this range.
    #[error("other code shares a line with it")]
    SharesLine(Range<usize>),
    /// It is made for other places that the same pattern reports; nobody is told about it here.
    #[error("the fix is made for other places")]
    NotMeant,
}

/// Gives up on a fix for this reason.
///
/// # Errors
///
/// Always: that is what it is for.
pub fn withhold<T>(reason: impl Into<String>) -> Result<T, Withheld> {
    Err(Withheld::Because(reason.into()))
}

/// Leaves a place to the other fixes of the pattern: this one is not even listed there.
///
/// # Errors
///
/// Always: that is what it is for.
pub fn not_meant<T>() -> Result<T, Withheld> {
    Err(Withheld::NotMeant)
}

/// What a rewrite sees.
pub struct FixContext<'t> {
    /// The file.
    pub file: &'t SourceFile,
    /// What the project says about the file.
    pub settings: &'t FileSettings,
    /// The match to repair.
    pub found: &'t Match,
}

impl<'t> FixContext<'t> {
    /// The reported node (the outermost one with the reported range).
    ///
    /// # Errors
    ///
    /// If the report's range is not that of one node.
    pub fn hit(&self) -> Result<Node<'t>, Withheld> {
        self.node(self.found.range.clone())
    }

    /// The reported node of this kind. If the report's range is only the header of a statement, the statement.
    ///
    /// # Errors
    ///
    /// If there is no such node.
    pub fn hit_of_kind(&self, kind: &str) -> Result<Node<'t>, Withheld> {
        let range = self.found.range.clone();
        let node = self
            .file
            .node_of_kind(range.clone(), kind)
            .or_else(|| self.file.node_starting_at(range.start, kind));
        node.map_or_else(|| withhold("the code has changed"), Ok)
    }

    /// The first node captured under this name.
    ///
    /// # Errors
    ///
    /// If the check captured none.
    pub fn capture(&self, name: &str) -> Result<Node<'t>, Withheld> {
        match self.found.capture(name) {
            Some(range) => self.node(range),
            None => withhold(format!("nothing is captured as `{name}`")),
        }
    }

    /// All nodes captured under this name.
    pub fn captures(&self, name: &str) -> Vec<Node<'t>> {
        self.found
            .captures(name)
            .filter_map(|range| self.file.node_at(range))
            .collect()
    }

    /// An empty draft, as safe as can be.
    pub fn draft(&self) -> Draft<'t> {
        Draft {
            file: self.file,
            edits: Vec::new(),
            imports: Vec::new(),
            safety: Safety::Safe,
            title: None,
            releases_imports: false,
            claimed: Vec::new(),
            relied_on: Vec::new(),
        }
    }

    fn node(&self, range: Range<usize>) -> Result<Node<'t>, Withheld> {
        self.file
            .node_at(range)
            .map_or_else(|| withhold("the code has changed"), Ok)
    }
}

/// A fix while it is being written.
#[derive(Debug)]
pub struct Draft<'t> {
    file: &'t SourceFile,
    pub(super) edits: Vec<TextEdit>,
    pub(super) imports: Vec<ImportEdit>,
    pub(super) safety: Safety,
    pub(super) title: Option<String>,
    pub(super) releases_imports: bool,
    pub(super) claimed: Vec<String>,
    pub(super) relied_on: Vec<Range<usize>>,
}

impl<'t> Draft<'t> {
    /// How to write a qualified name at a place, importing it if the file does not yet (`asyncio.sleep`,
    /// `dataclasses.field`). Builtins (`builtins.list`) need no import but must not be hidden.
    ///
    /// # Errors
    ///
    /// If the name, and its module's name, mean something else there.
    pub fn symbol(
        &mut self,
        qualified: &str,
        at: Node<'t>,
        style: Style<'t>,
    ) -> Result<String, Withheld> {
        let (text, import) = imports::symbol(self.file, qualified, at, style)?;
        if let Some(edit) = import.filter(|edit| !self.imports.contains(edit)) {
            self.imports.push(edit);
        }
        Ok(text)
    }

    /// Makes the fix remove the imported names that its edits take away and do not write anywhere. If no use of such a name
    /// remains, neither in the file nor after the other fixes of the same run, it is removed from its `from … import …`,
    /// and an import without names is removed altogether.
    pub fn release_imports(&mut self) {
        self.releases_imports = true;
    }

    /// Records that the edits give this name to something, because nothing in the file has it: of the fixes of one run only
    /// one may do so.
    pub fn claim(&mut self, name: impl Into<String>) {
        self.claimed.push(name.into());
    }

    /// Records that the edits repeat what a node says: no other fix of the same run may change it.
    pub fn rely_on(&mut self, node: Node<'_>) {
        self.relied_on.push(node.range());
    }

    /// Records that the edits of this draft take away the uses of `name` inside `user`. If no other use remains, neither
    /// in the file nor after the other fixes of the same run, the statement whose value `value` is goes, unless a comment
    /// or other code shares its lines.
    pub fn retire(&mut self, value: Node<'_>, name: &str, user: Node<'_>) {
        let change = declarations::retire(self.file, value, name, user);
        self.imports.extend(change);
    }

    /// Replaces a node.
    pub fn replace(&mut self, node: Node<'_>, text: impl Into<String>) {
        self.replace_range(node.range(), text);
    }

    /// Replaces a range of bytes.
    pub fn replace_range(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.edits.push(TextEdit::replace(range, text));
    }

    /// Inserts text before a byte.
    pub fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.edits.push(TextEdit::insert(at, text));
    }

    /// Deletes a range of bytes.
    pub fn delete(&mut self, range: Range<usize>) {
        self.replace_range(range, "");
    }

    /// Marks the fix as one to be reviewed.
    pub fn review(&mut self) {
        self.safety = Safety::Review;
    }

    /// Uses this title instead of the content's.
    pub fn title(&mut self, title: impl Into<String>) {
        self.title = Some(title.into());
    }
}
