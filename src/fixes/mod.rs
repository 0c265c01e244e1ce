//! Edits that repair a match.
//!
//! A fix is drafted by a template or a rewrite, and then judged here by the hazards that hold for every fix: no comment
//! is lost, no broken statement is touched, no stub is changed, no newer Python is assumed.

mod apply;
pub mod arguments;
pub mod awaiting;
pub mod brackets;
pub mod comprehension;
pub mod concurrency;
mod declarations;
pub mod default_dict;
mod draft;
pub mod factory;
mod imports;
pub mod joining;
pub mod layout;
pub mod literal_type;
pub mod methods;
pub mod module_line;
pub mod parametrize;
pub mod rewrites;
mod spacing;
mod template;
#[cfg(test)]
mod testing;
mod unfolding;
mod width;
mod wrapping;

use std::ops::Range;
use std::sync::LazyLock;

use crate::analysis::syntax::Node;
use crate::analysis::{FileSettings, FixLimit, Match, SourceFile, checks};
use crate::catalog::{Catalog, FixEdit, FixKind, FixSpec, Safety, Vocabulary};
use crate::text::edit::{self, TextEdit};

pub use apply::{Applied, Settled, combine, settle, settle_by};
pub use draft::{Draft, FixContext, Withheld, not_meant, withhold};
pub use imports::{ImportEdit, Style};

/// So many lines are unfolded for one fix.
const MAX_UNFOLDED: usize = 8;

/// The names of the checks and rewrites that question files may use.
pub fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary {
        checks: Vec::leak(checks::ALL.iter().map(|entry| entry.name).collect()),
        rewrites: Vec::leak(rewrites::ALL.iter().map(|entry| entry.name).collect()),
    });
    &VOCABULARY
}

/// A fix for one match, or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    /// It can be applied.
    Fix(Fix),
    /// It would do damage here.
    Withheld {
        /// The fix's id.
        id: String,
        /// What the menu would say.
        title: String,
        /// Which menu it belongs to.
        kind: FixKind,
        /// Why it is not offered: one plain phrase.
        reason: String,
    },
}

/// A fix that can be applied to the text it was computed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The fix's id.
    pub id: String,
    /// What the menu says; ends in `(review)` when the person must look.
    pub title: String,
    /// Which menu it belongs to.
    pub kind: FixKind,
    /// How far it can be trusted here.
    pub safety: Safety,
    /// All edits, imports included.
    pub edits: Vec<TextEdit>,
    /// The edits without imports.
    pub(crate) local: Vec<TextEdit>,
    /// The import changes, to be merged with those of other fixes.
    pub(crate) imports: Vec<ImportEdit>,
    /// Names that nothing in the file has, and that the edits give to something.
    pub(crate) claimed: Vec<String>,
    /// What the edits repeat, and no other fix may change.
    pub(crate) relied_on: Vec<Range<usize>>,
}

/// How the lines of edits are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Lines that become too long are broken, as formatters do: what a person gets.
    Final,
    /// They are not, which takes less time: for those who only want to know which fixes there are.
    Draft,
}

/// What every fix of a match's pattern comes to at this place, in the order of the content; then those of the matches it
/// speaks for. Fixes that are made for
/// other places of the pattern are left out.
pub fn offers(
    file: &SourceFile,
    settings: &FileSettings,
    catalog: &Catalog,
    found: &Match,
    layout: Layout,
) -> Vec<Offer> {
    let places = std::iter::once(found).chain(&found.absorbed);
    let with_specs = places.flat_map(|found| {
        let specs = &catalog.patterns[found.pattern].fixes;
        specs.iter().map(move |spec| (found, spec))
    });
    with_specs
        .filter_map(|(found, spec)| offer(file, settings, found, spec, layout))
        .collect()
}

/// What one fix comes to at a match; `None` if it is made for other places of the pattern.
pub fn offer(
    file: &SourceFile,
    settings: &FileSettings,
    found: &Match,
    spec: &FixSpec,
    layout: Layout,
) -> Option<Offer> {
    match draft(file, settings, found, spec, layout) {
        Ok(fix) => Some(Offer::Fix(fix)),
        Err(Withheld::NotMeant) => None,
        Err(reason) => Some(Offer::Withheld {
            id: spec.id.clone(),
            title: spec.title.clone(),
            kind: spec.kind,
            reason: reason.to_string(),
        }),
    }
}

fn draft(
    file: &SourceFile,
    settings: &FileSettings,
    found: &Match,
    spec: &FixSpec,
    layout: Layout,
) -> Result<Fix, Withheld> {
    if settings.read_only {
        return withhold("stubs and generated files are left alone");
    }
    if let Some(needed) = spec.min_python.filter(|needed| settings.target < *needed) {
        return withhold(format!(
            "needs Python {needed}; this project supports {}",
            settings.target
        ));
    }
    let limit = match found.fix_limit {
        FixLimit::Offered(safety) => safety,
        FixLimit::Withheld(reason) => return withhold(reason),
    };
    let draft = sketch_with_room(file, settings, found, spec, MAX_UNFOLDED)?;
    let safety = spec.safety.min(limit).min(draft.safety);
    // Of two insertions at the same place the import comes first.
    let imports = imports::edits(file, &draft.imports);
    let (mut edits, local) = match layout {
        Layout::Draft => (imports, draft.edits),
        Layout::Final => {
            let local = joining::joined(file, settings, draft.edits);
            let wrapped = |edits| wrapping::wrapped(file, settings, edits);
            (wrapped(imports), wrapped(local))
        }
    };
    edits.extend(local.iter().cloned());
    judge(file, &edits)?;
    let title = draft.title.as_ref().unwrap_or(&spec.title);
    let title = if safety == Safety::Review {
        format!("{title} (review)")
    } else {
        title.clone()
    };
    Ok(Fix {
        id: spec.id.clone(),
        title,
        kind: spec.kind,
        safety,
        edits,
        local,
        imports: draft.imports,
        claimed: draft.claimed,
        relied_on: draft.relied_on,
    })
}

/// The edits that make the import changes of one or several fixes, each place touched once.
fn import_edits(
    file: &SourceFile,
    settings: &FileSettings,
    changes: &[ImportEdit],
) -> Vec<TextEdit> {
    wrapping::wrapped(file, settings, imports::edits(file, changes))
}

/// What a template or a rewrite has to say about a match.
struct Sketch {
    edits: Vec<TextEdit>,
    imports: Vec<ImportEdit>,
    safety: Safety,
    title: Option<String>,
    claimed: Vec<String>,
    relied_on: Vec<Range<usize>>,
}

fn sketch(
    file: &SourceFile,
    settings: &FileSettings,
    found: &Match,
    spec: &FixSpec,
) -> Result<Sketch, Withheld> {
    let cx = FixContext {
        file,
        settings,
        found,
    };
    let draft = match &spec.edit {
        FixEdit::Template(replacements) => template::fill(&cx, replacements)?,
        FixEdit::Rewrite(name) => match rewrites::ALL.iter().find(|entry| entry.name == name) {
            Some(entry) => (entry.run)(&cx)?,
            None => return withhold(format!("there is no rewrite `{name}`")),
        },
    };
    let mut imports = draft.imports;
    if draft.releases_imports {
        imports.extend(imports::dropped(file, &draft.edits));
    }
    Ok(Sketch {
        edits: draft.edits,
        imports,
        safety: draft.safety,
        title: draft.title,
        claimed: draft.claimed,
        relied_on: draft.relied_on,
    })
}

/// The same, after as many lines as it needs have been unfolded where other code is in its way.
fn sketch_with_room(
    file: &SourceFile,
    settings: &FileSettings,
    found: &Match,
    spec: &FixSpec,
    lines: usize,
) -> Result<Sketch, Withheld> {
    let first = sketch(file, settings, found, spec);
    let Err(Withheld::SharesLine(place)) = &first else {
        return first;
    };
    let Some(unfolded) = unfolding::unfolded(file, found, place).filter(|_| lines > 0) else {
        return first;
    };
    let sketch = sketch_with_room(&unfolded.file, settings, &unfolded.found, spec, lines - 1)?;
    let Ok(edits) = edit::compose(file.text(), &unfolded.edits, &sketch.edits) else {
        return first;
    };
    let imports = sketch.imports.iter();
    let imports = imports.map(|import| import.moved(|at| unfolding::back(&unfolded.edits, at)));
    let Some(imports) = imports.collect::<Option<_>>() else {
        return first;
    };
    let relied_on = sketch.relied_on.iter().filter_map(|range| {
        let back = |at| unfolding::back(&unfolded.edits, at);
        Some(back(range.start)?..back(range.end)?)
    });
    Ok(Sketch {
        edits,
        imports,
        relied_on: relied_on.collect(),
        ..sketch
    })
}

/// The hazards that forbid any fix.
fn judge(file: &SourceFile, edits: &[TextEdit]) -> Result<(), Withheld> {
    if edits.is_empty() {
        return withhold("there is nothing to change");
    }
    let written: String = edits
        .iter()
        .map(|edit| edit.text.as_str())
        .collect::<Vec<_>>()
        .join("\n");
    for edit in edits {
        let Some(node) = file.covering(edit.range()) else {
            return withhold("the code has changed");
        };
        let is_lost = |n: &Node<'_>| {
            let inside = edit.start <= n.start() && n.end() <= edit.end;
            inside && n.is("comment") && !written.contains(n.text())
        };
        // What an edit touches is a small part of what is around it, which may be the whole file.
        let touched = || node.walk_while(|n| n.start() < edit.end && edit.start < n.end());
        if edit.start < edit.end && touched().iter().any(is_lost) {
            return withhold("a comment would be lost");
        }
        let insertion_between_statements =
            edit.start == edit.end && node.is_any(&["module", "block"]);
        if !insertion_between_statements && node.statement().has_error() {
            return withhold("the statement has a syntax error");
        }
    }
    if edit::check(file.text(), edits).is_err() {
        return withhold("its edits overlap");
    }
    Ok(())
}
