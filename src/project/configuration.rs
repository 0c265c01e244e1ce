//! `[tool.hotseat]` of a `pyproject.toml`: what a project says to this program.

use std::collections::BTreeSet;
use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::catalog::{Catalog, PatternIndex, PythonVersion, closest};
use crate::ide::Preset;
use crate::workspace;

const SELECT: &str = "select";
const IGNORE: &str = "ignore";
const PER_FILE_IGNORES: &str = "per-file-ignores";
const PRESET: &str = "preset";
const TARGET_VERSION: &str = "target-version";
const MAX_HINTS: &str = "max-hints";

const KEYS: [&str; 6] = [
    SELECT,
    IGNORE,
    PER_FILE_IGNORES,
    PRESET,
    TARGET_VERSION,
    MAX_HINTS,
];

/// What a project has set; what is absent or wrong is not set.
#[derive(Debug, Clone, Default)]
pub struct Configuration {
    /// `preset`: how much editors show.
    pub preset: Option<Preset>,
    /// `target-version`: the oldest Python that the code must run on.
    pub target: Option<PythonVersion>,
    /// `max-hints`: how many hints a screenful may show.
    pub max_hints: Option<usize>,
    /// What is wrong with the settings: one line each, with file, line and key.
    pub problems: Vec<String>,
    /// `select`: the only ones that run.
    select: Option<Chosen>,
    /// `ignore`: those that do not run.
    ignore: Chosen,
    /// `per-file-ignores`: those that do not run in some files.
    per_file_ignores: Vec<(Gitignore, Chosen)>,
}

/// What a list of ids names.
#[derive(Debug, Clone, Default)]
struct Chosen {
    patterns: BTreeSet<PatternIndex>,
    /// The ids of checks of whole projects.
    checks: BTreeSet<&'static str>,
}

impl Chosen {
    /// Adds what an id stands for; false if it stands for nothing.
    fn add(&mut self, id: &str, catalog: &Catalog) -> bool {
        let of_question = |check: &&workspace::ProjectCheck| {
            check.id == id || id == workspace::QUESTION && catalog.question(id).is_some()
        };
        let checks = workspace::CHECKS.iter().filter(of_question);
        let before = self.checks.len();
        self.checks.extend(checks.map(|check| check.id));
        if let Some(pattern) = catalog.pattern_index(id) {
            self.patterns.insert(pattern);
        } else if let Some(question) = catalog.question(id) {
            self.patterns.extend(&question.patterns);
        } else {
            return self.checks.len() > before;
        }
        true
    }
}

impl Configuration {
    /// Reads the text of a `pyproject.toml`.
    pub fn read(path: &Path, text: &str, catalog: &Catalog) -> Self {
        let reader = Reader {
            path,
            text,
            catalog,
            configuration: Self::default(),
        };
        reader.read()
    }

    /// The patterns that do not run in a file, by its absolute path. With `chosen`, patterns are chosen elsewhere, and
    /// `select` and `ignore` do not count.
    pub fn disabled(&self, path: &Path, catalog: &Catalog, chosen: bool) -> BTreeSet<PatternIndex> {
        let mut disabled = BTreeSet::new();
        if !chosen {
            let all = 0..catalog.patterns.len();
            let selected = |p: &PatternIndex| {
                let select = self.select.as_ref();
                select.is_none_or(|select| select.patterns.contains(p))
            };
            disabled.extend(all.filter(|pattern| !selected(pattern)));
            disabled.extend(&self.ignore.patterns);
        }
        for chosen in self.ignored_in(path) {
            disabled.extend(&chosen.patterns);
        }
        disabled
    }

    /// Whether a check of whole projects has nothing to report on a file, by the file's absolute path. With `chosen`, as above.
    pub fn disables_check(&self, check: &str, path: &Path, chosen: bool) -> bool {
        let select = self.select.as_ref();
        let unselected = select.is_some_and(|select| !select.checks.contains(check));
        !chosen && (unselected || self.ignore.checks.contains(check))
            || self
                .ignored_in(path)
                .any(|chosen| chosen.checks.contains(check))
    }

    fn ignored_in(&self, path: &Path) -> impl Iterator<Item = &Chosen> {
        let fits = move |glob: &Gitignore| {
            // Outside of the project's folder no glob can match.
            let inside = path.strip_prefix(glob.path()).ok();
            inside.is_some_and(|p| glob.matched_path_or_any_parents(p, false).is_ignore())
        };
        let ignores = self.per_file_ignores.iter();
        ignores
            .filter(move |(glob, _)| fits(glob))
            .map(|(_, chosen)| chosen)
    }
}

/// A file that is being read.
struct Reader<'t> {
    path: &'t Path,
    text: &'t str,
    catalog: &'t Catalog,
    configuration: Configuration,
}

impl Reader<'_> {
    fn read(mut self) -> Configuration {
        let table = match DeTable::parse(self.text) {
            Ok(table) => table.into_inner(),
            Err(error) => {
                // What is wrong with other tools' settings is for them to say.
                if self.text.contains("[tool.hotseat") {
                    let at = error.span().map_or(0, |span| span.start);
                    let message = error.message().replace('\n', ", ");
                    self.problem(at, &format!("no settings are read: {message}"));
                }
                return self.configuration;
            }
        };
        let tool = table.get("tool").and_then(|tool| tool.get_ref().as_table());
        match tool.and_then(|tool| tool.get("hotseat")) {
            None => {}
            Some(section) => match section.get_ref().as_table() {
                Some(section) => self.section(section),
                None => self.problem(section.span().start, "`tool.hotseat` must be a table"),
            },
        }
        self.configuration
    }

    fn section(&mut self, section: &DeTable<'_>) {
        let mut entries: Vec<_> = section.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            let at = key.span().start;
            let name = key.get_ref().as_ref();
            let expected = match name {
                SELECT => {
                    self.configuration.select = self.chosen(name, value);
                    continue;
                }
                IGNORE => {
                    self.configuration.ignore = self.chosen(name, value).unwrap_or_default();
                    continue;
                }
                PER_FILE_IGNORES => match value.get_ref().as_table() {
                    Some(globs) => {
                        self.per_file_ignores(globs);
                        continue;
                    }
                    None => "a table of globs with lists of ids",
                },
                PRESET => {
                    let preset = value.get_ref().as_str().and_then(Preset::named);
                    self.configuration.preset = preset;
                    match preset {
                        Some(_) => continue,
                        None => "\"learn\", \"quiet\" or \"off\"",
                    }
                }
                TARGET_VERSION => {
                    let version = value.get_ref().as_str().and_then(|text| text.parse().ok());
                    self.configuration.target = version;
                    match version {
                        Some(_) => continue,
                        None => "a Python version such as \"3.12\"",
                    }
                }
                MAX_HINTS => {
                    let number = value.get_ref().as_integer();
                    let number =
                        number.and_then(|n| usize::from_str_radix(n.as_str(), n.radix()).ok());
                    self.configuration.max_hints = number;
                    match number {
                        Some(_) => continue,
                        None => "a whole number from 0",
                    }
                }
                unknown => {
                    let hint = hint(unknown, KEYS);
                    self.problem(
                        at,
                        &format!("there is no setting `tool.hotseat.{unknown}`{hint}"),
                    );
                    continue;
                }
            };
            self.problem(at, &format!("`tool.hotseat.{name}` must be {expected}"));
        }
    }

    fn per_file_ignores(&mut self, globs: &DeTable<'_>) {
        let mut globs: Vec<_> = globs.iter().collect();
        globs.sort_by_key(|(glob, _)| glob.span().start);
        for (glob, ids) in globs {
            let text = glob.get_ref().as_ref();
            let Some(chosen) = self.chosen(PER_FILE_IGNORES, ids) else {
                continue;
            };
            let mut builder = GitignoreBuilder::new(self.path.parent().unwrap_or(Path::new("")));
            let built = builder.add_line(None, text).map(|_| ());
            match built.and_then(|()| builder.build()) {
                Ok(glob) => self.configuration.per_file_ignores.push((glob, chosen)),
                Err(error) => self.problem(
                    glob.span().start,
                    &format!("`tool.hotseat.{PER_FILE_IGNORES}`: {error}"),
                ),
            }
        }
    }

    /// What a list of ids names. Unknown ids are left out; `None` if it is no list, or if nothing but unknown ids is in it.
    fn chosen(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Chosen> {
        let catalog = self.catalog;
        let ids = value.get_ref().as_array().and_then(|items| {
            let id = |item: &Spanned<DeValue<'_>>| {
                let text = item.get_ref().as_str()?.to_owned();
                Some((item.span().start, text))
            };
            items.iter().map(id).collect::<Option<Vec<_>>>()
        });
        let Some(ids) = ids else {
            let what = format!("`tool.hotseat.{key}` must be a list of pattern or question ids");
            self.problem(value.span().start, &what);
            return None;
        };
        let mut chosen = Chosen::default();
        let mut known = ids.is_empty();
        for (at, id) in ids {
            if chosen.add(&id, catalog) {
                known = true;
                continue;
            }
            let all = catalog.patterns.iter().map(|p| p.id.as_str());
            let all = all.chain(catalog.questions.iter().map(|q| q.id.as_str()));
            let all = all.chain(workspace::CHECKS.iter().map(|check| check.id));
            let hint = hint(&id, all);
            let what =
                format!("`tool.hotseat.{key}`: there is no pattern or question `{id}`{hint}");
            self.problem(at, &what);
        }
        known.then_some(chosen)
    }

    fn problem(&mut self, at: usize, what: &str) {
        let before = self.text.as_bytes().iter().take(at);
        let line = before.filter(|&&byte| byte == b'\n').count() + 1;
        let problem = format!("{}:{line}: {what}", self.path.display());
        self.configuration.problems.push(problem);
    }
}

fn hint<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> String {
    closest(name, known)
        .map(|known| format!(", did you mean `{known}`?"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, LazyLock};

    use super::*;
    use crate::analysis::Engine;
    use crate::content;

    static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/questions");
        content::engine(Some(&folder)).unwrap()
    });

    const FOLDER: &str = if cfg!(windows) {
        r"C:\project"
    } else {
        "/project"
    };

    fn read(section: &str) -> Configuration {
        let path = Path::new(FOLDER).join("pyproject.toml");
        let text = format!("[tool.hotseat]\n{section}");
        Configuration::read(&path, &text, ENGINE.catalog())
    }

    /// The ids of the patterns that do not run in a file.
    fn disabled(section: &str, file: &str) -> Vec<&'static str> {
        let configuration = read(section);
        assert_eq!(configuration.problems, [""; 0]);
        let path = Path::new(FOLDER).join(file);
        let catalog = ENGINE.catalog();
        let disabled = configuration.disabled(&path, catalog, false);
        disabled
            .into_iter()
            .map(|p| catalog.patterns[p].id.as_str())
            .collect()
    }

    /// What is said about a section, without the folder.
    fn problems(section: &str) -> Vec<String> {
        let folder = Path::new(FOLDER).join("").display().to_string();
        let problems = read(section).problems;
        problems.iter().map(|p| p.replace(&folder, "")).collect()
    }

    #[test]
    fn patterns_are_named_by_themselves_or_by_their_question() {
        assert_eq!(disabled("", "a.py"), [""; 0]);
        assert_eq!(disabled("ignore = ['double-not']", "a.py"), ["double-not"]);
        assert_eq!(
            disabled("ignore = ['assert-or-raise']", "a.py"),
            ["m-assert", "assert-true"]
        );
        let kept = disabled("select = ['double-not']", "a.py");
        assert!(!kept.contains(&"double-not") && kept.contains(&"assert-true"));
        let section = "select = ['assert-or-raise', 'double-not']\nignore = ['assert-true']";
        let both = disabled(section, "a.py");
        assert!(both.contains(&"assert-true") && !both.contains(&"m-assert"));
    }

    #[test]
    fn files_are_named_as_in_gitignore_from_the_projects_folder_on() {
        let ignored = |glob: &str, file: &str| {
            let section = format!("per-file-ignores = {{ '{glob}' = ['double-not'] }}");
            disabled(&section, file) == ["double-not"]
        };
        for (glob, file) in [
            ("test_*.py", "test_a.py"),
            ("test_*.py", "src/app/test_a.py"),
            ("tests/", "tests/unit/a.py"),
            ("src/**/gen.py", "src/a/b/gen.py"),
            ("src/**/gen.py", "src/gen.py"),
            ("/a.py", "a.py"),
        ] {
            assert!(ignored(glob, file), "{glob} {file}");
        }
        for (glob, file) in [
            ("test_*.py", "a.py"),
            ("/a.py", "src/a.py"),
            ("src/*.py", "src/app/a.py"),
            (
                "*.py",
                if cfg!(windows) {
                    r"C:\other\a.py"
                } else {
                    "/other/a.py"
                },
            ),
        ] {
            assert!(!ignored(glob, file), "{glob} {file}");
        }
    }

    #[test]
    fn a_choice_made_elsewhere_wins_but_not_over_files() {
        let section = "ignore = ['double-not']\nper-file-ignores = { 'a.py' = ['assert-true'] }";
        let path = Path::new(FOLDER).join("a.py");
        let catalog = ENGINE.catalog();
        let disabled = read(section).disabled(&path, catalog, true);
        let expected = catalog.pattern_index("assert-true");
        assert_eq!(
            disabled.into_iter().collect::<Vec<_>>(),
            Vec::from_iter(expected)
        );
    }

    #[test]
    fn checks_of_projects_are_named_like_patterns() {
        let disables = |section: &str, chosen: bool| {
            let configuration = read(section);
            assert_eq!(configuration.problems, [""; 0]);
            let path = Path::new(FOLDER).join("src/email.py");
            configuration.disables_check("ws-stdlib-shadow", &path, chosen)
        };
        assert!(!disables("", false));
        assert!(disables("ignore = ['ws-stdlib-shadow']", false));
        assert!(!disables("ignore = ['ws-stdlib-shadow']", true));
        assert!(!disables("ignore = ['ws-no-lock']", false));
        assert!(disables("select = ['double-not']", false));
        assert!(!disables("select = ['ws-stdlib-shadow']", false));
        let per_file =
            |glob: &str| format!("per-file-ignores = {{ '{glob}' = ['ws-stdlib-shadow'] }}");
        assert!(disables(&per_file("src/"), true));
        assert!(!disables(&per_file("tests/"), true));
        assert!(problems("ignore = ['ws-no-lokc']")[0].ends_with("did you mean `ws-no-lock`?"));
    }

    #[test]
    fn the_other_settings_are_plain_values() {
        let read = read("preset = 'quiet'\ntarget-version = '3.13'\nmax-hints = 2\n");
        assert_eq!(read.preset, Some(Preset::Quiet));
        assert_eq!(read.target, "3.13".parse().ok());
        assert_eq!(read.max_hints, Some(2));
        assert_eq!(read.problems, [""; 0]);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line_and_does_no_harm() {
        let section = "presset = 'off'\npreset = 'loud'\nmax-hints = -1\ntarget-version = 3.12\nselect = ['dobule-not']\n\
                       ignore = ['double-not',\n  'nothing-like-it-at-all']\nper-file-ignores = { 'a.py' = 'double-not', 'a{' = [] }\n";
        let mut problems = problems(section);
        let glob = problems.pop().unwrap_or_default();
        let expected = "pyproject.toml:9: `tool.hotseat.per-file-ignores`: error parsing glob 'a{'";
        assert!(glob.starts_with(expected), "{glob}");
        assert_eq!(
            problems,
            [
                "pyproject.toml:2: there is no setting `tool.hotseat.presset`, did you mean `preset`?",
                "pyproject.toml:3: `tool.hotseat.preset` must be \"learn\", \"quiet\" or \"off\"",
                "pyproject.toml:4: `tool.hotseat.max-hints` must be a whole number from 0",
                "pyproject.toml:5: `tool.hotseat.target-version` must be a Python version such as \"3.12\"",
                "pyproject.toml:6: `tool.hotseat.select`: there is no pattern or question `dobule-not`, did you mean `double-not`?",
                "pyproject.toml:8: `tool.hotseat.ignore`: there is no pattern or question `nothing-like-it-at-all`",
                "pyproject.toml:9: `tool.hotseat.per-file-ignores` must be a list of pattern or question ids",
            ]
        );
        let read = read(section);
        assert_eq!(
            (read.preset, read.max_hints, read.target),
            (None, None, None)
        );
        let catalog = ENGINE.catalog();
        let disabled = read.disabled(&Path::new(FOLDER).join("a.py"), catalog, false);
        assert_eq!(
            disabled.into_iter().collect::<Vec<_>>(),
            Vec::from_iter(catalog.pattern_index("double-not"))
        );
    }

    #[test]
    fn a_file_that_is_no_toml_is_named_if_it_has_settings_for_us() {
        let problems = problems("ignore = [\n[project]\n");
        assert!(
            problems[0].starts_with("pyproject.toml:")
                && problems[0].contains("no settings are read"),
            "{problems:?}"
        );
        let others = Configuration::read(Path::new("a"), "no toml", ENGINE.catalog());
        assert_eq!(others.problems, [""; 0]);
    }
}
