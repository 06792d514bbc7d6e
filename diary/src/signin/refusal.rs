//! Refusals of a sign-in: exact text, reason and next step, as worded in the world's profile.

use esia::language::pick;
use serde::{Deserialize, Serialize};

use crate::profile::{Profile, Required};

/// Reason why a person gets no diary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Refusal {
    /// No pupil has this СНИЛС (R001.2, R002.9).
    ChildNotFound,
    /// A guardian must consent; requests went to this number of guardians, 0 if the consent has just been granted
    /// (R001.3).
    ConsentOfGuardianNeeded { guardians: u32 },
    /// A guardian must consent, and the profile does not request consents (R002.8).
    ConsentNotAsked,
    /// No parent or employee of the register matches the adult (R001.5, R001.7, R002.3).
    AdultNotFound,
    /// A guardian has not consented yet (R001.6, R002.4).
    ConsentNeeded,
    /// The consent ended during a session.
    ConsentRevoked,
    /// The tokens of a session expired and could not be renewed.
    SessionOver,
    /// The tokens of a session were lost with the server's memory, so the diary could not notice a withdrawn consent.
    SessionLost,
    /// The parent is on no pupil's card (R000.2 (a)).
    ParentNotOnCard,
    /// The parent is not an active user (R000.2 (c)).
    UserNotActive,
    /// The account is not confirmed (R000.5, R001.4, R001.7, R004.3, R004.5).
    AccountNotConfirmed,
    /// No guardian is bound to the account, so nobody can consent (R000.6).
    NoGuardianBound,
    /// Required data are missing or unverified (R003.2).
    DataMissing { faults: Vec<DataFault> },
    /// The account's phone differs from the one that the parents gave (R004.4).
    PhoneDiffers,
    /// The relation is neither mother, father nor legal representative (R004.3).
    NoRelation,
}

/// A required field that an account lacks, or that nobody has verified (R003.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct DataFault {
    pub(crate) what: Required,
    /// It is there, but nobody has verified it.
    pub(crate) unverified: bool,
}

impl DataFault {
    /// Returns the Russian text for a page.
    pub(crate) fn text(self) -> String {
        let fault = if self.unverified { "не подтверждено" } else { "не указано" };
        format!("{}: {fault}", self.what.name())
    }
}

/// Words at the end of a text that become the link to the feedback form.
const FEEDBACK: &str = "форму обратной связи";

/// Texts of a refusal for the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) code: &'static str,
    pub(crate) text: String,
    pub(crate) reason: String,
    pub(crate) next_step: String,
    /// One text for each missing or unverified field.
    pub(crate) faults: Vec<String>,
}

impl Words {
    /// Splits the text into the part before the link to the feedback form, which always comes last, and the link, if
    /// any.
    pub(crate) fn parts(&self) -> (&str, Option<&'static str>) {
        match self.text.strip_suffix(FEEDBACK) {
            Some(before) => (before, Some(FEEDBACK)),
            None => (&self.text, None),
        }
    }
}

impl Refusal {
    /// Codes of all texts that a profile must have.
    pub(crate) const CODES: &'static [&'static str] = &[
        "child-not-found",
        "adult-not-found",
        "consent-of-guardian-needed",
        "consent-not-asked",
        "consent-just-granted",
        "consent-needed",
        "consent-revoked",
        "session-over",
        "session-lost",
        "parent-not-on-card",
        "user-not-active",
        "account-not-confirmed",
        "no-guardian-bound",
        "data-missing",
        "phone-differs",
        "no-relation",
    ];

    /// Returns a stable code for pages, logs and tests.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::ChildNotFound => "child-not-found",
            Self::ConsentOfGuardianNeeded { .. } | Self::ConsentNotAsked => "consent-of-guardian-needed",
            Self::AdultNotFound => "adult-not-found",
            Self::ConsentNeeded => "consent-needed",
            Self::ConsentRevoked => "consent-revoked",
            Self::SessionOver => "session-over",
            Self::SessionLost => "session-lost",
            Self::ParentNotOnCard => "parent-not-on-card",
            Self::UserNotActive => "user-not-active",
            Self::AccountNotConfirmed => "account-not-confirmed",
            Self::NoGuardianBound => "no-guardian-bound",
            Self::DataMissing { .. } => "data-missing",
            Self::PhoneDiffers => "phone-differs",
            Self::NoRelation => "no-relation",
        }
    }

    /// Returns the reason in a few words, for the timeline.
    pub(crate) fn brief(&self) -> &'static str {
        match self {
            Self::ChildNotFound | Self::AdultNotFound => {
                pick("в журнале нет человека с такими данными", "nobody in the register has such data")
            }
            Self::ConsentOfGuardianNeeded { .. } | Self::ConsentNotAsked => {
                pick("нет согласия родителя", "no parent has agreed")
            }
            Self::ConsentNeeded => pick("нет согласия на передачу данных", "no consent to hand the data over"),
            Self::ConsentRevoked => pick("согласие больше не действует", "the consent is in force no longer"),
            Self::SessionOver => pick("сеанс на Госуслугах завершён", "the session at Gosuslugi has ended"),
            Self::SessionLost => pick("дневник был перезапущен", "the diary was restarted"),
            Self::ParentNotOnCard => pick("родителя нет ни в одной карточке", "the parent is on no card"),
            Self::UserNotActive => {
                pick("родитель не отмечен как активный пользователь", "the parent is not marked as an active user")
            }
            Self::AccountNotConfirmed => pick("учётная запись не подтверждена", "the account is not confirmed"),
            Self::NoGuardianBound => {
                pick("учётная запись ребёнка не привязана к родителю", "the child's account is not bound to a parent")
            }
            Self::DataMissing { .. } => pick("в учётной записи не хватает данных", "the account lacks data"),
            Self::PhoneDiffers => pick("телефон не тот, что в журнале", "the phone is not the one in the register"),
            Self::NoRelation => {
                pick("не указано, кем человек приходится ученику", "it is not said what the person is to the pupil")
            }
        }
    }

    /// Returns the code of the profile's text.
    const fn text_code(&self) -> &'static str {
        match self {
            Self::ConsentOfGuardianNeeded { guardians: 0 } => "consent-just-granted",
            Self::ConsentNotAsked => "consent-not-asked",
            other => other.code(),
        }
    }

    /// Checks whether the refusal comes from the comparison with the register, so that a desk may be shown instead
    /// (R004.3, R003.5).
    pub(crate) const fn is_about_the_register(&self) -> bool {
        matches!(
            self,
            Self::ChildNotFound
                | Self::AdultNotFound
                | Self::ParentNotOnCard
                | Self::UserNotActive
                | Self::AccountNotConfirmed
                | Self::PhoneDiffers
                | Self::NoRelation
        )
    }

    /// Returns the texts for the person. They do not say which values differ, because the person has not been
    /// recognised.
    pub(crate) fn words(&self, profile: &Profile) -> Words {
        let text = profile.texts.get(self.text_code());
        let of = |part: fn(&crate::profile::Text) -> &String| text.map(part).cloned().unwrap_or_default();
        let faults = match self {
            Self::DataMissing { faults } => faults.iter().map(|fault| fault.text()).collect(),
            _ => Vec::new(),
        };
        Words {
            code: self.code(),
            text: of(|text| &text.text),
            reason: of(|text| &text.reason),
            next_step: of(|text| &text.next_step),
            faults,
        }
    }
}
