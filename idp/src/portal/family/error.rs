//! Errors of actions in «Семья и дети».

use chrono::{DateTime, Utc};

use super::CheckStatus;
use crate::portal::agencies::BirthKind;

/// Reason why an action on a card is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// There is no such card, or it belongs to another guardian.
    #[error("Такой карточки у вас нет")]
    Unknown,
    /// The account of the guardian is not confirmed, so may not add a child (R003.8).
    #[error("Добавить ребёнка может только владелец подтверждённой учётной записи")]
    NotConfirmed,
    /// The guardian has a card of this child, or with this document, already (R003.8).
    #[error("Карточка этого ребёнка уже есть")]
    AlreadyThere,
    /// The child is 18 or older, or the day of birth is in the future.
    #[error("Карточка заводится на ребёнка до 18 лет")]
    NotAChild,
    /// A foreign birth document can be entered only by a service centre (R004.7).
    #[error("Карточку с иностранным документом о рождении заводит центр обслуживания")]
    ForeignDocument,
    /// Auto-update is on, so data cannot be entered by hand (R003.9).
    #[error("Включено автообновление данных из загса: чтобы вносить данные вручную, отключите его")]
    AutoUpdateOn,
    /// Auto-update is being switched off.
    #[error("Автообновление данных из загса ещё отключается, ожидайте до {}", worlds::moscow::date_time(*.until))]
    AutoUpdateSwitching { until: DateTime<Utc> },
    /// Auto-update is off already.
    #[error("Автообновление данных из загса уже отключено: ничего делать не нужно")]
    AutoUpdateOff,
    /// No card was marked.
    #[error("Отметьте карточки, которые нужно проверить")]
    NothingMarked,
    /// The card has nothing to check: no certificate is entered, or all is confirmed.
    #[error("Проверять нечего: введите данные свидетельства о рождении")]
    NothingToCheck,
    /// One of several marked cards cannot be sent, so none is.
    #[error("{name}: {why}")]
    OneOfMarked { name: String, why: Box<CardError> },
    /// A check of the card is pending.
    #[error("Данные уже проверяются, дождитесь ответа")]
    Checking,
    /// The document is confirmed and cannot be changed.
    #[error("Документ уже подтверждён, менять его не нужно")]
    Confirmed,
    /// The card has a birth certificate already.
    #[error("Данные свидетельства уже введены: сначала удалите их")]
    CertificateThere,
    /// The card has no birth certificate that may be deleted.
    #[error("Данных свидетельства в карточке нет")]
    NoCertificate,
    /// The card has no such document.
    #[error("Такого документа в карточке нет")]
    NoPaper,
    /// The birth certificate and the СНИЛС are not both confirmed, which a child account needs (R003.6).
    #[error(
        "Создать учётную запись можно, когда подтверждены свидетельство о рождении и СНИЛС. Сейчас: свидетельство — «{}», СНИЛС — «{}»",
        .certificate.text(), .snils.text()
    )]
    NotChecked { certificate: CheckStatus, snils: CheckStatus },
    /// The ruleset does not allow this kind of birth document (R003.10, R004.7).
    #[error("Учётную запись создают по российскому свидетельству о рождении, а здесь {}", .0.text())]
    NotRussian(BirthKind),
    /// The child has an account already.
    #[error("У ребёнка уже есть учётная запись")]
    HasAccount,
    /// The child is older than the ruleset allows; the value is the greatest age in years.
    #[error("Учётную запись создают ребёнку до {0} лет включительно")]
    TooOld(i32),
}

impl CardError {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "card-unknown",
            Self::NotConfirmed => "account-not-confirmed",
            Self::AlreadyThere => "card-already-there",
            Self::NotAChild => "not-a-child",
            Self::ForeignDocument => "foreign-document",
            Self::AutoUpdateOn => "auto-update-on",
            Self::AutoUpdateSwitching { .. } => "auto-update-switching",
            Self::AutoUpdateOff => "auto-update-off",
            Self::NothingMarked => "nothing-marked",
            Self::NothingToCheck => "nothing-to-check",
            Self::OneOfMarked { why, .. } => why.code(),
            Self::Checking => "checking",
            Self::Confirmed => "document-confirmed",
            Self::CertificateThere => "certificate-there",
            Self::NoCertificate => "no-certificate",
            Self::NoPaper => "no-document",
            Self::NotChecked { .. } => "documents-not-confirmed",
            Self::NotRussian(_) => "document-not-russian",
            Self::HasAccount => "has-account",
            Self::TooOld(_) => "too-old",
        }
    }

    /// Returns the form field to which the error belongs, if any.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotAChild | Self::TooOld(_) => Some("born"),
            Self::AlreadyThere => Some("name"),
            Self::ForeignDocument => Some("kind"),
            Self::NothingMarked | Self::OneOfMarked { .. } => Some("card"),
            _ => None,
        }
    }

    pub(crate) const fn way_out(&self) -> Option<&'static str> {
        match self {
            Self::ForeignDocument => Some("Обратитесь в центр обслуживания с документом и его переводом"),
            Self::AutoUpdateOn => Some("«Семья и дети» → «Отключить автообновление»"),
            Self::AlreadyThere => Some("Если сведения были внесены ранее, повторно добавлять ребёнка не нужно"),
            _ => None,
        }
    }
}
