//! `pytestmark` below the imports, for a file with at least three coroutine tests that nothing runs. Withheld where the
//! file has a `pytestmark` already.

use crate::analysis::names::MODULE;
use crate::analysis::pytest::{Unrun, unrun_coroutine_test};
use crate::fixes::module_line::insert_below_imports;
use crate::fixes::rewrites::add_asyncio_mark::asyncio_mark;
use crate::fixes::{Draft, FixContext, Withheld, not_meant, withhold};

/// From so many tests on, one line for all of them is shorter.
const TESTS: usize = 3;

/// See the module.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let unrun = cx
        .file
        .nodes()
        .filter(|n| n.is("function_definition"))
        .filter(|n| unrun_coroutine_test(cx.file, cx.settings, *n) == Some(Unrun::ByPytest));
    if unrun.take(TESTS).count() < TESTS {
        return not_meant();
    }
    if cx.file.names().binds(MODULE, "pytestmark") {
        return withhold("the file has a `pytestmark` already");
    }
    let mut draft = cx.draft();
    let statement = cx.hit()?.ancestors().filter(|n| !n.is("module")).last();
    let Some(statement) = statement else {
        return withhold("the code has changed");
    };
    let mark = asyncio_mark(cx, &mut draft, statement)?;
    insert_below_imports(cx, &mut draft, &format!("pytestmark = {mark}"))?;
    Ok(draft)
}
