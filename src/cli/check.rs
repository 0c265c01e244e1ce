//! `hotseat check`: reports what is found in files, and fixes it.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use rayon::prelude::*;

use super::files::{self, BOM, Input, Source};
use super::fix::{Choice, fix};
use super::formats::{Format, Report};
use super::{Content, FOUND, Failure, Outcome, TROUBLE, did_you_mean, project, terminal};
use crate::analysis::Engine;
use crate::catalog::{Catalog, Pattern, PatternIndex, PythonVersion, Tier};
use crate::ide::Snapshot;
use crate::project::{Overrides, Project, on_disk};

/// The arguments of `hotseat check`.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one for each flag of the command line"
)]
pub struct Check {
    /// Files, folders (their `.py` files) or `-` for standard input
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

/// What happens to the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Report,
    Fix,
    Diff,
}

/// What became of one file.
struct Checked {
    report: Report,
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
        let engine = self.content.engine()?;
        let run = Run {
            mode: self.mode(),
            enabled: self.enabled(engine.catalog())?,
            choice: self.choice(engine.catalog())?,
            engine,
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
    engine: Arc<Engine>,
    mode: Mode,
    enabled: Vec<bool>,
    choice: Choice,
}

impl Run<'_> {
    fn run(&self) -> Outcome {
        let mut paths = self.check.paths.clone();
        if paths.is_empty() {
            paths.push("-".into());
        }
        let (inputs, mut problems) = files::collect(&paths, self.check.stdin_filename.as_deref());
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
        let results: Vec<Result<Checked, String>> = inputs
            .par_iter()
            .map(|input| self.one(input, &projects))
            .collect();
        let mut reports = Vec::new();
        let mut fixed = Vec::new();
        for result in results {
            match result {
                Ok(checked) => {
                    problems.extend(checked.problem);
                    fixed.extend(checked.fixed.map(|f| (checked.report.path.clone(), f)));
                    reports.push(checked.report);
                }
                Err(problem) => problems.push(problem),
            }
        }
        if self.mode == Mode::Report {
            let catalog = self.engine.catalog();
            reports.extend(project::reports(&paths, &self.check.select, catalog));
        }
        for problem in &problems {
            terminal::complain(problem);
        }
        self.show(&inputs, &reports, &fixed, &problems)?;
        self.summarise(&reports, &fixed);
        let found = reports.iter().any(Report::has_finding);
        Ok(if !problems.is_empty() {
            ExitCode::from(TROUBLE)
        } else if found && !self.check.exit_zero {
            ExitCode::from(FOUND)
        } else {
            ExitCode::SUCCESS
        })
    }

    fn one(&self, input: &Input, projects: &Projects<'_>) -> Result<Checked, String> {
        let source = files::read(input)?;
        let settings = projects
            .get(folder_of(&input.path))
            .cloned()
            .unwrap_or_default()
            .file_settings(&input.path, self.engine.catalog(), self.check.overrides());
        let settings = Arc::new(settings);
        let enabled = |pattern: PatternIndex| self.enabled.get(pattern) == Some(&true);
        let snapshot = |text: &str| {
            Snapshot::with_patterns(
                &self.engine,
                &input.path,
                text,
                Arc::clone(&settings),
                &enabled,
            )
        };
        let mut current = snapshot(&source.text);
        let mut checked = Checked {
            report: Report::new(&input.path, &current, &source, self.check.mentions),
            fixed: None,
            problem: None,
        };
        if self.mode == Mode::Report || current.matches().is_empty() {
            return Ok(checked);
        }
        let settled = fix(&self.engine, &current, &enabled, &self.choice);
        if settled.text == *source.text {
            return Ok(checked);
        }
        let bom = if source.bom { BOM } else { "" };
        let fixed = Fixed {
            before: format!("{bom}{}", source.text),
            after: format!("{bom}{}", settled.text),
            counts: settled.counts,
        };
        if self.mode == Mode::Fix {
            if !input.stdin
                && let Err(problem) = files::replace(&input.path, &fixed.after)
            {
                checked.problem = Some(problem);
                return Ok(checked);
            }
            let text: Arc<str> = settled.text.into();
            current = snapshot(&text);
            let bom = source.bom;
            let source = Source { text, bom };
            checked.report = Report::new(&input.path, &current, &source, self.check.mentions);
        }
        checked.fixed = Some(fixed);
        Ok(checked)
    }

    /// Writes to standard output: the report, the differences, or the fixed text of standard input.
    fn show(
        &self,
        inputs: &[Input],
        reports: &[Report],
        fixed: &[(PathBuf, Fixed)],
        problems: &[String],
    ) -> Result<(), Failure> {
        if self.mode == Mode::Diff {
            let diffs: String = fixed
                .iter()
                .map(|(path, fixed)| unified_diff(path, fixed))
                .collect();
            return terminal::show(&terminal::diff(&diffs));
        }
        if self.mode == Mode::Fix && inputs.iter().any(|input| input.stdin) {
            // An editor that pipes its buffer through takes standard output for the new text.
            let stdin = inputs.iter().filter(|input| input.stdin);
            for input in stdin {
                let after = fixed.iter().find(|(path, _)| *path == input.path);
                let unchanged = reports.iter().find(|report| report.path == input.path);
                match (after, unchanged) {
                    (Some((_, fixed)), _) => terminal::show_exactly(&fixed.after)?,
                    (None, Some(report)) => terminal::show_exactly(&report.whole_text())?,
                    (None, None) => {}
                }
            }
            return Ok(());
        }
        self.check
            .format
            .write(self.engine.catalog(), reports, problems)
    }

    fn summarise(&self, reports: &[Report], fixed: &[(PathBuf, Fixed)]) {
        let fixes: usize = fixed.iter().flat_map(|(_, f)| f.counts.values()).sum();
        let files = counted(fixed.len(), "file");
        match self.mode {
            Mode::Diff => terminal::note(&format!(
                "{} in {files} would be made",
                counted(fixes, "fix")
            )),
            Mode::Fix => terminal::note(&format!("{} in {files} made", counted(fixes, "fix"))),
            Mode::Report => {}
        }
        if self.check.format == Format::Text && self.mode != Mode::Diff {
            let findings: usize = reports.iter().map(Report::findings).sum();
            let files = counted(reports.len(), "file");
            terminal::note(&format!("{} in {files}", counted(findings, "finding")));
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
    let name = path.display().to_string();
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
