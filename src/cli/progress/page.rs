//! The page of `hotseat progress show --html`: one file without scripts, with all it needs inside.

use jiff::civil::Date;

use super::chart::percent;
use super::show::{is_far_away, to_do};
use crate::ide::render;
use crate::practice::forecast::Forecast;
use crate::practice::overview::{DayView, Overview, QuestionView, SectionView};
use crate::practice::progress::Standing;

const STYLE: &str = include_str!("page.css");

/// The page.
pub fn html(overview: &Overview) -> String {
    let when = overview.now.readable();
    let body = [
        header(overview, &when),
        until_the_day(overview),
        sections(&overview.sections),
        days(&overview.days),
        questions(&overview.questions),
    ];
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>Interview practice, {when}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n",
        body.concat()
    )
}

/// Text that means itself.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn header(overview: &Overview, when: &str) -> String {
    let agenda = &overview.agenda;
    let learnt = overview.questions.iter().filter(|q| q.reviews > 0).count();
    let mut tiles = vec![
        ((agenda.cards.len() - agenda.new).to_string(), "due today"),
        (agenda.new.to_string(), "new today"),
        (overview.standing(Standing::Known).to_string(), "known well"),
        (
            format!("{learnt}/{}", overview.questions.len()),
            "asked so far",
        ),
    ];
    if let Some(forecast) = &overview.forecast {
        tiles.push((forecast.days.to_string(), "days left"));
    }
    let tiles = tiles
        .iter()
        .map(|(number, what)| format!("<li><b>{number}</b> <span>{what}</span></li>\n"));
    format!(
        "<header>\n<h1>Interview practice</h1>\n<p class=\"soft\">{when}. Today: {}.</p>\n\
         <ul class=\"tiles\">\n{}</ul>\n</header>\n",
        to_do(overview),
        tiles.collect::<String>()
    )
}

fn until_the_day(overview: &Overview) -> String {
    let (text, chart) = match &overview.forecast {
        Some(forecast) => (forecast.sentence(), curve(forecast, overview.today)),
        None if is_far_away(overview) => (super::plan::FAR_AWAY.to_owned(), String::new()),
        None => (
            "There is no day of an interview to look forward to: hotseat progress plan --interview-date sets one."
                .to_owned(),
            String::new(),
        ),
    };
    format!("<section>\n<h2>Until the interview</h2>\n<p>{text}</p>\n{chart}</section>\n")
}

/// The share of the questions that is ready, over the days. The picture is stretched, its labels are not.
fn curve(forecast: &Forecast, today: Date) -> String {
    let shares = &forecast.by_day;
    if shares.len() < 2 {
        return String::new();
    }
    #[expect(clippy::cast_precision_loss, reason = "days are few")]
    let step = 1000.0 / (shares.len() - 1) as f64;
    #[expect(clippy::cast_precision_loss, reason = "days are few")]
    let point = |(day, share): (usize, &f64)| {
        format!("{:.1},{:.1}", day as f64 * step, 100.0 - share * 100.0)
    };
    let points: Vec<String> = shares.iter().enumerate().map(point).collect();
    let points = points.join(" ");
    let percent_of = |share: Option<&f64>| percent(share.copied().unwrap_or_default());
    let (first, last) = (percent_of(shares.first()), percent_of(shares.last()));
    let (from, to) = (readable(today), readable(forecast.interview));
    format!(
        "<figure>\n<div class=\"plot\">\n\
         <div class=\"high soft\" aria-hidden=\"true\"><span>100 %</span><span>50 %</span><span>0 %</span></div>\n\
         <svg id=\"forecast\" viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\" role=\"img\" \
         aria-label=\"The share of the questions that is ready rises from {first} % on {from} to {last} % on {to}.\">\n\
         <path class=\"grid\" d=\"M0 50H1000\"/>\n<polygon class=\"area\" points=\"0,100 {points} 1000,100\"/>\n\
         <polyline class=\"curve\" points=\"{points}\"/>\n</svg>\n\
         <div class=\"wide soft\" aria-hidden=\"true\"><span>{from}</span><span>{to}</span></div>\n</div>\n\
         <figcaption>Questions that would be recalled on the day with a probability of 90 % or more, if practice goes on as \
         planned: the average of simulated courses.</figcaption>\n</figure>\n"
    )
}

fn readable(day: Date) -> String {
    day.strftime("%-d %B").to_string()
}

fn sections(sections: &[SectionView]) -> String {
    let row = |section: &SectionView| {
        let percent = percent(section.recall);
        let colour = match section.recall {
            share if share < 0.5 => "bad",
            share if share < 0.9 => "middling",
            _ => "good",
        };
        let title = escaped(&section.title);
        format!(
            "<tr><th scope=\"row\">{title}</th><td class=\"picture\"><svg class=\"bar\" viewBox=\"0 0 100 1\" \
             preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"track\" width=\"100\" height=\"1\"/><rect \
             class=\"{colour}\" width=\"{percent}\" height=\"1\"/></svg></td><td class=\"number\">{percent} %</td>\
             <td class=\"soft\">{} of {} asked</td></tr>\n",
            section.asked, section.total
        )
    };
    let rows: String = sections.iter().map(row).collect();
    format!(
        "<section>\n<h2>Recall by section</h2>\n<table class=\"sections\">\n\
         <caption>The probability that a question is recalled now, on average. One that was never asked counts as 0.</caption>\n\
         <tbody>\n{rows}</tbody>\n</table>\n</section>\n"
    )
}

/// The columns and rows of the weeks, in units of the picture.
const CELL: usize = 12;
const LEFT: usize = 22;
const TOP: usize = 12;

fn days(days: &[DayView]) -> String {
    let Some(first) = days.first() else {
        return String::new();
    };
    let before = weekday(first.day);
    let most = days.iter().map(|day| day.reviews).max().unwrap_or_default();
    let mut cells = String::new();
    let mut month = None;
    let mut months: Vec<(usize, String)> = Vec::new();
    for (place, day) in (before..).zip(days) {
        let (x, y) = (LEFT + place / 7 * CELL, TOP + place % 7 * CELL);
        let size = CELL - 2;
        let level = (day.reviews * 4).div_ceil(most.max(4));
        let reviews = super::counted(day.reviews, "answer");
        cells.push_str(&format!(
            "<rect class=\"level-{level}\" x=\"{x}\" y=\"{y}\" width=\"{size}\" height=\"{size}\" rx=\"2\"><title>{reviews} on \
             {}</title></rect>\n",
            readable(day.day)
        ));
        // A month is named above its first whole week.
        if place % 7 == 0 && month != Some(day.day.month()) {
            month = Some(day.day.month());
            // One that has no room before the next is left out.
            months.retain(|(before, _)| before + 2 * CELL < x);
            months.push((x, day.day.strftime("%b").to_string()));
        }
    }
    for (x, name) in months {
        cells.push_str(&format!("<text x=\"{x}\" y=\"8\">{name}</text>\n"));
    }
    for (row, name) in [(0, "Mon"), (2, "Wed"), (4, "Fri")] {
        let y = TOP + row * CELL + 8;
        cells.push_str(&format!("<text x=\"0\" y=\"{y}\">{name}</text>\n"));
    }
    let width = LEFT + (before + days.len()).div_ceil(7) * CELL;
    let height = TOP + 7 * CELL;
    let all: usize = days.iter().map(|day| day.reviews).sum();
    let active = days.iter().filter(|day| day.reviews > 0).count();
    let summary = format!(
        "{} on {active} of the last {} days, at most {most} on one day.",
        super::counted(all, "answer"),
        days.len()
    );
    format!(
        "<section>\n<h2>Answers a day</h2>\n<figure>\n<svg id=\"days\" class=\"heat\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-label=\"{summary}\">\n{cells}</svg>\n<figcaption>{summary}</figcaption>\n</figure>\n</section>\n"
    )
}

/// The days since Monday.
fn weekday(day: Date) -> usize {
    usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or_default()
}

fn questions(questions: &[QuestionView]) -> String {
    let rows: String = questions.iter().map(row).collect();
    format!(
        "<section>\n<h2>Questions</h2>\n<table class=\"questions\">\n<thead><tr><th scope=\"col\">Question</th><th \
         scope=\"col\">Stands</th><th scope=\"col\" class=\"number\">Recall</th><th scope=\"col\" class=\"number\">Answers</th>\
         <th scope=\"col\">Asked again</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</section>\n"
    )
}

fn row(question: &QuestionView) -> String {
    let stands = match question.standing {
        Standing::New => "new",
        Standing::Due => "due",
        Standing::Waiting => "waiting",
        Standing::Known => "known well",
        Standing::Muted => "muted",
    };
    let recall = question
        .recall
        .map_or_else(|| "–".to_owned(), |recall| format!("{} %", percent(recall)));
    let again = match question.due_day {
        _ if question.standing == Standing::Due => "today".to_owned(),
        Some(day) if question.standing != Standing::Muted => readable(day),
        _ => "–".to_owned(),
    };
    let changed = if question.answer_changed {
        " <span class=\"changed\">the answer changed since then</span>"
    } else {
        ""
    };
    let title = escaped(&render::shortened(&question.title, 100));
    let card = escaped(&question.card);
    let reviews = question.reviews;
    format!(
        "<tr><th scope=\"row\">{title} <code>{card}</code>{changed}</th><td data-name=\"Stands\">{stands}</td>\
         <td data-name=\"Recall\" class=\"number\">{recall}</td><td data-name=\"Answers\" class=\"number\">{reviews}</td>\
         <td data-name=\"Asked again\">{again}</td></tr>\n"
    )
}
