//! Changes of `[tool.hotseat]` that keep everything else in a `pyproject.toml` as it is.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use crate::ide::{Preset, ProjectChange};

/// The text of a `pyproject.toml` after a change. `file` is the path of the file that the change is about, below the
/// project's folder and with `/`. `None` if the text is no TOML, if there is something unexpected in it, or if it says so
/// already.
pub fn changed(text: &str, change: &ProjectChange, file: &str) -> Option<String> {
    // The line breaks of a file are those of its first line.
    let windows = text
        .split('\n')
        .next()
        .is_some_and(|line| line.ends_with('\r'));
    let text = if windows {
        text.replace("\r\n", "\n")
    } else {
        text.to_owned()
    };
    let mut document: DocumentMut = text.parse().ok()?;
    let section = section(&mut document)?;
    match change {
        ProjectChange::Ignore(id) => {
            add(entry(section, "ignore", empty_array)?.as_array_mut()?, id)?;
        }
        ProjectChange::IgnoreInFile(id) => {
            let none = || Item::Value(Value::InlineTable(InlineTable::new()));
            let files = entry(section, "per-file-ignores", none)?;
            let ids = entry(files.as_table_like_mut()?, &glob(file), empty_array)?;
            add(ids.as_array_mut()?, id)?;
        }
        ProjectChange::Preset(preset) => set(section, "preset", preset.name())?,
    }
    let mut after = document.to_string();
    if windows {
        after = after.replace('\n', "\r\n");
    }
    (after != text).then_some(after)
}

/// The table `[tool.hotseat]`; a new one goes to the end of the file.
fn section(document: &mut DocumentMut) -> Option<&mut dyn TableLike> {
    let last = document.iter().filter_map(|(_, item)| position(item)).max();
    let mut implicit = Table::new();
    implicit.set_implicit(true);
    let tool = document.entry("tool").or_insert(Item::Table(implicit));
    let tool = tool.as_table_like_mut()?;
    if tool.get("hotseat").is_none() {
        let mut section = Table::new();
        section.set_position(last.map(|last| last + 1));
        if last.is_some() {
            section.decor_mut().set_prefix("\n");
        }
        tool.insert("hotseat", Item::Table(section));
    }
    tool.get_mut("hotseat")?.as_table_like_mut()
}

/// The place of the last header in a table, counted from the start of the file.
fn position(item: &Item) -> Option<isize> {
    match item {
        Item::Table(table) => {
            let inner = table.iter().filter_map(|(_, item)| position(item));
            inner.chain(table.position()).max()
        }
        Item::ArrayOfTables(tables) => {
            let inner = tables
                .iter()
                .flat_map(|t| t.iter().filter_map(|(_, item)| position(item)));
            let own = tables.iter().filter_map(Table::position);
            inner.chain(own).max()
        }
        Item::None | Item::Value(_) => None,
    }
}

/// The value of a key, which is put behind the others if it is not there.
fn entry<'t>(table: &'t mut dyn TableLike, key: &str, new: fn() -> Item) -> Option<&'t mut Item> {
    if table.get(key).is_none() {
        let mut new = new();
        let last = table.iter_mut().last();
        let last = last.and_then(|(_, item)| item.as_value_mut());
        // The space in front of the brace that ends an inline table belongs to its last value.
        if let (Some(last), Some(new)) = (last, new.as_value_mut())
            && let Some(suffix) = last.decor().suffix().and_then(|suffix| suffix.as_str())
            && !suffix.is_empty()
            && suffix.trim().is_empty()
        {
            new.decor_mut().set_prefix(" ");
            new.decor_mut().set_suffix(suffix);
            last.decor_mut().set_suffix("");
        }
        table.insert(key, new);
    }
    table.get_mut(key)
}

fn empty_array() -> Item {
    Item::Value(Value::Array(Array::new()))
}

/// Adds an id in the layout that the list has. `None` if it is there already.
fn add(ids: &mut Array, id: &str) -> Option<()> {
    if ids.iter().any(|value| value.as_str() == Some(id)) {
        return None;
    }
    let decor = ids.iter().last().map(|last| last.decor().clone());
    let prefix = decor.as_ref().and_then(|decor| decor.prefix()?.as_str());
    // What follows the last item of a list without a comma at its end follows the new one.
    let suffix = decor.as_ref().and_then(|decor| decor.suffix()?.as_str());
    let (prefix, suffix) = match ids.len() {
        0 => (String::new(), String::new()),
        1 if prefix.is_none_or(|prefix| !prefix.contains('\n')) => {
            (" ".into(), suffix.unwrap_or_default().to_owned())
        }
        _ => (
            prefix.unwrap_or(" ").to_owned(),
            suffix.unwrap_or_default().to_owned(),
        ),
    };
    // A comment in front of the last item is about that one.
    let prefix = match prefix.rfind('\n') {
        Some(at) => prefix[at..].to_owned(),
        None => prefix,
    };
    if let Some(last) = ids.len().checked_sub(1).and_then(|last| ids.get_mut(last)) {
        last.decor_mut().set_suffix("");
    }
    let mut value = Value::from(id);
    value.decor_mut().set_prefix(prefix);
    value.decor_mut().set_suffix(suffix);
    ids.push_formatted(value);
    Some(())
}

/// Sets a value and keeps the comment behind it. `None` if it has this value.
fn set(section: &mut dyn TableLike, key: &str, text: &str) -> Option<()> {
    let mut value = Value::from(text);
    if let Some(present) = section.get(key).and_then(Item::as_value) {
        if present.as_str() == Some(text) {
            return None;
        }
        *value.decor_mut() = present.decor().clone();
    }
    match section.get_mut(key) {
        Some(item) => *item = Item::Value(value),
        None => drop(section.insert(key, Item::Value(value))),
    }
    Some(())
}

/// The glob that names one file and no other.
fn glob(file: &str) -> String {
    let mut glob = String::new();
    if !file.contains('/') {
        glob.push('/');
    }
    for char in file.chars() {
        if matches!(char, '*' | '?' | '[' | ']' | '{' | '}' | '\\' | '!' | '#') {
            glob.push('\\');
        }
        glob.push(char);
    }
    glob
}

impl Preset {
    /// The name that settings have for it.
    fn name(self) -> &'static str {
        match self {
            Self::Learn => "learn",
            Self::Quiet => "quiet",
            Self::Off => "off",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(text: &str, change: &ProjectChange) -> Option<String> {
        changed(text, change, "src/app/a.py")
    }

    fn ignoring(text: &str) -> Option<String> {
        after(text, &ProjectChange::Ignore("new".into()))
    }

    #[test]
    fn a_new_section_goes_to_the_end() {
        let section = "[tool.hotseat]\nignore = [\"new\"]\n";
        assert_eq!(ignoring("").as_deref(), Some(section));
        for text in [
            "# why\n[project]\nname = 'a' # kept\n",
            "[tool.ruff]\nline-length = 100\n\n[tool.ruff.lint]\nselect = [ 'B' ]\n",
            "[[tool.mypy.overrides]]\nmodule = 'a'\n\n[project]\nname = \"a\"\n\n[[other]]\nx = 1\n",
            "[project]\nname = 'a'\n[tool.other]\nx = 1\n[build-system]\nrequires = []\n",
        ] {
            assert_eq!(ignoring(text), Some(format!("{text}\n{section}")), "{text}");
        }
    }

    #[test]
    fn lists_keep_their_layout() {
        for (before, expected) in [
            ("ignore = []", "ignore = [\"new\"]"),
            ("ignore = ['a']", "ignore = ['a', \"new\"]"),
            (
                "ignore=[ 'a', 'b' ] # why",
                "ignore=[ 'a', 'b', \"new\" ] # why",
            ),
            (
                "ignore = [\n  'a',  # first\n  # about b\n  'b',\n]",
                "ignore = [\n  'a',  # first\n  # about b\n  'b',\n  \"new\",\n]",
            ),
            (
                "ignore = [\n  'a',\n  'b'\n]",
                "ignore = [\n  'a',\n  'b',\n  \"new\"\n]",
            ),
            (
                "preset = 'quiet'\n# comment",
                "preset = 'quiet'\nignore = [\"new\"]\n# comment",
            ),
        ] {
            let (before, after) = (
                format!("[tool.hotseat]\n{before}\n\n[tool.next]\nx = 1\n"),
                format!("[tool.hotseat]\n{expected}\n\n[tool.next]\nx = 1\n"),
            );
            assert_eq!(ignoring(&before), Some(after));
        }
    }

    #[test]
    fn every_way_to_write_a_table_is_understood() {
        for (before, expected) in [
            (
                "tool.hotseat.ignore = ['a']\n",
                "tool.hotseat.ignore = ['a', \"new\"]\n",
            ),
            (
                "[tool]\nhotseat = { ignore = ['a'] }\n",
                "[tool]\nhotseat = { ignore = ['a', \"new\"] }\n",
            ),
            (
                "[tool]\nhotseat = { preset = 'off' }\n",
                "[tool]\nhotseat = { preset = 'off', ignore = [\"new\"] }\n",
            ),
        ] {
            assert_eq!(ignoring(before).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_file_is_named_by_a_glob_for_it_alone() {
        let change = ProjectChange::IgnoreInFile("new".into());
        let expected = "[tool.hotseat]\nper-file-ignores = { \"src/app/a.py\" = [\"new\"] }\n";
        assert_eq!(after("", &change).as_deref(), Some(expected));
        let table = "[tool.hotseat.per-file-ignores]\n\"tests/\" = ['a']\n";
        let expected = format!("{table}\"src/app/a.py\" = [\"new\"]\n");
        assert_eq!(after(table, &change), Some(expected));
        let listed = "[tool.hotseat]\nper-file-ignores = { 'src/app/a.py' = ['a'] }\n";
        let expected = listed.replace("['a']", "['a', \"new\"]");
        assert_eq!(after(listed, &change), Some(expected));
        assert_eq!(glob("a.py"), "/a.py");
        assert_eq!(glob("x/[id].py"), "x/\\[id\\].py");
    }

    #[test]
    fn a_preset_is_set_or_replaced() {
        let change = ProjectChange::Preset(Preset::Quiet);
        let expected = "[tool.hotseat]\npreset = \"quiet\"\n";
        assert_eq!(after("", &change).as_deref(), Some(expected));
        let before = "[tool.hotseat]\npreset = 'off'  # for now\nmax-hints = 2\n";
        let expected = before.replace("'off'", "\"quiet\"");
        assert_eq!(after(before, &change), Some(expected));
    }

    #[test]
    fn windows_line_breaks_stay() {
        let before =
            "[project]\r\nname = 'a'\r\n\r\n[tool.hotseat]\r\nignore = [\r\n  'a',\r\n]\r\n";
        let expected = before.replace("'a',\r\n]", "'a',\r\n  \"new\",\r\n]");
        assert_eq!(ignoring(before), Some(expected));
    }

    #[test]
    fn nothing_is_changed_where_nothing_is_to_be_done_or_understood() {
        for text in [
            "[tool.hotseat]\nignore = ['new']\n",
            "[tool.hotseat]\nignore = 'all'\n",
            "[tool]\nhotseat = 1\n",
            "tool = 1\n",
            "no toml",
        ] {
            assert_eq!(ignoring(text), None, "{text}");
        }
    }
}
