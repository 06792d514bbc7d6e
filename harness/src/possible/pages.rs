//! Side on whose page each person is, as far as it follows from the steps.

use std::collections::BTreeMap;

use crate::steps::Leads;

/// Texts on the pages of Gosuslugi during a sign-in.
const OF_SIGN_IN: [&str; 8] =
    ["Предоставить", "Отказать", "Войти как", "Частное лицо", "Войти", "Пароль", "Телефон / Email / СНИЛС", "Код"];

/// Side on whose page a person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    /// Gosuslugi, or no page yet.
    Gosuslugi,
    /// The diary or Gosuslugi, on the way through a sign-in and back.
    SignIn,
    /// A page of the diary.
    Diary,
    /// The team's own site.
    Site,
}

impl Where {
    /// Checks whether a text may be on a page of the diary.
    pub(super) fn may_be_of_the_diary(self, text: &str) -> bool {
        match self {
            Self::Gosuslugi | Self::Site => false,
            Self::SignIn => !OF_SIGN_IN.contains(&text),
            Self::Diary => true,
        }
    }
}

/// Sides on whose pages the people of a scenario are.
#[derive(Debug, Default)]
pub(super) struct Pages(BTreeMap<String, Where>);

impl Pages {
    pub(super) fn of(&self, who: &str) -> Where {
        self.0.get(&who.to_lowercase()).copied().unwrap_or(Where::Gosuslugi)
    }

    /// Records the side to which a step leads a person.
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
