//! Everything there is to show about practice at a moment, as plain data: what pictures, pages and scripts are made of.
//!
//! As JSON it is what `hotseat progress show --format json` prints: fields may be added, none changes its meaning.

use jiff::civil::Date;
use serde::Serialize;

use super::event::Moment;
use super::forecast::{Forecast, forecast};
use super::progress::{Progress, Standing, days_between};
use super::queue::{self, Agenda};
use crate::catalog::{Catalog, Question};
use crate::ide::render;

/// The days of which the reviews are counted: twelve weeks.
const DAYS: i32 = 84;

/// Everything there is to show.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overview {
    /// The moment for which it holds.
    pub now: Moment,
    /// The day of practice: it ends at four in the morning.
    pub today: Date,
    /// What the person plans.
    pub plan: PlanView,
    /// Each question, in the order of the curriculum.
    pub questions: Vec<QuestionView>,
    /// Each section, in the order of the curriculum.
    pub sections: Vec<SectionView>,
    /// What there is to do today.
    pub agenda: Agenda,
    /// What will be known on the day of the interview; none without a day.
    pub forecast: Option<Forecast>,
    /// How many reviews there were on each of the last 84 days, of which today is the last.
    pub days: Vec<DayView>,
}

/// What the person plans.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanView {
    /// The day of the interview.
    pub interview_date: Option<Date>,
    /// The minutes a day.
    pub minutes: u32,
    /// How many new questions a day; none: as many as the time until the interview asks for.
    pub new: Option<u32>,
    /// How many reviews a day.
    pub reviews: u32,
    /// The recall at which a question is asked again.
    pub retention: f64,
    /// The topics that come first.
    pub focus: Vec<String>,
    /// Whether the parameters of the memory model were fitted to this person.
    pub fitted: bool,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuestionView {
    /// Its card, which is the question's id.
    pub card: String,
    /// The question as it is asked, without marks.
    pub title: String,
    /// The section of the curriculum.
    pub section: String,
    /// How it stands.
    pub standing: Standing,
    /// How often it was answered.
    pub reviews: usize,
    /// The days after which recall has fallen to 90 %; none if it was never answered, as all that follows.
    pub stability: Option<f64>,
    /// How hard it is to make it last, from 1 to 10.
    pub difficulty: Option<f64>,
    /// The probability that it is recalled now.
    pub recall: Option<f64>,
    /// When it is asked again.
    pub due: Option<Moment>,
    /// The day on which it is asked again, which is never later than the interview.
    pub due_day: Option<Date>,
    /// The revision of the answer that was reviewed last.
    pub revision: Option<u32>,
    /// Whether the answer was changed since then.
    pub answer_changed: bool,
}

/// The questions of one section.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SectionView {
    /// The key of the section.
    pub section: String,
    /// Its heading.
    pub title: String,
    /// The recall of its questions on average, where one that was never asked counts as not recalled.
    pub recall: f64,
    /// How many of its questions were answered at least once.
    pub asked: usize,
    /// How many questions it has, without the muted ones.
    pub total: usize,
}

/// The reviews of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DayView {
    /// The day.
    pub day: Date,
    /// How many there were.
    pub reviews: usize,
}

impl Overview {
    /// What there is to show about the questions.
    pub fn of(catalog: &Catalog, progress: &Progress) -> Self {
        let subjects = queue::subjects(catalog, progress);
        let questions = catalog.questions.iter();
        let questions: Vec<QuestionView> =
            questions.map(|asked| question(asked, progress)).collect();
        Self {
            now: progress.now,
            today: progress.today(),
            plan: plan(progress),
            sections: sections(&questions),
            agenda: queue::agenda(progress, &subjects),
            forecast: forecast(progress, &queue::questions(catalog, progress)),
            days: days(progress),
            questions,
        }
    }

    /// How many questions stand like this.
    pub fn standing(&self, standing: Standing) -> usize {
        let questions = self.questions.iter();
        questions.filter(|q| q.standing == standing).count()
    }
}

fn plan(progress: &Progress) -> PlanView {
    let settings = &progress.settings;
    PlanView {
        interview_date: settings.interview,
        minutes: settings.minutes,
        new: settings.new,
        reviews: settings.reviews,
        retention: progress.scheduler.retention,
        focus: settings.focus.clone(),
        fitted: progress.scheduler.parameters != super::memory::Parameters::default(),
    }
}

fn question(question: &Question, progress: &Progress) -> QuestionView {
    let known = progress.cards.get(&question.id);
    QuestionView {
        card: question.id.clone(),
        title: render::plain(&question.title),
        section: question.section.clone(),
        standing: progress.standing(&question.id),
        reviews: known.map_or(0, |known| known.reviews),
        stability: known.map(|known| known.card.memory.stability),
        difficulty: known.map(|known| known.card.memory.difficulty),
        recall: progress.recall(&question.id),
        due: known.map(|known| progress.due(&known.card)),
        due_day: known.map(|known| progress.due_day(&known.card)),
        revision: known.map(|known| known.revision),
        answer_changed: known.is_some_and(|known| known.revision < question.revision),
    }
}

fn sections(questions: &[QuestionView]) -> Vec<SectionView> {
    let mut sections: Vec<SectionView> = Vec::new();
    for question in questions {
        let place = sections.iter().position(|s| s.section == question.section);
        let place = place.unwrap_or_else(|| {
            sections.push(SectionView {
                section: question.section.clone(),
                title: render::section_title(&question.section),
                recall: 0.0,
                asked: 0,
                total: 0,
            });
            sections.len() - 1
        });
        let section = &mut sections[place];
        if question.standing != Standing::Muted {
            section.total += 1;
            section.asked += usize::from(question.reviews > 0);
            section.recall += question.recall.unwrap_or_default();
        }
    }
    for section in &mut sections {
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let total = section.total.max(1) as f64;
        section.recall /= total;
    }
    sections
}

fn days(progress: &Progress) -> Vec<DayView> {
    let today = progress.today();
    let mut days: Vec<DayView> = (0..DAYS)
        .rev()
        .filter_map(|ago| today.checked_sub(jiff::Span::new().days(ago)).ok())
        .map(|day| DayView { day, reviews: 0 })
        .collect();
    for counted in progress.reviews.iter().rev() {
        let ago = days_between(counted.day, today);
        let place = usize::try_from(DAYS - 1 - ago).ok();
        if let Some(day) = place.and_then(|place| days.get_mut(place)) {
            day.reviews += 1;
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;
    use crate::practice::event::{Event, Grade};
    use crate::practice::testing::Diary;

    #[test]
    fn a_section_is_recalled_as_its_questions_are_on_average() {
        let mut catalog = catalog::embedded().unwrap();
        catalog
            .questions
            .retain(|q| q.section == "async-programming");
        let mut diary = Diary::new();
        diary.learn("gather-vs-wait");
        diary.write(Event::Mute {
            card: "async-await-vs-threads".into(),
        });
        let overview = Overview::of(&catalog, &diary.progress());
        let [section] = overview.sections.as_slice() else {
            panic!("{:?}", overview.sections);
        };
        assert_eq!((section.asked, section.total), (1, 2));
        assert!((section.recall - 0.5).abs() < 1e-9, "{section:?}");
        assert_eq!(overview.standing(Standing::Muted), 1);
    }

    #[test]
    fn reviews_are_counted_by_their_days() {
        let catalog = catalog::embedded().unwrap();
        let mut diary = Diary::new();
        diary
            .learn("gather-vs-wait")
            .days(-100)
            .learn("raise-forms")
            .days(101);
        diary.answer("gather-vs-wait", Grade::Good);
        let days = Overview::of(&catalog, &diary.progress()).days;
        assert_eq!(days.len(), 84);
        let reviews: Vec<usize> = days.iter().rev().take(3).map(|day| day.reviews).collect();
        assert_eq!(reviews, [1, 2, 0]);
        assert_eq!(
            days.iter().map(|day| day.reviews).sum::<usize>(),
            3,
            "the others are long ago"
        );
        assert_eq!(days[83].day, diary.now.day());
    }

    #[test]
    fn a_raised_revision_says_that_the_answer_changed() {
        let mut catalog = catalog::embedded().unwrap();
        let mut diary = Diary::new();
        diary.learn("raise-forms");
        let place = catalog
            .questions
            .iter()
            .position(|q| q.id == "raise-forms")
            .unwrap();
        let changed = |catalog: &Catalog| {
            Overview::of(catalog, &diary.progress()).questions[place].answer_changed
        };
        catalog.questions[place].revision = 1;
        assert!(!changed(&catalog));
        catalog.questions[place].revision = 2;
        assert!(changed(&catalog));
    }
}
