//! What pytest's configuration says.

use std::path::Path;

use regex::Regex;
use toml::{Table, Value};

use super::files::{ProjectFiles, file_name};
use super::lookup;

/// The files in which pytest is configured.
const FILES: [&str; 7] = [
    "pytest.toml",
    ".pytest.toml",
    "pytest.ini",
    ".pytest.ini",
    "pyproject.toml",
    "tox.ini",
    "setup.cfg",
];

/// The settings of pytest that patterns and checks need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PytestConfig {
    /// The file they come from; `None` if pytest is not configured.
    pub file: Option<String>,
    /// `python_files`; empty for pytest's default.
    pub python_files: Vec<String>,
    /// `asyncio_mode`, of the option or of `--asyncio-mode` in `addopts`.
    pub asyncio_mode: Option<String>,
    /// Coroutine tests run without a mark: the mode of pytest-asyncio, anyio or trio says so.
    pub runs_coroutines: bool,
    /// Test files of the same name may stand side by side.
    pub imports_by_path: bool,
    /// The names of the registered markers.
    pub markers: Vec<String>,
}

impl PytestConfig {
    /// Reads the file that pytest would choose: `pytest.toml` or `pytest.ini` even if they are empty, else the first of
    /// `pyproject.toml`, `tox.ini` and `setup.cfg` that has a section for it.
    pub fn of(files: &ProjectFiles) -> Self {
        let found = |file: &str, settings: Settings| Self {
            file: Some(file.to_owned()),
            ..Self::from_settings(&settings)
        };
        for file in ["pytest.toml", ".pytest.toml"] {
            if let Some(text) = files.text(file) {
                let table = text.parse::<Table>().unwrap_or_default();
                let section = lookup(&table, &["pytest"]).and_then(Value::as_table);
                return found(file, Settings::Toml(section.cloned().unwrap_or_default()));
            }
        }
        for file in ["pytest.ini", ".pytest.ini"] {
            if let Some(text) = files.text(file) {
                return found(
                    file,
                    Settings::Ini(section(text, "pytest").unwrap_or_default()),
                );
            }
        }
        let pyproject = files
            .text("pyproject.toml")
            .and_then(|text| text.parse::<Table>().ok());
        let of_pyproject = |path: &[&str]| {
            let table = lookup(pyproject.as_ref()?, path)?.as_table()?;
            Some(Settings::Toml(table.clone()))
        };
        // `[tool.pytest]` holds `ini_options` as a table where only the older form is used.
        let newer = of_pyproject(&["tool", "pytest"]).filter(|settings| match settings {
            Settings::Toml(table) => table.keys().any(|key| key != "ini_options"),
            Settings::Ini(_) => false,
        });
        if let Some(settings) = newer.or_else(|| of_pyproject(&["tool", "pytest", "ini_options"])) {
            return found("pyproject.toml", settings);
        }
        for (file, name) in [("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")] {
            if let Some(settings) = files.text(file).and_then(|text| section(text, name)) {
                return found(file, Settings::Ini(settings));
            }
        }
        Self::default()
    }

    /// Reads the configuration of the nearest folder, from this one upwards, that has one. `texts` gives the files.
    pub fn near(folder: &Path, texts: &dyn Fn(&Path) -> Option<String>) -> Self {
        let configured = folder.ancestors().find_map(|above| {
            let texts: Vec<(&str, String)> = FILES
                .into_iter()
                .filter_map(|file| Some((file, texts(&above.join(file))?)))
                .collect();
            let texts: Vec<(&str, &str)> = texts.iter().map(|(f, t)| (*f, t.as_str())).collect();
            let config = Self::of(&ProjectFiles::from_texts(&texts));
            config.file.is_some().then_some(config)
        });
        configured.unwrap_or_default()
    }

    fn from_settings(settings: &Settings) -> Self {
        let options = settings.words("addopts");
        let option = |name: &str| {
            let with_value = format!("{name}=");
            let joined = options.iter().find_map(|o| o.strip_prefix(&with_value));
            let after = || {
                options
                    .iter()
                    .skip_while(|o| *o != name)
                    .nth(1)
                    .map(String::as_str)
            };
            joined.or_else(after).map(str::to_owned)
        };
        let value = |name: &str| settings.words(name).into_iter().next();
        let asyncio_mode = option("--asyncio-mode").or_else(|| value("asyncio_mode"));
        let is =
            |name: &str, wanted: &str| value(name).is_some_and(|v| v.eq_ignore_ascii_case(wanted));
        Self {
            file: None,
            python_files: settings.words("python_files"),
            runs_coroutines: asyncio_mode.as_deref() == Some("auto")
                || is("anyio_mode", "auto")
                || is("trio_mode", "true"),
            asyncio_mode,
            imports_by_path: option("--import-mode").as_deref() == Some("importlib"),
            markers: settings
                .lines("markers")
                .iter()
                .filter_map(|line| line.split([':', '(']).next())
                .map(|name| name.trim().to_owned())
                .collect(),
        }
    }

    /// Whether pytest looks for tests in a file of this path.
    pub fn collects(&self, path: &str) -> bool {
        let name = file_name(path);
        let fits = |glob: &String| {
            if glob.contains('/') {
                matches(&format!("*/{glob}"), &format!("/{path}"))
            } else {
                matches(glob, name)
            }
        };
        if self.python_files.is_empty() {
            super::files::is_python(path)
                && (name.starts_with("test_")
                    || Path::new(name)
                        .file_stem()
                        .is_some_and(|s| s.to_string_lossy().ends_with("_test")))
        } else {
            self.python_files.iter().any(fits)
        }
    }
}

/// A section of pytest's options, in either format.
enum Settings {
    Toml(Table),
    Ini(Vec<(String, String)>),
}

impl Settings {
    /// The lines, or items, of an option.
    fn lines(&self, name: &str) -> Vec<String> {
        match self {
            Self::Toml(table) => match table.get(name) {
                Some(Value::Array(items)) => items
                    .iter()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
                Some(Value::String(text)) => text.lines().map(str::to_owned).collect(),
                Some(Value::Boolean(value)) => vec![value.to_string()],
                _ => Vec::new(),
            },
            Self::Ini(options) => options
                .iter()
                .filter(|(option, _)| option == name)
                .flat_map(|(_, value)| value.lines().map(str::to_owned))
                .filter(|line| !line.trim().is_empty())
                .collect(),
        }
    }

    /// The words of an option; an item of a list is one word.
    fn words(&self, name: &str) -> Vec<String> {
        let listed =
            matches!(self, Self::Toml(table) if table.get(name).is_some_and(Value::is_array));
        let lines = self.lines(name);
        if listed {
            return lines;
        }
        let words = lines.iter().flat_map(|line| line.split_whitespace());
        words
            .map(|word| word.trim_matches(['"', '\'']).to_owned())
            .collect()
    }
}

/// The options of one section of an `.ini` file, continuation lines included; `None` if there is no such section.
pub fn section(text: &str, name: &str) -> Option<Vec<(String, String)>> {
    let mut found: Option<Vec<(String, String)>> = None;
    let mut inside = false;
    for line in text.lines() {
        let bare = line.trim();
        if bare.starts_with(['#', ';']) {
            continue;
        }
        if let Some(header) = line.strip_prefix('[').and_then(|l| l.split(']').next()) {
            inside = header.trim() == name;
            if inside {
                found.get_or_insert_default();
            }
        } else if let Some(options) = found.as_mut().filter(|_| inside) {
            let continues = line.starts_with([' ', '\t']);
            match (continues, options.last_mut(), line.split_once('=')) {
                (true, Some((_, value)), _) => {
                    value.push('\n');
                    value.push_str(bare);
                }
                (false, _, Some((option, value))) => {
                    options.push((option.trim().to_owned(), value.trim().to_owned()));
                }
                _ => {}
            }
        }
    }
    found
}

/// Whether a text matches a shell pattern of `*`, `?`, `[…]` and `[!…]`, as Python's `fnmatch` does.
fn matches(glob: &str, text: &str) -> bool {
    let mut pattern = String::from("(?s)^");
    let mut rest = glob.chars();
    while let Some(character) = rest.next() {
        match character {
            '*' => pattern.push_str(".*"),
            '?' => pattern.push('.'),
            '[' => match rest.as_str().split_once(']') {
                Some((set, after)) if !set.is_empty() => {
                    let (not, set) = match set.strip_prefix('!') {
                        Some(set) => ("^", set),
                        None => ("", set),
                    };
                    pattern.push('[');
                    pattern.push_str(not);
                    pattern.push_str(&set.replace('\\', r"\\"));
                    pattern.push(']');
                    rest = after.chars();
                }
                _ => pattern.push_str(r"\["),
            },
            other => pattern.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
    }
    pattern.push('$');
    Regex::new(&pattern).is_ok_and(|regex| regex.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(files: &[(&str, &str)]) -> PytestConfig {
        PytestConfig::of(&ProjectFiles::from_texts(files))
    }

    fn chosen(files: &[(&str, &str)]) -> Option<String> {
        config(files).file
    }

    #[test]
    fn one_file_decides() {
        let pyproject = (
            "pyproject.toml",
            "[tool.pytest.ini_options]\nasyncio_mode = \"auto\"\n",
        );
        let tox = ("tox.ini", "[tox]\n[pytest]\nasyncio_mode = auto\n");
        let setup = ("setup.cfg", "[tool:pytest]\nasyncio_mode = auto\n");
        assert_eq!(
            chosen(&[pyproject, tox, setup]).as_deref(),
            Some("pyproject.toml")
        );
        assert_eq!(chosen(&[tox, setup]).as_deref(), Some("tox.ini"));
        assert_eq!(chosen(&[setup]).as_deref(), Some("setup.cfg"));
        assert_eq!(
            chosen(&[("tox.ini", "[tox]\n"), ("pyproject.toml", "")]),
            None
        );
        let empty = config(&[pyproject, ("pytest.ini", "")]);
        assert_eq!(
            (empty.file.as_deref(), empty.runs_coroutines),
            (Some("pytest.ini"), false)
        );
    }

    #[test]
    fn every_mode_that_runs_coroutines_counts() {
        for (file, text, expected) in [
            ("pytest.ini", "[pytest]\nasyncio_mode = auto\n", true),
            ("pytest.ini", "[pytest]\nasyncio_mode = strict\n", false),
            (
                "pytest.ini",
                "[pytest]\naddopts =\n    -q\n    --asyncio-mode=auto\n",
                true,
            ),
            ("pytest.ini", "[pytest]\nanyio_mode = auto\n", true),
            ("pytest.ini", "[pytest]\ntrio_mode = true\n", true),
            ("pytest.toml", "[pytest]\nasyncio_mode = \"auto\"\n", true),
            (
                "pyproject.toml",
                "[tool.pytest]\nasyncio_mode = \"auto\"\n",
                true,
            ),
            (
                "pyproject.toml",
                "[tool.pytest.ini_options]\naddopts = \"--asyncio-mode auto -q\"\n",
                true,
            ),
            (
                "pyproject.toml",
                "[tool.pytest.ini_options]\naddopts = [\"--asyncio-mode=auto\"]\n",
                true,
            ),
            ("setup.cfg", "[other]\nasyncio_mode = auto\n", false),
        ] {
            assert_eq!(config(&[(file, text)]).runs_coroutines, expected, "{text}");
        }
    }

    #[test]
    fn patterns_are_those_of_the_shell() {
        for (glob, text, expected) in [
            ("[!b]*.py", "a.py", true),
            ("[!b]*.py", "b.py", false),
            ("[ab].py", "b.py", true),
            ("a[.py", "a[.py", true),
            ("a.py", "aXpy", false),
        ] {
            assert_eq!(matches(glob, text), expected, "{glob} {text}");
        }
    }

    #[test]
    fn markers_files_and_import_mode_are_read() {
        let text = "[pytest]\npython_files = check_*.py\n    app/spec_?.py\nmarkers =\n    integration: calls a provider\n    slow\naddopts = --import-mode importlib\n";
        let config = config(&[("pytest.ini", text)]);
        assert_eq!(config.markers, ["integration", "slow"]);
        assert!(config.imports_by_path);
        assert!(config.collects("x/check_a.py") && config.collects("app/spec_1.py"));
        assert!(!config.collects("test_a.py") && !config.collects("spec_1.py"));
        let default = PytestConfig::default();
        assert!(default.collects("x/test_a.py") && default.collects("a_test.py"));
        assert!(!default.collects("tests.py") && !default.collects("test_a.txt"));
    }
}
