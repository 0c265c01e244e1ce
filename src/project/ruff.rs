//! Which rules ruff reports in a file, and how long its lines may be, as far as the project's files tell.
//!
//! The nearest `.ruff.toml`, `ruff.toml` or `pyproject.toml` with `[tool.ruff]` decides, together with the files that it
//! extends. Rule names, the options of single rules and the user's own configuration are not read.

use std::path::{Component, Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use toml::{Table, Value};

use super::{Texts, columns, lookup};

/// The names of ruff's own files, in the order in which a folder is searched.
pub const FILES: [&str; 2] = [".ruff.toml", "ruff.toml"];

/// What every version of ruff selects if nobody says otherwise. Newer ones select more, but which version runs is not
/// known.
const DEFAULT: [&str; 4] = ["E4", "E7", "E9", "F"];

/// The rules among those of the questions that ruff runs only with `preview = true`.
const PREVIEW: [&str; 4] = ["B903", "FURB142", "PLR6301", "RUF045"];

/// So many files may extend one another.
const MAX_EXTENDED: usize = 8;

/// What a project says to ruff. Without any file of ruff's nothing is known and [`Ruff::default`] holds.
#[derive(Debug, Clone, Default)]
pub struct Ruff {
    /// From the file that is extended first to the nearest one.
    layers: Vec<Layer>,
}

/// What one file says.
#[derive(Debug, Clone, Default)]
struct Layer {
    line_length: Option<usize>,
    preview: Option<bool>,
    select: Option<Vec<String>>,
    extend_select: Vec<String>,
    ignore: Vec<String>,
    /// Files in which some rules, or with `!` all other files.
    per_file_ignores: Vec<(Gitignore, bool, Vec<String>)>,
    excluded: Option<Gitignore>,
}

impl Ruff {
    /// Reads what holds for a folder, from it upwards.
    pub fn of_folder(folder: &Path, texts: Texts<'_>) -> Self {
        let nearest = folder.ancestors().find_map(|above| {
            let own = FILES.into_iter().map(|name| above.join(name));
            own.chain([above.join("pyproject.toml")])
                .find_map(|path| Some((settings(&path, texts)?, path)))
        });
        let mut layers = Vec::new();
        let mut next = nearest;
        while let Some((table, path)) = next.filter(|_| layers.len() < MAX_EXTENDED) {
            let extended = table.get("extend").and_then(Value::as_str).map(|name| {
                let folder = path.parent().unwrap_or(Path::new(""));
                without_detours(&folder.join(name))
            });
            layers.push(Layer::read(&path, &table));
            next = extended.and_then(|path| Some((settings(&path, texts)?, path)));
        }
        layers.reverse();
        Self { layers }
    }

    /// Whether a rule is among those that ruff looks for.
    pub fn selects(&self, rule: &str) -> bool {
        let preview = self.layers.iter().rev().find_map(|layer| layer.preview);
        if PREVIEW.contains(&rule) && preview != Some(true) {
            return false;
        }
        let default = DEFAULT.map(str::to_owned);
        let mut selected = decided(rule, &default, &[], false);
        for layer in &self.layers {
            let before = selected && layer.select.is_none();
            let select = layer.select.iter().flatten().chain(&layer.extend_select);
            selected = decided(rule, select, &layer.ignore, before);
        }
        selected
    }

    /// How many columns a line may have.
    pub fn line_length(&self) -> Option<usize> {
        self.layers.iter().rev().find_map(|layer| layer.line_length)
    }

    /// Whether ruff does not look for a rule in this file, by its absolute path, whatever is selected.
    pub fn leaves_out(&self, rule: &str, path: &Path) -> bool {
        let mut layers = self.layers.iter();
        layers.any(|layer| layer.excludes(path) || layer.ignores_in(path, rule))
    }
}

impl Layer {
    fn read(path: &Path, table: &Table) -> Self {
        let folder = path.parent().unwrap_or(Path::new(""));
        // Older files have the settings of the linter at the top.
        let value = |name: &str| lookup(table, &["lint", name]).or_else(|| table.get(name));
        let list = |name: &str| value(name).map(strings).unwrap_or_default();
        let mut layer = Self {
            line_length: table.get("line-length").and_then(columns),
            preview: value("preview").and_then(Value::as_bool),
            select: value("select").map(strings),
            extend_select: list("extend-select"),
            ignore: [list("ignore"), list("extend-ignore")].concat(),
            per_file_ignores: Vec::new(),
            excluded: None,
        };
        for name in ["per-file-ignores", "extend-per-file-ignores"] {
            for (glob, rules) in value(name).and_then(Value::as_table).into_iter().flatten() {
                let (glob, negated) = match glob.strip_prefix('!') {
                    Some(glob) => (glob, true),
                    None => (glob.as_str(), false),
                };
                if let Some(glob) = globs(folder, &[glob.to_owned()]) {
                    let entry = (glob, negated, strings(rules));
                    layer.per_file_ignores.push(entry);
                }
            }
        }
        let of_formatter_too = ["exclude", "extend-exclude"].into_iter();
        let excluded = of_formatter_too.filter_map(|name| table.get(name));
        let excluded = excluded.chain(lookup(table, &["lint", "exclude"]));
        let excluded: Vec<String> = excluded.flat_map(strings).collect();
        layer.excluded = globs(folder, &excluded);
        layer
    }

    fn excludes(&self, path: &Path) -> bool {
        self.excluded.as_ref().is_some_and(|glob| fits(glob, path))
    }

    fn ignores_in(&self, path: &Path, rule: &str) -> bool {
        self.per_file_ignores.iter().any(|(glob, negated, rules)| {
            fits(glob, path) != *negated && rules.iter().any(|selector| selects(selector, rule))
        })
    }
}

/// A path without `..`, so that it can be compared.
fn without_detours(path: &Path) -> PathBuf {
    let mut direct = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(direct.pop()),
            Component::CurDir => {}
            part => direct.push(part),
        }
    }
    direct
}

/// The table for ruff in one of its files; `None` if there is none.
fn settings(path: &Path, texts: Texts<'_>) -> Option<Table> {
    let table: Table = texts(path)?.parse().ok()?;
    if path
        .file_name()
        .is_some_and(|name| name == "pyproject.toml")
    {
        return lookup(&table, &["tool", "ruff"])?.as_table().cloned();
    }
    Some(table)
}

fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    let items = items.filter_map(Value::as_str);
    items.map(str::to_owned).collect()
}

fn globs(folder: &Path, lines: &[String]) -> Option<Gitignore> {
    let mut builder = GitignoreBuilder::new(folder);
    for line in lines {
        // What is no glob here is none for ruff either.
        let _ = builder.add_line(None, line);
    }
    builder.build().ok().filter(|globs| !globs.is_empty())
}

fn fits(glob: &Gitignore, path: &Path) -> bool {
    let inside = path.strip_prefix(glob.path()).ok();
    inside.is_some_and(|p| glob.matched_path_or_any_parents(p, false).is_ignore())
}

/// Whether a rule is selected: the longest selector that names it decides; of two of the same length the one that ignores.
fn decided<'s>(
    rule: &str,
    select: impl IntoIterator<Item = &'s String>,
    ignore: &[String],
    before: bool,
) -> bool {
    let longest = |selectors: &mut dyn Iterator<Item = &String>| {
        let naming = selectors.filter(|selector| selects(selector, rule));
        let weights = naming.map(|s| if s == "ALL" { 1 } else { s.len() + 1 });
        weights.max().unwrap_or(0)
    };
    let selected = longest(&mut select.into_iter());
    let ignored = longest(&mut ignore.iter());
    match (selected, ignored) {
        (0, 0) => before,
        _ => selected > ignored,
    }
}

/// Whether a selector such as `ALL`, `B` or `B0` names a rule. `S` does not name `SIM105`: those are different linters.
fn selects(selector: &str, rule: &str) -> bool {
    let split = |code: &'_ str| {
        code.find(|c: char| c.is_ascii_digit())
            .unwrap_or(code.len())
    };
    let (linter, number) = selector.split_at(split(selector));
    let (rules_linter, rules_number) = rule.split_at(split(rule));
    let same = linter == rules_linter || linter == "PL" && rules_linter.starts_with("PL");
    selector == "ALL" || same && rules_number.starts_with(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOLDER: &str = if cfg!(windows) {
        r"C:\project"
    } else {
        "/project"
    };

    /// Whether ruff reports a rule in `src/app/a.py` of a project with these files.
    fn reports(files: &[(&str, &str)], rule: &str) -> bool {
        let folder = Path::new(FOLDER);
        let texts = |path: &Path| {
            let name = path.strip_prefix(folder).ok()?;
            let mut files = files.iter();
            let found = files.find(|(file, _)| Path::new(file) == name);
            found.map(|(_, text)| (*text).to_owned())
        };
        let path = folder.join("src/app/a.py");
        let ruff = Ruff::of_folder(&folder.join("src/app"), &texts);
        ruff.selects(rule) && !ruff.leaves_out(rule, &path)
    }

    fn with(settings: &str, rule: &str) -> bool {
        reports(&[("ruff.toml", settings)], rule)
    }

    #[test]
    fn without_a_selection_the_default_of_all_versions_counts() {
        assert!(reports(&[], "E722"));
        assert!(!reports(&[], "B006"));
        assert!(with("line-length = 100", "E722"));
        assert!(!with("[lint]\nignore = ['E722']", "E722"));
        assert!(with("[lint]\nextend-select = ['B']", "B006"));
    }

    #[test]
    fn rules_are_selected_by_prefixes_and_the_longest_one_wins() {
        for (select, rule, expected) in [
            ("select = ['B']", "B006", true),
            ("select = ['B0']", "B006", true),
            ("select = ['B9']", "B006", false),
            ("select = ['B']", "E722", false),
            ("select = ['S']", "SIM105", false),
            ("select = ['S']", "S110", true),
            ("select = ['PL']", "PLW1514", true),
            ("select = ['ALL']", "TRY400", true),
            ("select = ['ALL']\nignore = ['TRY']", "TRY400", false),
            ("select = ['TRY4']\nignore = ['TRY']", "TRY400", true),
            ("select = ['TRY']\nignore = ['TRY']", "TRY400", false),
            (
                "extend-select = ['B']\nextend-ignore = ['B006']",
                "B006",
                false,
            ),
        ] {
            assert_eq!(
                with(&format!("[lint]\n{select}"), rule),
                expected,
                "{select}"
            );
            assert_eq!(with(select, rule), expected, "older form of {select}");
        }
    }

    #[test]
    fn rules_in_preview_need_it() {
        assert!(!with("lint.select = ['ALL']", "B903"));
        assert!(with("preview = true\nlint.select = ['ALL']", "B903"));
        assert!(with("lint.preview = true\nlint.select = ['ALL']", "B903"));
    }

    #[test]
    fn the_nearest_file_that_is_for_ruff_decides() {
        let all = "[lint]\nselect = ['ALL']";
        let of_pyproject = "[tool.ruff.lint]\nselect = ['B']";
        let pyproject = |text| [("pyproject.toml", text)];
        assert!(reports(&pyproject(of_pyproject), "B006"));
        let both = [("pyproject.toml", of_pyproject), ("ruff.toml", all)];
        assert!(reports(&both, "S110"));
        let nearer = [("ruff.toml", all), ("src/.ruff.toml", "select = []")];
        assert!(!reports(&nearer, "S110"));
        let others = [("ruff.toml", all), ("src/pyproject.toml", "[project]")];
        assert!(reports(&others, "S110"));
        let broken = [("ruff.toml", all), ("src/ruff.toml", "no toml")];
        assert!(reports(&broken, "S110"));
    }

    #[test]
    fn a_file_may_extend_another_one() {
        let base = ("base.toml", "[lint]\nselect = ['B']\nignore = ['B904']");
        let extends = |rest: &str| format!("extend = '../base.toml'\n[lint]\n{rest}");
        let more = extends("extend-select = ['S', 'B904']");
        let files = [base, ("src/ruff.toml", more.as_str())];
        assert!(reports(&files, "B006") && reports(&files, "S110") && reports(&files, "B904"));
        let anew = extends("select = ['S']");
        let files = [base, ("src/ruff.toml", anew.as_str())];
        assert!(!reports(&files, "B006") && reports(&files, "S110"));
        let circular = [("ruff.toml", "extend = 'ruff.toml'\nlint.select = ['B']")];
        assert!(reports(&circular, "B006"));
    }

    #[test]
    fn files_may_be_left_out() {
        let select = "select = ['ALL']\n";
        for (settings, expected) in [
            ("exclude = ['app']", false),
            ("extend-exclude = ['src/app']", false),
            ("exclude = ['tests']", true),
            ("lint.exclude = ['a.py']", false),
            ("per-file-ignores = { 'src/**/a.py' = ['B'] }", false),
            ("per-file-ignores = { 'a.py' = ['S'] }", true),
            ("per-file-ignores = { '!tests/**' = ['B'] }", false),
            ("per-file-ignores = { '!src/**' = ['B'] }", true),
        ] {
            assert_eq!(
                with(&format!("{select}{settings}"), "B006"),
                expected,
                "{settings}"
            );
        }
    }
}
