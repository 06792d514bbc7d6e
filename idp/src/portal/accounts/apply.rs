//! Application of events to accounts and sessions.

use chrono::{DateTime, Utc};
use worlds::Term;

use super::{
    Account, Accounts, Level, SecondFactor, Session,
    entry::{ENTRIES, Entries, Entry},
    event::AccountEvent,
    factor::FactorEvent,
};
use crate::portal::Portal;

impl Portal {
    pub(crate) fn apply_account(&mut self, at: DateTime<Utc>, event: &AccountEvent) {
        let accounts = &mut self.accounts;
        match event {
            AccountEvent::Created { account } => {
                let account = Account::from_new((**account).clone(), at);
                let (oid, born) = (account.oid, account.born);
                accounts.insert(account);
                if let Some(born) = born {
                    self.await_majority(oid, born, at);
                }
            }
            AccountEvent::SignedIn { oid, session, sid, role_pending, binding_window, expires_at, link_until } => {
                let opened = Session {
                    role_pending: *role_pending,
                    binding_window: *binding_window,
                    ..Session::new(*oid, sid.clone(), at, *expires_at)
                };
                accounts.begin_session(session, Session { link_until: *link_until, ..opened }, at);
            }
            AccountEvent::LinkOpened { session, .. } => {
                if let Some(session) = accounts.sessions.get_mut(session) {
                    session.link_until = None;
                }
            }
            AccountEvent::SignInFailed { oid } => accounts.failures.count(*oid, at),
            AccountEvent::RoleChosen { session, organisation } => {
                if let Some(session) = accounts.sessions.get_mut(session) {
                    session.role_pending = false;
                    session.organisation = *organisation;
                }
            }
            AccountEvent::WindowClosed { session } => {
                if let Some(session) = accounts.sessions.get_mut(session) {
                    session.window_closed = true;
                }
            }
            AccountEvent::SignedOut { session, .. } => {
                accounts.sessions.remove(session);
            }
            AccountEvent::RecoveryAsked { oid, token, expires_at } => {
                accounts.await_password(*oid, token, *expires_at, at);
            }
            AccountEvent::RecoveryCodeAsked { phone, code, counted_until, .. } => {
                accounts.recoveries.code_asked(*phone, code, *counted_until, at);
            }
            AccountEvent::RecoveryCodeMissed { phone } => accounts.recoveries.code_missed(*phone),
            AccountEvent::RecoveryProved { oid, phone, token, expires_at } => {
                accounts.recoveries.code_used(*phone);
                accounts.await_password(*oid, token, *expires_at, at);
            }
            AccountEvent::PasswordRestored { oid, token, password } => {
                accounts.recoveries.used(token);
                accounts.set_password(at, *oid, password);
            }
            AccountEvent::PasswordChanged { oid, password, kept } => {
                accounts.set_password_but(at, *oid, password, kept.as_deref());
            }
            AccountEvent::OneTimePasswordGiven { oid, password } => {
                accounts.set_password(at, *oid, password);
                if let Some(account) = accounts.by_oid.get_mut(oid) {
                    account.has_one_time_password = true;
                    account.second_factor = SecondFactor::None;
                }
            }
            AccountEvent::Confirmed { oid, .. } => {
                if let Some(account) = accounts.by_oid.get_mut(oid) {
                    account.level = Level::Confirmed;
                    account.updated_at = at;
                }
            }
        }
    }
}

impl Accounts {
    pub(crate) fn apply_factor(&mut self, at: DateTime<Utc>, event: &FactorEvent) {
        let Entries { entries, offers } = &mut *self.entries;
        match event {
            FactorEvent::Chosen { oid, factor } => {
                offers.remove(&oid.to_string());
                if let Some(account) = self.by_oid.get_mut(oid) {
                    account.second_factor = factor.clone();
                    account.updated_at = at;
                }
            }
            FactorEvent::TotpOffered { oid, secret, expires_at } => {
                offers.insert(oid.to_string(), secret.clone(), *expires_at, at);
            }
            FactorEvent::EntryOpened { entry, oid, code, expires_at } => {
                let password = self.by_oid.get(oid).map(|account| account.password.clone()).unwrap_or_default();
                let opened = Entry { oid: *oid, password, code: code.clone(), sent: 1, has_passed: false };
                let (owner, ends_at) = (oid.to_string(), *expires_at);
                entries.insert_within((entry.clone(), opened), Term { owner: &owner, ends_at }, ENTRIES, at);
            }
            FactorEvent::CodeSent { entry, code } => {
                if let Some(entry) = entries.get_mut(entry) {
                    entry.code = Some(code.clone());
                    entry.sent += 1;
                }
            }
            FactorEvent::CodeMissed { entry, .. } => {
                if let Some(code) = entries.get_mut(entry).and_then(|entry| entry.code.as_mut()) {
                    code.miss();
                }
            }
            FactorEvent::Passed { entry, oid, step } => {
                if let Some(entry) = entries.get_mut(entry) {
                    entry.has_passed = true;
                }
                let factor = self.by_oid.get_mut(oid).map(|account| &mut account.second_factor);
                if let (Some(SecondFactor::Totp { used, .. }), Some(step)) = (factor, step) {
                    *used = *step;
                }
            }
            FactorEvent::EntryClosed { entry } => {
                entries.remove(entry);
            }
        }
    }
}
