//! Why an action in «Семья и дети» was refused.

use chrono::{DateTime, Utc};

use super::CheckStatus;
use crate::portal::agencies::BirthKind;

/// Why an action on a card was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// No such card, or somebody else's.
    #[error("Такой карточки у вас нет")]
    Unknown,
    /// R003.8: only a confirmed account may add a child.
    #[error("Добавить ребёнка может только владелец подтверждённой учётной записи")]
    NotConfirmed,
    /// R003.8: one card per child.
    #[error("Карточка этого ребёнка уже есть")]
    AlreadyThere,
    /// Born in the future, or of age.
    #[error("Карточка заводится на ребёнка до 18 лет")]
    NotAChild,
    /// R004.7: a parent cannot enter a foreign document.
    #[error("Карточку с иностранным документом о рождении заводит центр обслуживания")]
    ForeignDocument,
    /// R003.9: hand-editing waits until auto-update is off.
    #[error("Включено автообновление данных из загса: чтобы вносить данные вручную, отключите его")]
    AutoUpdateOn,
    /// It is being switched off.
    #[error("Автообновление данных из загса ещё отключается, ожидайте до {}", worlds::moscow::date_time(*.until))]
    AutoUpdateSwitching { until: DateTime<Utc> },
    /// It is off already: the step is skipped.
    #[error("Автообновление данных из загса уже отключено: ничего делать не нужно")]
    AutoUpdateOff,
    /// No card was marked.
    #[error("Отметьте карточки, которые нужно проверить")]
    NothingMarked,
    /// Nothing to check: no certificate is entered, or all is confirmed.
    #[error("Проверять нечего: введите данные свидетельства о рождении")]
    NothingToCheck,
    /// One of several marked cards cannot be sent, so none is.
    #[error("{name}: {why}")]
    OneOfMarked { name: String, why: Box<CardError> },
    /// The agencies have not answered yet.
    #[error("Данные уже проверяются, дождитесь ответа")]
    Checking,
    /// A confirmed document stays as it is.
    #[error("Документ уже подтверждён, менять его не нужно")]
    Confirmed,
    /// There is a certificate already.
    #[error("Данные свидетельства уже введены: сначала удалите их")]
    CertificateThere,
    /// There is none.
    #[error("Данных свидетельства в карточке нет")]
    NoCertificate,
    /// No such document on the card.
    #[error("Такого документа в карточке нет")]
    NoPaper,
    /// R003.6: a child account needs both documents confirmed.
    #[error(
        "Создать учётную запись можно, когда подтверждены свидетельство о рождении и СНИЛС. Сейчас: свидетельство — «{}», СНИЛС — «{}»",
        .certificate.text(), .snils.text()
    )]
    NotChecked { certificate: CheckStatus, snils: CheckStatus },
    /// R003.10, R004.7: the birth document is not one that this ruleset allows.
    #[error("Учётную запись создают по российскому свидетельству о рождении, а здесь {}", .0.text())]
    NotRussian(BirthKind),
    /// The child has an account already.
    #[error("У ребёнка уже есть учётная запись")]
    HasAccount,
    /// Older than the ruleset allows.
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

    /// The field at fault, if one is.
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
