//! Markdown in lines that fit.

/// Markdown whose lines have at most so many columns. Code, tables and headings stay as they are; items of lists are indented.
pub fn wrapped(markdown: &str, columns: usize) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut in_fence = false;
    for line in markdown.lines() {
        let start = line.trim_start();
        let is_fence = start.starts_with("```");
        in_fence ^= is_fence;
        if is_fence || in_fence || start.starts_with('|') {
            text.push_str(line);
            text.push('\n');
            continue;
        }
        let indentation = line.len() - start.len();
        let marker = marker(start);
        let (first, rest) = (&line[..indentation + marker], &start[marker..]);
        wrap_line(&mut text, first, rest, columns);
    }
    text
}

/// The bytes of what begins an item of a list: `- `, `12. `.
fn marker(line: &str) -> usize {
    if line.starts_with("- ") {
        return 2;
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let is_item = digits > 0 && line[digits..].starts_with(". ");
    if is_item { digits + 2 } else { 0 }
}

fn wrap_line(text: &mut String, first: &str, line: &str, columns: usize) {
    text.push_str(first);
    let indentation = first.chars().count();
    let mut used = indentation;
    let mut begins = true;
    for word in words(line) {
        let length = word.chars().count();
        if !begins && used + 1 + length > columns {
            text.push('\n');
            text.push_str(&" ".repeat(indentation));
            used = indentation;
        } else if !begins {
            text.push(' ');
            used += 1;
        }
        text.push_str(word);
        used += length;
        begins = false;
    }
    text.push('\n');
}

/// The words of a line. Code between backticks is one word, for its colour ends with the line.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut in_code) = (0, false);
    for (at, character) in line.char_indices() {
        match character {
            '`' => in_code = !in_code,
            ' ' if !in_code => {
                words.push(&line[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    words.push(&line[start..]);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_to_the_next_line_and_code_stays_whole() {
        let text = "One two three `four five` six.\n\n- An item that is long\n10. Ten and more\n";
        assert_eq!(
            wrapped(text, 15),
            "One two three\n`four five`\nsix.\n\n- An item that\n  is long\n10. Ten and\n    more\n"
        );
    }

    #[test]
    fn code_and_tables_are_not_touched() {
        let text = "```python\nx = 'a very long line of code'\n```\n| a | b | c | d | e |\n";
        assert_eq!(wrapped(text, 10), text);
    }

    #[test]
    fn a_word_that_is_too_long_stands_alone() {
        assert_eq!(
            wrapped("a incomprehensible b", 5),
            "a\nincomprehensible\nb\n"
        );
    }
}
