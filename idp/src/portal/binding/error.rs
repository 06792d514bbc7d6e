//! Why a code was not issued, or did not bind.

/// Why a code was not issued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BindingError {
    /// R000.7: the certificate has not passed the check.
    #[error("Свидетельство о рождении не прошло проверку в ЕГР ЗАГС: привязать учётную запись нельзя")]
    CertificateNotConfirmed,
    /// Nobody has that e-mail.
    #[error("Учётной записи с такой электронной почтой нет")]
    NobodyHasEmail,
    /// Who has it, nobody knows yet: an упрощённая account without checked documents.
    #[error("Чья это учётная запись, ещё не известно: в ней нет проверенных документов")]
    NotIdentified,
    /// An adult has it.
    #[error("Эта электронная почта принадлежит взрослому")]
    Adult,
    /// The account's data are not the card's.
    #[error("Данные учётной записи не совпадают с карточкой ребёнка")]
    OtherChild,
    /// The account is bound to this guardian already.
    #[error("Учётная запись уже привязана к вашей")]
    AlreadyBound,
    /// The child is of age.
    #[error("Ребёнку уже исполнилось 18 лет")]
    ComeOfAge,
}

impl BindingError {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::CertificateNotConfirmed => "certificate-not-confirmed",
            Self::NobodyHasEmail => "nobody-has-email",
            Self::NotIdentified => "account-not-identified",
            Self::Adult => "email-of-adult",
            Self::OtherChild => "other-child",
            Self::AlreadyBound => "already-bound",
            Self::ComeOfAge => "come-of-age",
        }
    }
}

/// Why a code did not bind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RedeemError {
    /// Not six digits.
    #[error("Код состоит из шести цифр")]
    NotACode,
    /// No code waits for this account: it lapsed, was used, or was never issued.
    #[error("Код не действует: срок истёк или код уже использован")]
    NothingToRedeem,
    /// Not the code that waits.
    #[error("Неверный код. Осталось попыток: {left}")]
    Wrong {
        /// How many more tries the code allows.
        left: u32,
    },
}

impl RedeemError {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotACode => "not-a-code",
            Self::NothingToRedeem => "nothing-to-redeem",
            Self::Wrong { .. } => "wrong-code",
        }
    }
}
