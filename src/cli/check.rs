//! `hotseat check`: reports what is found in files, and fixes it.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use rayon::prelude::*;

use super::files::{self, BOM, Input, Source};
use super::fix::{Choice, fix, fix_notebook};
use super::formats::{Format, Report, Wanted};
use super::imported;
use super::{Content, FOUND, Failure, Outcome, TROUBLE, did_you_mean, project, terminal};
use crate::analysis::{Engine, FileSettings, is_notebook};
use crate::catalog::{Catalog, Pattern, PythonVersion, Tier};
use crate::ide::Snapshot;
use crate::notebook::Notebook;
use crate::project::{Overrides, Project, on_disk};

/// The arguments of `hotseat check`.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one for each flag of the command line"
)]
pub struct Check {
    /// Files, folders (their `.py` and `.ipynb` files) or `-` for standard input
    #[arg(value_name = "PATH", required_unless_present = "stdin_filename")]
    paths: Vec<PathBuf>,
    /// How the report is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Report code that a question is about, too, not only problems
    #[arg(long)]
    mentions: bool,
    /// Enable only these patterns (a question's id stands for its patterns)
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    select: Vec<String>,
    /// Apply safe fixes
    #[arg(long)]
    fix: bool,
    /// With --fix or --diff: also the fixes that have to be reviewed, refactorings included
    #[arg(long)]
    review: bool,
    /// Apply only this fix, whatever its kind and safety (implies --fix)
    #[arg(long, value_name = "FIX_ID")]
    fix_only: Option<String>,
    /// Print what --fix would change, and change nothing
    #[arg(long)]
    diff: bool,
    /// Exit with 0 even if something is found
    #[arg(long)]
    exit_zero: bool,
    /// What to call standard input
    #[arg(long, value_name = "FILE")]
    stdin_filename: Option<PathBuf>,
    /// The Python version to assume instead of the project's
    #[arg(long, value_name = "VERSION")]
    target_version: Option<PythonVersion>,
    #[command(flatten)]
    content: Content,
}

/// How many files are checked before what was found in them is written, so that no more is kept in memory.
const AT_ONCE: usize = 512;

/// What happens to the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Report,
    Fix,
    Diff,
}

/// What became of one file.
struct Checked {
    path: PathBuf,
    /// One for a file, one for each cell of a notebook.
    reports: Vec<Report>,
    fixed: Option<Fixed>,
    /// A file that could not be written.
    problem: Option<String>,
}

/// A file whose text is different after fixing.
struct Fixed {
    before: String,
    after: String,
    counts: BTreeMap<String, usize>,
}

impl Check {
    /// Runs the command.
    pub fn run(self) -> Outcome {
        let catalog = Arc::clone(self.content.engine()?.catalog());
        let enabled = self.enabled(&catalog)?;
        let choice = self.choice(&catalog)?;
        let engine = Engine::with_patterns(catalog, |pattern| enabled[pattern]);
        let run = Run {
            mode: self.mode(),
            choice,
            engine: engine.map_err(|error| Failure(error.to_string()))?,
            check: &self,
        };
        run.run()
    }

    /// What wins over the files of a project.
    fn overrides(&self) -> Overrides {
        Overrides {
            target: self.target_version,
            patterns: !self.select.is_empty() || self.fix_only.is_some(),
        }
    }

    fn mode(&self) -> Mode {
        if self.diff {
            Mode::Diff
        } else if self.fix || self.fix_only.is_some() {
            Mode::Fix
        } else {
            Mode::Report
        }
    }

    fn choice(&self, catalog: &Catalog) -> Result<Choice, Failure> {
        if let Some(id) = &self.fix_only {
            let known = || {
                let fixes = catalog.patterns.iter().flat_map(|p| &p.fixes);
                fixes.map(|fix| fix.id.as_str())
            };
            if !known().any(|fix| fix == id) {
                let hint = did_you_mean(id, known());
                return Err(Failure(format!("there is no fix `{id}`{hint}")));
            }
        }
        Ok(Choice {
            review: self.review,
            only: self.fix_only.clone(),
        })
    }

    /// For each pattern whether it runs.
    fn enabled(&self, catalog: &Catalog) -> Result<Vec<bool>, Failure> {
        for id in &self.select {
            let known = catalog.pattern_index(id).is_some()
                || catalog.question(id).is_some()
                || project::is_project_check(id);
            if !known {
                let patterns = catalog.patterns.iter().map(|p| p.id.as_str());
                let questions = catalog.questions.iter().map(|q| q.id.as_str());
                let hint = did_you_mean(id, patterns.chain(questions));
                return Err(Failure(format!("there is no pattern `{id}`{hint}")));
            }
        }
        let selected = |pattern: &Pattern| {
            let question = &catalog.questions[pattern.question].id;
            self.select.is_empty()
                || self
                    .select
                    .iter()
                    .any(|id| *id == pattern.id || id == question)
        };
        // A fix that is asked for by name is not to be hidden by a pattern that wins over its own.
        let wanted = |pattern: &Pattern| match &self.fix_only {
            Some(id) => pattern.fixes.iter().any(|fix| fix.id == *id),
            None => pattern.tier == Tier::Finding || self.mentions,
        };
        let patterns = catalog.patterns.iter();
        Ok(patterns.map(|p| selected(p) && wanted(p)).collect())
    }
}

/// A check with everything it needs.
struct Run<'c> {
    check: &'c Check,
    engine: Engine,
    mode: Mode,
    choice: Choice,
}

impl Run<'_> {
    fn run(&self) -> Outcome {
        let mut paths = self.check.paths.clone();
        if paths.is_empty() {
            paths.push("-".into());
        }
        let (inputs, problems) = files::collect(&paths, self.check.stdin_filename.as_deref());
        let projects = projects(&inputs, self.engine.catalog());
        let mut warnings: Vec<&String> = projects
            .values()
            .flat_map(|project| &project.configuration.problems)
            .collect();
        warnings.sort_unstable();
        warnings.dedup();
        for warning in warnings {
            terminal::warn(warning);
        }
        for problem in &problems {
            terminal::complain(problem);
        }
        let tally = RefCell::new(Tally {
            problems,
            ..Tally::default()
        });
        let imported = match self.mode {
            Mode::Report => Arc::default(),
            Mode::Fix | Mode::Diff => imported::names(&inputs),
        };
        let files = inputs.chunks(AT_ONCE).flat_map(|some| {
            let checked = some.par_iter().map(|input| {
                let settings = FileSettings {
                    imported_elsewhere: Arc::clone(&imported),
                    ..self.settings(input, &projects)
                };
                self.one(input, Arc::new(settings))
            });
            checked.collect::<Vec<_>>()
        });
        let of_files = files.flat_map(|checked| tally.borrow_mut().take(checked));
        // What concerns a project as a whole has no fixes.
        let of_projects = (self.mode == Mode::Report)
            .then(|| project::reports(&paths, &self.check.select, self.engine.catalog()));
        let of_projects = of_projects.into_iter().flatten();
        let of_projects = of_projects.inspect(|_| tally.borrow_mut().files += 1);
        let reports = of_files.chain(of_projects);
        let reports = reports.inspect(|report| tally.borrow_mut().count(report));
        self.show(&inputs, reports, &tally)?;
        let tally = tally.into_inner();
        self.summarise(&tally);
        Ok(if !tally.problems.is_empty() {
            ExitCode::from(TROUBLE)
        } else if tally.findings > 0 && !self.check.exit_zero {
            ExitCode::from(FOUND)
        } else {
            ExitCode::SUCCESS
        })
    }

    /// What a file's project says about it.
    fn settings(&self, input: &Input, projects: &Projects<'_>) -> FileSettings {
        projects
            .get(folder_of(&input.path))
            .cloned()
            .unwrap_or_default()
            .file_settings(&input.path, self.engine.catalog(), self.check.overrides())
    }

    fn one(&self, input: &Input, settings: Arc<FileSettings>) -> Result<Checked, String> {
        let source = files::read(input)?;
        let snapshot =
            |text: &str| Snapshot::once(&self.engine, &input.path, text, Arc::clone(&settings));
        let mut text = Text::of(&input.path, source)?;
        let wanted = Wanted::in_format(self.check.format, self.check.mentions);
        let current = snapshot(&text.python());
        let mut checked = Checked {
            path: input.path.clone(),
            reports: text.reports(&input.path, &current, wanted),
            fixed: None,
            problem: None,
        };
        if self.mode == Mode::Report || current.matches().is_empty() {
            return Ok(checked);
        }
        let before = text.whole();
        let counts = text.fix(&self.engine, &current, &self.choice);
        let after = text.whole();
        if before == after {
            return Ok(checked);
        }
        let fixed = Fixed {
            before,
            after,
            counts,
        };
        if self.mode == Mode::Fix {
            if !input.stdin
                && let Err(problem) = files::replace(&input.path, &fixed.after)
            {
                checked.problem = Some(problem);
                return Ok(checked);
            }
            let current = snapshot(&text.python());
            checked.reports = text.reports(&input.path, &current, wanted);
        }
        checked.fixed = Some(fixed);
        Ok(checked)
    }

    /// Writes to standard output: the reports, the differences, or the fixed text of standard input.
    fn show(
        &self,
        inputs: &[Input],
        mut reports: impl Iterator<Item = Report>,
        tally: &RefCell<Tally>,
    ) -> Result<(), Failure> {
        if self.mode == Mode::Diff {
            reports.by_ref().for_each(drop);
            let fixed = &tally.borrow().fixed;
            let diffs = fixed.iter().map(|(path, fixed)| unified_diff(path, fixed));
            return terminal::show(&terminal::diff(&diffs.collect::<String>()));
        }
        let stdin = inputs.iter().find(|input| input.stdin);
        if let (Mode::Fix, Some(stdin)) = (self.mode, stdin) {
            // An editor that pipes its buffer through takes standard output for the new text.
            let own = |report: &Report| report.path == stdin.path;
            let unchanged = reports.by_ref().filter(own).last();
            let fixed = &tally.borrow().fixed;
            let after = fixed.iter().find(|(path, _)| *path == stdin.path);
            return match (after, unchanged) {
                (Some((_, fixed)), _) => terminal::show_exactly(&fixed.after),
                (None, Some(report)) => terminal::show_exactly(&report.whole_text()),
                (None, None) => Ok(()),
            };
        }
        let format = self.check.format;
        let problems = || tally.borrow().problems.clone();
        format.write(self.engine.catalog(), reports, problems)
    }

    fn summarise(&self, tally: &Tally) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (id, count) in tally.fixed.iter().flat_map(|(_, fixed)| &fixed.counts) {
            *counts.entry(id).or_default() += count;
        }
        let fixes: usize = counts.values().sum();
        let files = counted(tally.fixed.len(), "file");
        match self.mode {
            Mode::Diff => terminal::note(&format!(
                "{} in {files} would be made",
                counted(fixes, "fix")
            )),
            Mode::Fix => terminal::note(&format!("{} in {files} made", counted(fixes, "fix"))),
            Mode::Report => {}
        }
        // The most frequent first.
        let mut counts = Vec::from_iter(counts);
        counts.sort_by_key(|(_, count)| Reverse(*count));
        let width = counts.first().map_or(0, |(_, most)| most.to_string().len());
        for (id, count) in counts {
            terminal::note(&format!("  {count:width$} {id}"));
        }
        if self.check.format == Format::Text && self.mode != Mode::Diff {
            let (findings, files) = (tally.findings, counted(tally.files, "file"));
            terminal::note(&format!("{} in {files}", counted(findings, "finding")));
        }
    }
}

/// What has been done so far.
#[derive(Default)]
struct Tally {
    findings: usize,
    files: usize,
    fixed: Vec<(PathBuf, Fixed)>,
    problems: Vec<String>,
}

impl Tally {
    fn take(&mut self, checked: Result<Checked, String>) -> Vec<Report> {
        let problem = match &checked {
            Ok(checked) => checked.problem.as_ref(),
            Err(problem) => Some(problem),
        };
        if let Some(problem) = problem {
            terminal::complain(problem);
            self.problems.push(problem.clone());
        }
        let Ok(checked) = checked else {
            return Vec::new();
        };
        self.files += 1;
        let fixed = checked.fixed.map(|fixed| (checked.path, fixed));
        self.fixed.extend(fixed);
        checked.reports
    }

    fn count(&mut self, report: &Report) {
        self.findings += report.findings();
    }
}

/// What is checked and fixed: a file of Python, or the cells of a notebook.
enum Text {
    Python(Source),
    Notebook { notebook: Arc<Notebook>, bom: bool },
}

impl Text {
    /// # Errors
    ///
    /// One line that names the file, if it should be a notebook and is none.
    fn of(path: &Path, source: Source) -> Result<Self, String> {
        if !is_notebook(path) {
            return Ok(Self::Python(source));
        }
        let notebook = Notebook::parse(&source.text);
        let notebook = notebook.map_err(|problem| format!("{}: {problem}", path.display()))?;
        Ok(Self::Notebook {
            notebook: Arc::new(notebook),
            bom: source.bom,
        })
    }

    /// What is parsed.
    fn python(&self) -> Arc<str> {
        match self {
            Self::Python(source) => Arc::clone(&source.text),
            Self::Notebook { notebook, .. } => notebook.join().text().into(),
        }
    }

    /// The file as it is on the disk.
    fn whole(&self) -> String {
        let (bom, text) = match self {
            Self::Python(source) => (source.bom, &*source.text),
            Self::Notebook { notebook, bom } => (*bom, notebook.text()),
        };
        format!("{}{text}", if bom { BOM } else { "" })
    }

    fn reports(&self, path: &Path, snapshot: &Snapshot, wanted: Wanted) -> Vec<Report> {
        match self {
            Self::Python(source) => vec![Report::new(path, snapshot, source, wanted)],
            Self::Notebook { notebook, bom } => {
                Report::of_notebook(path, snapshot, notebook, *bom, wanted)
            }
        }
    }

    /// Applies fixes, and answers how many of each id.
    fn fix(
        &mut self,
        engine: &Engine,
        snapshot: &Snapshot,
        choice: &Choice,
    ) -> BTreeMap<String, usize> {
        match self {
            Self::Python(source) => {
                let settled = fix(engine, snapshot, choice);
                source.text = settled.text.into();
                settled.counts
            }
            Self::Notebook { notebook, .. } => {
                let (settled, fixed) = fix_notebook(engine, snapshot, notebook, choice);
                *notebook = Arc::new(fixed);
                settled.counts
            }
        }
    }
}

type Projects<'i> = HashMap<&'i Path, Project>;

/// The project settings of every folder that has a file to check, each read once.
fn projects<'i>(inputs: &'i [Input], catalog: &Catalog) -> Projects<'i> {
    let mut projects = HashMap::new();
    for input in inputs {
        let folder = folder_of(&input.path);
        projects
            .entry(folder)
            .or_insert_with(|| Project::of_folder(folder, catalog, &on_disk));
    }
    projects
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

fn unified_diff(path: &Path, fixed: &Fixed) -> String {
    // `git apply` refuses paths that begin with a dot.
    let name = path.strip_prefix(".").unwrap_or(path);
    let name = name.display().to_string();
    similar::TextDiff::from_lines(fixed.before.as_str(), fixed.after.as_str())
        .unified_diff()
        .header(&name, &name)
        .to_string()
}

/// `1 file`, `2 files`, `2 fixes`.
fn counted(number: usize, what: &str) -> String {
    match (number, what) {
        (1, _) => format!("1 {what}"),
        (_, "fix") => format!("{number} fixes"),
        _ => format!("{number} {what}s"),
    }
}
