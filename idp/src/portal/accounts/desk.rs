//! Places outside the portal that confirm accounts, an МФЦ and an online bank: pure rules (R000.5, R004.2).

use chrono::NaiveDate;
use esia::language::pick;
use serde::Deserialize;
use utoipa::ToSchema;
use web::Problem;
use worlds::WorldRng;

use super::{Account, AccountEvent, Level};
use crate::{event::Event, portal::Portal};

/// Place that confirms an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Desk {
    Mfc,
    /// Online bank, with the card that the person has there.
    Bank(Option<BankCard>),
}

/// A bank card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum BankCard {
    /// An adult's card in the person's own name.
    Adult,
    /// A child's card, issued to a parent's account.
    Child,
}

/// Reason why a desk refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeskError {
    /// The person is younger than 14.
    #[error(
        "{}",
        pick(
            "До 14 лет учётную запись не подтверждают: этого и не нужно",
            "Before 14 an account is not confirmed, and need not be"
        )
    )]
    TooYoung,
    #[error("{}", pick("Учётная запись уже подтверждена", "The account is confirmed already"))]
    AlreadyConfirmed,
    /// МВД and СФР have not confirmed the documents.
    #[error(
        "{}",
        pick(
            "Подтвердить можно только стандартную учётную запись: сначала укажите паспорт и СНИЛС и дождитесь проверки",
            "Only a standard account can be confirmed: give passport and SNILS first, and wait for the check"
        )
    )]
    NotStandard,
    /// A bank confirms a minor only with an adult card in the minor's own name (R000.5).
    #[error(
        "{}",
        pick(
            "Банковская карта должна быть взрослая, оформленная на имя владельца",
            "The bank card must be an adult's, issued to the owner of the account"
        )
    )]
    CardNotAdult,
    /// The account has no checked documents, so the desk cannot identify its owner.
    #[error(
        "{}",
        pick(
            "МФЦ не может установить, чья это учётная запись: в ней нет проверенных документов. Зарегистрируйтесь заново",
            "The MFC cannot tell whose account it is: it holds no checked documents. Register anew"
        )
    )]
    Nobodys,
    /// A guardian changes the password of a child younger than 14.
    #[error(
        "{}",
        pick(
            "Пароль детской учётной записи меняет родитель в карточке ребёнка",
            "The password of a child's account is changed by a parent in the child's card"
        )
    )]
    Guardians,
}

impl DeskError {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooYoung => "too-young",
            Self::AlreadyConfirmed => "already-confirmed",
            Self::NotStandard => "not-standard",
            Self::CardNotAdult => "card-not-adult",
            Self::Nobodys => "no-checked-documents",
            Self::Guardians => "guardians-business",
        }
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        let problem = Self::conflict(error.code(), error.to_string());
        match error {
            DeskError::CardNotAdult => problem.of("card").or(pick(
                "Оформите взрослую карту на своё имя или обратитесь в МФЦ",
                "Get an adult's card in your name, or go to an MFC",
            )),
            DeskError::NotStandard => {
                problem.or(pick("«Профиль» → «Документы и данные»", "«Профиль» → «Документы и данные»"))
            }
            _ => problem,
        }
    }
}

impl Portal {
    /// Confirms an account at an МФЦ or an online bank.
    ///
    /// # Errors
    /// Fails with a [`DeskError`] if the desk refuses.
    pub(crate) fn confirm(account: &Account, desk: Desk, today: NaiveDate) -> Result<Vec<Event>, DeskError> {
        if account.age(today).is_some_and(|age| age < 14) {
            return Err(DeskError::TooYoung);
        }
        match account.level {
            Level::Confirmed => return Err(DeskError::AlreadyConfirmed),
            Level::Simplified => return Err(DeskError::NotStandard),
            Level::Standard => {}
        }
        let place = match desk {
            Desk::Mfc => "МФЦ",
            Desk::Bank(Some(BankCard::Adult)) => "онлайн-банк",
            Desk::Bank(None) if !account.is_minor(today) => "онлайн-банк",
            Desk::Bank(_) => return Err(DeskError::CardNotAdult),
        };
        let (oid, place) = (account.oid, place.to_owned());
        Ok(vec![Event::Account(AccountEvent::Confirmed { oid, place })])
    }

    /// Issues a password for one sign-in at an МФЦ, for a person who can use neither e-mail nor SMS for recovery
    /// (R004.2).
    ///
    /// # Errors
    /// Fails with a [`DeskError`] if the desk refuses.
    pub(crate) fn give_one_time_password(
        account: &Account,
        today: NaiveDate,
        rng: &mut WorldRng,
    ) -> Result<(Vec<Event>, String), DeskError> {
        if account.age(today).is_some_and(|age| age < 14) {
            return Err(DeskError::Guardians);
        }
        if account.level == Level::Simplified {
            return Err(DeskError::Nobodys);
        }
        let (oid, password) = (account.oid, rng.hex::<4>());
        let given = AccountEvent::OneTimePasswordGiven { oid, password: password.clone() };
        Ok((vec![Event::Account(given)], password))
    }
}
