//! Words about a person that differ for a man and for a woman. The register does not hold a gender: the patronymic tells it,
//! and of somebody without a telling one words are said that fit everybody.

use esia::{FullName, language::pick, person::Gender};

use crate::{register::Register, seed::AttendanceStatus};

/// The gender that a patronymic tells: «Сергеевич», «Кузьмич», «Мамед оглы»; «Сергеевна», «Ильинична», «Мамед кызы».
pub(crate) fn gender_of(name: &FullName) -> Option<Gender> {
    let patronymic = name.middle()?.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| patronymic.ends_with(ending));
    if ends(&["ич", "оглы", "оглу", "улы", "уулу"]) {
        Some(Gender::M)
    } else if ends(&["вна", "чна", "шна", "кызы", "гызы"]) {
        Some(Gender::F)
    } else {
        None
    }
}

/// Of a word for a man, for a woman and for whom nothing tells, the one that fits.
pub(crate) fn fitting(name: &FullName, words: [&'static str; 3]) -> &'static str {
    let [man, woman, anybody] = words;
    match gender_of(name) {
        Some(Gender::M) => man,
        Some(Gender::F) => woman,
        None => anybody,
    }
}

/// The grammatical case in which a pupil is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Nominative,
    Genitive,
    Dative,
    Accusative,
}

impl Case {
    /// «Ученик» of a boy, of a girl, and of whom nothing tells.
    const fn words(self) -> [&'static str; 3] {
        match self {
            Self::Nominative => ["ученик", "ученица", "ученик"],
            Self::Genitive => ["ученика", "ученицы", "ученика"],
            Self::Dative => ["ученику", "ученице", "ученику"],
            Self::Accusative => ["ученика", "ученицу", "ученика"],
        }
    }
}

/// A pupil in a sentence: «ученицу «Петрова Мария Сергеевна»»; by the key when the register has no such pupil.
pub(crate) fn pupil(register: &Register, key: &str, case: Case) -> String {
    match register.pupil(key) {
        Some(pupil) => {
            format!("{} «{}»", pick(fitting(&pupil.name, case.words()), "pupil"), pupil.name)
        }
        None => format!("{} «{key}»", pick(case.words()[2], "pupil")),
    }
}

/// Whether a pupil was at a lesson; without a status the pupil was.
pub(crate) fn attended(name: &FullName, status: Option<AttendanceStatus>) -> &'static str {
    let (words, english) = match status {
        None => (["был на уроке", "была на уроке", "на уроке"], "at the lesson"),
        Some(AttendanceStatus::Absent) => (["не был", "не была", "отсутствие"], "absent"),
        Some(AttendanceStatus::Ill) => (["болел", "болела", "болезнь"], "ill"),
        Some(AttendanceStatus::Late) => (["опоздал", "опоздала", "опоздание"], "late"),
    };
    pick(fitting(name, words), english)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patronymic_tells_the_gender_and_without_one_words_fit_everybody() {
        let told = |name: &str| {
            let name: FullName = name.parse().unwrap();
            [None, Some(AttendanceStatus::Late)].map(|status| attended(&name, status)).join(", ")
        };
        assert_eq!(told("Петров Иван Сергеевич"), "был на уроке, опоздал");
        assert_eq!(told("Комаров Лев Кузьмич"), "был на уроке, опоздал");
        assert_eq!(told("Алиев Тимур Мамед оглы"), "был на уроке, опоздал");
        assert_eq!(told("Петрова Мария Сергеевна"), "была на уроке, опоздала");
        assert_eq!(told("Журавлёва Ольга Ильинична"), "была на уроке, опоздала");
        assert_eq!(told("Алиева Лейла Мамед кызы"), "была на уроке, опоздала");
        // A name without a patronymic, and a patronymic that is none of ours.
        assert_eq!(told("Ким Саша"), "на уроке, опоздание");
        assert_eq!(told("Родригес Мария Кармен"), "на уроке, опоздание");
    }
}
