//! What a foreign relying party may lack, in words that are the same for every scenario that needs it.

use crate::language::{pick, tr};

/// Something that a step needs and the side does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lack {
    /// Its clock cannot be moved.
    Clock,
    /// Its register cannot be corrected from outside.
    Correction,
    /// It has no pages for the staff.
    Staff,
    /// It is not made for worlds of this profile.
    Profile(String),
    /// It speaks another protocol than the world's.
    Protocol,
    /// Its description does not say how this refusal looks.
    Refusal,
    /// Its description has no words for this text of the documented pages.
    Words,
}

impl Lack {
    /// The sentence for people, with the key of the description that would help.
    pub(super) fn told(&self) -> String {
        let told = match self {
            Self::Clock => pick("часы дневника не переводятся (clock)", "the diary's clock cannot be moved (clock)"),
            Self::Correction => pick(
                "записи журнала школы нельзя исправить извне (register.correct)",
                "the school's register cannot be corrected from outside (register.correct)",
            ),
            Self::Staff => {
                pick("у дневника нет страниц сотрудников (staff)", "the diary has no pages of the staff (staff)")
            }
            Self::Profile(name) => {
                return tr!(
                    "дневник не рассчитан на профиль «{name}» (profiles)",
                    "the diary is not made for the profile \"{name}\" (profiles)"
                );
            }
            Self::Protocol => pick(
                "мир требует другого протокола, чем у дневника (protocol)",
                "the world wants another protocol than the diary's (protocol)",
            ),
            Self::Refusal => pick(
                "в описании нет, как дневник показывает этот отказ (refusals)",
                "the description does not say how the diary shows this refusal (refusals)",
            ),
            Self::Words => pick(
                "в описании нет, как это названо у дневника (words, sections)",
                "the description does not say what the diary calls this (words, sections)",
            ),
        };
        told.to_owned()
    }
}
