//! Changes of configuration files that keep the rest as it is, and their undoing.

use serde_json::{Map, Value, json};
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table};

/// A change of a user's file. Doing it twice is doing it once.
#[derive(Debug, Clone)]
pub enum Edit {
    /// A line at the end, and nothing if the file has it.
    Line(&'static str),
    /// Helix's languages; the servers that Helix starts for Python by itself.
    Helix(&'static [&'static str]),
    /// A value in a JSON object, by its way from the top.
    Json(&'static [&'static str], Value),
}

type Edited = Result<String, String>;

impl Edit {
    /// The text with the change.
    pub fn done(&self, text: &str) -> Edited {
        match self {
            Self::Line(line) => Ok(add_line(text, line)),
            Self::Helix(servers) => add_to_helix(text, servers),
            Self::Json(way, value) => add_to_json(text, way, value),
        }
    }

    /// The text without the change.
    pub fn undone(&self, text: &str) -> Edited {
        match self {
            Self::Line(line) => {
                let kept = text.split_inclusive('\n').filter(|l| l.trim() != *line);
                Ok(kept.collect())
            }
            Self::Helix(servers) => take_from_helix(text, servers),
            Self::Json(way, _) => take_from_json(text, way),
        }
    }
}

fn add_line(text: &str, line: &str) -> String {
    if text.lines().any(|present| present.trim() == line) {
        return text.to_owned();
    }
    let gap = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    format!("{text}{gap}{line}\n")
}

const SERVER: &str = "hotseat";

fn helix(text: &str) -> Result<DocumentMut, String> {
    let failed = |error: toml_edit::TomlError| format!("no TOML: {}", error.message());
    text.parse().map_err(failed)
}

/// The table of Python in Helix's list of languages.
fn python(document: &mut DocumentMut) -> Result<Option<&mut Table>, String> {
    let Some(languages) = document.get_mut("language") else {
        return Ok(None);
    };
    let tables = languages
        .as_array_of_tables_mut()
        .ok_or("`language` is no list of tables")?;
    let is_python = |table: &&mut Table| table.get("name").and_then(Item::as_str) == Some("python");
    Ok(tables.iter_mut().find(is_python))
}

fn add_to_helix(text: &str, servers: &[&str]) -> Edited {
    let mut document = helix(text)?;
    let server = document
        .entry("language-server")
        .or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        })
        .as_table_like_mut()
        .ok_or("`language-server` is no table")?;
    if !server.contains_key(SERVER) {
        let mut table = Table::new();
        table.insert("command", toml_edit::value("hotseat"));
        table.insert("args", toml_edit::value(Array::from_iter(["lsp"])));
        server.insert(SERVER, Item::Table(table));
    }
    if python(&mut document)?.is_none() {
        let mut table = Table::new();
        table.insert("name", toml_edit::value("python"));
        document
            .entry("language")
            .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()))
            .as_array_of_tables_mut()
            .ok_or("`language` is no list of tables")?
            .push(table);
    }
    let python = python(&mut document)?.ok_or("Python is missing")?;
    let list = python
        .entry("language-servers")
        .or_insert_with(|| toml_edit::value(servers.iter().copied().collect::<Array>()))
        .as_array_mut()
        .ok_or("`language-servers` of Python is no list")?;
    if position(list).is_none() {
        list.push(SERVER);
    }
    Ok(document.to_string())
}

fn position(list: &Array) -> Option<usize> {
    list.iter().position(|server| {
        let name = server.as_inline_table().and_then(|table| table.get("name"));
        server.as_str().or_else(|| name?.as_str()) == Some(SERVER)
    })
}

fn take_from_helix(text: &str, servers: &[&str]) -> Edited {
    let mut document = helix(text)?;
    if let Some(table) = document.get_mut("language-server")
        && let Some(table) = table.as_table_like_mut()
    {
        table.remove(SERVER);
        if table.is_empty() {
            document.remove("language-server");
        }
    }
    let mut only_ours = false;
    if let Some(python) = python(&mut document)?
        && let Some(list) = python
            .get_mut("language-servers")
            .and_then(Item::as_array_mut)
        && let Some(place) = position(list)
    {
        list.remove(place);
        if list
            .iter()
            .filter_map(|server| server.as_str())
            .eq(servers.iter().copied())
        {
            python.remove("language-servers");
            only_ours = python.len() == 1;
        }
    }
    if only_ours && let Some(languages) = document.get_mut("language") {
        let tables = languages.as_array_of_tables_mut();
        let left = tables.map_or(1, |tables| {
            tables.retain(|table| table.get("name").and_then(Item::as_str) != Some("python"));
            tables.len()
        });
        if left == 0 {
            document.remove("language");
        }
    }
    Ok(document.to_string())
}

fn object(text: &str) -> Result<Map<String, Value>, String> {
    if text.trim().is_empty() {
        return Ok(Map::new());
    }
    let why = "this is no plain JSON (it may have comments), so the change has to be made by hand";
    serde_json::from_str(text).map_err(|error| format!("{why}: {error}"))
}

fn written(object: Map<String, Value>) -> Edited {
    if object.is_empty() {
        return Ok(String::new());
    }
    let text = serde_json::to_string_pretty(&Value::Object(object));
    text.map(|text| text + "\n")
        .map_err(|error| error.to_string())
}

fn add_to_json(text: &str, way: &[&str], value: &Value) -> Edited {
    let mut root = object(text)?;
    let (last, folders) = way.split_last().ok_or("there is no way")?;
    let mut here = &mut root;
    for name in folders {
        here = here
            .entry(*name)
            .or_insert_with(|| json!({}))
            .as_object_mut()
            .ok_or_else(|| format!("`{name}` is no object"))?;
    }
    // What the user has made of it stays; another server in this place is not ours to replace.
    match here.get(*last) {
        Some(present) if !is_ours(present) => {
            return Err(format!(
                "`{}` is there already and starts another server",
                way.join(".")
            ));
        }
        Some(_) => return Ok(text.to_owned()),
        None => here.insert((*last).to_owned(), value.clone()),
    };
    written(root)
}

fn take_from_json(text: &str, way: &[&str]) -> Edited {
    fn take(here: &mut Map<String, Value>, way: &[&str]) -> bool {
        match way {
            [] => false,
            [name] => here.get(*name).is_some_and(is_ours) && here.shift_remove(*name).is_some(),
            [name, rest @ ..] => {
                let inner = here.get_mut(*name).and_then(Value::as_object_mut);
                let taken = inner.is_some_and(|inner| take(inner, rest));
                if taken && here.get(*name) == Some(&json!({})) {
                    here.shift_remove(*name);
                }
                taken
            }
        }
    }
    let mut root = object(text)?;
    if take(&mut root, way) {
        written(root)
    } else {
        Ok(text.to_owned())
    }
}

/// Whether a server is hotseat, by its program.
fn is_ours(server: &Value) -> bool {
    let program = server["command"].get(0).and_then(Value::as_str);
    let name = program.and_then(|program| program.rsplit(['/', '\\']).next());
    name.is_some_and(|name| name.trim_end_matches(".exe") == "hotseat")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What doing, doing again and undoing make of a text.
    fn check(edit: &Edit, before: &str, after: &str) {
        let done = edit.done(before).unwrap();
        assert_eq!(done, after);
        assert_eq!(edit.done(&done).unwrap(), after, "again");
        assert_eq!(edit.undone(&done).unwrap(), before, "undone");
        assert_eq!(
            edit.undone(before).unwrap(),
            before,
            "undone before it was done"
        );
    }

    #[test]
    fn a_line_goes_to_the_end() {
        let edit = Edit::Line("(load \"it\")");
        check(&edit, "", "(load \"it\")\n");
        check(&edit, "(setq x 1)\n", "(setq x 1)\n(load \"it\")\n");
        assert_eq!(
            edit.done("(setq x 1)").unwrap(),
            "(setq x 1)\n(load \"it\")\n"
        );
    }

    #[test]
    fn helix_keeps_its_servers_and_its_comments() {
        let edit = Edit::Helix(&["ruff", "pylsp"]);
        let ours = "[language-server.hotseat]\ncommand = \"hotseat\"\nargs = [\"lsp\"]\n";
        let python = "\n[[language]]\nname = \"python\"\nlanguage-servers = [\"ruff\", \"pylsp\", \"hotseat\"]\n";
        check(&edit, "", &format!("{ours}{python}"));
        let before = "# mine\n[[language]]\nname = \"python\"\nauto-format = true # yes\nlanguage-servers = [\"ty\"]\n";
        let after = edit.done(before).unwrap();
        assert!(
            after.contains("[\"ty\", \"hotseat\"]")
                && after.contains("# mine")
                && after.contains("# yes")
        );
        check(&edit, before, &after);
        let rust = "[[language]]\nname = \"rust\"\n";
        check(&edit, rust, &edit.done(rust).unwrap());
        assert!(edit.done("language = 1").unwrap_err().contains("no list"));
        assert!(edit.done("[").unwrap_err().contains("no TOML"));
    }

    #[test]
    fn json_keeps_its_order_and_what_is_not_ours() {
        let edit = Edit::Json(
            &["servers", "python"],
            json!({"command": ["hotseat", "lsp"]}),
        );
        let before = "{\n  \"z\": 1,\n  \"servers\": {\n    \"c\": {}\n  }\n}\n";
        check(&edit, before, &edit.done(before).unwrap());
        check(&edit, "", &edit.done("").unwrap());
        let own = r#"{"servers": {"python": {"command": ["/opt/hotseat", "lsp", "--log", "x"]}}}"#;
        assert_eq!(edit.done(own).unwrap(), own);
        let other = r#"{"servers": {"python": {"command": ["pylsp"]}}}"#;
        assert!(edit.done(other).unwrap_err().contains("another server"));
        assert_eq!(edit.undone(other).unwrap(), other);
        assert!(edit.done("// mine\n{}").unwrap_err().contains("by hand"));
    }
}
