//! Makes the dict a `defaultdict` of containers, and every place that fills it a plain update.

use crate::fixes::default_dict::{self, Filled};
use crate::fixes::{Draft, FixContext, Withheld};

/// Drafts the fix.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    default_dict::rewrite(cx, &Filled::reported(cx)?)
}
