//! The log of what has happened in practice: its entries, and how they are written down.
//!
//! An entry is one JSON object on one line, in the store as in exports. Entries are only ever added; what is taken back is
//! taken back by another entry.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::memory::Parameters;

/// How well a question was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Forgotten, or known in part only.
    Again,
    /// Recalled with much effort or with gaps.
    Hard,
    /// Recalled.
    Good,
    /// Recalled at once.
    Easy,
}

impl Grade {
    /// All grades, the worst first.
    pub const ALL: [Self; 4] = [Self::Again, Self::Hard, Self::Good, Self::Easy];

    /// From 0 for `Again` to 3 for `Easy`.
    pub fn index(self) -> usize {
        self as usize
    }

    /// From 1 for `Again` to 4 for `Easy`, as FSRS and Anki count.
    pub fn number(self) -> f64 {
        f64::from(self as u8 + 1)
    }

    /// The grade that FSRS and Anki give this number.
    pub fn numbered(number: i64) -> Option<Self> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        Self::ALL.get(index).copied()
    }

    /// `again`, `hard`, `good`, `easy`.
    pub fn name(self) -> &'static str {
        ["again", "hard", "good", "easy"][self.index()]
    }
}

/// A moment with the offset of the clock that showed it. Milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    millis: i64,
    /// Seconds east of Greenwich.
    offset: i32,
}

impl Moment {
    /// What the clock shows.
    pub fn now() -> Self {
        Self::here(Timestamp::now())
    }

    /// The moment so many milliseconds after 1970 began in Greenwich, as the clock of this place showed it then; none beyond
    /// the years that can be written.
    pub fn local(millis: i64) -> Option<Self> {
        Timestamp::from_millisecond(millis).ok().map(Self::here)
    }

    fn here(at: Timestamp) -> Self {
        Self {
            millis: at.as_millisecond(),
            offset: TimeZone::system().to_offset(at).seconds(),
        }
    }

    /// The moment that many milliseconds after 1970 began in Greenwich; none beyond the years that can be written.
    pub fn from_millis(millis: i64, offset: i32) -> Option<Self> {
        Timestamp::from_millisecond(millis).ok()?;
        Offset::from_seconds(offset).ok()?;
        Some(Self { millis, offset })
    }

    /// Milliseconds since 1970 began in Greenwich.
    pub fn millis(self) -> i64 {
        self.millis
    }

    /// The seconds by which the clock was ahead of that in Greenwich.
    pub fn offset(self) -> i32 {
        self.offset
    }

    /// So many milliseconds later, as far as time can be written.
    pub fn plus_millis(self, millis: i64) -> Self {
        let least = Timestamp::MIN.as_millisecond() + DAY;
        let most = Timestamp::MAX.as_millisecond() - DAY;
        Self {
            millis: self.millis.saturating_add(millis).clamp(least, most),
            ..self
        }
    }

    /// So many days of 24 hours later.
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_millis(days.saturating_mul(DAY))
    }

    /// The whole days of 24 hours since an earlier moment; negative if that is later.
    pub fn days_since(self, earlier: Self) -> i64 {
        (self.millis - earlier.millis).div_euclid(DAY)
    }

    /// The day of practice that it belongs to. Who is up after midnight is still in the day before: days change at four.
    pub fn day(self) -> Date {
        let four_hours = DAY / 6;
        self.plus_millis(-four_hours).date()
    }

    /// The date that a calendar at that place showed.
    pub fn date(self) -> Date {
        // Asked thousands of times for one forecast: without the detour through a zone.
        let (at, offset) = self.parts();
        offset.to_datetime(at).date()
    }

    /// For people: `22 November 2026, 21:45`.
    pub fn readable(self) -> String {
        self.zoned().strftime("%-d %B %Y, %H:%M").to_string()
    }

    fn zoned(self) -> jiff::Zoned {
        let (at, offset) = self.parts();
        at.to_zoned(offset.to_time_zone())
    }

    fn parts(self) -> (Timestamp, Offset) {
        // Both were checked when the moment was made.
        let at = Timestamp::from_millisecond(self.millis).unwrap_or_default();
        (at, Offset::from_seconds(self.offset).unwrap_or(Offset::UTC))
    }
}

/// Milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// RFC 3339 with the offset: `2026-11-22T21:45:10.123+01:00`.
impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.zoned().strftime("%Y-%m-%dT%H:%M:%S%.3f%:z"))
    }
}

impl std::str::FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a time such as `2026-11-22T21:45:10+01:00`");
        let pieces = jiff::fmt::temporal::Pieces::parse(text).map_err(|_| wrong())?;
        let at: Timestamp = text.parse().map_err(|_| wrong())?;
        let offset = pieces.to_numeric_offset().unwrap_or(Offset::UTC);
        Self::from_millis(at.as_millisecond(), offset.seconds()).ok_or_else(wrong)
    }
}

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Something that has happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Unique among all entries of all machines.
    pub id: Uuid,
    /// When.
    pub at: Moment,
    /// What.
    #[serde(flatten)]
    pub event: Event,
}

impl Entry {
    /// Something that happens now.
    pub fn now(event: Event) -> Self {
        Self {
            id: Uuid::now_v7(),
            at: Moment::now(),
            event,
        }
    }

    /// The entry as a line without its end.
    pub fn line(&self) -> String {
        // Nothing in an entry can fail to be written as JSON: numbers are finite, keys are strings.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Event {
    /// A question was answered.
    Review(Review),
    /// An entry counts no more.
    Undo {
        /// The entry.
        entry: Uuid,
    },
    /// A question is not asked before a day.
    Bury {
        /// The card.
        card: String,
        /// The first day on which it may be asked again.
        until: Date,
    },
    /// A question is not asked any more.
    Mute {
        /// The card.
        card: String,
    },
    /// A muted question is asked again.
    Unmute {
        /// The card.
        card: String,
    },
    /// A session begins or ends.
    Session {
        /// What both have in common.
        session: Uuid,
        /// Whether this is the end.
        ended: bool,
    },
    /// What the person plans.
    Plan(Plan),
    /// Parameters that were fitted to the reviews so far.
    Parameters {
        /// The parameters.
        values: Parameters,
        /// To how many reviews.
        reviews: usize,
    },
    /// Everything before counts no more, of one card or of all.
    Reset {
        /// The card; all, if there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        card: Option<String>,
    },
    /// Something that a newer version has written. The store keeps it as it is.
    #[serde(other)]
    Unknown,
}

/// An answer to a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// The card: the id of a question, or that and `#` and the key of one of its corrections.
    pub card: String,
    /// The revision of the question's answer.
    pub revision: u32,
    /// How well it was answered.
    pub grade: Grade,
    /// The seconds from the question to the grade, if somebody has counted them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// What computed the intervals then: `fsrs-6`.
    pub scheduler: String,
    /// Where it was answered: `sheet`, `terminal`, `anki`.
    pub source: String,
    /// The session that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<Uuid>,
    /// The key points that were ticked or not, by what names them in [`super::point_key`]; empty if none was ticked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<Point>,
}

/// Whether an answer contained a key point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// What names the key point.
    pub key: String,
    /// Whether the answer contained it.
    pub made: bool,
}

/// What the person has set for practice. What is not set keeps its value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Plan {
    /// The day of the interview; `Some(None)` if there is no such day any more.
    #[serde(skip_serializing_if = "Option::is_none", with = "double_option")]
    pub interview_date: Option<Option<Date>>,
    /// The minutes a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes_per_day: Option<u32>,
    /// How many new questions a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_per_day: Option<u32>,
    /// How many reviews a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviews_per_day: Option<u32>,
    /// The recall at which a question is asked again, between 0.7 and 0.99.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desired_retention: Option<f64>,
    /// The topics that come first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub focus_topics: Option<Vec<String>>,
}

/// A value that may be absent, null or there.
mod double_option {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(
        clippy::ref_option,
        clippy::option_option,
        reason = "serde calls it with a reference"
    )]
    pub fn serialize<T: Serialize, S: Serializer>(
        value: &Option<Option<T>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value
            .as_ref()
            .and_then(Option::as_ref)
            .serialize(serializer)
    }

    #[expect(clippy::option_option, reason = "absent and null differ")]
    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<T>>, D::Error> {
        Option::deserialize(deserializer).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        text.parse().unwrap()
    }

    #[test]
    fn a_moment_keeps_its_offset_and_milliseconds() {
        let text = "2026-11-22T21:45:10.123+01:00";
        assert_eq!(moment(text).to_string(), text);
        assert_eq!(
            moment(text).millis(),
            moment("2026-11-22T20:45:10.123Z").millis()
        );
        assert!("yesterday".parse::<Moment>().is_err());
        assert!("2026-11-22T21:45".parse::<Moment>().is_err());
    }

    #[test]
    fn a_day_of_practice_ends_at_four_in_the_morning() {
        assert_eq!(
            moment("2026-11-22T03:59:00+01:00").day().to_string(),
            "2026-11-21"
        );
        assert_eq!(
            moment("2026-11-22T04:00:00+01:00").day().to_string(),
            "2026-11-22"
        );
    }

    #[test]
    fn an_entry_is_a_line_and_back() {
        let line = r#"{"id":"0197c7a0-0000-7000-8000-000000000001","at":"2026-11-22T21:45:10.000+01:00","type":"review","card":"a","revision":1,"grade":"good","seconds":12.5,"scheduler":"fsrs-6","source":"sheet","points":[{"key":"p","made":true}]}"#;
        let entry: Entry = serde_json::from_str(line).unwrap();
        assert_eq!(entry.line(), line);
        let Event::Review(review) = entry.event else {
            panic!("a review");
        };
        assert_eq!((review.grade, review.seconds), (Grade::Good, Some(12.5)));
    }

    #[test]
    fn a_plan_tells_no_date_from_no_change() {
        let none: Plan = serde_json::from_str("{}").unwrap();
        assert_eq!(none.interview_date, None);
        let cleared: Plan = serde_json::from_str(r#"{"interviewDate":null}"#).unwrap();
        assert_eq!(cleared.interview_date, Some(None));
        assert_eq!(
            serde_json::to_string(&cleared).unwrap(),
            r#"{"interviewDate":null}"#
        );
    }

    #[test]
    fn what_is_unknown_can_be_read() {
        let line = r#"{"id":"0197c7a0-0000-7000-8000-000000000001","at":"2026-11-22T21:45:10Z","type":"dream","of":1}"#;
        let entry: Entry = serde_json::from_str(line).unwrap();
        assert_eq!(entry.event, Event::Unknown);
    }
}
