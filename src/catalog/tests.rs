//! What the checker says about question files, and that nothing makes it panic.

use std::path::PathBuf;

use proptest::prelude::*;

use super::*;

const VOCABULARY: Vocabulary = Vocabulary {
    checks: &["holds-coroutines", "missing-await"],
    rewrites: &["wrap-in-with"],
};

/// A file with one of everything.
const COMPLETE: &str = r#"+++
section = "async"
order = 5
level = "junior–mid"
tags = ["asyncio"]
topics = ["patterns"]
revision = 2
exercise = "bounded"
links = ["https://docs.python.org/3/library/asyncio.html"]
+++

# When `wait`?

Often.

See [here](https://a.example/x).

## Answer

Text.

## Key points

- one
- two, which
  goes on
- three
- four

## In LLM work

Text.

## Common mistakes

- this

## Follow-ups

### Why?

Because.

## Corrections

### "It is fast"

It is not.

```python python=3.11,3.12
print(1)
```

```output
1
```

## Patterns

### m-wait

Every call.

```toml
tier = "mention"
calls = ["asyncio.wait"]
```

```python match
import asyncio
asyncio.wait(x)
#^^^^^^^^^^^^^^
```

```python no-match path=test_x.py python=3.12
wait(x)
```

### waits-twice

Two waits.

```toml
tier = "finding"
severity = "info"
message = "`{name}` twice, {{}}"
query = '''
((call function: (identifier) @name) @hit
 (#eq? @name "wait"))
'''
also = ["when-wait"]
wins-over = ["m-wait"]
rules = ["B006"]
```

```python match
# --- nested
é = wait(1)
#   ^^^^^^^ review
# --- open
y = wait(
#   ^^^^^… safe
    1,
)
```

```python no-match
x = 1
```

#### drop-one

```toml
title = "Drop one"
safety = "safe"
each.name = "{asyncio.wait}"
each.hit = "{name}"
```

```python before
wait(1)
```

```python after
asyncio.wait
```

#### with-it

Prose.

```toml
title = "Use with"
kind = "refactor.rewrite"
python = "3.12"
rewrite = "wrap-in-with"
```

```python before
wait(1)
```

```python after
wait(2)
```
"#;

fn load(source: &str) -> Result<Catalog, Vec<ContentError>> {
    from_sources(
        vec![(PathBuf::from("async/when-wait.md"), source.to_owned())],
        &VOCABULARY,
    )
}

/// What the checker says about the complete file after one replacement.
fn errors_after(old: &str, new: &str) -> Vec<String> {
    assert!(COMPLETE.contains(old), "{old:?} is not in the file");
    let errors = load(&COMPLETE.replacen(old, new, 1))
        .err()
        .unwrap_or_default();
    errors.iter().map(ToString::to_string).collect()
}

/// Asserts that a replacement makes exactly one mistake, at the given line and with the given words.
#[track_caller]
fn assert_mistake(old: &str, new: &str, line_of: &str, expected: &str) {
    let mutated = COMPLETE.replacen(old, new, 1);
    let offset = mutated
        .find(line_of)
        .unwrap_or_else(|| panic!("{line_of:?} is not in the file"));
    let line = mutated[..offset].lines().count()
        + usize::from(mutated[..offset].ends_with('\n') || offset == 0);
    assert_eq!(
        errors_after(old, new),
        [format!("async/when-wait.md:{line}: {expected}")]
    );
}

#[test]
fn a_complete_file_is_read_completely() {
    let catalog = load(COMPLETE).unwrap();
    let question = catalog.question("when-wait").unwrap();
    assert_eq!(
        (question.section.as_str(), question.order, question.revision),
        ("async", 5, 2)
    );
    assert_eq!(
        (question.level.as_str(), question.exercise.as_deref()),
        ("junior–mid", Some("bounded"))
    );
    assert_eq!(question.title, "When `wait`?");
    assert_eq!(
        question.short_answer,
        "Often.\n\nSee [here](https://a.example/x)."
    );
    assert_eq!(
        question.key_points,
        ["one", "two, which goes on", "three", "four"]
    );
    assert_eq!(
        question.follow_ups,
        [FollowUp {
            question: "Why?".into(),
            answer: "Because.".into()
        }]
    );
    let correction = &question.corrections[0];
    assert_eq!(correction.claim, "\"It is fast\"");
    assert!(
        correction.body.starts_with("It is not.\n\n```python")
            && correction.body.ends_with("1\n```")
    );
    let script = &correction.scripts[0];
    assert_eq!(
        (script.source.as_str(), script.output.as_deref()),
        ("print(1)\n", Some("1\n"))
    );
    assert_eq!(script.versions.len(), 2);
    assert_eq!(question.patterns, [0, 1]);
}

#[test]
fn a_pattern_is_read_completely() {
    let catalog = load(COMPLETE).unwrap();
    let pattern = &catalog.patterns[catalog.pattern_index("waits-twice").unwrap()];
    assert_eq!(
        (pattern.tier, pattern.severity),
        (Tier::Finding, Severity::Info)
    );
    assert_eq!(pattern.prose, "Two waits.");
    assert_eq!(
        (&pattern.also[..], &pattern.wins_over[..]),
        (&["when-wait".to_owned()][..], &["m-wait".to_owned()][..])
    );
    let cases: Vec<_> = pattern
        .cases
        .iter()
        .map(|c| (c.name.as_str(), c.source.as_str(), c.hits.len()))
        .collect();
    assert_eq!(
        cases,
        [
            ("nested", "é = wait(1)\n", 1),
            ("open", "y = wait(\n    1,\n)\n", 1),
            ("", "x = 1\n", 0)
        ]
    );
    let hits: Vec<_> = pattern
        .cases
        .iter()
        .flat_map(|c| &c.hits)
        .map(|h| (h.line, h.start, h.end, h.fix))
        .collect();
    assert_eq!(
        hits,
        [
            (0, 5, Some(12), Some(ExpectedFix::Offered(Safety::Review))),
            (0, 4, None, Some(ExpectedFix::Offered(Safety::Safe))),
        ]
    );
    let [template, rewrite] = &pattern.fixes[..] else {
        panic!("two fixes")
    };
    assert!(
        matches!(&template.edit, FixEdit::Template(each) if each.len() == 2 && each[0].0 == "name")
    );
    assert!(matches!(&rewrite.edit, FixEdit::Rewrite(name) if name == "wrap-in-with"));
    assert_eq!(
        (rewrite.kind, rewrite.safety, rewrite.prose.as_str()),
        (FixKind::Refactor, Safety::Review, "Prose.")
    );
    let mention = &catalog.patterns[0].cases;
    assert_eq!(
        (mention[0].hits[0].start, mention[0].hits[0].end),
        (0, Some(15))
    );
    assert_eq!(
        (mention[1].path.as_str(), mention[1].python.map(|v| v.minor)),
        ("test_x.py", Some(12))
    );
}

#[test]
fn files_with_windows_line_ends_read_the_same() {
    let windows = load(&COMPLETE.replace('\n', "\r\n")).unwrap();
    assert_eq!(
        format!("{windows:?}").len(),
        format!("{:?}", load(COMPLETE).unwrap()).len()
    );
}

#[test]
fn unknown_names_are_found_where_they_stand() {
    assert_mistake(
        "calls = [\"asyncio.wait\"]\n",
        "calls = [\"asyncio.wait\"]\ncheck = \"hold-coroutines\"\n",
        "check =",
        "pattern `m-wait`: unknown check `hold-coroutines` (did you mean `holds-coroutines`?)",
    );
    assert_mistake(
        "rewrite = \"wrap-in-with\"",
        "rewrite = \"unwrap\"",
        "rewrite = \"unwrap",
        "pattern `waits-twice`: unknown rewrite `unwrap`",
    );
    assert_mistake(
        "also = [\"when-wait\"]",
        "also = [\"when-wat\"]",
        "also =",
        "pattern `waits-twice`: unknown question `when-wat` (did you mean `when-wait`?)",
    );
    assert_mistake(
        "wins-over = [\"m-wait\"]",
        "wins-over = [\"m-xait\"]",
        "wins-over =",
        "pattern `waits-twice`: unknown pattern `m-xait` (did you mean `m-wait`?)",
    );
    assert_mistake(
        "each.hit = \"{name}\"",
        "each.hit = \"{nam}\"",
        "each.hit",
        "pattern `waits-twice`: unknown capture `nam` (did you mean `name`?)",
    );
    assert_mistake(
        "each.hit",
        "each.whole",
        "each.whole",
        "pattern `waits-twice`: unknown capture `whole`",
    );
    assert_mistake(
        "{name}` twice",
        "{x}` twice",
        "message =",
        "pattern `waits-twice`: unknown capture `x`",
    );
}

#[test]
fn unknown_keys_and_wrong_values_are_found_where_they_stand() {
    assert_mistake(
        "severity = \"info\"",
        "severty = \"info\"\nseverity = \"info\"",
        "severty",
        "pattern `waits-twice`: unknown key `severty` (did you mean `severity`?)",
    );
    assert_mistake(
        "order = 5",
        "order = 0",
        "order",
        "`order` must be a whole number from 1",
    );
    assert_mistake(
        "junior–mid",
        "mid–junior",
        "level",
        "`level` must be `junior`, `mid`, `senior`, or a range of two such as `junior–mid`",
    );
    assert_mistake(
        "\"info\"",
        "\"error\"",
        "severity =",
        "pattern `waits-twice`: `severity` must be `hint` or `info` or `warning`",
    );
    assert_mistake(
        "calls = [\"asyncio.wait\"]",
        "calls = [\"wait\"]",
        "calls =",
        "pattern `m-wait`: `calls` must be qualified names such as `asyncio.gather` or `builtins.open`",
    );
    assert_mistake(
        "[\"B006\"]",
        "[\"6\"]",
        "rules",
        "pattern `waits-twice`: `rules` must be rule codes such as `B006`",
    );
    assert_mistake("level = \"junior–mid\"\n", "", "+++", "`level` is missing");
}

#[test]
fn headings_must_be_known_complete_and_in_order() {
    let errors = errors_after("## Key points", "## Key pionts");
    assert_eq!(
        errors,
        [
            "async/when-wait.md:12: the heading `Key points` is missing",
            "async/when-wait.md:22: unknown heading `## Key pionts` (did you mean `## Key points`?)",
        ]
    );
    let errors = errors_after("## Answer\n\nText.\n", "");
    assert_eq!(
        errors,
        ["async/when-wait.md:12: the heading `Answer` is missing"]
    );
    let errors = errors_after(
        "## Common mistakes\n\n- this\n",
        "## Common mistakes\n\n- this\n\n## Answer\n\nText.\n",
    );
    assert_eq!(
        errors,
        [
            "async/when-wait.md:38: the heading `## Answer` is out of place: it stands here a second time"
        ]
    );
    let swapped = COMPLETE
        .replace("## Answer", "## X")
        .replace("## In LLM work", "## Answer")
        .replace("## X", "## In LLM work");
    let errors = load(&swapped).unwrap_err();
    assert!(
        errors
            .iter()
            .all(|e| matches!(e.kind, ContentErrorKind::MisplacedHeading { .. })),
        "{errors:?}"
    );
    assert_mistake(
        "## Answer\n\nText.",
        "## Answer\n\nText.\n\n### More",
        "### More",
        "the heading `### More` is out of place: there are no headings inside this part",
    );
}

#[test]
fn nothing_may_be_missing() {
    assert_mistake(
        "- four\n",
        "",
        "## Key points",
        "3 key points are too few; write at least 4",
    );
    assert_mistake(
        "Because.\n",
        "",
        "### Why?",
        "the answer to this follow-up is missing",
    );
    assert_mistake(
        "Every call.",
        "",
        "### m-wait",
        "pattern `m-wait`: the prose that says what counts and why is missing",
    );
    assert_mistake(
        "severity = \"info\"\n",
        "",
        "### waits-twice",
        "pattern `waits-twice`: `severity` is missing: a finding has a severity and a message",
    );
    assert_mistake(
        "calls = [\"asyncio.wait\"]\n",
        "",
        "### m-wait",
        "pattern `m-wait`: no trigger: give `calls`, `refers`, `decorates`, `inherits` or `query`",
    );
    assert_mistake(
        "```python no-match\nx = 1\n```",
        "",
        "### waits-twice",
        "pattern `waits-twice`: no `python no-match` case",
    );
}

#[test]
fn every_example_of_a_fix_has_two_sides() {
    assert_mistake(
        "```python before\nwait(1)\n```\n\n```python after\nwait(2)\n```\n",
        "",
        "#### with-it",
        "pattern `waits-twice`: a pair of `python before` and `python after` fences is missing",
    );
    let errors = errors_after("```python after\nwait(2)\n```\n", "");
    assert_eq!(
        errors,
        [
            "async/when-wait.md:139: pattern `waits-twice`: a `before` fence is out of place: an `after` fence must follow it"
        ]
    );
}

#[test]
fn queries_must_compile_report_something_and_use_known_predicates() {
    let query = "pattern `waits-twice`: the query";
    assert_mistake(
        "function: (identifier)",
        "function: (identifer)",
        "((call",
        &format!("{query} does not compile: unknown node type `identifer`"),
    );
    assert_mistake(
        ") @hit",
        ") @all",
        "((call",
        &format!("{query} captures nothing as `@hit`"),
    );
    assert_mistake(
        "#eq?",
        "#equals?",
        "((call",
        &format!("{query} uses the unknown predicate `#equals?`"),
    );
}

#[test]
fn the_id_tells_a_mention_from_a_finding() {
    let errors = errors_after("### m-wait", "### waiting");
    assert!(
        errors[0].ends_with("pattern `waiting`: the id of a mention starts with `m-`"),
        "{errors:?}"
    );
    let errors = errors_after("### waits-twice", "### m-twice");
    assert!(
        errors[0].ends_with("pattern `m-twice`: the id of a finding does not start with `m-`"),
        "{errors:?}"
    );
}

#[test]
fn code_must_be_python() {
    assert_mistake(
        "print(1)",
        "print(1",
        "print(1",
        "this code does not parse as Python",
    );
    let expected = "pattern `waits-twice`: this code does not parse as Python";
    assert_mistake(
        "asyncio.wait\n```",
        "asyncio wait\n```",
        "asyncio wait",
        expected,
    );
    assert_mistake("    1,\n", "    1 2,\n", "    1 2,", expected);
}

#[test]
fn carets_must_fit_the_code_above() {
    assert_mistake(
        "#   ^^^^^^^ review",
        "#   ^^^^^^^^ review",
        "#   ^^^^^^^^ review",
        "pattern `waits-twice`: the carets reach beyond the end of the code line above",
    );
}

#[test]
fn links_must_be_full_addresses() {
    assert_mistake(
        "https://a.example/x",
        "a.example/x",
        "See [",
        "`a.example/x` is not a full `https://` address",
    );
    assert_mistake(
        "\"https://docs.python.org/3/library/asyncio.html\"",
        "\"docs.python.org\"",
        "links",
        "`docs.python.org` is not a full `https://` address",
    );
}

#[test]
fn fences_must_mean_something_and_end() {
    assert_mistake(
        "```python no-match\nx = 1\n```",
        "```python no-match\nx = 1\n```\n\n```python mismatch\n```",
        "```python mismatch",
        "pattern `waits-twice`: a fence `python mismatch` means nothing here: here are `python match` and `python no-match`",
    );
}

#[test]
fn ids_are_unique_across_files() {
    let other = COMPLETE.replace("waits-twice", "waits-thrice");
    let errors = from_sources(
        vec![
            (PathBuf::from("async/when-wait.md"), COMPLETE.to_owned()),
            (PathBuf::from("async/why.md"), other),
        ],
        &VOCABULARY,
    )
    .unwrap_err();
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        errors,
        [
            "async/why.md:60: pattern `m-wait`: pattern `m-wait` exists already, at async/when-wait.md:60"
        ]
    );
}

#[test]
fn the_place_of_a_file_is_its_section_and_id() {
    let errors = from_sources(
        vec![(PathBuf::from("other/When_wait.md"), COMPLETE.to_owned())],
        &VOCABULARY,
    )
    .unwrap_err();
    let errors: Vec<String> = errors.iter().map(|error| error.kind.to_string()).collect();
    assert!(
        errors.contains(&"`When_wait` is not an id: use lower-case words joined by `-`".to_owned())
    );
    assert!(errors.contains(&"section `async` does not match the folder `other`".to_owned()));
}

#[test]
fn a_folder_reads_like_the_embedded_questions() {
    let folder = tempfile::tempdir().unwrap();
    let section = folder.path().join("async");
    std::fs::create_dir(&section).unwrap();
    std::fs::write(section.join("when-wait.md"), COMPLETE).unwrap();
    std::fs::write(folder.path().join("README.md"), "no question").unwrap();
    assert_eq!(
        from_dir(folder.path(), &VOCABULARY)
            .unwrap()
            .questions
            .len(),
        1
    );
    std::fs::write(section.join("latin.md"), b"\xff").unwrap();
    let errors = from_dir(folder.path(), &VOCABULARY).unwrap_err();
    assert!(matches!(
        errors[..],
        [ContentError {
            kind: ContentErrorKind::Unreadable(_),
            ..
        }]
    ));
    assert!(from_dir(&folder.path().join("nowhere"), &VOCABULARY).is_err());
}

#[test]
fn the_skeleton_names_what_is_left_to_do_and_nothing_else() {
    let source = skeleton("when-wait");
    let errors = load(&source).unwrap_err();
    assert!(
        errors
            .iter()
            .all(|error| matches!(error.kind, ContentErrorKind::Unfilled(_))),
        "{errors:#?}"
    );
    assert_eq!(
        errors.len(),
        source.lines().filter(|line| line.contains('‹')).count()
    );
    assert_eq!(
        errors[0].to_string(),
        "async/when-wait.md:2: still to be filled in: the folder this file stands in"
    );
}

#[test]
fn a_filled_in_skeleton_passes() {
    let mut filled = skeleton("when-wait")
        .replace("‹the folder this file stands in›", "async")
        .replace(
            "‹https:// address of the documentation›",
            "https://docs.python.org/3/",
        )
        .replace("‹module.function›", "asyncio.wait")
        .replace(
            "‹code in which the call is marked›",
            "import asyncio\nx = asyncio.wait(y)",
        )
        .replace("#‹carets below it›", "#   ^^^^^^^^^^^^^^^")
        .replace("‹code that looks alike and does not count›", "wait(x)");
    while let (Some(from), Some(to)) = (filled.find('‹'), filled.find('›')) {
        filled.replace_range(from..to + '›'.len_utf8(), "words");
    }
    assert_eq!(load(&filled).map(|catalog| catalog.patterns.len()), Ok(1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_file_makes_the_loader_panic(
        cuts in proptest::collection::vec(
            (0_usize..4000, 0_usize..60, "\\PC{0,6}|\n```|\n#\\^\\^…|\n## |\\+\\+\\+\n|\"|'''|\\(\\(|[\\[{}\\]]|‹|›|\n> - "),
            1..6,
        )
    ) {
        let mut text = COMPLETE.to_owned();
        for (at, length, new) in cuts {
            let floor = |index: usize| {
                (0..=index.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or_default()
            };
            let (from, to) = (floor(at), floor(at + length));
            text.replace_range(from..to, &new);
        }
        if let Err(errors) = load(&text) {
            let lines = u32::try_from(text.lines().count()).unwrap() + 1;
            prop_assert!(!errors.is_empty());
            for error in errors {
                prop_assert!(error.line >= 1 && error.line <= lines, "{}", error);
            }
        }
    }
}
