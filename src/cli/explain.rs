//! `hotseat explain`: the page of a question or of a pattern, or the list of all questions.

use std::process::ExitCode;

use serde::Serialize;

use super::{Content, Failure, Outcome, did_you_mean, terminal};
use crate::catalog::{Catalog, PatternIndex, Question, Safety, Severity, Tier};
use crate::ide::pages;

/// The arguments of `hotseat explain`.
#[derive(Debug, clap::Args)]
pub struct Explain {
    /// A question or a pattern
    id: Option<String>,
    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Markdown)]
    format: Format,
    #[command(flatten)]
    content: Content,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people, in colour on a terminal
    Markdown,
    /// For scripts: an array of questions
    Json,
}

impl Explain {
    /// Runs the command.
    pub fn run(self) -> Outcome {
        let engine = self.content.engine()?;
        let catalog = engine.catalog();
        match self.format {
            Format::Markdown => {
                let page = match &self.id {
                    None => pages::index_page(catalog),
                    Some(id) => pages::question_page(catalog, id)
                        .or_else(|| pages::pattern_page(catalog, id))
                        .ok_or_else(|| unknown(catalog, id))?,
                };
                terminal::show(&terminal::markdown(&page))?;
            }
            Format::Json => {
                let questions = match &self.id {
                    None => catalog.questions.iter().collect(),
                    Some(id) => vec![find(catalog, id).ok_or_else(|| unknown(catalog, id))?],
                };
                terminal::show_exactly(&json(catalog, &questions))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The question with this id, or the question of the pattern with this id.
fn find<'c>(catalog: &'c Catalog, id: &str) -> Option<&'c Question> {
    catalog
        .question(id)
        .or_else(|| Some(catalog.question_of(catalog.pattern_index(id)?)))
}

fn unknown(catalog: &Catalog, id: &str) -> Failure {
    let questions = catalog.questions.iter().map(|q| q.id.as_str());
    let patterns = catalog.patterns.iter().map(|p| p.id.as_str());
    let hint = did_you_mean(id, questions.chain(patterns));
    Failure(format!("there is no question or pattern `{id}`{hint}"))
}

#[derive(Serialize)]
struct QuestionEntry<'c> {
    id: &'c str,
    section: &'c str,
    order: u32,
    level: &'c str,
    tags: &'c [String],
    question: &'c str,
    short_answer: &'c str,
    answer: &'c str,
    key_points: &'c [String],
    llm_context: &'c str,
    mistakes: &'c [String],
    follow_ups: Vec<FollowUpEntry<'c>>,
    corrections: Vec<CorrectionEntry<'c>>,
    links: &'c [String],
    patterns: Vec<PatternEntry<'c>>,
}

#[derive(Serialize)]
struct FollowUpEntry<'c> {
    question: &'c str,
    answer: &'c str,
}

#[derive(Serialize)]
struct CorrectionEntry<'c> {
    claim: &'c str,
    body: &'c str,
}

#[derive(Serialize)]
struct PatternEntry<'c> {
    id: &'c str,
    tier: Tier,
    severity: Severity,
    message: &'c str,
    fixes: Vec<FixEntry<'c>>,
}

#[derive(Serialize)]
struct FixEntry<'c> {
    id: &'c str,
    title: &'c str,
    safety: Safety,
}

fn json(catalog: &Catalog, questions: &[&Question]) -> String {
    let entries: Vec<QuestionEntry<'_>> = questions.iter().map(|q| entry(catalog, q)).collect();
    // Strings and numbers always serialise.
    serde_json::to_string_pretty(&entries).unwrap_or_default() + "\n"
}

fn entry<'c>(catalog: &'c Catalog, question: &'c Question) -> QuestionEntry<'c> {
    let follow_ups = question.follow_ups.iter().map(|f| FollowUpEntry {
        question: &f.question,
        answer: &f.answer,
    });
    let corrections = question.corrections.iter().map(|c| CorrectionEntry {
        claim: &c.claim,
        body: &c.body,
    });
    QuestionEntry {
        id: &question.id,
        section: &question.section,
        order: question.order,
        level: &question.level,
        tags: &question.tags,
        question: &question.title,
        short_answer: &question.short_answer,
        answer: &question.answer,
        key_points: &question.key_points,
        llm_context: &question.llm_context,
        mistakes: &question.mistakes,
        follow_ups: follow_ups.collect(),
        corrections: corrections.collect(),
        links: &question.links,
        patterns: question
            .patterns
            .iter()
            .map(|&p| pattern(catalog, p))
            .collect(),
    }
}

fn pattern(catalog: &Catalog, index: PatternIndex) -> PatternEntry<'_> {
    let pattern = &catalog.patterns[index];
    let fixes = pattern.fixes.iter().map(|fix| FixEntry {
        id: &fix.id,
        title: &fix.title,
        safety: fix.safety,
    });
    PatternEntry {
        id: &pattern.id,
        tier: pattern.tier,
        severity: pattern.severity,
        message: &pattern.message,
        fixes: fixes.collect(),
    }
}
