//! Every reading that takes part in the difference reads `time.perf_counter()` instead, or `time.monotonic()` where the
//! time is a deadline or an age. Withheld where a reading is used for something else as well, and to be reviewed where
//! other files can read it.

use crate::analysis::clocks::{Age, Family, Meaning};
use crate::fixes::{Draft, FixContext, Style, Withheld, withhold};

/// Rewrites the readings behind the reported operation.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let hit = cx.hit_of_kind("binary_operator")?;
    let (readings, monotonic, mixed, public) = if let Some(family) = Family::of(cx.file, hit) {
        let mixed = family.meaning != Meaning::Duration;
        (family.readings, family.deadline, mixed, family.public)
    } else if let Some(age) = Age::of(cx.file, hit) {
        (age.readings, true, age.mixed, true)
    } else {
        return withhold("the code has changed");
    };
    if mixed {
        return withhold("a reading is used for something else, too");
    }
    let mut draft = cx.draft();
    draft.release_imports();
    if public || monotonic {
        draft.review();
    }
    let name = if monotonic {
        "time.monotonic"
    } else {
        "time.perf_counter"
    };
    for call in readings {
        let Some(callee) = call.callee() else {
            return withhold("the code has changed");
        };
        let written = draft.symbol(name, call, Style::Like(callee))?;
        draft.replace(callee, written);
    }
    Ok(draft)
}
