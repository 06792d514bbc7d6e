//! Why somebody is not let in: exact text, reason, next step.

use serde::{Deserialize, Serialize};

/// A refusal of the diary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Refusal {
    /// R001.2.
    ChildNotFound,
    /// R001.3: to so many guardians requests went out.
    ConsentOfGuardianNeeded { guardians: u32 },
    /// R001.5, R001.7.
    AdultNotFound,
    /// R001.6.
    ConsentNeeded,
    /// R000.2 (a).
    ParentNotOnCard,
    /// R000.2 (c).
    UserNotActive,
    /// R000.5, R001.4, R001.7.
    AccountNotConfirmed,
    /// R000.6: nobody whom the consent could be asked of.
    NoGuardianBound,
}

/// Which words of a text are the link to the feedback form.
const FEEDBACK: &str = "форму обратной связи";

impl Refusal {
    /// Stable name for pages, logs and tests.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::ChildNotFound => "child-not-found",
            Self::ConsentOfGuardianNeeded { .. } => "consent-of-guardian-needed",
            Self::AdultNotFound => "adult-not-found",
            Self::ConsentNeeded => "consent-needed",
            Self::ParentNotOnCard => "parent-not-on-card",
            Self::UserNotActive => "user-not-active",
            Self::AccountNotConfirmed => "account-not-confirmed",
            Self::NoGuardianBound => "no-guardian-bound",
        }
    }

    /// What the person reads first. Those of R001 are quoted to the letter, the others are ours.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::ChildNotFound => {
                "Ваш дневник не найден. Чтобы решить проблему, попросите родителей сообщить о ней через форму обратной связи"
            }
            Self::ConsentOfGuardianNeeded { .. } => "Для входа в дневник нужно согласие одного из родителей",
            Self::AdultNotFound => {
                "Ваш дневник не найден. Чтобы решить проблему, сообщите о ней через форму обратной связи"
            }
            Self::ConsentNeeded => {
                "Для входа в дневник необходимо согласие. Перейдите по ссылке из уведомления, направленного в ваш личный кабинет на Госуслугах."
            }
            Self::ParentNotOnCard => "Вы не добавлены в карточку ребёнка в электронном журнале",
            Self::UserNotActive => "Вы не отмечены в электронном журнале как активный пользователь",
            Self::AccountNotConfirmed => "Для входа в дневник нужна подтверждённая учётная запись Госуслуг",
            Self::NoGuardianBound => "Учётная запись ребёнка не привязана к учётной записи родителя",
        }
    }

    /// The text before the link to the feedback form, and whether there is one. It always stands last.
    pub(crate) fn parts(self) -> (&'static str, Option<&'static str>) {
        match self.text().strip_suffix(FEEDBACK) {
            Some(before) => (before, Some(FEEDBACK)),
            None => (self.text(), None),
        }
    }

    /// Why. Which of the values differ is not told to a person who has not been recognised.
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::ChildNotFound => {
                "Данные в электронном журнале должны точно совпадать с данными на Госуслугах: СНИЛС, номер свидетельства о рождении, фамилия, имя и отчество."
            }
            Self::ConsentOfGuardianNeeded { guardians: 0 } => "Согласие только что выдано.",
            Self::ConsentOfGuardianNeeded { .. } => {
                "Согласия уже запрошены автоматически — родителям в их личные кабинеты на портале Госуслуг придут уведомления."
            }
            Self::AdultNotFound => {
                "Данные в электронном журнале должны точно совпадать с данными на Госуслугах: СНИЛС, фамилия, имя и отчество, у ученика — и свидетельство о рождении."
            }
            Self::ConsentNeeded => "При входе вы не дали согласия на передачу дневнику ваших данных.",
            Self::ParentNotOnCard => "Ваши данные в журнале есть, но ни в одной карточке ученика вас нет.",
            Self::UserNotActive => "Вы есть в карточке ребёнка, но доступ к дневнику вам ещё не открыт.",
            Self::AccountNotConfirmed => {
                "Без подтверждения можно войти только с детской учётной записью и только до 14 лет."
            }
            Self::NoGuardianBound => "Согласие на передачу данных ребёнка даёт родитель, а спросить пока некого.",
        }
    }

    /// What to do.
    pub(crate) const fn next_step(self) -> &'static str {
        match self {
            Self::ChildNotFound | Self::AdultNotFound => {
                "Школа проверит данные в журнале и исправит ошибку. После этого войдите ещё раз."
            }
            Self::ConsentOfGuardianNeeded { guardians: 0 } => "Войдите ещё раз.",
            Self::ConsentOfGuardianNeeded { .. } => {
                "Чтобы выдать согласие, одному из родителей нужно перейти по ссылке из уведомления. После этого войдите ещё раз."
            }
            Self::ConsentNeeded => "Дайте согласие по ссылке из уведомления и войдите ещё раз.",
            Self::ParentNotOnCard => "Попросите администратора журнала добавить вас в карточку ребёнка.",
            Self::UserNotActive => "Попросите администратора журнала отметить вас как активного пользователя.",
            Self::AccountNotConfirmed => "Подтвердите учётную запись в МФЦ или через онлайн-банк и войдите ещё раз.",
            Self::NoGuardianBound => {
                "Родителю нужно открыть на Госуслугах раздел «Семья и дети», карточку ребёнка, нажать «Привязать» и передать ребёнку код. После этого войдите ещё раз."
            }
        }
    }
}
