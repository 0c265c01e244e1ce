//! All type variables of the signature, or of the `Generic[…]` base, must be declared at the top level of the file under
//! their own name, without a stated variance, and must not belong to a class or function around.

use crate::analysis::syntax::Node;
use crate::analysis::type_variables::own_variables;
use crate::analysis::{Context, Report};

/// Decides about a function or class.
pub fn check(cx: &Context<'_>, definition: Node<'_>) -> Option<Report> {
    let parameters: Vec<String> = own_variables(cx.file, definition)?
        .into_iter()
        .map(|(name, variable)| variable.inline(name, cx.settings.target))
        .collect::<Option<_>>()?;
    let name = definition.field("name")?.text();
    Some(
        Report::range(definition.header())
            .text("parameters", format!("{name}[{}]", parameters.join(", "))),
    )
}
