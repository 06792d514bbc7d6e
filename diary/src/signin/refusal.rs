//! Why somebody is not let in: exact text, reason, next step, as the world's profile words them.

use esia::language::pick;
use serde::{Deserialize, Serialize};

use crate::profile::{Profile, Required};

/// A refusal of the diary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Refusal {
    /// No pupil has this СНИЛС (R001.2, R002.9).
    ChildNotFound,
    /// R001.3: to so many guardians requests went out.
    ConsentOfGuardianNeeded { guardians: u32 },
    /// R002.8: the profile does not ask by itself.
    ConsentNotAsked,
    /// R001.5, R001.7, R002.3.
    AdultNotFound,
    /// A guardian has not consented yet (R001.6, R002.4).
    ConsentNeeded,
    /// The consent ended while somebody was signed in.
    ConsentRevoked,
    /// The tokens ended while somebody was signed in, and no others were given.
    SessionOver,
    /// The tokens are gone with the server's memory: withdrawn consents would not be heard of any more.
    SessionLost,
    /// The parent stands on no pupil's card (R000.2 (a)).
    ParentNotOnCard,
    /// The parent is no active user (R000.2 (c)).
    UserNotActive,
    /// R000.5, R001.4, R001.7, R004.3, R004.5.
    AccountNotConfirmed,
    /// R000.6: nobody whom the consent could be asked of.
    NoGuardianBound,
    /// R003.2: these are missing or unverified.
    DataMissing { faults: Vec<DataFault> },
    /// The account's phone is not the one that the parents gave (R004.4).
    PhoneDiffers,
    /// R004.3: neither mother, father nor legal representative.
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
    /// On a page.
    pub(crate) fn text(self) -> String {
        let fault = if self.unverified { "не подтверждено" } else { "не указано" };
        format!("{}: {fault}", self.what.name())
    }
}

/// Which words of a text are the link to the feedback form.
const FEEDBACK: &str = "форму обратной связи";

/// A refusal in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) code: &'static str,
    pub(crate) text: String,
    pub(crate) reason: String,
    pub(crate) next_step: String,
    /// What is missing or unverified, one by one.
    pub(crate) faults: Vec<String>,
}

impl Words {
    /// The text before the link to the feedback form, and the link if there is one. It always stands last.
    pub(crate) fn parts(&self) -> (&str, Option<&'static str>) {
        match self.text.strip_suffix(FEEDBACK) {
            Some(before) => (before, Some(FEEDBACK)),
            None => (&self.text, None),
        }
    }
}

impl Refusal {
    /// Names of all texts that a profile has.
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

    /// Stable name for pages, logs and tests.
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

    /// Why in a few words, for the timeline.
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

    /// Which text of a profile.
    const fn text_code(&self) -> &'static str {
        match self {
            Self::ConsentOfGuardianNeeded { guardians: 0 } => "consent-just-granted",
            Self::ConsentNotAsked => "consent-not-asked",
            other => other.code(),
        }
    }

    /// Whether it is about who somebody is in the register, so that a desk may be shown instead (R004.3, R003.5).
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

    /// What the person reads. Which of the values differ is not told to one who has not been recognised.
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
