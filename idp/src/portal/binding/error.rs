//! Errors of issuing and redeeming a binding code.

/// Reason why a code is not issued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BindingError {
    /// The birth certificate on the card is not confirmed (R000.7).
    #[error("Свидетельство о рождении не прошло проверку в ЕГР ЗАГС: привязать учётную запись нельзя")]
    CertificateNotConfirmed,
    /// No account has the e-mail address.
    #[error("Учётной записи с такой электронной почтой нет")]
    NobodyHasEmail,
    /// The account has no checked documents (упрощённая), so its owner is not identified.
    #[error("Чья это учётная запись, ещё не известно: в ней нет проверенных документов")]
    NotIdentified,
    /// The account belongs to an adult.
    #[error("Эта электронная почта принадлежит взрослому")]
    Adult,
    /// The data of the account differ from those of the card.
    #[error("Данные учётной записи не совпадают с карточкой ребёнка")]
    OtherChild,
    /// The child's account is bound to this guardian already.
    #[error("Учётная запись уже привязана к вашей")]
    AlreadyBound,
    /// The child on the card is 18 or older.
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

/// Reason why an entered code is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RedeemError {
    /// The input is not six digits.
    #[error("Код состоит из шести цифр")]
    NotACode,
    /// No code waits for this account: it was never issued, was used, has expired, or had too many wrong attempts.
    #[error("Код не действует: срок истёк или код уже использован")]
    NothingToRedeem,
    /// The code is not one that waits for this account.
    #[error("Неверный код. Осталось попыток: {left}")]
    Wrong {
        /// Number of attempts left.
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
