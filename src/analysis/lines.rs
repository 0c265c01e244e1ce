//! Where statements begin, told from the text alone.
//!
//! Cutting a file before it is parsed needs no grammar, only what lets a statement go on over several lines: strings,
//! brackets and backslashes. What a person is typing is often open; so a line that can only begin a statement closes all
//! brackets before it.

use memchr::{memchr2, memmem};

/// Words that begin a statement and never stand inside brackets.
const STATEMENT_WORDS: [&str; 14] = [
    "assert", "break", "class", "continue", "def", "del", "global", "import", "nonlocal", "pass",
    "raise", "return", "try", "while",
];

/// Words that go on with the statement before them.
const CONTINUATIONS: [&str; 4] = ["elif", "else", "except", "finally"];

/// Words that begin a statement with a body.
const COMPOUND: [&str; 8] = ["async", "class", "def", "for", "if", "try", "while", "with"];

/// How many lines of comments are one piece at most.
const COMMENT_LINES: usize = 64;

/// A piece of a text that is cut at statements of one indentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The byte behind it.
    pub end: usize,
    /// The first line inside of it that looks like the beginning of another statement.
    pub doubtful: Option<usize>,
    /// What ends it.
    pub ending: Ending,
    /// Its lines, or the one behind it, are indented as no statements of its level are.
    pub irregular: bool,
    /// It has no body.
    pub simple: bool,
}

/// What ends a piece. Anything but a line might be different if the text went on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The line behind it.
    Line,
    /// The end of the text.
    Text,
    /// The end of the text, inside of brackets.
    TextInBrackets,
    /// The end of the text, inside a string over several lines.
    TextInString,
}

/// The piece that starts at a byte, which is the beginning of a line. `indentation` is the white space in front of the
/// statements of this level.
pub fn piece(text: &str, start: usize, indentation: &str) -> Piece {
    let first = Line::at(text, start);
    let mut decorated = first.is_decorator();
    let simple = !decorated && !COMPOUND.contains(&first.word);
    // An `@` that is being typed does not belong to the definition below.
    let unnamed_decorator = decorated
        && !text[start..].trim_start()[1..]
            .starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '('));
    let mut scanner = Scanner::new(text, start);
    let mut doubtful = None;
    let mut only_comments = first.comment;
    let mut comments = usize::from(first.comment);
    // Where a run of comments that ends the piece is long enough.
    let mut enough = None;
    let mut irregular = first.is_code() && first.indentation != indentation;
    while let Some((at, clean)) = scanner.next_line() {
        let line = Line::at(text, at);
        let here = line.indentation == indentation;
        if !clean {
            if here && doubtful.is_none() && line.begins_statement() {
                doubtful = Some(at);
            }
            continue;
        }
        if line.comment {
            comments += usize::from(here);
            if comments > COMMENT_LINES && here {
                enough = enough.or(Some(at));
                if only_comments {
                    break;
                }
            }
            continue;
        }
        if line.blank {
            continue;
        }
        if here && line.begins_statement() {
            let decorates = decorated && (line.is_decorator() || line.begins_definition());
            if !decorates {
                return Piece {
                    end: enough.unwrap_or(at),
                    doubtful,
                    ending: Ending::Line,
                    irregular,
                    simple,
                };
            }
            if unnamed_decorator {
                doubtful = doubtful.or(Some(at));
            }
            decorated = line.is_decorator();
        } else if !line.indentation.starts_with(indentation) && !line.is_continuation() {
            return Piece {
                end: enough.unwrap_or(at),
                doubtful,
                ending: Ending::Line,
                irregular: true,
                simple,
            };
        }
        irregular |= only_comments && !here;
        only_comments = false;
        comments = 0;
        enough = None;
    }
    let ending = if enough.is_some() && only_comments {
        Ending::Line
    } else if scanner.unfinished {
        Ending::TextInString
    } else if scanner.depth > 0 {
        Ending::TextInBrackets
    } else {
        Ending::Text
    };
    Piece {
        end: enough.unwrap_or(text.len()),
        doubtful,
        ending,
        irregular,
        simple,
    }
}

/// The byte behind the line that a byte is on.
pub fn line_end(text: &str, at: usize) -> usize {
    memchr2(b'\n', b'\r', &text.as_bytes()[at..]).map_or(text.len(), |offset| at + offset + 1)
}

/// The byte behind what tells how a line begins: its white space and first two words.
pub fn beginning_end(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    let indentation = rest.len() - rest.trim_start_matches([' ', '\t', '\u{c}']).len();
    let mut words = rest[indentation..].match_indices(|c: char| c.is_whitespace() || c == '(');
    let behind = words
        .nth(1)
        .map_or(rest.len(), |(index, _)| indentation + index + 1);
    (at + behind).min(line_end(text, at))
}

/// Whether a line can belong to the statements of a level.
pub fn belongs(text: &str, start: usize, indentation: &str) -> bool {
    let line = Line::at(text, start);
    !line.is_code() || line.indentation.starts_with(indentation)
}

/// Whether a line begins a run of statements, however the lines before it were grouped: told from the line itself, so that
/// an edit moves no other boundary.
pub fn is_boundary(text: &str, start: usize) -> bool {
    let line = text[start..].lines().next().unwrap_or_default();
    let hash = line.bytes().fold(0u32, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(u32::from(byte))
    });
    (hash ^ (hash >> 15)).is_multiple_of(6)
}

/// Where the head of a definition ends and its body begins: the byte of the body's first line and that line's white space.
/// `None` if the text is no definition with a body on lines of its own.
pub fn body_of(text: &str, indentation: &str) -> Option<(usize, String)> {
    let mut scanner = Scanner::new(text, 0);
    let mut line = Line::at(text, 0);
    while line.comment || line.blank || line.is_decorator() {
        line = Line::at(text, scanner.next_clean_line()?);
    }
    if !line.begins_definition() {
        return None;
    }
    loop {
        let next = scanner.next_clean_line()?;
        let line = Line::at(text, next);
        if line.blank || line.comment {
            continue;
        }
        let deeper = line.indentation.len() > indentation.len()
            && line.indentation.starts_with(indentation)
            && !line.is_continuation();
        return deeper.then(|| (next, line.indentation.to_owned()));
    }
}

/// A line by its text alone.
#[derive(Clone, Copy)]
struct Line<'t> {
    indentation: &'t str,
    /// Its first word; empty if it starts with something else.
    word: &'t str,
    rest: &'t str,
    first: Option<char>,
    comment: bool,
    blank: bool,
}

impl<'t> Line<'t> {
    fn at(text: &'t str, start: usize) -> Self {
        let rest = &text[start..];
        let spaces = rest.bytes().take_while(|b| matches!(b, b' ' | b'\t' | 0xc));
        let (indentation, content) = rest.split_at(spaces.count());
        let first = content.chars().next();
        // Most words are ASCII; where one is not, characters are looked at.
        let ascii = content
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_');
        let mut end = ascii.count();
        if content
            .as_bytes()
            .get(end)
            .is_some_and(|byte| !byte.is_ascii())
        {
            let behind = content.find(|c: char| !c.is_alphanumeric() && c != '_');
            end = behind.unwrap_or(content.len());
        }
        Self {
            indentation,
            word: &content[..end],
            rest: &content[end..],
            first,
            comment: first == Some('#'),
            blank: matches!(first, None | Some('\n' | '\r')),
        }
    }

    fn is_code(&self) -> bool {
        !self.comment && !self.blank
    }

    fn is_decorator(&self) -> bool {
        self.first == Some('@')
    }

    fn begins_definition(&self) -> bool {
        let async_def = |rest: &str| {
            let name = rest.trim_start().strip_prefix("def");
            name.is_some_and(|name| name.starts_with([' ', '\t']))
        };
        matches!(self.word, "class" | "def") || self.word == "async" && async_def(self.rest)
    }

    fn is_continuation(&self) -> bool {
        CONTINUATIONS.contains(&self.word)
    }

    /// Whether the line starts with a word, a decorator or a string, and goes on with no other statement.
    fn begins_statement(&self) -> bool {
        self.first
            .is_some_and(|c| c.is_alphabetic() || matches!(c, '_' | '@' | '"' | '\''))
            && !self.is_continuation()
    }
}

/// Walks over a text line by line.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
    /// How many brackets are open.
    depth: usize,
    /// The byte behind the string over several lines that `at` is in.
    string_end: Option<usize>,
    /// The text ended inside such a string.
    unfinished: bool,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str, at: usize) -> Self {
        Self {
            text,
            at,
            depth: 0,
            string_end: None,
            unfinished: false,
        }
    }

    /// The beginning of the next line on which a statement may begin.
    fn next_clean_line(&mut self) -> Option<usize> {
        std::iter::from_fn(|| self.next_line())
            .find(|(_, clean)| *clean)
            .map(|(at, _)| at)
    }

    /// The beginning of the next line, and whether a statement may begin there: not inside a string or brackets, and not
    /// behind a backslash.
    fn next_line(&mut self) -> Option<(usize, bool)> {
        let bytes = self.text.as_bytes();
        loop {
            if let Some(end) = self.string_end {
                if let Some(offset) = memchr2(b'\n', b'\r', &bytes[self.at..end]) {
                    self.at += offset;
                    return self.break_line().map(|at| (at, false));
                }
                self.at = end;
                self.string_end = None;
            }
            match bytes.get(self.at)? {
                b'\n' | b'\r' => {
                    let at = self.break_line()?;
                    if self.depth > 0 && STATEMENT_WORDS.contains(&Line::at(self.text, at).word) {
                        self.depth = 0;
                    }
                    return Some((at, self.depth == 0));
                }
                b'#' => {
                    self.at += memchr2(b'\n', b'\r', &bytes[self.at..])?;
                }
                b'\\' => {
                    self.at += 1;
                    if matches!(bytes.get(self.at), Some(b'\n' | b'\r')) {
                        return self.break_line().map(|at| (at, false));
                    }
                }
                &quote @ (b'"' | b'\'') => self.string(quote),
                b'(' | b'[' | b'{' => {
                    self.depth += 1;
                    self.at += 1;
                }
                b')' | b']' | b'}' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
    }

    /// Steps over a line ending; `None` if nothing follows.
    fn break_line(&mut self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        self.at += if bytes[self.at..].starts_with(b"\r\n") {
            2
        } else {
            1
        };
        (self.at < bytes.len()).then_some(self.at)
    }

    /// Steps over a string in one line, or into one over several lines.
    fn string(&mut self, quote: u8) {
        let bytes = self.text.as_bytes();
        let quotes = [quote; 3];
        if bytes[self.at..].starts_with(&quotes) {
            let mut from = self.at + 3;
            let end = loop {
                let Some(offset) = memmem::find(&bytes[from..], &quotes) else {
                    self.unfinished = true;
                    break bytes.len();
                };
                let close = from + offset;
                let backslashes = bytes[self.at + 3..close]
                    .iter()
                    .rev()
                    .take_while(|b| **b == b'\\');
                if backslashes.count().is_multiple_of(2) {
                    break close + 3;
                }
                from = close + 1;
            };
            self.at = (self.at + 3).min(end);
            self.string_end = Some(end);
            return;
        }
        self.at += 1;
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'\n' | b'\r' => return,
                b'\\' => {
                    self.at += 1;
                    if bytes[self.at..].starts_with(b"\r\n") {
                        self.at += 1;
                    }
                    self.at += 1;
                }
                _ => {
                    self.at += 1;
                    if byte == quote {
                        return;
                    }
                }
            }
        }
        self.at = self.at.min(bytes.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces of a text at a level.
    fn pieces<'t>(text: &'t str, indentation: &str) -> Vec<&'t str> {
        let mut start = 0;
        let mut found = Vec::new();
        while start < text.len() {
            let end = piece(text, start, indentation).end;
            found.push(&text[start..end]);
            start = end;
        }
        found
    }

    #[test]
    fn a_statement_ends_where_the_next_one_of_its_level_begins() {
        assert_eq!(
            pieces(
                "a\nif b:\n    c\nelse:\n    d\n\n# e\n@f\n@g\ndef h():\n    i\nj",
                ""
            ),
            [
                "a\n",
                "if b:\n    c\nelse:\n    d\n\n# e\n",
                "@f\n@g\ndef h():\n    i\n",
                "j"
            ]
        );
        assert_eq!(
            pieces("  a\r\n  def b():\r\n    c\r\n  d", "  "),
            ["  a\r\n", "  def b():\r\n    c\r\n", "  d"]
        );
    }

    #[test]
    fn strings_brackets_and_backslashes_go_on() {
        for whole in [
            "a = \"\"\"\nb\n\\\"\"\" c\nd\"\"\"\n",
            "a = (\nb,\n[\nc\n],\n)\n",
            "a = b \\\nif c else d\n",
            "a = \"b\\\nc\"\n",
            "a = ''\n# b's (",
        ] {
            assert_eq!(
                pieces(&format!("{whole}\nz"), ""),
                [&format!("{whole}\n"), "z"],
                "{whole:?}"
            );
        }
    }

    #[test]
    fn a_line_that_can_only_begin_a_statement_closes_brackets() {
        assert_eq!(
            pieces("a = f(\ndef b():\n    c\n", ""),
            ["a = f(\n", "def b():\n    c\n"]
        );
        let open = piece("a = f(\nb = 1\nc = 2\n", 0, "");
        assert_eq!((open.end, open.doubtful), (19, Some(7)));
    }

    #[test]
    fn an_open_string_says_so() {
        let open = piece("a = \"\"\"\nb\n", 0, "");
        assert_eq!(
            (open.ending, open.doubtful),
            (Ending::TextInString, Some(8))
        );
    }

    #[test]
    fn long_runs_of_comments_are_cut() {
        let lengths: Vec<usize> = pieces(&"#\n".repeat(200), "")
            .iter()
            .map(|p| p.len())
            .collect();
        assert!(
            lengths
                .iter()
                .all(|length| *length <= 2 * (COMMENT_LINES + 1)),
            "{lengths:?}"
        );
    }

    #[test]
    fn the_body_of_a_definition_begins_behind_its_head() {
        let body = |text| body_of(text, "").map(|(at, indentation)| (&text[at..], indentation));
        assert_eq!(
            body("@d(\n1)\n# c\nclass A(\n    B,\n):\n  # e\n  x\n"),
            Some(("  x\n", "  ".to_owned()))
        );
        assert_eq!(
            body("async def f(): # g\n\n\tx\n"),
            Some(("\tx\n", "\t".to_owned()))
        );
        assert_eq!(body("class A: x = 1\n"), None);
        assert_eq!(body("if a:\n    b\n"), None);
        assert_eq!(body("async with a:\n    b\n"), None);
    }
}
