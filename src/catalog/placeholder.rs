//! The one syntax for texts with placeholders: messages, remarks and fix templates.
//!
//! `{name}` is a capture, `{asyncio.create_task}` (with a dot) a symbol, `{{` and `}}` are literal braces.

/// A part of a text with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Literal text, with doubled braces already made single.
    Text(String),
    /// The name of a capture.
    Capture(String),
    /// The qualified name of a symbol.
    Symbol(String),
}

/// Why a text with placeholders cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaceholderError {
    /// `{` without `}`.
    #[error("a `{{` has no `}}`; write `{{{{` for a brace itself")]
    Open,
    /// `}` without `{`.
    #[error("a `}}` has no `{{`; write `}}}}` for a brace itself")]
    Close,
    /// What stands between the braces is no name.
    #[error("`{{{0}}}` is not a capture or a dotted name")]
    Name(String),
}

/// Cuts a text into literal parts and placeholders.
///
/// # Errors
///
/// If a brace has no counterpart or does not hold a name.
pub fn pieces(text: &str) -> Result<Vec<Piece>, PlaceholderError> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        literal.push_str(before);
        if let Some(after) = from.strip_prefix("{{") {
            literal.push('{');
            rest = after;
        } else if let Some(after) = from.strip_prefix("}}") {
            literal.push('}');
            rest = after;
        } else if let Some(after) = from.strip_prefix('{') {
            let (name, after) = after.split_once('}').ok_or(PlaceholderError::Open)?;
            if !is_qualified_name(name) {
                return Err(PlaceholderError::Name(name.to_owned()));
            }
            if !literal.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut literal)));
            }
            pieces.push(if name.contains('.') {
                Piece::Symbol(name.to_owned())
            } else {
                Piece::Capture(name.to_owned())
            });
            rest = after;
        } else {
            return Err(PlaceholderError::Close);
        }
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        pieces.push(Piece::Text(literal));
    }
    Ok(pieces)
}

/// Whether a text is a name, or names joined by dots.
pub(super) fn is_qualified_name(text: &str) -> bool {
    text.split('.').all(|part| {
        !part.starts_with(|c: char| c.is_ascii_digit())
            && !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_alphanumeric() || c == '_' || c == '-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captures_symbols_and_braces_are_told_apart() {
        assert_eq!(
            pieces("{asyncio.create_task}({coroutine}) {{}}").unwrap(),
            [
                Piece::Symbol("asyncio.create_task".to_owned()),
                Piece::Text("(".to_owned()),
                Piece::Capture("coroutine".to_owned()),
                Piece::Text(") {}".to_owned()),
            ]
        );
    }

    #[test]
    fn lone_braces_and_strange_names_are_refused() {
        assert_eq!(pieces("a {b"), Err(PlaceholderError::Open));
        assert_eq!(pieces("a } b"), Err(PlaceholderError::Close));
        assert_eq!(
            pieces("{a b}"),
            Err(PlaceholderError::Name("a b".to_owned()))
        );
        assert_eq!(pieces("{}"), Err(PlaceholderError::Name(String::new())));
    }
}
