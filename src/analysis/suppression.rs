//! Comments that silence findings.
//!
//! `# hotseat: ignore` and `# hotseat: ignore[id, id]` silence what is reported on their line, with pattern or question ids;
//! so do `# noqa` and `# noqa: CODE, CODE` for patterns that other linters have a rule for. `# hotseat: ignore-file` on a
//! line of its own silences the file. What stands behind such a word, or behind another `#`, is for people.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memmem};

use super::found::Match;
use super::source_file::SourceFile;
use super::syntax::Segment;
use crate::catalog::{Catalog, Tier};

/// What the comments start with that are meant for this program alone.
const OWN: &str = "hotseat:";

/// What a part of a comment says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Directive<'c> {
    /// `hotseat: ignore`
    Everything,
    /// `hotseat: ignore[id, id]`: the text in the brackets.
    Listed(&'c str),
    /// `hotseat: ignore-file`
    File,
    /// `noqa`
    EveryRule,
    /// `noqa: CODE, CODE`: the text behind the colon.
    Rules(&'c str),
}

/// Whether a finding is silenced by a comment on the first line of its range. Mentions never are. Takes no longer in a
/// long file.
pub fn on_its_line(file: &SourceFile, catalog: &Catalog, found: &Match) -> bool {
    let pattern = &catalog.patterns[found.pattern];
    if pattern.tier != Tier::Finding {
        return false;
    }
    let line = file.line_from(found.range.start);
    let Some(comment) = comment_on(file, &line) else {
        return false;
    };
    let question = &catalog.question_of(found.pattern).id;
    directives(file.slice(comment)).any(|directive| match directive {
        Directive::Everything => true,
        Directive::Listed(ids) => ids
            .split(',')
            .map(str::trim)
            .any(|id| id == pattern.id || id == question),
        Directive::File => false,
        Directive::EveryRule => !pattern.rules.is_empty(),
        Directive::Rules(codes) => rule_codes(codes).any(|code| {
            let mut rules = pattern.rules.iter();
            rules.any(|rule| rule.eq_ignore_ascii_case(code))
        }),
    })
}

/// Whether a segment has a line that silences the whole file.
pub fn silences_file(file: &SourceFile, segment: &Segment) -> bool {
    let text = &*segment.parsed.text;
    memmem::find_iter(text.as_bytes(), OWN).any(|at| {
        let start = text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
        let line = file.line_from(segment.start + start);
        let indentation = file.slice(line.clone());
        let indentation = indentation.len() - indentation.trim_start().len();
        let alone = line.start + indentation..line.end;
        is_comment(file, alone.start)
            && directives(file.slice(alone)).any(|directive| directive == Directive::File)
    })
}

/// Whether comments in a text that need not be Python silence a report about one of its bytes, under any of these ids: a
/// comment on that byte's line, or one for the whole file. Whatever follows a `#` is taken for a comment.
pub fn in_any_text(text: &str, at: usize, ids: &[&str]) -> bool {
    let mut start = 0;
    text.split_inclusive('\n').any(|line| {
        let here = (start..start + line.len()).contains(&at);
        start += line.len();
        let Some(hash) = memchr(b'#', line.as_bytes()) else {
            return false;
        };
        let alone = line[..hash].trim().is_empty();
        directives(line[hash..].trim_end()).any(|directive| match directive {
            Directive::File => alone,
            Directive::Everything => here,
            Directive::Listed(listed) => {
                here && listed.split(',').any(|id| ids.contains(&id.trim()))
            }
            Directive::EveryRule | Directive::Rules(_) => false,
        })
    })
}

/// The ids in `# hotseat: ignore[…]` on the rest of a line: the bytes between the brackets. For adding one more.
pub fn listed_ids(file: &SourceFile, line: &Range<usize>) -> Option<Range<usize>> {
    let comment = comment_on(file, line)?;
    let text = file.slice(comment.clone());
    directives(text).find_map(|directive| match directive {
        Directive::Listed(ids) => {
            let start = comment.start + (ids.as_ptr() as usize - text.as_ptr() as usize);
            Some(start..start + ids.len())
        }
        _ => None,
    })
}

/// The bytes of the comment at the end of a line.
pub fn comment_on(file: &SourceFile, line: &Range<usize>) -> Option<Range<usize>> {
    let text = file.slice(line.clone());
    let mut hashes = memchr_iter(b'#', text.as_bytes()).map(|at| line.start + at);
    let start = hashes.find(|at| is_comment(file, *at))?;
    Some(start..line.end)
}

fn is_comment(file: &SourceFile, start: usize) -> bool {
    file.covering(start..start + 1)
        .is_some_and(|node| node.is("comment") && node.start() == start)
}

/// What a comment says, part by part: each `#` begins one.
fn directives(comment: &str) -> impl Iterator<Item = Directive<'_>> {
    comment
        .split('#')
        .filter_map(|part| directive(part.trim_start()))
}

fn directive(part: &str) -> Option<Directive<'_>> {
    if let Some(rest) = part.strip_prefix(OWN) {
        return own_directive(rest.trim_start());
    }
    let (word, rest) = part.split_at_checked("noqa".len())?;
    if !word.eq_ignore_ascii_case("noqa") {
        return None;
    }
    match rest.strip_prefix(':') {
        Some(codes) => Some(Directive::Rules(codes)),
        None => ends_word(rest).then_some(Directive::EveryRule),
    }
}

fn own_directive(text: &str) -> Option<Directive<'_>> {
    let rest = text.strip_prefix("ignore")?;
    if let Some(rest) = rest.strip_prefix("-file") {
        return ends_word(rest).then_some(Directive::File);
    }
    if let Some(list) = rest.trim_start().strip_prefix('[') {
        // A list that is not closed is not known to be complete.
        return list
            .get(..memchr(b']', list.as_bytes())?)
            .map(Directive::Listed);
    }
    ends_word(rest).then_some(Directive::Everything)
}

fn ends_word(rest: &str) -> bool {
    rest.chars().next().is_none_or(char::is_whitespace)
}

/// The codes behind `noqa:`, up to the first word that is none.
fn rule_codes(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| c == ',' || c.is_whitespace());
    words.filter(|word| !word.is_empty()).take_while(|word| {
        let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
        letters.len() < word.len()
            && !letters.is_empty()
            && letters.bytes().all(|b| b.is_ascii_alphabetic())
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::LazyLock;

    use super::*;
    use crate::analysis::{Engine, FileSettings};
    use crate::content;

    static ENGINE: LazyLock<std::sync::Arc<Engine>> =
        LazyLock::new(|| content::engine(None).unwrap());

    const QUESTION: &str = "dataclass-default-factory";

    /// The patterns that still report something in `def f(x=[]): …` (`mutable-default-argument`, B006), with this text behind
    /// the colon.
    fn reported(tail: &str) -> Vec<&'static str> {
        let text = format!("def f(x=[]):{tail}\n    return x\n");
        let file = SourceFile::parse(Path::new("a.py"), &text);
        let catalog = ENGINE.catalog();
        let matches = ENGINE.matches(&file, &FileSettings::default());
        let findings = matches.iter().filter(|m| {
            let pattern = &catalog.patterns[m.pattern];
            pattern.tier == Tier::Finding && catalog.question_of(m.pattern).id == QUESTION
        });
        findings
            .filter(|m| !on_its_line(&file, catalog, m))
            .map(|m| catalog.patterns[m.pattern].id.as_str())
            .collect()
    }

    fn assert_silent(tail: &str) {
        assert_eq!(reported(tail), [""; 0], "{tail}");
    }

    fn assert_reported(tail: &str) {
        assert_eq!(reported(tail), ["mutable-default-argument"], "{tail}");
    }

    #[test]
    fn a_comment_on_the_first_line_silences_everything_or_what_it_lists() {
        assert_reported("");
        for comment in [
            "  # hotseat: ignore",
            "#hotseat:ignore",
            "  # hotseat: ignore because it is never changed",
            "  # hotseat: ignore[mutable-default-argument]",
            "  # hotseat: ignore [ other , mutable-default-argument ] never changed",
            "  # hotseat: ignore[dataclass-default-factory]",
            "  # type: ignore  # hotseat: ignore",
        ] {
            assert_silent(comment);
        }
        for comment in [
            "  # hotseat: ignore[other]",
            "  # hotseat: ignore[]",
            "  # hotseat: ignore[mutable-default-argument",
            "  # hotseat: ignored",
            "  # hotseat: ignore-file",
            "  # not hotseat: ignore",
            "  # Hotseat",
            "\n    # hotseat: ignore",
        ] {
            assert_reported(comment);
        }
    }

    #[test]
    fn noqa_counts_for_the_rules_that_the_pattern_corresponds_to() {
        for comment in [
            "  # noqa",
            "  #NOQA",
            "  # noqa: B006",
            "  # noqa:E501,b006",
            "  # noqa: E501 B006 never changed",
            "  # why not  # noqa: B006",
        ] {
            assert_silent(comment);
        }
        for comment in [
            "  # noqa: E501",
            "  # noqa: B00",
            "  # noqa: because of B006",
            "  # noqa:",
            "  # noqas",
            "  # no",
        ] {
            assert_reported(comment);
        }
    }

    #[test]
    fn noqa_without_codes_leaves_what_no_other_linter_reports() {
        let text = "import asyncio\nasync def f(xs):\n    await asyncio.wait([g(x) for x in xs])  # noqa\n";
        let file = SourceFile::parse(Path::new("a.py"), text);
        let catalog = ENGINE.catalog();
        let matches = ENGINE.matches(&file, &FileSettings::default());
        let without_rules = matches.iter().filter(|m| {
            let pattern = &catalog.patterns[m.pattern];
            pattern.tier == Tier::Finding && pattern.rules.is_empty()
        });
        let silent: Vec<bool> = without_rules
            .map(|m| on_its_line(&file, catalog, m))
            .collect();
        assert!(silent.contains(&false), "something is reported");
        assert!(!silent.contains(&true));
    }

    #[test]
    fn what_a_string_says_is_no_comment() {
        assert_reported(" '# hotseat: ignore'");
        assert_reported(" '''\n# hotseat: ignore\n'''");
        assert_silent(" '#'  # hotseat: ignore");
    }

    #[test]
    fn other_texts_are_silenced_by_line_or_as_a_whole() {
        let silenced = |text: &str, at: usize| in_any_text(text, at, &["ws-x", "a-question"]);
        let text = "[project]  # hotseat: ignore[ws-x]\r\nname = 'a'  # hotseat: ignore\n[tool]\n";
        assert!(silenced(text, 0));
        assert!(silenced(text, text.find("name").unwrap()));
        assert!(!silenced(text, text.find("[tool]").unwrap()));
        assert!(silenced("a\n  # hotseat: ignore-file\n", 0));
        assert!(silenced("a # hotseat: ignore[other, a-question]", 0));
        for text in [
            "",
            "a # hotseat: ignore-file",
            "a # hotseat: ignore[ws-y]",
            "a # noqa",
        ] {
            assert!(!silenced(text, 0), "{text}");
        }
    }

    #[test]
    fn every_kind_of_line_break_ends_the_comment() {
        for end in ["\n", "\r\n"] {
            assert_silent(&format!("  # hotseat: ignore{end}    pass"));
            assert_reported(&format!("{end}    pass  # hotseat: ignore"));
        }
    }

    #[test]
    fn a_file_is_silenced_by_a_comment_line_anywhere_in_it() {
        let silenced = |text: &str| {
            let file = SourceFile::parse(Path::new("a.py"), text);
            let mut segments = file.syntax().segments().iter();
            segments.any(|segment| silences_file(&file, segment))
        };
        for text in [
            "# hotseat: ignore-file\n",
            "#!/usr/bin/env python\r\n# hotseat: ignore-file\r\nx = 1\r\n",
            "x = 1\n\n# hotseat: ignore-file (copied from elsewhere)",
            "def f():\n    # hotseat: ignore-file\n    pass\n",
            "# ruff: noqa  # hotseat: ignore-file\n",
        ] {
            assert!(silenced(text), "{text}");
        }
        for text in [
            "x = 1  # hotseat: ignore-file\n",
            "x = '''\n# hotseat: ignore-file\n'''\n",
            "# hotseat: ignore-files\n",
            "# hotseat: ignore\n",
            "# write `hotseat: ignore-file`\n",
        ] {
            assert!(!silenced(text), "{text}");
        }
    }
}
