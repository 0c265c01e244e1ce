//! What can be wrong with a question file, and where.

use std::path::PathBuf;

/// A mistake in the content, with the place a person has to look at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}:{line}: {}{kind}", path.display(), in_pattern(pattern.as_deref()))]
pub struct ContentError {
    /// The question file or folder.
    pub path: PathBuf,
    /// The 1-based line.
    pub line: u32,
    /// The pattern that it concerns.
    pub pattern: Option<String>,
    /// What is wrong.
    pub kind: ContentErrorKind,
}

/// What is wrong with a question file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContentErrorKind {
    /// The file or folder cannot be read as UTF-8 text.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// A place of the skeleton that nobody has filled in yet.
    #[error("still to be filled in: {0}")]
    Unfilled(String),
    /// The file does not start with a `+++` block.
    #[error("the file must start with TOML front matter between two `+++` lines")]
    NoFrontMatter,
    /// A block that is not TOML.
    #[error("not valid TOML: {0}")]
    Toml(String),
    /// A key that means nothing here.
    #[error("unknown key `{key}`{}", did_you_mean(suggestion.as_deref()))]
    UnknownKey {
        /// The key as written.
        key: String,
        /// The known key that looks most like it.
        suggestion: Option<String>,
    },
    /// A key that must be there.
    #[error("`{key}` is missing{reason}")]
    MissingKey {
        /// The key.
        key: &'static str,
        /// Empty, or why it is needed, starting with `: `.
        reason: &'static str,
    },
    /// A key that has no meaning for this kind of pattern or fix.
    #[error("`{key}` does not belong here: {reason}")]
    MisplacedKey {
        /// The key.
        key: &'static str,
        /// Why not.
        reason: &'static str,
    },
    /// A value of the wrong type or range.
    #[error("`{key}` must be {expected}")]
    WrongValue {
        /// The key.
        key: String,
        /// What it must be.
        expected: String,
    },
    /// A name that refers to nothing.
    #[error("unknown {what} `{name}`{}", did_you_mean(suggestion.as_deref()))]
    UnknownName {
        /// The kind of thing: `check`, `question`, `heading`.
        what: &'static str,
        /// The name as written.
        name: String,
        /// The known name that looks most like it.
        suggestion: Option<String>,
    },
    /// An id that is used more than once.
    #[error("{what} `{id}` exists already, at {first}")]
    Duplicate {
        /// The kind of thing.
        what: &'static str,
        /// The id.
        id: String,
        /// Where it was seen first, `path:line`.
        first: String,
    },
    /// An id that is not in kebab-case.
    #[error("`{0}` is not an id: use lower-case words joined by `-`")]
    InvalidId(String),
    /// The front matter says another section than the folder.
    #[error("section `{section}` does not match the folder `{folder}`")]
    SectionDiffersFromFolder {
        /// What the front matter says.
        section: String,
        /// The folder's name.
        folder: String,
    },
    /// A heading that every question has.
    #[error("the heading `{0}` is missing")]
    MissingHeading(&'static str),
    /// A heading in the wrong place.
    #[error("the heading `{heading}` is out of place: {reason}")]
    MisplacedHeading {
        /// The heading with its number signs.
        heading: String,
        /// What would be right.
        reason: &'static str,
    },
    /// Text, a list or a fence in the wrong place.
    #[error("{what} is out of place: {reason}")]
    Misplaced {
        /// What stands there.
        what: &'static str,
        /// What would be right.
        reason: &'static str,
    },
    /// Nothing where something must be.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// The short answer does not fit the hover.
    #[error("the short answer has {0} lines; the hover shows at most 8")]
    ShortAnswerTooLong(usize),
    /// Too few key points to rate an answer by.
    #[error("{0} key points are too few; write at least 4")]
    TooFewKeyPoints(usize),
    /// A link that is not a full address.
    #[error("`{0}` is not a full `https://` address")]
    MalformedLink(String),
    /// A mention's id must start with `m-`, a finding's must not.
    #[error("{}", if *.mention { "the id of a mention starts with `m-`" } else { "the id of a finding does not start with `m-`" })]
    TierPrefix {
        /// Whether the pattern is a mention.
        mention: bool,
    },
    /// A pattern with nothing to look for.
    #[error("no trigger: give `calls`, `refers`, `decorates`, `inherits` or `query`")]
    NoTrigger,
    /// A tree-sitter query that does not compile.
    #[error("the query does not compile: {0}")]
    Query(String),
    /// A tree-sitter query that reports nothing.
    #[error("the query captures nothing as `@hit`")]
    QueryWithoutHit,
    /// A predicate that the engine would ignore.
    #[error("the query uses the unknown predicate `#{0}`")]
    QueryPredicate(String),
    /// A text with placeholders that cannot be read.
    #[error("`{key}`: {problem}")]
    Placeholder {
        /// The key of the text.
        key: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A pattern without a case of one sort.
    #[error("no `python {0}` case")]
    MissingCase(&'static str),
    /// Code that is not Python.
    #[error("this code does not parse as Python")]
    Python,
    /// A case in a `match` fence that marks nothing.
    #[error("a `match` case needs at least one caret line")]
    NoCarets,
    /// A caret line that cannot be read or does not fit the code above it.
    #[error("{0}")]
    Caret(&'static str),
    /// A fence that runs to the end of the file.
    #[error("this fence is never closed")]
    UnclosedFence,
    /// A fence that means nothing here.
    #[error("a fence `{info}` means nothing here: {expected}")]
    UnknownFence {
        /// The fence's info string.
        info: String,
        /// Which fences there are.
        expected: &'static str,
    },
}

fn in_pattern(pattern: Option<&str>) -> String {
    pattern.map_or_else(String::new, |id| format!("pattern `{id}`: "))
}

fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"))
}

/// The known name that `name` was probably meant to be.
pub fn closest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let allowed = (name.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (edit_distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}

/// How many characters have to be inserted, removed or replaced to get from `a` to `b`.
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        let mut left = i + 1;
        for ((to, above), diagonal) in b.iter().zip(row.iter().skip(1)).zip(&row) {
            left = (diagonal + usize::from(from != *to))
                .min(above + 1)
                .min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_reads_as_place_pattern_problem() {
        let error = ContentError {
            path: PathBuf::from("content/questions/x/y.md"),
            line: 42,
            pattern: Some("foo".to_owned()),
            kind: ContentErrorKind::UnknownName {
                what: "check",
                name: "bar".to_owned(),
                suggestion: closest("bar", ["quux", "baz"]),
            },
        };
        assert_eq!(
            error.to_string(),
            "content/questions/x/y.md:42: pattern `foo`: unknown check `bar` (did you mean `baz`?)"
        );
    }

    #[test]
    fn a_suggestion_is_only_made_for_similar_names() {
        assert_eq!(
            closest("severty", ["severity", "section"]),
            Some("severity".to_owned())
        );
        assert_eq!(closest("colour", ["severity", "section"]), None);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("", "abc"), 3);
    }
}
