//! What a card asks and what its answer is: a question, or one of the wrong claims that its corrections put right.

use crate::catalog::{Catalog, Correction, Question};

/// What stands between the id of a question and the key of a claim in the name of a card.
const CLAIM: char = '#';

/// A card in words, Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// The question that it belongs to.
    pub question: String,
    /// The revision of that question's answer.
    pub revision: u32,
    /// What is asked.
    pub title: String,
    /// The answer in short.
    pub short: String,
    /// What a good answer contains; none for a claim.
    pub points: Vec<String>,
    /// The rest of the answer, as parts with headings.
    pub parts: Vec<(&'static str, String)>,
}

/// The name of the card that asks about a claim.
pub fn claim_card(question: &Question, correction: &Correction) -> String {
    let key = super::point_key(&correction.claim);
    format!("{}{CLAIM}{key}", question.id)
}

/// The question that a card belongs to.
pub fn question_of(card: &str) -> &str {
    card.split_once(CLAIM)
        .map_or(card, |(question, _)| question)
}

/// Whether a card asks about a claim.
pub fn is_claim(card: &str) -> bool {
    card.contains(CLAIM)
}

/// A card in words; none if there is no such card any more.
pub fn face(catalog: &Catalog, card: &str) -> Option<Face> {
    let question = catalog.question(question_of(card))?;
    if is_claim(card) {
        let mut corrections = question.corrections.iter();
        let correction = corrections.find(|c| claim_card(question, c) == card)?;
        return Some(claim(question, correction));
    }
    let corrections = question.corrections.iter();
    let corrections: Vec<String> = corrections
        .map(|c| format!("#### {}\n\n{}", c.claim, c.body.trim()))
        .collect();
    Some(Face {
        question: question.id.clone(),
        revision: question.revision,
        title: question.title.clone(),
        short: question.short_answer.trim().to_owned(),
        points: question.key_points.clone(),
        parts: vec![
            ("Answer", question.answer.trim().to_owned()),
            ("In LLM work", question.llm_context.trim().to_owned()),
            ("What is often said, and wrong", corrections.join("\n\n")),
        ],
    })
}

fn claim(question: &Question, correction: &Correction) -> Face {
    Face {
        question: question.id.clone(),
        revision: question.revision,
        title: format!("True or false, and why? {}", correction.claim),
        short: "False.".to_owned(),
        points: Vec::new(),
        parts: vec![("Why", correction.body.trim().to_owned())],
    }
}
