//! The lines of a cell that are for `IPython` and no Python: `%magic`, `!command`, `name?`, `%%cell magic`.

use std::ops::Range;

/// Cell magics whose cell is Python all the same.
const OF_PYTHON: [&str; 5] = ["capture", "prun", "python3", "time", "timeit"];

/// A cell as Python.
#[derive(Debug, PartialEq, Eq)]
pub struct Python {
    /// As long as the cell, byte for byte.
    pub text: String,
    /// What differs from the cell.
    pub replaced: Vec<Range<usize>>,
    /// The end of the line that must stay the first one; 0 without one.
    pub head: usize,
}

/// Replaces the lines that are no Python by others that do nothing; `None` if the whole cell is something else.
pub fn python(source: &str) -> Option<Python> {
    let mut python = Python {
        text: String::with_capacity(source.len()),
        replaced: Vec::new(),
        head: 0,
    };
    let mut state = State::default();
    let mut magic_goes_on = false;
    let mut first = true;
    for line in source.split_inclusive('\n') {
        let start = python.text.len();
        let content = line.trim();
        let cell_magic = content.strip_prefix("%%").filter(|_| first);
        if let Some(words) = cell_magic {
            let name = words.split_whitespace().next().unwrap_or_default();
            if !OF_PYTHON.contains(&name) {
                return None;
            }
            python.head = start + line.len();
        }
        first &= content.is_empty();
        let before = state;
        let is_magic = if magic_goes_on {
            true
        } else {
            let starts = state.is_at_a_start() && content.starts_with(['%', '!', '?']);
            starts || (state.reads(line) && before.is_at_a_start())
        };
        if is_magic {
            state = before;
            let replaced = replace(line, start, magic_goes_on, &mut python.text);
            python.replaced.extend(replaced);
            magic_goes_on = content.ends_with('\\');
        } else {
            python.text.push_str(line);
        }
    }
    Some(python)
}

/// Appends a line that does nothing, and answers which bytes differ.
fn replace(line: &str, start: usize, goes_on: bool, text: &mut String) -> Option<Range<usize>> {
    let end = line.trim_end().len();
    let indentation = line.len() - line.trim_start().len();
    let Some(length) = end.checked_sub(indentation).filter(|length| *length > 0) else {
        text.push_str(line);
        return None;
    };
    // A block needs a statement; the further lines of one may be indented in any way.
    let word = match (indentation, length) {
        (0, _) => "#",
        _ if goes_on => "#",
        (_, 4..) => "pass",
        _ => "0",
    };
    text.push_str(&line[..indentation]);
    text.push_str(word);
    text.extend(std::iter::repeat_n(' ', length - word.len()));
    text.push_str(&line[end..]);
    Some(start + indentation..start + end)
}

/// Where Python's own reader is between two lines.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    brackets: usize,
    /// The quote of a string that goes on, and whether it is written three times.
    string: Option<(char, bool)>,
    /// The line before ends with a backslash.
    continued: bool,
}

impl State {
    fn is_at_a_start(&self) -> bool {
        self.brackets == 0 && self.string.is_none() && !self.continued
    }

    /// Follows a line; true if it has something outside of strings and comments that Python never has: `?`, or `!` or `%`
    /// behind `=`.
    fn reads(&mut self, line: &str) -> bool {
        let mut foreign = false;
        let mut before = ' ';
        let mut rest = line.chars();
        self.continued = false;
        while let Some(character) = rest.next() {
            if let Some((quote, triple)) = self.string {
                let ends = match character {
                    '\n' => !triple,
                    character => character == quote && (!triple || skip(&mut rest, quote)),
                };
                if character == '\\' {
                    rest.next();
                } else if ends {
                    self.string = None;
                }
                continue;
            }
            match character {
                '#' => break,
                '"' | '\'' => self.string = Some((character, skip(&mut rest, character))),
                '(' | '[' | '{' => self.brackets += 1,
                ')' | ']' | '}' => self.brackets = self.brackets.saturating_sub(1),
                '?' => foreign = true,
                '!' | '%' => foreign |= before == '=',
                '\\' => self.continued = rest.as_str().trim_end_matches(['\r', '\n']).is_empty(),
                _ => {}
            }
            // `a %= b` is Python, and so is `a == b`.
            let assigns = character == '=' && !matches!(before, '=' | '!' | '<' | '>' | '%');
            if assigns {
                before = '=';
            } else if character != ' ' || before != '=' {
                before = if character == '=' { '!' } else { character };
            }
        }
        foreign
    }
}

/// Skips two more quotes, if they follow.
fn skip(rest: &mut std::str::Chars<'_>, quote: char) -> bool {
    let mut ahead = rest.clone();
    let follow = ahead.next() == Some(quote) && ahead.next() == Some(quote);
    if follow {
        *rest = ahead;
    }
    follow
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn masked(source: &str) -> Option<String> {
        python(source).map(|python| python.text)
    }

    #[test]
    fn magics_commands_and_questions_are_replaced() {
        for (source, expected) in [
            ("%matplotlib inline\nx = 1", "#                 \nx = 1"),
            ("!pip install a \\\n  b\nx", "#               \n  #\nx"),
            ("?len\nlen?\nx = 1  # why?", "#   \n#   \nx = 1  # why?"),
            ("files = !ls\nx = %who\n", "#          \n#       \n"),
            (
                "if x:\n    !ls\n    %cd ..\n",
                "if x:\n    0  \n    pass  \n",
            ),
            ("é = !ls\n", "#       \n"),
        ] {
            assert_eq!(masked(source).as_deref(), Some(expected), "{source}");
        }
    }

    #[test]
    fn what_is_python_stays() {
        for source in [
            "x = (5\n% 3)\n",
            "'''\n%s\n!no\n'''\n",
            "x = 7 \\\n% 3\n",
            "x %= 3\ny = x % 3 != 1\nz = x == '?'\n",
            "s = 'a\\'?'\nt = \"\"\"\"?\"\"\"\n",
            "f(a=b)[\n%c]\n",
        ] {
            assert_eq!(masked(source).as_deref(), Some(source));
        }
    }

    #[test]
    fn a_cell_of_another_language_is_none() {
        assert_eq!(masked("%%bash\nls"), None);
        assert_eq!(masked("\n%%html\n<b>"), None);
        let timed = python("%%timeit -n 5\nx = 1").unwrap();
        assert_eq!(
            (timed.text.as_str(), timed.head),
            ("#            \nx = 1", 14)
        );
    }

    proptest! {
        #[test]
        fn nothing_moves(source in "([%!?='\"#(){}\\\\a é]|\n|'''| = |%%time)*") {
            if let Some(python) = python(&source) {
                prop_assert_eq!(python.text.len(), source.len());
                let breaks = |text: &str| text.match_indices('\n').map(|(at, _)| at).collect::<Vec<_>>();
                prop_assert_eq!(breaks(&python.text), breaks(&source));
                for (at, _) in source.char_indices() {
                    let replaced = python.replaced.iter().any(|range| range.contains(&at));
                    prop_assert!(replaced || python.text[at..].chars().next() == source[at..].chars().next());
                }
            }
        }
    }
}
