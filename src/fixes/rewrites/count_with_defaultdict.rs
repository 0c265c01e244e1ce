//! Makes the dict a `defaultdict` of numbers, and every place that counts in it a plain `+=`. Not meant where a `Counter`
//! says it all.

use crate::fixes::default_dict::{self, Filled, counting_loop};
use crate::fixes::{Draft, FixContext, Withheld, not_meant};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let filled = Filled::reported(cx)?;
    if counting_loop(cx, &filled).is_some() {
        return not_meant();
    }
    default_dict::rewrite(cx, &filled)
}
