//! All accounts and sessions of a world: kept so that each is found by its number, logins and СНИЛС.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use esia::{BirthCertificate, Email, FullName, Oid, Phone, Snils};
use serde::{Deserialize, Serialize};
use worlds::{Brake, Expiring, Limit, Shared, Term};

use super::{
    Account, Claim, Login, Profile, Role, Session, entry::Entries, recovery::Recoveries, registration::Registration,
};

/// All accounts and sessions of a world.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Accounts {
    pub(super) by_oid: Shared<BTreeMap<Oid, Account>>,
    by_email: Shared<BTreeMap<Email, Oid>>,
    by_phone: Shared<BTreeMap<Phone, Oid>>,
    pub(super) by_snils: Shared<BTreeMap<Snils, Oid>>,
    /// How many accounts act for each organisation.
    acting_for: Shared<BTreeMap<Oid, usize>>,
    pub(super) failures: Shared<Brake<Oid>>,
    /// By the id in the browser's cookie; remembered for a day after its end: tokens of it are long expired then.
    pub(super) sessions: Shared<Expiring<Session>>,
    /// Owner and id of each session by its `urn:esia:sid`, also of one that was signed out of: its tokens live on.
    by_sid: Shared<Expiring<(Oid, String)>>,
    pub(super) recoveries: Shared<Recoveries>,
    pub(super) registrations: Shared<Expiring<Registration>>,
    /// Accounts that registrations ended in, for the timeline.
    pub(super) registered: Shared<BTreeMap<String, Oid>>,
    pub(super) entries: Shared<Entries>,
    pub(super) claims: Shared<BTreeMap<Oid, Claim>>,
    /// Names of deleted accounts, for readers of the timeline.
    deleted: Shared<BTreeMap<Oid, FullName>>,
    last_oid: u64,
}

/// Sessions of one person and of all, those included that ended less than a day ago. A test of load may sign in one person
/// again and again.
const SESSIONS: Limit = Limit { each: 1_000, all: 5_000 };

/// Numbers of accounts begin here; the real stand's are of this form.
const FIRST_OID: u64 = 1_000_300_000;

impl Accounts {
    /// An account by its number.
    pub(crate) fn get(&self, oid: Oid) -> Option<&Account> {
        self.by_oid.get(&oid)
    }

    /// The account with an e-mail.
    pub(crate) fn with_email(&self, email: &Email) -> Option<&Account> {
        self.by_email.get(email).and_then(|oid| self.get(*oid))
    }

    /// The account with a phone.
    pub(crate) fn with_phone(&self, phone: &Phone) -> Option<&Account> {
        self.by_phone.get(phone).and_then(|oid| self.get(*oid))
    }

    /// The account with a СНИЛС.
    pub(crate) fn with_snils(&self, snils: &Snils) -> Option<&Account> {
        self.by_snils.get(snils).and_then(|oid| self.get(*oid))
    }

    /// The number that the next account gets.
    pub(crate) fn next_oid(&self) -> Oid {
        Oid::new(self.last_oid.max(FIRST_OID) + 1)
    }

    /// The account that a login belongs to.
    pub(crate) fn find(&self, login: &str) -> Option<&Account> {
        Login::candidates(login).iter().find_map(|login| match login {
            Login::Email(email) => self.with_email(email),
            Login::Phone(phone) => self.with_phone(phone),
            Login::Snils(snils) => self.with_snils(snils),
        })
    }

    /// A session that has not ended.
    pub(crate) fn session(&self, id: &str, now: DateTime<Utc>) -> Option<&Session> {
        self.sessions.remembered(id).filter(|session| now < session.expires_at)
    }

    /// Whose session an id names, ended or not, while it is remembered.
    pub(crate) fn remembered_owner(&self, id: &str) -> Option<Oid> {
        self.sessions.remembered(id).map(|session| session.oid)
    }

    /// Whose session `urn:esia:sid` names, while it is remembered.
    pub(crate) fn sid_owner(&self, sid: &str) -> Option<Oid> {
        self.by_sid.remembered(sid).map(|(oid, _)| *oid)
    }

    /// The session that `urn:esia:sid` names, and its id, unless it has ended.
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

    /// Says that a guardian made an account.
    pub(crate) fn made_by(&mut self, child: Oid, guardian: Oid) {
        if let Some(account) = self.by_oid.get_mut(&child) {
            account.made_by = Some(guardian);
        }
    }

    /// Gives an account a birth certificate, unless it has one.
    pub(crate) fn learn_certificate(&mut self, oid: Oid, certificate: Option<BirthCertificate>, at: DateTime<Utc>) {
        let account = self.by_oid.get_mut(&oid).filter(|account| account.birth_certificate.is_none());
        if let Some((account, certificate)) = account.zip(certificate) {
            account.birth_certificate = Some(certificate);
            account.updated_at = at;
        }
    }

    /// Says what else an account holds.
    pub(crate) fn set_profile(&mut self, oid: Oid, profile: Profile) {
        if let Some(account) = self.by_oid.get_mut(&oid) {
            account.profile = Arc::new(profile);
        }
    }

    /// Lets a person act for an organisation.
    pub(crate) fn give_role(&mut self, oid: Oid, role: Role) {
        if let Some(account) = self.by_oid.get_mut(&oid)
            && account.roles.iter().all(|known| known.oid != role.oid)
        {
            *self.acting_for.entry(role.oid).or_default() += 1;
            account.roles.push(role);
        }
    }

    /// Whether any account acts for an organisation.
    pub(crate) fn any_acts_for(&self, organisation: Oid) -> bool {
        self.acting_for.get(&organisation).is_some_and(|count| *count > 0)
    }

    /// Every account, in order of numbers.
    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Account> {
        self.by_oid.values()
    }

    /// The name of an account, deleted ones included.
    pub(crate) fn name(&self, oid: Oid) -> Option<&FullName> {
        self.get(oid).map(|account| &account.name).or_else(|| self.deleted.get(&oid))
    }

    /// Gives an account other logins.
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

    /// Gives an account another password. Its sessions end, and with them the tokens that systems got in them; a letter to
    /// restore the old password no longer works.
    pub(crate) fn set_password(&mut self, at: DateTime<Utc>, oid: Oid, password: &str) {
        self.set_password_but(at, oid, password, None);
    }

    /// The same, with one session that goes on.
    pub(super) fn set_password_but(&mut self, at: DateTime<Utc>, oid: Oid, password: &str, kept: Option<&str>) {
        let Some(account) = self.by_oid.get_mut(&oid) else { return };
        password.clone_into(&mut account.password);
        account.has_one_time_password = false;
        account.updated_at = at;
        self.failures.release(&oid);
        self.end_sessions_but(oid, kept);
    }

    /// Deletes an account: its logins are free again, its sessions end. The number is never used again.
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

    /// Ends all sessions of a person but one, and with them the tokens that systems got in them.
    pub(super) fn end_sessions_but(&mut self, oid: Oid, kept: Option<&str>) {
        let owner = oid.to_string();
        let ended = |sid: &&str| self.by_sid.remembered(sid).is_none_or(|(_, id)| Some(id.as_str()) != kept);
        let sids: Vec<_> = self.by_sid.of_owner(&owner).filter(ended).map(str::to_owned).collect();
        for sid in sids {
            self.end_session(&sid);
        }
    }

    /// Whether the accounts themselves are the same in memory.
    #[cfg(test)]
    pub(crate) fn shares_people_with(&self, other: &Self) -> bool {
        self.by_oid.is_shared_with(&other.by_oid) && self.by_snils.is_shared_with(&other.by_snils)
    }

    /// Whether anybody is signed in, or signing in.
    pub(crate) fn has_credentials(&self) -> bool {
        !self.sessions.is_empty() || !self.entries.entries.is_empty()
    }

    /// Ends all sessions and sign-ins under way; see [`worlds::Domain::forget_credentials`].
    pub(crate) fn forget_credentials(&mut self) {
        // Put in the place of what the parent shares, not cleared: that would copy it first.
        self.sessions = Shared::default();
        self.by_sid = Shared::default();
        self.entries.entries = Expiring::default();
    }

    fn end_session(&mut self, sid: &str) {
        if let Some((_, id)) = self.by_sid.remove(sid) {
            self.sessions.remove(&id);
        }
    }

    /// Takes in a session. The oldest one gives way where there are too many.
    pub(super) fn begin_session(&mut self, id: &str, session: Session, now: DateTime<Utc>) {
        self.failures.release(&session.oid);
        let (owner, sid) = (session.oid.to_string(), session.sid.clone());
        let term = Term { owner: &owner, ends_at: session.expires_at + TimeDelta::days(1) };
        let displaced = self.by_sid.insert_within((sid, (session.oid, id.to_owned())), term, SESSIONS, now);
        if let Some((_, (_, displaced))) = displaced {
            self.sessions.remove(&displaced);
        }
        // No more of them than in `by_sid`, which is bounded.
        self.sessions.insert(id.to_owned(), session, term.ends_at, now);
    }
}
