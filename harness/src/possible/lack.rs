//! What a foreign side may lack, with the same text for every scenario that needs it.

use crate::language::{pick, tr};

/// Something that a step needs and a foreign side lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lack {
    /// The diary's clock cannot be moved.
    Clock,
    /// The diary's register cannot be corrected from outside.
    Correction,
    /// The diary has no pages for the staff.
    Staff,
    /// The diary does not support worlds of this profile.
    Profile(String),
    /// The diary uses another protocol than the world.
    Protocol,
    /// The description does not say how the diary shows this refusal.
    Refusal,
    /// The description has no words for this text of the documented diary.
    Words,
    /// The provider does not have the people of this world.
    World(String),
    /// The provider has no account for this person.
    Account(String),
    /// The provider's clock cannot be moved.
    ProvidersClock,
    /// The provider uses another protocol than the world.
    ProvidersProtocol,
    /// The description has no words for this text of Gosuslugi's pages.
    ProvidersWords,
    /// The description does not say how the provider shows that a person is signed in.
    Home,
    /// The description does not say how the provider asks for consent.
    Question,
    /// The provider has no control API.
    Control,
    /// The provider's notifications, letters and messages cannot be read.
    Letters,
    /// The step would damage a stand that others share.
    OwnWorld,
    /// The step reads pages of our Gosuslugi by their `data-test` marks.
    OurPages,
}

impl Lack {
    /// Sentence for people, with the key of the description that would help.
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
            Self::World(name) => {
                return tr!(
                    "на стенде поставщика нет людей мира «{name}» (worlds)",
                    "the provider's stand does not have the people of the world \"{name}\" (worlds)"
                );
            }
            Self::Account(who) => {
                return tr!(
                    "на стенде поставщика нет учётной записи «{who}» (people)",
                    "the provider's stand has no account for \"{who}\" (people)"
                );
            }
            other => other.of_provider(),
        };
        told.to_owned()
    }

    /// Sentence of a lack without parameters.
    fn of_provider(&self) -> &'static str {
        match self {
            Self::ProvidersClock => pick("часы поставщика не переводятся", "the provider's clock cannot be moved"),
            Self::ProvidersProtocol => pick(
                "мир требует другого протокола, чем у поставщика (protocol)",
                "the world wants another protocol than the provider's (protocol)",
            ),
            Self::ProvidersWords => pick(
                "в описании нет, как это названо у поставщика (words)",
                "the description does not say what the provider calls this (words)",
            ),
            Self::Home => pick(
                "в описании нет, как видно вход у самого поставщика (signed-in)",
                "the description does not say how a sign-in at the provider itself is seen (signed-in)",
            ),
            Self::Question => pick(
                "в описании нет, как поставщик спрашивает о согласии (consent)",
                "the description does not say how the provider asks for consent (consent)",
            ),
            Self::Control => pick("у поставщика нет управляющего API", "the provider has no control API"),
            Self::Letters => pick(
                "уведомления и письма поставщика не видны",
                "the provider's notifications and letters are not seen",
            ),
            Self::OwnWorld => pick(
                "у сценария нет своего мира: он изменил бы общий стенд поставщика",
                "the scenario has no world of its own: it would change the provider's shared stand",
            ),
            Self::OurPages => pick(
                "шаг читает страницы Госуслуг этой программы, у поставщика они другие",
                "the step reads the pages of this program's Gosuslugi, the provider has others",
            ),
            Self::Words => pick(
                "в описании нет, как это названо у дневника (words, sections)",
                "the description does not say what the diary calls this (words, sections)",
            ),
            _ => "",
        }
    }
}
