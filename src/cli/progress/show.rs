//! `hotseat progress show`: pictures of what practice has achieved.

use std::path::PathBuf;
use std::process::ExitCode;

use super::{Failure, Outcome, Present, chart, counted, entries, page, terminal};
use crate::cli::{Content, files};
use crate::ide::render;
use crate::practice::event::Moment;
use crate::practice::face;
use crate::practice::overview::Overview;
use crate::practice::progress::Standing;

/// The columns of a bar, and of the line of a forecast.
const BAR: usize = 24;
const LINE: usize = 60;

/// The arguments of `hotseat progress show`.
#[derive(Debug, clap::Args)]
pub struct Show {
    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write a page for browsers instead: one file that needs no other
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    html: Option<PathBuf>,
    #[command(flatten)]
    content: Content,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people, in colour on a terminal
    Text,
    /// For scripts
    Json,
}

impl Show {
    /// Runs the command.
    pub fn run(self) -> Outcome {
        let present = Present::of(&self.content, &entries()?)?;
        let overview = Overview::of(present.catalog(), &present.progress);
        match (self.html, self.format) {
            (Some(file), _) => {
                files::write(&file, &page::html(&overview)).map_err(Failure)?;
                terminal::note(&format!("The page is {}", file.display()));
            }
            (None, Format::Json) => {
                // Strings and numbers always serialise.
                let json = serde_json::to_string_pretty(&overview).unwrap_or_default();
                terminal::show_exactly(&(json + "\n"))?;
            }
            (None, Format::Text) => terminal::show(&text(&present, &overview))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Everything for a terminal of 80 columns.
fn text(present: &Present, overview: &Overview) -> String {
    let today = today(present, overview);
    let parts = [sections(overview), today, until_the_day(overview)];
    parts.join("\n")
}

fn sections(overview: &Overview) -> String {
    let heading = terminal::heading("Recall by section");
    let mut text = format!("{heading} (what was never asked counts as 0)\n\n");
    for section in &overview.sections {
        let (full, rest) = chart::bar(section.recall, BAR);
        text.push_str(&format!(
            "  {:<28} {}{} {:>3} %  {} of {} asked\n",
            section.title,
            terminal::bar(&full, section.recall),
            terminal::faint(&rest),
            chart::percent(section.recall),
            section.asked,
            section.total
        ));
    }
    text
}

/// What there is to do, in one line.
pub fn to_do(overview: &Overview) -> String {
    let agenda = &overview.agenda;
    let mut parts = Vec::new();
    if agenda.cards.is_empty() {
        parts.push("nothing is due".to_owned());
    } else {
        parts.push(format!("{} due", agenda.cards.len() - agenda.new));
        parts.push(format!("{} new", agenda.new));
    }
    if agenda.later > 0 {
        parts.push(format!("{} more on other days", agenda.later));
    }
    if let Some(next) = agenda.next {
        parts.push(format!("the next on {}", next.readable()));
    }
    let muted = overview.standing(Standing::Muted);
    if muted > 0 {
        parts.push(format!("{muted} muted"));
    }
    let mut text = parts.join(", ");
    if agenda.restart {
        text.push_str(". After the pause only a little, and nothing new");
    }
    text
}

fn today(present: &Present, overview: &Overview) -> String {
    let heading = terminal::heading("Today");
    let mut text = format!("{heading}  {}\n", to_do(overview));
    for card in &overview.agenda.cards {
        let Some(face) = face::face(present.catalog(), card) else {
            continue;
        };
        let what = match present.progress.recall(card) {
            Some(recall) => format!("{} %", chart::percent(recall)),
            None => "new".to_owned(),
        };
        let title = render::shortened(&render::plain(&face.title), 68);
        text.push_str(&format!("  {what:>5}  {title}\n"));
    }
    let reviews: usize = overview.days.iter().map(|day| day.reviews).sum();
    let reviews = counted(reviews, "answer");
    let weeks = overview.days.len() / 7;
    text.push_str(&format!("  {reviews} in the last {weeks} weeks\n"));
    text
}

fn until_the_day(overview: &Overview) -> String {
    let Some(forecast) = &overview.forecast else {
        if is_far_away(overview) {
            return format!("{}\n", super::plan::FAR_AWAY);
        }
        return format!(
            "`hotseat progress plan --interview-date {}` (say) adds a forecast.\n",
            example(overview.now)
        );
    };
    let heading = terminal::heading("Until the interview");
    let days = match forecast.days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days => format!("in {days} days"),
    };
    let drawn = chart::line(&forecast.by_day, LINE);
    format!(
        "{heading}  {days}\n\n  {}  {} of {} ready\n\n{}\n",
        terminal::bar(&drawn, 1.0),
        forecast.ready,
        forecast.total,
        forecast.sentence()
    )
}

/// Whether the interview is too far away for a forecast.
pub fn is_far_away(overview: &Overview) -> bool {
    let interview = overview.plan.interview_date;
    overview.forecast.is_none() && interview.is_some_and(|day| day >= overview.today)
}

/// A day some weeks ahead, to show how days are written.
fn example(now: Moment) -> String {
    now.plus_days(28).date().to_string()
}
