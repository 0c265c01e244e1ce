//! Writing to the terminal: colour only where it is one, and no panic when the reader goes away.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};

use clap::builder::styling::{AnsiColor, Style};
pub use console::Key;
use console::Term;

use super::Failure;

const HEADING: Style = Style::new().bold();
const TITLE: Style = Style::new().bold().underline();
const CODE: Style = AnsiColor::Cyan.on_default();
const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const MIDDLING: Style = AnsiColor::Yellow.on_default();
const FAINT: Style = Style::new().dimmed();
const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// Writes text with styles to standard output. The styles are left out unless it is a terminal that wants them.
pub fn show(text: &str) -> Result<(), Failure> {
    write(anstream::stdout().lock(), text)
}

/// Writes bytes to standard output exactly as they are.
pub fn show_exactly(text: &str) -> Result<(), Failure> {
    write(io::stdout().lock(), text)
}

fn write(mut stdout: impl io::Write, text: &str) -> Result<(), Failure> {
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    match written {
        // `hotseat explain | head` is no failure.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|error| Failure::io("standard output", &error)),
    }
}

/// Writes a plain line to standard error. If nobody reads it there is nobody to tell.
pub fn note(line: &str) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Writes an error to standard error.
pub fn complain(message: &str) {
    note(&format!("{ERROR}error{ERROR:#}: {message}"));
}

/// Writes to standard error what does not keep the program from its work.
pub fn warn(message: &str) {
    note(&format!("{WARNING}warning{WARNING:#}: {message}"));
}

/// Asks a question that is answered by yes or no; no if nothing is said.
pub fn confirm(question: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure("this needs a terminal to ask, or --yes".to_owned()));
    }
    show(&format!("{question} [y/N] "))?;
    let mut answer = String::new();
    io::stdin()
        .read_line(&mut answer)
        .map_err(|error| Failure::io("standard input", &error))?;
    let answer = answer.trim().to_lowercase();
    Ok(["y", "yes"].contains(&answer.as_str()))
}

/// Whether a person sits at both ends.
pub fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// The columns that there are.
pub fn columns() -> usize {
    let (_, columns) = Term::stdout().size();
    columns.into()
}

/// The next key that is pressed. The terminal is as it was before when this returns.
pub fn key() -> Result<Key, Failure> {
    let key = Term::stdout().read_key_raw();
    key.map_err(|error| Failure::io("the terminal", &error))
}

/// Takes away the last lines, to write them anew.
pub fn clear_lines(lines: usize) -> Result<(), Failure> {
    let cleared = Term::stdout().clear_last_lines(lines);
    cleared.map_err(|error| Failure::io("the terminal", &error))
}

/// Markdown with headings and code in colour.
pub fn markdown(text: &str) -> String {
    let mut styled = String::with_capacity(text.len());
    let mut in_fence = false;
    for line in text.lines() {
        let is_fence = line.trim_start().starts_with("```");
        in_fence ^= is_fence;
        if is_fence || in_fence {
            paint(&mut styled, CODE, line);
        } else if line.starts_with("# ") {
            paint(&mut styled, TITLE, line);
        } else if line.starts_with('#') {
            paint(&mut styled, HEADING, line);
        } else {
            inline_code(&mut styled, line);
        }
        styled.push('\n');
    }
    styled
}

/// A unified diff in colour.
pub fn diff(text: &str) -> String {
    let mut styled = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (content, end) = match line.strip_suffix('\n') {
            Some(content) => (content, "\n"),
            None => (line, ""),
        };
        match content.as_bytes().first() {
            _ if content.starts_with("--- ") || content.starts_with("+++ ") => {
                paint(&mut styled, HEADING, content);
            }
            Some(b'+') => paint(&mut styled, ADDED, content),
            Some(b'-') => paint(&mut styled, REMOVED, content),
            Some(b'@') => paint(&mut styled, CODE, content),
            _ => styled.push_str(content),
        }
        styled.push_str(end);
    }
    styled
}

/// A heading inside a text.
pub fn heading(text: &str) -> String {
    painted(HEADING, text)
}

/// What may be overlooked.
pub fn faint(text: &str) -> String {
    painted(FAINT, text)
}

/// A bar for a share: red below a half, green where a question counts as known.
pub fn bar(drawn: &str, share: f64) -> String {
    let style = match share {
        _ if share < 0.5 => REMOVED,
        _ if share < 0.9 => MIDDLING,
        _ => ADDED,
    };
    painted(style, drawn)
}

fn painted(style: Style, text: &str) -> String {
    let mut painted = String::new();
    paint(&mut painted, style, text);
    painted
}

fn paint(target: &mut String, style: Style, text: &str) {
    // Writing to a String cannot fail.
    let _ = write!(target, "{style}{text}{style:#}");
}

fn inline_code(target: &mut String, line: &str) {
    for (index, part) in line.split('`').enumerate() {
        if index % 2 == 1 {
            paint(target, CODE, &format!("`{part}`"));
        } else {
            target.push_str(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(styled: &str) -> String {
        anstream::adapter::strip_str(styled).to_string()
    }

    #[test]
    fn without_colour_markdown_stays_as_it_is() {
        let text = "# Title\n\nUse `this`, `that`.\n\n```python\n# comment\n```\n";
        assert_eq!(plain(&markdown(text)), text);
        assert_ne!(markdown(text), text);
    }

    #[test]
    fn without_colour_a_diff_stays_as_it_is() {
        let text = "--- a.py\n+++ a.py\n@@ -1 +1 @@\n-a\r\n+b\n same\n\\ No newline at end of file";
        assert_eq!(plain(&diff(text)), text);
    }
}
