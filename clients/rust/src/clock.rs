//! The time of a world.

use std::sync::Arc;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    contract::{MOVE_CLOCK, READ_CLOCK},
    servers::Servers,
};

/// The time of both servers of a world, moved together; what falls due on the way happens before the answer.
#[derive(Debug, Clone)]
pub struct Clock(pub(crate) Arc<Servers>);

#[derive(Debug, Deserialize)]
pub(crate) struct ClockView {
    now: DateTime<Utc>,
}

/// What a clock is told.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ClockOrder<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    advance: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    advance_working_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<&'static str>,
}

#[cfg(test)]
impl ClockOrder<'_> {
    /// One of each kind.
    pub(crate) fn each() -> [Self; 4] {
        [
            Self { advance: Some("1h"), ..Self::default() },
            Self { advance_working_days: Some(1), ..Self::default() },
            Self { to: Some(DateTime::UNIX_EPOCH), ..Self::default() },
            Self { mode: Some("frozen"), ..Self::default() },
        ]
    }
}

impl Clock {
    /// The world's time.
    ///
    /// # Errors
    /// As the control API refuses.
    pub async fn now(&self) -> Result<DateTime<Utc>> {
        let idp = self.0.idp()?;
        let view: ClockView = idp.send(idp.to(&READ_CLOCK)).await?;
        Ok(view.now)
    }

    /// Lets time pass: "15m", "5days", "1h 30m". The answer is the new time.
    ///
    /// # Errors
    /// As the control API refuses: what is no duration.
    pub async fn advance(&self, by: &str) -> Result<DateTime<Utc>> {
        self.told(&ClockOrder { advance: Some(by), ..ClockOrder::default() }).await
    }

    /// Lets so many working days of the Russian production calendar pass, to the same time of day in Moscow.
    ///
    /// # Errors
    /// As the control API refuses.
    pub async fn advance_working_days(&self, days: u32) -> Result<DateTime<Utc>> {
        self.told(&ClockOrder { advance_working_days: Some(days), ..ClockOrder::default() }).await
    }

    /// Goes on to an instant.
    ///
    /// # Errors
    /// As the control API refuses: time never goes back.
    pub async fn to(&self, instant: DateTime<Utc>) -> Result<DateTime<Utc>> {
        self.told(&ClockOrder { to: Some(instant), ..ClockOrder::default() }).await
    }

    /// Stops it, at both servers at one instant: the next whole second.
    ///
    /// # Errors
    /// As the control API refuses.
    pub async fn freeze(&self) -> Result<DateTime<Utc>> {
        let stopped = self.told(&ClockOrder { mode: Some("frozen"), ..ClockOrder::default() }).await?;
        let second = TimeDelta::seconds(1);
        self.to(stopped.duration_trunc(second).unwrap_or(stopped) + second).await
    }

    /// Lets it run on from where it stands.
    ///
    /// # Errors
    /// As the control API refuses.
    pub async fn run(&self) -> Result<DateTime<Utc>> {
        self.told(&ClockOrder { mode: Some("running"), ..ClockOrder::default() }).await
    }

    /// Tells both servers, and answers with the later time of the two.
    async fn told(&self, order: &ClockOrder<'_>) -> Result<DateTime<Utc>> {
        let mut latest = DateTime::UNIX_EPOCH;
        for control in &self.0.all {
            let view: ClockView = control.send(control.to(&MOVE_CLOCK).json(order)).await?;
            latest = latest.max(view.now);
        }
        Ok(latest)
    }
}
