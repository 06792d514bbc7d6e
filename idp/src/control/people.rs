//! People of Gosuslugi for the control API: people of the seed, sessions without a password, letters and SMS.

use chrono::{DateTime, Utc};
use esia::language::tr;
use web::{Acting, LinkSession, OutboxChannel, OutboxMessage, People, PersonView, Problem, no_person};
use worlds::{Decided, WorldRng};

use crate::{
    event::Event,
    portal::{
        accounts::{Account, SESSION_COOKIE},
        outbox,
    },
    state::Gosuslugi,
};

impl People for Gosuslugi {
    const SESSION_COOKIE: &'static str = SESSION_COOKIE;

    fn people(&self, _: DateTime<Utc>) -> Vec<PersonView> {
        let view = |(key, member): (&str, &crate::portal::Member)| {
            let account = self.portal.cast.account(key, &self.portal.accounts);
            PersonView {
                key: key.to_owned(),
                name: member.name.to_string(),
                about: member.about.clone(),
                oid: account.map(|account| account.oid.get()),
                contacts: account.map(contacts).unwrap_or_default(),
                login: account.map(Account::login),
                password: account.map(|account| account.password.clone()),
            }
        };
        self.portal.cast.iter().map(view).collect()
    }

    fn open_session(
        &self,
        key: &str,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<Decided<Event, String>, Problem> {
        Ok(self.portal.open_session(account_of(self, key)?, now, rng))
    }

    fn acting(&self, session: &str, now: DateTime<Utc>) -> Option<Acting> {
        let session = self.portal.accounts.session(session, now)?;
        let name = self.portal.accounts.name(session.oid)?;
        Some(Acting { name: name.to_string(), home: "/lk" })
    }

    fn take_over(&self, code: &str, now: DateTime<Utc>) -> Option<Decided<Event, LinkSession>> {
        let (events, session) = self.portal.take_over(code, now)?;
        Some((events, LinkSession { session, home: "/lk" }))
    }

    fn outbox(&self) -> impl DoubleEndedIterator<Item = OutboxMessage> {
        self.portal.outbox.iter().map(|(index, (at, message))| OutboxMessage {
            seq: index + 1,
            at: *at,
            channel: match message.channel {
                outbox::Channel::Email => OutboxChannel::Email,
                outbox::Channel::Sms => OutboxChannel::Sms,
            },
            to: message.to.clone(),
            subject: message.subject.clone(),
            text: message.text.clone(),
            link: message.link.clone(),
        })
    }
}

/// Returns the e-mail address and phone of an account, to which letters and SMS are sent.
pub(super) fn contacts(account: &Account) -> Vec<String> {
    let email = account.email.iter().map(ToString::to_string);
    email.chain(account.phone.iter().map(ToString::to_string)).collect()
}

/// Returns the account of a person of the seed, by key, or the account that has the key as its login.
///
/// # Errors
/// Returns a problem with status 404 if there is no such account.
pub(super) fn account_of<'s>(state: &'s Gosuslugi, key: &str) -> Result<&'s Account, Problem> {
    let by_login = || state.portal.accounts.find(key);
    let account = state.portal.cast.account(key, &state.portal.accounts).or_else(by_login);
    account.ok_or_else(|| {
        no_person(tr!(
            "У «{key}» нет учётной записи, или нет такого человека",
            "«{key}» has no account, or there is no such person"
        ))
    })
}
