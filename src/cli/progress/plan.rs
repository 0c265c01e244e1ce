//! `hotseat progress plan`: the day of the interview, and how much to do a day.

use std::process::ExitCode;

use jiff::civil::Date;

use super::show::is_far_away;
use super::{Failure, Outcome, Present, entries, store, terminal};
use crate::cli::{Content, did_you_mean};
use crate::practice::event::{self, Entry, Event, Moment};
use crate::practice::overview::{Overview, PlanView};

/// The arguments of `hotseat progress plan`.
#[derive(Debug, clap::Args)]
pub struct Plan {
    /// The day of the interview, as in 2026-12-12, or `none`
    #[arg(long, value_name = "DATE", value_parser = interview)]
    interview_date: Option<Interview>,
    /// The minutes a day
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=600))]
    minutes: Option<u32>,
    /// How many new questions a day
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1000))]
    new: Option<u32>,
    /// How many reviews a day
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1000))]
    reviews: Option<u32>,
    /// The recall at which a question is asked again, from 0.7 to 0.99
    #[arg(long, value_name = "R", value_parser = retention)]
    retention: Option<f64>,
    /// The topics that come first, or `none`
    #[arg(long, value_name = "TOPIC,…", value_delimiter = ',')]
    focus: Option<Vec<String>>,
    #[command(flatten)]
    content: Content,
}

/// What is said instead of a forecast.
pub const FAR_AWAY: &str = "The interview is more than a year away: there is no forecast yet.";

/// A day or none: clap would take an optional value apart.
#[derive(Debug, Clone, Copy)]
struct Interview(Option<Date>);

fn interview(text: &str) -> Result<Interview, String> {
    if text == "none" {
        return Ok(Interview(None));
    }
    let date: Date = text
        .parse()
        .map_err(|_| "not a date such as 2026-12-12".to_owned())?;
    if date < Moment::now().date() {
        return Err("that day is over".to_owned());
    }
    Ok(Interview(Some(date)))
}

fn retention(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.7..=0.99).contains(&number) {
        Ok(number)
    } else {
        Err("not between 0.7 and 0.99".to_owned())
    }
}

impl Plan {
    /// Runs the command.
    pub fn run(self) -> Outcome {
        let mut entries = entries()?;
        let focus = self.focus.as_deref().map(|topics| match topics {
            [none] if none == "none" => Vec::new(),
            topics => topics.to_vec(),
        });
        let plan = event::Plan {
            interview_date: self.interview_date.map(|Interview(date)| date),
            minutes_per_day: self.minutes,
            new_per_day: self.new,
            reviews_per_day: self.reviews,
            desired_retention: self.retention,
            focus_topics: focus,
        };
        if plan != event::Plan::default() {
            self.check(plan.focus_topics.as_deref().unwrap_or_default())?;
            let entry = Entry::now(Event::Plan(plan));
            store()?.add(std::slice::from_ref(&entry))?;
            entries.push(entry);
        }
        let present = Present::of(&self.content, &entries)?;
        let overview = Overview::of(present.catalog(), &present.progress);
        terminal::show(&told(&overview))?;
        Ok(ExitCode::SUCCESS)
    }

    /// Whether there are such topics.
    fn check(&self, topics: &[String]) -> Result<(), Failure> {
        let engine = self.content.engine()?;
        let questions = engine.catalog().questions.iter();
        let known: Vec<&str> = questions
            .flat_map(|q| q.topics.iter().map(String::as_str))
            .collect();
        match topics.iter().find(|topic| !known.contains(&topic.as_str())) {
            Some(topic) => {
                let hint = did_you_mean(topic, known.into_iter());
                Err(Failure(format!("there is no topic `{topic}`{hint}")))
            }
            None => Ok(()),
        }
    }
}

/// The plan and what comes of it.
fn told(overview: &Overview) -> String {
    let PlanView {
        interview_date,
        minutes,
        new,
        reviews,
        retention,
        focus,
        ..
    } = &overview.plan;
    let interview = interview_date.map_or("none".to_owned(), |date| date.to_string());
    let new = new.map_or_else(
        || "as many as it takes, at least 3".to_owned(),
        |new| new.to_string(),
    );
    let focus = match focus.as_slice() {
        [] => "none".to_owned(),
        topics => topics.join(", "),
    };
    let forecast = match &overview.forecast {
        Some(forecast) => format!("\n{}\n", forecast.sentence()),
        None if is_far_away(overview) => format!("\n{FAR_AWAY}\n"),
        None => String::new(),
    };
    format!(
        "\
interview date         {interview}
minutes a day          {minutes}
new questions a day    {new}
reviews a day          {reviews}
asked again at recall  {retention}
topics that come first {focus}
{forecast}"
    )
}
