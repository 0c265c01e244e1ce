//! Adds the decorator. Made for methods whose first parameter is called `cls`; withheld for special methods, which Python
//! calls with the instance, and where the method calls something on its `cls` that may need an instance.

use crate::analysis::SourceFile;
use crate::analysis::classes::known_bases;
use crate::analysis::methods::is_dunder;
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Withheld, methods, not_meant, withhold};

/// Lets a method have the class that it asks for.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let method = methods::reported(cx)?;
    if cx.found.variant != Some("cls") {
        return not_meant();
    }
    if is_dunder(cx.capture("method")?.text()) {
        return withhold("Python calls it with the instance");
    }
    let cls = cx.capture("cls")?;
    let class = method.definition().filter(|d| d.is("class_definition"));
    if class.is_some_and(|class| calls_instance_method(cx.file, class, cls)) {
        return withhold("it calls what may need an instance");
    }
    let mut draft = cx.draft();
    methods::decorate(cx, &mut draft, method, "classmethod")?;
    Ok(draft)
}

/// Whether a method is called on `cls` that is plain, or that comes from a base of which nothing is known here.
fn calls_instance_method(file: &SourceFile, class: Node<'_>, cls: Node<'_>) -> bool {
    let from_elsewhere = known_bases(file, class)
        .into_iter()
        .any(|base| file.class(base).is_none() && !file.is_builtin(base, "object"));
    file.reads(cls).into_iter().any(|read| {
        let called = read
            .parent()
            .filter(|p| p.is("attribute") && p.field("object") == Some(read))
            .filter(|p| p.parent().is_some_and(|call| call.callee() == Some(*p)))
            .and_then(Node::last_name);
        called.is_some_and(|name| match file.method(class, name) {
            Some(method) => method.decorators().is_empty(),
            None => from_elsewhere,
        })
    })
}
