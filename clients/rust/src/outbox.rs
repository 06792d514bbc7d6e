//! Letters and SMS.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use tokio::time::{Instant, interval};

use crate::{Error, Result, Server, contract::READ_OUTBOX, servers::Servers};

/// Time limit for a message to come, and the interval between looks for it.
const PATIENCE: Duration = Duration::from_secs(5);
const INTERVAL: Duration = Duration::from_millis(50);

/// What both servers have sent in a world; nothing leaves the machine.
#[derive(Debug, Clone)]
pub struct Outbox(pub(crate) Arc<Servers>);

/// A letter or an SMS.
#[derive(Debug, Clone, Deserialize)]
pub struct Message {
    /// The server that sent it.
    #[serde(skip)]
    pub server: Server,
    /// 1, 2, 3, … in the order of sending, at that server.
    pub seq: u64,
    /// Instant of the world's clock.
    pub at: DateTime<Utc>,
    /// `email` or `sms`.
    pub channel: String,
    /// An e-mail address or a phone.
    pub to: String,
    /// The subject of a letter.
    pub subject: Option<String>,
    /// The text without the link.
    pub text: String,
    /// The link in it as a whole URL.
    pub link: Option<String>,
}

impl Message {
    fn has(&self, text: &str) -> bool {
        [self.subject.as_deref(), Some(&self.text), self.link.as_deref()]
            .into_iter()
            .flatten()
            .any(|part| part.contains(text))
    }
}

impl Outbox {
    /// All messages, newest first; those to some addresses where any is named.
    ///
    /// # Errors
    /// As the control API refuses.
    pub async fn all(&self, to: &[String]) -> Result<Vec<Message>> {
        let mut found = Vec::new();
        for control in &self.0.all {
            let sent: Vec<Message> = control.send(control.to(&READ_OUTBOX)).await?;
            let sent = sent.into_iter().map(|message| Message { server: control.server(), ..message });
            found.extend(sent.filter(|message| to.is_empty() || to.contains(&message.to)));
        }
        found.sort_by_key(|message| std::cmp::Reverse(message.at));
        Ok(found)
    }

    /// The newest message to one of the addresses whose subject, text or link holds a text; it is waited for up to five seconds
    /// where it is not there yet.
    ///
    /// # Errors
    /// [`Error::NoMessage`] when it does not come.
    pub async fn wait(&self, containing: &str, to: &[String]) -> Result<Message> {
        let ends_at = Instant::now() + PATIENCE;
        let mut again = interval(INTERVAL);
        loop {
            again.tick().await;
            let all = self.all(to).await?;
            if let Some(found) = all.iter().find(|message| message.has(containing)) {
                return Ok(found.clone());
            }
            if Instant::now() >= ends_at {
                let told = |message: &Message| {
                    format!("«{} {}»", message.subject.as_deref().unwrap_or_default(), message.text)
                };
                let others = all.iter().map(told).collect::<Vec<_>>().join(", ");
                return Err(Error::NoMessage { containing: containing.to_owned(), others });
            }
        }
    }
}
