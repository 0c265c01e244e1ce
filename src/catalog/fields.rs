//! Reads the keys of a TOML block one by one and remembers everything that is wrong with them.

use std::collections::HashMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::error::{ContentErrorKind, closest};

/// The keys of one TOML block that have not been asked for yet.
pub(super) struct Fields<'t> {
    text: &'t str,
    first_line: u32,
    entries: Vec<Entry<'t>>,
    known: Vec<&'static str>,
    /// The file line of every key that was in the block.
    pub(super) lines: HashMap<String, u32>,
    /// What is wrong, each with its line in the file.
    pub(super) errors: Vec<(u32, ContentErrorKind)>,
}

struct Entry<'t> {
    key: String,
    line: u32,
    span: Range<usize>,
    value: DeValue<'t>,
}

impl<'t> Fields<'t> {
    /// Reads a block whose first line is line `first_line` of the file.
    pub(super) fn parse(text: &'t str, first_line: u32) -> Self {
        let (table, problems) = DeTable::parse_recoverable(text);
        let mut fields = Self {
            text,
            first_line,
            entries: Vec::new(),
            known: Vec::new(),
            lines: HashMap::new(),
            errors: Vec::new(),
        };
        for problem in problems {
            let line = fields.line(problem.span().map_or(0, |span| span.start));
            let message = problem.message().replace('\n', ", ");
            fields.errors.push((line, ContentErrorKind::Toml(message)));
        }
        fields.entries = fields.entries_of(table.into_inner());
        fields.lines = fields
            .entries
            .iter()
            .map(|e| (e.key.clone(), e.line))
            .collect();
        fields
    }

    fn entries_of(&self, table: DeTable<'t>) -> Vec<Entry<'t>> {
        let mut entries: Vec<Entry<'t>> = table
            .into_iter()
            .map(|(key, value)| Entry {
                line: self.line(key.span().start),
                key: key.into_inner().into_owned(),
                span: value.span(),
                value: value.into_inner(),
            })
            .collect();
        entries.sort_by_key(|entry| (entry.line, entry.span.start));
        entries
    }

    fn line(&self, offset: usize) -> u32 {
        let before = self.text.as_bytes().iter().take(offset);
        let breaks = before.filter(|&&byte| byte == b'\n').count();
        self.first_line
            .saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX))
    }

    fn take(&mut self, key: &'static str) -> Option<Entry<'t>> {
        self.known.push(key);
        let index = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(index))
    }

    fn wrong(&mut self, line: u32, key: &str, expected: &str) {
        let kind = ContentErrorKind::WrongValue {
            key: key.to_owned(),
            expected: expected.to_owned(),
        };
        self.errors.push((line, kind));
    }

    /// The text under `key`.
    pub(super) fn string(&mut self, key: &'static str) -> Option<String> {
        self.string_with_line(key).map(|(text, _)| text)
    }

    /// The text under `key` and the file line on which its own first line stands.
    pub(super) fn string_with_line(&mut self, key: &'static str) -> Option<(String, u32)> {
        let entry = self.take(key)?;
        if let DeValue::String(text) = entry.value {
            let raw = self.text.get(entry.span.clone()).unwrap_or_default();
            // The line break right after the opening quotes is not part of the text.
            let opens_with_break = ["'''\n", "\"\"\"\n"]
                .iter()
                .any(|quotes| raw.starts_with(quotes));
            let line = self.line(entry.span.start) + u32::from(opens_with_break);
            return Some((text.into_owned(), line));
        }
        self.wrong(entry.line, key, "a string");
        None
    }

    /// The list of texts under `key`; empty if there is none.
    pub(super) fn strings(&mut self, key: &'static str) -> Vec<String> {
        let Some(entry) = self.take(key) else {
            return Vec::new();
        };
        let texts = match entry.value {
            DeValue::Array(items) => items
                .into_iter()
                .map(|item| match item.into_inner() {
                    DeValue::String(text) => Some(text.into_owned()),
                    _ => None,
                })
                .collect::<Option<Vec<_>>>(),
            _ => None,
        };
        texts.unwrap_or_else(|| {
            self.wrong(entry.line, key, "a list of strings");
            Vec::new()
        })
    }

    /// The whole number from 1 under `key`.
    pub(super) fn positive(&mut self, key: &'static str) -> Option<u32> {
        let entry = self.take(key)?;
        let number = match &entry.value {
            DeValue::Integer(digits) => u32::from_str_radix(digits.as_str(), digits.radix()).ok(),
            _ => None,
        };
        if number.is_none_or(|n| n == 0) {
            self.wrong(entry.line, key, "a whole number from 1");
            return None;
        }
        number
    }

    /// The truth value under `key`; false if there is none.
    pub(super) fn boolean(&mut self, key: &'static str) -> bool {
        let Some(entry) = self.take(key) else {
            return false;
        };
        if let DeValue::Boolean(value) = entry.value {
            return value;
        }
        self.wrong(entry.line, key, "true or false");
        false
    }

    /// The text under `key`, read as one of the named values.
    pub(super) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let text = self.string(key)?;
        let found = choices
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<String> = choices
                .iter()
                .map(|(name, _)| format!("`{name}`"))
                .collect();
            let line = self.lines.get(key).copied().unwrap_or(self.first_line);
            self.wrong(line, key, &names.join(" or "));
        }
        found
    }

    /// The text under `key`, parsed.
    pub(super) fn parsed<T: std::str::FromStr>(
        &mut self,
        key: &'static str,
        expected: &str,
    ) -> Option<T> {
        let text = self.string(key)?;
        let value = text.parse().ok();
        if value.is_none() {
            let line = self.lines.get(key).copied().unwrap_or(self.first_line);
            self.wrong(line, key, expected);
        }
        value
    }

    /// The names and texts in the table under `key`, in the order they are written. Their lines are kept as
    /// `key.name`.
    pub(super) fn table(&mut self, key: &'static str) -> Vec<(String, String)> {
        let Some(entry) = self.take(key) else {
            return Vec::new();
        };
        let DeValue::Table(table) = entry.value else {
            self.wrong(entry.line, key, "a table of strings");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for inner in self.entries_of(table) {
            let name = format!("{key}.{}", inner.key);
            self.lines.insert(name.clone(), inner.line);
            match inner.value {
                DeValue::String(text) => texts.push((inner.key, text.into_owned())),
                _ => self.wrong(inner.line, &name, "a string"),
            }
        }
        texts
    }

    /// Reports the keys that nobody asked for; returns the lines of the keys and everything that was wrong.
    pub(super) fn finish(mut self) -> (HashMap<String, u32>, Vec<(u32, ContentErrorKind)>) {
        for entry in std::mem::take(&mut self.entries) {
            let suggestion = closest(&entry.key, self.known.iter().copied());
            let kind = ContentErrorKind::UnknownKey {
                key: entry.key,
                suggestion,
            };
            self.errors.push((entry.line, kind));
        }
        (self.lines, self.errors)
    }
}
