use chrono::{DateTime, Utc};
use worlds::{Decided, Domain, WorldRng};

use super::{Acting, LinkSession, OutboxMessage, PersonView};
use crate::Problem;

/// What a server says of the people of its worlds. [`crate::Front`] makes of it `/control/people`,
/// `/control/people/{key}/session`, `/login/link/{code}` and `/control/outbox`.
pub trait People: Domain {
    /// Name of the cookie that holds a session of this server's pages.
    const SESSION_COOKIE: &'static str;

    /// Everybody of the world, in the order of the start page.
    fn people(&self, now: DateTime<Utc>) -> Vec<PersonView>;

    /// Opens a session of a person without a password; a link may hand it to a browser for [`crate::LINK_TTL`]. Answers
    /// with the value of the cookie.
    ///
    /// # Errors
    /// [`crate::no_person`] for a key that is nobody's.
    fn open_session(
        &self,
        key: &str,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<Decided<Self::Event, String>, Problem>;

    /// Who is signed in by a session that works.
    fn acting(&self, session: &str, now: DateTime<Utc>) -> Option<Acting>;

    /// The session whose link has this code ([`crate::is_link_of`]) and still works; its link works no longer.
    fn take_over(&self, code: &str, now: DateTime<Utc>) -> Option<Decided<Self::Event, LinkSession>>;

    /// Letters and SMS in the order of sending, links as paths inside the world.
    fn outbox(&self) -> impl DoubleEndedIterator<Item = OutboxMessage>;
}
