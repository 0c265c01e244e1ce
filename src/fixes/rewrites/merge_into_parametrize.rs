//! Keeps the first of the tests, gives it a parameter for every literal that differs, and lists the others as cases, whose
//! ids are the ends of their names (or their docstrings). Withheld where a comment, a docstring of several lines or the
//! use of a test's name would be lost.

use crate::analysis::SourceFile;
use crate::analysis::alike::{differences, tests_alike};
use crate::analysis::names::MODULE;
use crate::analysis::syntax::Node;
use crate::fixes::{Draft, FixContext, Style, Withheld, joining, layout, parametrize, withhold};

/// So many tests are merged at most.
const MOST: usize = 60;

/// Literals that take part in the same parameter: those of the first test, with the value that each test has there.
struct Parameter<'t> {
    places: Vec<Node<'t>>,
    values: Vec<Node<'t>>,
    name: String,
}

/// See the module.
pub fn rewrite<'t>(cx: &FixContext<'t>) -> Result<Draft<'t>, Withheld> {
    let Some(function) = cx.hit()?.parent().filter(|f| f.is("function_definition")) else {
        return withhold("the code has changed");
    };
    let tests = group(cx.file, function);
    if tests.len() > MOST {
        return withhold("there are too many of these tests to merge them at once");
    }
    let (Some(first), Some(first_name)) = (
        tests.first().copied(),
        tests.first().and_then(|f| f.field("name")),
    ) else {
        return withhold("the code has changed");
    };
    if tests.iter().any(|test| test.decorated().has_comment()) {
        return withhold("a comment would be lost");
    }
    if tests.iter().any(|test| is_named_elsewhere(cx, *test)) {
        return withhold("the file uses one of the tests by its name");
    }
    let parameters = parameters(cx.file, &tests)?;
    let documented = docstrings_as_ids(&tests)?;
    let names: Vec<&str> = tests
        .iter()
        .filter_map(|test| test.field("name").map(Node::text))
        .collect();
    let (common, ends) = common_name(&names);
    let ids = documented.clone().unwrap_or(ends);
    let mut draft = cx.draft();
    let param = draft.symbol("pytest.param", first.decorated(), Style::Module)?;
    let values = table(cx, first, &param, &parameters, &ids);
    let arguments: Vec<String> = parameters.iter().map(|p| p.name.clone()).collect();
    parametrize::decorate(cx, &mut draft, first, &arguments, &values)?;
    parametrize::add_parameters(cx, &mut draft, first, &arguments)?;
    if let Some(common) = common.filter(|name| is_free(cx.file, &tests, name)) {
        if common != first_name.text() {
            draft.claim(common.clone());
        }
        draft.replace(first_name, common);
    }
    if documented.is_some()
        && let Some(docstring) = first.docstring()
    {
        let next = docstring.next().map_or(docstring.end(), Node::start);
        draft.delete(docstring.start()..next);
    }
    for parameter in &parameters {
        for place in &parameter.places {
            draft.replace(*place, spaced(cx.file, *place, &parameter.name));
        }
    }
    for test in tests.iter().skip(1) {
        remove(cx, &mut draft, *test)?;
    }
    Ok(draft)
}

/// The tests that become one: those that are alike, without those that repeat the first one to the letter.
fn group<'t>(file: &'t SourceFile, function: Node<'t>) -> Vec<Node<'t>> {
    let mut tests = tests_alike(file, function, |found| found.len() > MOST);
    tests.push(function);
    tests.sort_by_key(|test| test.start());
    let Some(first) = tests.first().copied() else {
        return tests;
    };
    let differs =
        |test: Node<'t>| differences(first, test).is_some_and(|values| !values.is_empty());
    tests.retain(|test| *test == first || differs(*test));
    tests
}

/// Whether code, or a string such as one in `__all__`, names a test, or another file imports it.
fn is_named_elsewhere(cx: &FixContext<'_>, test: Node<'_>) -> bool {
    let Some(name) = test.field("name") else {
        return true;
    };
    cx.file.spelled(name.text()).len() > 1
        || cx.settings.imported_elsewhere.contains(name.text())
        || cx
            .file
            .quoting(name.text())
            .any(|content| content.text() == name.text())
}

fn parameters<'t>(
    file: &'t SourceFile,
    tests: &[Node<'t>],
) -> Result<Vec<Parameter<'t>>, Withheld> {
    let Some((first, others)) = tests.split_first() else {
        return withhold("the code has changed");
    };
    let rows: Vec<Vec<(Node<'t>, Node<'t>)>> = others
        .iter()
        .filter_map(|test| differences(*first, *test))
        .collect();
    let mut places: Vec<Node<'t>> = rows.iter().flatten().map(|(place, _)| *place).collect();
    places.sort_by_key(|place| place.start());
    places.dedup();
    let mut found: Vec<Parameter<'t>> = Vec::new();
    for place in places {
        require_replaceable(place)?;
        let other = |row: &Vec<(Node<'t>, Node<'t>)>| {
            row.iter()
                .find(|(at, _)| *at == place)
                .map_or(place, |(_, value)| *value)
        };
        let values: Vec<Node<'t>> = std::iter::once(place)
            .chain(rows.iter().map(other))
            .collect();
        let same = |p: &&mut Parameter<'t>| {
            let texts = |values: &[Node<'t>]| values.iter().map(|v| v.text()).collect::<Vec<_>>();
            texts(&p.values) == texts(&values)
        };
        match found.iter_mut().find(same) {
            Some(same) => same.places.push(place),
            None => found.push(Parameter {
                places: vec![place],
                values,
                name: String::new(),
            }),
        }
    }
    name_parameters(file, *first, &mut found)?;
    Ok(found)
}

/// A literal that a name can stand for.
fn require_replaceable(place: Node<'_>) -> Result<(), Withheld> {
    let around = place.ancestors().take_while(|n| !n.is("block"));
    let call = place.ancestors().take_while(|n| !n.is("block"));
    if call.into_iter().any(|n| {
        let name = n.callee().and_then(Node::last_name);
        name.is_some_and(|name| ["external", "snapshot"].contains(&name))
    }) {
        return withhold("a snapshot reads its own source");
    }
    if place.is("string_content") {
        return withhold("the tests differ inside an f-string");
    }
    if around
        .into_iter()
        .any(|n| n.is_any(&["case_pattern", "type", "concatenated_string"]))
    {
        return withhold("the tests differ in a literal that no parameter can replace");
    }
    Ok(())
}

/// `expected` for the right side of `==` in an assertion, `value` for the rest; with numbers if there are several.
fn name_parameters(
    file: &SourceFile,
    first: Node<'_>,
    parameters: &mut [Parameter<'_>],
) -> Result<(), Withheld> {
    let bases: Vec<&str> = parameters
        .iter()
        .map(|p| {
            if p.places.first().is_some_and(|place| is_expected(*place)) {
                "expected"
            } else {
                "value"
            }
        })
        .collect();
    for base in ["value", "expected"] {
        let count = bases.iter().filter(|b| **b == base).count();
        let mine = parameters
            .iter_mut()
            .zip(&bases)
            .filter(|(_, b)| **b == base);
        for (number, (parameter, _)) in (1..).zip(mine) {
            parameter.name = if count == 1 {
                base.to_owned()
            } else {
                format!("{base}{number}")
            };
        }
    }
    let inside: Vec<&str> = first
        .descendants()
        .into_iter()
        .filter(|n| n.is("identifier"))
        .map(Node::text)
        .collect();
    let taken = |p: &Parameter<'_>| {
        inside.contains(&p.name.as_str()) || file.names().binds(MODULE, &p.name)
    };
    if parameters.iter().any(taken) {
        return withhold("a fixture or a variable has the name that a parameter would get");
    }
    Ok(())
}

/// Whether a literal is what an assertion compares with: `assert … == literal`.
fn is_expected(place: Node<'_>) -> bool {
    place.parent().is_some_and(|comparison| {
        comparison.is("comparison_operator")
            && comparison.has_token("==")
            && comparison.children().last() == Some(&place)
            && comparison.children().len() == 2
            && comparison
                .with_parentheses()
                .parent()
                .is_some_and(|p| p.is("assert_statement"))
    })
}

/// If the tests have different docstrings of one line each: their texts. `None` if the docstring can stay.
fn docstrings_as_ids(tests: &[Node<'_>]) -> Result<Option<Vec<String>>, Withheld> {
    let docstrings: Vec<Option<&str>> = tests
        .iter()
        .map(|test| test.docstring().map(Node::text))
        .collect();
    if docstrings.iter().all(|d| *d == docstrings[0]) {
        return Ok(None);
    }
    docstrings
        .into_iter()
        .map(|docstring| {
            let text = docstring.map(|d| d.trim_matches('"').trim().to_owned());
            let usable = |t: &String| {
                !t.is_empty() && !t.contains(['\n', '\r', '"', '\\']) && !t.starts_with('\'')
            };
            text.filter(usable)
        })
        .collect::<Option<Vec<String>>>()
        .map_or_else(
            || withhold("the docstrings say different things"),
            |ids| Ok(Some(ids)),
        )
}

/// The name that the tests have in common, if it says anything, and how each name goes on behind it.
fn common_name(names: &[&str]) -> (Option<String>, Vec<String>) {
    let words: Vec<Vec<&str>> = names.iter().map(|name| name.split('_').collect()).collect();
    let first = words.first().cloned().unwrap_or_default();
    let shared = (0..first.len())
        .take_while(|&i| words.iter().all(|w| w.get(i) == first.get(i)))
        .count();
    let rest: Vec<String> = words.iter().map(|w| w[shared..].join("_")).collect();
    let digits = |word: &String| {
        word.trim_start_matches(|c: char| !c.is_ascii_digit())
            .to_owned()
    };
    let numbers: Vec<String> = rest.iter().map(digits).collect();
    let stem = rest.first().map_or("", |word| {
        word.trim_end_matches(|c: char| c.is_ascii_digit())
    });
    let numbered = !stem.is_empty()
        && rest.iter().zip(&numbers).all(|(word, number)| {
            !number.is_empty()
                && number.bytes().all(|b| b.is_ascii_digit())
                && *word == format!("{stem}{number}")
        });
    if numbered {
        let mut prefix = first[..shared].join("_");
        if shared > 0 {
            prefix.push('_');
        }
        return (Some(prefix + stem), numbers);
    }
    ((shared > 1).then(|| first[..shared].join("_")), rest)
}

/// Whether the merged test can have this name: nothing has it but the tests that are merged.
fn is_free(file: &SourceFile, tests: &[Node<'_>], name: &str) -> bool {
    let names: Vec<Node<'_>> = tests.iter().filter_map(|test| test.field("name")).collect();
    file.spelled(name).iter().all(|n| names.contains(n))
}

/// The list of cases: a line for each, or for each value of one with a value of several lines.
fn table(
    cx: &FixContext<'_>,
    first: Node<'_>,
    param: &str,
    parameters: &[Parameter<'_>],
    ids: &[String],
) -> String {
    let unit = layout::indent_unit(cx.file);
    let closing = format!("{}{}{unit}", layout::newline(cx.file), first.indentation());
    let line = format!("{closing}{unit}");
    let mut table = String::from("[");
    for (row, id) in ids.iter().enumerate() {
        let id = (!id.is_empty()).then(|| format!("id=\"{id}\""));
        let case: Vec<Node<'_>> = parameters
            .iter()
            .filter_map(|p| p.values.get(row).copied())
            .collect();
        if !case.iter().any(|value| value.text().contains(['\n', '\r'])) {
            let values = case.iter().map(|value| value.text().to_owned());
            let values: Vec<String> = values.chain(id).collect();
            table.push_str(&format!("{line}{param}({}),", values.join(", ")));
            continue;
        }
        // A value of several lines: each has lines of its own.
        let to = format!("{}{unit}{unit}{unit}", first.indentation());
        table.push_str(&format!("{line}{param}("));
        let values = case.iter().map(|value| joining::moved(cx, *value, &to, ""));
        for value in values.chain(id) {
            table.push_str(&format!("{line}{unit}{value},"));
        }
        table.push_str(&format!("{line}),"));
    }
    table + &closing + "]"
}

/// The name with a space where it would run into the word beside it: `in"abc"`.
fn spaced(file: &SourceFile, place: Node<'_>, name: &str) -> String {
    let text = file.text();
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let before = is_word(text[..place.start()].chars().next_back());
    let after = is_word(text[place.end()..].chars().next());
    let space = |wanted: bool| if wanted { " " } else { "" };
    format!("{}{name}{}", space(before), space(after))
}

/// Deletes a test with the empty lines above it.
fn remove(cx: &FixContext<'_>, draft: &mut Draft<'_>, test: Node<'_>) -> Result<(), Withheld> {
    let lines = layout::own_lines(cx.file, test.decorated())?;
    let line = |start: usize, end: usize| cx.file.text().get(start..end).unwrap_or_default().trim();
    let mut start = lines.start;
    while let Some(above) = layout::previous_line(cx.file, start) {
        let text = line(above, start);
        if text.starts_with('#') {
            return withhold("a comment above one of the tests would be left behind");
        }
        if !text.is_empty() {
            break;
        }
        start = above;
    }
    draft.delete(start..lines.end);
    Ok(())
}
