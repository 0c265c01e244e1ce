//! The empty lines around definitions.

use crate::analysis::SourceFile;
use crate::analysis::syntax::Node;

/// Whether empty lines stand around the definitions of the module and of its classes, as every formatter puts them there.
pub fn is_spaced(file: &SourceFile) -> bool {
    gaps(file).all(|gap| gap.lines > 0)
}

/// How many empty lines set off a definition of the module: two where the file shows that it is laid out so.
pub fn around_definitions(file: &SourceFile) -> usize {
    let wanted = |gap: &Gap| if gap.of_module { 2 } else { 1 };
    let mut shown = gaps(file).peekable();
    let two = shown.peek().is_some() && gaps(file).all(|gap| gap.lines >= wanted(&gap));
    if two { 2 } else { 1 }
}

/// How many empty lines belong between a statement of the module and the line that starts at a byte.
pub fn above(file: &SourceFile, line: usize) -> usize {
    let follows = file.text().get(line..).unwrap_or_default();
    let definitions = ["def ", "async def ", "class ", "@"];
    if definitions.iter().any(|word| follows.starts_with(word)) {
        around_definitions(file)
    } else {
        1
    }
}

/// What stands between a definition and the statement beside it.
struct Gap {
    /// How many empty lines.
    lines: usize,
    /// Whether they are statements of the module, not of a class.
    of_module: bool,
}

/// The gaps around the definitions of the module and of its classes. Between definitions of one line, such as overloads,
/// there need not be any.
fn gaps(file: &SourceFile) -> impl Iterator<Item = Gap> {
    let statements = file.statements();
    let classes = statements.iter().map(|statement| statement.undecorated());
    let classes = classes.filter(|statement| statement.is("class_definition"));
    let bodies: Vec<(bool, Vec<Node<'_>>)> = classes.map(|class| (false, class.body())).collect();
    let blocks = std::iter::once((true, statements)).chain(bodies);
    blocks.flat_map(|(of_module, block)| {
        let around: Vec<Gap> = block
            .windows(2)
            .filter_map(|pair| {
                let [above, below] = *pair else { return None };
                let lines = empty_lines(above, below)?;
                let set_off = is_long_definition(above) || is_long_definition(below);
                let defines = is_definition(above) || is_definition(below);
                (set_off || defines && lines > 0).then_some(Gap { lines, of_module })
            })
            .collect();
        around
    })
}

fn is_definition(statement: Node<'_>) -> bool {
    let statement = statement.undecorated();
    statement.is_any(&["class_definition", "function_definition"])
}

/// Whether a statement is a definition of several lines.
fn is_long_definition(statement: Node<'_>) -> bool {
    let definition = statement.undecorated();
    is_definition(definition) && definition.text().contains(['\n', '\r'])
}

/// How many empty lines stand between two statements; `None` if they share a line.
fn empty_lines(above: Node<'_>, below: Node<'_>) -> Option<usize> {
    let text = above.syntax().text();
    let between = text.get(above.end()..below.start()).unwrap_or_default();
    let (_, rest) = between.split_once('\n')?;
    let lines = rest.rsplit_once('\n').map(|(lines, _)| lines);
    let empty = |lines: &str| {
        lines
            .split('\n')
            .filter(|line| line.trim().is_empty())
            .count()
    };
    Some(lines.map_or(0, empty))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[track_caller]
    fn around(text: &str, expected: usize, spaced: bool) {
        for text in [text.to_owned(), text.replace('\n', "\r\n")] {
            let file = SourceFile::parse(Path::new("a.py"), &text);
            assert_eq!(around_definitions(&file), expected, "{text}");
            assert_eq!(is_spaced(&file), spaced, "{text}");
        }
    }

    #[test]
    fn a_file_shows_how_it_sets_off_definitions() {
        around("def f():\n    pass\n", 1, true);
        around("x = 1\n\n\ndef f():\n    pass\n", 2, true);
        around("x = 1\n\ndef f():\n    pass\n", 1, true);
        around("x = 1\ndef f():\n    pass\n", 1, false);
        around("def f():\n    pass\n# g\nx = 1\n", 1, false);
        around("def f(): ...\ndef g(): ...\n", 1, true);
        around("def f(): ...\n\n\ndef g(): ...\n", 2, true);
        around(
            "class A:\n    x = 1\n\n    # f\n    def f(self):\n        pass\n",
            2,
            true,
        );
        around(
            "class A:\n    x = 1\n    def f(self):\n        pass\n",
            1,
            false,
        );
    }
}
