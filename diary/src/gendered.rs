//! Words that differ by a person's gender. The register does not hold a gender: it is derived from the patronymic, and
//! where that is not possible, a neutral word is used.

use esia::{FullName, language::pick, person::Gender};

use crate::{register::Register, seed::AttendanceStatus};

/// Returns the gender that a patronymic shows: «Сергеевич», «Кузьмич», «Мамед оглы»; «Сергеевна», «Ильинична», «Мамед
/// кызы». `None` without a patronymic or when its ending shows none.
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

/// Chooses among the words for a man, for a woman and for an unknown gender.
pub(crate) fn fitting(name: &FullName, words: [&'static str; 3]) -> &'static str {
    let [man, woman, anybody] = words;
    match gender_of(name) {
        Some(Gender::M) => man,
        Some(Gender::F) => woman,
        None => anybody,
    }
}

/// Grammatical case in which a sentence names a pupil.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Nominative,
    Genitive,
    Dative,
    Accusative,
}

impl Case {
    /// Forms of «ученик» for a boy, for a girl and for an unknown gender.
    const fn words(self) -> [&'static str; 3] {
        match self {
            Self::Nominative => ["ученик", "ученица", "ученик"],
            Self::Genitive => ["ученика", "ученицы", "ученика"],
            Self::Dative => ["ученику", "ученице", "ученику"],
            Self::Accusative => ["ученика", "ученицу", "ученика"],
        }
    }
}

/// Returns a pupil as part of a sentence: «ученицу «Петрова Мария Сергеевна»»; with the key when the register has no
/// such pupil.
pub(crate) fn pupil(register: &Register, key: &str, case: Case) -> String {
    match register.pupil(key) {
        Some(pupil) => {
            format!("{} «{}»", pick(fitting(&pupil.name, case.words()), "pupil"), pupil.name)
        }
        None => format!("{} «{key}»", pick(case.words()[2], "pupil")),
    }
}

/// Returns the words for a pupil's attendance at a lesson; no status means that the pupil was there.
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
        // A name without a patronymic, and a patronymic with an ending that is not known.
        assert_eq!(told("Ким Саша"), "на уроке, опоздание");
        assert_eq!(told("Родригес Мария Кармен"), "на уроке, опоздание");
    }
}
