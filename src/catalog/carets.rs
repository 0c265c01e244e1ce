//! Caret lines: comments in a case that mark a range on the code line above them.
//!
//! ```text
//!     await wait([f()])
//! #         ^^^^^^^^^^^ safe
//! ```
//!
//! Columns in the content are characters; the model has bytes.

use super::model::{ExpectedFix, ExpectedHit, Safety};

/// What follows the last caret when the range goes on over the next line.
const CONTINUES: char = '…';

/// The fates of a fix by the words that stand for them.
const FATES: [(&str, ExpectedFix); 3] = [
    ("safe", ExpectedFix::Offered(Safety::Safe)),
    ("review", ExpectedFix::Offered(Safety::Review)),
    ("withheld", ExpectedFix::Withheld),
];

/// Whether a line is meant as a caret line: a `#`, then nothing but spaces in front of the first caret.
pub(super) fn is_caret_line(line: &str) -> bool {
    line.strip_prefix('#')
        .is_some_and(|rest| rest.trim_start_matches(' ').starts_with('^'))
}

/// Reads a caret line that stands below `code`, which is line `line` of its case.
///
/// # Errors
///
/// What is wrong with it, as a plain sentence.
pub(super) fn read(carets: &str, code: &str, line: usize) -> Result<ExpectedHit, &'static str> {
    let after_sign = carets.strip_prefix('#').unwrap_or(carets);
    let marks = after_sign.trim_start_matches(' ');
    let spaces = after_sign.chars().count() - marks.chars().count();
    let rest = marks.trim_start_matches('^');
    let count = marks.chars().count() - rest.chars().count();
    // A `#` directly before the carets is the first of them: nothing else could mark column 0.
    let (start, end) = if spaces == 0 {
        (0, count + 1)
    } else {
        (spaces + 1, spaces + 1 + count)
    };
    let (continues, fate) = match rest.strip_prefix(CONTINUES) {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let fix = match fate.trim() {
        "" => None,
        word => {
            let known = FATES
                .iter()
                .find(|(name, _)| *name == word && fate.starts_with(' '));
            Some(
                known
                    .ok_or("after the carets only `safe`, `review` or `withheld` may follow")?
                    .1,
            )
        }
    };
    let code = code.trim_end();
    let characters = code.chars().count();
    if end > characters {
        return Err("the carets reach beyond the end of the code line above");
    }
    if continues && end != characters {
        return Err("carets that end in `…` must reach the end of the code line above");
    }
    let byte = |column: usize| {
        code.char_indices()
            .nth(column)
            .map_or(code.len(), |(index, _)| index)
    };
    Ok(ExpectedHit {
        line,
        start: byte(start),
        end: (!continues).then(|| byte(end)),
        fix,
    })
}

/// Writes the caret line that marks `hit` below `code`; `None` if carets cannot mark that range: it starts in column
/// 1, is a single character in column 0, or does not lie on the line.
pub fn render(hit: &ExpectedHit, code: &str) -> Option<String> {
    let code = code.trim_end();
    let start = code.get(..hit.start)?.chars().count();
    let marked = code
        .get(hit.start..hit.end.unwrap_or(code.len()))?
        .chars()
        .count();
    let mut line = match start {
        0 if marked >= 2 => format!("#{}", "^".repeat(marked - 1)),
        2.. if marked >= 1 => format!("#{}{}", " ".repeat(start - 1), "^".repeat(marked)),
        _ => return None,
    };
    if hit.end.is_none() {
        line.push(CONTINUES);
    }
    if let Some((word, _)) = FATES.iter().find(|(_, fate)| Some(*fate) == hit.fix) {
        line.push(' ');
        line.push_str(word);
    }
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hit(start: usize, end: Option<usize>, fix: Option<ExpectedFix>) -> ExpectedHit {
        ExpectedHit {
            line: 3,
            start,
            end,
            fix,
        }
    }

    #[test]
    fn carets_mark_characters_and_become_bytes() {
        let safe = Some(ExpectedFix::Offered(Safety::Safe));
        assert_eq!(
            read("#   ^^^ safe", "é = f()", 3),
            Ok(hit(5, Some(8), safe))
        );
        assert_eq!(read("#^^", "f()", 3), Ok(hit(0, Some(3), None)));
        assert_eq!(
            read("#   ^^… withheld", "x = f(", 3),
            Ok(hit(4, None, Some(ExpectedFix::Withheld)))
        );
    }

    #[test]
    fn carets_must_fit_their_line() {
        assert!(read("#   ^^^^", "x = f()", 3).is_err());
        assert!(read("#   ^…", "x = f(", 3).is_err());
        assert!(read("#   ^^^ maybe", "x = f()", 3).is_err());
        assert!(read("#   ^^^safe", "x = f()", 3).is_err());
        assert!(read("#^", "", 3).is_err());
    }

    #[test]
    fn comments_are_no_caret_lines() {
        assert!(is_caret_line("#     ^"));
        assert!(!is_caret_line("# see ^"));
        assert!(!is_caret_line("  # ^^^"));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(code in "[a-zé😀 ]{3,20}[a-z]", start in 0_usize..20, length in 0_usize..20, open: bool, fate in 0_usize..4) {
            let columns: Vec<usize> = code.char_indices().map(|(i, _)| i).chain([code.len()]).collect();
            let last = columns.len() - 1;
            // Column 1 cannot be marked, nor a single character in column 0.
            let start = match start % last { 1 => 2, other => other };
            let shortest = if start == 0 { 2 } else { 1 };
            let end = (start + shortest + length).min(last);
            let expected = ExpectedHit {
                line: 0,
                start: columns[start],
                end: (!open).then(|| columns[end]),
                fix: FATES.get(fate).map(|(_, fix)| *fix),
            };
            let line = render(&expected, &code).unwrap();
            prop_assert!(is_caret_line(&line));
            prop_assert_eq!(read(&line, &code, 0).unwrap(), expected);
        }
    }
}
