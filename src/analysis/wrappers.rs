//! Functions that are made to decorate others: they take a function and return one that calls it.

use super::parameters::{Parameter, ParameterKind, parameters};
use super::source_file::SourceFile;
use super::syntax::Node;

/// A function that returns a wrapper around one of its parameters.
#[derive(Debug)]
pub struct Decorator<'t> {
    /// The function that decorates.
    pub function: Node<'t>,
    /// The parameter that stands for the decorated function.
    pub parameter: Node<'t>,
    /// The nested function that is returned.
    pub wrapper: Node<'t>,
    /// The calls of the parameter in the wrapper.
    pub calls: Vec<Node<'t>>,
}

impl<'t> Decorator<'t> {
    /// Reads a function whose last statement returns a function that it defines, and that calls a parameter of it.
    pub fn of(file: &'t SourceFile, function: Node<'t>) -> Option<Self> {
        let wrapper = returned_function(file, function)?;
        parameters(function)
            .into_iter()
            .filter(|p| p.kind == ParameterKind::One)
            .find_map(|parameter| {
                let calls = calls_of(file, parameter.name, wrapper);
                (!calls.is_empty()).then_some(Self {
                    function,
                    parameter: parameter.name,
                    wrapper,
                    calls,
                })
            })
    }

    /// The decorator that an expression behind an `@` stands for, if this file defines it: `timed`, or `retry` of
    /// `retry(3)`, which returns one.
    pub fn behind(file: &'t SourceFile, expression: Node<'t>) -> Option<Self> {
        let function = file.function(expression.callee().unwrap_or(expression))?;
        if expression.is("call") {
            Self::of(file, returned_function(file, function)?)
        } else {
            Self::of(file, function)
        }
    }

    /// Whether the wrapper takes any positional arguments, and any keywords.
    pub fn takes_anything(&self) -> bool {
        let taken = parameters(self.wrapper);
        let takes = |kind| taken.iter().any(|p| p.kind == kind);
        takes(ParameterKind::Positional) && takes(ParameterKind::Keywords)
    }

    /// Whether `*args` or `**kwargs` go through the wrapper.
    pub fn is_general(&self) -> bool {
        parameters(self.wrapper)
            .iter()
            .any(|p| p.kind != ParameterKind::One)
            || self.calls.iter().any(|call| {
                call.arguments()
                    .iter()
                    .any(|a| a.is_any(&["list_splat", "dictionary_splat"]))
            })
    }

    /// Whether every argument of the wrapper goes on to the function as it came.
    pub fn hands_everything_on(&self) -> bool {
        let splats = |kind: &str| {
            self.calls
                .iter()
                .any(|call| call.arguments().iter().any(|a| a.is(kind)))
        };
        self.takes_anything() && splats("list_splat") && splats("dictionary_splat")
    }

    /// Whether it can be called with the decorated function alone.
    pub fn takes_one_function(&self) -> bool {
        let needed = |p: &&Parameter<'_>| {
            p.kind == ParameterKind::One && !p.has_default && p.name != self.parameter
        };
        let all = parameters(self.function);
        let others = all.iter().filter(needed).count();
        let method = self
            .function
            .definition()
            .is_some_and(|d| d.is("class_definition"));
        others == 0
            || (method && others == 1 && all.first().is_some_and(|p| p.name != self.parameter))
    }

    /// Whether this file puts it above a function: by its name, or by the name of the function that returns it.
    pub fn is_used_as_decorator(&self, file: &SourceFile) -> bool {
        let factory = self.function.function().filter(|outer| {
            outer.is("function_definition")
                && returned_function(file, *outer) == Some(self.function)
        });
        std::iter::once(self.function)
            .chain(factory)
            .filter_map(|function| function.field("name"))
            .any(|name| file.reads(name).into_iter().any(is_decorator))
    }
}

/// The nested function that the last statement of a function returns by its name.
pub fn returned_function<'t>(file: &'t SourceFile, function: Node<'t>) -> Option<Node<'t>> {
    let last = *function.body().last()?;
    let name = last
        .children()
        .first()
        .copied()
        .filter(|n| last.is("return_statement") && n.is("identifier"))?;
    file.function(name)
        .filter(|nested| nested.function() == Some(function))
}

fn calls_of<'t>(file: &'t SourceFile, parameter: Node<'t>, inside: Node<'t>) -> Vec<Node<'t>> {
    file.reads(parameter)
        .into_iter()
        .filter(|read| inside.contains(*read))
        .filter_map(|read| {
            let callee = read.with_parentheses();
            callee.parent().filter(|p| p.callee() == Some(callee))
        })
        .collect()
}

/// Whether an expression is what stands behind an `@`, called or not.
fn is_decorator(expression: Node<'_>) -> bool {
    expression.parent().is_some_and(|parent| {
        parent.is("decorator")
            || (parent.callee() == Some(expression)
                && parent.parent().is_some_and(|p| p.is("decorator")))
    })
}
