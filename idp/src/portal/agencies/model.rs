//! Response times of the agencies: pure rules (R003.6, R003.9, R004.8).

use std::{collections::BTreeMap, fmt};

use chrono::{DateTime, TimeDelta, Utc};
use esia::language::{pick, tr};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use worlds::{add_working_days, plural};

use super::{Records, agency::Agency};
use crate::portal::Deadline;

/// How long something takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Term {
    /// So many minutes; a year at most.
    Minutes(u32),
    /// So many working days of the Russian production calendar; a year at most.
    WorkingDays(u32),
    /// So many days; a year at most.
    CalendarDays(u32),
}

impl Term {
    /// Returns the end of a term that begins at `at`.
    pub fn after(self, at: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Minutes(count) => at + TimeDelta::minutes(i64::from(count.min(366 * 24 * 60))),
            Self::WorkingDays(count) => add_working_days(at, count.min(366)),
            Self::CalendarDays(count) => at + TimeDelta::days(i64::from(count.min(366))),
        }
    }
}

/// Formats the term for a sentence, as in «за 5 рабочих дней».
impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, words, english) = match *self {
            Self::Minutes(count) => (count, ["минуту", "минуты", "минут"], "minutes"),
            Self::WorkingDays(count) => (count, ["рабочий день", "рабочих дня", "рабочих дней"], "working days"),
            Self::CalendarDays(count) => (count, ["день", "дня", "дней"], "days"),
        };
        write!(f, "{count} {}", pick(plural(usize::try_from(count).unwrap_or(usize::MAX), words), english))
    }
}

/// How an agency is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    /// Answers in its usual time.
    #[default]
    Normal,
    /// Checks that begin now take longer.
    Slow,
    /// Answers nothing. What waits goes on waiting, and is answered once the agency is up again.
    Down,
}

impl Pace {
    /// Returns the text for pages, in the language of the reader.
    pub fn text(self) -> &'static str {
        match self {
            Self::Normal => pick("работает", "works"),
            Self::Slow => pick("отвечает медленно", "answers slowly"),
            Self::Down => pick("не отвечает", "does not answer"),
        }
    }
}

/// How an agency answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Conduct {
    /// How long a check takes, 15 minutes to 5 working days in the documents; as `{"working-days": 2}`.
    pub answer_after: Term,
    /// How long it takes while the agency is slow.
    pub slow_answer_after: Term,
    /// How the agency is doing.
    pub pace: Pace,
}

impl Default for Conduct {
    fn default() -> Self {
        Self { answer_after: Term::Minutes(15), slow_answer_after: Term::WorkingDays(5), pace: Pace::Normal }
    }
}

/// How each agency answers from the start of a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct AgencySettings {
    /// How ЗАГС answers.
    pub zags: Conduct,
    /// How СФР answers.
    pub sfr: Conduct,
    /// How МВД answers.
    pub mvd: Conduct,
}

/// Event of an agency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum AgencyEvent {
    /// A tester changed the settings of an agency.
    Changed {
        agency: Agency,
        /// New settings of the agency.
        conduct: Conduct,
    },
}

/// State of the agencies in a world.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Agencies {
    /// Records of all agencies.
    pub records: Records,
    pub(super) conduct: AgencySettings,
    #[serde(with = "worlds::pairs")]
    pub(super) waiting: BTreeMap<(Agency, Deadline), DateTime<Utc>>,
}

impl Agencies {
    pub(crate) fn new(conduct: AgencySettings) -> Self {
        Self { conduct, ..Self::default() }
    }

    /// Returns the current settings of an agency.
    pub(crate) const fn conduct(&self, agency: Agency) -> Conduct {
        match agency {
            Agency::Zags => self.conduct.zags,
            Agency::Sfr => self.conduct.sfr,
            Agency::Mvd => self.conduct.mvd,
        }
    }

    /// Checks whether an agency currently gives no answers.
    pub(crate) fn is_down(&self, agency: Agency) -> bool {
        self.conduct(agency).pace == Pace::Down
    }

    /// Returns the time of the answer to a check that starts now. An agency that is down answers only after it is up
    /// again.
    pub(crate) fn answer_at(&self, agency: Agency, now: DateTime<Utc>) -> DateTime<Utc> {
        self.answer_after(agency, self.conduct(agency).answer_after, now)
    }

    /// Does the same as [`Agencies::answer_at`] for a check that usually takes the term `usual`.
    pub(crate) fn answer_after(&self, agency: Agency, usual: Term, now: DateTime<Utc>) -> DateTime<Utc> {
        let conduct = self.conduct(agency);
        if conduct.pace == Pace::Slow { conduct.slow_answer_after.after(now) } else { usual.after(now) }
    }

    /// Returns the number of checks that wait for an agency.
    pub(crate) fn waiting(&self, agency: Agency) -> usize {
        self.waiting.keys().filter(|(asked, _)| *asked == agency).count()
    }
}

impl AgencyEvent {
    pub(crate) fn tell(&self) -> String {
        let Self::Changed { agency, conduct } = self;
        tr!(
            "{}: {}; отвечает за {}, медленно — за {}",
            "{}: {}; answers within {}, slowly within {}",
            agency.title(),
            conduct.pace.text(),
            conduct.answer_after,
            conduct.slow_answer_after
        )
    }
}
