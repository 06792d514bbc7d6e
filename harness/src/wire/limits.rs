//! Limits of a run's requests: allowed hosts, and the pace for one of them.

use std::{
    collections::BTreeSet,
    sync::{Mutex as Lock, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Mutex,
    time::{Interval, MissedTickBehavior, interval},
};
use url::Url;

use super::book::SharedBook;
use crate::language::tr;

/// Minimum time between two requests to a site.
#[derive(Debug)]
pub struct Pace {
    site: String,
    next: Mutex<Interval>,
}

impl Pace {
    /// Creates the pace for the site of a URL; `None` if the time is zero. Needs a Tokio runtime.
    pub fn of(url: &Url, least: Duration) -> Option<Self> {
        if least.is_zero() {
            return None;
        }
        let mut next = interval(least);
        next.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Some(Self { site: site(url), next: Mutex::new(next) })
    }
}

/// Origin of the list of allowed hosts, for messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NamedBy {
    /// The description of a foreign provider.
    #[default]
    Provider,
    /// The option that names the team's own site.
    Site,
}

/// Connection of a run to its servers, with limits.
#[derive(Debug, Default)]
pub struct Wire {
    named_by: NamedBy,
    /// Allowed hosts, with or without a port; `None` allows all.
    hosts: Option<Lock<BTreeSet<String>>>,
    pace: Option<Pace>,
    /// Book of the scenario that is being played, if scenarios are played one by one.
    open: Lock<Option<SharedBook>>,
}

impl Wire {
    /// Creates a wire that allows only these hosts.
    pub fn limited(hosts: impl IntoIterator<Item = String>, pace: Option<Pace>) -> Self {
        let hosts = hosts.into_iter().map(|host| host.to_lowercase()).collect();
        Self { hosts: Some(Lock::new(hosts)), pace, ..Self::default() }
    }

    /// Sets the origin of the list of hosts.
    #[must_use]
    pub fn named_by(self, named_by: NamedBy) -> Self {
        Self { named_by, ..self }
    }

    /// Allows the site of a URL.
    pub fn allow(&self, url: &Url) {
        if let Some(hosts) = &self.hosts {
            hosts.lock().unwrap_or_else(PoisonError::into_inner).insert(site(url));
        }
    }

    /// Begins a scenario: requests of the diary are recorded in its book from now on.
    pub fn begin(&self, book: SharedBook) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = Some(book);
    }

    pub(super) fn book(&self) -> SharedBook {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_default()
    }

    /// Waits until a request to this URL may be sent.
    ///
    /// # Errors
    /// Fails if the host is not allowed; the request must not be sent.
    pub(super) async fn admit(&self, url: &Url) -> Result<(), String> {
        let site = site(url);
        if !self.may_ask(url, &site) {
            return Err(match self.named_by {
                NamedBy::Provider => tr!(
                    "узел {site} не назван в описании поставщика (hosts): запрос не отправлен",
                    "the host {site} is not named in the provider's description (hosts): the request was not sent"
                ),
                NamedBy::Site => tr!(
                    "узел {site} не назван в --site: запрос не отправлен",
                    "the host {site} is not named by --site: the request was not sent"
                ),
            });
        }
        if let Some(pace) = self.pace.as_ref().filter(|pace| pace.site == site) {
            pace.next.lock().await.tick().await;
        }
        Ok(())
    }

    fn may_ask(&self, url: &Url, site: &str) -> bool {
        let Some(hosts) = &self.hosts else { return true };
        let hosts = hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.contains(site) || url.host_str().is_some_and(|host| hosts.contains(host))
    }
}

/// Returns host and port of a URL, including the default port.
fn site(url: &Url) -> String {
    let port = url.port_or_known_default().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", url.host_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[tokio::test]
    async fn a_host_that_is_not_named_is_not_asked() {
        let wire = Wire::limited(["stand.test".to_owned(), "other.test:8443".to_owned()], None);
        wire.allow(&url("http://127.0.0.1:9000/w/a/"));
        for named in
            ["https://stand.test/x", "http://STAND.test:81/", "https://other.test:8443/", "http://127.0.0.1:9000/"]
        {
            assert_eq!(wire.admit(&url(named)).await, Ok(()), "{named}");
        }
        for other in
            ["https://other.test/", "http://127.0.0.1:9001/", "https://stand.test.example/", "https://x.stand.test/"]
        {
            assert!(wire.admit(&url(other)).await.unwrap_err().contains("запрос не отправлен"), "{other}");
        }
        assert_eq!(Wire::default().admit(&url("https://any.test/")).await, Ok(()));
    }

    #[tokio::test]
    async fn a_pace_holds_for_its_site_alone() {
        let stand = url("https://stand.test/");
        // Before the pace begins to count.
        let begun = Instant::now();
        let wire = Wire::limited(
            ["stand.test".to_owned(), "diary.test".to_owned()],
            Pace::of(&stand, Duration::from_millis(40)),
        );
        for _ in 0..3 {
            wire.admit(&stand).await.unwrap();
            wire.admit(&url("https://diary.test/")).await.unwrap();
        }
        assert!(begun.elapsed() >= Duration::from_millis(80), "{:?}", begun.elapsed());
        assert!(Pace::of(&stand, Duration::ZERO).is_none());
    }
}
