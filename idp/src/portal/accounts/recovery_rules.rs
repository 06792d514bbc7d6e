//! Decisions on the recovery of a password.

use chrono::{DateTime, TimeDelta, Utc};
use esia::{Oid, Phone};
use worlds::{Decided, Term, WorldRng};

use super::{
    Account, AccountEvent, Accounts, Login, OneTimeCode,
    code::CodeError,
    entry_rules::Tried,
    recovery::{CODES, Recoveries, RecoveryError, Sent, WAITING},
};
use crate::{
    event::Event,
    portal::{
        Portal,
        outbox::{Channel, Message, OutboxEvent},
    },
};

/// Life of the e-mail's link and of the page for a new password.
const LINK_FOR: TimeDelta = TimeDelta::hours(1);

/// Period in which codes to one phone are counted.
const COUNTED_FOR: TimeDelta = TimeDelta::hours(1);

/// Maximum number of codes to one phone in [`COUNTED_FOR`].
const MAX_SENT: u32 = 5;

impl Accounts {
    /// Returns the account of a recovery secret. The secret is valid only for the password that the account had when it
    /// was issued.
    pub(crate) fn recovery(&self, token: &str, now: DateTime<Utc>) -> Result<Oid, RecoveryError> {
        let (oid, replaced) = self.recoveries.waiting.get(token, now).ok_or(RecoveryError::Lapsed)?;
        let account = self.get(*oid).filter(|account| account.password == *replaced);
        account.map(|account| account.oid).ok_or(RecoveryError::Lapsed)
    }

    pub(super) fn await_password(&mut self, oid: Oid, token: &str, expires_at: DateTime<Utc>, at: DateTime<Utc>) {
        if let Some(account) = self.by_oid.get(&oid) {
            let (owner, restored) = (oid.to_string(), (oid, account.password.clone()));
            let term = Term { owner: &owner, ends_at: expires_at };
            self.recoveries.waiting.insert_within((token.to_owned(), restored), term, WAITING, at);
        }
    }

    /// Returns the phone to which a code for this login is sent, with the account if there is one: when a phone was
    /// entered, or when the account has no e-mail address.
    fn recovery_phone(&self, login: &str) -> Option<(Phone, Option<&Account>)> {
        let account = self.find(login);
        let typed = Login::candidates(login).into_iter().find_map(|login| match login {
            Login::Phone(phone) => Some(phone),
            Login::Email(_) | Login::Snils(_) => None,
        });
        match (account, typed) {
            (None, Some(phone)) => Some((phone, None)),
            (Some(account), _) if account.email.is_none() || typed.is_some() && account.phone == typed => {
                account.phone.map(|phone| (phone, Some(account)))
            }
            _ => None,
        }
    }
}

impl Portal {
    /// Starts a recovery («Восстановить»): sends an e-mail, or an SMS if a phone was entered. The outcome does not
    /// reveal whether the account exists.
    ///
    /// # Errors
    /// Fails with a [`RecoveryError`] if the recovery does not allow this step.
    pub(crate) fn ask_recovery(
        &self,
        login: &str,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<Decided<Event, Sent>, RecoveryError> {
        let Recoveries { waiting, codes } = &*self.accounts.recoveries;
        if let Some((phone, account)) = self.accounts.recovery_phone(login) {
            let sent = codes.get(&phone.to_string(), now).map_or(0, |sent| sent.sent);
            if sent >= MAX_SENT {
                return Err(RecoveryError::TooManyCodes);
            }
            if sent == 0 {
                codes.note_displaced("recovery code", "", CODES, now);
            }
            let code = OneTimeCode::new(now, rng);
            let (oid, sms) = (account.map(|account| account.oid), account.map(|_| Event::Outbox(code.sms(phone))));
            let asked = AccountEvent::RecoveryCodeAsked { oid, phone, code, counted_until: now + COUNTED_FOR };
            return Ok((std::iter::once(Event::Account(asked)).chain(sms).collect(), Sent::Sms));
        }
        let account = self.accounts.find(login);
        let Some((account, email)) = account.and_then(|account| Some((account, account.email.as_ref()?))) else {
            return Ok((Vec::new(), Sent::Letter));
        };
        waiting.note_displaced("recovery", &account.oid.to_string(), WAITING, now);
        let token = rng.hex::<16>();
        let message = Message {
            channel: Channel::Email,
            to: email.to_string(),
            subject: Some("Восстановление пароля".to_owned()),
            text: "Чтобы задать новый пароль, перейдите по ссылке. Она действует один час.".to_owned(),
            link: Some(format!("/recovery/password?token={token}")),
        };
        let asked = AccountEvent::RecoveryAsked { oid: account.oid, token, expires_at: now + LINK_FOR };
        Ok((vec![Event::Account(asked), Event::Outbox(OutboxEvent::Sent { message })], Sent::Letter))
    }

    /// Checks the code of the SMS. Returns the secret that allows a new password.
    pub(crate) fn prove_recovery(
        &self,
        login: &str,
        typed: &str,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Tried<String, RecoveryError> {
        let lapsed = || (Vec::new(), Err(CodeError::Lapsed.into()));
        let Some((phone, account)) = self.accounts.recovery_phone(login) else { return lapsed() };
        let sent = self.accounts.recoveries.codes.get(&phone.to_string(), now);
        let Some(code) = sent.and_then(|sent| sent.code.as_ref()) else { return lapsed() };
        match (code.check(typed, now), account) {
            (Ok(()), Some(account)) => {
                let (oid, token) = (account.oid, rng.hex::<16>());
                let expires_at = now + LINK_FOR;
                let proved = AccountEvent::RecoveryProved { oid, phone, token: token.clone(), expires_at };
                (vec![Event::Account(proved)], Ok(token))
            }
            (Ok(()), None) => lapsed(),
            (Err(error @ CodeError::Wrong { .. }), _) => {
                (vec![Event::Account(AccountEvent::RecoveryCodeMissed { phone })], Err(error.into()))
            }
            (Err(error), _) => (Vec::new(), Err(error.into())),
        }
    }

    /// Sets a new password; all sessions end.
    ///
    /// # Errors
    /// Fails with a [`RecoveryError`] if the recovery does not allow this step.
    pub(crate) fn restore_password(
        &self,
        token: &str,
        password: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, RecoveryError> {
        let oid = self.accounts.recovery(token, now)?;
        let (token, password) = (token.to_owned(), password.to_owned());
        Ok(vec![Event::Account(AccountEvent::PasswordRestored { oid, token, password })])
    }
}
