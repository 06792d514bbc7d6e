//! What has happened in a world.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::{Result, Server, contract::READ_TIMELINE, servers::Servers};

/// Lines of one answer.
const PAGE: usize = 1000;

/// One thing that has happened.
#[derive(Debug, Clone, Deserialize)]
pub struct Line {
    /// The server at which it happened.
    #[serde(skip)]
    pub server: Server,
    /// 1, 2, 3, … at that server.
    pub seq: u64,
    /// Instant of the world's clock.
    pub at: DateTime<Utc>,
    /// Instant of the machine's clock; of the world's last events.
    pub recorded_at: Option<DateTime<Utc>>,
    /// One Russian sentence.
    pub text: String,
    /// The request that it was decided for.
    pub request: Option<u64>,
}

/// The timeline of both servers, oldest first.
pub(crate) async fn of(servers: &Servers) -> Result<Vec<Line>> {
    let mut all = Vec::new();
    for control in &servers.all {
        let mut after = 0;
        loop {
            let request = control.to(&READ_TIMELINE).query(&[("after", after), ("limit", PAGE as u64)]);
            let lines: Vec<Line> = control.send(request).await?;
            let (count, last) = (lines.len(), lines.last().map(|line| line.seq));
            all.extend(lines.into_iter().map(|line| Line { server: control.server(), ..line }));
            match last {
                Some(last) if count == PAGE => after = last,
                _ => break,
            }
        }
    }
    all.sort_by_key(|line| (line.at, line.recorded_at));
    Ok(all)
}
