//! Accounts and sessions of a world, indexed by number, login and СНИЛС.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use esia::{BirthCertificate, Email, FullName, Oid, Phone, Snils};
use serde::{Deserialize, Serialize};
use worlds::{Brake, Expiring, Limit, Shared, Term};

use super::{
    Account, Claim, Login, Profile, Role, Session, entry::Entries, recovery::Recoveries, registration::Registration,
};

/// Accounts and sessions of a world, with unfinished sign-ins, recoveries and registrations.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Accounts {
    pub(super) by_oid: Shared<BTreeMap<Oid, Account>>,
    by_email: Shared<BTreeMap<Email, Oid>>,
    by_phone: Shared<BTreeMap<Phone, Oid>>,
    pub(super) by_snils: Shared<BTreeMap<Snils, Oid>>,
    /// Number of accounts with a role in each organisation.
    acting_for: Shared<BTreeMap<Oid, usize>>,
    pub(super) failures: Shared<Brake<Oid>>,
    /// Sessions by the id in the browser's cookie. A session is kept for a day after its end, because tokens issued in
    /// it may live longer; by then they have expired.
    pub(super) sessions: Shared<Expiring<Session>>,
    /// Owner and id of each session by its `urn:esia:sid`. A session stays here after sign-out, because its tokens stay
    /// valid.
    by_sid: Shared<Expiring<(Oid, String)>>,
    pub(super) recoveries: Shared<Recoveries>,
    pub(super) registrations: Shared<Expiring<Registration>>,
    /// Accounts by the id of the registration that created them, for the timeline.
    pub(super) registered: Shared<BTreeMap<String, Oid>>,
    pub(super) entries: Shared<Entries>,
    pub(super) claims: Shared<BTreeMap<Oid, Claim>>,
    /// Names of deleted accounts, for the timeline.
    deleted: Shared<BTreeMap<Oid, FullName>>,
    last_oid: u64,
}

/// Limit of sessions, by person and overall, including those that ended less than a day ago. A load test may sign in
/// one person again and again.
const SESSIONS: Limit = Limit { each: 1_000, all: 5_000 };

/// Account numbers start after this one; numbers of the real ЕСИА test stand look like it.
const FIRST_OID: u64 = 1_000_300_000;

impl Accounts {
    /// Returns an account by its number.
    pub(crate) fn get(&self, oid: Oid) -> Option<&Account> {
        self.by_oid.get(&oid)
    }

    /// Returns the account with this e-mail address.
    pub(crate) fn with_email(&self, email: &Email) -> Option<&Account> {
        self.by_email.get(email).and_then(|oid| self.get(*oid))
    }

    /// Returns the account with this phone number.
    pub(crate) fn with_phone(&self, phone: &Phone) -> Option<&Account> {
        self.by_phone.get(phone).and_then(|oid| self.get(*oid))
    }

    /// Returns the account with this СНИЛС.
    pub(crate) fn with_snils(&self, snils: &Snils) -> Option<&Account> {
        self.by_snils.get(snils).and_then(|oid| self.get(*oid))
    }

    /// Returns the number for the next new account.
    pub(crate) fn next_oid(&self) -> Oid {
        Oid::new(self.last_oid.max(FIRST_OID) + 1)
    }

    /// Returns the account with this login: e-mail, phone or СНИЛС as the person typed it.
    pub(crate) fn find(&self, login: &str) -> Option<&Account> {
        Login::candidates(login).iter().find_map(|login| match login {
            Login::Email(email) => self.with_email(email),
            Login::Phone(phone) => self.with_phone(phone),
            Login::Snils(snils) => self.with_snils(snils),
        })
    }

    /// Returns a session that has not expired.
    pub(crate) fn session(&self, id: &str, now: DateTime<Utc>) -> Option<&Session> {
        self.sessions.remembered(id).filter(|session| now < session.expires_at)
    }

    /// Returns the owner of a session that is still kept, expired or not.
    pub(crate) fn remembered_owner(&self, id: &str) -> Option<Oid> {
        self.sessions.remembered(id).map(|session| session.oid)
    }

    /// Returns the owner of the session with this `urn:esia:sid`, while it is kept.
    pub(crate) fn sid_owner(&self, sid: &str) -> Option<Oid> {
        self.by_sid.remembered(sid).map(|(oid, _)| *oid)
    }

    /// Returns the session with this `urn:esia:sid` and its id, unless it has ended.
    pub(crate) fn session_of_sid(&self, sid: &str, now: DateTime<Utc>) -> Option<(String, Session)> {
        let (_, id) = self.by_sid.remembered(sid)?;
        self.session(id, now).map(|session| (id.clone(), session.clone()))
    }

    pub(crate) fn insert(&mut self, account: Account) {
        let oid = account.oid;
        self.last_oid = self.last_oid.max(oid.get());
        if let Some(email) = &account.email {
            self.by_email.insert(email.clone(), oid);
        }
        if let Some(phone) = &account.phone {
            self.by_phone.insert(*phone, oid);
        }
        if let Some(snils) = &account.snils {
            self.by_snils.insert(*snils, oid);
        }
        for role in &account.roles {
            *self.acting_for.entry(role.oid).or_default() += 1;
        }
        self.by_oid.insert(oid, account);
    }

    /// Records which guardian created a child account.
    pub(crate) fn made_by(&mut self, child: Oid, guardian: Oid) {
        if let Some(account) = self.by_oid.get_mut(&child) {
            account.made_by = Some(guardian);
        }
    }

    /// Adds a birth certificate to an account that has none.
    pub(crate) fn learn_certificate(&mut self, oid: Oid, certificate: Option<BirthCertificate>, at: DateTime<Utc>) {
        let account = self.by_oid.get_mut(&oid).filter(|account| account.birth_certificate.is_none());
        if let Some((account, certificate)) = account.zip(certificate) {
            account.birth_certificate = Some(certificate);
            account.updated_at = at;
        }
    }

    /// Sets the profile of an account.
    pub(crate) fn set_profile(&mut self, oid: Oid, profile: Profile) {
        if let Some(account) = self.by_oid.get_mut(&oid) {
            account.profile = Arc::new(profile);
        }
    }

    /// Gives a person a role in an organisation, unless there is one already.
    pub(crate) fn give_role(&mut self, oid: Oid, role: Role) {
        if let Some(account) = self.by_oid.get_mut(&oid)
            && account.roles.iter().all(|known| known.oid != role.oid)
        {
            *self.acting_for.entry(role.oid).or_default() += 1;
            account.roles.push(role);
        }
    }

    /// Checks whether any account has a role in an organisation.
    pub(crate) fn any_acts_for(&self, organisation: Oid) -> bool {
        self.acting_for.get(&organisation).is_some_and(|count| *count > 0)
    }

    /// Returns all accounts, in order of their numbers.
    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Account> {
        self.by_oid.values()
    }

    /// Returns the name of the person of an account, even of a deleted one.
    pub(crate) fn name(&self, oid: Oid) -> Option<&FullName> {
        self.get(oid).map(|account| &account.name).or_else(|| self.deleted.get(&oid))
    }

    /// Replaces the e-mail address and the phone of an account.
    pub(crate) fn set_logins(&mut self, at: DateTime<Utc>, oid: Oid, email: Option<&Email>, phone: Option<&Phone>) {
        let Some(account) = self.by_oid.get_mut(&oid) else { return };
        if let Some(old) = std::mem::replace(&mut account.email, email.cloned()) {
            self.by_email.remove(&old);
        }
        if let Some(old) = std::mem::replace(&mut account.phone, phone.copied()) {
            self.by_phone.remove(&old);
        }
        account.updated_at = at;
        self.by_email.extend(email.map(|email| (email.clone(), oid)));
        self.by_phone.extend(phone.map(|phone| (*phone, oid)));
    }

    /// Replaces the password of an account. Its sessions end, and with them the tokens issued to clients in them;
    /// earlier recovery links stop working.
    pub(crate) fn set_password(&mut self, at: DateTime<Utc>, oid: Oid, password: &str) {
        self.set_password_but(at, oid, password, None);
    }

    /// Does the same as [`Accounts::set_password`], but keeps one session.
    pub(super) fn set_password_but(&mut self, at: DateTime<Utc>, oid: Oid, password: &str, kept: Option<&str>) {
        let Some(account) = self.by_oid.get_mut(&oid) else { return };
        password.clone_into(&mut account.password);
        account.has_one_time_password = false;
        account.updated_at = at;
        self.failures.release(&oid);
        self.end_sessions_but(oid, kept);
    }

    /// Deletes an account: its logins become free, its sessions end. Its number is not used again.
    pub(crate) fn remove(&mut self, oid: Oid) -> Option<Account> {
        let account = self.by_oid.remove(&oid)?;
        if let Some(email) = &account.email {
            self.by_email.remove(email);
        }
        if let Some(phone) = &account.phone {
            self.by_phone.remove(phone);
        }
        if let Some(snils) = &account.snils {
            self.by_snils.remove(snils);
        }
        for role in &account.roles {
            if let Some(count) = self.acting_for.get_mut(&role.oid) {
                *count -= 1;
            }
        }
        self.failures.release(&oid);
        self.end_sessions_but(oid, None);
        self.deleted.insert(oid, account.name.clone());
        Some(account)
    }

    /// Ends all sessions of a person but one, and with them the tokens issued to clients in them.
    pub(super) fn end_sessions_but(&mut self, oid: Oid, kept: Option<&str>) {
        let owner = oid.to_string();
        let ended = |sid: &&str| self.by_sid.remembered(sid).is_none_or(|(_, id)| Some(id.as_str()) != kept);
        let sids: Vec<_> = self.by_sid.of_owner(&owner).filter(ended).map(str::to_owned).collect();
        for sid in sids {
            self.end_session(&sid);
        }
    }

    /// Checks whether two worlds share the accounts in memory.
    #[cfg(test)]
    pub(crate) fn shares_people_with(&self, other: &Self) -> bool {
        self.by_oid.is_shared_with(&other.by_oid) && self.by_snils.is_shared_with(&other.by_snils)
    }

    /// Whether there are any credentials: sessions or unfinished sign-ins.
    pub(crate) fn has_credentials(&self) -> bool {
        !self.sessions.is_empty() || !self.entries.entries.is_empty()
    }

    /// Ends all sessions and unfinished sign-ins; see [`worlds::Domain::forget_credentials`].
    pub(crate) fn forget_credentials(&mut self) {
        // Replaced, not cleared: clearing would first copy what the parent world shares.
        self.sessions = Shared::default();
        self.by_sid = Shared::default();
        self.entries.entries = Expiring::default();
    }

    fn end_session(&mut self, sid: &str) {
        if let Some((_, id)) = self.by_sid.remove(sid) {
            self.sessions.remove(&id);
        }
    }

    /// Stores a session. At the limit the oldest one is dropped.
    pub(super) fn begin_session(&mut self, id: &str, session: Session, now: DateTime<Utc>) {
        self.failures.release(&session.oid);
        let (owner, sid) = (session.oid.to_string(), session.sid.clone());
        let term = Term { owner: &owner, ends_at: session.expires_at + TimeDelta::days(1) };
        let displaced = self.by_sid.insert_within((sid, (session.oid, id.to_owned())), term, SESSIONS, now);
        if let Some((_, (_, displaced))) = displaced {
            self.sessions.remove(&displaced);
        }
        // Bounded by `by_sid`, which holds each of these sessions.
        self.sessions.insert(id.to_owned(), session, term.ends_at, now);
    }
}
