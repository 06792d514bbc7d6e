//! «Безопасность»: a person's own password and second factor: the pure rules.

use chrono::{DateTime, TimeDelta, Utc};
use esia::Oid;
use totp_rs::Secret;
use worlds::WorldRng;

use super::{
    AccountEvent, FactorEvent, SecondFactor, SignInError,
    code::{CodeError, six_digits},
    entry_rules::Tried,
    factor::totp_step,
};
use crate::{event::Event, portal::Portal};

/// How long an offered secret waits for its first code.
const OFFER_FOR: TimeDelta = TimeDelta::minutes(30);

/// What a person does with the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// Turns it off.
    None,
    Sms,
    /// An application: a secret is offered.
    Totp,
}

/// Why a setting was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecurityError {
    /// Not the person's password, or too many wrong ones.
    #[error("{}", if matches!(.0, SignInError::Wrong) { "Неверный пароль".to_owned() } else { .0.to_string() })]
    Password(SignInError),
    /// SMS without a phone.
    #[error("В учётной записи нет телефона: коды отправлять некуда")]
    NoPhone,
    /// A first code, and no secret was offered, or its term ended.
    #[error("Ключ для приложения больше не действует: получите новый")]
    NoOffer,
    /// The first code is wrong.
    #[error("Неверный код: проверьте время на устройстве и введите код ещё раз")]
    WrongCode,
    /// Not six digits.
    #[error(transparent)]
    Code(#[from] CodeError),
}

impl SecurityError {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Password(SignInError::Wrong) => "wrong-password",
            Self::Password(_) => "locked",
            Self::NoPhone => "no-phone",
            Self::NoOffer => "no-offer",
            Self::WrongCode => "wrong-code",
            Self::Code(error) => error.code(),
        }
    }

    /// The field at fault.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Password(_) => "current",
            Self::NoPhone => "factor",
            Self::NoOffer | Self::WrongCode | Self::Code(_) => "code",
        }
    }
}

/// A second factor of one's own choice.
#[derive(Clone, Copy)]
pub(crate) struct FactorChange<'a> {
    pub(crate) choice: Choice,
    /// The password now.
    pub(crate) current: &'a str,
}

/// A new password of one's own choice.
#[derive(Clone, Copy)]
pub(super) struct PasswordChange<'a> {
    /// The password now.
    pub(super) current: &'a str,
    pub(super) password: &'a str,
    /// The session that goes on.
    pub(super) session: &'a str,
}

impl Portal {
    /// A person's own password, typed again before a setting is changed; a wrong one counts as at the login page.
    pub(crate) fn own_password(&self, oid: Oid, password: &str, now: DateTime<Utc>) -> Tried<(), SecurityError> {
        match self.accounts.check_own(oid, password, now) {
            Ok(()) => (Vec::new(), Ok(())),
            Err(SignInError::Wrong) => (
                vec![Event::Account(AccountEvent::SignInFailed { oid })],
                Err(SecurityError::Password(SignInError::Wrong)),
            ),
            Err(error) => (Vec::new(), Err(SecurityError::Password(error))),
        }
    }

    /// A second factor is chosen; an application works only after its first code.
    pub(crate) fn choose_factor(
        &self,
        oid: Oid,
        FactorChange { choice, current }: FactorChange<'_>,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Tried<(), SecurityError> {
        let (mut events, checked) = self.own_password(oid, current, now);
        if checked.is_err() {
            return (events, checked);
        }
        let has_phone = self.accounts.get(oid).is_some_and(|account| account.phone.is_some());
        let event = match choice {
            Choice::None => FactorEvent::Chosen { oid, factor: SecondFactor::None },
            Choice::Sms if !has_phone => return (events, Err(SecurityError::NoPhone)),
            Choice::Sms => FactorEvent::Chosen { oid, factor: SecondFactor::Sms },
            Choice::Totp => {
                let secret = Secret::from(rng.bytes::<20>()).to_base32();
                FactorEvent::TotpOffered { oid, secret, expires_at: now + OFFER_FOR }
            }
        };
        events.push(Event::Factor(event));
        (events, Ok(()))
    }

    /// The first code of an application turns it on.
    ///
    /// # Errors
    /// As [`SecurityError`] says.
    pub(crate) fn confirm_totp(&self, oid: Oid, typed: &str, now: DateTime<Utc>) -> Result<Vec<Event>, SecurityError> {
        let secret = self.accounts.offer(oid, now).ok_or(SecurityError::NoOffer)?;
        let typed = six_digits(typed)?;
        let used = totp_step(secret, 0, &typed, now).ok_or(SecurityError::WrongCode)?;
        let factor = SecondFactor::Totp { secret: secret.to_owned(), used };
        Ok(vec![Event::Factor(FactorEvent::Chosen { oid, factor })])
    }

    /// A new password of one's own choice; all other sessions end.
    pub(super) fn change_password(
        &self,
        oid: Oid,
        PasswordChange { current, password, session }: PasswordChange<'_>,
        now: DateTime<Utc>,
    ) -> Tried<(), SecurityError> {
        let (mut events, checked) = self.own_password(oid, current, now);
        if checked.is_ok() {
            let (password, kept) = (password.to_owned(), Some(session.to_owned()));
            events.push(Event::Account(AccountEvent::PasswordChanged { oid, password, kept }));
        }
        (events, checked)
    }
}
