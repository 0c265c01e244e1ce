//! The string has the shape of a known kind of key, or it is given to a name such as `api_key` and looks random: 12
//! characters or more, with letters and digits, without spaces, of some entropy. Placeholders, names of variables, URLs
//! and dotted words are no secrets; in test files only the known shapes count. The value is never repeated.

use std::sync::LazyLock;

use regex::Regex;

use crate::analysis::syntax::Node;
use crate::analysis::{Context, Report};

/// The shortest text that is looked at.
const SHORTEST: usize = 12;

/// Bits for each character, from which on a text counts as random.
const ENTROPY: f64 = 3.0;

/// What keys of a known kind start with.
const KNOWN_STARTS: [&str; 7] = ["sk-", "gh", "github_pat", "hf_", "AKIA", "AIza", "xox"];

static SHAPES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(sk-[A-Za-z0-9_-]{16,}|sk-ant-[A-Za-z0-9_-]{8,}|(ghp|gho|ghs|github_pat)_\w{8,}|hf_[A-Za-z0-9]{16,}",
        r"|AKIA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{30,}|xox[baprs]-[A-Za-z0-9-]{8,})$",
    ))
});

static PRIVATE_KEY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY( BLOCK)?-----(?s:(.*))$"));

static SECRET_NAME: LazyLock<Regex> =
    LazyLock::new(|| pattern("(?i)(api_?key|secret|token|passwd|password|access_?key|auth)$"));

static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(?i)your|example|test|dummy|fake|demo|sample|placeholder|change_?me|xxx|<.*>|…|\\.\\.\\.",
    )
});

/// The name of a variable, a template, a path or address, words that belong together.
static NO_SECRET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^([A-Z][A-Z0-9_]*|[a-zA-Z][a-zA-Z0-9+.-]*://.*|(\.{0,2}|~)/.*|.*\{.*\}.*|.*%[(sd].*|\$\{?[A-Za-z_]+\}?",
        r"|[A-Za-z]+\d{0,2}([._:/-][A-Za-z]+\d{0,2})+)$",
    ))
});

fn pattern(source: &str) -> Regex {
    Regex::new(source).unwrap_or_else(|error| unreachable!("{error}"))
}

/// Decides about a string.
pub fn check(cx: &Context<'_>, string: Node<'_>) -> Option<Report> {
    if string.text().len() < SHORTEST {
        return None;
    }
    let text = content(string)?;
    // Most strings are none of these, and none of the expressions below is needed to tell.
    let may_be_secret = KNOWN_STARTS.iter().any(|start| text.starts_with(start))
        || text.contains("PRIVATE KEY")
        || may_be_random(text) && !cx.settings.test_file;
    if text.len() < SHORTEST || !may_be_secret || PLACEHOLDER.is_match(text) {
        return None;
    }
    let known = SHAPES.is_match(text) || is_private_key(string, text);
    let found = known || !cx.settings.test_file && looks_random(text) && is_named_secret(string);
    found.then(|| Report::at(string))
}

/// Whether a text holds a key of a known kind, as a word of its own or as a private key with its first line.
pub fn holds_known_key(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let is_key =
        |text: &str| text.len() >= SHORTEST && SHAPES.is_match(text) && !PLACEHOLDER.is_match(text);
    text.split(|c| !word(c)).any(is_key)
        || text
            .find("-----BEGIN ")
            .is_some_and(|at| PRIVATE_KEY.is_match(&text[at..]))
}

/// The text between the quotes, of a string that stands alone and has no interpolation.
fn content(string: Node<'_>) -> Option<&str> {
    let children = string.children();
    if children.iter().any(|c| c.is("interpolation")) {
        return None;
    }
    let (first, last) = (children.first()?, children.last()?);
    let (from, to) = (first.end() - string.start(), last.start() - string.start());
    string.text().get(from..to)
}

/// A key with something behind its first line; the first line alone is what code compares with.
fn is_private_key(string: Node<'_>, text: &str) -> bool {
    let body = PRIVATE_KEY.captures(text).and_then(|c| c.get(3));
    body.is_some_and(|body| {
        let body = body.as_str().trim().trim_start_matches("\\n");
        !body.is_empty() || target_name(string).is_some()
    })
}

fn may_be_random(text: &str) -> bool {
    text.chars().count() >= SHORTEST
        && !text.contains(char::is_whitespace)
        && text.contains(|c: char| c.is_ascii_digit())
        && text.contains(char::is_alphabetic)
}

fn looks_random(text: &str) -> bool {
    may_be_random(text) && !NO_SECRET.is_match(text) && entropy(text) > ENTROPY
}

/// Shannon's entropy of the characters, in bits for each.
fn entropy(text: &str) -> f64 {
    let mut characters: Vec<char> = text.chars().collect();
    characters.sort_unstable();
    #[expect(
        clippy::cast_precision_loss,
        reason = "strings of source code are short"
    )]
    let share = |count: usize| count as f64 / characters.len() as f64;
    characters
        .chunk_by(|a, b| a == b)
        .map(|same| share(same.len()))
        .map(|p| -p * p.log2())
        .sum()
}

fn is_named_secret(string: Node<'_>) -> bool {
    target_name(string).is_some_and(|name| SECRET_NAME.is_match(name))
}

/// What a string is given to: a variable, an attribute, an item, a keyword argument, a key of a dict, a parameter.
fn target_name(string: Node<'_>) -> Option<&str> {
    let value = string.with_parentheses();
    let parent = value.parent()?;
    let field = |name: &str| parent.field(name).filter(|n| *n != value);
    let target = match parent.kind() {
        "assignment" => field("left"),
        "keyword_argument"
        | "default_parameter"
        | "typed_default_parameter"
        | "named_expression" => field("name"),
        "pair" => field("key"),
        _ => None,
    }?;
    let target = match target.kind() {
        "subscript" => target.field("subscript")?,
        _ => target,
    };
    match target.kind() {
        "string" => content(target),
        _ => target.last_name(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made up at run time, so that nobody's scanner takes this file for a leak.
    fn made(parts: &[&str]) -> String {
        parts.concat()
    }

    #[test]
    fn known_shapes_are_those_of_whole_keys() {
        let body = "abcDEF1234567890abcDEF1234567890";
        for parts in [
            ["sk-", "proj-", body],
            ["sk-", "ant-", body],
            ["gh", "p_", body],
            ["github", "_pat_", body],
            ["hf", "_", body],
            ["AK", "IA", "ABCDEFGHIJ234567"],
            ["AI", "za", body],
            ["xo", "xb-", body],
        ] {
            assert!(SHAPES.is_match(&made(&parts)), "{}", parts[0]);
        }
        for text in [
            "sk-",
            "sk-ant-",
            "ghp_",
            "xoxb-",
            "hf_hub_download",
            "sk-learn",
            "AKIA",
        ] {
            assert!(!SHAPES.is_match(text), "{text}");
        }
    }

    #[test]
    fn a_private_key_is_more_than_its_first_line() {
        let first = made(&["-----BEGIN ", "RSA PRIVATE KEY-----"]);
        let body = |text: &str| {
            PRIVATE_KEY
                .captures(text)
                .and_then(|c| Some(c.get(3)?.as_str().to_owned()))
        };
        assert_eq!(body(&first).as_deref(), Some(""));
        assert_eq!(body(&format!("{first}\nMIIE")).as_deref(), Some("\nMIIE"));
        assert_eq!(body(&made(&["-----BEGIN ", "PUBLIC KEY-----"])), None);
    }

    #[test]
    fn random_text_has_letters_digits_and_entropy() {
        for (text, expected) in [
            ("a8F3kQ9zL2mX7pR4", true),
            ("s3cr3t-Passw0rd-99", true),
            ("aaaaaaaaaaa1", false),
            ("abcdefghijklm", false),
            ("123456789012", false),
            ("use 12 characters", false),
            ("OPENAI_API_KEY_2", false),
            ("https://a.b/c?d=1e2", false),
            ("/var/run/key9.pem", false),
            ("app.backends.oauth2.Backend", false),
            ("X-Auth-Token2-Id", false),
            ("{prefix}-9f8e7d", false),
        ] {
            assert_eq!(looks_random(text), expected, "{text}");
        }
    }
}
