//! The file that a new question starts from.

/// Encloses what a person has to fill in.
const MARKS: (char, char) = ('‹', '›');

/// The text of a new question file: complete in form, with every place that has to be filled in marked by `‹…›`.
/// The checker names each of those places until it is filled in, and has nothing else to say about the file.
pub fn skeleton(id: &str) -> String {
    SKELETON.replace("ID", id)
}

const SKELETON: &str = r#"+++
section = "‹the folder this file stands in›"
order = 1000
level = "mid"
tags = ["‹a word people would search for›"]
topics = []
links = ["‹https:// address of the documentation›"]
+++

# ‹The question, as an interviewer asks it›

‹The short answer, as you would say it: at most eight lines, shown when hovering.›

## Answer

‹The full answer in two to five short paragraphs.›

## Key points

- ‹A thing that a good answer contains.›
- ‹Another one.›
- ‹A third one.›
- ‹A fourth one.›

## In LLM work

‹Where this matters when working with language models.›

## Common mistakes

- ‹What people get wrong.›

## Follow-ups

### ‹What the interviewer asks next›

‹The answer to that.›

## Patterns

### m-ID

‹Which code the question is about, in a sentence or two.›

```toml
tier = "mention"
calls = ["‹module.function›"]
```

```python match
‹code in which the call is marked›
#‹carets below it›
```

```python no-match
‹code that looks alike and does not count›
```
"#;

/// The places that are still to be filled in, with their lines.
pub(super) fn unfilled(source: &str) -> Vec<(u32, String)> {
    (1..)
        .zip(source.lines())
        .filter_map(|(line, text)| {
            let (_, after) = text.split_once(MARKS.0)?;
            let (what, _) = after.split_once(MARKS.1)?;
            Some((line, what.to_owned()))
        })
        .collect()
}
