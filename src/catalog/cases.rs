//! Cuts a fence of cases into single cases and reads their caret lines.

use super::carets;
use super::error::ContentErrorKind;
use super::model::{Case, PythonVersion};

/// What the info string of a fence says about its code.
#[derive(Debug, Clone, Default)]
pub(super) struct CodeFacts {
    /// `path=`, or `snippet.py`.
    pub(super) path: String,
    /// `python=`
    pub(super) python: Option<PythonVersion>,
}

/// The cases of a fence whose code starts on line `first_line` of the file. `matches` tells whether they must be
/// reported; what is wrong comes back with its line.
pub(super) fn read(
    text: &str,
    first_line: u32,
    matches: bool,
    facts: &CodeFacts,
) -> (Vec<Case>, Vec<(u32, ContentErrorKind)>) {
    let mut cases = Vec::new();
    let mut errors = Vec::new();
    let mut case = start(String::new(), first_line, facts);
    let mut last_code: Option<(usize, &str)> = None;
    let mut marked = !matches;
    for (line, text) in (first_line..).zip(text.lines()) {
        if let Some(name) = case_name(text) {
            let next = start(name, line.saturating_add(1), facts);
            finish(
                std::mem::replace(&mut case, next),
                marked,
                &mut cases,
                &mut errors,
            );
            last_code = None;
            marked = !matches;
        } else if carets::is_caret_line(text) {
            marked = true;
            let read = match &last_code {
                None => Err("a caret line needs a code line above it"),
                Some(_) if !matches => Err("a `no-match` case has no caret lines"),
                Some((index, code)) => carets::read(text, code, *index),
            };
            match read {
                Ok(hit) => case.hits.push(hit),
                Err(problem) => errors.push((line, ContentErrorKind::Caret(problem))),
            }
        } else {
            let index = last_code.map_or(0, |(index, _)| index + 1);
            last_code = Some((index, text));
            case.source.push_str(text);
            case.source.push('\n');
        }
    }
    finish(case, marked, &mut cases, &mut errors);
    (cases, errors)
}

/// The name in a line `# --- name` that starts a case.
fn case_name(line: &str) -> Option<String> {
    let name = line.strip_prefix("# ---")?;
    (name.is_empty() || name.starts_with(' ')).then(|| name.trim().to_owned())
}

fn start(name: String, line: u32, facts: &CodeFacts) -> Case {
    Case {
        line,
        name,
        source: String::new(),
        path: facts.path.clone(),
        python: facts.python,
        hits: Vec::new(),
    }
}

/// Keeps a case that is complete. Nothing at all in front of the first `# ---` line is no case. `marked` tells whether
/// the case has the caret lines it needs.
fn finish(
    mut case: Case,
    marked: bool,
    cases: &mut Vec<Case>,
    errors: &mut Vec<(u32, ContentErrorKind)>,
) {
    if case.source.trim().is_empty() {
        if !case.name.is_empty() {
            errors.push((
                case.line,
                ContentErrorKind::Missing("the code of this case"),
            ));
        }
        return;
    }
    if !marked {
        errors.push((case.line, ContentErrorKind::NoCarets));
    }
    case.hits.sort_by_key(|hit| (hit.line, hit.start));
    cases.push(case);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> CodeFacts {
        CodeFacts {
            path: "snippet.py".to_owned(),
            python: None,
        }
    }

    #[test]
    fn one_fence_holds_several_named_cases() {
        let text = "x = f()\n#   ^^^\n# --- two\n\ny = f()\n#   ^^^\n";
        let (cases, errors) = read(text, 10, true, &facts());
        assert_eq!(errors, []);
        let shapes: Vec<_> = cases
            .iter()
            .map(|c| (c.line, c.name.as_str(), c.source.as_str()))
            .collect();
        assert_eq!(shapes, [(10, "", "x = f()\n"), (13, "two", "\ny = f()\n")]);
        assert_eq!(cases[1].hits[0].line, 1);
    }

    #[test]
    fn a_case_to_match_needs_carets_and_the_others_have_none() {
        let (_, errors) = read("x = 1\n", 1, true, &facts());
        assert_eq!(errors, [(1, ContentErrorKind::NoCarets)]);
        let (_, errors) = read("xyz\n#^^\n", 1, false, &facts());
        assert!(matches!(errors[..], [(2, ContentErrorKind::Caret(_))]));
        let (_, errors) = read("#^^\nxyz\n", 1, true, &facts());
        assert!(matches!(errors[..], [(1, ContentErrorKind::Caret(_))]));
    }
}
