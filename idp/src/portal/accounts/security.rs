//! Decisions of the page «Безопасность»: change of the password and of the second factor.

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

/// Life of a TOTP secret that waits for its first code.
const OFFER_FOR: TimeDelta = TimeDelta::minutes(30);

/// Requested setting of the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// Switch the second factor off.
    None,
    Sms,
    /// Show a TOTP secret; its first code switches the factor on.
    Totp,
}

/// Reason why a change of a setting is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecurityError {
    /// The current password is wrong, or the account is locked.
    #[error("{}", if matches!(.0, SignInError::Wrong) { "Неверный пароль".to_owned() } else { .0.to_string() })]
    Password(SignInError),
    /// The account has no phone for SMS.
    #[error("В учётной записи нет телефона: коды отправлять некуда")]
    NoPhone,
    /// There is no TOTP secret for the first code, or it has expired.
    #[error("Ключ для приложения больше не действует: получите новый")]
    NoOffer,
    /// The first TOTP code is wrong.
    #[error("Неверный код: проверьте время на устройстве и введите код ещё раз")]
    WrongCode,
    /// The code is not six digits.
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

    /// Returns the form field to which the error belongs.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Password(_) => "current",
            Self::NoPhone => "factor",
            Self::NoOffer | Self::WrongCode | Self::Code(_) => "code",
        }
    }
}

/// Change of the second factor by the person.
#[derive(Clone, Copy)]
pub(crate) struct FactorChange<'a> {
    pub(crate) choice: Choice,
    /// Current password of the account.
    pub(crate) current: &'a str,
}

/// Change of the password by the person.
#[derive(Clone, Copy)]
pub(super) struct PasswordChange<'a> {
    /// Current password of the account.
    pub(super) current: &'a str,
    pub(super) password: &'a str,
    /// Id of the session that stays.
    pub(super) session: &'a str,
}

impl Portal {
    /// Checks the current password before a setting is changed. A wrong password counts as on the login page.
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

    /// Changes the second factor. TOTP takes effect only after its first code.
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

    /// Switches TOTP on by its first code.
    ///
    /// # Errors
    /// [`SecurityError::NoOffer`], [`SecurityError::WrongCode`] or [`SecurityError::Code`].
    pub(crate) fn confirm_totp(&self, oid: Oid, typed: &str, now: DateTime<Utc>) -> Result<Vec<Event>, SecurityError> {
        let secret = self.accounts.offer(oid, now).ok_or(SecurityError::NoOffer)?;
        let typed = six_digits(typed)?;
        let used = totp_step(secret, 0, &typed, now).ok_or(SecurityError::WrongCode)?;
        let factor = SecondFactor::Totp { secret: secret.to_owned(), used };
        Ok(vec![Event::Factor(FactorEvent::Chosen { oid, factor })])
    }

    /// Changes the password; all other sessions end.
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
