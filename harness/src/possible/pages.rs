//! Whose page each person looks at, as far as the steps so far say.

use std::collections::BTreeMap;

use crate::steps::Leads;

/// Words of the pages of Gosuslugi between a sign-in's start and its end.
const OF_SIGN_IN: [&str; 8] =
    ["Предоставить", "Отказать", "Войти как", "Частное лицо", "Войти", "Пароль", "Телефон / Email / СНИЛС", "Код"];

/// A page that a person looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    /// At Gosuslugi, or at none yet.
    Gosuslugi,
    /// On the way from the diary through Gosuslugi and back: at either of them.
    SignIn,
    /// At the diary.
    Diary,
    /// On the team's own site.
    Site,
}

impl Where {
    /// Whether a text there may be one of the diary's words.
    pub(super) fn may_be_of_the_diary(self, text: &str) -> bool {
        match self {
            Self::Gosuslugi | Self::Site => false,
            Self::SignIn => !OF_SIGN_IN.contains(&text),
            Self::Diary => true,
        }
    }
}

/// The pages of all people of a scenario.
#[derive(Debug, Default)]
pub(super) struct Pages(BTreeMap<String, Where>);

impl Pages {
    pub(super) fn of(&self, who: &str) -> Where {
        self.0.get(&who.to_lowercase()).copied().unwrap_or(Where::Gosuslugi)
    }

    /// A step leads somebody there.
    pub(super) fn lead(&mut self, who: &str, to: Leads) {
        let to = match to {
            Leads::Nowhere => return,
            Leads::ToGosuslugi => Where::Gosuslugi,
            Leads::ThroughSignIn => Where::SignIn,
            Leads::ToDiary => Where::Diary,
            Leads::ToSite => Where::Site,
        };
        self.0.insert(who.to_lowercase(), to);
    }
}
